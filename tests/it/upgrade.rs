//! Files of each format there was are read, and say what files of today say.
//!
//! `tests/fixtures/saved/vN` holds a file of every kind in format N. What this version
//! writes must be what it holds for the format of today: whoever changes that takes the
//! next number (`request/container.rs`), writes its files with
//! `cargo test --test it -- --ignored write_the_files_of_a_format`, and leaves those before
//! it as they are.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::{
    bodies::tree::Node,
    partials::{QUESTIONS, sealed},
    program::Folder,
};

/// The format that is written.
const FORMAT: u32 = 1;

/// A name, and what is asked: a partial.
pub(crate) const PARTIALS: [(&str, &[&str]); 15] = [
    ("stats", &["stats"]),
    ("stats-by", &["stats", "--by", "level", "--record", "auto"]),
    (
        "count",
        &["count", "-e", "foo", "-e", "bar", "-i", "--name", "b=x"],
    ),
    (
        "count-parts",
        &["count", "--per-file", "--positions", "3", "foo"],
    ),
    ("top", &["top", "--by", "field:3,level"]),
    (
        "top-values",
        &[
            "top",
            "--by",
            "level",
            "--distinct",
            "logfmt:n",
            "--sum",
            "logfmt:n",
        ],
    ),
    // More keys than fit: a sketch of the others.
    (
        "top-rest",
        &[
            "top",
            "--by",
            "logfmt:n",
            "--max-groups",
            "4",
            "--memory",
            "8K",
        ],
    ),
    // More values than are kept: registers.
    (
        "top-registers",
        &[
            "top",
            "--by",
            "path",
            "--distinct",
            "logfmt:n",
            "--memory",
            "8K",
        ],
    ),
    ("values", &["values", "--of", "logfmt:n"]),
    // More numbers than are kept: steps of a scale.
    (
        "values-steps",
        &[
            "values", "--of", "logfmt:n", "--by", "field:3", "--memory", "8K",
        ],
    ),
    ("timeline", &["timeline", "-e", "foo", "--bucket", "1h"]),
    (
        "timeline-by",
        &["timeline", "--by", "level", "--where", "level=error"],
    ),
    ("timeline-no-year", &["timeline", "--by", "field:5"]),
    ("templates", &["templates"]),
    ("report", &["report", "--spec", "spec"]),
];

/// The same of states; each ends with what is searched.
const STATES: [(&str, &[&str]); 4] = [
    (
        "count-state",
        &["count", "-e", "foo", "-e", "ERROR", "--format=json"],
    ),
    (
        "report-state",
        &["report", "--spec", "spec", "--format=json"],
    ),
    (
        "no-year-state",
        &["report", "--spec", "spec.sys", "--format=json"],
    ),
    ("search-state", &["search", "-n", "-C1", "foo"]),
];

const SPEC: &str = "[[section]]\nkind = 'stats'\n[[section]]\nkind = 'count'\nregexp = ['foo']\n\
    [[section]]\nkind = 'top'\nby = 'level'\nsum = 'logfmt:n'\n[[section]]\nkind = 'values'\n\
    of = 'logfmt:n'\n[[section]]\nkind = 'timeline'\nby = 'level'\n[[section]]\n\
    kind = 'templates'\n[[section]]\nkind = 'levels'\n[[section]]\nkind = 'stats'\n\
    title = 'By level'\nby = 'level'\nwhere = 'level>=warn'\n";

/// The log that the files of a format are of, or what has come to it since.
pub(crate) fn log(lines: std::ops::Range<usize>) -> String {
    let line = |n: usize| {
        let level = ["INFO", "ERROR", "WARN"][n % 3];
        let (hour, minute) = (n / 60, n % 60);
        let word = ["foo", "bar", "late"][n * 7 % 5 % 3];
        format!(
            "2026-11-01T{hour:02}:{minute:02}:00Z {level} {word} request {n} n={}\n",
            n * n
        )
    };
    lines.map(line).collect()
}

/// The same, as syslog writes it.
fn syslog(lines: std::ops::Range<usize>) -> String {
    let line = |n: usize| {
        format!(
            "Nov  2 {:02}:{:02}:08 host foo[{}]: n={n}\n",
            n / 60,
            n % 60,
            n % 4
        )
    };
    lines.map(line).collect()
}

const BEFORE: std::ops::Range<usize> = 0..90;
const AFTER: std::ops::Range<usize> = 90..130;

fn logs(folder: &Folder) {
    folder.write("spec", SPEC);
    let by_host = "[[section]]\nkind = 'timeline'\nby = 'field:5'\n";
    folder.write("spec.sys", by_host);
    folder.write("before.log", log(BEFORE));
    folder.write("after.log", log(AFTER));
    folder.write("before.sys", syslog(BEFORE));
    folder.write("after.sys", syslog(AFTER));
}

