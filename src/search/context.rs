//! Which lines besides the selected ones are printed.

use super::units::Units;

/// How much context lines get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'s> {
    /// What is selected, and counted here: lines, or records of some lines.
    pub(super) units: Units<'s>,
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) passthru: bool,
    pub(super) invert: bool,
    /// Lines are numbered.
    pub(super) number: bool,
    pub(super) terminator: u8,
}

impl Context<'_> {
    pub(super) fn is_any(&self) -> bool {
        self.before > 0 || self.after > 0
    }
}
