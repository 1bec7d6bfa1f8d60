//! How only a search reads its input, and where its arguments come from.

use super::Flag;
use crate::{cli::value, search::low::Explained};

pub(super) fn flags() -> Vec<Flag> {
    let explain = |written, help, level| Flag::means(written, help, level, |o| &mut o.log);
    vec![
        Flag::setting(
            "--pre COMMAND",
            "Search what COMMAND FILE prints",
            |o, value| {
                o.reading.pre = value.filter(|v| !v.is_empty()).map(Into::into);
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
        Flag::each(
            "--pre-glob GLOB",
            "Run the --pre program on these files only",
            value::string,
            |o| &mut o.pre_globs,
        )
        .more(
            "May be given several times; with ! in front, on all but these. Files that it is \
             not run on are read, and unpacked, as always.",
        ),
        explain(
            "--debug",
            "Say what is done, and why files are left out",
            Explained::Debug,
        )
        .more(
            "On standard error: the arguments that came from a file, the engine and the \
             literals that it looks for first, each file that a walk leaves out and the \
             rule that says so.",
        ),
        explain("--trace", "Say more than --debug does", Explained::Trace)
            .more("Also how each file is read."),
    ]
}

/// Flags of ripgrep that are not to be had, or have nothing to do here. None is ignored in
/// silence: one that would change what is searched is refused and says what to do instead.
pub(super) fn foreign() -> Vec<Flag> {
    vec![
        Flag::refused(
            "--generate KIND",
            "write swathe man search for the manual page, swathe completions SHELL for completions",
        ),
        Flag::on(
            "--no-config",
            "Do not read the file SWATHE_CONFIG_PATH names",
            |o| &mut o.no_config,
        )
        .more("That file holds arguments, one a line, that go before those typed."),
    ]
}
