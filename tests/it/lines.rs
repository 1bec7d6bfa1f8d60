//! What a line says of its time and its level, and where a record begins: small cases
//! after real logs, asked of the program in each way it can be asked.
//!
//! `lines.jsonl` and `more-lines.jsonl` have one case a line: the lines of a file that was
//! last written on 2026-11-30, the instant and the level of each (`null`: it has none of its
//! own), and the numbers of the lines at which a record begins.

use std::{
    collections::BTreeMap,
    fs::File,
    time::{Duration, UNIX_EPOCH},
};

use serde::Deserialize;
use serde_json::Value;
use swathe::format::{Formats, LogFormat, Sample};

use crate::program::Folder;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    lines: Vec<String>,
    times: Option<Vec<Option<String>>>,
    levels: Option<Vec<Option<String>>>,
    record_starts: Option<Vec<usize>>,
    note: Option<String>,
}

/// 2026-11-30T12:00:00Z.
const WRITTEN: u64 = 1_796_040_000;

fn cases() -> impl Iterator<Item = Case> {
    let files = [
        include_str!("../fixtures/lines.jsonl"),
        include_str!("../fixtures/more-lines.jsonl"),
    ];
    let lines = files.into_iter().flat_map(str::lines);
    let written = lines.map(|line| serde_json::from_str(line).expect("a case"));
    let formats = Formats::default();
    let formats: Vec<Case> = formats.all().flat_map(of_format).collect();
    written.chain(formats)
}

/// The samples of a known format, each as a file: some programs write one or the other.
fn of_format(format: &LogFormat) -> Vec<Case> {
    let samples = format.samples();
    let case = |sample: &Sample| Case {
        name: format!("formats/{}.toml: {}", format.name(), sample.line),
        lines: vec![sample.line.clone()],
        times: Some(vec![sample.time.clone()]),
        levels: Some(vec![sample.level.clone()]),
        record_starts: sample.time.as_ref().map(|_| vec![0]),
        note: None,
    };
    samples.iter().map(case).collect()
}

/// Asks commands about the file of a case.
struct Asked<'a> {
    folder: &'a Folder,
    case: &'a Case,
}

impl<'a> Asked<'a> {
    fn new(folder: &'a Folder, case: &'a Case) -> Asked<'a> {
        folder.write("a.log", case.lines.join("\n") + "\n");
        let file = File::options().write(true).open(folder.path("a.log"));
        let written = UNIX_EPOCH + Duration::from_secs(WRITTEN);
        file.expect("a file").set_modified(written).expect("a time");
        Asked { folder, case }
    }

    fn run(&self, args: &[&str]) -> String {
        let mut args = args.to_vec();
        if self.case.note.is_some() {
            args.extend(["--base-year", "2026"]);
        }
        args.push("a.log");
        let output = self.folder.run(&args, b"");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// How many lines have each value of a key; those without one under `null`.
    fn by(&self, key: &str) -> BTreeMap<Option<String>, u64> {
        let answer = self.run(&["top", "--by", key, "--limit", "1000", "--format", "json"]);
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        let groups = answer["groups"].as_array().expect("groups");
        let group = |group: &Value| {
            let key = group["key"].as_str().map(str::to_string);
            (key, group["count"].as_u64().expect("a number"))
        };
        groups.iter().map(group).collect()
    }
}

fn counted(values: impl Iterator<Item = Option<String>>) -> BTreeMap<Option<String>, u64> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// The second of an instant.
fn second(time: &str) -> String {
    let whole = time.split('.').next().unwrap_or(time);
    format!("{}Z", whole.trim_end_matches('Z'))
}

#[test]
fn times_are_those_that_are_written() {
    let folder = Folder::new("lines-times");
    let mut asked = 0;
    for case in cases() {
        let Some(times) = &case.times else { continue };
        asked += 1;
        let at = Asked::new(&folder, &case);
        let times: Vec<Option<String>> = times
            .iter()
            .map(|time| time.as_deref().map(second))
            .collect();
        assert_eq!(
            at.by("time:1s"),
            counted(times.iter().cloned()),
            "{}",
            case.name
        );
        // A line without a time belongs to the one before it.
        let mut last = None;
        let held: Vec<Option<String>> = times
            .iter()
            .map(|time| {
                last = time.clone().or_else(|| last.clone());
                last.clone()
            })
            .collect();
        for since in times.iter().flatten() {
            let want = held.iter().flatten().filter(|time| *time >= since).count();
            let got = at.run(&["search", "-c", "--since", since, ""]);
            assert_eq!(got.trim_end(), want.to_string(), "{} {since}", case.name);
        }
        let answer = at.run(&["timeline", "--format", "json"]);
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        let (first, latest) = (held.iter().flatten().min(), held.iter().flatten().max());
        for (name, want) in [("first", first), ("last", latest)] {
            let got = answer[name].as_str().map(second);
            assert_eq!(got.as_ref(), want, "{} {name}", case.name);
        }
    }
    assert!(asked > 130, "{asked}");
}

