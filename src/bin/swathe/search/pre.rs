//! A program that is run on each file; what it prints is searched.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use ignore::overrides::{Override, OverrideBuilder};
use swathe::{
    Error, ErrorKind,
    source::{Source, SourceOptions},
};

use super::low::Low;

/// The program, and for which files.
#[derive(Clone, Debug)]
pub(super) struct Preprocessor {
    command: OsString,
    globs: Override,
}

impl Preprocessor {
    /// What `--pre` and `--pre-glob` ask for.
    ///
    /// # Errors
    /// When a glob does not compile.
    pub(super) fn new(low: &Low) -> Result<Option<Preprocessor>, String> {
        let Some(command) = low.reading.pre.clone() else {
            return Ok(None);
        };
        let fail = |error: &dyn std::fmt::Display| format!("--pre-glob: {error}");
        let globs = if low.pre_globs.is_empty() {
            Override::empty()
        } else {
            let here = std::env::current_dir().map_err(|e| fail(&e))?;
            let mut builder = OverrideBuilder::new(here);
            for glob in &low.pre_globs {
                builder.add(glob).map_err(|e| fail(&e))?;
            }
            builder.build().map_err(|e| fail(&e))?
        };
        Ok(Some(Preprocessor { command, globs }))
    }

    /// Whether it is run on this file.
    pub(super) fn takes(&self, path: &Path) -> bool {
        self.globs.is_empty() || !self.globs.matched(path, false).is_ignore()
    }

    /// Starts it on a file, which it has as its argument and, if it is a
    /// regular one, on its standard input. What it prints is searched as it is.
    ///
    /// # Errors
    /// When the file cannot be opened or the program not started.
    pub(super) fn open(&self, path: &Path, options: &SourceOptions) -> swathe::Result<Source> {
        let at = |error| Error::at(path, ErrorKind::Io(error));
        // A FIFO would be waited for, and be empty for the program.
        let stdin = if path.metadata().map_err(at)?.is_file() {
            Stdio::from(File::open(path).map_err(at)?)
        } else {
            Stdio::null()
        };
        let mut command = Command::new(&self.command);
        command.arg(path).stdin(stdin);
        let output = Output::start(&mut command, &self.command).map_err(at)?;
        let options = SourceOptions {
            keep_packed: true,
            ..options.clone()
        };
        Ok(Source::from_reader_with(path, output, &options))
    }
}

/// How much is kept of what a program says went wrong, in bytes.
const SAID: u64 = 1000;

/// What a program prints; an error at its end if it fails.
struct Output {
    name: String,
    child: Child,
    /// Reads what it says, all of it, so that it is never held up.
    said: Option<JoinHandle<Vec<u8>>>,
}

impl Output {
    fn start(command: &mut Command, name: &OsStr) -> io::Result<Output> {
        let name = name.to_string_lossy().into_owned();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| {
            let error = Error::from(error);
            io::Error::other(format!(
                "the program of --pre, '{name}', could not be started: {error} (check its name, \
                 PATH, and that it may be executed)"
            ))
        })?;
        // Without a thread to be had, what it says is not heard.
        let said = child.stderr.take().and_then(|mut stderr| {
            let thread = std::thread::Builder::new().spawn(move || {
                let mut said = Vec::new();
                // What it says does not matter if it cannot be read.
                let _ = stderr.by_ref().take(SAID).read_to_end(&mut said);
                let _ = io::copy(&mut stderr, &mut io::sink());
                said
            });
            thread.ok()
        });
        Ok(Output { name, child, said })
    }

    /// Waits for its end, which should be success.
    fn end(&mut self) -> io::Result<()> {
        if self.child.stdout.take().is_none() {
            return Ok(());
        }
        let status = self.child.wait()?;
        let said = self.said.take().and_then(|said| said.join().ok());
        if status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
        let said: Vec<&str> = said
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        let said = match said.join("; ") {
            nothing if nothing.is_empty() => "it said nothing".to_string(),
            said => format!("it said: {}", said.replace(char::is_control, "?")),
        };
        let name = &self.name;
        Err(io::Error::other(format!(
            "the program of --pre, '{name}', failed with {status}; {said} (what it printed before \
             was searched)"
        )))
    }
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = match &mut self.child.stdout {
            Some(stdout) => stdout.read(buffer)?,
            None => 0,
        };
        if got == 0 && !buffer.is_empty() {
            self.end()?;
        }
        Ok(got)
    }
}

impl Drop for Output {
    /// Whoever left it early does not want to know how it ended.
    fn drop(&mut self) {
        let _ = self.end();
    }
}
