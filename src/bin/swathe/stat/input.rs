//! What is read: the paths that were named, or standard input.

use std::{
    ffi::{OsStr, OsString},
    io::IsTerminal,
    path::{Path, PathBuf},
};

use swathe::{
    Result,
    source::{Source, SourceOptions},
};

use super::{selecting::Look, usage};

/// Something to read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Input {
    /// A file.
    Path(PathBuf),
    /// Standard input; whether it was named, as `-`.
    Stdin {
        /// It was.
        named: bool,
    },
}

impl Look for Input {
    fn name(&self) -> &Path {
        self.name()
    }

    fn open(&self, options: &SourceOptions) -> Result<Source> {
        self.open(options)
    }

    fn reads_once(&self) -> bool {
        match self {
            Input::Stdin { .. } => true,
            Input::Path(path) => std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()),
        }
    }
}

impl Input {
    /// The inputs of these operands, in their order.
    ///
    /// A statistic does not go through the current directory unasked: without
    /// operands it reads standard input, unless that is a person.
    pub(crate) fn all<'a>(operands: impl IntoIterator<Item = &'a OsString>) -> Result<Vec<Input>> {
        let all: Vec<Input> = operands.into_iter().map(|path| Input::of(path)).collect();
        if !all.is_empty() {
            return Ok(all);
        }
        if std::io::stdin().is_terminal() {
            return Err(usage(
                "nothing to read: name a file, or pipe something in (see --help)",
            ));
        }
        Ok(vec![Input::Stdin { named: false }])
    }

    fn of(operand: &OsStr) -> Input {
        if operand == "-" {
            Input::Stdin { named: true }
        } else {
            Input::Path(operand.into())
        }
    }

    /// The name under which it appears in an answer.
    pub(crate) fn name(&self) -> &Path {
        match self {
            Input::Path(path) => path,
            Input::Stdin { .. } => Path::new("<stdin>"),
        }
    }

    /// Opens it.
    pub(crate) fn open(&self, options: &SourceOptions) -> Result<Source> {
        match self {
            Input::Path(path) => Source::open(path, options),
            Input::Stdin { .. } => Source::stdin(options),
        }
    }
}
