//! Every truncation of packed data is told, except where nothing is missing: at
//! its end, and between two of its parts.

use std::{io::Cursor, path::PathBuf};

use super::{
    Packing,
    tests::{bgzf, packed, text},
};
use crate::{
    exec::Stop,
    source::{Source, SourceOptions},
};

/// A kind of data: parts one behind the other, what they unpack to, and how many
/// bytes of the first show what it is.
struct Kind {
    name: &'static str,
    parts: Vec<(Vec<u8>, Vec<u8>)>,
    least: usize,
    /// It shows from its name only.
    by_name: bool,
}

fn lz4(text: &[u8], checksums: bool, linked: bool) -> Vec<u8> {
    use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
    let info = FrameInfo::new()
        .block_size(BlockSize::Max64KB)
        .block_mode(if linked {
            BlockMode::Linked
        } else {
            BlockMode::Independent
        })
        .block_checksums(checksums);
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    for block in text.chunks(2000) {
        std::io::Write::write_all(&mut encoder, block).unwrap();
        // So that there are borders of blocks.
        std::io::Write::flush(&mut encoder).unwrap();
    }
    encoder.finish().unwrap()
}

/// A frame that is skipped.
fn skipped(content: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let len = u32::try_from(content.len()).unwrap().to_le_bytes();
    let frame = [&[0x53, 0x2a, 0x4d, 0x18][..], &len, content].concat();
    (frame, Vec::new())
}

fn kinds() -> Vec<Kind> {
    let (one, two) = (text(120), text(40));
    let twice = |name, least, pack: &dyn Fn(&[u8]) -> Vec<u8>| Kind {
        name,
        parts: vec![(pack(&one), one.clone()), (pack(&two), two.clone())],
        least,
        by_name: false,
    };
    let behind = |name, pack: &dyn Fn(&[u8]) -> Vec<u8>| Kind {
        name,
        parts: vec![
            skipped(b""),
            skipped(b"anything"),
            (pack(&one), one.clone()),
            skipped(b"\x04\x22\x4d\x18"),
            (pack(&two), two.clone()),
        ],
        least: 4,
        by_name: false,
    };
    let hello = b"\x8b\x0b\x80hello hello hello hello\n\x03";
    let zstd = |text: &[u8]| packed(Packing::Zstd, text);
    let unsealed = |text: &[u8]| zstd::encode_all(text, 1).unwrap();
    let mut all = vec![
        twice("gzip", 2, &|text| packed(Packing::Gzip, text)),
        twice("bgzip", 2, &bgzf),
        twice("zstd", 2, &zstd),
        twice("zstd, no checksum", 2, &unsealed),
        twice("xz", 2, &|text| packed(Packing::Xz, text)),
        twice("bzip2", 5, &|text| packed(Packing::Bzip2, text)),
        twice("lz4", 2, &|text| packed(Packing::Lz4, text)),
        twice("lz4, blocks", 2, &|text| lz4(text, true, false)),
        twice("lz4, linked", 2, &|text| lz4(text, false, true)),
        behind("zstd behind others", &zstd),
        behind("lz4 behind others", &|text| lz4(text, false, false)),
        Kind {
            name: "brotli",
            parts: vec![(hello.to_vec(), b"hello hello hello hello\n".to_vec())],
            least: 1,
            by_name: true,
        },
        twice("lzma", 1, &|text| packed(Packing::Lzma, text)),
    ];
    let lzma = all.last_mut().unwrap();
    lzma.parts.truncate(1);
    lzma.by_name = true;
    all
}

/// What is read, and what is said.
fn read(source: &Source) -> (Vec<u8>, Option<String>) {
    let (text, error) = source.head_up_to(usize::MAX, &Stop::new());
    (text, error.map(|error| error.to_string()))
}

#[test]
fn every_prefix_is_cut_off_and_says_so() {
    let options = SourceOptions::default();
    let name = format!("swathe-prefixes-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for kind in kinds() {
        let end = match kind.name {
            "brotli" => "a.br",
            "lzma" => "a.lzma",
            _ => "a.log",
        };
        let path: PathBuf = folder.join(end);
        let (mut whole, mut all) = (Vec::new(), Vec::new());
        // Where parts end, and what was unpacked there.
        let mut ends = vec![(0, 0)];
        for (packed, text) in &kind.parts {
            whole.extend_from_slice(packed);
            all.extend_from_slice(text);
            ends.push((whole.len(), all.len()));
        }
        for len in 0..=whole.len() {
            let what = format!("{}: {len} of {}", kind.name, whole.len());
            let prefix = &whole[..len];
            std::fs::write(&path, prefix).unwrap();
            let file = read(&Source::open(&path, &options).unwrap());
            if !kind.by_name {
                let reader = Cursor::new(prefix.to_vec());
                let piped = read(&Source::from_reader_with("a.log", reader, &options));
                assert_eq!(piped.1, file.1, "{what}");
                assert!(piped.0 == file.0, "{what}");
            }
            let (got, said) = file;
            if let Some((_, upto)) = ends.iter().find(|(end, _)| *end == len) {
                assert_eq!(said, None, "{what}");
                assert!(got == all[..*upto], "{what}: {}", got.len());
            } else if len < kind.least {
                assert_eq!((said, &*got), (None, prefix), "{what}");
            } else {
                let said = said.unwrap_or_else(|| panic!("{what}: nothing is said"));
                let begun = ends.iter().rev().find(|(end, _)| *end < len).unwrap();
                // Of a single byte behind a part, or the begin of a mark that may be
                // text, nobody can say what it was to be.
                let few = begun.0 > 0 && len - begun.0 < 5;
                assert!(
                    said.contains(&format!("is cut off at byte {len} "))
                        || few && said.contains("something else follows"),
                    "{what}: {said}"
                );
                assert!(all.starts_with(&got) && got.len() >= begun.1, "{what}");
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A block that was changed and has a checksum is not given; where there is none
/// the message says what may be wrong. The same however it comes.
#[test]
fn a_changed_byte_is_told_alike_from_files_and_pipes() {
    let options = SourceOptions::default();
    let name = format!("swathe-changed-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    for kind in kinds().into_iter().filter(|kind| !kind.by_name) {
        let whole: Vec<u8> = kind.parts.iter().flat_map(|part| part.0.clone()).collect();
        let all: Vec<u8> = kind.parts.iter().flat_map(|part| part.1.clone()).collect();
        for at in (13..whole.len()).step_by(11) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x21;
            let what = format!("{}: byte {at} of {}", kind.name, whole.len());
            std::fs::write(&path, &bytes).unwrap();
            let (got, said) = read(&Source::open(&path, &options).unwrap());
            for step in [usize::MAX, 100] {
                let reader = Few(Cursor::new(bytes.clone()), step);
                let piped = read(&Source::from_reader_with("x", reader, &options));
                assert_eq!(piped.1, said, "{what}");
                assert!(piped.0 == got, "{what}: {} {}", piped.0.len(), got.len());
            }
            let right = got.iter().zip(&all).take_while(|(a, b)| a == b).count();
            let Some(said) = said else {
                // Where nothing is checked, or nothing depends on it.
                continue;
            };
            if kind.name == "bzip2" || !said.contains("may be wrong") && !said.contains("confirms")
            {
                assert_eq!(right, got.len(), "{what}: {said}");
            }
        }
    }
    std::fs::remove_file(&path).unwrap();
}

/// Gives few bytes at a time.
struct Few(Cursor<Vec<u8>>, usize);

impl std::io::Read for Few {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let few = buffer.len().min(self.1);
        self.0.read(&mut buffer[..few])
    }
}
