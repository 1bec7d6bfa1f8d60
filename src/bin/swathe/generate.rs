//! `swathe generate`: logs of any size, and the right answers next to them.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Command;
use swathe::{
    Error, ErrorKind,
    exec::Executor,
    generate::{Expected, Options, Profile, generate},
    whole_file::{NewFile, directory},
};

use crate::{
    cli::{
        flag::{self, Group, of},
        parse::{Line, Operands},
        reading::{self, Reading},
        value,
    },
    output::{Policy, Shown},
    session::{Exit, Session, SessionOptions},
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

/// What its flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    reading: Reading,
    profile: Option<Profile>,
    size: Option<u64>,
    seed: Option<u64>,
    needles: Option<u64>,
    crlf: bool,
    invalid: f64,
    nul: f64,
    long_lines: f64,
    output: Option<PathBuf>,
    expected: Option<PathBuf>,
    force: bool,
}

type Flag = flag::Flag<Told>;

/// The command line.
pub(crate) fn line() -> Line<Told> {
    let command = Command::new("generate")
        .about("Write a log of any size whose every answer is known")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .override_usage("swathe generate [OPTIONS] --size SIZE --output FILE");
    let reading = of(
        Group::Own,
        [reading::threads(), reading::progress()],
        |o: &mut Told| &mut o.reading,
    );
    Line::new(command, Operands::NONE, flags().into_iter().chain(reading))
}

fn flags() -> Vec<Flag> {
    let rate = |written, help, field: fn(&mut Told) -> &mut f64| {
        Flag::one(written, help, value::parsed::<f64>, field)
            .brief()
            .more("0 to 1.")
    };
    vec![
        Flag::choice("--profile KIND", "What kind of log", &Profile::ALL, |o| {
            &mut o.profile
        })
        .brief()
        .more("app: a service (default); web: an access log; json: JSON Lines."),
        Flag::one("--size SIZE", "Exactly so many bytes", value::size, |o| {
            &mut o.size
        })
        .brief()
        .more("Or a number with K, M or G."),
        Flag::one(
            "--seed N",
            "What makes one log differ from another (1)",
            value::number::<u64>,
            |o| &mut o.seed,
        )
        .brief(),
        Flag::one(
            "--needles N",
            "How often a rare text is planted (8)",
            value::number::<u64>,
            |o| &mut o.needles,
        )
        .brief(),
        Flag::on("--crlf", "End lines with \\r\\n", |o| &mut o.crlf)
            .no("no-crlf")
            .brief(),
        rate(
            "--invalid RATE",
            "Share of events with a byte that is not UTF-8",
            |o| &mut o.invalid,
        ),
        rate("--nul RATE", "Share of events with a zero byte", |o| {
            &mut o.nul
        }),
        rate(
            "--long-lines RATE",
            "Share of events with a line of 8 KiB to 512 KiB",
            |o| &mut o.long_lines,
        ),
        Flag::one(
            "--output FILE",
            "Where the log goes; - is standard output",
            value::path,
            |o| &mut o.output,
        )
        .brief(),
        Flag::one(
            "--expected FILE",
            "Where the answers go",
            value::path,
            |o| &mut o.expected,
        )
        .brief()
        .more("Default: FILE.expected.json beside the log."),
        Flag::on("--force", "Replace files that are there", |o| &mut o.force).brief(),
    ]
}

/// Runs the command on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main(arguments: &[OsString]) -> Result<Exit, String> {
    line().run(arguments, |given| run(&given.options))
}

fn run(told: &Told) -> Result<Exit, String> {
    let options = options(told)?;
    options.check().map_err(|error| error.to_string())?;
    let target = Target::new(told)?;
    target.check(options.size, told.force)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let session = Session::start(
        &told.reading,
        SessionOptions {
            policy: Policy::FullBlocks,
            terminator: b'\n',
            total: Some(options.size),
            streams: target.log.is_none(),
            shown: Shown::AsWritten,
        },
    );
    match target.fill(&options, told.reading.threads(cores), &session) {
        Ok(()) => Ok(session.end(Exit::Success)),
        Err(error) => Ok(session.fail(&error)),
    }
}

fn options(told: &Told) -> Result<Options, String> {
    Ok(Options {
        profile: told.profile.unwrap_or(Profile::App),
        size: told.size.ok_or("how large? give --size, such as 1G")?,
        seed: told.seed.unwrap_or(1),
        crlf: told.crlf,
        needles: told.needles.unwrap_or(8),
        invalid: told.invalid,
        nul: told.nul,
        long_lines: told.long_lines,
    })
}

/// Where the log and its answers go.
struct Target {
    /// `None` for standard output.
    log: Option<PathBuf>,
    expected: Option<PathBuf>,
}

impl Target {
    fn new(told: &Told) -> Result<Target, String> {
        let output = told.output.clone();
        let output = output.ok_or("where to? give --output, - is standard output")?;
        let log = Some(output).filter(|path| path.as_os_str() != "-");
        let beside = |log: &PathBuf| {
            let mut name = log.clone().into_os_string();
            name.push(".expected.json");
            PathBuf::from(name)
        };
        // Beside a device there is no place for a file.
        let named = log.as_ref().filter(|log| !is_special(log));
        let expected = told.expected.clone().or_else(|| named.map(beside));
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
        swathe::whole_file::write(path, (pretty(&made) + "\n").as_bytes())
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
