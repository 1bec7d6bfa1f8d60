//! Which lines besides the selected ones are printed.

/// How much context lines get.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) passthru: bool,
    pub(super) invert: bool,
    /// Lines are numbered.
    pub(super) number: bool,
    pub(super) terminator: u8,
}

impl Context {
    pub(super) fn is_any(&self) -> bool {
        self.before > 0 || self.after > 0
    }
}
