//! What goes wrong in a walk, in our words.

use std::{io, path::PathBuf};

/// Something that went wrong in a walk.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// Where; `None` if it is about no file.
    pub(crate) path: Option<PathBuf>,
    /// What, and what to do about it.
    pub(crate) text: String,
    /// It is about the rules that leave files out, not about a file: nothing
    /// is missing from the answer that was asked for.
    pub(crate) soft: bool,
}

impl Trouble {
    /// A file or directory that could not be looked at.
    pub(super) fn of(error: &ignore::Error) -> Trouble {
        let (path, text) = explain(error);
        Trouble {
            path,
            text,
            soft: false,
        }
    }

    /// Rules that could not be read, or not all of them.
    pub(super) fn of_rules(error: &ignore::Error, found: &mut Vec<Trouble>) {
        if let ignore::Error::Partial(errors) = error {
            for error in errors {
                Trouble::of_rules(error, found);
            }
            return;
        }
        let (path, text) = explain(error);
        found.push(Trouble {
            path,
            text: format!("{text} (an ignore file; --no-ignore-messages leaves this out)"),
            soft: true,
        });
    }
}

/// The file an error is about, and what is wrong.
fn explain(error: &ignore::Error) -> (Option<PathBuf>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path.clone()), explain(err).1),
        ignore::Error::WithDepth { err, .. } => explain(err),
        ignore::Error::WithLineNumber { line, err } => {
            let (path, text) = explain(err);
            (path, format!("line {line}: {text}"))
        }
        ignore::Error::Loop { ancestor, child } => (
            Some(child.clone()),
            format!(
                "links to {}, which it is in; it is not followed again",
                ancestor.display()
            ),
        ),
        ignore::Error::Io(error) => (None, plain(error)),
        ignore::Error::Partial(errors) => {
            let all: Vec<_> = errors.iter().map(|error| explain(error).1).collect();
            (None, all.join("; "))
        }
        other => (None, other.to_string()),
    }
}

/// The system's own error, if it is wrapped in one that repeats the path.
fn plain(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.source());
    let code = inner
        .and_then(|inner| inner.downcast_ref::<io::Error>())
        .and_then(io::Error::raw_os_error);
    match code {
        Some(code) => swathe::Error::from(io::Error::from_raw_os_error(code)).to_string(),
        None => error.to_string(),
    }
}