#[test]
fn levels_are_those_that_are_written() {
    let folder = Folder::new("lines-levels");
    let mut asked = 0;
    for case in cases() {
        let Some(levels) = &case.levels else { continue };
        asked += 1;
        let at = Asked::new(&folder, &case);
        let want = counted(levels.iter().cloned());
        assert_eq!(at.by("level"), want, "{}", case.name);
        for level in levels.iter().flatten() {
            let condition = format!("level={level}");
            let got = at.run(&["search", "-c", "--where", &condition, ""]);
            let want = levels.iter().flatten().filter(|l| *l == level).count();
            assert_eq!(got.trim_end(), want.to_string(), "{} {level}", case.name);
        }
    }
    assert!(asked > 60, "{asked}");
}

#[test]
fn records_begin_where_they_are_said_to() {
    let folder = Folder::new("lines-records");
    let mut asked = 0;
    for case in cases() {
        let Some(starts) = &case.record_starts else {
            continue;
        };
        asked += 1;
        let at = Asked::new(&folder, &case);
        let answer = at.run(&["search", "--record", "auto", "--json", ""]);
        let messages = answer.lines();
        let messages = messages.map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let matches = messages.filter(|message| message["type"] == "match");
        let got: Vec<u64> = matches
            .map(|message| message["data"]["line_number"].as_u64().expect("a number") - 1)
            .collect();
        let want: Vec<u64> = starts.iter().map(|start| *start as u64).collect();
        assert_eq!(got, want, "{}", case.name);
    }
    assert!(asked > 3, "{asked}");
}

/// What nothing in the lines decides is said, once for all inputs it is chosen for, and
/// not where somebody has said it.
#[test]
fn what_is_chosen_is_said() {
    let folder = Folder::new("lines-chosen");
    folder.write("a.log", "03/04/26, 9:30:05 AM a\n03/05/26, 2:30:05 PM b\n");
    folder.write("b.log", "03/04/26, 9:30:05 AM a\n03/05/26, 2:30:05 PM b\n");
    folder.write("zone.log", "2026-11-23 14:30:05 CST x\n");
    folder.write("day.log", "14:30:05 INFO x\n");
    folder.write("year.log", "Nov 23 14:30:05 host x\n");
    let order = "the month is taken to come first in dates (--time-format day_first otherwise)";
    let zone = "zone.log: CST is taken to be UTC-06:00 (--tz says another zone)";
    let day = "day.log: timestamps say the time of day alone, and are not read (--base-date gives \
               the day)";
    let year = "year.log: timestamps have no year: the first is taken to be of ";
    for (args, want) in [
        (&["a.log"][..], Some(format!("a.log: {order}"))),
        (
            &["a.log", "b.log"],
            Some(format!("a.log and another input: {order}")),
        ),
        (&["a.log", "--time-format", "day_first"], None),
        (&["zone.log"], Some(zone.to_string())),
        (&["zone.log", "--tz", "Asia/Shanghai"], None),
        (&["day.log"], Some(day.to_string())),
        (&["day.log", "--base-date", "2026-11-23"], None),
        (&["year.log"], Some(year.to_string())),
        (&["year.log", "--base-year", "2026"], None),
    ] {
        for command in [
            &["search", "-c", "", "--since", "2026-01-01"][..],
            &["top", "--by", "time:1h"],
            &["count", ".", "--since", "2026-01-01"],
            &["timeline"],
        ] {
            let output = folder.run(&[command, args].concat(), b"");
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            let mut said = said.lines().filter(|line| !line.contains("no record has"));
            let line = said.next();
            match &want {
                Some(want) => {
                    let want = format!("swathe: {want}");
                    assert!(
                        line.is_some_and(|line| line.starts_with(&want)),
                        "{command:?} {line:?}"
                    );
                }
                None => assert_eq!(line, None, "{command:?} {args:?}"),
            }
            assert_eq!(said.next(), None, "{command:?}");
        }
        // What does not ask when lines were written says nothing of it.
        let output = folder.run(&[&["count", "."], args].concat(), b"");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

/// A time of day is of the day that is said.
#[test]
fn a_time_of_day_is_of_the_day_that_is_said() {
    let folder = Folder::new("lines-day");
    folder.write(
        "a.log",
        "14:30:05.5 [main] INFO x\n  at foo\n14:31:05 [main] INFO y\n",
    );
    let answer = folder.run(
        &[
            "timeline",
            "--base-date",
            "2026-11-23",
            "--format",
            "json",
            "a.log",
        ],
        b"",
    );
    let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    assert_eq!(answer["first"], "2026-11-23T14:30:05.500Z");
    assert_eq!(answer["last"], "2026-11-23T14:31:05Z");
    assert_eq!(answer["buckets"][0]["lines"], 2);
}
