//! Which files a statistic reads: what was named, and what a walk finds there.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};
use swathe::{Error, ErrorKind, Result, report::ErrorRow, run::Input};

use super::{Session, args::Common, input, usage};
use crate::{
    cli::{
        flag::{Flag, Group},
        parse,
    },
    files::{
        Event,
        choosing::{Chooses, Choosing},
        flags,
        walk::Files,
    },
};

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    choosing: Choosing,
    /// Binary files that a walk finds are read too.
    pub(crate) binary: bool,
}

impl Chooses for Chosen {
    fn choosing(&mut self) -> &mut Choosing {
        &mut self.choosing
    }

    fn read_binary(&mut self, yes: bool) {
        self.binary = yes;
    }
}

fn table() -> Vec<Flag<Chosen>> {
    let mut all = flags::flags();
    all.extend(Flag::grouped(
        Group::Files,
        [
            Flag::switch(
                "text",
                "Read binary files that a walk finds too",
                |low: &mut Chosen, on| low.binary = on,
            )
            .short('a')
            .no("no-text")
            .more(
                "A file that a walk finds is binary if there is a NUL byte in its first 64 KiB. \
                 One that is named is always read.",
            ),
            Flag::switch("binary", "The same as --text", |low: &mut Chosen, on| {
                low.binary = on;
            })
            .no("no-binary"),
        ],
    ));
    all
}

/// Gives the command the flags; its own go before them.
pub(crate) fn add(command: Command) -> Command {
    let free: Vec<_> = {
        let own: Vec<_> = command.get_arguments().collect();
        let has_long = |long: &str| own.iter().any(|arg| arg.get_long() == Some(long));
        let has_short = |short| own.iter().any(|arg| arg.get_short() == Some(short));
        let free = table().into_iter().filter(|flag| !has_long(flag.long));
        free.map(|flag| Flag {
            short: flag.short.filter(|&short| !has_short(short)),
            brief: false,
            ..flag
        })
        .collect()
    };
    parse::add(command, &free)
}

/// What the flags of these matches say.
///
/// # Errors
/// When they make no sense.
pub(crate) fn parse(matches: &ArgMatches) -> Result<Chosen> {
    // A flag of the same name that is the command's own has another type.
    let is_ours = |flag: &Flag<Chosen>| {
        let long = matches.try_get_many::<std::ffi::OsString>(flag.long);
        long.is_ok()
            && matches
                .try_contains_id(flag.negation.unwrap_or(flag.long))
                .is_ok()
    };
    let ours: Vec<_> = table().into_iter().filter(is_ours).collect();
    let mut chosen = Chosen::default();
    parse::apply(&ours, matches, &mut chosen).map_err(usage)?;
    // Under `stats`, -L is the letter of wc; without --wc it follows links.
    let flag = |name| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true);
    if flag("max-line-length") && !flag("wc") {
        chosen.choosing.follow = true;
    }
    Ok(chosen)
}

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
    let rules = chosen.choosing.rules().map_err(usage)?;
    let named = if chosen.choosing.files_from.is_empty() {
        input::or_stdin(named)?
    } else {
        let stdin = named.contains(&Input::Stdin);
        let listed = chosen.choosing.listed(stdin).map_err(usage)?;
        [named, listed].concat()
    };
    let mut errors = Vec::new();
    if !named.iter().any(Input::is_directory) {
        return Ok(Expanded {
            inputs: named,
            errors,
        });
    }
    let files = Files::new(named, rules, false);
    let mut inputs = Vec::new();
    for event in files {
        match event {
            Event::File(input) => inputs.push(input),
            Event::Trouble(trouble) => {
                let kind = ErrorKind::Config(trouble.text);
                let error = match trouble.path {
                    Some(path) => Error::at(path, kind),
                    None => Error::new(kind),
                };
                (session.complain)(&error);
                if !trouble.soft {
                    errors.push(ErrorRow::from(&error));
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
