//! `swathe merge`: partials from files become the answer of one run.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command, value_parser};
use swathe::{Error, ErrorKind, Result, request::saved::Saved};

use super::{
    Session, args, command::StatCommand, command::answer, input::Input, keep, print::Printer, usage,
};

const EXAMPLES: &str = "\
Examples:
  swathe merge monday.partial tuesday.partial
  swathe merge --format json *.partial
  for h in a b; do ssh $h swathe count ERROR app.log --partial - > $h.partial; done; \
swathe merge [ab].partial";

/// Its flags that matter.
const SHOWN: [&str; 5] = ["path", "format", "output", "partial", "no-messages"];

/// What merges the partials of one command.
pub(crate) type Merge = fn(&[Saved<'_>], &ArgMatches, &mut Session<'_>) -> Result<u8>;

/// The command line.
pub(crate) fn command() -> Command {
    let command = Command::new("merge")
        .about("Merge partials that --partial wrote: what one run over all inputs had printed")
        .before_help(EXAMPLES)
        .arg(
            Arg::new("path")
                .value_name("PARTIAL")
                .num_args(0..)
                .value_parser(value_parser!(OsString))
                .help(
                    "Files that --partial wrote, in the order of their inputs; - is standard input",
                ),
        );
    // What only matters where inputs are read is taken, and not shown.
    args::add(command).mut_args(|arg| {
        let shown = SHOWN.contains(&arg.get_id().as_str());
        if shown { arg } else { arg.hide(true) }
    })
}

/// Runs the command; the number is what the process exits with. `find` gives
/// what merges the partials of a command.
///
/// # Errors
/// When a file is no partial, is damaged, or does not fit the others.
pub(crate) fn run(
    matches: &ArgMatches,
    session: &mut Session<'_>,
    find: impl Fn(&str) -> Option<Merge>,
) -> Result<u8> {
    let names = matches.get_many::<OsString>("path").into_iter().flatten();
    let files = names.map(read).collect::<Result<Vec<_>>>()?;
    if files.is_empty() {
        return Err(usage(
            "nothing to merge: name files that --partial wrote (see --help)",
        ));
    }
    let opened = files.iter().map(|(name, bytes)| Saved::open(name, bytes));
    let saved = opened.collect::<Result<Vec<_>>>()?;
    let first = &saved[0];
    for other in &saved[1..] {
        first.fits(other)?;
    }
    let merge = find(first.command()).ok_or_else(|| {
        let why = format!(
            "is a partial of swathe {}, which this swathe does not know",
            first.command()
        );
        Error::at(first.name(), ErrorKind::Partial(why))
    })?;
    merge(&saved, matches, session)
}

fn read(name: &OsString) -> Result<(PathBuf, Vec<u8>)> {
    let mut bytes = Vec::new();
    let (path, read) = if name == "-" {
        let read = std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes);
        (Path::new("<stdin>"), read.map(drop))
    } else {
        let path = Path::new(name);
        (path, std::fs::read(path).map(|read| bytes = read))
    };
    read.map_err(|e| Error::at(path, ErrorKind::Io(e)))?;
    Ok((path.to_path_buf(), bytes))
}

/// Merges the partials of one command, in their order.
///
/// # Errors
/// When one does not hold what it should, or the answer cannot be written.
pub(crate) fn merge<C: StatCommand>(
    saved: &[Saved<'_>],
    matches: &ArgMatches,
    session: &mut Session<'_>,
) -> Result<u8> {
    let names = matches.get_many::<OsString>("path").into_iter().flatten();
    let inputs = Input::all(names)?;
    let printer = Printer::new::<C::Body>(matches, &inputs)?;
    let kept = keep::parse(matches, &inputs)?;
    let Some((first, others)) = saved.split_first() else {
        return Err(usage("nothing to merge"));
    };
    let (request, scope, mut collected) = first.decode::<C>()?;
    let statistic = request.statistic()?;
    for other in others {
        let (.., later) = other.decode::<C>()?;
        collected.append(&statistic, later);
    }
    match kept {
        Some(keep) => keep::write(&keep, &request, &scope, collected, session),
        None => answer(&request, &scope, &statistic, collected, (&printer, session)),
    }
}
