//! Globs and types, compiled, and the walk they make.

use std::path::Path;

use ignore::{
    WalkBuilder,
    overrides::{Override, OverrideBuilder},
    types::{FileTypeDef, Types, TypesBuilder},
};

use super::{
    options::{SortBy, TypeChange, WalkOptions},
    order,
    trouble::{self, Wrong},
};
use crate::error::{Error, ErrorKind, Result};

/// What decides whether a walk gives a file.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(super) options: WalkOptions,
    overrides: Override,
    types: Types,
}

/// A type of files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileType {
    /// What it is called.
    pub name: String,
    /// What the names of its files match.
    pub globs: Vec<String>,
}

/// Globs, compiled.
#[derive(Clone, Debug)]
pub struct Globs(Override);

impl Globs {
    /// Compiles globs, which are relative to the directory `here`.
    ///
    /// # Errors
    /// When one is none.
    pub fn new(globs: &[String], here: &Path) -> Result<Globs> {
        let globs = compiled(here, &[(globs, false)]);
        globs
            .map(Globs)
            .map_err(|error| Error::new(ErrorKind::Config(error.to_string())))
    }

    /// Whether they mean the file of this path; without globs, every file is meant.
    pub fn take(&self, path: &Path) -> bool {
        !self.0.matched(path, false).is_ignore()
    }
}

impl FileType {
    /// All that are known.
    pub fn all() -> Vec<FileType> {
        FileType::of(&TypesBuilder::new().add_defaults().definitions())
    }

    fn of(definitions: &[FileTypeDef]) -> Vec<FileType> {
        let all = definitions.iter().map(|kind| FileType {
            name: kind.name().to_string(),
            globs: kind.globs().to_vec(),
        });
        all.collect()
    }
}

impl Rules {
    /// Compiles the globs and the types. Globs are relative to the directory `here`.
    ///
    /// # Errors
    /// When there is something wrong with them.
    pub fn new(options: &WalkOptions, here: &Path) -> Result<Rules> {
        let wrong = |text| Error::new(ErrorKind::Config(text));
        Ok(Rules {
            overrides: compiled(
                here,
                &[
                    (&options.globs, options.globs_ignore_case),
                    (&options.iglobs, true),
                ],
            )
            .map_err(|error| wrong(format!("-g/--glob: {error}")))?,
            types: types(options).map_err(wrong)?,
            options: options.clone(),
        })
    }

    /// All file types, as they are after what was said of them.
    pub fn types(&self) -> Vec<FileType> {
        if self.options.types.is_empty() {
            return FileType::all();
        }
        FileType::of(self.types.definitions())
    }

    /// Whether files come as they are found.
    pub(super) fn streams(&self) -> bool {
        let sort = self.options.sort;
        sort.by == SortBy::Path && !sort.reverse
    }

    /// The walk through a directory by these rules, in the order of paths, and
    /// what is wrong with them.
    pub(super) fn walk(&self, root: &Path) -> (ignore::Walk, Vec<Wrong>) {
        let options = &self.options;
        let off = &options.no_ignore;
        let mut wrong = Vec::new();
        let mut builder = WalkBuilder::new(root);
        if !off.files {
            for path in &options.ignore_files {
                if let Some(error) = builder.add_ignore(path) {
                    trouble::of_rules(&error, &mut wrong);
                }
            }
        }
        builder
            .max_depth(options.max_depth)
            .follow_links(options.follow)
            .max_filesize(options.max_filesize)
            .same_file_system(options.one_file_system)
            .skip_stdout(true)
            .overrides(self.overrides.clone())
            .types(self.types.clone())
            .hidden(!options.hidden)
            .parents(!off.parent)
            .ignore(!off.dot)
            .git_global(!off.vcs && !off.global)
            .git_ignore(!off.vcs)
            .git_exclude(!off.vcs && !off.exclude)
            .require_git(!off.require_git)
            .ignore_case_insensitive(options.ignore_files_ignore_case)
            .sort_by_file_path(order::of_siblings);
        if !off.dot {
            builder.add_custom_ignore_filename(".rgignore");
        }
        (builder.build(), wrong)
    }
}

/// Compiles globs, and whether these ignore case.
fn compiled(here: &Path, globs: &[(&[String], bool)]) -> Result<Override, ignore::Error> {
    let mut builder = OverrideBuilder::new(here);
    for (globs, ignore_case) in globs {
        // From here on; those before keep theirs.
        builder.case_insensitive(*ignore_case)?;
        for glob in *globs {
            builder.add(glob)?;
        }
    }
    builder.build()
}

fn types(options: &WalkOptions) -> Result<Types, String> {
    if options.types.is_empty() {
        // None is asked for, and to compile all takes longer than a search.
        return Ok(Types::empty());
    }
    let mut builder = TypesBuilder::new();
    builder.add_defaults();
    for change in &options.types {
        match change {
            TypeChange::Clear(name) => builder.clear(name),
            TypeChange::Select(name) => builder.select(name),
            TypeChange::Negate(name) => builder.negate(name),
            TypeChange::Add(definition) => {
                builder.add_def(definition).map_err(|_| {
                    format!(
                        "--type-add: '{definition}' is not NAME:GLOB, such as web:*.html, or \
                         NAME:include:OTHER"
                    )
                })?;
                &mut builder
            }
        };
    }
    builder.build().map_err(|error| match error {
        ignore::Error::UnrecognizedFileType(name) => format!(
            "-t/--type: there is no type '{name}'\n\
             swathe search --type-list shows all; --type-add '{name}:*.{name}' makes one"
        ),
        other => format!("--type-add: {other}"),
    })
}
