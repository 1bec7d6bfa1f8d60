//! What was typed about which files to read.

use std::path::PathBuf;

use swathe::{
    ErrorKind, Result,
    walk::{Rules, WalkOptions},
};

/// Which files are read, as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choosing {
    /// Which files of directories.
    pub(crate) walk: WalkOptions,
    /// Files that list what to read; `-` is standard input.
    pub(crate) files_from: Vec<PathBuf>,
    pub(crate) binary: Binary,
    /// How often `-u` was given.
    pub(crate) unrestricted: u32,
}

/// What NUL bytes are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Binary {
    /// A sign of a file that is not text. One that a walk found is left there.
    #[default]
    Recognised,
    /// Binary files are judged, and those that a walk found are searched like those named.
    Searched,
    /// Bytes like any other.
    Text,
}

impl Choosing {
    /// Compiles the globs and the types, which are relative to the current directory.
    ///
    /// # Errors
    /// When there is something wrong with them.
    pub(crate) fn rules(&self) -> Result<Rules> {
        let wrong = |text: String| swathe::Error::new(ErrorKind::Config(text));
        if self.unrestricted > 3 {
            return Err(wrong(
                "-u/--unrestricted: three times is all there is".into(),
            ));
        }
        // Without globs nothing is relative to here, and here may be gone.
        let here = if self.walk.globs.is_empty() && self.walk.iglobs.is_empty() {
            PathBuf::new()
        } else {
            std::env::current_dir().map_err(|error| {
                let error = swathe::Error::from(error);
                wrong(format!(
                    "-g/--glob: the current directory cannot be found: {error}"
                ))
            })?
        };
        Rules::new(&self.walk, &here)
    }
}
