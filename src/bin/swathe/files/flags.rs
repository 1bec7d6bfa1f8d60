//! The flags that say which files are read, for every command that reads.

use std::ffi::OsStr;

use swathe::walk::{Sort, SortBy, TypeChange};

use super::choosing::{Binary, Choosing};
use crate::cli::{
    flag::{self, Choices},
    value,
};

type Flag = flag::Flag<Choosing>;

/// All of them.
pub(crate) fn flags() -> Vec<Flag> {
    let mut all = names();
    all.extend(kinds());
    all.extend(limits());
    all.extend(restrictions());
    all.extend(rules());
    all.extend(ignore_files());
    all.extend(lists());
    all.extend(binary());
    all
}

fn names() -> Vec<Flag> {
    vec![
        Flag::each(
            "-g --glob GLOB",
            "Only files that match GLOB; !GLOB: not these",
            value::string,
            |o| &mut o.walk.globs,
        )
        .more(
            "As in .gitignore: *.log everywhere, /a/*.log from here, **/b/** in folders \
             called b. Of several, the last that matches decides, and it goes before every \
             ignore file. For what a walk finds: a file that is named is always read.",
        ),
        Flag::each(
            "--iglob GLOB",
            "As --glob, ignoring case",
            value::string,
            |o| &mut o.walk.iglobs,
        ),
        Flag::on("--glob-case-insensitive", "All globs ignore case", |o| {
            &mut o.walk.globs_ignore_case
        })
        .no("no-glob-case-insensitive"),
    ]
}

fn kinds() -> Vec<Flag> {
    fn change(written: &'static str, help: &'static str, of: fn(String) -> TypeChange) -> Flag {
        let read = move |value: &OsStr| value::string(value).map(of);
        Flag::each(written, help, read, |o| &mut o.walk.types)
    }
    vec![
        change(
            "-t --type TYPE",
            "Only files of this type, such as log, py, json",
            TypeChange::Select,
        )
        .among(Choices::FileTypes)
        .more(
            "swathe search --type-list shows the types, which are globs with a name. `all` is \
             every file of a known type.",
        ),
        change(
            "-T --type-not TYPE",
            "No files of this type",
            TypeChange::Negate,
        )
        .among(Choices::FileTypes),
        change(
            "--type-add NAME:GLOB",
            "Let type NAME be GLOB too, for this run",
            TypeChange::Add,
        )
        .more("NAME:include:A,B adds the globs of the types A and B. Say -t NAME to use it."),
        change(
            "--type-clear NAME",
            "Forget the globs of type NAME, for this run",
            TypeChange::Clear,
        ),
    ]
}

fn limits() -> Vec<Flag> {
    vec![
        Flag::on("-L --follow", "Follow symbolic links in directories", |o| {
            &mut o.walk.follow
        })
        .no("no-follow")
        .more("A link that is named is always followed. Loops are found and said."),
        Flag::one(
            "-d --max-depth N",
            "Go N levels deep; 1: only the folder itself",
            value::number::<usize>,
            |o| &mut o.walk.max_depth,
        )
        .alias("maxdepth"),
        Flag::one(
            "--max-filesize SIZE",
            "Leave out larger files a walk finds",
            value::size,
            |o| &mut o.walk.max_filesize,
        )
        .more("Bytes, or a number with K, M or G."),
        Flag::on(
            "--one-file-system",
            "Do not go into other file systems",
            |o| &mut o.walk.one_file_system,
        )
        .no("no-one-file-system"),
    ]
}

fn restrictions() -> Vec<Flag> {
    vec![
        Flag::on("-. --hidden", "Read hidden files and folders too", |o| {
            &mut o.walk.hidden
        })
        .no("no-hidden")
        .more("Those whose name begins with a dot."),
        Flag::switch(
            "-u --unrestricted",
            "-u: ignored files too; -uu: hidden; -uuu: binary",
            |o, _| {
                o.unrestricted += 1;
                match o.unrestricted {
                    1 => o.walk.no_ignore.set_all(true),
                    2 => o.walk.hidden = true,
                    _ => o.binary = Binary::Searched,
                }
            },
        )
        .repeats()
        .more("Short for --no-ignore, --hidden and --binary."),
        Flag::switch(
            "--no-ignore",
            "Follow no ignore files",
            |o: &mut Choosing, yes| o.walk.no_ignore.set_all(yes),
        )
        .no("ignore")
        .more(
            "All of .gitignore, .ignore, .rgignore, those of the folders above, git's own, \
                 but not those of --ignore-file.",
        ),
    ]
}

