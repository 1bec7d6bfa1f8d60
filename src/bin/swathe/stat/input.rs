//! What is read: the paths that were named, or standard input.

use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rustix::fs::{SeekFrom, seek, tell};

use swathe::{
    Result,
    source::{Opened, Source, SourceOptions},
};

use super::{selecting::Look, usage};
use crate::{inputs, pipe};

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
    fn name(&self) -> &Path {
        self.name()
    }

    fn open(&self, options: &SourceOptions) -> Result<Source> {
        self.open(options)
    }

    fn reads_once(&self) -> bool {
        match self {
            Input::Stdin { .. } => true,
            Input::Path(path) | Input::Found(path) => {
                std::fs::metadata(path).is_ok_and(|meta| !meta.is_file())
            }
        }
    }
}

/// Where standard input was when it was first opened, if it is a file: to open it
/// leaves it at its end.
static BEGAN: OnceLock<Option<u64>> = OnceLock::new();

fn begin_stdin() {
    BEGAN.get_or_init(|| tell(io::stdin()).ok());
    pipe::widen(io::stdin());
}

/// Standard input, if it is a file, is read again when it is opened the next time,
/// for another pass.
pub(crate) fn rewind_stdin() {
    if let Some(&Some(at)) = BEGAN.get() {
        // What cannot be had again is missed when it is read.
        let _ = seek(io::stdin(), SeekFrom::Start(at));
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
        match self {
            Input::Path(path) | Input::Found(path) => Some(path),
            Input::Stdin { .. } => None,
        }
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
        self.path().unwrap_or(Path::new("<stdin>"))
    }

    /// Opens it.
    pub(crate) fn open(&self, options: &SourceOptions) -> Result<Source> {
        if let Some(path) = self.path() {
            return Source::open(path, options);
        }
        begin_stdin();
        Source::stdin(options)
    }

    /// Opens it; where archives are wanted, as one if it is one.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub(crate) fn open_as(&self, options: &SourceOptions, archives: bool) -> Result<Opened> {
        match self {
            _ if !archives => self.open(options).map(Opened::Source),
            Input::Stdin { .. } => {
                begin_stdin();
                Opened::stdin(options)
            }
            Input::Path(path) | Input::Found(path) => Opened::open(path, options),
        }
    }
}
