//! Saying what is done and why.

use crate::{
    cli::flag::{Flag, Group},
    search::low::{Explained, Low},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Reading,
        [
            Flag::switch(
                "debug",
                "Say what is done, and why files are left out",
                |low: &mut Low, _| {
                    low.log = Explained::Debug;
                },
            )
            .more(
                "On standard error: the arguments that came from a file, the engine and the \
                 literals that it looks for first, each file that a walk leaves out and the \
                 rule that says so.",
            ),
            Flag::switch("trace", "Say more than --debug does", |low: &mut Low, _| {
                low.log = Explained::Trace;
            })
            .more("Also how each file is read."),
        ],
    )
}
