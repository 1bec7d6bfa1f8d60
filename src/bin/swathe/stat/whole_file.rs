//! Files that are written whole or not at all.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use swathe::{Error, ErrorKind, Result, harmless, run::Input};

use super::usage;
use crate::{
    cli::parse::Typed,
    messages::name,
    new_file::{NewFile, directory},
};

/// Replaces the file by one with this content: it is written where nobody sees it,
/// comes to the disk, and then takes its name. Whoever reads the name meanwhile sees
/// the old content or the new. What is no regular file is written to as it is.
///
/// # Errors
/// When it cannot be written; the old file is then as it was.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    write_all(&[(path.to_path_buf(), content)])
}

/// The same for several files: none gets its name before all are complete.
///
/// # Errors
/// When one cannot be written, with its name.
pub(crate) fn write_all(files: &[(PathBuf, &[u8])]) -> Result<()> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Error::at(path, ErrorKind::Io(error))
    };
    let mut complete = Vec::new();
    for (path, content) in files {
        let file = written(path, content).map_err(at(path))?;
        complete.extend(file.map(|file| (path, file)));
    }
    for (path, file) in complete {
        file.keep(true).map_err(at(path))?;
        // The name is on the disk when the directory is. Not every file system can.
        if let Ok(directory) = File::open(directory(&target(path))) {
            let _ = directory.sync_all();
        }
    }
    Ok(())
}

/// A complete file without its name; nothing if it was written to as it is.
fn written(path: &Path, content: &[u8]) -> io::Result<Option<NewFile>> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(meta) if !meta.is_file() || is_open_file(path) => {
            let mut file = OpenOptions::new().append(true).open(path)?;
            let shown = if file.is_terminal() {
                harmless::shown(content)
            } else {
                content.into()
            };
            return file.write_all(&shown).map(|()| None);
        }
        _ => {}
    }
    // Of a link it is the file behind it that is replaced.
    let mut new = NewFile::create(&target(path))?;
    new.file().write_all(content)?;
    new.file().sync_all()?;
    Ok(Some(new))
}

/// Whether this names standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Whether this names what is open already, and has no name that could be replaced.
fn is_open_file(path: &Path) -> bool {
    let below = ["/dev/fd", "/proc/self/fd"];
    path == Path::new("/dev/stderr") || below.iter().any(|folder| path.starts_with(folder))
}

/// The file behind a path, which need not be there yet.
fn target(path: &Path) -> PathBuf {
    let mut target = path.to_path_buf();
    // So many links the kernel follows.
    for _ in 0..40 {
        if let Ok(file) = fs::canonicalize(&target) {
            return file;
        }
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = directory(&target).join(next);
    }
    target
}

/// Which file a path stands for, under whatever name.
#[derive(Debug, Eq, PartialEq)]
enum Identity {
    /// One that is there, by device and inode.
    There(u64, u64),
    /// One that is to be there, by its folder and its name.
    New(PathBuf, OsString),
}

impl Identity {
    /// `None` for what is no regular file.
    fn of(path: &Path) -> Option<Identity> {
        let Ok(meta) = fs::metadata(path) else {
            let target = target(path);
            let folder = fs::canonicalize(directory(&target)).ok()?;
            return Some(Identity::New(folder, target.file_name()?.into()));
        };
        Identity::of_file(&meta)
    }

    fn of_file(meta: &fs::Metadata) -> Option<Identity> {
        meta.is_file()
            .then(|| Identity::There(meta.dev(), meta.ino()))
    }
}

/// Flags that name files a run reads or writes, beside its inputs.
const OTHER_FILES: [(&str, &str); 7] = [
    ("spec", "--spec"),
    ("file", "-f"),
    ("files-from", "--files-from"),
    ("files0-from", "--files0-from"),
    ("resume", "--resume"),
    ("partial", "--partial"),
    ("output", "--output"),
];

/// The files that flags name, and these flags.
fn others(typed: &Typed) -> impl Iterator<Item = (&'static str, &Path)> {
    OTHER_FILES.iter().flat_map(|(long, flag)| {
        let paths = typed.get(long).into_iter().flatten();
        paths.map(|path| (*flag, Path::new(path)))
    })
}

/// Checks before anything is read that the file could be written: it is not
/// one of the inputs, no other flag that was typed names it, and there is a
/// directory to hold it.
///
/// # Errors
/// With what is wrong about it.
pub(crate) fn check(flag: &str, path: &Path, inputs: &[Input], typed: &Typed) -> Result<()> {
    let shown = name(path);
    if path.is_dir() {
        return Err(usage(format!("{flag} {shown} is a directory; name a file")));
    }
    if fs::metadata(path).is_err() && !directory(path).is_dir() {
        let directory = name(directory(path));
        return Err(usage(format!(
            "{flag} {shown}: there is no directory {directory}; create it first"
        )));
    }
    let Some(output) = Identity::of(path) else {
        return Ok(());
    };
    let is_output = |input: &Input| match input.path() {
        Some(path) => Identity::of(path).as_ref() == Some(&output),
        None => {
            let stat = rustix::fs::fstat(io::stdin());
            stat.is_ok_and(|stat| Identity::There(stat.st_dev, stat.st_ino) == output)
        }
    };
    if inputs.iter().any(is_output) {
        return Err(usage(format!(
            "{flag} {shown} is also an input, which it would replace; name another file"
        )));
    }
    let mut same = others(typed).filter(|(other, _)| *other != flag);
    match same.find(|(_, other)| Identity::of(other).as_ref() == Some(&output)) {
        Some((other, _)) => Err(usage(format!(
            "{flag} {shown} is also what {other} names, which it would replace; name another file"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own that is gone afterwards.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            let name = format!("swathe-whole-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir_all(&path).unwrap();
            Scratch(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let scratch = Scratch::new("replace");
        let path = scratch.0.join("out.csv");
        write(&path, b"one").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let link = scratch.0.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let long = scratch.0.join("x".repeat(255));
        write(&long, b"long").unwrap();
        assert_eq!(fs::read(&long).unwrap(), b"long");
        fs::remove_file(&long).unwrap();
        let other = scratch.0.join("other");
        std::os::unix::fs::symlink("link", &other).unwrap();
        fs::remove_file(&path).unwrap();
        write(&other, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 3);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let scratch = Scratch::new("failure");
        assert!(write(&scratch.0, b"x").is_err());
        assert!(write(&scratch.0.join("no/such/directory"), b"x").is_err());
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 0);
        write(Path::new("/dev/null"), b"x").unwrap();
        let whole = |name: &str| (scratch.0.join(name), &b"x"[..]);
        assert!(write_all(&[whole("one"), whole("no/such"), whole("two")]).is_err());
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 0);
        write_all(&[whole("one"), whole("two")]).unwrap();
        assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 2);
    }

    #[test]
    fn an_input_is_no_output() {
        let scratch = Scratch::new("input");
        let path = scratch.0.join("app.log");
        fs::write(&path, "x").unwrap();
        let link = scratch.0.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let inputs = [Input::Path(path.clone())];
        let fails = |path: &Path| check("--output", path, &inputs, &Typed::new()).is_err();
        assert!(fails(&path) && fails(&link) && fails(&scratch.0));
        assert!(fails(&scratch.0.join("no/directory")));
        assert!(!fails(&scratch.0.join("new")) && !fails(Path::new("/dev/null")));
    }
}
