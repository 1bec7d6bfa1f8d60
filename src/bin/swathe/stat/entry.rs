//! A statistic as a command of the program: parsed, run, and its end said.

use std::ffi::OsString;

use clap::{ArgMatches, Command};
use swathe::{
    Error, ErrorKind, Result,
    report::Format,
    run::{Input, total_len},
};

use super::{DONE, FAILED, NOTHING, Session, args, command::StatCommand, input, live};
use crate::{
    cli::{
        parse,
        reading::{Reading, When},
    },
    gentle,
    output::{Policy, Shown},
    session::{self, Exit, SessionOptions},
};

/// Runs a statistic on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn statistic<C: StatCommand>(
    arguments: &[OsString],
) -> std::result::Result<Exit, String> {
    main(args::add(C::command()), C::run, arguments)
}

/// Runs a command on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main(
    command: Command,
    run: impl FnOnce(&ArgMatches, &mut Session<'_>) -> Result<u8>,
    arguments: &[OsString],
) -> std::result::Result<Exit, String> {
    let name = format!("swathe {}", command.get_name());
    let command = command
        .no_binary_name(true)
        .bin_name(name)
        .version(env!("CARGO_PKG_VERSION"))
        .max_term_width(90);
    let matches = match command.try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return parse::shown(&error),
    };
    if matches.get_flag("gentle") {
        gentle::start();
    }
    let reading = Reading {
        progress: match matches.get_one::<String>("progress").map(String::as_str) {
            Some("always") => When::Always,
            Some("never") => When::Never,
            _ => When::Auto,
        },
        no_messages: matches.get_flag("no-messages"),
        ..Reading::default()
    };
    // What is wrong about the arguments is found before anything is started.
    let common = args::parse(&matches).map_err(|error| error.to_string())?;
    let shown = match common.format {
        Format::Json | Format::JsonLines => Shown::Json,
        _ => Shown::Text,
    };
    let options = SessionOptions {
        policy: Policy::Blocks,
        terminator: b'\n',
        total: total_len(&operands(&matches)),
        streams: live::parse(&matches)
            .map_err(|error| error.to_string())?
            .is_some(),
        shown,
    };
    let whole = session::Session::start(&reading, options);
    let ran = {
        let mut complain = |error: &Error| {
            whole.note(error.path(), error, false);
        };
        let mut session = Session {
            out: &mut whole.output.clone(),
            output: &whole.output,
            complain: &mut complain,
            stop: &whole.interrupt.stop(),
            interrupt: &whole.interrupt,
            progress: &whole.meter,
        };
        run(&matches, &mut session)
    };
    match ran {
        Ok(DONE) => Ok(whole.end(Exit::Success)),
        Ok(NOTHING) => Ok(whole.end(Exit::NoMatch)),
        Ok(FAILED) => Ok(whole.end(Exit::Alarm)),
        Ok(_) => Ok(whole.end(Exit::Failure)),
        Err(error) if matches!(error.kind(), ErrorKind::Config(_) | ErrorKind::Pattern(_)) => {
            whole.end(Exit::Failure);
            Err(error.to_string())
        }
        Err(error) => Ok(whole.fail(&error)),
    }
}

/// The inputs whose sizes the progress is measured against.
fn operands(matches: &ArgMatches) -> Vec<Input> {
    let paths = matches.try_get_many::<OsString>("path").ok().flatten();
    input::named(paths.into_iter().flatten())
}
