//! Files that other files list.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, path::Path};

use swathe::run::Input;

use super::choosing::Choosing;
use crate::{messages, stat::input::stdin_bytes};

impl Choosing {
    /// The files that the lists name, in their order.
    ///
    /// # Errors
    /// When a list cannot be read, or standard input is one and was read for
    /// something else or names itself.
    pub(crate) fn listed(&self, stdin_taken: bool) -> Result<Vec<Input>, String> {
        let mut all = Vec::new();
        let mut taken = stdin_taken;
        for path in &self.files_from {
            let stdin = path == Path::new("-");
            if stdin && std::mem::replace(&mut taken, true) {
                return Err(
                    "--files-from -: standard input was read already; it can be \
                            read once"
                        .to_string(),
                );
            }
            let bytes = if stdin {
                stdin_bytes()
            } else {
                std::fs::read(path).map_err(swathe::Error::from)
            };
            let bytes = bytes.map_err(|error| {
                let why = error.kind();
                format!("--files-from: {}: {why}", messages::name(path))
            })?;
            all.extend(names(&bytes).into_iter().map(Input::named));
        }
        if taken && all.contains(&Input::Stdin) {
            return Err(
                "--files-from: the list names -, but standard input was read already".to_string(),
            );
        }
        Ok(all)
    }
}

/// The names in a list: one a line, or one before each NUL byte.
fn names(bytes: &[u8]) -> Vec<OsString> {
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    let names = bytes.split(|&byte| byte == end);
    let names = names.map(|name| match name {
        [name @ .., b'\r'] if end == b'\n' => name,
        name => name,
    });
    names
        .filter(|name| !name.is_empty())
        .map(|name| OsString::from_vec(name.to_vec()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_or_nul_bytes_part_names() {
        for (list, want) in [
            ("", &[][..]),
            ("\n\n", &[]),
            ("a\nb c\n", &["a", "b c"]),
            ("a\r\nb", &["a", "b"]),
            ("a\0b\nc\0", &["a", "b\nc"]),
        ] {
            assert_eq!(names(list.as_bytes()), want, "{list:?}");
        }
    }

    #[test]
    fn standard_input_is_read_once() {
        let choosing = Choosing {
            files_from: vec!["-".into()],
            ..Choosing::default()
        };
        assert!(choosing.listed(true).unwrap_err().contains("once"));
        let missing = Choosing {
            files_from: vec!["no such list".into()],
            ..Choosing::default()
        };
        let error = missing.listed(false).unwrap_err();
        assert!(error.contains("no such list: No such file"), "{error}");
    }
}
