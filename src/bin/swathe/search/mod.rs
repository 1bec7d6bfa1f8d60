//! `swathe search`.
//!
//! [`flags`] is the table of flags, [`low`] what they say, [`job`] what that
//! means here and now, [`run`] does it.

mod as_bytes;
mod check;
mod choose;
mod flags;
mod job;
mod links;
mod list;
pub(crate) mod low;
mod patterns;
mod resume;
mod run;

use std::ffi::{OsStr, OsString};

use clap::Command;
use swathe::search::Search;

use self::{
    job::{Job, Surroundings},
    low::Low,
};
use crate::{
    cli::{
        config,
        parse::{Given, Line, Operands, Parsed},
    },
    explain, gentle, messages,
    session::Exit,
};

/// The variable that names a file of arguments.
const CONFIG: &str = "SWATHE_CONFIG_PATH";

const EXAMPLES: &str = "\
Examples:
  swathe search -n 'ERROR|FATAL' app.log       lines that match, numbered
  swathe search -c -i -t log timeout logs/     how many lines match, in each log there
  tail -f app.log | swathe search -A2 panic    as they come, with what follows";

const MORE: &str = "\
The regexes, the flags and the output are ripgrep's; the output is the same for any number of \
threads. Without PATH, standard input is searched if something is piped in, else the current \
directory. Of directories those files are searched that no ignore file (.gitignore, .ignore, \
.rgignore) leaves out, that are not hidden and not binary; files that are named always are.

--resume STATE prints what came to the files since the last run with the same pattern and filters, \
each line once, when it has ended: what the runs print, one after the other, is what one search \
would print of all lines, with numbers and offsets of the whole file, context included. STATE has \
how far each file was searched, and is written anew when the output is out. What -m, \
--first, --stop-on-nonmatch, -q or -l leave unread counts as seen. Where another file has taken the name (app.log became \
app.log.1, was copied and cut, or packed since), the old one is found in the same folder and \
searched to its end first, and then those that had the name in between; what is not there any more \
is an error. A file that was cut or written over is searched from its start, and so are all if STATE is damaged \
or of another pattern; a line on standard error says so. A NUL byte makes a file binary in its \
first 64 KiB and in lines that are printed.

Exit status: 0 something matched, 1 nothing matched, 2 an error (what could be searched was), \
130 interrupted (143 by SIGTERM): counts that are then of a part say so.";

/// Searches as the arguments, those behind the command's name, say.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main(arguments: &[OsString]) -> Result<Exit, String> {
    let line = line();
    let mut low = match typed(&line, arguments)? {
        Ok(low) => low,
        Err(exit) => return Ok(exit),
    };
    let configured = if low.no_config { vec![] } else { configured() };
    if !configured.is_empty() {
        let all = [&configured, arguments].concat();
        low = match typed(&line, &all)? {
            Ok(low) => low,
            Err(exit) => return Ok(exit),
        };
    }
    explain::start(low.log);
    if low.reading.gentle {
        gentle::start();
    }
    log::debug!("arguments from the file that {CONFIG} names: {configured:?}");
    if low.pcre2_version {
        return Ok(flags::pcre2_version());
    }
    let job = Job::new(low, &Surroundings::observe())?;
    if let Some(listing) = job.listing {
        return Ok(list::run(&job, listing));
    }
    if !job.matches_possible {
        return Ok(Exit::NoMatch);
    }
    let patterns = patterns::compile(&job.pattern_options, job.engine, &job.patterns)?;
    if patterns.spans_lines() {
        check::check_spanning(&job.extensions)?;
    }
    job.explain(&patterns);
    let search = Search::new(patterns, job.search.clone());
    let chosen = choose::choose(&job, search)?;
    let resumed = match resume::open(&job)? {
        Ok(resumed) => resumed,
        Err(error) => {
            messages::say(error.path(), &error);
            return Ok(Exit::Failure);
        }
    };
    Ok(run::run(&job, chosen, resumed))
}

/// The options, operands included, or how showing help ended.
fn typed(line: &Line<Low>, arguments: &[OsString]) -> Result<Result<Low, Exit>, String> {
    Ok(match line.parse(arguments)? {
        Parsed::Given(Given {
            options, operands, ..
        }) => Ok(Low {
            positional: operands,
            ..options
        }),
        Parsed::Shown(exit) => Err(exit),
    })
}

/// The command line.
pub(crate) fn line() -> Line<Low> {
    let command = Command::new("search")
        .override_usage("swathe search [OPTIONS] PATTERN [PATH]...  (or -e PATTERN for PATTERN)")
        .before_help(EXAMPLES)
        .after_long_help(MORE);
    Line::new(command, Operands::any("", ""), flags::table())
}

/// The arguments of the file that the environment names. One that cannot be
/// read is spoken of, but is no reason not to search.
fn configured() -> Vec<OsString> {
    let Some(path) = std::env::var_os(CONFIG).filter(|path| path != OsStr::new("")) else {
        return Vec::new();
    };
    config::arguments(path.as_ref()).unwrap_or_else(|error| {
        let error = swathe::Error::from(error);
        messages::say(
            Some(path.as_ref()),
            format_args!("{error} (named by {CONFIG})"),
        );
        Vec::new()
    })
}
