//! Small logs of many programs, and what is right for each: where records begin under
//! `--record auto`, the level of each line, the first and the last time, the values of keys.
//! The files are in `fixtures/logs`.

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::Path,
    time::{Duration, UNIX_EPOCH},
};

use serde_json::Value;

use crate::program::Folder;

/// When the files were last written: 2026-11-30T12:00:00Z, and `long.log` on 2026-01-31.
const WRITTEN: u64 = 1_796_040_000;
const LONG_WRITTEN: u64 = 1_769_860_800;

/// A folder with all of them.
pub(crate) fn logs(name: &str) -> Folder {
    let folder = Folder::new(name);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs");
    for entry in fs::read_dir(fixtures).expect("a folder") {
        let entry = entry.expect("a file");
        let name = entry.file_name().into_string().expect("UTF-8");
        put(&folder, &name, fs::read(entry.path()).expect("a file"));
    }
    folder
}

/// Writes a file that was last written when all were.
fn put(folder: &Folder, name: &str, content: impl AsRef<[u8]>) {
    folder.write(name, content);
    let seconds = match name {
        "long.log" => LONG_WRITTEN,
        _ => WRITTEN,
    };
    let file = File::options().write(true).open(folder.path(name));
    let written = UNIX_EPOCH + Duration::from_secs(seconds);
    file.expect("a file").set_modified(written).expect("a time");
}

/// What a command prints, and what it says of it but for years that are not written.
pub(crate) fn ask(folder: &Folder, command: &str) -> (String, Vec<String>) {
    let args: Vec<&str> = command.split(' ').collect();
    let output = folder.run(&args, b"");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let said = said.lines().filter(|line| !line.contains("have no year"));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    (text, said.map(str::to_string).collect())
}

pub(crate) fn json(folder: &Folder, command: &str) -> Value {
    let (text, _) = ask(folder, command);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{command}: {error}: {text}"))
}

/// The numbers of the lines at which a record begins.
fn starts(folder: &Folder, file: &str) -> Vec<u64> {
    // Text without a byte order mark is bytes to a search.
    let encoding = match file {
        "sql_le_nobom.log" => "utf-16le",
        _ => "auto",
    };
    let args = [
        "search", "-E", encoding, "--record", "auto", "--json", "", file,
    ];
    let output = folder.run(&args, b"");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let messages = text.lines().map(serde_json::from_str);
    let messages = messages.map(|message: Result<Value, _>| message.expect("JSON"));
    let matches = messages.filter(|message| message["type"] == "match");
    let number = |message: Value| message["data"]["line_number"].as_u64();
    matches
        .map(|message| number(message).expect("a number"))
        .collect()
}

/// The values of a key with how often each occurs, `-` for none, by name.
fn by(folder: &Folder, key: &str, rest: &str) -> String {
    let answer = json(
        folder,
        &format!("top --by {key} --sort key --format json {rest}"),
    );
    let groups = answer["groups"].as_array().expect("groups");
    let group = |group: &Value| {
        let key = group["key"].as_str().unwrap_or("-");
        format!("{key}: {}", group["count"])
    };
    let mut groups: Vec<String> = groups.iter().map(group).collect();
    groups.sort();
    groups.join(", ")
}

/// A file, the lines at which its records begin, its levels, its first and its last time.
type Row = (
    &'static str,
    &'static [u64],
    &'static str,
    &'static str,
    &'static str,
);

