//! Files that flags name to be written, before anything is read.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use swathe::{
    Result,
    run::Input,
    whole_file::{directory, target},
};

use super::usage;
use crate::cli::parse::Typed;

/// Whether this names standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
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
    let shown = swathe::harmless::name(path);
    if path.is_dir() {
        return Err(usage(format!("{flag} {shown} is a directory; name a file")));
    }
    if fs::metadata(path).is_err() && !directory(path).is_dir() {
        let directory = swathe::harmless::name(directory(path));
        return Err(usage(format!(
            "{flag} {shown}: there is no directory {directory}; create it first"
        )));
    }
    let Some(output) = Identity::of(path) else {
        return Ok(());
    };
    let is_output = |input: &Input| {
        let identity = match input.path() {
            Some(path) => Identity::of(path),
            None => (input.identity()).map(|(device, inode)| Identity::There(device, inode)),
        };
        identity.as_ref() == Some(&output)
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
