//! Unpacking on a thread of its own, beside those that scan.

use std::{
    fmt,
    io::{self, Read},
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
};

/// The size of a block that is handed over.
const BLOCK: usize = 512 << 10;

/// How many blocks may wait. Scanning is faster than unpacking nearly always,
/// so this is for the moments when it is not.
const WAITING: usize = 4;

/// A reader whose bytes are made ahead of time on another thread, which is
/// started by the first read.
///
/// How much a decoder gives before it finds damage depends on how much it was
/// asked for. Asked for block after block, that is the same whatever the size
/// of a chunk; hence the blocks of [`here`](Ahead::here).
pub(in crate::source) struct Ahead {
    state: State,
    block: Vec<u8>,
    at: usize,
}

enum State {
    Idle(Box<dyn Read + Send>),
    Here(Box<dyn Read + Send>),
    /// Told when the block at hand is read.
    Failed(io::Error),
    Running {
        blocks: Receiver<io::Result<Vec<u8>>>,
        /// Blocks that were emptied go back to be filled again.
        emptied: Sender<Vec<u8>>,
    },
    Over,
}

impl Ahead {
    pub(in crate::source) fn new(reader: impl Read + Send + 'static) -> Ahead {
        Ahead {
            state: State::Idle(Box::new(reader)),
            block: Vec::new(),
            at: 0,
        }
    }

    /// The same without a thread.
    pub(in crate::source) fn here(reader: impl Read + Send + 'static) -> Ahead {
        Ahead {
            state: State::Here(Box::new(reader)),
            block: Vec::new(),
            at: 0,
        }
    }

    /// The next block that is not empty; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        if let State::Idle(_) = &self.state {
            let State::Idle(reader) = std::mem::replace(&mut self.state, State::Over) else {
                unreachable!("looked at above");
            };
            let (filled, blocks) = sync_channel(WAITING);
            let (emptied, empty) = channel();
            std::thread::Builder::new()
                .name("swathe-unpack".to_string())
                .spawn(move || fill(reader, &filled, &empty))?;
            self.state = State::Running { blocks, emptied };
        }
        if let State::Here(reader) = &mut self.state {
            let error = fill_one(reader, &mut self.block);
            self.at = 0;
            if let Some(error) = error {
                self.state = State::Failed(error);
            }
            if !self.block.is_empty() {
                return Ok(true);
            }
        }
        if let State::Failed(_) = &self.state
            && let State::Failed(error) = std::mem::replace(&mut self.state, State::Over)
        {
            return Err(error);
        }
        let State::Running { blocks, emptied } = &self.state else {
            return Ok(false);
        };
        // A thread that is gone was at the end.
        let next = blocks.recv().ok().transpose();
        match next {
            Ok(Some(block)) => {
                let emptied = emptied.send(std::mem::replace(&mut self.block, block));
                // Nobody wants them once the last one is here.
                drop(emptied);
                self.at = 0;
                Ok(true)
            }
            Ok(None) => {
                self.state = State::Over;
                Ok(false)
            }
            Err(error) => {
                self.state = State::Over;
                Err(error)
            }
        }
    }
}

/// Fills blocks until the end, an error, or nobody takes them any more.
fn fill(
    mut reader: Box<dyn Read + Send>,
    filled: &SyncSender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) {
    loop {
        let mut block = empty.try_recv().unwrap_or_default();
        let error = fill_one(&mut reader, &mut block);
        let last = block.len() < BLOCK;
        if !block.is_empty() && filled.send(Ok(block)).is_err() {
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

/// Fills one block; it is shorter than [`BLOCK`] at the end or at an error.
fn fill_one(reader: &mut impl Read, block: &mut Vec<u8>) -> Option<io::Error> {
    block.resize(BLOCK, 0);
    let mut len = 0;
    let error = loop {
        match reader.read(&mut block[len..]) {
            Ok(0) => break None,
            Ok(got) => len += got,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => break Some(e),
        }
        if len == BLOCK {
            break None;
        }
    };
    block.truncate(len);
    error
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            if !self.next()? {
                return Ok(0);
            }
        }
        let here = &self.block[self.at..];
        let got = here.len().min(buffer.len());
        buffer[..got].copy_from_slice(&here[..got]);
        self.at += got;
        Ok(got)
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}
