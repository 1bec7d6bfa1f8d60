//! Arguments from the file that an environment variable names.

use std::{ffi::OsString, path::Path};

use bstr::ByteSlice as _;

/// Reads the arguments of a file: one a line, surrounding white space dropped,
/// nothing from empty lines and those that begin with `#`.
///
/// # Errors
/// When the file cannot be read, or a line cannot be an argument here.
pub(crate) fn arguments(path: &Path) -> std::io::Result<Vec<OsString>> {
    let bytes = std::fs::read(path)?;
    let lines = bytes.lines().map(<[u8]>::trim);
    lines
        .filter(|line| !line.is_empty() && line[0] != b'#')
        .map(|line| match line.to_os_str() {
            Ok(argument) => Ok(argument.to_os_string()),
            Err(e) => Err(std::io::Error::new(std::io::ErrorKind::InvalidData, e)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_argument_a_line() {
        let path = std::env::temp_dir().join(format!("swathe-config-{}", std::process::id()));
        std::fs::write(
            &path,
            "# a comment\n--smart-case\r\n\n  -e=a b \n--colors\nx",
        )
        .unwrap();
        let got = arguments(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(got, ["--smart-case", "-e=a b", "--colors", "x"]);
        assert!(arguments(&path).is_err());
    }
}
