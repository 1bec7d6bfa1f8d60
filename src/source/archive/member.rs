//! What goes from the thread that reads an archive to who reads its members.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use super::is_archive;
use crate::source::unpack::{damaged, stopped};

/// The size of a block of a member.
const BLOCK: usize = 256 << 10;

/// What is sent.
enum Message {
    Member(PathBuf),
    Block(Vec<u8>),
    /// The member ends; with what is wrong with it, if it ends early.
    MemberEnd(Option<String>),
    /// A member that is not read.
    Skipped(PathBuf, String),
    /// Nothing follows, for this reason.
    Failed(String),
    /// Nothing follows. That the thread is gone is not how it says so.
    End,
}

/// Why an archive is not read further.
pub(super) enum Fault {
    /// Nobody wants more.
    Unwanted,
    /// This is wrong.
    Archive(String),
}

/// The end of the channel that a thread writes to.
pub(super) struct Sender(SyncSender<Message>);

/// How many blocks may wait.
const WAITING: usize = 4;

/// Both ends of a channel.
pub(super) fn channel() -> (Sender, Channel) {
    let (sender, messages) = sync_channel(WAITING);
    let channel = Channel {
        messages,
        ended: false,
        number: 0,
        inside: false,
    };
    (Sender(sender), channel)
}

impl Sender {
    fn send(&self, message: Message) -> Result<(), Fault> {
        self.0.send(message).map_err(|_| Fault::Unwanted)
    }

    /// Says that nothing follows, and why.
    pub(super) fn end(&self, end: Result<(), Fault>) {
        let message = match end {
            Ok(()) => Message::End,
            Err(Fault::Archive(why)) => Message::Failed(why),
            Err(Fault::Unwanted) => return,
        };
        // Whoever went away does not want to know.
        let _ = self.send(message);
    }

    /// Says that a member is not read, and why.
    pub(super) fn skip(&self, name: PathBuf, why: impl Into<String>) -> Result<(), Fault> {
        self.send(Message::Skipped(name, why.into()))
    }

    /// Sends a member, whose bytes the reader gives. True if it was sent to its
    /// end; false if it could not be read further, which was then said.
    pub(super) fn member(
        &self,
        name: &Path,
        reader: &mut impl Read,
        mut why: impl FnMut(&io::Error) -> String,
    ) -> Result<bool, Fault> {
        let (mut block, mut error) = fill(reader);
        if is_archive(name, &block) {
            let advice = "is an archive inside an archive and was not opened (extract it first)";
            self.skip(name.to_path_buf(), advice)?;
            return Ok(true);
        }
        self.send(Message::Member(name.to_path_buf()))?;
        loop {
            let last = block.len() < BLOCK;
            if !block.is_empty() {
                self.send(Message::Block(block))?;
            }
            if last || error.is_some() {
                let whole = error.is_none();
                self.send(Message::MemberEnd(error.as_ref().map(&mut why)))?;
                return Ok(whole);
            }
            (block, error) = fill(reader);
        }
    }
}

/// A block; it is shorter than [`BLOCK`] at the end or at an error.
fn fill(reader: &mut impl Read) -> (Vec<u8>, Option<io::Error>) {
    let mut block = Vec::new();
    // What was read before an error is kept.
    let error = reader.take(BLOCK as u64).read_to_end(&mut block).err();
    (block, error)
}

/// The other end of the channel.
#[derive(Debug)]
pub(super) struct Channel {
    messages: Receiver<Message>,
    /// What the last message was, if it was one.
    ended: bool,
    /// The member whose blocks come, from 1.
    number: u64,
    inside: bool,
}

/// What comes next.
pub(super) enum Next {
    /// A member, and its number.
    Member(PathBuf, u64),
    Skipped(PathBuf, String),
    Failed(String),
    End,
}

/// Passes over what is left of the member at hand.
pub(super) fn next(channel: &Mutex<Channel>) -> Next {
    let mut channel = channel.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match channel.messages.recv() {
            Ok(Message::Block(_)) => {}
            Ok(Message::MemberEnd(_)) => channel.inside = false,
            Ok(Message::Member(name)) => {
                channel.number += 1;
                channel.inside = true;
                return Next::Member(name, channel.number);
            }
            Ok(Message::Skipped(name, why)) => return Next::Skipped(name, why),
            Ok(Message::Failed(why)) => {
                channel.ended = true;
                return Next::Failed(why);
            }
            Ok(Message::End) => {
                channel.ended = true;
                return Next::End;
            }
            Err(_) if channel.ended => return Next::End,
            Err(_) => {
                channel.ended = true;
                return Next::Failed(stopped().to_string());
            }
        }
    }
}

/// Reads one member, as long as it is the one at hand.
pub(super) struct MemberReader {
    channel: Arc<Mutex<Channel>>,
    number: u64,
    block: Vec<u8>,
    at: usize,
}

impl MemberReader {
    pub(super) fn new(channel: Arc<Mutex<Channel>>, number: u64) -> MemberReader {
        MemberReader {
            channel,
            number,
            block: Vec::new(),
            at: 0,
        }
    }

    /// The next block; none at the end.
    fn next(&mut self) -> io::Result<bool> {
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        if channel.number != self.number || !channel.inside {
            return Ok(false);
        }
        match channel.messages.recv() {
            Ok(Message::Block(block)) => {
                (self.block, self.at) = (block, 0);
                Ok(true)
            }
            Ok(Message::MemberEnd(why)) => {
                channel.inside = false;
                why.map_or(Ok(false), |why| Err(damaged(why)))
            }
            // Between the begin and the end of a member come only blocks, so the
            // thread is gone.
            Ok(_) | Err(_) => {
                channel.inside = false;
                Err(stopped())
            }
        }
    }
}

impl Read for MemberReader {
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
