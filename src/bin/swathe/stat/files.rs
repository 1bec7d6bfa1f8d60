//! Which files a statistic reads: what was named, and what a walk finds there.

use std::collections::BTreeMap;

use swathe::{
    Error, ErrorKind, Result,
    report::ErrorRow,
    run::Input,
    walk::{self, Event, Files},
};

use super::{Session, args::Common, input};

/// The files to read, and what went wrong when they were looked for.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    pub(crate) inputs: Vec<Input>,
    pub(crate) errors: Vec<ErrorRow>,
}

/// The files of these inputs: those of directories by the rules of the flags,
/// those of lists in their order.
///
/// # Errors
/// When there is nothing to read, a list cannot be read, or globs and types
/// make no sense.
pub(crate) fn expand(
    named: Vec<Input>,
    common: &Common,
    session: &mut Session<'_>,
) -> Result<Expanded> {
    let chosen = &common.files;
    let rules = chosen.rules()?;
    let named = if chosen.files_from.is_empty() {
        input::or_stdin(named)?
    } else {
        let stdin = named.contains(&Input::Stdin);
        let listed = walk::listed(&chosen.files_from, stdin)?;
        [named, listed].concat()
    };
    let mut errors = Vec::new();
    if !named.iter().any(Input::is_directory) {
        return Ok(Expanded {
            inputs: named,
            errors,
        });
    }
    let files = Files::new(named, rules);
    let mut inputs = Vec::new();
    for event in files {
        match event {
            Event::File(input) => inputs.push(input),
            Event::Trouble(trouble) => {
                (session.complain)(&trouble.error);
                if !trouble.soft {
                    errors.push(ErrorRow::from(&trouble.error));
                }
            }
        }
        if session.stop.is_set() {
            break;
        }
    }
    Ok(Expanded { inputs, errors })
}

/// Says how many files were left out.
pub(crate) fn tell_skipped(skipped: &BTreeMap<String, u64>, session: &mut Session<'_>) {
    let files = match skipped.get("binary") {
        None | Some(0) => return,
        Some(1) => "1 binary file was".to_string(),
        Some(many) => format!("{many} binary files were"),
    };
    let text = format!("{files} left out of what a walk found (-a reads them, naming them too)");
    (session.complain)(&Error::new(ErrorKind::Config(text)));
}
