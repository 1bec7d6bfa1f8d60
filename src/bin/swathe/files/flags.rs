//! The flags that say which files are read, for every command that reads.

use std::ffi::OsStr;

use super::choosing::{Chooses, NoIgnore, Sort, SortBy, TypeChange};
use crate::cli::{
    flag::{Flag, Group},
    value,
};

/// All of them.
pub(crate) fn flags<L: Chooses>() -> Vec<Flag<L>> {
    let all = names().into_iter().chain(kinds()).chain(limits());
    let all = all
        .chain(restrictions())
        .chain(rules())
        .chain(ignore_files())
        .chain(lists());
    Flag::grouped(Group::Files, all)
}

fn names<L: Chooses>() -> Vec<Flag<L>> {
    vec![
        Flag::value(
            "glob",
            "GLOB",
            "Only files that match GLOB; !GLOB: not these",
            |low: &mut L, v| {
                low.choosing().globs.push(value::text(v)?.into());
                Ok(())
            },
        )
        .short('g')
        .brief()
        .more(
            "As in .gitignore: *.log everywhere, /a/*.log from here, **/b/** in folders \
             called b. Of several, the last that matches decides, and it goes before every \
             ignore file. For what a walk finds: a file that is named is always read.",
        ),
        Flag::value(
            "iglob",
            "GLOB",
            "As --glob, ignoring case",
            |low: &mut L, v| {
                low.choosing().iglobs.push(value::text(v)?.into());
                Ok(())
            },
        ),
        Flag::switch(
            "glob-case-insensitive",
            "All globs ignore case",
            |low: &mut L, on| low.choosing().globs_ignore_case = on,
        )
        .no("no-glob-case-insensitive"),
    ]
}

fn kinds<L: Chooses>() -> Vec<Flag<L>> {
    fn change<L: Chooses>(
        low: &mut L,
        value: &OsStr,
        of: fn(String) -> TypeChange,
    ) -> Result<(), String> {
        let text = value::text(value)?.to_string();
        low.choosing().types.push(of(text));
        Ok(())
    }
    vec![
        Flag::value(
            "type",
            "TYPE",
            "Only files of this type, such as log, py, json",
            |low: &mut L, v| change(low, v, TypeChange::Select),
        )
        .short('t')
        .brief()
        .more(
            "swathe search --type-list shows the types, which are globs with a name. `all` is \
             every file of a known type.",
        ),
        Flag::value(
            "type-not",
            "TYPE",
            "No files of this type",
            |low: &mut L, v| change(low, v, TypeChange::Negate),
        )
        .short('T'),
        Flag::value(
            "type-add",
            "NAME:GLOB",
            "Let type NAME be GLOB too, for this run",
            |low: &mut L, v| change(low, v, TypeChange::Add),
        )
        .more("NAME:include:A,B adds the globs of the types A and B. Say -t NAME to use it."),
        Flag::value(
            "type-clear",
            "NAME",
            "Forget the globs of type NAME, for this run",
            |low: &mut L, v| change(low, v, TypeChange::Clear),
        ),
    ]
}

fn limits<L: Chooses>() -> Vec<Flag<L>> {
    vec![
        Flag::switch(
            "follow",
            "Follow symbolic links in directories",
            |low: &mut L, on| low.choosing().follow = on,
        )
        .short('L')
        .no("no-follow")
        .more("A link that is named is always followed. Loops are found and said."),
        Flag::value(
            "max-depth",
            "N",
            "Go N levels deep; 1: only the folder itself",
            |low: &mut L, v| {
                low.choosing().max_depth = Some(value::number(v)?);
                Ok(())
            },
        )
        .short('d')
        .alias("maxdepth"),
        Flag::value(
            "max-filesize",
            "SIZE",
            "Leave out larger files a walk finds",
            |low: &mut L, v| {
                low.choosing().max_filesize = Some(value::size(v)?);
                Ok(())
            },
        )
        .more("Bytes, or a number with K, M or G."),
        Flag::switch(
            "one-file-system",
            "Do not go into other file systems",
            |low: &mut L, on| low.choosing().one_file_system = on,
        )
        .no("no-one-file-system"),
    ]
}

