//! Colours as the bytes that switch them on and off.

use grep_printer::ColorSpecs;
use termcolor::{Ansi, ColorSpec, WriteColor as _};

/// Escape sequences, rendered once; all empty without colours.
///
/// An element without a colour still has one (it resets the terminal), as in
/// ripgrep: the bytes are the same whoever compares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Escapes {
    pub(super) path: Vec<u8>,
    pub(super) line: Vec<u8>,
    pub(super) column: Vec<u8>,
    pub(super) matched: Vec<u8>,
    pub(super) highlight: Vec<u8>,
    /// Ends every other.
    pub(super) reset: Vec<u8>,
    /// Matches have a colour, so that their places must be known.
    pub(super) matches: bool,
    /// Selected lines have a colour.
    pub(super) highlights: bool,
}

impl Escapes {
    pub(super) fn new(colors: Option<&ColorSpecs>) -> Escapes {
        let Some(colors) = colors else {
            return Escapes::default();
        };
        let mut reset = Ansi::new(vec![]);
        reset.reset().expect("a vector takes every byte");
        Escapes {
            path: escape(colors.path()),
            line: escape(colors.line()),
            column: escape(colors.column()),
            matched: escape(colors.matched()),
            highlight: escape(colors.highlight()),
            reset: reset.into_inner(),
            matches: !colors.matched().is_none(),
            highlights: !colors.highlight().is_none(),
        }
    }
}

fn escape(spec: &ColorSpec) -> Vec<u8> {
    let mut ansi = Ansi::new(vec![]);
    ansi.set_color(spec).expect("a vector takes every byte");
    ansi.into_inner()
}
