//! What is read: what operands name, or standard input.

use std::{ffi::OsString, io::IsTerminal};

use swathe::{Result, run::Input};

use super::usage;

/// Whether standard input may bring something and is no terminal.
pub(crate) fn stdin_is_readable() -> bool {
    grep_cli::is_readable_stdin() && !std::io::stdin().is_terminal()
}

/// What these operands name, in their order; nothing if there are none.
pub(crate) fn named<'a>(operands: impl IntoIterator<Item = &'a OsString>) -> Vec<Input> {
    operands.into_iter().map(Input::named).collect()
}

/// What these operands name, in their order; without operands standard input.
///
/// # Errors
/// If that is a person, who is not waited for.
pub(crate) fn all<'a>(operands: impl IntoIterator<Item = &'a OsString>) -> Result<Vec<Input>> {
    or_stdin(named(operands))
}

/// These inputs, or standard input if there are none: a statistic does not go through the
/// current directory unasked.
///
/// # Errors
/// If that is a person, who is not waited for.
pub(crate) fn or_stdin(inputs: Vec<Input>) -> Result<Vec<Input>> {
    if !inputs.is_empty() {
        return Ok(inputs);
    }
    if std::io::stdin().is_terminal() {
        return Err(usage(
            "nothing to read: name a file or a directory, or pipe something in (see --help)",
        ));
    }
    Ok(vec![Input::Stdin])
}
