//! The sources a command line names.

use std::{
    ffi::OsString,
    os::{fd::AsFd as _, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
};

use crate::{looks::Look, output};

/// A source that was named and is not opened yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Input {
    Stdin,
    Path(PathBuf),
}

impl Look for Input {
    fn path(&self) -> Option<&Path> {
        match self {
            Input::Stdin => None,
            Input::Path(path) => Some(path),
        }
    }
}

impl Input {
    /// The inputs these arguments name, in their order.
    pub(crate) fn named(arguments: Vec<OsString>) -> Vec<Input> {
        let named = arguments.into_iter().map(|argument| match argument {
            a if a == "-" => Input::Stdin,
            path => Input::Path(PathBuf::from(path)),
        });
        named.collect()
    }

    /// The name results and messages have it under.
    pub(crate) fn name(&self) -> &Path {
        Look::name(self)
    }

    /// Whether it is a regular file, links followed.
    pub(crate) fn is_file(&self) -> bool {
        match self {
            Input::Stdin => false,
            Input::Path(path) => path.is_file(),
        }
    }

    /// Whether it is a directory, links followed.
    pub(crate) fn is_directory(&self) -> bool {
        match self {
            Input::Stdin => false,
            Input::Path(path) => path.is_dir(),
        }
    }

    /// Its length in bytes if it is a regular file.
    pub(crate) fn len(&self) -> Option<u64> {
        match self {
            Input::Stdin => None,
            Input::Path(path) => {
                let meta = path.metadata().ok()?;
                meta.is_file().then_some(meta.len())
            }
        }
    }

    /// The device and inode if it is a regular file.
    pub(crate) fn identity(&self) -> Option<(u64, u64)> {
        match self {
            Input::Stdin => output::identity_of(std::io::stdin().as_fd()),
            Input::Path(path) => {
                let meta = path.metadata().ok()?;
                meta.is_file().then_some((meta.dev(), meta.ino()))
            }
        }
    }
}

/// The bytes of all inputs together, if the length of each is known. Nothing is known
/// of none, and of files that have no length before they are read.
pub(crate) fn total_len(inputs: &[Input]) -> Option<u64> {
    let total: Option<u64> = inputs.iter().map(Input::len).sum();
    total.filter(|&total| total > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_standard_input() {
        let inputs = Input::named(vec!["-".into(), "./-".into(), "a".into()]);
        assert_eq!(inputs[0], Input::Stdin);
        let names: Vec<_> = inputs.iter().map(Input::name).collect();
        assert_eq!(names, ["<stdin>", "./-", "a"].map(Path::new));
    }

    #[test]
    fn lengths_and_kinds() {
        let file = Input::Path("Cargo.toml".into());
        let len = std::fs::read("Cargo.toml").unwrap().len() as u64;
        assert!(file.is_file() && !file.is_directory() && file.identity().is_some());
        assert_eq!(total_len(&[file.clone(), file.clone()]), Some(2 * len));
        assert_eq!(total_len(&[file, Input::Stdin]), None);
        assert_eq!(total_len(&[]), None);
        assert_eq!(total_len(&[Input::Path("/proc/self/status".into())]), None);
        let directory = Input::Path("src".into());
        assert!(directory.is_directory() && directory.identity().is_none());
    }
}
