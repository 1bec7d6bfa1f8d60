//! What goes wrong in a walk, in our words.

use std::{io, path::PathBuf};

use crate::error::Error;

/// The file or directory that something is wrong with, if it is one, and what.
pub(super) type Wrong = (Option<PathBuf>, String);

/// What is wrong with rules that could not be read, or not all of them.
pub(super) fn of_rules(error: &ignore::Error, found: &mut Vec<Wrong>) {
    if let ignore::Error::Partial(errors) = error {
        for error in errors {
            of_rules(error, found);
        }
        return;
    }
    let (path, text) = explain(error);
    let text = format!("{text} (an ignore file; --no-ignore-messages leaves this out)");
    found.push((path, text));
}

/// The file an error is about, and what is wrong.
pub(super) fn explain(error: &ignore::Error) -> Wrong {
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
        Some(code) => Error::from(io::Error::from_raw_os_error(code)).to_string(),
        None => error.to_string(),
    }
}
