//! `swathe bench`: how fast, against what the machine and other tools can do.

pub(crate) mod args;
mod child;
mod choice;
mod file;
mod html;
mod measure;
mod neighbour;
mod probe;
mod rows;
mod workload;

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use swathe::{
    Error, ErrorKind, Result,
    report::{Format, Layout, Name, Report},
};

use self::{
    args::{Asked, Probe, Told},
    choice::Choice,
    file::Measured,
    measure::Bench,
    rows::{BenchBody, Machine},
};
use crate::{
    cli::parse::Typed,
    output::{Policy, Shown},
    session::{self, Exit, Session, SessionOptions},
    stat::{print, whole_file},
};

/// Runs the command on the arguments behind its name.
///
/// # Errors
/// With what is wrong about them.
pub(crate) fn main(arguments: &[OsString]) -> std::result::Result<Exit, String> {
    args::line().run(arguments, |given| {
        let path = given.operands.first().map(PathBuf::from);
        run(&given.options, path)
    })
}

fn run(told: &Told, path: Option<PathBuf>) -> std::result::Result<Exit, String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = args::asked(told, path, cores);
    if let Some(probe) = told.probe {
        return probed(probe, &asked);
    }
    let output = told.output.as_deref();
    let output = output.filter(|path| !whole_file::is_stdout(path));
    if let Some(path) = output {
        whole_file::check("--output", path, &[], &Typed::new())
            .map_err(|error| error.to_string())?;
    }
    let options = SessionOptions {
        policy: Policy::Blocks,
        terminator: b'\n',
        total: None,
        streams: false,
        shown: Shown::Text,
    };
    let session = Session::start(&told.reading, options);
    match answered(&asked, cores, (told.format, output), &session) {
        Ok(()) => Ok(session.end(Exit::Success)),
        Err(error) => Ok(session.fail(&error)),
    }
}

/// The schema of the answer.
pub(crate) fn schema() -> serde_json::Value {
    swathe::report::schema::<BenchBody>("bench")
}

/// What a child of this command does.
fn probed(probe: Probe, asked: &Asked) -> std::result::Result<Exit, String> {
    let threads = asked.threads.first().copied().unwrap_or(1);
    let (bytes, seconds) = match &asked.path {
        Some(path) if probe == Probe::Read => {
            probe::read(path, threads).map_err(|error| format!("{}: {error}", path.display()))?
        }
        _ => probe::memory(threads),
    };
    Ok(session::print(&format!("{bytes} {seconds}\n")))
}

fn answered(
    asked: &Asked,
    cores: usize,
    (format, output): (Option<Format>, Option<&Path>),
    session: &Session,
) -> Result<()> {
    let Some(body) = measured(asked, cores, session)? else {
        return Ok(());
    };
    let rendered = match format.or_else(|| output.and_then(Format::of_file)) {
        Some(Format::Json) => Report::new("bench", Vec::new(), body).to_json(),
        Some(Format::Html) => body.html(),
        _ if output.is_some() => body.text(&Layout::default()),
        _ => body.text(&print::of_terminal()),
    };
    match output {
        Some(path) => swathe::whole_file::write(path, rendered.as_bytes()),
        None => Ok(std::io::Write::write_all(
            &mut session.output.clone(),
            rendered.as_bytes(),
        )?),
    }
}

/// Measures all that was asked for; `None` if it was interrupted.
fn measured(asked: &Asked, cores: usize, session: &Session) -> Result<Option<BenchBody>> {
    let (file, patterns) = if let Some(path) = &asked.path {
        let at = |error| Error::at(path, ErrorKind::Io(error));
        (
            Measured::open(path).map_err(at)?,
            Choice::of(path).map_err(at)?,
        )
    } else {
        let (stop, place) = (session.interrupt.stop(), place());
        let made = Measured::generated(&place, asked.size, cores, &stop, &session.meter)?;
        let Some(file) = made else {
            return Ok(None);
        };
        (file, Choice::generated())
    };
    let mut bench = Bench::new(&file, asked, &patterns, session)?;
    if !bench.all(cores)? {
        return Ok(None);
    }
    Ok(Some(BenchBody {
        machine: machine(cores),
        version: env!("CARGO_PKG_VERSION"),
        path: asked.path.as_deref().map(Name::from),
        bytes: file.size,
        runs: asked.runs,
        notes: bench.notes,
        ceilings: bench.ceilings,
        rows: bench.rows,
        neighbours: bench.neighbours,
        patterns,
    }))
}

/// Where the generated file is: on a disk if possible, which the directory for
/// temporary files need not be.
fn place() -> PathBuf {
    let chosen = std::env::var_os("TMPDIR").map(PathBuf::from);
    let usual = PathBuf::from("/var/tmp");
    chosen
        .or_else(|| usual.is_dir().then_some(usual))
        .unwrap_or_else(std::env::temp_dir)
}

fn machine(cores: usize) -> Machine {
    let line = |file: &str, name: &str| -> Option<String> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_string())
    };
    let memory = line("/proc/meminfo", "MemTotal");
    let kilobytes = memory.and_then(|memory| memory.split(' ').next()?.parse::<u64>().ok());
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Machine {
        processor: line("/proc/cpuinfo", "model name")
            .unwrap_or_else(|| "an unknown processor".to_string()),
        cores,
        memory: kilobytes.unwrap_or_default() << 10,
        system: format!("{} {}", std::env::consts::OS, release.trim()),
    }
}
