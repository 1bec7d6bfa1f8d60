//! What is read: the paths that were named, or standard input.

use std::{
    ffi::{OsStr, OsString},
    io::IsTerminal,
    path::{Path, PathBuf},
};

use swathe::{
    Result,
    exec::Stop,
    source::{Archive, Encoding, Opened, Seen, Source, SourceOptions},
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

/// Whether standard input may bring something and is no terminal.
pub(crate) fn stdin_is_readable() -> bool {
    grep_cli::is_readable_stdin() && !std::io::stdin().is_terminal()
}

/// A source that was opened, as an archive where those are wanted and it is one.
///
/// # Errors
/// When threads cannot be started.
pub(crate) fn opened(
    source: Source,
    options: &SourceOptions,
    archives: bool,
    stop: &Stop,
) -> Result<Opened> {
    // What cannot be read is met again when all of it is.
    if archives && Archive::is(&source, stop).unwrap_or(false) {
        return Opened::of_stream(source, options);
    }
    Ok(Opened::Source(source))
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

    pub(super) fn operand(operand: &OsStr) -> Input {
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
        stop: &Stop,
    ) -> Result<Opened> {
        let regular = self.path().is_some_and(Path::is_file);
        if archives && (regular || matches!(options.encoding, Encoding::Named(_))) {
            return looks::open_archive(self.path(), options, seen);
        }
        let source = looks::open(self.path(), options, seen)?;
        let again = source.seen();
        match (opened(source, options, archives, stop)?, again) {
            // A packed file that was looked into is unpacked on all threads only
            // from its beginning.
            (Opened::Source(source), Some(seen)) if archives && source.len().is_none() => {
                looks::open(self.path(), options, Some(&seen)).map(Opened::Source)
            }
            (opened, _) => Ok(opened),
        }
    }

    /// Whether it is a file that is an archive, unpacked where it is packed.
    pub(crate) fn is_archive(&self, options: &SourceOptions) -> bool {
        let regular = self.path().filter(|path| path.is_file());
        let opened = regular.map(|path| Opened::open(path, options));
        matches!(opened, Some(Ok(Opened::Archive(_))))
    }
}
