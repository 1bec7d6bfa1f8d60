//! `swathe inspect`: what kind of file this is, and what to ask about it.

use clap::Command;
use swathe::{
    Error, Result,
    inspect::inspect,
    report::{ErrorRow, InspectBody, InspectRow, Report},
    run::Input,
    source::{MapPolicy, SourceOptions, packed_with},
    time,
};

use crate::{
    cli::parse::{Line, Operands},
    stat::{
        DONE, Session, TROUBLE,
        args::{self, Common, Options},
        input,
        print::Printer,
    },
};

const EXAMPLES: &str = "\
Examples:
  swathe inspect app.log
  swathe inspect --tz Europe/Berlin /var/log/*.gz
  swathe inspect --format json access.log";

/// The flags of statistics that have to do with it.
const SHOWN: [&str; 9] = [
    "format",
    "output",
    "encoding",
    "tz",
    "base-year",
    "base-date",
    "time-format",
    "no-messages",
    "progress",
];

/// The command line.
pub(crate) fn line() -> Line<Options<()>> {
    let command = Command::new("inspect")
        .about("What kind of file this is, from a look at its ends, and what to ask about it")
        .before_help(EXAMPLES);
    let operands = Operands::any(
        "PATH",
        "Files to look at; - for the first lines of standard input",
    );
    let flags = args::flags().map(|flag| {
        if SHOWN.contains(&flag.about.long) {
            flag
        } else {
            flag.refuse("inspect looks at the ends of a file only; it has nothing to do there")
        }
    });
    Line::new(command, operands, flags)
}

/// Runs the command; the number is what the process exits with.
///
/// # Errors
/// When the command was called wrongly or its answer cannot be written.
pub(crate) fn run(told: &Options<()>, session: &mut Session<'_>) -> Result<u8> {
    let told = &told.shared;
    let common = Common::of(told, session.stop)?;
    let inputs = input::all(&told.operands)?;
    let printer = Printer::new::<InspectBody>(told, &inputs)?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    let times = &scope.times_now();
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        let error = match look(input, &common, times) {
            Ok((row, error)) => {
                files.push(row);
                error
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            if common.messages {
                (session.complain)(&error);
            }
            errors.push(ErrorRow::from(&error));
        }
    }
    let report = Report::new("inspect", errors, InspectBody { files });
    let rendered = printer.render(&report)?;
    printer.put(&rendered, session)?;
    Ok(if report.complete { DONE } else { TROUBLE })
}

/// What an input is, and why not all that is looked at could be read.
fn look(
    input: &Input,
    common: &Common,
    times: &time::Options,
) -> Result<(InspectRow, Option<Error>)> {
    // A map costs more than the few reads it would spare.
    let options = SourceOptions {
        map: MapPolicy::Never,
        ..common.source.clone()
    };
    let source = input.open(&options, None)?;
    let stored = source.stored(4 << 10)?;
    let packed = packed_with(&stored, input.name());
    let seen = if packed.is_some() { &[] } else { &*stored };
    let mut inspection = inspect(&source, seen, times)?;
    let error = inspection.error.take().or(source.verify().err());
    let row = InspectRow::new(input.name(), packed, &inspection);
    Ok((row, error.map(|error| error.or_at(input.name()))))
}
