//! Options drawn by lot, the same in every run.

use grep_printer::{ColorSpecs, UserColorSpec};

use super::Selection;
use crate::print::{Links, PrintOptions};

pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    pub(super) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize].clone()
    }

    pub(super) fn selection(&mut self) -> Selection {
        let (before, after, passthru) = self.of(&[
            (0, 0, false),
            (0, 0, false),
            (1, 0, false),
            (0, 2, false),
            (2, 1, false),
            (0, 0, true),
        ]);
        Selection {
            before,
            after,
            passthru,
            invert: self.one_in(3),
            line_number: !self.one_in(3),
            binary: self.one_in(4),
        }
    }

    pub(super) fn print_options(&mut self) -> PrintOptions {
        let bytes = |text: &str| Some(text.as_bytes().to_vec());
        PrintOptions {
            path: self
                .of(&[None, Some("a/b.log"), Some("\"é\\\n"), Some("src/lib.rs")])
                .map(Into::into)
                .or_else(|| self.one_in(4).then(not_utf8)),
            heading: self.one_in(4),
            path_terminator: self.of(&[None, None, Some(0)]),
            path_separator: self.of(&[None, None, Some(b'\\')]),
            column: self.one_in(3),
            byte_offset: self.one_in(3),
            only_matching: self.one_in(4),
            per_match: self.one_in(5),
            replacement: if self.one_in(4) {
                self.of(&[
                    bytes(""),
                    bytes("[$0]"),
                    bytes("$first-${rest}$2$$ $9 \n"),
                    Some(b"\xff".to_vec()),
                    bytes("a much longer text than there was"),
                ])
            } else {
                None
            },
            max_columns: self.of(&[None, None, Some(0), Some(1), Some(5), Some(9), Some(30)]),
            max_columns_preview: self.one_in(2),
            trim: self.one_in(4),
            separator_context: self.of(&[None, bytes("--"), bytes("==="), bytes("")]),
            separator_field_match: self.of(&[b":".to_vec(), b":".to_vec(), b" => ".to_vec()]),
            separator_field_context: self.of(&[b"-".to_vec(), b"-".to_vec(), vec![]]),
            separator_search: self.of(&[None, bytes(""), bytes("next")]),
            colors: self.colors(),
            links: self.links(),
            include_zero: self.one_in(2),
            silent: false,
            safe: false,
        }
    }

    /// Only a source that is a file has links.
    fn links(&mut self) -> Option<Links> {
        let format = self.of(&["none", "default", "vscode", "file://{wslprefix}{path}"]);
        let host = self.one_in(2).then(|| "box".to_string());
        Links::new(format, host, None).unwrap()
    }

    fn colors(&mut self) -> Option<ColorSpecs> {
        let specs: &[&[&str]] = &[
            &["match:fg:red", "path:fg:magenta", "line:fg:green"],
            &["match:fg:red", "highlight:bg:blue", "column:style:bold"],
            &["highlight:bg:0x11,0x22,0x33"],
            &["path:fg:blue"],
            &["match:style:underline", "match:fg:123", "line:none"],
            &[],
        ];
        let specs: Vec<UserColorSpec> = self
            .of(specs)
            .iter()
            .map(|spec| spec.parse().unwrap())
            .collect();
        self.one_in(2).then(|| ColorSpecs::new(&specs))
    }
}

#[cfg(unix)]
fn not_utf8() -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(b"dir/\xff").into()
}

#[cfg(not(unix))]
fn not_utf8() -> std::path::PathBuf {
    "dir/name".into()
}