/// The log a question is about, and what comes after it.
fn named(name: &str) -> [&'static str; 2] {
    if name.starts_with("no-year") || name.ends_with("no-year") {
        ["before.sys", "after.sys"]
    } else {
        ["before.log", "after.log"]
    }
}

/// A year, where none is written, is not that of the clock.
fn asked<'a>(name: &str, args: &[&'a str]) -> Vec<&'a str> {
    let mut args = args.to_vec();
    if named(name)[0].ends_with("sys") {
        args.extend(["--base-year", "2026"]);
    }
    args
}

fn files(format: u32) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join(format!("tests/fixtures/saved/v{format}"))
}

pub(crate) fn file(format: u32, name: &str) -> Vec<u8> {
    let path = files(format).join(name);
    let read = fs::read(&path);
    read.unwrap_or_else(|error| panic!("{}: {error}; see tests/it/upgrade.rs", path.display()))
}

/// The version of the program is no part of a format.
fn unversioned(bytes: &[u8]) -> Vec<u8> {
    sealed(bytes, |body| {
        let end = body.iter().position(|&b| b == b'\n').expect("a header");
        let mut header: serde_json::Value = serde_json::from_slice(&body[..end]).expect("JSON");
        header["swathe"] = "0.0.0".into();
        [header.to_string().as_bytes(), &body[end..]].concat()
    })
}

fn partial(folder: &Folder, (name, args): (&str, &[&str])) -> Vec<u8> {
    let args = [asked(name, args), vec!["--partial", "-", named(name)[0]]].concat();
    unversioned(&folder.answer(&args))
}

/// What it says by itself, and merged with what a run of today has of other lines.
fn answers(folder: &Folder, (name, args): (&str, &[&str]), partial: &[u8]) -> [Vec<u8>; 2] {
    folder.write("old", partial);
    let later = [
        asked(name, args),
        vec!["--partial", "later", named(name)[1]],
    ]
    .concat();
    folder.answer(&later);
    let merge = ["merge", "--no-messages", "--format=json"];
    [&["old"][..], &["old", "later"]].map(|files| folder.answer(&[&merge[..], files].concat()))
}

fn saved_report(folder: &Folder) -> Vec<u8> {
    folder.answer(&["report", "--spec=spec", "--format=json", "before.log"])
}

