//! Inputs that are looked at before they are read: for their last timestamp, for their
//! first, for what there is to ask of them.
//!
//! What is read afterwards is what was looked at ([`Seen`]). A look that fails is an error of
//! that input: it is told when the input would be read, which it then is not, so that no
//! answer is given as if there had been no look.

use std::{
    collections::HashMap,
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use swathe::{
    Error, ErrorKind, Result,
    source::{Opened, Seen, Source, SourceOptions},
};

use crate::{closed, pipe};

/// Something that may have to be looked at before it is read.
pub(crate) trait Look {
    /// Its path; `None` for standard input.
    fn path(&self) -> Option<&Path>;

    /// The name messages have it under.
    fn name(&self) -> &Path {
        self.path().unwrap_or(Path::new("<stdin>"))
    }

    /// Whether it is a pipe, or another thing that cannot be opened twice.
    fn reads_once(&self) -> bool {
        match self.path() {
            Some(path) => std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()),
            None => !is_file(),
        }
    }
}

impl<L: Look> Look for &L {
    fn path(&self) -> Option<&Path> {
        (*self).path()
    }
}

/// Whether standard input is a file with a size.
fn is_file() -> bool {
    let stat = rustix::fs::fstat(std::io::stdin().as_fd());
    stat.is_ok_and(|stat| {
        rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file() && stat.st_size > 0
    })
}

/// Before standard input is opened: asks for a larger pipe.
///
/// # Errors
/// When it was closed already.
pub(crate) fn stdin_is_open() -> Result<()> {
    if closed::stdin() {
        return Err(Error::at("<stdin>", ErrorKind::Closed));
    }
    pipe::widen(std::io::stdin());
    Ok(())
}

/// Opens the file of this name, or standard input; as it was `seen`, if it was opened before.
///
/// # Errors
/// As [`Source::open_again`].
pub(crate) fn open(
    path: Option<&Path>,
    options: &SourceOptions,
    seen: Option<&Seen>,
) -> Result<Source> {
    match (path, seen) {
        (Some(path), Some(seen)) => Source::open_again(path, options, seen),
        (Some(path), None) => Source::open(path, options),
        (None, Some(seen)) => Source::stdin_again(options, seen),
        (None, None) => {
            stdin_is_open()?;
            Source::stdin(options)
        }
    }
}

/// The same, as an archive if it is one.
///
/// # Errors
/// As [`Opened::open_again`].
pub(crate) fn open_archive(
    path: Option<&Path>,
    options: &SourceOptions,
    seen: Option<&Seen>,
) -> Result<Opened> {
    match (path, seen) {
        (Some(path), Some(seen)) => Opened::open_again(path, options, seen),
        (Some(path), None) => Opened::open(path, options),
        (None, Some(seen)) => Opened::stdin_again(options, seen),
        (None, None) => {
            stdin_is_open()?;
            Opened::stdin(options)
        }
    }
}

/// What came of the looks at inputs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looks(Arc<Mutex<HashMap<Option<PathBuf>, Looked>>>);

#[derive(Debug)]
enum Looked {
    /// It was this; whether somebody reads it already.
    File(Seen, bool),
    Failed(Error),
}

impl Looks {
    /// Opens an input to look at it.
    ///
    /// # Errors
    /// When it cannot be opened, which is told again when it is to be read.
    pub(crate) fn look(&self, input: &impl Look, options: &SourceOptions) -> Result<Source> {
        let before = match self.all().get(&key(input)) {
            Some(Looked::Failed(error)) => return Err(error.again()),
            Some(Looked::File(seen, _)) => Some(*seen),
            None => None,
        };
        let opened = open(input.path(), options, before.as_ref());
        match &opened {
            Ok(source) => {
                if let Some(seen) = source.seen() {
                    let mut all = self.all();
                    all.entry(key(input)).or_insert(Looked::File(seen, false));
                }
            }
            Err(error) => self.failed(input, error),
        }
        opened
    }

    /// A look at an input has failed.
    pub(crate) fn failed(&self, input: &impl Look, error: &Error) {
        let error = error.again().or_at(input.name());
        self.all().insert(key(input), Looked::Failed(error));
    }

