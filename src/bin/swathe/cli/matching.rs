//! The flags of every command that looks for patterns.

use swathe::pattern::{Boundary, Case, PatternOptions};

use super::flag;

/// How patterns are read, as it was typed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Matching {
    pub(crate) fixed_strings: bool,
    pub(crate) case: Case,
    pub(crate) boundary: Option<Boundary>,
}

impl Matching {
    /// The options of patterns that are read so.
    pub(crate) fn options(self) -> PatternOptions {
        PatternOptions {
            fixed_strings: self.fixed_strings,
            case: self.case,
            boundary: self.boundary,
            ..PatternOptions::default()
        }
    }
}

type Flag = flag::Flag<Matching>;

/// The flags.
pub(crate) fn flags() -> Vec<Flag> {
    let case = |written, help, case| Flag::means(written, help, case, |o| &mut o.case);
    let boundary = |written, help, bound| {
        Flag::means(written, help, Some(bound), |o: &mut Matching| {
            &mut o.boundary
        })
    };
    vec![
        Flag::on(
            "-F --fixed-strings",
            "Patterns are plain text, not regexes",
            |o| &mut o.fixed_strings,
        )
        .no("no-fixed-strings"),
        case(
            "-i --ignore-case",
            "Upper or lower case is the same",
            Case::Insensitive,
        )
        .brief()
        .more("Overrides -s and -S."),
        case(
            "-s --case-sensitive",
            "Case matters (default)",
            Case::Sensitive,
        )
        .more("Overrides -i and -S."),
        case(
            "-S --smart-case",
            "Ignore case unless the pattern has capitals",
            Case::Smart,
        )
        .more("Overrides -i and -s."),
        boundary("-w --word-regexp", "Match whole words only", Boundary::Word)
            .brief()
            .more("Overrides -x."),
        boundary("-x --line-regexp", "Match whole lines only", Boundary::Line)
            .more("Overrides -w."),
    ]
}
