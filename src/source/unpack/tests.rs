//! Every packing: whole, in parts, cut, damaged, followed by other things.

use std::{
    io::{self, Cursor, Read, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{Open, Packing, Unpacker, ahead::Ahead, together::Together};
use crate::source::block::Block;

const ALL: [Packing; 6] = [
    Packing::Gzip,
    Packing::Zstd,
    Packing::Xz,
    Packing::Lzma,
    Packing::Bzip2,
    Packing::Lz4,
];

/// Lines that do not pack well, so that there is a middle to damage.
pub(super) fn text(lines: u64) -> Vec<u8> {
    let mut text = Vec::new();
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    for i in 0..lines {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        writeln!(text, "{i} {state:016x}").unwrap();
    }
    text
}

pub(super) fn packed(packing: Packing, text: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::fast();
    match packing {
        Packing::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Zstd => {
            let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
            encoder.include_checksum(true).unwrap();
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Lzma => {
            let options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
            let stream = liblzma::stream::Stream::new_lzma_encoder(&options).unwrap();
            let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Lz4 => {
            let info = lz4_flex::frame::FrameInfo::new()
                .block_size(lz4_flex::frame::BlockSize::Max64KB)
                .content_checksum(true);
            let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Brotli | Packing::Compress => unreachable!("have tests of their own"),
    }
}

/// What comes out, and the error at the end.
pub(super) fn unpack(packing: Packing, packed: &[u8]) -> (Vec<u8>, Option<String>) {
    let reader = Box::new(Cursor::new(packed.to_vec()));
    let mut ahead = Ahead::new(Unpacker::new(packing, reader));
    let unpacked = all(|| ahead.next());
    let reader = Box::new(Cursor::new(packed.to_vec()));
    let mut here = Ahead::here(Unpacker::new(packing, reader));
    assert!(
        unpacked == all(|| here.next()),
        "{packing:?}: ahead and not"
    );
    unpacked
}

/// The bytes of all blocks, and the error at the end.
fn all(mut next: impl FnMut() -> io::Result<Option<Block>>) -> (Vec<u8>, Option<String>) {
    let mut all = Vec::new();
    loop {
        match next() {
            Ok(Some(block)) => all.extend_from_slice(block.bytes()),
            Ok(None) => return (all, None),
            Err(error) => return (all, Some(error.to_string())),
        }
    }
}

#[test]
fn what_was_packed_comes_out() {
    for packing in ALL {
        for lines in [0, 1, 100_000] {
            let text = text(lines);
            let packed = packed(packing, &text);
            let by_name = (packing == Packing::Lzma).then(|| Path::new("x.lzma"));
            assert_eq!(Packing::of(&packed, by_name), Some(packing));
            let (got, error) = unpack(packing, &packed);
            assert!(got == text, "{packing:?}, {lines} lines");
            assert_eq!(error, None, "{packing:?}");
        }
    }
}

#[test]
fn all_parts_are_read_and_padding_is_none() {
    for packing in ALL.into_iter().filter(|&p| p != Packing::Lzma) {
        let (first, second) = (text(30_000), text(3));
        let parts = [
            packed(packing, &first),
            packed(packing, b""),
            packed(packing, &second),
        ];
        let mut all = parts.concat();
        let want = [first, second].concat();
        let (got, error) = unpack(packing, &all);
        assert!(got == want && error.is_none(), "{packing:?}: {error:?}");

        all.extend([0; 1000]);
        let (got, error) = unpack(packing, &all);
        assert!(got == want && error.is_none(), "{packing:?}: {error:?}");

        all.extend(b"garbage");
        let (got, error) = unpack(packing, &all);
        assert!(got == want, "{packing:?}");
        let error = error.unwrap();
        let at = (all.len() - 7).to_string();
        assert!(error.contains("something else follows"), "{error}");
        assert!(error.contains(&at), "{error}, not {at}");
    }
}

#[test]
fn of_cut_data_the_begin_comes_out() {
    for packing in ALL {
        let text = text(100_000);
        let whole = packed(packing, &text);
        for cut in [whole.len() / 2, whole.len() - 1, 20] {
            let (got, error) = unpack(packing, &whole[..cut]);
            assert!(text.starts_with(&got), "{packing:?} cut at {cut}");
            if cut == whole.len() / 2 {
                assert!(got.len() > text.len() / 4, "{packing:?}: {}", got.len());
            }
            let error = error.unwrap_or_else(|| panic!("{packing:?} cut at {cut}: no error"));
            assert!(error.contains("is cut off at byte"), "{packing:?}: {error}");
        }
    }
}

#[test]
fn damage_is_found() {
    for packing in ALL.into_iter().filter(|&p| p != Packing::Lzma) {
        let text = text(100_000);
        let mut bytes = packed(packing, &text);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        let (got, error) = unpack(packing, &bytes);
        let error = error.unwrap_or_else(|| panic!("{packing:?}: no error"));
        assert!(error.contains("damaged near byte"), "{packing:?}: {error}");
        let same = got.iter().zip(&text).take_while(|(a, b)| a == b).count();
        assert!(same > text.len() / 8, "{packing:?}: {same} bytes are right");
    }
}

/// The checksum of what was packed, and for gzip its length, are at the end.
/// A reader that gives few bytes at a time, as a pipe may.
struct Drops<'p>(&'p [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let few = self.0.len().min(self.1).min(buffer.len());
        buffer[..few].copy_from_slice(&self.0[..few]);
        self.0 = &self.0[few..];
        Ok(few)
    }
}

#[test]
fn what_comes_of_damaged_data_does_not_depend_on_how_it_comes() {
    let text = text(9000);
    for packing in ALL {
        let mut data = packed(packing, &text);
        let at = data.len() * 9 / 10;
        data[at] ^= 0x10;
        let data: &'static [u8] = data.leak();
        let want = unpack(packing, data);
        assert!(want.1.is_some(), "{packing:?}");
        for size in [data.len(), 10_000, 4096, 77] {
            let mut unpacker = Unpacker::new(packing, Box::new(Drops(data, size)));
            let mut got = (Vec::new(), None);
            if let Err(error) = unpacker.read_to_end(&mut got.0) {
                got.1 = Some(error.to_string());
            }
            let (here, there) = (got.0.len(), want.0.len());
            assert!(
                got == want,
                "{packing:?} {size}: {here} bytes, {there}: {:?} {:?}",
                got.1,
                want.1
            );
        }
    }
}

#[test]
fn what_comes_before_a_failed_read_is_not_lost() {
    /// Once; it has nothing more afterwards.
    struct Fails(&'static [u8], bool);

    impl Read for Fails {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() && !std::mem::replace(&mut self.1, true) {
                return Err(io::Error::other("no more to be had"));
            }
            Drops(self.0, 5000)
                .read(buffer)
                .inspect(|&got| self.0 = &self.0[got..])
        }
    }

    let text = text(9000);
    let cut = |packing| {
        let mut data = packed(packing, &text);
        data.truncate(data.len() * 9 / 10);
        (packing, data)
    };
    // What is cut between two codes looks whole.
    let compress = (
        Packing::Compress,
        b"\x1f\x9d\x90\x61\x14\x88\x51\x30\x06".to_vec(),
    );
    for (packing, data) in ALL.map(cut).into_iter().chain([compress]) {
        let data: &'static [u8] = data.leak();
        let all = unpack(packing, data).0;
        assert!(!all.is_empty(), "{packing:?}");
        let mut got = Vec::new();
        let mut unpacker = Unpacker::new(packing, Box::new(Fails(data, false)));
        let error = unpacker.read_to_end(&mut got).unwrap_err();
        assert!(error.to_string().contains("no more to be had"), "{error}");
        assert!(
            got == all,
            "{packing:?}: {}, not {} bytes",
            got.len(),
            all.len()
        );
    }
}

#[test]
fn what_is_not_what_was_packed_is_told_at_the_end_of_its_part() {
    for packing in [Packing::Gzip, Packing::Zstd] {
        let mut long = text(120_000);
        // The second ends where a block does.
        for len in [10, 1 << 20, long.len()] {
            long.truncate(len);
            let (first, second) = (packed(packing, &long), packed(packing, b"second\n"));
            for (wrong, from_end) in [(0, 1), (0, 4), (1, 1), (1, 4)] {
                let mut bytes = [&first[..], &second].concat();
                let end = [first.len(), bytes.len()][wrong];
                bytes[end - from_end] ^= 1;
                let (got, error) = unpack(packing, &bytes);
                let want = [&long[..], if wrong == 1 { b"second\n" } else { b"" }].concat();
                assert!(got == want, "{packing:?} {len} {wrong}: {}", got.len());
                let error = error.unwrap();
                let begun = [0, first.len()][wrong];
                for says in [
                    format!("is damaged near byte {end}, "),
                    format!(" that begins at byte {begun}: "),
                    "match".to_string(),
                ] {
                    assert!(error.contains(&says), "{error}: no {says}");
                }
            }
        }
    }
}

/// A frame need not have a checksum, and there are frames that hold nothing.
#[test]
fn a_checksum_of_zstd_is_only_where_it_says_so() {
    let unsealed = |text: &[u8]| zstd::encode_all(text, 1).unwrap();
    let skipped = b"\x50\x2a\x4d\x18\x05\0\0\0\xff\xff\xff\xff\xff";
    let bytes = [
        &unsealed(b"one\n")[..],
        skipped,
        &packed(Packing::Zstd, b"two\n"),
        &unsealed(b"three\n"),
    ];
    let (got, error) = unpack(Packing::Zstd, &bytes.concat());
    assert_eq!((&*got, error), (&b"one\ntwo\nthree\n"[..], None));
}

/// However many blocks are there at once.
#[test]
fn blocks_of_zstd_before_a_damaged_one_come_out() {
    let head = b"\x28\xb5\x2f\xfd\x00\x58";
    let five = b"\x2a\0\0a";
    let reserved = b"\x06\0\0";
    let bytes = [&head[..], five, five, reserved].concat();
    let (got, error) = unpack(Packing::Zstd, &bytes);
    assert_eq!(got, b"aaaaaaaaaa");
    assert!(error.unwrap().contains("damaged near byte"));
}

/// Every field a header of gzip can have, and each cut.
#[test]
fn a_header_of_gzip_is_passed() {
    let member = packed(Packing::Gzip, b"text\n");
    let mut header = member[..10].to_vec();
    header[3] = 0b1_1111;
    header.extend(b"\x03\0abcname\0comment\0");
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    header.extend((crc.sum() as u16).to_le_bytes());
    let whole = [&header[..], &member[10..]].concat();
    assert_eq!(unpack(Packing::Gzip, &whole), (b"text\n".to_vec(), None));
    for cut in 4..header.len() {
        let (got, error) = unpack(Packing::Gzip, &whole[..cut]);
        let says = format!("is cut off at byte {cut} ");
        assert!(got.is_empty() && error.unwrap().contains(&says), "{cut}");
    }
    let damaged = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x80;
        let (got, error) = unpack(Packing::Gzip, &bytes);
        assert!(got.is_empty());
        error.unwrap()
    };
    assert!(damaged(3).contains("invalid gzip header"));
    assert!(damaged(16).contains("checksum"));
    let mut long = whole[..15].to_vec();
    long.resize(70_000, b'x');
    let says = unpack(Packing::Gzip, &long).1.unwrap();
    assert!(says.contains("gzip header field too long"), "{says}");
}

#[test]
fn brotli_goes_by_its_name() {
    // "hello hello hello hello\n", made by the reference encoder.
    let packed = b"\x8b\x0b\x80hello hello hello hello\n\x03";
    let (got, error) = unpack(Packing::Brotli, packed);
    assert_eq!((got, error), (b"hello hello hello hello\n".to_vec(), None));
    let says = |packed: &[u8]| unpack(Packing::Brotli, packed).1.unwrap();
    assert!(says(&packed[..10]).contains("is cut off at byte 10"));
    let followed = [packed, &packed[..]].concat();
    assert!(says(&followed).contains("ends at byte 28 and something else follows"));
    assert!(says(&[0xff; 20]).contains("is damaged near byte"));
}

/// A member as bgzip writes it.
pub(super) fn bgzf(text: &[u8]) -> Vec<u8> {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(text).unwrap();
    let deflate = deflate.finish().unwrap();
    let mut check = flate2::Crc::new();
    check.update(text);
    let len = u16::try_from(deflate.len() + 18 + 8 - 1).unwrap();
    let mut member = vec![
        0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0,
    ];
    member.extend(len.to_le_bytes());
    member.extend(deflate);
    member.extend(check.sum().to_le_bytes());
    member.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    member
}

/// A text packed in many parts.
fn in_parts(packing: Packing, text: &[u8]) -> Vec<u8> {
    let size = if packing == Packing::Gzip {
        60_000
    } else {
        300_000
    };
    let part = |part: &[u8]| match packing {
        Packing::Gzip => bgzf(part),
        _ => packed(packing, part),
    };
    text.chunks(size).flat_map(part).chain(part(b"")).collect()
}

/// As [`unpack`], on so many threads.
pub(super) fn together(
    packing: Packing,
    packed: &[u8],
    threads: usize,
) -> (Vec<u8>, Option<String>) {
    let packed = packed.to_vec();
    let open: Open = Box::new(move |at| {
        let from = packed.len().min(at as usize);
        Box::new(Cursor::new(packed[from..].to_vec()))
    });
    let mut together = Together::new(packing, open, threads).unwrap().ok().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            let helper = together.helper();
            let done = &done;
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    helper.help();
                }
            });
        }
        let all = all(|| together.next());
        done.store(true, Ordering::Relaxed);
        all
    })
}