/// What a saved report says, and how a log of today differs from it.
fn compared(folder: &Folder, report: &[u8]) -> [Vec<u8>; 2] {
    folder.write("report", report);
    let shown = folder.answer(&["report", "--from", "report", "--format=markdown"]);
    [
        folder.answer(&["diff", "--format=json", "report", "after.log"]),
        shown,
    ]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A state that says of a file of another machine what it says of this one.
fn moved(folder: &Folder, state: &[u8], log: &str) -> Vec<u8> {
    let meta = fs::metadata(folder.path(log)).expect("a log");
    with_payload(state, |tree| {
        let Node::Array(entries) = tree else {
            panic!("a state has entries");
        };
        for entry in entries {
            let mark = entry.member("kept").member("mark");
            let identity = [meta.dev(), meta.ino()].map(Node::Unsigned);
            *mark.member("identity") = Node::Array(identity.into());
            *mark.member("born") = Node::Null;
        }
    })
}

/// What a file holds behind its header.
pub(crate) fn payload(saved: &[u8]) -> Node {
    let mut lines = saved.splitn(3, |&b| b == b'\n');
    Node::read(lines.nth(2).expect("a payload"))
}

/// The same with another payload.
pub(crate) fn with_payload(saved: &[u8], change: impl FnOnce(&mut Node)) -> Vec<u8> {
    sealed(saved, |body| {
        let end = body.iter().position(|&b| b == b'\n').expect("a header") + 1;
        let mut tree = Node::read(&body[end..]);
        change(&mut tree);
        [&body[..end], &tree.write()].concat()
    })
}

/// A state after a run over the log of before.
fn state(folder: &Folder, (name, args): (&str, &[&str])) -> Vec<u8> {
    let text = folder.read(named(name)[0]);
    folder.write("log", text);
    let _ = fs::remove_file(folder.path("state"));
    folder.answer(&[asked(name, args), vec!["--resume", "state", "log"]].concat());
    unversioned(&folder.read("state"))
}

/// What a run with the state says when lines have come to the log.
fn gone_on(folder: &Folder, (name, args): (&str, &[&str]), state: &[u8]) -> Vec<u8> {
    let [before, after] = named(name).map(|log| folder.read(log));
    folder.write("log", &before);
    folder.write("state", moved(folder, state, "log"));
    folder.append("log", after);
    folder.answer(&[asked(name, args), vec!["--resume", "state", "log"]].concat())
}

#[test]
#[ignore = "writes the files of a format, once before the first version that has it"]
fn write_the_files_of_a_format() {
    let folder = Folder::new("upgrade-write");
    logs(&folder);
    let files = files(FORMAT);
    fs::create_dir_all(&files).expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(files.join(name), bytes).expect("a file");
    for (name, args) in PARTIALS {
        write(&format!("{name}.partial"), &partial(&folder, (name, args)));
    }
    write("report.json", &saved_report(&folder));
    for (name, args) in STATES {
        write(name, &state(&folder, (name, args)));
    }
}

#[test]
fn there_is_a_file_of_every_kind() {
    for question in QUESTIONS {
        let known = PARTIALS.iter().any(|(_, args)| args[0] == question[0]);
        assert!(known, "{} is in no file of a format", question[0]);
    }
    for format in 1..=FORMAT {
        for (name, _) in PARTIALS {
            file(format, &format!("{name}.partial"));
        }
        for (name, _) in STATES {
            file(format, name);
        }
    }
}

#[test]
fn partials_of_all_formats_answer() {
    let folder = Folder::new("upgrade-partials");
    logs(&folder);
    for (name, args) in PARTIALS {
        let today = answers(&folder, (name, args), &partial(&folder, (name, args)));
        for format in 1..=FORMAT {
            let held = file(format, &format!("{name}.partial"));
            let said = answers(&folder, (name, args), &held);
            assert_eq!(
                said.each_ref().map(|bytes| text(bytes)),
                today.each_ref().map(|bytes| text(bytes)),
                "format {format}: {name}"
            );
        }
    }
}

#[test]
fn reports_of_all_formats_are_compared() {
    let folder = Folder::new("upgrade-reports");
    logs(&folder);
    let today = compared(&folder, &saved_report(&folder));
    for format in 1..=FORMAT {
        for held in ["report.json", "report.partial"] {
            let said = compared(&folder, &file(format, held));
            assert_eq!(
                said.each_ref().map(|bytes| text(bytes)),
                today.each_ref().map(|bytes| text(bytes)),
                "format {format}: {held}"
            );
        }
    }
}

#[test]
fn states_of_all_formats_go_on() {
    let folder = Folder::new("upgrade-states");
    logs(&folder);
    for (name, args) in STATES {
        let today = gone_on(&folder, (name, args), &state(&folder, (name, args)));
        assert!(!today.is_empty());
        for format in 1..=FORMAT {
            let said = gone_on(&folder, (name, args), &file(format, name));
            assert_eq!(text(&said), text(&today), "format {format}: {name}");
        }
    }
}

/// Nobody changes what is written without a new number.
#[test]
fn what_is_written_is_the_format_of_today() {
    let folder = Folder::new("upgrade-today");
    logs(&folder);
    for (name, args) in PARTIALS {
        let partial = partial(&folder, (name, args));
        let held = file(FORMAT, &format!("{name}.partial"));
        let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
        assert_eq!(
            text(&partial),
            text(&held),
            "{name}: see tests/it/upgrade.rs"
        );
    }
    for (name, args) in STATES {
        // What differs from machine to machine and run to run.
        let same = |state: &[u8]| {
            with_payload(state, |tree| {
                let Node::Array(entries) = tree else {
                    panic!("a state has entries");
                };
                for entry in entries {
                    let mark = entry.member("kept").member("mark");
                    for member in ["identity", "modified", "born"] {
                        *mark.member(member) = Node::Null;
                    }
                }
            })
        };
        let text = |state: &[u8]| same(state).escape_ascii().to_string();
        let (now, held) = (state(&folder, (name, args)), file(FORMAT, name));
        assert_eq!(text(&now), text(&held), "{name}: see tests/it/upgrade.rs");
    }
}

/// Fields that came after the first states were written.
#[test]
fn fields_that_came_later_may_be_missing() {
    let folder = Folder::new("upgrade-fields");
    logs(&folder);
    let (name, args) = STATES[3];
    let state = with_payload(&file(1, name), |tree| {
        let Node::Array(entries) = tree else {
            panic!("a state has entries");
        };
        for entry in entries {
            let Node::Map(trail) = entry.member("kept") else {
                panic!("a trail has fields");
            };
            trail.retain(|(field, _)| *field != Node::Text("printed".into()));
        }
    });
    let said = gone_on(&folder, (name, args), &state);
    assert!(!said.is_empty());
}

#[test]
fn a_state_in_a_newer_format_is_left_alone() {
    let folder = Folder::new("upgrade-newer");
    logs(&folder);
    for (name, args) in STATES {
        let state = String::from_utf8_lossy(&file(1, name)).replacen(" 1 ", " 3 ", 1);
        folder.write("log", "");
        folder.write("state", &state);
        let output = folder.run(
            &[&asked(name, args)[..], &["--resume", "state", "log"]].concat(),
            b"",
        );
        let said = "swathe: state: is written in format 3, and this swathe reads up to 1 \
                    (use a newer swathe)\n";
        assert_eq!(String::from_utf8_lossy(&output.stderr), said);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty() && folder.read("state") == state.as_bytes());
    }
}