fn rules() -> Vec<Flag> {
    macro_rules! without {
        ($written:literal, $back:literal, $help:literal, $field:ident) => {
            Flag::on($written, $help, |o| &mut o.walk.no_ignore.$field).no($back)
        };
    }
    vec![
        without!(
            "--no-ignore-dot",
            "ignore-dot",
            "Follow no .ignore and .rgignore",
            dot
        ),
        without!(
            "--no-ignore-exclude",
            "ignore-exclude",
            "Do not follow .git/info/exclude",
            exclude
        ),
        without!(
            "--no-ignore-files",
            "ignore-files",
            "Follow no --ignore-file",
            files
        ),
        without!(
            "--no-ignore-global",
            "ignore-global",
            "Do not follow git's core.excludesFile",
            global
        ),
        without!(
            "--no-ignore-parent",
            "ignore-parent",
            "Follow no ignore files of folders above",
            parent
        ),
        without!(
            "--no-ignore-vcs",
            "ignore-vcs",
            "Follow no .gitignore and the like",
            vcs
        ),
        without!(
            "--no-require-git",
            "require-git",
            "Follow .gitignore outside of repositories too",
            require_git
        ),
        without!(
            "--no-ignore-messages",
            "ignore-messages",
            "Say nothing about wrong ignore files",
            messages
        ),
    ]
}

fn ignore_files() -> Vec<Flag> {
    vec![
        Flag::each(
            "--ignore-file FILE",
            "Leave out what FILE says, as .gitignore does",
            value::path,
            |o| &mut o.walk.ignore_files,
        )
        .more("Its rules are relative to here, and give way to those of all other ignore files."),
        Flag::on(
            "--ignore-file-case-insensitive",
            "Ignore files ignore case",
            |o| &mut o.walk.ignore_files_ignore_case,
        )
        .no("no-ignore-file-case-insensitive"),
    ]
}

fn lists() -> Vec<Flag> {
    fn sorts(reverse: bool) -> [(&'static str, Sort); 5] {
        let sort = |by| Sort { by, reverse };
        [
            ("path", sort(SortBy::Path)),
            ("modified", sort(SortBy::Modified)),
            ("accessed", sort(SortBy::Accessed)),
            ("created", sort(SortBy::Created)),
            ("none", Sort::default()),
        ]
    }
    vec![
        Flag::each(
            "--files-from FILE",
            "Read the files that FILE names; -: those piped in",
            value::path,
            |o| &mut o.files_from,
        )
        .more(
            "One a line, or, if there is a NUL byte in it, one before each NUL (find -print0). \
             They are taken as if they were named behind those that are.",
        ),
        Flag::choice("--sort BY", "Order", &sorts(false), |o| &mut o.walk.sort).more(
            "Default: what is named as given, directories by path. With a time, all files are \
             found before the first is read. Files are read on all threads whatever the order.",
        ),
        Flag::choice("--sortr BY", "Reversed", &sorts(true), |o| &mut o.walk.sort),
        Flag::switch("--sort-files", "The same as --sort path", |o, _| {
            o.walk.sort = Sort::default();
        })
        .no("no-sort-files"),
    ]
}

fn binary() -> Vec<Flag> {
    vec![
        Flag::means(
            "-a --text",
            "Read binary files as text",
            Binary::Text,
            |o| &mut o.binary,
        )
        .no("no-text")
        .more(
            "A file with NUL bytes is binary. Without this flag a search says in one line that \
             such a file matches instead of printing its lines, and statistics leave it out if \
             a walk finds it and the NUL byte is in its first 64 KiB. A file that is named is \
             always read.",
        ),
        Flag::means(
            "--binary",
            "Read binary files that a walk finds too",
            Binary::Searched,
            |o| &mut o.binary,
        )
        .no("no-binary")
        .more(
            "A search leaves a file that a walk finds where it meets a NUL byte; one that is \
             named is searched to its end anyway. Overrides -a.",
        ),
    ]
}
