//! Logs of any size whose every answer is known.
//!
//! A file is a plan of blocks (`layout`), each written by whoever is free
//! (`block`) from random numbers of its own (`random`), so that the bytes
//! are a function of the [`Options`] alone, whatever the number of threads. What is true
//! of a block is noted while it is written (`tally`) and added up in the
//! order of the blocks (`total`); how much memory that takes does not depend
//! on the size of the file.
//!
//! Deliberately not here: any code of the statistics. The answers judge them.

#![expect(
    clippy::cast_sign_loss,
    reason = "what is made a number of is a share, a time or a place, never below zero"
)]

mod block;
mod distribution;
mod expected;
mod layout;
mod options;
mod profile;
mod random;
mod tally;
mod text;
mod total;

pub use expected::{
    Bucket, Expected, Found, KeyCount, Levels, LineLength, LongLine, Made, Needles, Place,
    Timeline, Top, Values,
};
pub use options::{Options, Profile};

use std::io::{self, Write};

use self::{
    block::{Block, Writer},
    total::Total,
};
use crate::{
    error::Result,
    exec::{Commit, Executor, Flow, Stop},
    progress::Progress,
};

/// Writes the file to `out`, in order, and tells what is true of it; `None` if
/// `stop` was set before the end.
///
/// # Errors
/// When there is no such file, it cannot be written, or threads cannot be
/// started.
pub fn generate(
    options: &Options,
    executor: &Executor,
    stop: &Stop,
    progress: &dyn Progress,
    out: &mut (impl Write + Send),
) -> Result<Option<Expected>> {
    options.check()?;
    let writer = Writer::new(options);
    let mut blocks = 0..writer.layout.blocks();
    let sink = Sink {
        out,
        total: Total::new(),
        written: Ok(()),
        progress,
    };
    // Of its own, since a failure to write must not stop what the caller does next.
    let stopped = stop.child();
    let sink = executor.run(
        &stopped,
        move || blocks.next(),
        || (),
        |(), number, turn| turn.deposit(writer.block(number)),
        sink,
    )?;
    sink.written?;
    sink.out.flush()?;
    Ok((!stop.is_set()).then(|| sink.total.expected(options)))
}

/// Takes in the blocks in their order.
struct Sink<'a, W> {
    out: &'a mut W,
    total: Total,
    written: io::Result<()>,
    progress: &'a dyn Progress,
}

impl<W: Write> Commit<Block> for Sink<'_, W> {
    fn commit(&mut self, block: Block) -> Flow {
        self.written = self.out.write_all(&block.bytes);
        if self.written.is_err() {
            return Flow::Stop;
        }
        let bytes = block.bytes.len() as u64;
        self.total.add(&block.tally, bytes);
        self.progress.advance(bytes);
        Flow::Continue
    }
}
