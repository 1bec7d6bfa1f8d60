//! How much room there is for an answer.

/// What text is fitted to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Layout {
    /// Columns of the terminal. Default: as wide as it gets.
    pub width: Option<usize>,
    /// Draw with nothing but ASCII. What comes from the input is shown as it
    /// is. Default: no.
    pub ascii: bool,
    /// How many rows of a table a page shows at most. Default: 100.
    pub rows: Option<usize>,
}