const LOGS: &[Row] = &[
    (
        "alb.log",
        &[1, 2, 3],
        "-: 3",
        "2026-03-16T20:20:00.135052Z",
        "2026-03-16T21:20:00.135052Z",
    ),
    (
        "apache_err.log",
        &[1, 2, 3, 4, 5],
        "error: 3, notice: 1, warn: 1",
        "2026-11-23T14:30:05.902022Z",
        "2026-11-23T14:30:09Z",
    ),
    (
        "apache_odd.log",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        "-: 14",
        "2026-09-29T18:01:55Z",
        "2026-09-29T18:02:08Z",
    ),
    (
        "cassandra.log",
        &[1, 2, 6],
        "-: 3, error: 1, info: 2",
        "2026-11-23T14:30:05.123Z",
        "2026-11-23T14:30:07.123Z",
    ),
    (
        "cest.log",
        &[1, 2],
        "-: 2",
        "2026-07-01T10:00:00Z",
        "2026-07-01T11:00:00Z",
    ),
    (
        "crash.log",
        &[1, 2, 3],
        "error: 3",
        "2026-11-23T14:30:05Z",
        "2026-11-23T15:31:05Z",
    ),
    // The level of the text in the envelope, which is how one in klog begins as well.
    (
        "cri.log",
        &[1, 2, 3, 4, 5, 6, 7],
        "-: 1, error: 3, fatal: 1, info: 1, warn: 1",
        "2026-10-05T22:17:13.113242941Z",
        "2026-10-06T00:17:12.113242941Z",
    ),
    (
        "docker.log",
        &[1, 2, 4],
        "-: 2, error: 1, warn: 1",
        "2026-10-18T17:35:54.970719033Z",
        "2026-10-18T17:35:55.970719033Z",
    ),
    (
        "grafana.log",
        &[1, 2, 5],
        "-: 1, error: 1, fatal: 1, info: 2",
        "2026-11-23T10:56:33.123Z",
        "2026-11-23T10:57:34.123Z",
    ),
    (
        "journald_new.json",
        &[1, 2],
        "error: 1, warn: 1",
        "2026-11-23T14:30:05.366836Z",
        "2026-11-23T15:30:05.366836Z",
    ),
    (
        "journald_old.json",
        &[1, 2],
        "error: 1, info: 1",
        "2026-11-23T14:30:05.221373Z",
        "2026-11-23T15:30:05.221373Z",
    ),
    (
        "logrus.log",
        &[1, 2, 6],
        "-: 4, error: 1, info: 1, warn: 1",
        "2026-11-23T10:56:33Z",
        "2026-11-23T10:57:34Z",
    ),
    (
        "mongo.json",
        &[1, 2],
        "error: 1, info: 1",
        "2026-05-01T15:16:17.180Z",
        "2026-05-01T16:16:17.180Z",
    ),
    (
        "pgnohead.csv",
        &[1, 2],
        "-: 2, error: 1",
        "2026-07-02T14:35:45.889Z",
        "2026-07-02T14:36:45.889Z",
    ),
    (
        "pino.json",
        &[1, 2],
        "error: 1, info: 1",
        "2026-11-23T14:30:05.089Z",
        "2026-11-23T15:30:05.089Z",
    ),
    (
        "rfc5424.log",
        &[1, 2, 3],
        "error: 1, notice: 2",
        "2026-10-11T22:14:15.003Z",
        "2026-10-11T22:14:16.003Z",
    ),
    (
        "ruby.log",
        &[1, 2, 3],
        "debug: 1, error: 1, info: 1",
        "2026-11-23T14:30:05.123456Z",
        "2026-11-23T14:30:07.123456Z",
    ),
    (
        "spaced.json",
        &[1, 2],
        "error: 1, info: 1",
        "2026-12-24T18:00:00Z",
        "2026-12-24T18:01:00Z",
    ),
    (
        "sql_le_nobom.log",
        &[1, 2, 3],
        "-: 2, error: 1",
        "2026-11-23T14:30:05.120Z",
        "2026-11-23T15:30:06.120Z",
    ),
    (
        "upstream.log",
        &[1, 2, 3, 4],
        "-: 4",
        "2026-01-21T07:59:54Z",
        "2026-01-21T07:59:57Z",
    ),
    (
        "us12h_2y.log",
        &[1, 2, 3],
        "-: 3",
        "2026-03-04T09:30:05Z",
        "2026-03-05T14:30:05Z",
    ),
    (
        "vhost.log",
        &[1, 2, 3],
        "-: 3",
        "2026-09-29T18:01:55Z",
        "2026-09-29T18:01:57Z",
    ),
    // The names of columns are the first record, and belong to none that follows.
    (
        "winevent.csv",
        &[1, 2, 3],
        "-: 1, error: 1, info: 1",
        "2026-11-23T14:30:05Z",
        "2026-11-23T15:30:05Z",
    ),
];

