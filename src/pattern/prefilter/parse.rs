//! Reads patterns as the regex engine does.

use regex_syntax::{ParserBuilder, hir::Hir};

use super::sequence::Sequence;
use crate::pattern::{Case, PatternOptions};

/// The runs that every match has, if the patterns are one regex of which this
/// can be said. Where a match begins and ends is of no account.
pub(super) fn sequence<P: AsRef<str>>(
    patterns: &[P],
    options: &PatternOptions,
) -> Option<Sequence> {
    let [pattern] = patterns else {
        return None;
    };
    if options.fixed_strings || options.crlf || options.null_data || options.multi_line {
        return None;
    }
    let hir = hir(pattern.as_ref(), options)?;
    // Under an inline `(?R)`, `^` and `$` ask whether a `\n` follows the `\r`, and a line
    // that is searched alone comes without it.
    if hir.properties().look_set().contains_anchor_crlf() {
        return None;
    }
    let mut sequence = Sequence::new(&hir, b'\n');
    sequence.exact &= options.boundary.is_none();
    Some(sequence)
}

fn hir(pattern: &str, options: &PatternOptions) -> Option<Hir> {
    let ignore_case = match options.case {
        Case::Sensitive => false,
        Case::Insensitive => true,
        Case::Smart => smart(pattern)?,
    };
    let mut parser = ParserBuilder::new();
    parser
        .utf8(false)
        .multi_line(true)
        .unicode(options.unicode)
        .case_insensitive(ignore_case);
    parser.build().parse(pattern).ok()
}

/// Whether case is of no account under the rule of smart case; `None` where it
/// takes more than a look to tell.
fn smart(pattern: &str) -> Option<bool> {
    let mut chars = pattern.chars();
    let mut any_letter = false;
    while let Some(c) = chars.next() {
        if c == '\\' {
            // Other escapes may stand for letters, or for classes by name.
            let escaped = chars.next()?;
            if escaped.is_alphanumeric() && !"dDsSwWbB".contains(escaped) {
                return None;
            }
        } else if c == '(' || c == '[' && chars.as_str().starts_with(':') {
            // Names and flags are no literals.
            if chars.as_str().starts_with(['?', ':']) {
                return None;
            }
        } else if c.is_uppercase() {
            return Some(false);
        } else {
            any_letter |= c.is_alphabetic();
        }
    }
    Some(any_letter)
}
