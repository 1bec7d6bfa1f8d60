//! One run of a program in a process of its own.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read as _},
    mem::MaybeUninit,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use xxhash_rust::xxh3::Xxh3;

/// Between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(2);

/// A program and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    /// The locale it runs in.
    pub(crate) locale: Option<&'static str>,
}

impl Call {
    pub(crate) fn new(program: impl Into<OsString>, arguments: &[&str]) -> Call {
        Call {
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            locale: None,
        }
    }

    /// The call with another argument at the end.
    pub(crate) fn with(mut self, argument: impl Into<OsString>) -> Call {
        self.arguments.push(argument.into());
        self
    }
}

/// What a run took.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Seconds until it ended.
    pub(crate) wall: f64,
    /// Seconds of processors, its own and the system's for it.
    pub(crate) cpu: f64,
    /// The most anonymous and shared memory that was seen; what is over in
    /// milliseconds may not have been.
    pub(crate) memory: u64,
    pub(crate) printed: Printed,
    /// The exit status; `None` if a signal ended it.
    pub(crate) status: Option<i32>,
}

/// What a run printed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Printed {
    hash: u64,
    length: u64,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
}

/// Runs a program to its end. What it prints goes into a pipe that is emptied:
/// some programs stop early when they see `/dev/null`.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn run(call: &Call) -> io::Result<Run> {
    let mut command = Command::new(&call.program);
    command
        .args(&call.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
        .env_remove("SWATHE_CONFIG_PATH")
        .env_remove("RIPGREP_CONFIG_PATH");
    if let Some(locale) = call.locale {
        command.env("LC_ALL", locale);
    }
    let start = Instant::now();
    let mut child = command.spawn()?;
    let (pid, mut stdout) = (child.id(), child.stdout.take());
    let ended = AtomicBool::new(false);
    let (printed, memory) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| watch(pid, &ended));
        let printed = drain(&mut stdout);
        ended.store(true, Ordering::Relaxed);
        (printed, watch.join().unwrap_or(0))
    });
    let (status, cpu) = wait(&child)?;
    Ok(Run {
        wall: start.elapsed().as_secs_f64(),
        cpu,
        memory,
        printed: printed?,
        status,
    })
}

fn drain(stdout: &mut Option<std::process::ChildStdout>) -> io::Result<Printed> {
    let (mut hash, mut length, mut head) = (Xxh3::new(), 0, Vec::new());
    let mut buffer = vec![0; 256 << 10];
    if let Some(pipe) = stdout {
        swathe::source::widen_pipe(&*pipe);
        loop {
            let read = match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(read);
            length += read.len() as u64;
            let room = 4096usize.saturating_sub(head.len());
            head.extend_from_slice(&read[..read.len().min(room)]);
        }
    }
    Ok(Printed {
        hash: hash.digest(),
        length,
        head,
    })
}

/// Looks at the memory of a process until it has closed its output.
fn watch(pid: u32, ended: &AtomicBool) -> u64 {
    let status = format!("/proc/{pid}/status");
    let mut most = 0;
    while !ended.load(Ordering::Relaxed) {
        let Ok(text) = fs::read_to_string(&status) else {
            break;
        };
        let pages = text
            .lines()
            .filter(|line| line.starts_with("RssAnon:") || line.starts_with("RssShmem:"));
        let kilobytes =
            pages.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        most = most.max(kilobytes.sum::<u64>() << 10);
        std::thread::sleep(LOOK);
    }
    most
}

/// Waits for a child and tells its status and its processor seconds.
#[allow(
    unsafe_code,
    reason = "the standard library does not tell what a child used"
)]
fn wait(child: &Child) -> io::Result<(Option<i32>, f64)> {
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    loop {
        let (mut status, mut usage) = (0, MaybeUninit::<libc::rusage>::zeroed());
        // SAFETY: both pointers are to memory of ours of their types, and the
        // child is not waited for by anybody else.
        let ended = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
        if ended == pid {
            // SAFETY: all zeros are an rusage, whatever of it was written.
            let usage = unsafe { usage.assume_init() };
            let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
            let code = libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
            return Ok((code, seconds(usage.ru_utime) + seconds(usage.ru_stime)));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
