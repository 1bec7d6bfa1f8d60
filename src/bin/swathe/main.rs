//! A stand-in: just enough to run the commands that compute statistics.

mod count;
mod stat;
mod stats;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use swathe::{Error, exec::Stop, progress::Silent};

fn main() -> ExitCode {
    let command = clap::Command::new("swathe")
        .subcommand_required(true)
        .subcommand(count::command())
        .subcommand(stats::command());
    let matches = command.get_matches();
    let complain = |error: &Error| {
        let path = error.path().map(|path| format!("{}: ", path.display()));
        let _ = writeln!(io::stderr(), "swathe: {}{error}", path.unwrap_or_default());
    };
    let mut session = stat::Session {
        out: &mut io::stdout(),
        complain: &mut { complain },
        stop: &Stop::new(),
        progress: &Silent,
    };
    let code = match matches.subcommand() {
        Some(("count", matches)) => count::run(matches, &mut session),
        Some(("stats", matches)) => stats::run(matches, &mut session),
        _ => Ok(stat::TROUBLE),
    };
    ExitCode::from(code.unwrap_or_else(|error| {
        complain(&error);
        stat::TROUBLE
    }))
}
