//! What is looked for, and which lines are selected.

use std::{ffi::OsStr, path::PathBuf};

use swathe::pattern::{Boundary, Case};

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::{Low, PatternSource},
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    let mut all = patterns();
    all.extend(case());
    all.extend(boundaries());
    all.extend(selection());
    all.extend(lines());
    all.extend(engine());
    Flag::grouped(Group::Matching, all)
}

fn patterns() -> Vec<Flag<Low>> {
    vec![
        Flag::value(
            "regexp",
            "PATTERN",
            "Look for PATTERN too",
            |low: &mut Low, v| {
                let pattern = v.to_str().ok_or_else(not_utf8)?.to_string();
                low.patterns.push(PatternSource::Given(pattern));
                Ok(())
            },
        )
        .short('e')
        .brief()
        .more(
            "May be given many times; a line matches if any pattern does. All arguments \
             without a flag are then files. Needed for a pattern that begins with '-'.",
        ),
        Flag::value(
            "file",
            "FILE",
            "Look for every line of FILE",
            |low: &mut Low, v| {
                low.patterns.push(PatternSource::File(PathBuf::from(v)));
                Ok(())
            },
        )
        .short('f')
        .more("'-' reads patterns from standard input. An empty line matches every line."),
        Flag::switch(
            "fixed-strings",
            "Patterns are plain text, not regexes",
            |low: &mut Low, on| {
                low.fixed_strings = on;
            },
        )
        .short('F')
        .no("no-fixed-strings"),
    ]
}

fn case() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "ignore-case",
            "Upper or lower case is the same",
            |low: &mut Low, _| {
                low.case = Case::Insensitive;
            },
        )
        .short('i')
        .brief()
        .more("Overrides -s and -S."),
        Flag::switch(
            "case-sensitive",
            "Case matters (default)",
            |low: &mut Low, _| {
                low.case = Case::Sensitive;
            },
        )
        .short('s')
        .more("Overrides -i and -S."),
        Flag::switch(
            "smart-case",
            "Ignore case unless the pattern has capitals",
            |low: &mut Low, _| {
                low.case = Case::Smart;
            },
        )
        .short('S')
        .more("Overrides -i and -s."),
    ]
}

fn boundaries() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "word-regexp",
            "Match whole words only",
            |low: &mut Low, _| {
                low.boundary = Some(Boundary::Word);
            },
        )
        .short('w')
        .brief()
        .more("Overrides -x."),
        Flag::switch(
            "line-regexp",
            "Match whole lines only",
            |low: &mut Low, _| {
                low.boundary = Some(Boundary::Line);
            },
        )
        .short('x')
        .more("Overrides -w."),
    ]
}

fn selection() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "invert-match",
            "Select the lines that do not match",
            |low: &mut Low, on| {
                low.invert = on;
            },
        )
        .short('v')
        .no("no-invert-match")
        .brief(),
        Flag::value(
            "max-count",
            "N",
            "Stop after N lines of each file",
            |low: &mut Low, v| {
                low.max_count = Some(value::number(v)?);
                Ok(())
            },
        )
        .short('m')
        .brief()
        .more("With 0 nothing is searched. Lines of context after the last one are printed."),
        Flag::switch(
            "stop-on-nonmatch",
            "Stop at the first other line after a match",
            |low: &mut Low, _| {
                low.stop_on_nonmatch = true;
                low.multi_line = false;
            },
        )
        .more("For sorted files. Overrides -U, and is overridden by it."),
    ]
}

fn lines() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "multiline",
            "Let a match span lines",
            |low: &mut Low, on| {
                low.multi_line = on;
                if on {
                    low.stop_on_nonmatch = false;
                }
            },
        )
        .short('U')
        .no("no-multiline")
        .more(
            "A file is then searched as a whole: on one thread, and in memory if it cannot \
               be mapped.",
        ),
        Flag::switch(
            "multiline-dotall",
            "With -U, '.' matches line ends too",
            |low: &mut Low, on| {
                low.dot_all = on;
            },
        )
        .no("no-multiline-dotall"),
        Flag::switch("crlf", "Lines may end with \\r\\n", |low: &mut Low, on| {
            low.crlf = on;
            if on {
                low.null_data = false;
            }
        })
        .no("no-crlf")
        .more("'$' then matches before \\r\\n. Overrides --null-data."),
        Flag::switch("null-data", "Lines end with NUL", |low: &mut Low, _| {
            low.null_data = true;
            low.crlf = false;
        })
        .more("For the output of find -print0 and the like. Overrides --crlf, implies -a."),
    ]
}

fn engine() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "no-unicode",
            "\\w, '.' and -i know ASCII only",
            |low: &mut Low, on| {
                low.no_unicode = on;
            },
        )
        .no("unicode")
        .more("Can be faster, and matches bytes that are not UTF-8 where Unicode would not."),
        Flag::switch(
            "no-pcre2-unicode",
            "The same as --no-unicode",
            |low: &mut Low, on| {
                low.no_unicode = on;
            },
        )
        .no("pcre2-unicode"),
        Flag::value(
            "regex-size-limit",
            "SIZE",
            "Let a regex take SIZE bytes",
            |low: &mut Low, v| {
                low.size_limit = Some(bytes(v)?);
                Ok(())
            },
        )
        .more("For very large patterns. Bytes, or a number with K, M or G."),
        Flag::value(
            "dfa-size-limit",
            "SIZE",
            "Let a regex cache take SIZE bytes",
            |low: &mut Low, v| {
                low.dfa_size_limit = Some(bytes(v)?);
                Ok(())
            },
        )
        .more(
            "A large regex that outgrows its cache is slower. Bytes, or a number with K, M \
               or G.",
        ),
    ]
}

fn bytes(value: &OsStr) -> Result<usize, String> {
    usize::try_from(value::size(value)?).map_err(|_| "too large for this machine".to_string())
}

fn not_utf8() -> String {
    "the pattern is not valid UTF-8; match such bytes with (?-u:\\xFF)".to_string()
}
