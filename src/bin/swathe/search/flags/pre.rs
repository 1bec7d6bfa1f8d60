//! A program that is run on files before they are searched.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::Low,
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    Flag::grouped(
        Group::Reading,
        [
            Flag::setting(
                "pre",
                "COMMAND",
                "Search what COMMAND FILE prints",
                |low: &mut Low, value| {
                    low.reading.pre = value.filter(|v| !v.is_empty()).map(Into::into);
                    Ok(())
                },
            )
            .no("no-pre")
            .more(
                "COMMAND is one program, found by PATH, with the file as its argument and on its \
                 standard input; it is run on each file, not on standard input. What it prints is \
                 searched as it is. If it fails, that is said with what it said, the exit status \
                 is 2, and what it printed before was searched. -z behind it, or an empty \
                 COMMAND, takes it back.",
            ),
            Flag::value(
                "pre-glob",
                "GLOB",
                "Run the --pre program on these files only",
                |low: &mut Low, value| {
                    low.pre_globs.push(value::text(value)?.to_string());
                    Ok(())
                },
            )
            .more(
                "May be given several times; with ! in front, on all but these. Files that it is \
                 not run on are read, and unpacked, as always.",
            ),
        ],
    )
}