#[test]
fn parts_unpacked_together_are_the_same() {
    let text = text(80_000);
    for packing in [Packing::Gzip, Packing::Zstd] {
        let whole = in_parts(packing, &text);
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle] ^= 0x10;
        let followed = [&whole[..], &[0; 5], b"garbage"].concat();
        let mixed = [&whole[..], &packed(packing, b"more\n"), &whole].concat();
        let empty = in_parts(packing, b"");
        for (i, input) in [
            &whole[..],
            &whole[..middle],
            &whole[..whole.len() - 1],
            &flipped,
            &followed,
            &mixed,
            &empty,
        ]
        .into_iter()
        .enumerate()
        {
            let (plain, error) = unpack(packing, input);
            let (want, its) = together(packing, input, 1);
            // How much comes out before damage is found may differ by a block.
            let whole = error.is_none() || i == 4;
            // What was changed comes out wrong before its checksum is met.
            assert!(
                match i {
                    3 => true,
                    _ if whole => want == plain,
                    _ => text.starts_with(&want),
                },
                "{packing:?} {i}"
            );
            assert!(want.len() + (1 << 20) > plain.len(), "{packing:?} {i}");
            let what = |e: &Option<String>| e.as_ref().map(|e| e[..20].to_string());
            assert_eq!(what(&its), what(&error), "{packing:?} {i}");
            for threads in [2, 5] {
                let got = together(packing, input, threads);
                assert!(
                    got == (want.clone(), its.clone()),
                    "{packing:?} {i}: {}",
                    got.0.len()
                );
            }
        }
    }
}

#[test]
fn a_part_that_unpacks_to_much_is_not_held() {
    let zeros = vec![0; 64 << 20];
    let bomb = [
        packed(Packing::Zstd, b"first\n"),
        packed(Packing::Zstd, &zeros),
    ]
    .concat();
    let (got, error) = together(Packing::Zstd, &bomb, 3);
    assert!(got.len() == zeros.len() + 6 && error.is_none());
}

#[test]
fn a_length_in_a_header_that_lies_changes_nothing() {
    let whole = in_parts(Packing::Gzip, &text(20_000));
    let second = usize::from(u16::from_le_bytes([whole[16], whole[17]])) + 1;
    for begin in [0, second] {
        for len in [0_u16, 17, 100, 30_000, u16::MAX] {
            let mut input = whole.clone();
            input[begin + 16..begin + 18].copy_from_slice(&len.to_le_bytes());
            let want = unpack(Packing::Gzip, &input);
            assert_eq!(want.1, None);
            for threads in [1, 2, 5] {
                assert!(
                    together(Packing::Gzip, &input, threads) == want,
                    "{begin} {len} on {threads}"
                );
            }
        }
    }
}
