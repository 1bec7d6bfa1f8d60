//! Which files are read: those that were named, and those a walk finds.
//!
//! [`choosing`] is what was typed, [`flags`] the flags that say it, [`rules`]
//! what that comes to once globs and types are compiled, [`walk`] the thread
//! that goes through directories, [`queue`] how what it finds gets to who
//! reads it.
//!
//! The rules are ripgrep's and the walk is that of its `ignore` crate, always
//! in the order of paths, so that results have one order whatever the threads.

pub(crate) mod choosing;
pub(crate) mod flags;
mod from;
mod order;
mod queue;
pub(crate) mod rules;
pub(crate) mod trouble;
pub(crate) mod walk;

use swathe::run::Input;

/// Why an input cannot be there, if it was named and is not.
pub(crate) fn missing(input: &Input) -> Option<swathe::Error> {
    match input {
        Input::Path(path) => path.symlink_metadata().err().map(swathe::Error::from),
        Input::Found(_) | Input::Stdin => None,
    }
}

/// What choosing files came upon.
#[derive(Debug)]
pub(crate) enum Event {
    File(Input),
    Trouble(trouble::Trouble),
}
