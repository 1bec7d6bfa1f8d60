//! Patterns and haystacks that have been, or could be, trouble.

use crate::pattern::{PatternOptions, Patterns};

/// What ends lines: `\n`, `\r\n`, NUL.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Terminator {
    Lf,
    CrLf,
    Nul,
}

pub(super) const TERMINATORS: [Terminator; 3] = [Terminator::Lf, Terminator::CrLf, Terminator::Nul];

pub(super) const PATTERNS: &[&str] = &[
    "foo",
    "o",
    "o+",
    "x*",
    "",
    ".",
    ".*",
    "^",
    "$",
    "^$",
    "^f",
    "o$",
    r"\b",
    r"\B",
    r"\bfoo\b",
    r"\s+",
    r"[ \t]",
    r"(?i)FOO|ÉT",
    r"\Afoo",
    r"\A",
    r"foo\z",
    r"(?-m:^)[a-z]+",
    r"(?P<first>[a-z])(?P<rest>[a-z]*)",
    r"(?P<first>[a-z])(?P<rest>o+)",
    r"(a)|(b)|(o)",
    r"(?-u:.)",
    r"(?-u:\xff)",
    r"é",
    r"foo|a line too long|z",
    r"never, never",
];

pub(super) fn compile(pattern: &str, terminator: Terminator) -> Patterns {
    let options = PatternOptions {
        crlf: terminator == Terminator::CrLf,
        null_data: terminator == Terminator::Nul,
        ..PatternOptions::default()
    };
    options.compile(&[pattern]).unwrap()
}

/// Haystacks with lines that end with `\n`, or NUL where that ends them.
pub(super) fn haystacks(terminator: Terminator) -> Vec<Vec<u8>> {
    let haystacks: [&[u8]; 18] = [
        b"",
        b"\n",
        b"\n\n\n",
        b"foo",
        b"foo\n",
        b"foo\nbar\nfoobar foo\nbaz\n\nfoo",
        b"bar\nfoo\nbar\nbar\nbar\nbar\nbar\nfoofoo xx foo\nbar\n",
        b"  foo\n\t foo bar foo\n   \n \x0b\x0c foo\n",
        b"foo\r\nbar\r\n\r\nfoo bar\r\n  foo\r\nlone\rcr foo\r\nfoo",
        b"\r\r\n\r\n  \r\nfoo\r",
        b"one foo foo foo foo foo foo foo foo foo\nfoo two\na line too long foo for fo\n\nf\n",
        b"\xff\xfefoo\xff\nfoo \xc3\n\xc3\xa9 foo \xff\n\xe2\x82\nfoo\n",
        "été foo ÉTÉ\nfoo é foo\n👩‍👩‍👧‍👦 foo 👍🏽 e\u{301}foo\nzéro\n".as_bytes(),
        b"foo\x00bar\nfoo\n\x00\nbar foo\x00\n",
        b"a\nb\nfoo\nd\ne\nf\ng\nfoo \x00 h\ni\nfoo\nk\n",
        b"\"quoted\" foo \\ \x01\x1f\x7f\t/\nfoo \x08\x0c\x1b[0m\n",
        b"xxfooxx\nx\nxx foo\nxfooxfoox\n",
        b"1\n2\n3\n4\n5\n6\n7\n8\nfoo 9\nfoo 10\nfoo 11\n12\n13\n14\n15\n16\n17\nfoo\n\nfoo",
    ];
    haystacks
        .into_iter()
        .map(|haystack| match terminator {
            Terminator::Lf | Terminator::CrLf => haystack.to_vec(),
            Terminator::Nul => haystack
                .iter()
                .map(|&b| match b {
                    b'\n' => 0,
                    0 => b'\n',
                    _ => b,
                })
                .collect(),
        })
        .collect()
}
