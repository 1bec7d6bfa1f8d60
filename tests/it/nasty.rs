//! Inputs that have broken line counters.

use proptest::{collection::vec, prelude::*};

/// Hand-picked: each is the smallest of its kind.
pub(crate) fn hand_picked() -> Vec<Vec<u8>> {
    let mut inputs: Vec<Vec<u8>> = [
        "",
        "\n",
        "\r",
        "\r\n",
        "a",
        "a\r",
        "a\n",
        "a\r\n",
        "\n\n\n",
        "\r\n\r\n",
        "\n\r\n",
        "a\r\n\r",
        "a\r\nb",
        "a\nb\r\nc",
        "\r\na\r\rb\r\n\n",
        " \t\x0b\x0c\r\n x \n",
        "\0\n\0a\0",
        "foo\nbar foo\nfoobar\n\nfoo foo",
        "äöü€😀\nfoo\u{a0}bar\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    inputs.push(b"\xff\nfoo\xc3\nb\xe2\x82ar\n\xf0\x9f\x98".to_vec());
    inputs.push(b"\xc3\xa4".repeat(40));
    inputs.push(
        [
            &b" ".repeat(64)[..],
            b"\n",
            &b"\t".repeat(63),
            b"\n",
            b"x\n",
        ]
        .concat(),
    );
    inputs.push([&b"ab ".repeat(30_000)[..], b"\r\nfoo\r\n"].concat());
    // The first newline lies just within the head, and just behind it.
    inputs.push([&b"y".repeat(65_534)[..], b"\r\nfoo\r\n"].concat());
    inputs.push([&b"y".repeat(65_535)[..], b"\r\nfoo\r\n"].concat());
    // A second line ending from far on: lines around the borders of chunks.
    inputs.push([b"foo\r\n".repeat(30_000), b"bar\n".repeat(60_000)].concat());
    inputs
}

/// Small texts in which every byte matters.
pub(crate) fn small() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just(&b"\n"[..]),
        3 => Just(&b"\r\n"[..]),
        2 => Just(&b"\r"[..]),
        2 => Just(&b"\0"[..]),
        4 => Just(&b" "[..]),
        1 => Just(&b"\t"[..]),
        1 => Just(&b"\x0c"[..]),
        6 => Just(&b"foo"[..]),
        4 => Just(&b"bar"[..]),
        3 => Just(&b"o"[..]),
        2 => Just("ä".as_bytes()),
        1 => Just("€".as_bytes()),
        1 => Just(&b"\xff"[..]),
        1 => Just(&b"\xc3"[..]),
        1 => Just(&[b'z'; 70][..]),
    ];
    vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}
