//! How the output looks in detail, and when it leaves.

use std::ffi::OsStr;

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::{Buffer, Color, Low},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let all = separators().into_iter().chain(color()).chain(buffering());
    Flag::grouped(Group::Output, all)
}

fn separators() -> Vec<Flag<Low>> {
    vec![
        Flag::setting(
            "context-separator",
            "TEXT",
            "TEXT between groups of lines; '--' by default",
            |low: &mut Low, v| {
                low.separators.context = v.map(value::unescaped).transpose()?;
                Ok(())
            },
        )
        .no("no-context-separator")
        .more("\\t, \\x7F and the like stand for bytes, here and in the next two."),
        Flag::value(
            "field-match-separator",
            "TEXT",
            "TEXT behind name and number; ':' by default",
            |low: &mut Low, v| {
                low.separators.field_match = value::unescaped(v)?;
                Ok(())
            },
        ),
        Flag::value(
            "field-context-separator",
            "TEXT",
            "The same in lines of context; '-' by default",
            |low: &mut Low, v| {
                low.separators.field_context = value::unescaped(v)?;
                Ok(())
            },
        ),
        Flag::value(
            "path-separator",
            "CHAR",
            "CHAR for '/' in file names",
            |low: &mut Low, v| {
                low.path_separator = path_separator(v)?;
                Ok(())
            },
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

fn color() -> Vec<Flag<Low>> {
    vec![
        Flag::value(
            "color",
            "WHEN",
            "Colour: auto, always, ansi, never",
            |low: &mut Low, v| {
                low.color = value::choice(
                    v,
                    &[
                        ("never", Color::Never),
                        ("auto", Color::Auto),
                        ("always", Color::Always),
                        ("ansi", Color::Always),
                    ],
                )?;
                Ok(())
            },
        )
        .more("auto: on a terminal, unless NO_COLOR is set or TERM is dumb."),
        Flag::value(
            "colors",
            "SPEC",
            "What is shown in which colour",
            |low: &mut Low, v| {
                let text = value::text(v)?;
                let spec = text
                    .parse()
                    .map_err(|e: grep_printer::ColorError| e.to_string())?;
                low.colors.push(spec);
                Ok(())
            },
        )
        .more(
            "TYPE:ATTRIBUTE:VALUE. TYPE is path, line, column, match or highlight; ATTRIBUTE \
               is fg, bg or style; VALUE is a colour (red, 0-255 or 0,128,255) or a style \
               (bold, underline, nobold). TYPE:none clears. For example match:fg:yellow. May \
               be given many times.",
        ),
        Flag::switch(
            "pretty",
            "As on a terminal: colour, headings, numbers",
            |low: &mut Low, _| {
                low.color = Color::Always;
                low.heading = Some(true);
                low.line_number = Some(true);
            },
        )
        .short('p')
        .more("The same as --color always --heading -n. For pagers: -p ... | less -R."),
    ]
}

fn buffering() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "line-buffered",
            "Write each line at once",
            |low: &mut Low, on| {
                low.buffer = if on { Buffer::Line } else { Buffer::Auto };
            },
        )
        .no("no-line-buffered")
        .more(
            "The default on a terminal. Into a pipe, lines leave in blocks and whenever input \
               pauses, so tail -f works without it. Overrides --block-buffered.",
        ),
        Flag::switch(
            "block-buffered",
            "Write in large blocks only",
            |low: &mut Low, on| {
                low.buffer = if on { Buffer::Block } else { Buffer::Auto };
            },
        )
        .no("no-block-buffered")
        .more("Overrides --line-buffered."),
    ]
}
