//! Files that other files list.

use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, ErrorKind, Result},
    harmless,
    source::Input,
};

/// The inputs that these files list, in their order: one a line, or, where there is a NUL
/// byte, one before each. `-` is standard input, which is read once; whether it was read
/// already says `stdin_taken`.
///
/// # Errors
/// When a list cannot be read, or standard input is one and was read for something else or
/// names itself.
pub fn listed(lists: &[PathBuf], stdin_taken: bool) -> Result<Vec<Input>> {
    let wrong = |text: String| Error::new(ErrorKind::Config(text));
    let mut all = Vec::new();
    let mut taken = stdin_taken;
    for path in lists {
        let stdin = path == Path::new("-");
        if stdin && std::mem::replace(&mut taken, true) {
            return Err(wrong(
                "--files-from -: standard input was read already; it can be read once".into(),
            ));
        }
        let bytes = Input::named(path).bytes().map_err(|error| {
            let why = error.kind();
            wrong(format!("--files-from: {}: {why}", harmless::name(path)))
        })?;
        all.extend(names(&bytes).into_iter().map(Input::named));
    }
    if taken && all.contains(&Input::Stdin) {
        return Err(wrong(
            "--files-from: the list names -, but standard input was read already".into(),
        ));
    }
    Ok(all)
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
        let error = listed(&["-".into()], true).unwrap_err().to_string();
        assert!(error.contains("once"), "{error}");
        let error = listed(&["no such list".into()], false)
            .unwrap_err()
            .to_string();
        assert!(error.contains("no such list: No such file"), "{error}");
    }
}
