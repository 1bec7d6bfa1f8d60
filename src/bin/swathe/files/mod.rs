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

use std::path::Path;

use crate::{inputs::Input, looks::Look};

/// A file to read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Found {
    pub(crate) input: Input,
    /// A walk found it, nobody named it: a binary one is left out.
    pub(crate) walked: bool,
}

impl Look for Found {
    fn path(&self) -> Option<&Path> {
        self.input.path()
    }
}

impl Found {
    /// Why it cannot be there, if it was named and is not.
    pub(crate) fn missing(&self) -> Option<swathe::Error> {
        match &self.input {
            Input::Path(path) if !self.walked => {
                path.symlink_metadata().err().map(swathe::Error::from)
            }
            _ => None,
        }
    }
}

/// What choosing files came upon.
#[derive(Debug)]
pub(crate) enum Event {
    File(Found),
    Trouble(trouble::Trouble),
}
