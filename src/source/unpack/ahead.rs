//! Unpacking on a thread of its own, beside those that scan.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use super::block::{BLOCK, Block, Pool};

/// How many blocks may wait. Scanning is faster than unpacking nearly always,
/// so this is for the moments when it is not.
const WAITING: usize = 4;

/// Blocks that are made ahead of time on another thread, which is started when
/// the first one is wanted.
///
/// How much a decoder gives before it finds damage depends on how much it was
/// asked for. Asked for block after block, that is the same whatever the size
/// of a chunk; hence the blocks of [`here`](Ahead::here).
pub(super) struct Ahead {
    state: State,
    pool: Pool,
}

enum State {
    Idle(Box<dyn Read + Send>),
    Here(Box<dyn Read + Send>),
    /// Told when the block before it was given.
    Failed(io::Error),
    Running(Receiver<io::Result<Block>>),
    Over,
}

impl Ahead {
    pub(super) fn new(reader: impl Read + Send + 'static) -> Ahead {
        Ahead {
            state: State::Idle(Box::new(reader)),
            pool: Pool::default(),
        }
    }

    /// The same without a thread.
    pub(super) fn here(reader: impl Read + Send + 'static) -> Ahead {
        Ahead {
            state: State::Here(Box::new(reader)),
            pool: Pool::default(),
        }
    }

    /// The next block, which is not empty; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Idle(reader) => self.state = self.start(reader)?,
                State::Here(mut reader) => {
                    let mut block = self.pool.block();
                    let error = block.fill(&mut reader, BLOCK);
                    self.state = match error {
                        Some(error) => State::Failed(error),
                        None if block.len() < BLOCK => State::Over,
                        None => State::Here(reader),
                    };
                    if block.len() > 0 {
                        return Ok(Some(block));
                    }
                }
                State::Failed(error) => return Err(error),
                State::Running(blocks) => {
                    // A thread that is gone was at the end.
                    let next = blocks.recv().ok().transpose()?;
                    if next.is_some() {
                        self.state = State::Running(blocks);
                    }
                    return Ok(next);
                }
                State::Over => return Ok(None),
            }
        }
    }

    fn start(&self, reader: Box<dyn Read + Send>) -> io::Result<State> {
        let (filled, blocks) = sync_channel(WAITING);
        let pool = self.pool.clone();
        std::thread::Builder::new()
            .name("swathe-unpack".to_string())
            .spawn(move || fill(reader, &filled, &pool))?;
        Ok(State::Running(blocks))
    }
}

/// Fills blocks until the end, an error, or nobody takes them any more.
fn fill(mut reader: Box<dyn Read + Send>, filled: &SyncSender<io::Result<Block>>, pool: &Pool) {
    loop {
        let mut block = pool.block();
        let error = block.fill(&mut reader, BLOCK);
        let last = block.len() < BLOCK;
        if block.len() > 0 && filled.send(Ok(block)).is_err() {
            return;
        }
        if let Some(error) = error {
            // Whoever went away does not want to know.
            let _ = filled.send(Err(error));
            return;
        }
        if last {
            return;
        }
    }
}
