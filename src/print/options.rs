//! What is shown of a line.

use std::path::PathBuf;

use super::Links;

/// How matching lines are shown; ripgrep's options of the same names.
#[derive(Clone, Debug)]
pub struct PrintOptions {
    /// The name of the source, if it is shown.
    pub path: Option<PathBuf>,
    /// The name on a line of its own before the first match.
    pub heading: bool,
    /// What ends a name instead of a separator (NUL for `-0`).
    pub path_terminator: Option<u8>,
    /// What `/` in a name is replaced by.
    pub path_separator: Option<u8>,
    /// The column of the first match, in bytes from 1.
    pub column: bool,
    /// The absolute offset.
    pub byte_offset: bool,
    /// Only the matched parts.
    pub only_matching: bool,
    /// A line for every match (`--vimgrep`).
    pub per_match: bool,
    /// What matches are replaced by, with `$1` and `$name`.
    pub replacement: Option<Vec<u8>>,
    /// Leave out longer lines, in bytes.
    pub max_columns: Option<u64>,
    /// Show the beginning of a line that is left out.
    pub max_columns_preview: bool,
    /// Leave out white space at the beginning of lines.
    pub trim: bool,
    /// Between groups of lines that do not touch; none if `None`.
    pub separator_context: Option<Vec<u8>>,
    /// Between the fields of a matching line.
    pub separator_field_match: Vec<u8>,
    /// Between the fields of a context line.
    pub separator_field_context: Vec<u8>,
    /// Before the results of a source if something was printed before them.
    pub separator_search: Option<Vec<u8>>,
    /// The colours; `None` for no colour at all.
    pub colors: Option<grep_printer::ColorSpecs>,
    /// Where names lead, if there are colours; `None` for no links.
    pub links: Option<Links>,
    /// Print a zero count too (`--include-zero`).
    pub include_zero: bool,
    /// Print no count: somebody adds them up.
    pub silent: bool,
    /// Show control bytes in text and in names as `\x1b` and the like.
    pub safe: bool,
}

impl Default for PrintOptions {
    fn default() -> PrintOptions {
        PrintOptions {
            path: None,
            heading: false,
            path_terminator: None,
            path_separator: None,
            column: false,
            byte_offset: false,
            only_matching: false,
            per_match: false,
            replacement: None,
            max_columns: None,
            max_columns_preview: false,
            trim: false,
            separator_context: Some(b"--".to_vec()),
            separator_field_match: b":".to_vec(),
            separator_field_context: b"-".to_vec(),
            separator_search: None,
            colors: None,
            links: None,
            include_zero: false,
            silent: false,
            safe: false,
        }
    }
}
