//! What comes out of packed data, and what is said of its damage, depends
//! neither on chunks and threads nor on whether it is a file or a stream.

use std::{
    fs,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
};

use swathe::{
    exec::Stop,
    pattern::{PatternOptions, Patterns},
    print::PrintOptions,
    search::{Nul, SearchOptions},
    source::{Source, SourceOptions, packed_with},
};

use super::{Bytes, Trickle, searched};

/// What a few bytes can unpack to is not looked at beyond this.
const MOST: usize = 2 << 20;

/// Files below 64 KiB are unpacked by the thread that reads them.
const LARGE: usize = 65 << 10;

/// The data as it is, or made so large that parts are unpacked by several
/// threads.
fn grown(how: u8, cut: usize, data: &[u8]) -> Vec<u8> {
    let (front, rest) = data.split_at(cut.min(data.len()));
    match how % 8 {
        _ if data.is_empty() => Vec::new(),
        // Padding is no part.
        4 => [data, &vec![0; LARGE - LARGE.min(data.len())]].concat(),
        5 => data.repeat(LARGE.div_ceil(data.len())),
        6 if !front.is_empty() => [&front.repeat(LARGE.div_ceil(front.len())), rest].concat(),
        7 if !front.is_empty() => {
            let half = front.repeat((LARGE / 2).div_ceil(front.len()));
            [&half[..], rest, &half].concat()
        }
        _ => data.to_vec(),
    }
}

/// A file of its own for each thread of each process.
fn file(extension: &str) -> PathBuf {
    let name = format!(
        "swathe-unpack-{}-{:?}.{extension}",
        std::process::id(),
        std::thread::current().id()
    );
    std::env::temp_dir().join(name)
}

/// All that comes out, as lines, and what is said at the end.
fn all(patterns: &Patterns, source: &Source, chunk_size: u64, threads: usize) -> Unpacked {
    let search = SearchOptions {
        nul: Nul::Text,
        chunk_size,
        ..SearchOptions::default()
    };
    let (text, outcome) = searched(patterns, &search, source, threads, &PrintOptions::default());
    let said = outcome.failure.map(|error| error.to_string());
    (text, said)
}

type Unpacked = (Vec<u8>, Option<String>);

/// How far a decoder has got when it finds damage depends on how much it was given
/// at a time.
fn nearly(said: String) -> String {
    match said.split_once(" near byte ") {
        Some((before, behind)) => {
            let behind = behind.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before} near a byte{behind}")
        }
        None => said,
    }
}

/// Without all of the text, which may be long.
fn assert_same(got: &Unpacked, want: &Unpacked, how: &str) {
    let same = got.0.iter().zip(&want.0).take_while(|(a, b)| a == b);
    let (same, lens) = (same.count(), (got.0.len(), want.0.len()));
    assert!(
        got == want,
        "{how}: {same} bytes of {lens:?} are the same; {:?}, not {:?}",
        got.1,
        want.1
    );
}

/// Checks it for these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let [name, how, cut_high, cut_low, chunk_size, trickle] = data.array();
    let cut = usize::from(cut_high) << 8 | usize::from(cut_low);
    let packed = grown(how, cut, data.0);
    let path = file(["log", "log", "br", "lzma"][usize::from(name % 4)]);
    fs::write(&path, &packed).expect("room for a file");
    let want = compare(&path, &packed, chunk_size.into(), trickle.into());
    if let Some(want) = want {
        let fails_at = cut % (packed.len() + 1);
        compare_failing(packed, fails_at, &want);
    }
    fs::remove_file(&path).expect("it was written");
}

/// Fails once, and has nothing more afterwards.
struct Fails(Trickle, bool);

impl Read for Fails {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 if !std::mem::replace(&mut self.1, true) => Err(io::Error::other("no more")),
            got => Ok(got),
        }
    }
}

/// That a stream could not be read to its end is said, unless it was damaged
/// before.
fn compare_failing(mut packed: Vec<u8>, at: usize, want: &Unpacked) {
    let packing = packed_with(&packed, Path::new("input"));
    packed.truncate(at);
    if packing.is_none() || packing != packed_with(&packed, Path::new("input")) {
        return;
    }
    let reader = Fails(Trickle(Cursor::new(packed), 100), false);
    let source = Source::from_reader_with("input", reader, &SourceOptions::default());
    let patterns = PatternOptions::default().compile(&[""]).expect("a regex");
    let (text, said) = all(&patterns, &source, 0, 1);
    let said = said.expect("it fails");
    let damaged = want.1.clone().map(nearly);
    let known = said.contains("no more") || Some(nearly(said.clone())) == damaged;
    assert!(known, "at {at}: {said}");
    let text = text.strip_suffix(b"\n").unwrap_or(&text);
    // Half a character of UTF-16 is none.
    let text = text.strip_suffix("\u{fffd}".as_bytes()).unwrap_or(text);
    assert!(want.0.starts_with(text), "at {at}");
}

/// What comes out of it, if that can be compared with what comes out of a stream.
fn compare(path: &Path, packed: &[u8], chunk_size: u64, trickle: usize) -> Option<Unpacked> {
    let open = |unpack_threads| {
        let options = SourceOptions {
            unpack_threads,
            ..SourceOptions::default()
        };
        Source::open(path, &options).expect("a file")
    };
    let patterns = PatternOptions::default().compile(&[""]).expect("a regex");
    let looked = open(1);
    let head = looked.head(MOST, &Stop::new());
    if head.as_ref().is_ok_and(|head| head.len() >= MOST) {
        return None;
    }
    let want = all(&patterns, &open(1), 0, 1);
    // To have looked at the first bytes changes nothing.
    assert_same(&all(&patterns, &looked, chunk_size, 1), &want, "looked at");
    if let Err(error) = head {
        assert_eq!(Some(error.to_string()), want.1, "of the head");
    }
    for threads in [1, 2] {
        let got = all(&patterns, &open(threads), chunk_size, threads);
        assert_same(&got, &want, &format!("{threads} threads"));
    }
    // A stream has no name to go by.
    let packing = packed_with(packed, path);
    if packing != packed_with(packed, Path::new("input")) {
        return None;
    }
    for few in [trickle.max(1), 4096, packed.len().max(1)] {
        let reader = Trickle(Cursor::new(packed.to_vec()), few);
        let source = Source::from_reader_with(path, reader, &SourceOptions::default());
        let got = all(&patterns, &source, chunk_size, 2);
        let got = (got.0, got.1.map(nearly));
        let want = (want.0.clone(), want.1.clone().map(nearly));
        assert_same(&got, &want, &format!("{few} bytes at a time"));
    }
    Some(want)
}
