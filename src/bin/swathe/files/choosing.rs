//! What was typed about which files to read.

use std::path::PathBuf;

/// Which files are read, as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choosing {
    pub(crate) globs: Vec<String>,
    /// Globs that ignore case.
    pub(crate) iglobs: Vec<String>,
    pub(crate) globs_ignore_case: bool,
    /// What was said of file types, in its order.
    pub(crate) types: Vec<TypeChange>,
    pub(crate) hidden: bool,
    pub(crate) follow: bool,
    pub(crate) one_file_system: bool,
    pub(crate) max_depth: Option<usize>,
    pub(crate) max_filesize: Option<u64>,
    pub(crate) no_ignore: NoIgnore,
    /// Files with rules of what to leave out.
    pub(crate) ignore_files: Vec<PathBuf>,
    pub(crate) ignore_files_ignore_case: bool,
    /// Files that list what to read; `-` is standard input.
    pub(crate) files_from: Vec<PathBuf>,
    pub(crate) sort: Sort,
    pub(crate) binary: Binary,
    /// How often `-u` was given.
    pub(crate) unrestricted: u32,
}

/// Which rules that leave files out are not followed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct NoIgnore {
    pub(crate) dot: bool,
    pub(crate) exclude: bool,
    pub(crate) files: bool,
    pub(crate) global: bool,
    pub(crate) parent: bool,
    pub(crate) vcs: bool,
    /// Follow git's rules outside of repositories too.
    pub(crate) require_git: bool,
    /// Say nothing about rules that cannot be read.
    pub(crate) messages: bool,
}

/// Something said about file types.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TypeChange {
    Clear(String),
    Add(String),
    Select(String),
    Negate(String),
}

/// The order of files.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Sort {
    pub(crate) by: SortBy,
    pub(crate) reverse: bool,
}

/// What files are ordered by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum SortBy {
    /// As given, directories by path.
    #[default]
    Path,
    Modified,
    Accessed,
    Created,
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
    pub(crate) fn set_no_ignore(&mut self, yes: bool) {
        let set = &mut self.no_ignore;
        set.dot = yes;
        set.exclude = yes;
        set.global = yes;
        set.parent = yes;
        set.vcs = yes;
    }
}
