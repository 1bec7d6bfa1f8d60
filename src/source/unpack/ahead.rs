//! Unpacking on a thread of its own, beside those that scan.

use std::{
    io,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use super::{
    Unpacker,
    damage::stopped,
    decoder::{Step, Steps},
    seal::{Check, Mark},
};
use crate::source::block::{BLOCK, Block, Pool};

/// How many blocks may wait. Scanning is faster than unpacking nearly always,
/// so this is for the moments when it is not.
const WAITING: usize = 8;

/// How many marks a block may have, so that a great many parts that hold
/// nothing cost no memory.
const MARKS: usize = 1024;

/// Blocks that are made ahead of time on another thread, which is started when
/// the first one is wanted. Whoever takes them checks them, so that the other
/// thread, which the rest waits for, does nothing but unpack.
///
/// How much a decoder gives before it finds damage depends on how much it was
/// asked for. Asked for block after block, that is the same whatever the size
/// of a chunk; hence the blocks of [`here`](Ahead::here).
pub(super) struct Ahead {
    state: State,
    pool: Pool,
    check: Check,
}

enum State {
    Idle(Box<Steps>),
    Here(Box<Unpacker>),
    /// Told when the block before it was given.
    Failed(io::Error),
    Running(Receiver<Sent>),
    Over,
}

/// What the thread sends. That it is gone is not how it says that it is done.
enum Sent {
    Block(Unchecked),
    Failed(io::Error),
    End,
}

/// A block, and what happens where between its bytes.
struct Unchecked {
    block: Block,
    marks: Vec<(usize, Mark)>,
}

impl Ahead {
    pub(super) fn new(unpacker: Unpacker) -> Ahead {
        Ahead::of(State::Idle(Box::new(unpacker.into_steps())))
    }

    /// Unpacks when somebody asks, without a thread.
    pub(super) fn here(unpacker: Unpacker) -> Ahead {
        Ahead::of(State::Here(Box::new(unpacker)))
    }

    fn of(state: State) -> Ahead {
        Ahead {
            state,
            pool: Pool::default(),
            check: Check::None,
        }
    }

    /// The next block, which is not empty; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        loop {
            let block = match std::mem::replace(&mut self.state, State::Over) {
                State::Idle(steps) => {
                    self.state = self.start(*steps)?;
                    continue;
                }
                State::Here(mut unpacker) => {
                    let mut block = self.pool.block();
                    let error = block.fill(&mut unpacker, BLOCK);
                    self.state = match error {
                        Some(error) => State::Failed(error),
                        None if block.len() < BLOCK => State::Over,
                        None => State::Here(unpacker),
                    };
                    block
                }
                State::Failed(error) => return Err(error),
                State::Running(blocks) => {
                    let unchecked = match blocks.recv() {
                        Ok(Sent::Block(unchecked)) => unchecked,
                        Ok(Sent::Failed(error)) => return Err(error),
                        Ok(Sent::End) => return Ok(None),
                        Err(_) => return Err(stopped()),
                    };
                    let (block, error) = self.checked(unchecked);
                    self.state = error.map_or(State::Running(blocks), State::Failed);
                    block
                }
                State::Over => return Ok(None),
            };
            if block.len() > 0 {
                return Ok(Some(block));
            }
        }
    }

    fn start(&self, steps: Steps) -> io::Result<State> {
        let (filled, blocks) = sync_channel(WAITING);
        let pool = self.pool.clone();
        std::thread::Builder::new()
            .name("swathe-unpack".to_string())
            .spawn(move || fill(steps, &filled, &pool))?;
        Ok(State::Running(blocks))
    }

    /// What of a block is before the end of a part that is not what was
    /// packed.
    fn checked(&mut self, unchecked: Unchecked) -> (Block, Option<io::Error>) {
        let Unchecked { mut block, marks } = unchecked;
        let mut seen = 0;
        for (at, mark) in marks {
            self.check.update(&block.bytes()[seen..at]);
            seen = at;
            if let Err(error) = self.check.pass(mark) {
                block.truncate(at);
                return (block, Some(error));
            }
        }
        self.check.update(&block.bytes()[seen..]);
        (block, None)
    }
}

/// Fills blocks until the end, an error, or nobody takes them any more.
fn fill(mut steps: Steps, filled: &SyncSender<Sent>, pool: &Pool) {
    loop {
        let mut block = pool.block();
        let mut marks = Vec::new();
        let ended = loop {
            let room = BLOCK - block.len();
            if room == 0 || marks.len() >= MARKS {
                break None;
            }
            match steps.next(block.room(room)) {
                Ok(Step::Bytes(got)) => block.grow(got),
                Ok(Step::Mark(mark)) => marks.push((block.len(), mark)),
                Ok(Step::Over) => break Some(None),
                Err(error) => break Some(Some(error)),
            }
        };
        if filled
            .send(Sent::Block(Unchecked { block, marks }))
            .is_err()
        {
            return;
        }
        if let Some(error) = ended {
            // Whoever went away does not want to know.
            let _ = filled.send(error.map_or(Sent::End, Sent::Failed));
            return;
        }
    }
}
