//! Packed input that is whole, joined, empty, cut, changed or followed by other
//! things: what comes out, what is said, how it ends; from files and pipes, in
//! any chunks, on any threads.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::pack;

/// The name of a packing, a file's name, and who packs.
type Packer = (&'static str, &'static str, fn(&[u8]) -> Vec<u8>);

const PACKERS: &[Packer] = &[
    ("gzip", "a.log.1", pack::gzip),
    ("gzip", "bgzip.gz", pack::bgzip),
    ("zstd", "a.zst", pack::zstd),
    ("zstd", "frames.zst", pack::zstd_frames),
    ("xz", "a.xz", pack::xz),
    ("bzip2", "a.bz2", pack::bzip2),
    ("lz4", "a.lz4", pack::lz4),
];

/// What a run prints, says and exits with.
#[derive(Debug, Eq, PartialEq)]
struct Ran {
    out: Vec<u8>,
    said: String,
    code: Option<i32>,
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("swathe-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Prints all lines of a file.
fn all_lines(scratch: &Scratch, file: &str, arguments: &[&str], piped: bool) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.args(["search", "--no-config", "-aN"]);
    command.args(arguments).arg("").current_dir(&scratch.0);
    if piped {
        command.stdin(Stdio::piped());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut file = File::open(scratch.0.join(file)).unwrap();
        let feeder = std::thread::spawn(move || {
            let _ = std::io::copy(&mut file, &mut stdin);
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        return ran(output);
    }
    ran(command.arg(file).output().unwrap())
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        out: output.stdout,
        said: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// What of `out` is the begin of the text, a last line that was cut included.
fn right(out: &[u8], text: &[u8]) -> usize {
    out.iter().zip(text).take_while(|(a, b)| a == b).count()
}

/// Where a message says that the damaged part begins.
fn begins_at(said: &str) -> usize {
    let (_, behind) = said.split_once(" that begins at byte ").unwrap();
    behind.split_once(':').unwrap().0.parse().unwrap()
}

/// A way to damage, the bytes, what is said of them (empty: nothing).
fn damaged(packed: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let middle = packed.len() / 2;
    let mut flipped = packed.to_vec();
    flipped[middle] ^= 0x10;
    vec![
        ("whole", packed.to_vec(), ""),
        ("joined", [packed, packed].concat(), ""),
        ("padded", [packed, &[0; 700]].concat(), ""),
        ("cut", packed[..middle].to_vec(), "is cut off at byte "),
        (
            "cut late",
            packed[..packed.len() - 1].to_vec(),
            "is cut off at byte ",
        ),
        ("flipped", flipped, "is damaged near byte "),
        (
            "followed",
            [packed, b"garbage"].concat(),
            "something else follows it",
        ),
    ]
}

#[test]
fn results_up_to_the_damage_a_message_and_status_2() {
    let scratch = Scratch::new("damage");
    let text = pack::text(70_000);
    let twice = text.repeat(2);
    for &(packing, file, pack) in PACKERS {
        for (how, bytes, says) in damaged(&pack(&text)) {
            fs::write(scratch.0.join(file), &bytes).unwrap();
            let what = format!("{file} {how}");
            let want = if how == "joined" { &twice } else { &text };
            let first = all_lines(&scratch, file, &[], false);
            for arguments in [&["-j1"][..], &["-j3"], &["-j2", "--chunk-size=5000"]] {
                let again = all_lines(&scratch, file, arguments, false);
                assert!(again == first, "{what} {arguments:?}");
            }
            let piped = all_lines(&scratch, file, &[], true);
            for (run, what) in [(&first, what.clone()), (&piped, format!("{what}, piped"))] {
                let right = right(&run.out, want);
                match how {
                    "cut" | "flipped" => assert!(right > text.len() / 8, "{what}: {right}"),
                    "cut late" => assert!(right > text.len() / 2, "{what}: {right}"),
                    _ => assert!(run.out == *want, "{what}: {right}"),
                }
                if how == "cut" {
                    assert!(right + 1 >= run.out.len(), "{what}: wrong text at {right}");
                }
                let code = if says.is_empty() { 0 } else { 2 };
                assert_eq!(run.code, Some(code), "{what}: {}", run.said);
                if how == "flipped" {
                    let begin = begins_at(&run.said);
                    let part = &bytes[begin..=bytes.len() / 2];
                    let next = part[1..].windows(4).position(|four| *four == bytes[..4]);
                    assert!(
                        part.starts_with(&bytes[..4]) && next.is_none(),
                        "{}",
                        run.said
                    );
                }
                assert_eq!(
                    run.said.lines().count(),
                    usize::from(code == 2),
                    "{}",
                    run.said
                );
                let packing = if code == 2 { packing } else { "" };
                assert!(
                    run.said.contains(packing) && run.said.contains(says),
                    "{}",
                    run.said
                );
            }
        }
    }
}

/// What breaks packed data.
type Break = fn(&mut [u8]);

/// Neither is recognised by its first bytes, so nothing can be joined to it;
/// neither has a checksum, so only what cannot be read is damage.
#[test]
fn what_goes_by_its_name() {
    let scratch = Scratch::new("by-name");
    let text = pack::text(30_000);
    let packers: [(&str, &str, Vec<u8>, Break); 2] = [
        ("lzma", "a.lzma", pack::lzma(&text), |all| {
            all[5..13].fill(0x7e);
        }),
        ("brotli", "a.br", pack::brotli(&text), |all| {
            let middle = (all.len() / 2).next_multiple_of(pack::BROTLI_BLOCK);
            all[middle..middle + 3].fill(0xff);
        }),
    ];
    for (packing, file, packed, damage) in packers {
        let mut broken = packed.clone();
        damage(&mut broken);
        let ends = format!("{packing} data ends at byte {} and something", packed.len());
        let rows = [
            ("whole", packed.clone(), "", 0),
            ("empty", Vec::new(), "", 1),
            ("joined", packed.repeat(2), &*ends, 2),
            ("followed", [&packed[..], b"garbage"].concat(), &*ends, 2),
            (
                "cut",
                packed[..packed.len() / 2].to_vec(),
                "is cut off at byte ",
                2,
            ),
            ("damaged", broken, "begins at byte 0", 2),
        ];
        for (how, bytes, says, code) in rows {
            fs::write(scratch.0.join(file), &bytes).unwrap();
            let ran = all_lines(&scratch, file, &[], false);
            let what = format!("{file} {how}: {}", ran.said);
            match code {
                1 => assert!(ran.out.is_empty(), "{what}"),
                _ if says == ends || code == 0 => assert!(ran.out == text, "{what}"),
                _ => assert!(right(&ran.out, &text) + 1 >= ran.out.len(), "{what}"),
            }
            if how == "cut" {
                assert!(ran.out.len() > text.len() / 8, "{what}: {}", ran.out.len());
            }
            assert_eq!(ran.code, Some(code), "{what}");
            assert_eq!(ran.said.lines().count(), usize::from(code == 2), "{what}");
            assert!(
                ran.said.contains(says) && ran.said.contains(if code == 2 { file } else { "" }),
                "{what}"
            );
        }
    }
}

#[test]
fn nothing_packed_is_nothing() {
    let scratch = Scratch::new("nothing");
    for &(_, file, pack) in PACKERS {
        for nothing in [pack(b""), Vec::new()] {
            fs::write(scratch.0.join(file), nothing).unwrap();
            for piped in [false, true] {
                let ran = all_lines(&scratch, file, &[], piped);
                assert_eq!(
                    (ran.out.len(), &*ran.said, ran.code),
                    (0, "", Some(1)),
                    "{file}"
                );
            }
        }
    }
}

#[test]
fn the_other_files_are_searched_all_the_same() {
    let scratch = Scratch::new("others");
    let packed = pack::gzip(&pack::text(5000));
    fs::write(scratch.0.join("cut.gz"), &packed[..packed.len() / 2]).unwrap();
    fs::write(scratch.0.join("whole.log"), "one\ntwo\n").unwrap();
    let ran = ran(Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(["search", "-c", "", "cut.gz", "whole.log"])
        .current_dir(&scratch.0)
        .output()
        .unwrap());
    let out = String::from_utf8(ran.out).unwrap();
    assert!(
        out.starts_with("cut.gz:") && out.ends_with("whole.log:2\n"),
        "{out}"
    );
    assert_eq!(ran.code, Some(2));
    assert!(ran.said.starts_with("swathe: cut.gz: "), "{}", ran.said);
}
