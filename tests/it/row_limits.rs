//! How many rows an answer has: in every command, every format, with and without `-k`.

use std::{collections::BTreeSet, fmt::Write as _};

use crate::program::Folder;

/// How many keys there are.
const KEYS: usize = 30;

/// What people are shown, and the commands.
const COMMANDS: [(usize, &[&str]); 13] = [
    (20, &["top", "--by=field:2", "log"]),
    (20, &["top", "--by=field:2", "--distinct=field:3", "log"]),
    (20, &["values", "--of=logfmt:n", "--by=field:2", "log"]),
    (20, &["stats", "--by=field:2", "log"]),
    (10, &["timeline", "--by=field:2", "log"]),
    (20, &["templates", "log"]),
    (20, &["diff", "--spec=top", "--floor=0", "none", "log"]),
    (20, &["report", "--spec=top", "log"]),
    (20, &["report", "--spec=values", "log"]),
    (20, &["report", "--spec=stats", "log"]),
    (10, &["report", "--spec=timeline", "log"]),
    (20, &["report", "--spec=templates", "log"]),
    (20, &["report", "--from", "saved"]),
];

const FORMATS: [(&str, bool); 8] = [
    ("text", false),
    ("markdown", false),
    ("html", false),
    ("json", true),
    ("jsonl", true),
    ("csv", true),
    ("tsv", true),
    ("prometheus", true),
];

fn key(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    format!("k-{}{}", letter(number / 26), letter(number))
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let mut log = String::new();
    for number in 0..KEYS {
        // As many kinds of lines as there are keys: each has a length of its own.
        let words = " x".repeat(number);
        let key = key(number);
        let _ = writeln!(log, "2026-11-01T10:00:{number:02}Z {key} n={number}{words}");
    }
    folder.write("log", log);
    let one = format!("2026-11-01T10:00:00Z {} n=1\n", key(0));
    folder.write("none", one);
    spec(&folder, "");
    folder
}

/// Writes a spec for each kind of section.
fn spec(folder: &Folder, limit: &str) {
    for (kind, options) in [
        ("top", "by = 'field:2'"),
        ("values", "of = 'logfmt:n'\nby = 'field:2'"),
        ("stats", "by = 'field:2'\ntop-longest = 0"),
        ("timeline", "by = 'field:2'"),
        ("templates", ""),
    ] {
        let limit = match kind {
            "templates" => limit.replace("limit", "top"),
            _ => limit.to_string(),
        };
        let spec = format!("[[section]]\nkind = '{kind}'\n{options}\n{limit}\n");
        folder.write(kind, spec);
    }
    let saved = folder.answer(&["report", "--spec=top", "--format=json", "log"]);
    folder.write("saved", saved);
}

/// How many different keys stand in it.
fn keys(text: &[u8]) -> usize {
    let word = regex::bytes::Regex::new(r"\bk-[a-z]{2}\b").expect("a regex");
    let found = word.find_iter(text).map(|found| found.as_bytes());
    found.collect::<BTreeSet<_>>().len()
}

/// The answer, unless it is not to be had in the format.
fn answer(folder: &Folder, args: &[&str], format: &str, limit: Option<&str>) -> Option<Vec<u8>> {
    let format_flag = format!("--format={format}");
    let mut args = args.to_vec();
    args.push(&format_flag);
    if let Some(limit) = limit {
        args.extend(["-k", limit]);
    }
    let output = folder.run(&args, b"");
    let said = String::from_utf8_lossy(&output.stderr);
    if format == "prometheus" && output.status.code() == Some(2) {
        assert!(said.contains("no numbers"), "{args:?}: {said}");
        return None;
    }
    assert_eq!(said, "", "{args:?}");
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    Some(output.stdout)
}

#[test]
fn people_are_shown_some_rows_and_programs_get_all() {
    let folder = folder("rows-unsaid");
    let mut had = 0;
    for (usual, args) in COMMANDS {
        for (format, programs) in FORMATS {
            if let Some(answer) = answer(&folder, args, format, None) {
                let want = if programs { KEYS } else { usual };
                assert_eq!(keys(&answer), want, "{args:?} {format}");
                had += 1;
            }
        }
    }
    assert!(had > COMMANDS.len() * 7, "{had}");
}

#[test]
fn rows_that_were_asked_for_are_given_in_every_format() {
    let folder = folder("rows-typed");
    for (limit, want) in [("3", 3), ("0", KEYS), ("all", KEYS), ("1000000", KEYS)] {
        spec(&folder, &format!("limit = '{limit}'"));
        for (_, args) in COMMANDS {
            // A section has it in the spec.
            let typed = Some(limit).filter(|_| args[0] != "report");
            for (format, _) in FORMATS {
                if let Some(answer) = answer(&folder, args, format, typed) {
                    assert_eq!(keys(&answer), want, "{args:?} {format} {limit}");
                }
            }
        }
    }
    for wrong in ["-1", "some", "1.5", ""] {
        for (_, args) in COMMANDS.iter().filter(|(_, args)| args[0] != "report") {
            let limit = format!("-k={wrong}");
            let output = folder.run(&[args, &[limit.as_str()][..]].concat(), b"");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args:?} {limit}");
            assert!(
                said.contains("'-k <N>'") || said.contains("--limit") || said.contains("--top"),
                "{said}"
            );
        }
    }
}

/// How many rows there are to be is decided where the answer is written.
#[test]
fn a_partial_has_all_groups() {
    let folder = folder("rows-partial");
    for (usual, args) in COMMANDS.iter().filter(|(_, args)| args[0] != "diff") {
        if args.contains(&"--from") {
            continue;
        }
        let partial = [args, &["--partial=part", "--format=csv"][..]].concat();
        folder.answer(&partial);
        for (format, programs) in FORMATS {
            if let Some(merged) = answer(&folder, &["merge", "part"], format, None) {
                let want = if programs { KEYS } else { *usual };
                assert_eq!(keys(&merged), want, "{args:?} {format}");
            }
        }
    }
}

/// Groups that do not fit are counted in further passes, and rows that do not fit
/// are said to be missing.
#[test]
fn rows_that_do_not_fit_are_said() {
    let folder = Folder::new("rows-memory");
    let mut log = String::new();
    for number in 0..4000 {
        for _ in 0..=(number % 7) {
            let _ = writeln!(log, "k-{number:04} n={number}");
        }
    }
    folder.write("log", log);
    for args in [
        &["top", "--by=field:1", "--format=csv", "log"][..],
        &["top", "--by=field:1", "--format=csv", "-k=all", "log"],
        &[
            "values",
            "--of=logfmt:n",
            "--by=field:1",
            "--format=csv",
            "log",
        ],
    ] {
        let whole = String::from_utf8(folder.answer(args)).expect("UTF-8");
        assert_eq!(whole.lines().count(), 4001, "{args:?}");
        let small = [args, &["--memory=128K"][..]].concat();
        let output = folder.run(&small, b"");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{small:?}: {said}");
        let rows = String::from_utf8(output.stdout).expect("UTF-8");
        let shown = rows.lines().count() - 1;
        assert!(shown > 100 && shown < 4000, "{small:?}: {shown}");
        // Those that come first, with their exact numbers.
        assert!(whole.starts_with(&rows), "{small:?}");
        let want = " groups are not in the answer, since they do not fit into memory";
        assert!(said.contains(want), "{small:?}: {said}");
    }
}