#[test]
fn records_levels_and_times_are_those_of_the_log() {
    let folder = logs("logs-rows");
    for (file, records, levels, first, last) in LOGS {
        assert_eq!(starts(&folder, file), *records, "{file}");
        assert_eq!(by(&folder, "level", file), *levels, "{file}");
        let answer = json(&folder, &format!("timeline --format json {file}"));
        assert_eq!(
            (&answer["first"], &answer["last"]),
            (&(*first).into(), &(*last).into()),
            "{file}"
        );
        let since = ask(
            &folder,
            &format!("count . --since {last} --format json {file}"),
        );
        let since: Value = serde_json::from_str(&since.0).expect("JSON");
        assert!(since["lines_any"].as_u64() >= Some(1), "{file} {since}");
    }
}

/// The statement of a slow query has a date in it, which is not when it was written.
#[test]
fn a_slow_query_is_one_record() {
    let folder = logs("logs-slow");
    assert_eq!(starts(&folder, "slow.log"), [1, 4, 11]);
    let answer = json(&folder, "timeline --record auto --format json slow.log");
    assert_eq!(answer["first"], "2026-08-13T15:08:32.515111Z");
    assert_eq!(answer["last"], "2026-08-13T15:09:32.515111Z");
}

/// The date of one line is not that of the fifty that follow.
#[test]
fn the_first_line_has_another_date() {
    let folder = logs("logs-glog");
    assert_eq!(by(&folder, "level", "glog2.log"), "-: 1, info: 50");
    let answer = json(&folder, "timeline --format json glog2.log");
    assert_eq!(answer["first"], "2026-11-23T15:10:05.123456Z");
    assert_eq!(answer["last"], "2026-11-23T15:59:05.123456Z");
    assert_eq!(answer["unparsed_lines"], 1);
}

#[test]
fn keys_are_what_the_log_says() {
    let folder = logs("logs-keys");
    for (key, rest, want) in [
        ("json:msg", "pino.json", "failed: 1, request completed: 1"),
        ("json:responseTime", "pino.json", "120: 1, 12: 1"),
        ("json:MESSAGE", "journald_old.json", "failed: 1, hello: 1"),
        ("json:PRIORITY", "journald_new.json", "3: 1, 4: 1"),
        ("json:s", "mongo.json", "E: 1, I: 1"),
        ("json:attr.durationMillis", "mongo.json", "-: 1, 1530: 1"),
        ("json:user-id", "spaced.json", "abc: 1, def: 1"),
        ("json:stream", "docker.log", "stderr: 2, stdout: 2"),
        (
            "logfmt:status",
            "--record auto grafana.log",
            "302: 2, 500: 1",
        ),
        (
            "csv:Source",
            "winevent.csv",
            "Disk: 1, Service Control Manager: 1",
        ),
        (
            "time:1h",
            "us12h_2y.log",
            "2026-03-04T09:00:00Z: 1, 2026-03-04T12:00:00Z: 1, 2026-03-05T14:00:00Z: 1",
        ),
    ] {
        assert_eq!(by(&folder, key, rest), want, "{key} {rest}");
    }
}

/// Which number is the month is said where it could be either.
#[test]
fn the_order_of_dates_is_said() {
    let folder = logs("logs-order");
    let (_, said) = ask(&folder, "timeline us12h_2y.log");
    assert_eq!(
        said,
        [
            "swathe: us12h_2y.log: the month is taken to come first in dates (--time-format \
          day_first otherwise)"
        ]
    );
}

