//! A [`Source`] as its users see it.

use std::{
    fs::{self, File, OpenOptions},
    io::{Cursor, Seek, SeekFrom, Write},
};

use super::*;

/// A file in a directory of its own that goes with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Scratch {
        let dir = std::env::temp_dir().join(format!("swathe-source-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("file"), content).unwrap();
        Scratch(dir)
    }

    fn path(&self) -> PathBuf {
        self.0.join("file")
    }

    fn cut(&self, len: u64) {
        let file = OpenOptions::new().write(true).open(self.path()).unwrap();
        file.set_len(len).unwrap();
    }

    fn append(&self, bytes: &[u8]) {
        let mut file = OpenOptions::new().append(true).open(self.path()).unwrap();
        file.write_all(bytes).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn guarded() -> SourceOptions {
    SourceOptions {
        map: MapPolicy::Guarded,
        ..SourceOptions::default()
    }
}

/// Every way to read a regular file.
fn both() -> [SourceOptions; 2] {
    [SourceOptions::default(), guarded()]
}

/// All bytes of a source, whatever it is.
fn content(source: &Source) -> Vec<u8> {
    if let Some(mut stream) = source.take_stream() {
        let (mut all, mut buffer) = (vec![], vec![0; 1 << 16]);
        loop {
            match stream.read(&mut buffer).unwrap() {
                0 => return all,
                got => all.extend_from_slice(&buffer[..got]),
            }
        }
    }
    let mut all = vec![0; usize::try_from(source.len().unwrap()).unwrap()];
    source.read_at(&mut all, 0).unwrap();
    if let Some(slice) = source.as_slice() {
        assert!(slice == all, "in memory and by position");
    }
    all
}

#[test]
fn a_file_is_mapped_only_if_asked_for() {
    let file = Scratch::new("policy", "some\ntext\n");
    let [never, guarded] = both().map(|options| Source::open(file.path(), &options).unwrap());
    assert!(never.as_slice().is_none());
    assert_eq!(guarded.as_slice().is_some(), cfg!(target_os = "linux"));
    for source in [never, guarded] {
        assert_eq!(source.len(), Some(10));
        assert!(!source.is_decoded() && !source.is_empty());
        assert_eq!(content(&source), b"some\ntext\n");
        let mut part = [0; 4];
        source.read_at(&mut part, 5).unwrap();
        assert_eq!(&part, b"text");
        assert_eq!(source.verify().unwrap(), Verdict { grew: false });
        assert!(source.take_stream().is_none());
    }
}

#[test]
fn a_file_without_a_size_is_a_stream() {
    let empty = Scratch::new("empty", "");
    for options in both() {
        let source = Source::open(empty.path(), &options).unwrap();
        assert_eq!(source.len(), None);
        assert_eq!(content(&source), b"");
        if cfg!(target_os = "linux") {
            let source = Source::open("/proc/self/status", &options).unwrap();
            assert_eq!(source.len(), None);
            assert!(content(&source).starts_with(b"Name:"));
            assert!(source.take_stream().is_none(), "the second time");
        }
    }
}

/// What is stored, its encoding, whether to strip; what is read, and whether
/// that was decoded.
type Row<'a> = (&'a [u8], Encoding, bool, &'a [u8], bool);

#[test]
fn byte_order_marks() {
    let utf16: Vec<u8> = "\u{FEFF}häy\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let rows: &[Row<'_>] = &[
        (b"\xEF\xBB\xBFab", Encoding::Auto, true, b"ab", true),
        (
            b"\xEF\xBB\xBFab",
            Encoding::Auto,
            false,
            b"\xEF\xBB\xBFab",
            false,
        ),
        (
            b"\xEF\xBB\xBFab",
            Encoding::Raw,
            true,
            b"\xEF\xBB\xBFab",
            false,
        ),
        (b"\xEF\xBB\xBF", Encoding::Auto, true, b"", true),
        (b"\xFF\xFE", Encoding::Auto, true, b"", true),
        (&utf16, Encoding::Auto, false, "häy\n".as_bytes(), true),
        (&utf16, Encoding::Raw, true, &utf16, false),
        (
            b"\xE9\n",
            Encoding::Named(encoding_rs::WINDOWS_1252),
            true,
            "é\n".as_bytes(),
            true,
        ),
        (
            b"\xE9\n",
            Encoding::Named(encoding_rs::UTF_8),
            true,
            "\u{FFFD}\n".as_bytes(),
            true,
        ),
        (
            &utf16,
            Encoding::Named(encoding_rs::UTF_8),
            true,
            "häy\n".as_bytes(),
            true,
        ),
    ];
    for (i, &(stored, encoding, strip_bom, want, decoded)) in rows.iter().enumerate() {
        let file = Scratch::new(&format!("bom-{i}"), stored);
        for map in [MapPolicy::Never, MapPolicy::Guarded] {
            let options = SourceOptions {
                map,
                encoding,
                strip_bom,
                ..SourceOptions::default()
            };
            let source = Source::open(file.path(), &options).unwrap();
            assert_eq!(content(&source), want, "row {i}, {map:?}");
            assert_eq!(source.is_decoded(), decoded, "row {i}");
            assert_eq!(source.verify().unwrap(), Verdict { grew: false });
            let stream = Source::from_reader_with("x", Cursor::new(stored.to_vec()), &options);
            assert_eq!(content(&stream), want, "row {i}, a stream");
        }
    }
}

#[test]
fn an_inherited_file_is_read_from_its_offset_and_left_at_its_end() {
    let text = "\u{FEFF}0123456789\n";
    let file = Scratch::new("inherited", text);
    for (at, want) in [(0, &text[3..]), (8, &text[8..]), (14, ""), (99, "")] {
        for mut options in both() {
            options.strip_bom = true;
            let mut shared = File::open(file.path()).unwrap();
            shared.seek(SeekFrom::Start(at)).unwrap();
            let opened = open::descriptor(shared.try_clone().unwrap()).unwrap();
            let source = Source::inherited(Path::new("x"), opened, &options, None).unwrap();
            assert_eq!(source.len(), Some(want.len() as u64));
            assert_eq!(content(&source), want.as_bytes(), "from {at}");
            assert!(source.is_intact(want.len() as u64));
            assert_eq!(shared.stream_position().unwrap(), at.max(14));
        }
    }
}

#[test]
fn a_file_that_changes() {
    type Change = fn(&Scratch);
    let stay: Change = |_| {};
    let rows: &[(&str, Change, &str)] = &[
        ("stays", stay, ""),
        (
            "is renamed",
            |f| fs::rename(f.path(), f.0.join("old")).unwrap(),
            "",
        ),
        (
            "is replaced",
            |f| {
                fs::write(f.0.join("new"), "x").unwrap();
                fs::rename(f.0.join("new"), f.path()).unwrap();
            },
            "",
        ),
        ("is removed", |f| fs::remove_file(f.path()).unwrap(), ""),
        ("grows", |f| f.append(b"more"), "grew"),
        ("is cut", |f| f.cut(7000), "10000 7000 7000"),
        ("is cut to nothing", |f| f.cut(0), "10000 0 0"),
        (
            "is written over",
            |f| fs::write(f.path(), [b'y'; 10_000]).unwrap(),
            "modified 10000",
        ),
    ];
    for (what, change, want) in rows {
        for options in both() {
            let file = Scratch::new("changes", [b'x'; 10_000]);
            let source = Source::open(file.path(), &options).unwrap();
            assert_eq!(content(&source), [b'x'; 10_000]);
            assert!(source.is_intact(10_000));
            // So that the time of modification differs on any file system.
            std::thread::sleep(std::time::Duration::from_millis(10));
            change(&file);
            let got = match source.verify() {
                Ok(Verdict { grew }) => (if grew { "grew" } else { "" }).to_string(),
                Err(error) => match error.kind() {
                    ErrorKind::Shrank { from, to, intact } => format!("{from} {to} {intact}"),
                    ErrorKind::Modified { size } => format!("modified {size}"),
                    other => other.to_string(),
                },
            };
            assert_eq!(&got, want, "a file that {what}, {:?}", options.map);
            let shrank = what.contains("cut");
            assert_eq!(source.is_intact(1), !shrank, "a file that {what}");
        }
    }
}

#[test]
fn a_file_that_was_cut_is_not_trusted_when_it_has_grown_again() {
    for options in both() {
        let file = Scratch::new("regrown", [b'x'; 10_000]);
        let source = Source::open(file.path(), &options).unwrap();
        file.cut(100);
        assert!(!source.is_intact(50));
        file.append(&vec![b'y'; 20_000]);
        assert!(!source.is_intact(50));
        let error = source.verify_published(0).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Shrank {
                    from: 10_000,
                    to: 100,
                    intact: 0
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn what_was_published_is_what_is_intact() {
    for options in both() {
        let file = Scratch::new("published", [b'x'; 10_000]);
        let source = Source::open(file.path(), &options).unwrap();
        file.cut(7000);
        for (published, want) in [
            (Some(0), 0),
            (Some(500), 500),
            (Some(8000), 8000),
            (None, 7000),
        ] {
            let error = source.examine(published).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::Shrank { intact, .. } if *intact == want),
                "{published:?}: {error}"
            );
            assert_eq!(error.path(), Some(&*file.path()));
        }
    }
}

#[test]
fn reading_behind_the_new_end_says_that_the_file_shrank() {
    for (map, strip_bom) in [
        (MapPolicy::Never, false),
        (MapPolicy::Guarded, false),
        (MapPolicy::Never, true),
    ] {
        let file = Scratch::new("short", ["\u{FEFF}", &"x".repeat(9997)].concat());
        let options = SourceOptions {
            map,
            strip_bom,
            ..SourceOptions::default()
        };
        let source = Source::open(file.path(), &options).unwrap();
        file.cut(7000);
        source.read_at(&mut [0; 3000], 0).unwrap();
        let error = source.read_at(&mut [0; 3000], 6000).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Shrank {
                    from: 10_000,
                    to: 7000,
                    intact: 6000
                }
            ),
            "{error}"
        );
        let error = source.read_at(&mut [0; 100], 9000).unwrap_err();
        let want = if strip_bom { 6997 } else { 7000 };
        assert!(
            matches!(error.kind(), ErrorKind::Shrank { intact, .. } if *intact == want),
            "{error}"
        );
    }
}

