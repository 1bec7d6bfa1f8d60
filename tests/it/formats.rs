//! Every command, in every format, of input that ends in every way, however it is
//! read: what could be read is in the answer, and all of them say alike whether
//! that is all.

use std::{fs, io::Write as _, process::Output};

use serde_json::Value;

use crate::{pack, program::Folder};

/// The commands that read, each with a question that has an answer.
const COMMANDS: [&[&str]; 9] = [
    &["stats"],
    &["stats", "--by", "level"],
    &["count", "-e", "user", "-e", "ERROR"],
    &["top", "--regexp", r"user=(\w+)", "-k", "5"],
    &["values", "--regexp", r"ms=(\d+)", "--by", "level"],
    &["timeline", "--by", "level"],
    &["templates"],
    &["report"],
    &["inspect"],
];

const FORMATS: [&str; 8] = [
    "json",
    "text",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    "html",
    "prometheus",
];

/// How input ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Whole,
    NoNewline,
    Empty,
    Packed,
    /// Packed, and cut in the middle.
    Cut,
    /// Packed, with bytes behind it that are not.
    Garbage,
    /// A file beside it is not there.
    Missing,
}

const ENDS: [End; 7] = [
    End::Whole,
    End::NoNewline,
    End::Empty,
    End::Packed,
    End::Cut,
    End::Garbage,
    End::Missing,
];

impl End {
    fn of(self, text: &[u8]) -> Vec<u8> {
        match self {
            End::Whole | End::Missing => text.to_vec(),
            End::NoNewline => text[..text.len() - 1].to_vec(),
            End::Empty => Vec::new(),
            End::Packed => pack::gzip(text),
            End::Cut => {
                let mut packed = pack::gzip(text);
                packed.truncate(packed.len() / 2);
                packed
            }
            End::Garbage => [pack::gzip(text), b"garbage".to_vec()].concat(),
        }
    }

    /// Whether not all of the input can be read.
    fn is_bad(self) -> bool {
        matches!(self, End::Cut | End::Garbage | End::Missing)
    }
}

/// How it is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    File,
    Redirected,
    Pipe,
}

fn log() -> Vec<u8> {
    let mut log = Vec::new();
    for i in 0..3000_u64 {
        let level = ["INFO", "WARN", "ERROR"][(i * i % 3) as usize];
        let (minute, second) = (i / 60, i % 60);
        let (user, ms) = (i * i % 17, i * 7919 % 1000);
        writeln!(
            log,
            "2026-11-01T10:{minute:02}:{second:02}Z {level} user=u{user} ms={ms} said hello"
        )
        .unwrap();
    }
    log
}

fn run(folder: &Folder, args: &[&str], end: End, way: Way) -> Output {
    let mut args = args.to_vec();
    match way {
        Way::File => args.push("in.log"),
        Way::Redirected | Way::Pipe => args.push("-"),
    }
    if end == End::Missing {
        args.push("missing.log");
    }
    match way {
        Way::File => folder.run(&args, b""),
        Way::Pipe => folder.run(&args, &folder.read("in.log")),
        Way::Redirected => folder.run_on_file(&args, "in.log"),
    }
}

/// The lines of an input that can be read, as a search finds them.
fn readable(folder: &Folder) -> Vec<u8> {
    folder.run(&["search", "-aIN", "", "in.log"], b"").stdout
}

/// What an answer says that does not depend on the name of the input.
fn named_alike(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("<stdin>", "in.log")
}

