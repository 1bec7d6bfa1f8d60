//! `swathe generate`: logs of any size, and the right answers next to them.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use swathe::{
    Error, ErrorKind,
    exec::Executor,
    generate::{Expected, Options, Profile, generate},
};

use crate::{
    cli::{
        parse::shown,
        reading::{Reading, When},
    },
    new_file::{NewFile, directory},
    output::{Policy, Shown},
    session::{Exit, Session, SessionOptions},
    stat::{size::parse_size, whole_file},
};

const EXAMPLES: &str = "\
Examples:
  swathe generate --profile app --size 1G --output app.log
  swathe generate --profile web --size 200M --seed 7 --crlf --output access.log
  swathe generate --profile json --size 10M --invalid 0.01 --output - | swathe stats";

const MORE: &str = "\
The bytes depend on the options alone: neither on the machine nor on the number of threads. Beside
FILE comes FILE.expected.json with the exact answers of stats, count, top, values and timeline,
counted while the lines were made and never by searching them.

Keys follow Zipf's law, latencies are log-normal, and a log of any size spans one day with a busy
afternoon. Needles (the text 'ledger out of balance', which is nowhere else) are planted across
offsets that are powers of two, the greatest first, and at least a quarter of them evenly over the
file: whoever cuts a file at such an offset must not lose one.

FILE appears when it is complete. A full disk or an interrupt leaves nothing behind.";

/// The command line.
pub(crate) fn command() -> Command {
    let flag =
        |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let rate = |name: &'static str| {
        flag(name, "RATE")
            .value_parser(value_parser!(f64))
            .default_value("0")
            .hide_default_value(true)
    };
    let profiles = Profile::ALL.map(|(name, _)| name);
    Command::new("generate")
        .about("Write a log of any size whose every answer is known")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .args([
            flag("profile", "KIND")
                .value_parser(PossibleValuesParser::new(profiles))
                .hide_possible_values(true)
                .default_value("app")
                .help("app (a service), web (access log), json (JSON Lines) or syslog"),
            flag("size", "SIZE")
                .value_parser(parse_size)
                .required(true)
                .help("Exactly so many bytes (K, M, G)"),
            flag("seed", "N")
                .value_parser(value_parser!(u64))
                .default_value("1")
                .help("What makes one log differ from another"),
            flag("needles", "N")
                .value_parser(value_parser!(u64))
                .default_value("8")
                .help("How often a rare text is planted"),
            Arg::new("crlf")
                .long("crlf")
                .action(ArgAction::SetTrue)
                .help("End lines with \\r\\n"),
            rate("invalid").help("Share of events with a byte that is not UTF-8, 0 to 1"),
            rate("nul").help("Share of events with a zero byte, 0 to 1"),
            rate("long-lines").help("Share of events with a line of 8 KiB to 512 KiB, 0 to 1"),
            flag("output", "FILE")
                .value_parser(value_parser!(OsString))
                .required(true)
                .help("Where the log goes; - is standard output"),
            flag("expected", "FILE")
                .value_parser(value_parser!(OsString))
                .help("Where the answers go [default: FILE.expected.json beside the log]"),
            Arg::new("force")
                .long("force")
                .action(ArgAction::SetTrue)
                .help("Replace files that are there"),
            flag("threads", "N")
                .short('j')
                .value_parser(value_parser!(usize))
                .default_value("0")
                .help("Use N threads (0: as many as there are cores for us)"),
            flag("progress", "WHEN")
                .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
                .hide_possible_values(true)
                .default_value("auto")
                .hide_short_help(true)
                .help("Show how far it has come: auto, always, never"),
        ])
}

/// Runs the command on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main(arguments: &[OsString]) -> Result<Exit, String> {
    let command = command()
        .no_binary_name(true)
        .bin_name("swathe generate")
        .version(env!("CARGO_PKG_VERSION"))
        .max_term_width(90);
    let matches = match command.try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return shown(&error),
    };
    let options = options(&matches);
    options.check().map_err(|error| error.to_string())?;
    let target = Target::new(&matches)?;
    target.check(options.size, matches.get_flag("force"))?;
    let threads = match matches.get_one::<usize>("threads") {
        None | Some(0) => std::thread::available_parallelism().map_or(1, usize::from),
        Some(&threads) => threads,
    };
    let reading = Reading {
        progress: match matches.get_one::<String>("progress").map(String::as_str) {
            Some("always") => When::Always,
            Some("never") => When::Never,
            _ => When::Auto,
        },
        ..Reading::default()
    };
    let session = Session::start(
        &reading,
        SessionOptions {
            policy: Policy::FullBlocks,
            terminator: b'\n',
            total: Some(options.size),
            streams: target.log.is_none(),
            shown: Shown::AsWritten,
        },
    );
    match target.fill(&options, threads, &session) {
        Ok(()) => Ok(session.end(Exit::Success)),
        Err(error) => Ok(session.fail(&error)),
    }
}

