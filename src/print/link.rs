//! Names as links (OSC 8), so that a terminal opens the file, or the very line.

use std::{io::Write as _, os::unix::ffi::OsStrExt as _, path::Path, sync::Arc};

use grep_printer::{
    HyperlinkConfig, HyperlinkEnvironment, HyperlinkFormat, HyperlinkFormatError, hyperlink_aliases,
};

use crate::error::{Error, ErrorKind, Result};

/// What ends a link.
const CLOSE: &[u8] = b"\x1b]8;;\x1b\\";

/// Where links lead: a format with its variables, and what is the same in all
/// links.
#[derive(Clone, Debug)]
pub struct Links {
    config: HyperlinkConfig,
    parts: Arc<[Part]>,
    by_line: bool,
}

/// A piece of a format.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    Path,
    Line,
    Column,
}

impl Links {
    /// Links of this format, or of the one that has this name; none if it is
    /// empty. `{host}` and `{wslprefix}` are replaced by what is given here,
    /// or by nothing.
    ///
    /// # Errors
    /// When it is no format.
    pub fn new(
        format: &str,
        host: Option<String>,
        wsl_prefix: Option<String>,
    ) -> Result<Option<Links>> {
        let parsed: HyperlinkFormat = format
            .parse()
            .map_err(|e: HyperlinkFormatError| Error::new(ErrorKind::Config(e.to_string())))?;
        if parsed.is_empty() {
            return Ok(None);
        }
        // A format forgets which of its braces were written twice; none of
        // those that have a name has any.
        let named = hyperlink_aliases().iter().any(|a| a.name() == format);
        let parts = parts(
            &if named {
                parsed.to_string()
            } else {
                format.to_string()
            },
            host.as_deref().unwrap_or_default(),
            wsl_prefix.as_deref().unwrap_or_default(),
        );
        let mut environment = HyperlinkEnvironment::new();
        environment.host(host).wsl_prefix(wsl_prefix);
        Ok(Some(Links {
            by_line: parts.contains(&Part::Line),
            parts: parts.into(),
            config: parsed.into_config(environment),
        }))
    }

    /// The links as the printers of `grep-printer` take them.
    pub(crate) fn config(&self) -> HyperlinkConfig {
        self.config.clone()
    }

    /// Links to one source; none if its name leads nowhere.
    pub(super) fn to(&self, path: &Path) -> Option<Link> {
        let path = path.canonicalize().ok()?;
        let bytes = path.as_os_str().as_bytes();
        bytes.starts_with(b"/").then(|| Link {
            links: self.clone(),
            path: encoded(bytes),
        })
    }
}

/// The parts of a format as it is written, `{{` and `}}` being braces.
fn parts(format: &str, host: &str, wsl_prefix: &str) -> Vec<Part> {
    let (mut parts, mut text) = (vec![], String::new());
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        let variables = [
            ("{path}", Ok(Part::Path)),
            ("{line}", Ok(Part::Line)),
            ("{column}", Ok(Part::Column)),
            ("{host}", Err(host)),
            ("{wslprefix}", Err(wsl_prefix)),
            ("{{", Err("{")),
            ("}}", Err("}")),
        ];
        let known = variables.into_iter().find(|(v, _)| rest.starts_with(v));
        let width = known.as_ref().map_or(c.len_utf8(), |(v, _)| v.len());
        match known {
            Some((_, Ok(part))) => {
                parts.push(Part::Text(std::mem::take(&mut text)));
                parts.push(part);
            }
            Some((_, Err(constant))) => text.push_str(constant),
            None => text.push(c),
        }
        rest = &rest[width..];
    }
    parts.push(Part::Text(text));
    parts
}

/// A path as it stands in a URI. Bytes that are not ASCII are left as they
/// are: programs that open links disagree about them.
fn encoded(path: &[u8]) -> Vec<u8> {
    let mut uri = Vec::with_capacity(path.len());
    for &byte in path {
        if byte.is_ascii_alphanumeric() || b"/:-._~".contains(&byte) || !byte.is_ascii() {
            uri.push(byte);
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Links to one source.
#[derive(Clone, Debug)]
pub(super) struct Link {
    links: Links,
    path: Vec<u8>,
}

impl Link {
    /// True if each line has a link of its own.
    pub(super) fn is_by_line(&self) -> bool {
        self.links.by_line
    }

    /// The bytes that begin a link to this place; 1 for what is not known.
    pub(super) fn open(&self, line: Option<u64>, column: Option<u64>) -> Vec<u8> {
        let mut bytes = b"\x1b]8;;".to_vec();
        for part in self.links.parts.iter() {
            let number = match part {
                Part::Text(text) => {
                    bytes.extend_from_slice(text.as_bytes());
                    continue;
                }
                Part::Path => {
                    bytes.extend_from_slice(&self.path);
                    continue;
                }
                Part::Line => line,
                Part::Column => column,
            };
            let _ = write!(bytes, "{}", number.unwrap_or(1));
        }
        bytes.extend_from_slice(b"\x1b\\");
        bytes
    }

    /// The bytes that end it.
    pub(super) fn close() -> &'static [u8] {
        CLOSE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(format: &str, path: &str, line: Option<u64>) -> Option<String> {
        let host = Some("box".to_string());
        let links = Links::new(format, host, Some("wsl$/x".into())).unwrap()?;
        let target = Link {
            path: encoded(path.as_bytes()),
            links,
        };
        Some(String::from_utf8(target.open(line, None)).unwrap())
    }

    #[test]
    fn formats_are_filled_in() {
        for (format, want) in [
            ("default", Some("file://box/a%20b/%25")),
            ("vscode", Some("vscode://file/a%20b/%25:7:1")),
            ("file://{wslprefix}{path}", Some("file://wsl$/x/a%20b/%25")),
            ("x:{{{line}}}{path}", Some("x:{7}/a%20b/%25")),
            ("none", None),
        ] {
            let want = want.map(|uri| format!("\x1b]8;;{uri}\x1b\\"));
            assert_eq!(open(format, "/a b/%", Some(7)), want, "{format}");
        }
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for format in [
            "x",
            "file://",
            "file://{line}",
            "{path}",
            "x:{path}{column}",
        ] {
            assert!(Links::new(format, None, None).is_err(), "{format}");
        }
    }

    #[test]
    fn a_source_that_is_no_file_has_no_link() {
        let links = Links::new("file", None, None).unwrap().unwrap();
        assert!(links.to(Path::new("<stdin>")).is_none());
        let link = links.to(Path::new("src")).unwrap();
        assert!(!link.is_by_line() && link.path.ends_with(b"/src"));
    }
}
