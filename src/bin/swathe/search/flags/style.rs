//! How the output looks in detail, and when it leaves.

use std::{ffi::OsStr, path::PathBuf};

use super::Flag;
use crate::{
    cli::value,
    search::low::{Buffer, Color},
};

pub(super) fn flags() -> Vec<Flag> {
    let mut all = separators();
    all.extend(color());
    all.extend(buffering());
    all.extend(links());
    all
}

fn separators() -> Vec<Flag> {
    vec![
        Flag::setting(
            "--context-separator TEXT",
            "TEXT between groups of lines; '--' by default",
            |o, v| {
                o.separators.context = v.map(value::unescaped).transpose()?;
                Ok(())
            },
        )
        .no("no-context-separator")
        .more("\\t, \\x7F and the like stand for bytes, here and in the next two."),
        Flag::one(
            "--field-match-separator TEXT",
            "TEXT behind name and number; ':' by default",
            value::unescaped,
            |o| &mut o.separators.field_match,
        ),
        Flag::one(
            "--field-context-separator TEXT",
            "The same in lines of context; '-' by default",
            value::unescaped,
            |o| &mut o.separators.field_context,
        ),
        Flag::one(
            "--path-separator CHAR",
            "CHAR for '/' in file names",
            path_separator,
            |o| &mut o.path_separator,
        ),
    ]
}

fn path_separator(value: &OsStr) -> Result<Option<u8>, String> {
    match value::unescaped(value)?[..] {
        [] => Ok(None),
        [byte] => Ok(Some(byte)),
        ref bytes => Err(format!("one byte is needed, but got {}", bytes.len())),
    }
}

fn color() -> Vec<Flag> {
    const COLORS: [(&str, Color); 4] = [
        ("never", Color::Never),
        ("auto", Color::Auto),
        ("always", Color::Always),
        ("ansi", Color::Always),
    ];
    vec![
        Flag::choice("--color WHEN", "Colour", &COLORS, |o| &mut o.color)
            .more("auto: on a terminal, unless NO_COLOR is set or TERM is dumb."),
        Flag::each(
            "--colors SPEC",
            "What is shown in which colour",
            value::parsed,
            |o| &mut o.colors,
        )
        .more(
            "TYPE:ATTRIBUTE:VALUE. TYPE is path, line, column, match or highlight; ATTRIBUTE \
             is fg, bg or style; VALUE is a colour (red, 0-255 or 0,128,255) or a style \
             (bold, underline, nobold). TYPE:none clears. For example match:fg:yellow. May \
             be given many times.",
        ),
        Flag::switch(
            "-p --pretty",
            "As on a terminal: colour, headings, numbers",
            |o, _| {
                o.color = Color::Always;
                o.heading = Some(true);
                o.line_number = Some(true);
            },
        )
        .more("The same as --color always --heading -n. For pagers: -p ... | less -R."),
    ]
}

fn buffering() -> Vec<Flag> {
    vec![
        Flag::means(
            "--line-buffered",
            "Write each line at once",
            Buffer::Line,
            |o| &mut o.buffer,
        )
        .no("no-line-buffered")
        .more(
            "The default on a terminal. Into a pipe, lines leave in blocks and whenever input \
             pauses, so tail -f works without it. Overrides --block-buffered.",
        ),
        Flag::means(
            "--block-buffered",
            "Write in large blocks only",
            Buffer::Block,
            |o| &mut o.buffer,
        )
        .no("no-block-buffered")
        .more("Overrides --line-buffered."),
    ]
}

fn links() -> Vec<Flag> {
    vec![
        Flag::one(
            "--hyperlink-format FORMAT",
            "Make links of names: default, vscode, none ...",
            |v| {
                let format = value::string(v)?;
                swathe::print::Links::new(&format, None, None).map_err(|e| e.to_string())?;
                Ok(format)
            },
            |o| &mut o.links.format,
        )
        .more(
            "Where there is colour. FORMAT is a name (cursor, default, file, grep+, kitty, \
             macvim, none, textmate, vscode, vscode-insiders, vscodium) or a URI in which \
             {path}, {line}, {column}, {host} and {wslprefix} stand for what they say, for \
             example 'editor://open?file={path}&line={line}'.",
        ),
        Flag::one(
            "--hostname-bin COMMAND",
            "A program that prints this machine's name",
            |v| Ok((!v.is_empty()).then(|| PathBuf::from(v))),
            |o| &mut o.links.hostname_bin,
        )
        .more("For {host} in links; without it, the system is asked."),
    ]
}