fn restrictions<L: Chooses>() -> Vec<Flag<L>> {
    vec![
        Flag::switch(
            "hidden",
            "Read hidden files and folders too",
            |low: &mut L, on| low.choosing().hidden = on,
        )
        .short('.')
        .no("no-hidden")
        .more("Those whose name begins with a dot."),
        Flag::switch(
            "unrestricted",
            "-u: ignored files too; -uu: hidden; -uuu: binary",
            |low: &mut L, _| {
                low.choosing().unrestricted += 1;
                match low.choosing().unrestricted {
                    1 => low.choosing().set_no_ignore(true),
                    2 => low.choosing().hidden = true,
                    _ => low.read_binary(true),
                }
            },
        )
        .short('u')
        .more("Short for --no-ignore, --hidden and --binary."),
        Flag::switch("no-ignore", "Follow no ignore files", |low: &mut L, on| {
            low.choosing().set_no_ignore(on);
        })
        .no("ignore")
        .more(
            "All of .gitignore, .ignore, .rgignore, those of the folders above, git's own, but \
             not those of --ignore-file.",
        ),
    ]
}

fn rules<L: Chooses>() -> Vec<Flag<L>> {
    macro_rules! without {
        ($long:literal, $back:literal, $help:literal, $field:ident) => {
            Flag::switch($long, $help, |low: &mut L, on| {
                let NoIgnore { $field, .. } = &mut low.choosing().no_ignore;
                *$field = on;
            })
            .no($back)
        };
    }
    vec![
        without!(
            "no-ignore-dot",
            "ignore-dot",
            "Follow no .ignore and .rgignore",
            dot
        ),
        without!(
            "no-ignore-exclude",
            "ignore-exclude",
            "Do not follow .git/info/exclude",
            exclude
        ),
        without!(
            "no-ignore-files",
            "ignore-files",
            "Follow no --ignore-file",
            files
        ),
        without!(
            "no-ignore-global",
            "ignore-global",
            "Do not follow git's core.excludesFile",
            global
        ),
        without!(
            "no-ignore-parent",
            "ignore-parent",
            "Follow no ignore files of folders above",
            parent
        ),
        without!(
            "no-ignore-vcs",
            "ignore-vcs",
            "Follow no .gitignore and the like",
            vcs
        ),
        without!(
            "no-require-git",
            "require-git",
            "Follow .gitignore outside of repositories too",
            require_git
        ),
        without!(
            "no-ignore-messages",
            "ignore-messages",
            "Say nothing about wrong ignore files",
            messages
        ),
    ]
}

fn ignore_files<L: Chooses>() -> Vec<Flag<L>> {
    vec![
        Flag::value(
            "ignore-file",
            "FILE",
            "Leave out what FILE says, as .gitignore does",
            |low: &mut L, v| {
                low.choosing().ignore_files.push(v.into());
                Ok(())
            },
        )
        .more("Its rules are relative to here, and give way to those of all other ignore files."),
        Flag::switch(
            "ignore-file-case-insensitive",
            "Ignore files ignore case",
            |low: &mut L, on| low.choosing().ignore_files_ignore_case = on,
        )
        .no("no-ignore-file-case-insensitive"),
    ]
}

fn lists<L: Chooses>() -> Vec<Flag<L>> {
    const ORDERS: &[(&str, SortBy)] = &[
        ("path", SortBy::Path),
        ("modified", SortBy::Modified),
        ("accessed", SortBy::Accessed),
        ("created", SortBy::Created),
        ("none", SortBy::Path),
    ];
    fn sort<L: Chooses>(low: &mut L, value: &OsStr, reverse: bool) -> Result<(), String> {
        let by = value::choice(value, ORDERS)?;
        let reverse = reverse && value != "none";
        low.choosing().sort = Sort { by, reverse };
        Ok(())
    }
    vec![
        Flag::value(
            "files-from",
            "FILE",
            "Read the files that FILE names; -: those piped in",
            |low: &mut L, v| {
                low.choosing().files_from.push(v.into());
                Ok(())
            },
        )
        .more(
            "One a line, or, if there is a NUL byte in it, one before each NUL (find -print0). \
             They are taken as if they were named behind those that are.",
        ),
        Flag::value(
            "sort",
            "BY",
            "Order: path, modified, accessed, created, none",
            |low: &mut L, v| sort(low, v, false),
        )
        .more(
            "Default: what is named as given, directories by path. With a time, all files are \
             found before the first is read. Files are read on all threads whatever the order.",
        ),
        Flag::value("sortr", "BY", "The other way round", |low: &mut L, v| {
            sort(low, v, true)
        }),
        Flag::switch("sort-files", "The same as --sort path", |low: &mut L, _| {
            low.choosing().sort = Sort::default();
        })
        .no("no-sort-files"),
    ]
}
