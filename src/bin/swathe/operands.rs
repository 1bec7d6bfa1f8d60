//! What operands are where the first of them may be a pattern.
//!
//! A command that selects records by flags (`--where`, `--since` and the like)
//! has something to do without a pattern, so that one which is left out is no
//! error there: an operand that names a file is that file.

use std::{ffi::OsStr, path::Path};

/// Whether all of these operands are inputs, where flags say what is selected:
/// one that names something to read, or several that all name files. `.` is a
/// pattern more often than a directory.
pub(crate) fn are_inputs(operands: &[impl AsRef<OsStr>]) -> bool {
    let known = |operand: &OsStr, is: fn(&Path) -> bool| operand == "-" || is(Path::new(operand));
    match operands {
        [] => false,
        [one] => {
            let one = one.as_ref();
            one != "." && one != ".." && known(one, Path::exists)
        }
        several => several.iter().all(|one| known(one.as_ref(), Path::is_file)),
    }
}

/// Whether the only operand, taken for a pattern, names a file, and nothing else
/// is there to be read.
pub(crate) fn is_lone_file(operand: &OsStr, others: usize, stdin_is_readable: bool) -> bool {
    others == 0 && !stdin_is_readable && Path::new(operand).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_that_name_something() {
        for (operands, want) in [
            (&[][..], false),
            (&["Cargo.toml"], true),
            (&["-"], true),
            (&["src"], true),
            (&["src/"], true),
            (&["."], false),
            (&[".."], false),
            (&["error"], false),
            (&["Cargo.toml", "README.md"], true),
            (&["Cargo.toml", "-"], true),
            (&["src", "README.md"], false),
            (&[".", "README.md"], false),
            (&["error", "README.md"], false),
            (&["Cargo.toml", "gone.log"], false),
        ] {
            assert_eq!(are_inputs(operands), want, "{operands:?}");
        }
        for (operand, others, piped, want) in [
            ("Cargo.toml", 0, false, true),
            ("Cargo.toml", 0, true, false),
            ("Cargo.toml", 1, false, false),
            ("src", 0, false, false),
            ("error", 0, false, false),
        ] {
            assert_eq!(is_lone_file(operand.as_ref(), others, piped), want);
        }
    }
}
