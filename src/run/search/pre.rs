//! A program that is run on each file; what it prints is searched.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread::JoinHandle,
};

use crate::{
    error::{Error, ErrorKind, Result},
    source::{Source, SourceOptions},
};

/// Whether a program is run on the file of this name.
type Takes = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// The program, and for which files.
#[derive(Clone)]
pub struct Preprocessor {
    command: OsString,
    takes: Option<Takes>,
}

impl std::fmt::Debug for Preprocessor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preprocessor")
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

impl Preprocessor {
    /// This program, for all files.
    pub fn new(command: impl Into<OsString>) -> Preprocessor {
        Preprocessor {
            command: command.into(),
            takes: None,
        }
    }

    /// Only for files whose path is so.
    #[must_use]
    pub fn only(self, takes: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Preprocessor {
        Preprocessor {
            takes: Some(Arc::new(takes)),
            ..self
        }
    }

    /// Whether it is run on the file of this path.
    pub fn takes(&self, path: &Path) -> bool {
        self.takes.as_ref().is_none_or(|takes| takes(path))
    }

    /// Starts it on a file, which it has as its argument and, if it is a
    /// regular one, on its standard input. What it prints is searched as it is.
    ///
    /// # Errors
    /// When the file cannot be opened or the program not started.
    pub fn open(&self, path: &Path, options: &SourceOptions) -> Result<Source> {
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
