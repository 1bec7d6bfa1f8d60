//! The options of a source, made ready for its lines.

use std::sync::Arc;

use grep_matcher::{LineTerminator, Match};

use super::{Kind, LineSetup, PrintOptions, escapes::Escapes, path::ShownPath};

/// What all printers of a source share.
#[derive(Debug)]
pub(super) struct Style {
    pub(super) print: Arc<PrintOptions>,
    pub(super) terminator: LineTerminator,
    pub(super) escapes: Escapes,
    pub(super) path: Option<ShownPath>,
    pub(super) invert: bool,
    pub(super) stats: bool,
    /// The places of matches matter, not only their lines.
    pub(super) fine: bool,
    /// Each line has a link before it.
    pub(super) linked: bool,
    /// A selected line without a match is not shown.
    pub(super) only_matches: bool,
    /// A line may be shown differently from what it is.
    pub(super) edits: bool,
}

impl Style {
    pub(super) fn new(setup: &LineSetup) -> Style {
        let print = Arc::clone(&setup.print);
        let escapes = Escapes::new(print.colors.as_ref());
        let fine = escapes.matches
            || print.column
            || print.replacement.is_some()
            || print.per_match
            || print.only_matching
            || setup.stats;
        let path = ShownPath::new(&print, &escapes);
        let linked = path.as_ref().and_then(|path| path.line_link(&print));
        Style {
            terminator: setup.terminator,
            linked: linked.is_some(),
            path,
            invert: setup.invert,
            stats: setup.stats,
            fine,
            only_matches: setup.records
                && !setup.invert
                && (print.only_matching || print.per_match),
            edits: print.trim || print.max_columns.is_some(),
            escapes,
            print,
        }
    }

    /// What stands between the fields of a line.
    pub(super) fn separator(&self, kind: Kind) -> &[u8] {
        match kind {
            Kind::Match => &self.print.separator_field_match,
            Kind::Context => &self.print.separator_field_context,
        }
    }

    /// The part of a line that is shown: without white space at its beginning
    /// if that is to be left out.
    pub(super) fn trim(&self, text: &[u8], part: Match) -> Match {
        if !self.print.trim {
            return part;
        }
        let terminator = self.terminator.as_bytes();
        let blank = text[part]
            .iter()
            .take_while(|byte| {
                matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | b' ')
                    && !terminator.contains(byte)
            })
            .count();
        part.with_start(part.start() + blank)
    }

    /// True if this is too long to be shown.
    #[inline]
    pub(super) fn is_excess(&self, text: &[u8]) -> bool {
        self.print
            .max_columns
            .is_some_and(|max| text.len() as u64 > max)
    }
}