#[test]
fn decoded_text_of_a_file_that_is_cut_is_not_intact() {
    let text = "\u{FEFF}".to_string() + &"line\n".repeat(100_000);
    let stored: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = Scratch::new("decoded", &stored);
    let source = Source::open(file.path(), &guarded()).unwrap();
    let mut stream = source.take_stream().unwrap();
    let got = stream.read(&mut [0; 1000]).unwrap() as u64;
    assert!(source.is_intact(got));
    file.cut(200_000);
    let mut buffer = [0; 1000];
    let mut total = got;
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => break,
            more => total += more as u64,
        }
    }
    assert!(total <= 100_000);
    assert!(!source.is_intact(total));
    let error = source.verify_published(got).unwrap_err();
    let from_then = stored.len() as u64;
    assert!(
        matches!(error.kind(), ErrorKind::Shrank { from, to: 200_000, intact }
            if *from == from_then && *intact == got),
        "{error}"
    );
}

#[test]
fn decoded_text_ends_where_the_file_ended_when_it_was_opened() {
    let stored: Vec<u8> = "\u{FEFF}ab\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = Scratch::new("decoded-grew", &stored);
    let source = Source::open(file.path(), &guarded()).unwrap();
    file.append(&stored[2..]);
    assert_eq!(content(&source), b"ab\n");
    assert_eq!(source.verify().unwrap(), Verdict { grew: true });
}

#[test]
fn one_file_under_two_names_is_one() {
    let (file, other) = (Scratch::new("id-1", "a"), Scratch::new("id-2", "a"));
    fs::hard_link(file.path(), file.0.join("link")).unwrap();
    let identity = |path: PathBuf| Source::open(path, &guarded()).unwrap().identity();
    assert!(identity(file.path()).is_some());
    assert_eq!(identity(file.path()), identity(file.0.join("link")));
    assert_ne!(identity(file.path()), identity(other.path()));
}

#[test]
fn bytes_are_read_by_position_too() {
    let source = Source::from_bytes("x", "0123456789");
    assert_eq!(content(&source), b"0123456789");
    assert!(source.read_at(&mut [0; 4], 7).is_err());
    assert!(source.is_intact(10) && source.verify().is_ok());
}