/// A log without years over more than one: whoever asks gets the same years, in whatever
/// pieces it is read and wherever the question begins.
#[test]
fn years_that_are_not_written_are_the_same_everywhere() {
    let folder = logs("logs-years");
    for (command, want) in [
        ("count --since 2025-01-01 . long.log", 76),
        ("count --until 2025-01-01 . long.log", 19),
        ("count --since 2025-01-01 --until 2026-01-01 . long.log", 73),
        ("count --since 2025-01-01 --chunk-size 64 . long.log", 76),
        ("count --since 2025-01-01 --io read . long.log", 76),
        ("count --since 2025-01-01 --base-year 2024 . long.log", 76),
        ("count --since start+92d . long.log", 76),
        ("count --since end-379d . long.log", 76),
    ] {
        let answer = json(&folder, &format!("{command} --format json"));
        assert_eq!(answer["patterns"][0]["lines"], want, "{command}");
        let search = command.replacen("count", "search -c", 1);
        assert_eq!(ask(&folder, &search).0.trim(), want.to_string(), "{search}");
    }
    let groups = json(
        &folder,
        "top --by time:1s -k all --sort key --format json long.log",
    );
    let groups = groups["groups"].as_array().expect("groups");
    let days: Vec<&str> = groups
        .iter()
        .filter_map(|group| group["key"].as_str())
        .collect();
    assert_eq!(days.len(), 95);
    assert_eq!(days[0], "2024-10-01T12:00:00Z");
    assert_eq!(days[94], "2026-01-14T12:00:00Z");
    let seen = json(&folder, "inspect --format json long.log");
    let time = &seen["files"][0]["time"];
    assert_eq!(time["first"], "2024-10-01T12:00:00Z");
    assert_eq!(time["last"], "2026-01-14T12:00:00Z");
    for (since, until, lines) in [
        ("2024-01-01", "2027-01-01", 95),
        ("2024-01-01", "2025-01-01", 19),
        ("2025-01-01", "2026-01-01", 73),
        ("2026-01-01", "2027-01-01", 3),
    ] {
        let command =
            format!("timeline --since {since} --until {until} --format json --bucket 1d long.log");
        let answer = json(&folder, &command);
        let buckets = answer["buckets"].as_array().expect("buckets");
        let counted: u64 = buckets.iter().filter_map(|b| b["lines"].as_u64()).sum();
        assert_eq!(counted, lines, "{command}");
        let first = answer["first"].as_str().expect("a time");
        assert_eq!(first[..4], since[..4], "{command}");
        assert_eq!(answer["base_year"]["value"], 2024, "{command}");
    }
}

/// Times of day are of the day that is said, or that stands in the name of the file, which is
/// said; else they are not read, and that is said.
#[test]
fn times_of_day_are_of_the_day_that_is_known() {
    let folder = logs("logs-day");
    let gst = folder.read("gst.log");
    let named = "timestamps say the time of day alone: the date is taken from the name (--base-date \
                 gives the day)";
    for name in [
        "app-2026-11-23.log",
        "20261123.log",
        "access.log.2026-11-23",
    ] {
        put(&folder, name, &gst);
        let (text, said) = ask(&folder, &format!("timeline --format json {name}"));
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(answer["first"], "2026-11-23T00:00:00.000000100Z", "{name}");
        assert_eq!(answer["last"], "2026-11-23T00:00:11.924833335Z", "{name}");
        assert_eq!(said, [format!("swathe: {name}: {named}")]);
        let (text, said) = ask(
            &folder,
            &format!("search -c --since 2026-11-23T00:00:03 . {name}"),
        );
        assert_eq!(text, "2\n", "{name}");
        assert_eq!(said, [format!("swathe: {name}: {named}")]);
    }
    let command = "timeline --base-date 2026-11-24 --format json app-2026-11-23.log";
    let (text, said) = ask(&folder, command);
    assert!(
        text.contains("\"first\":\"2026-11-24T00:00:00.000000100Z\""),
        "{text}"
    );
    assert_eq!(said, [""; 0]);
    let (_, said) = ask(&folder, "count --since 2026-11-23 . gst.log");
    assert!(
        said.concat()
            .contains("gst.log: timestamps say the time of day alone, and are not read")
    );
}

