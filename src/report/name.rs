//! Names that need not be text.

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::base64;

/// The name of a source: a string in JSON, or `{"bytes": BASE64}` if it is not
/// valid UTF-8.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Name(PathBuf);

impl Name {
    /// The name as a path.
    pub fn as_path(&self) -> &Path {
        &self.0
    }
}

impl From<&Path> for Name {
    fn from(path: &Path) -> Name {
        Name(path.to_path_buf())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_bytes(self.0.as_os_str().as_encoded_bytes(), serializer)
    }
}

/// Text as a string, and anything else as `{"bytes": BASE64}`.
pub(super) fn serialize_bytes<S: Serializer>(
    bytes: &[u8],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return serializer.serialize_str(text);
    }
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("bytes", &base64::encode(bytes))?;
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let name = Name::from(Path::new(std::ffi::OsStr::from_bytes(b"a\xff")));
        assert_eq!(serde_json::to_string(&name).unwrap(), r#"{"bytes":"Yf8="}"#);
        let name = Name::from(Path::new("a\n"));
        assert_eq!(serde_json::to_string(&name).unwrap(), r#""a\n""#);
    }
}
