//! Globs and types, compiled, and the walk they make.

use std::path::Path;

use ignore::{
    WalkBuilder,
    overrides::{Override, OverrideBuilder},
    types::{FileTypeDef, Types, TypesBuilder},
};

use super::{
    choosing::{Choosing, SortBy, TypeChange},
    order,
    trouble::Trouble,
};

/// What decides whether a walk gives a file.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(super) choosing: Choosing,
    overrides: Override,
    types: Types,
}

impl Choosing {
    /// Compiles the globs and the types.
    ///
    /// # Errors
    /// When there is something wrong with them.
    pub(crate) fn rules(&self) -> Result<Rules, String> {
        if self.unrestricted > 3 {
            return Err("-u/--unrestricted: three times is all there is".to_string());
        }
        Ok(Rules {
            overrides: self.overrides()?,
            types: self.types()?,
            choosing: self.clone(),
        })
    }

    fn overrides(&self) -> Result<Override, String> {
        let fail = |error: ignore::Error| format!("-g/--glob: {error}");
        // Without globs nothing is relative to here, and here may be gone.
        if self.globs.is_empty() && self.iglobs.is_empty() {
            return Ok(Override::empty());
        }
        let here = std::env::current_dir().map_err(|error| {
            let error = swathe::Error::from(error);
            format!("-g/--glob: the current directory cannot be found: {error}")
        })?;
        let mut builder = OverrideBuilder::new(here);
        if self.globs_ignore_case {
            builder.case_insensitive(true).map_err(fail)?;
        }
        for glob in &self.globs {
            builder.add(glob).map_err(fail)?;
        }
        // From here on; those before keep theirs.
        builder.case_insensitive(true).map_err(fail)?;
        for glob in &self.iglobs {
            builder.add(glob).map_err(fail)?;
        }
        builder.build().map_err(fail)
    }

    fn types(&self) -> Result<Types, String> {
        if self.types.is_empty() {
            // None is asked for, and to compile all takes longer than a search.
            return Ok(Types::empty());
        }
        let mut builder = TypesBuilder::new();
        builder.add_defaults();
        for change in &self.types {
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
}

impl Rules {
    /// All file types, as they are after what was said of them.
    pub(crate) fn types(&self) -> Vec<FileTypeDef> {
        if self.choosing.types.is_empty() {
            return TypesBuilder::new().add_defaults().definitions();
        }
        self.types.definitions().to_vec()
    }

    /// The walk through a directory by these rules, in the order of paths, and
    /// what is wrong with them.
    pub(super) fn walk(&self, root: &Path) -> (ignore::Walk, Vec<Trouble>) {
        let choosing = &self.choosing;
        let off = &choosing.no_ignore;
        let mut troubles = Vec::new();
        let mut builder = WalkBuilder::new(root);
        if !off.files {
            for path in &choosing.ignore_files {
                if let Some(error) = builder.add_ignore(path) {
                    Trouble::of_rules(&error, &mut troubles);
                }
            }
        }
        builder
            .max_depth(choosing.max_depth)
            .follow_links(choosing.follow)
            .max_filesize(choosing.max_filesize)
            .same_file_system(choosing.one_file_system)
            .skip_stdout(true)
            .overrides(self.overrides.clone())
            .types(self.types.clone())
            .hidden(!choosing.hidden)
            .parents(!off.parent)
            .ignore(!off.dot)
            .git_global(!off.vcs && !off.global)
            .git_ignore(!off.vcs)
            .git_exclude(!off.vcs && !off.exclude)
            .require_git(!off.require_git)
            .ignore_case_insensitive(choosing.ignore_files_ignore_case)
            .sort_by_file_path(order::of_siblings);
        if !off.dot {
            builder.add_custom_ignore_filename(".rgignore");
        }
        (builder.build(), troubles)
    }

    /// Whether files come as they are found.
    pub(super) fn streams(&self) -> bool {
        let sort = self.choosing.sort;
        sort.by == SortBy::Path && !sort.reverse
    }
}
