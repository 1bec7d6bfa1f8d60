//! Files that are written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use swathe::{Error, ErrorKind, Result};

use super::{input::Input, usage};

/// Replaces the file by one with this content: it is written beside it, comes
/// to the disk, and then takes its name. Whoever reads the name meanwhile sees
/// the old content or the new. What is no regular file is written to as it is.
///
/// # Errors
/// When it cannot be written; the old file is then as it was.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    replace(path, content).map_err(|error| Error::at(path, ErrorKind::Io(error)))
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // Of a link it is the file behind it that is replaced.
    let target = target(path);
    let old = match fs::metadata(&target) {
        Ok(meta) if !meta.is_file() && !meta.is_dir() => {
            return OpenOptions::new()
                .write(true)
                .open(path)?
                .write_all(content);
        }
        Ok(meta) if meta.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(meta) => Some(meta),
        Err(_) => None,
    };
    let (mut file, beside) = create_beside(&target)?;
    let written = file
        .write_all(content)
        .and_then(|()| old.map_or(Ok(()), |old| file.set_permissions(old.permissions())))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // What could not be written is worth nothing; that it cannot be
        // removed either does not make the first failure clearer.
        let _ = fs::remove_file(&beside);
        return written;
    }
    // The name is on the disk when the directory is. Not every file system can.
    if let Ok(directory) = File::open(directory(&target)) {
        let _ = directory.sync_all();
    }
    Ok(())
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

/// A new file in the same directory, whose name nobody has.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".swathe-{}-{attempt}", std::process::id()));
        let beside = target.with_file_name(beside);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Checks before anything is read that the file could be written: it is not
/// one of the inputs, and there is a directory to hold it.
///
/// # Errors
/// With what is wrong about it.
pub(crate) fn check(flag: &str, path: &Path, inputs: &[Input]) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    if path.is_dir() {
        let path = path.display();
        return Err(usage(format!("{flag} {path} is a directory; name a file")));
    }
    let identity = |meta: &fs::Metadata| meta.is_file().then(|| (meta.dev(), meta.ino()));
    let Ok(meta) = fs::metadata(path) else {
        if directory(path).is_dir() {
            return Ok(());
        }
        let (path, directory) = (path.display(), directory(path).display());
        return Err(usage(format!(
            "{flag} {path}: there is no directory {directory}; create it first"
        )));
    };
    let Some(output) = identity(&meta) else {
        return Ok(());
    };
    let is_output = |input: &Input| match input {
        Input::Path(path) | Input::Found(path) => {
            fs::metadata(path).is_ok_and(|m| identity(&m) == Some(output))
        }
        Input::Stdin { .. } => {
            let stat = rustix::fs::fstat(io::stdin());
            stat.is_ok_and(|stat| (stat.st_dev, stat.st_ino) == output)
        }
    };
    if inputs.iter().any(is_output) {
        let path = path.display();
        return Err(usage(format!(
            "{flag} {path} is also an input, which it would replace; name another file"
        )));
    }
    Ok(())
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
    }

    #[test]
    fn an_input_is_no_output() {
        let scratch = Scratch::new("input");
        let path = scratch.0.join("app.log");
        fs::write(&path, "x").unwrap();
        let link = scratch.0.join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let inputs = [Input::Path(path.clone())];
        let fails = |path: &Path| check("--output", path, &inputs).is_err();
        assert!(fails(&path) && fails(&link) && fails(&scratch.0));
        assert!(fails(&scratch.0.join("no/directory")));
        assert!(!fails(&scratch.0.join("new")) && !fails(Path::new("/dev/null")));
    }
}
