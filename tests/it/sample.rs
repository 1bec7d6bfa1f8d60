//! The sample that ships with the repository: its known answers are right,
//! and the commands give them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("bench-data")
        .join(name)
}

fn log() -> Vec<u8> {
    fs::read(path("app.log")).expect("the sample")
}

fn expected() -> Value {
    let text = fs::read(path("app.log.expected.json")).expect("the known answers");
    serde_json::from_slice(&text).expect("JSON")
}

/// Where a pattern of the sample occurs in a line, spelled out byte by byte
/// for each of them so that no regex engine judges another.
fn occurrences(pattern: &str, line: &[u8]) -> Vec<usize> {
    let at = |i: usize, text: &str| line[i..].starts_with(text.as_bytes());
    let any_case = |i: usize, text: &str| {
        let end = i + text.len();
        line.get(i..end)
            .is_some_and(|l| l.eq_ignore_ascii_case(text.as_bytes()))
    };
    let hit = |i: usize| match pattern {
        "timeout|refused|declined" => pattern.split('|').any(|word| any_case(i, word)),
        "status=5[0-9][0-9]" => {
            at(i, "status=5")
                && line
                    .get(i + 8..i + 10)
                    .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
        }
        // No word of the sample is long enough for two.
        "[A-Za-z]{30}" => {
            line.get(i..i + 30)
                .is_some_and(|l| l.iter().all(u8::is_ascii_alphabetic))
                && (i == 0 || !line[i - 1].is_ascii_alphabetic())
        }
        r"\tat com\.example\." => at(i, "\tat com.example."),
        literal => at(i, literal),
    };
    (0..line.len()).filter(|&i| hit(i)).collect()
}

fn lines(log: &[u8]) -> impl Iterator<Item = (u64, usize, &[u8])> {
    let mut offset = 0;
    log.split_inclusive(|&b| b == b'\n')
        .zip(1..)
        .map(move |(line, number)| {
            offset += line.len();
            (number, offset - line.len(), line)
        })
}

#[test]
fn the_known_answers_are_true() {
    let (log, expected) = (log(), expected());
    let text = std::str::from_utf8(&log).expect("UTF-8");
    assert_eq!(expected["bytes"], log.len());
    assert_eq!(expected["newlines"], text.matches('\n').count());
    assert_eq!(expected["lines"], lines(&log).count());
    assert_eq!(expected["words"], text.split_ascii_whitespace().count());
    assert_eq!(expected["chars"], text.chars().count());
    let mut longest = (0, 0, 0);
    for (number, offset, line) in lines(&log) {
        if line.len() - 1 > longest.0 {
            longest = (line.len() - 1, number, offset);
        }
    }
    let (length, line, offset) = longest;
    assert_eq!(
        expected["longest_line"],
        json!({"length": length, "line": line, "offset": offset})
    );
    let patterns = expected["patterns"].as_array().expect("a list");
    assert_eq!(patterns.len(), 9);
    for row in patterns {
        let pattern = row["pattern"].as_str().expect("text");
        let (mut matching, mut matches, mut first, mut last) = (0, 0, Value::Null, Value::Null);
        for (number, offset, line) in lines(&log) {
            let found = occurrences(pattern, line);
            matches += found.len();
            if let Some(at) = found.first() {
                matching += 1;
                last = json!({"line": number, "offset": offset + at});
                if first.is_null() {
                    first = last.clone();
                }
            }
        }
        assert!(matching > 0, "{pattern} occurs");
        let found = (&row["lines"], &row["matches"], &row["first"], &row["last"]);
        assert_eq!(
            found,
            (&json!(matching), &json!(matches), &first, &last),
            "{pattern}"
        );
    }
}

fn swathe(args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(args)
        .arg(path("app.log"))
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{args:?}: {}: {said}",
        output.status
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const WAYS: [&[&str]; 3] = [
    &["--threads=1"],
    &["--threads=3", "--chunk-size=100"],
    &["--threads=2", "--chunk-size=4K"],
];

#[test]
fn stats_gives_the_known_answers() {
    let expected = expected();
    for way in WAYS {
        let found = swathe(&[&["stats", "--format", "json"], way].concat());
        let row = &found["files"][0];
        for name in ["bytes", "newlines", "lines", "words", "chars"] {
            assert_eq!(row[name], expected[name], "{name} {way:?}");
        }
        let longest = &row["longest_lines"][0];
        for name in ["length", "line", "offset"] {
            assert_eq!(
                longest[name], expected["longest_line"][name],
                "longest {name} {way:?}"
            );
        }
    }
}

#[test]
fn count_gives_the_known_answers() {
    for row in expected()["patterns"].as_array().expect("a list") {
        let pattern = row["pattern"].as_str().expect("text");
        let case = if row["ignore_case"] == true {
            "-i"
        } else {
            "-s"
        };
        for way in WAYS {
            let args = ["count", "--format", "json", case, "-e", pattern];
            let found = swathe(&[&args, way].concat());
            let found = &found["patterns"][0];
            for name in ["lines", "matches"] {
                assert_eq!(found[name], row[name], "{pattern} {name} {way:?}");
            }
            for end in ["first", "last"] {
                for name in ["line", "offset"] {
                    assert_eq!(found[end][name], row[end][name], "{pattern} {end} {way:?}");
                }
            }
        }
    }
}

#[test]
fn count_gives_them_all_at_once() {
    let expected = expected();
    let rows: Vec<_> = expected["patterns"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|row| row["ignore_case"] == false)
        .collect();
    let mut args = vec!["count", "--format", "json"];
    for row in &rows {
        args.extend(["-e", row["pattern"].as_str().expect("text")]);
    }
    let found = swathe(&args);
    for (i, row) in rows.iter().enumerate() {
        let found = &found["patterns"][i];
        assert_eq!(found["pattern"], row["pattern"]);
        assert_eq!(found["lines"], row["lines"], "{}", row["pattern"]);
        assert_eq!(found["matches"], row["matches"], "{}", row["pattern"]);
    }
}
