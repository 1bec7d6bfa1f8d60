//! What goes into tables for people.

use std::path::Path;

use swathe::report::{grouped, printable};

/// A number with its thousands apart, where there may be none: `-`.
pub(crate) fn grouped_or_none(number: Option<u64>) -> String {
    number.map_or_else(|| "-".into(), grouped)
}

/// A name that can do nothing to a terminal.
pub(crate) fn shown(path: &Path) -> String {
    printable(path.as_os_str().as_encoded_bytes())
}