/// Times of day that go on past midnight are of the next day, in a file; where lines come
/// once, that they are not is said.
#[test]
fn times_of_day_go_on_past_midnight() {
    let folder = logs("logs-midnight");
    let mut text = String::new();
    for minute in (0..4320).step_by(7) {
        let (hour, minute) = ((minute / 60 + 20) % 24, minute % 60);
        // Now and then a line is a little late.
        let late = if minute % 5 == 0 { 40 } else { 59 };
        writeln!(text, "{hour:02}:{minute:02}:{late} INFO x\n  at y").expect("room");
    }
    put(&folder, "a.log", &text);
    put(
        &folder,
        "long.txt",
        text.replace("INFO x", &"x".repeat(1000)),
    );
    let day = "--base-date 2026-11-23";
    for name in ["a.log", "long.txt"] {
        let days = by(&folder, "time:1d", &format!("{day} --record auto {name}"));
        assert_eq!(
            days,
            "2026-11-23T00:00:00Z: 35, 2026-11-24T00:00:00Z: 205, 2026-11-25T00:00:00Z: 206, \
             2026-11-26T00:00:00Z: 172",
            "{name}"
        );
        let answer = json(&folder, &format!("timeline {day} --format json {name}"));
        assert_eq!(answer["first"], "2026-11-23T20:00:40Z", "{name}");
        assert_eq!(answer["last"], "2026-11-26T19:59:59Z", "{name}");
        let command =
            format!("search -c {day} --record auto --since 2026-11-25 --chunk-size 512 . {name}");
        assert_eq!(
            ask(&folder, &command),
            ("378\n".to_string(), Vec::new()),
            "{name}"
        );
    }
    let args = [
        "timeline",
        "--base-date",
        "2026-11-23",
        "--format",
        "json",
        "-",
    ];
    let output = folder.run(&args, text.as_bytes());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.starts_with("swathe: <stdin>: times of day go on past midnight, "),
        "{said}"
    );
}

/// UTF-16 without a byte order mark is text to statistics; a search takes it as ripgrep does,
/// and says so.
#[test]
fn utf_16_is_found_by_its_zeros_or_said() {
    let folder = logs("logs-utf16");
    let log = folder.read("sql_le_nobom.log");
    let swapped: Vec<u8> = log
        .chunks_exact(2)
        .flat_map(|pair| [pair[1], pair[0]])
        .collect();
    put(&folder, "be.log", swapped);
    for (name, label) in [("sql_le_nobom.log", "utf-16le"), ("be.log", "utf-16be")] {
        for io in ["map", "read"] {
            let answer = json(
                &folder,
                &format!("count Müller --io {io} --format json {name}"),
            );
            assert_eq!(answer["patterns"][0]["lines"], 1, "{name}");
            assert_eq!(answer["lines_total"], 3, "{name}");
        }
        let seen = json(&folder, &format!("inspect --format json {name}"));
        assert_eq!(seen["files"][0]["encoding"], label, "{name}");
        let answer = folder.run(&["count", "Müller", "--format", "json"], &folder.read(name));
        assert!(String::from_utf8_lossy(&answer.stdout).contains("\"lines\":1,"));
        let (text, said) = ask(&folder, &format!("search -c Müller {name}"));
        assert_eq!(text, "");
        let said_of_it = format!(
            "swathe: {name} is in UTF-16 without a byte order mark and was searched as the bytes \
             it is; -E {label} decodes its text"
        );
        assert_eq!(said, [said_of_it]);
        assert_eq!(
            ask(&folder, &format!("search -c -E {label} Müller {name}")),
            ("1\n".to_string(), Vec::new())
        );
        assert_eq!(
            ask(&folder, &format!("search -c -E none Müller {name}")).1,
            [""; 0]
        );
        let answer = json(
            &folder,
            &format!("count Müller --encoding none --format json {name}"),
        );
        assert_eq!(answer["patterns"][0]["lines"], 0, "{name}");
    }
}

/// Lines of which nothing can be seen are lines.
#[test]
fn lines_of_nothing_that_is_seen_are_no_fault() {
    let folder = Folder::new("logs-unseen");
    for text in ["\0\0\0\n\0\0\n", "\u{1b}[0m\n\u{1b}[0m\n\u{1b}[1m\n"] {
        folder.write("a.log", text);
        for command in ["inspect a.log", "timeline a.log", "top --by status a.log"] {
            let args: Vec<&str> = command.split(' ').collect();
            let output = folder.run(&args, b"");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("fault of swathe"), "{command}: {said}");
        }
    }
}