#[test]
fn all_commands_and_formats_agree_on_how_input_ends() {
    let mut cells = 0;
    for end in ENDS {
        let folder = Folder::new(&format!("formats-{end:?}"));
        folder.write("in.log", end.of(&log()));
        let plain = Folder::new(&format!("formats-{end:?}-plain"));
        plain.write("in.log", readable(&folder));
        for command in COMMANDS {
            for format in FORMATS {
                if (command[0], format) == ("inspect", "prometheus") {
                    // It has no numbers to watch, and says so.
                    continue;
                }
                let args = [command, &["--format", format]].concat();
                let mut of_file = None;
                let exact = ["csv", "tsv"].contains(&format);
                // These say what a file takes on the disk.
                let by_size = ["stats", "report", "inspect"].contains(&command[0]);
                for way in [Way::File, Way::Redirected, Way::Pipe] {
                    let cell = format!("{args:?} {end:?} {way:?}");
                    let said = run(&folder, &args, end, way);
                    check(&cell, &said, end, format);
                    cells += 1;
                    if format == "json" {
                        check_json(&cell, &said.stdout, end);
                    }
                    let answer = named_alike(&said.stdout);
                    if exact && !by_size {
                        let first = of_file.get_or_insert_with(|| answer.clone());
                        assert_eq!(*first, answer, "{cell}");
                    }
                }
                // What could be read is answered as if it were all there is; `count`
                // names the file that was not whole.
                let named = command[0] == "count" && end.is_bad();
                if exact && !by_size && !named && end != End::Missing {
                    let alone = run(&plain, &args, End::Whole, Way::File);
                    let alone = String::from_utf8_lossy(&alone.stdout).into_owned();
                    assert_eq!(of_file.as_deref(), Some(&*alone), "{args:?} {end:?}");
                }
            }
        }
    }
    let questions = COMMANDS.len() * FORMATS.len() - 1;
    assert_eq!(cells, ENDS.len() * questions * 3);
}

/// What each format must do alike.
fn check(cell: &str, said: &Output, end: End, format: &str) {
    let messages = String::from_utf8_lossy(&said.stderr);
    let code = said.status.code();
    if end.is_bad() {
        assert_eq!(code, Some(2), "{cell}: {messages}");
        let errors = messages.lines().filter(|line| line.starts_with("swathe: "));
        assert_eq!(errors.count(), 1, "{cell}: {messages}");
        let name = if end == End::Missing {
            "missing.log"
        } else {
            ""
        };
        assert!(messages.contains(name), "{cell}: {messages}");
    } else {
        // Nothing is found in what is empty.
        assert!(matches!(code, Some(0 | 1)), "{cell}: {code:?} {messages}");
        assert!(
            end == End::Empty || messages.is_empty(),
            "{cell}: {messages}"
        );
    }
    let rows = matches!(format, "jsonl" | "prometheus");
    assert!(
        !said.stdout.is_empty() || (rows && end == End::Empty),
        "{cell}: nothing, {messages}"
    );
}

fn check_json(cell: &str, out: &[u8], end: End) {
    let answer: Value = serde_json::from_slice(out).expect(cell);
    assert_eq!(answer["complete"], Value::Bool(!end.is_bad()), "{cell}");
    let errors = answer["errors"].as_array().expect(cell);
    assert_eq!(errors.is_empty(), !end.is_bad(), "{cell}: {errors:?}");
}

#[test]
fn a_folder_is_what_is_in_it_and_a_link_to_nothing_is_missing() {
    let folder = Folder::new("formats-folder");
    fs::create_dir_all(folder.path("logs")).unwrap();
    folder.write("logs/in.log", log());
    std::os::unix::fs::symlink("nowhere", folder.path("link.log")).unwrap();
    for command in COMMANDS {
        if command[0] == "inspect" {
            continue;
        }
        let whole = folder.run(&[command, &["--format=json", "logs"]].concat(), b"");
        assert_eq!(whole.status.code(), Some(0), "{command:?}");
        check_json(&format!("{command:?}"), &whole.stdout, End::Whole);
        let both = folder.run(
            &[command, &["--format=json", "link.log", "logs"]].concat(),
            b"",
        );
        assert_eq!(both.status.code(), Some(2), "{command:?}");
        check_json(&format!("{command:?}"), &both.stdout, End::Missing);
    }
}
