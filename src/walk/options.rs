//! What may be said about which files of directories are meant.

use std::path::PathBuf;

/// Which files of a directory are meant. Without any of it: those that no ignore file leaves
/// out and that are not hidden, in the order of paths.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Only files that match these, as in a `.gitignore`, also where they are hidden or an
    /// ignore file leaves them out; with a `!` before it, none of these.
    pub globs: Vec<String>,
    /// Globs that ignore case.
    pub iglobs: Vec<String>,
    /// All globs ignore case.
    pub globs_ignore_case: bool,
    /// What is said of file types, in its order.
    pub types: Vec<TypeChange>,
    /// Files and directories whose name begins with a dot too.
    pub hidden: bool,
    /// Follow symbolic links.
    pub follow: bool,
    /// Do not go into other file systems.
    pub one_file_system: bool,
    /// How many levels deep; 1: only the directory itself.
    pub max_depth: Option<usize>,
    /// Leave out files of more bytes.
    pub max_filesize: Option<u64>,
    /// Which ignore files are not followed.
    pub no_ignore: NoIgnore,
    /// Files with rules of what to leave out, relative to the current directory.
    pub ignore_files: Vec<PathBuf>,
    /// Ignore files ignore case.
    pub ignore_files_ignore_case: bool,
    /// The order of files.
    pub sort: Sort,
}

/// Which rules that leave files out are not followed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct NoIgnore {
    /// `.ignore` and `.rgignore`.
    pub dot: bool,
    /// `.git/info/exclude`.
    pub exclude: bool,
    /// [`WalkOptions::ignore_files`].
    pub files: bool,
    /// git's `core.excludesFile`, which is looked up as git does it: in the configuration of
    /// the user, where `HOME` and `XDG_CONFIG_HOME` say.
    pub global: bool,
    /// Ignore files of the directories above.
    pub parent: bool,
    /// `.gitignore` and the like.
    pub vcs: bool,
    /// Follow git's rules outside of repositories too.
    pub require_git: bool,
    /// Say nothing about rules that cannot be read.
    pub messages: bool,
}

impl NoIgnore {
    /// Follows none of the ignore files that are found, or all of them.
    pub fn set_all(&mut self, yes: bool) {
        self.dot = yes;
        self.exclude = yes;
        self.global = yes;
        self.parent = yes;
        self.vcs = yes;
    }
}

/// Something said about file types, which are globs with a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TypeChange {
    /// The type of this name has no globs any more.
    Clear(String),
    /// `NAME:GLOB` or `NAME:include:OTHER`: the type has these too.
    Add(String),
    /// Only files of this type, and of others that are selected.
    Select(String),
    /// No files of this type.
    Negate(String),
}

/// The order of files.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sort {
    /// What they are ordered by.
    pub by: SortBy,
    /// The last comes first.
    pub reverse: bool,
}

/// What files are ordered by. With a time, all are found before the first is given.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SortBy {
    /// As given, those of directories by path.
    #[default]
    Path,
    /// When they were written last.
    Modified,
    /// When they were read last.
    Accessed,
    /// When they were made.
    Created,
}