fn options(matches: &ArgMatches) -> Options {
    let number = |name: &str| matches.get_one::<u64>(name).copied().unwrap_or_default();
    let rate = |name: &str| matches.get_one::<f64>(name).copied().unwrap_or_default();
    let profile = matches.get_one::<String>("profile");
    let named = |(name, _): &&(&str, Profile)| profile.is_some_and(|profile| profile == name);
    let profile = Profile::ALL
        .iter()
        .find(named)
        .map_or(Profile::App, |(_, profile)| *profile);
    Options {
        profile,
        size: number("size"),
        seed: number("seed"),
        crlf: matches.get_flag("crlf"),
        needles: number("needles"),
        invalid: rate("invalid"),
        nul: rate("nul"),
        long_lines: rate("long-lines"),
    }
}

/// Where the log and its answers go.
struct Target {
    /// `None` for standard output.
    log: Option<PathBuf>,
    expected: Option<PathBuf>,
}

impl Target {
    fn new(matches: &ArgMatches) -> Result<Target, String> {
        let path = |name: &str| matches.get_one::<OsString>(name).map(PathBuf::from);
        let log = path("output").filter(|path| path.as_os_str() != "-");
        let beside = |log: &PathBuf| {
            let mut name = log.clone().into_os_string();
            name.push(".expected.json");
            PathBuf::from(name)
        };
        // Beside a device there is no place for a file.
        let named = log.as_ref().filter(|log| !is_special(log));
        let expected = path("expected").or_else(|| named.map(beside));
        if expected.is_some() && expected == log {
            return Err("--output and --expected name the same file".to_string());
        }
        Ok(Target { log, expected })
    }

    /// Finds out what can be known to go wrong before anything is written.
    fn check(&self, size: u64, force: bool) -> Result<(), String> {
        for path in self.log.iter().chain(&self.expected) {
            let shown = path.display();
            if path.is_dir() {
                return Err(format!("{shown} is a directory; name a file"));
            }
            if !force && fs::symlink_metadata(path).is_ok() && !is_special(path) {
                return Err(format!("{shown} exists already; --force replaces it"));
            }
            let parent = directory(path);
            if !parent.is_dir() {
                let parent = parent.display();
                return Err(format!(
                    "{shown}: there is no directory {parent}; create it first"
                ));
            }
        }
        let regular = self.log.as_ref().filter(|log| !is_special(log));
        let room = regular.and_then(|log| rustix::fs::statvfs(directory(log)).ok());
        if let Some(room) = room.map(|room| room.f_bavail.saturating_mul(room.f_frsize))
            && room < size
        {
            let shown = regular.map_or(Path::new(""), PathBuf::as_path).display();
            return Err(format!(
                "{shown}: {size} bytes are asked for and {room} are free there; \
                 choose another place or a smaller --size"
            ));
        }
        Ok(())
    }

    fn fill(&self, options: &Options, threads: usize, session: &Session) -> swathe::Result<()> {
        let write = |out: &mut (dyn Write + Send)| {
            let (stop, executor) = (session.interrupt.stop(), Executor::new(threads));
            let mut out = out;
            generate(options, &executor, &stop, &session.meter, &mut out)
        };
        let Some(log) = &self.log else {
            let made = write(&mut session.output.clone())?;
            return self.answers(made);
        };
        let at = |error: io::Error| Error::at(log, ErrorKind::Io(error));
        if is_special(log) {
            let mut out = fs::OpenOptions::new().write(true).open(log).map_err(at)?;
            let made = write(&mut out).map_err(|error| error.or_at(log))?;
            return self.answers(made);
        }
        // Of a link it is the file behind it that is replaced.
        let target = fs::canonicalize(log).unwrap_or_else(|_| log.clone());
        let mut new = NewFile::create(&target).map_err(at)?;
        let made = write(new.file()).map_err(|error| error.or_at(log))?;
        if made.is_none() {
            return Ok(());
        }
        // Answers without a log are of no use; a log without answers is a log.
        new.keep(true).map_err(at)?;
        self.answers(made)
    }

    fn answers(&self, made: Option<Expected>) -> swathe::Result<()> {
        let (Some(made), Some(path)) = (made, &self.expected) else {
            return Ok(());
        };
        whole_file::write(path, (pretty(&made) + "\n").as_bytes())
    }
}

/// The schema of the answers.
pub(crate) fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Expected>();
    schema.insert(
        "title".into(),
        "FILE.expected.json of swathe generate".into(),
    );
    schema.to_value()
}

/// JSON with a line for every number.
fn pretty(made: &Expected) -> String {
    serde_json::to_string_pretty(made).expect("rows are plain data with string keys")
}

/// Whether there is something there that is no file and no directory.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}