    /// What an input was when it was looked at, for whoever reads it; `None` if nobody looked.
    ///
    /// # Errors
    /// When the look failed.
    pub(crate) fn first(&self, input: &impl Look) -> Result<Option<Seen>> {
        let mut all = self.all();
        if all.is_empty() {
            // Asked for each of many small files.
            return Ok(None);
        }
        match all.get_mut(&key(input)) {
            Some(Looked::Failed(error)) => Err(error.again()),
            // Where standard input is named twice, the first has all of it.
            Some(Looked::File(_, true)) if input.path().is_none() => Ok(None),
            Some(Looked::File(seen, read)) => {
                *read = true;
                Ok(Some(*seen))
            }
            None => Ok(None),
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Option<PathBuf>, Looked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(input: &impl Look) -> Option<PathBuf> {
    input.path().map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Command;
    use swathe::{exec::Stop, progress::Silent, statistic::Wc};

    use super::*;
    use crate::stat::{
        Session, args,
        input::Input,
        run::{Way, gather},
    };
    use crate::{
        output::{Output, Policy, Shown},
        signals::Interrupt,
    };

    /// What happens to the second of two inputs between the look for the end and reading.
    type Change = fn(&Path);

    const LINE: &str = "2026-11-23T14:00:00Z a\n";

    #[test]
    fn what_is_read_is_what_was_looked_at() {
        let dir = std::env::temp_dir().join(format!("swathe-looks-{}", std::process::id()));
        let (one, other) = (dir.join("a"), dir.join("b"));
        let cases: [(&str, bool, Change, Option<&str>); 6] = [
            ("nothing", true, |_| {}, None),
            (
                "grew",
                true,
                |path| fs::write(path, LINE.repeat(9)).unwrap(),
                None,
            ),
            (
                "cut",
                true,
                |path| fs::write(path, LINE).unwrap(),
                Some("file shrank from"),
            ),
            (
                "replaced",
                true,
                |path| {
                    let new = path.with_extension("new");
                    fs::write(&new, LINE.repeat(9)).unwrap();
                    fs::rename(new, path).unwrap();
                },
                Some("file was replaced"),
            ),
            ("missing", false, |_| {}, Some("No such file")),
            // A look that failed is no reason to answer as if there had been none.
            (
                "missing at first",
                false,
                |path| fs::write(path, LINE.repeat(2)).unwrap(),
                Some("No such file"),
            ),
        ];
        for args in [&["--since", "end-1m"][..], &["--order", "time"]] {
            for (name, there, change, want) in cases {
                let _ = fs::remove_dir_all(&dir);
                fs::create_dir_all(&dir).unwrap();
                fs::write(&one, LINE).unwrap();
                if there {
                    fs::write(&other, LINE.repeat(2)).unwrap();
                }
                let (lines, said) = gathered(args, [&one, &other], change);
                let what = format!("{args:?}, {name}: {said:?}");
                match want {
                    None => assert!(lines == 3 && said.is_empty(), "{what}"),
                    Some(want) => {
                        assert!(lines == 1 && said.len() == 1, "{what}");
                        assert!(said[0].contains(want), "{what}");
                    }
                }
            }
        }
        fs::remove_dir_all(&dir).unwrap();
    }

    /// How many lines are counted, and what is said.
    fn gathered(args: &[&str], paths: [&Path; 2], change: Change) -> (u64, Vec<String>) {
        let command = args::add(Command::new("count"));
        let matches = command.get_matches_from([&["count"], args].concat());
        let common = args::parse(&matches).unwrap();
        let inputs = paths.map(|path| Input::Path(path.to_path_buf())).to_vec();
        let inputs = common.asked.ordered(inputs, common.looks()).unwrap();
        let scope = common.asked.scope(None, &inputs, common.looks()).unwrap();
        change(paths[1]);
        let mut said = Vec::new();
        let mut complain = |error: &Error| said.push(error.to_string());
        let (mut out, stop) = (Vec::new(), Stop::new());
        let stdout = Output::stdout(Policy::Blocks, b'\n', Shown::AsWritten);
        let mut session = Session {
            out: &mut out,
            output: &stdout,
            complain: &mut complain,
            stop: &stop,
            interrupt: &Interrupt::default(),
            progress: &Silent,
            held: Vec::new(),
        };
        let wc = Wc {
            newlines: true,
            ..Wc::default()
        };
        let gathered = gather(
            &wc,
            &inputs,
            (&common, &scope),
            &mut session,
            (Way::default(), None),
        );
        let collected = gathered.unwrap().collected;
        assert_eq!(collected.errors.len(), said.len());
        (collected.total.newlines, said)
    }

    #[test]
    fn standard_input_that_is_named_twice_is_read_once() {
        let looks = Looks::default();
        let stdin = Input::Stdin { named: true };
        let path = Path::new("Cargo.toml");
        let seen = Source::open(path, &SourceOptions::default())
            .unwrap()
            .seen();
        looks.all().insert(None, Looked::File(seen.unwrap(), false));
        assert_eq!(looks.first(&stdin).unwrap(), seen);
        assert_eq!(looks.first(&stdin).unwrap(), None);
    }
}
