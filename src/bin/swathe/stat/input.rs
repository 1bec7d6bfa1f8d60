//! What is read: the paths that were named, or standard input.

use std::{
    ffi::{OsStr, OsString},
    io::IsTerminal,
    path::{Path, PathBuf},
};

use swathe::{
    Result,
    source::{Opened, Seen, Source, SourceOptions},
};

use super::usage;
use crate::{
    inputs,
    looks::{self, Look},
};

/// Something to read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Input {
    /// A file that was named.
    Path(PathBuf),
    /// A file that a walk found.
    Found(PathBuf),
    /// Standard input; whether it was named, as `-`.
    Stdin {
        /// It was.
        named: bool,
    },
}

impl Look for Input {
    fn path(&self) -> Option<&Path> {
        match self {
            Input::Path(path) | Input::Found(path) => Some(path),
            Input::Stdin { .. } => None,
        }
    }
}

impl Input {
    /// The inputs of these operands, in their order.
    ///
    /// A statistic does not go through the current directory unasked: without
    /// operands it reads standard input, unless that is a person.
    pub(crate) fn all<'a>(operands: impl IntoIterator<Item = &'a OsString>) -> Result<Vec<Input>> {
        let all = Input::named(operands);
        Input::check(&all)?;
        Ok(all)
    }

    /// The same before it is known whether standard input is all there is to
    /// read: files may be listed elsewhere.
    pub(crate) fn named<'a>(operands: impl IntoIterator<Item = &'a OsString>) -> Vec<Input> {
        let all: Vec<Input> = operands
            .into_iter()
            .map(|path| Input::operand(path))
            .collect();
        if all.is_empty() {
            return vec![Input::Stdin { named: false }];
        }
        all
    }

    /// Refuses to wait for a person.
    ///
    /// # Errors
    /// If there is nothing else to read.
    pub(crate) fn check(inputs: &[Input]) -> Result<()> {
        if inputs == [Input::Stdin { named: false }] && std::io::stdin().is_terminal() {
            return Err(usage(
                "nothing to read: name a file or a directory, or pipe something in (see --help)",
            ));
        }
        Ok(())
    }

    /// What choosing files came to.
    pub(crate) fn of(input: &inputs::Input, walked: bool) -> Input {
        match input {
            inputs::Input::Stdin => Input::Stdin { named: true },
            inputs::Input::Path(path) if walked => Input::Found(path.clone()),
            inputs::Input::Path(path) => Input::Path(path.clone()),
        }
    }

    /// Its path, if it has one.
    pub(crate) fn path(&self) -> Option<&Path> {
        Look::path(self)
    }

    fn operand(operand: &OsStr) -> Input {
        if operand == "-" {
            Input::Stdin { named: true }
        } else {
            Input::Path(operand.into())
        }
    }

    /// The name under which it appears in an answer.
    pub(crate) fn name(&self) -> &Path {
        Look::name(self)
    }

    /// Opens it.
    pub(crate) fn open(&self, options: &SourceOptions) -> Result<Source> {
        looks::open(self.path(), options, None)
    }

    /// Opens it, as it was if it was opened before; where archives are wanted, as one if it
    /// is one.
    ///
    /// # Errors
    /// As [`Source::open_again`].
    pub(crate) fn open_as(
        &self,
        options: &SourceOptions,
        archives: bool,
        seen: Option<&Seen>,
    ) -> Result<Opened> {
        if archives {
            return looks::open_archive(self.path(), options, seen);
        }
        looks::open(self.path(), options, seen).map(Opened::Source)
    }
}
