//! Generated logs: the commands give the answers that the generator knows.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

/// A directory that is gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let name = format!("generate-{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn swathe(args: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_swathe");
    Command::new(binary).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn made(args: &[&str], log: &str) -> Value {
    let output = swathe(&[&["generate", "--output", log], args].concat());
    assert!(
        output.status.success(),
        "{args:?}: {}",
        text(&output.stderr)
    );
    let answers = fs::read(format!("{log}.expected.json")).unwrap();
    serde_json::from_slice(&answers).unwrap()
}

fn answer(args: &[&str], log: &str) -> Value {
    let ways = [
        &["--threads=1"][..],
        &["--threads=3", "--chunk-size=4K", "--io=read"],
    ];
    let [one, other] = ways.map(|way| {
        let output = swathe(&[&[args[0], "--format=json"], way, &args[1..], &[log]].concat());
        // 1: a count of nothing.
        let said = text(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{args:?}: {said}"
        );
        output.stdout
    });
    assert!(one == other, "{args:?}: {} {}", text(&one), text(&other));
    serde_json::from_slice(&one).unwrap()
}

/// Members of the one that are not the same in the other.
fn same(found: &Value, expected: &Value, names: &[&str], what: &str) {
    for name in names {
        assert_eq!(found[name], expected[name], "{what}: {name}");
    }
}

fn check(expected: &Value, log: &str, what: &str) {
    let row = &answer(&["stats"], log)["files"][0];
    let numbers = [
        "bytes",
        "newlines",
        "lines",
        "words",
        "chars",
        "empty_lines",
        "blank_lines",
        "crlf_lines",
        "nul_bytes",
        "invalid_utf8_lines",
        "final_newline",
        "line_ending",
    ];
    same(row, expected, &numbers, what);
    let lengths = ["min", "max", "mean", "p50", "p90", "p99", "p999"];
    same(
        &row["line_length"],
        &expected["line_length"],
        &lengths,
        what,
    );
    same(
        &row["longest_lines"][0],
        &expected["longest_line"],
        &["length", "line", "offset"],
        what,
    );
    for pattern in expected["patterns"].as_array().unwrap() {
        let regex = pattern["pattern"].as_str().unwrap();
        let case = if pattern["ignore_case"] == true {
            "-i"
        } else {
            "-s"
        };
        let found = &answer(&["count", case, "-e", regex], log)["patterns"][0];
        same(found, pattern, &["lines", "matches"], what);
        for end in ["first", "last"] {
            same(
                &found[end],
                &pattern[end],
                &["line", "offset"],
                &format!("{what}: {regex} {end}"),
            );
        }
    }
    needles(&expected["needles"], log, what);
    keys_and_values(expected, log, what);
    by_level_and_time(expected, log, what);
}

fn keys_and_values(expected: &Value, log: &str, what: &str) {
    let top = &expected["top"];
    let found = answer(&["top", "-k=20", top["regex"].as_str().unwrap()], log);
    same(
        &found,
        top,
        &["matched", "unmatched_lines", "distinct", "other"],
        what,
    );
    let groups = found["groups"].as_array().unwrap();
    let groups: Vec<Value> = groups
        .iter()
        .map(|g| json!({"key": g["key"], "count": g["count"]}))
        .collect();
    assert_eq!(json!(groups), top["groups"], "{what}");
    let values = &expected["values"];
    let regex = values["regex"].as_str().unwrap();
    let found = &answer(&["values", "--unit=none", regex], log)["groups"][0];
    same(
        found,
        values,
        &[
            "count", "sum", "min", "max", "p50", "p90", "p95", "p99", "p999",
        ],
        what,
    );
}

fn needles(needles: &Value, log: &str, what: &str) {
    let text = needles["text"].as_str().unwrap();
    let output = swathe(&["search", "-a", "-n", "-b", "-o", "-F", text, log]);
    let found = String::from_utf8(output.stdout).unwrap();
    let wanted = needles["places"].as_array().unwrap().iter();
    let wanted: Vec<String> = wanted
        .map(|at| format!("{}:{}:{text}\n", at["line"], at["offset"]))
        .collect();
    assert_eq!(found, wanted.concat(), "{what}");
    assert_eq!(needles["count"], found.lines().count(), "{what}");
}

fn by_level_and_time(expected: &Value, log: &str, what: &str) {
    if let Some(levels) = expected["levels"].as_object() {
        let found = answer(&["top", "--by", "level"], log);
        let count = |name: &Value| {
            let groups = found["groups"].as_array().unwrap().iter();
            groups
                .filter(|group| group["key"] == *name)
                .map(|group| group["count"].as_u64().unwrap())
                .sum::<u64>()
        };
        for (name, wanted) in levels {
            let key = if name == "none" {
                Value::Null
            } else {
                json!(name)
            };
            assert_eq!(*wanted, count(&key), "{what}: {name}");
        }
    }
    let records = answer(&["top", "--record=auto", "--by=level"], log);
    assert_eq!(records["matched"], expected["events"], "{what}");
    let wanted = &expected["timeline"];
    let pattern = wanted["pattern"].as_str();
    let mut args = vec!["timeline", "--bucket=1h", "--base-year=2026"];
    args.extend(pattern.iter().flat_map(|pattern| ["-e", pattern]));
    let found = answer(&args, log);
    same(
        &found,
        wanted,
        &[
            "bucket_seconds",
            "first",
            "last",
            "unparsed_lines",
            "out_of_order",
        ],
        what,
    );
    let buckets = found["buckets"].as_array().unwrap().iter().map(|bucket| {
        let errors = bucket["patterns"][0].as_u64().unwrap_or(0);
        json!({"start": bucket["start"], "lines": bucket["lines"], "errors": errors})
    });
    assert_eq!(
        json!(buckets.collect::<Vec<_>>()),
        wanted["buckets"],
        "{what}"
    );
}

const PROFILES: [&str; 4] = ["app", "web", "json", "syslog"];

#[test]
fn every_profile_and_option_is_answered() {
    let scratch = Scratch::new("answers");
    for profile in PROFILES {
        for (number, options) in [
            &["--size=300K"][..],
            &["--size=1200001", "--seed=7", "--needles=100", "--crlf"],
            &[
                "--size=1500K",
                "--invalid=0.02",
                "--nul=0.01",
                "--long-lines=0.003",
            ],
            &["--size=4K", "--needles=0"],
            &[
                "--size=900K",
                "--crlf",
                "--invalid=1",
                "--nul=1",
                "--needles=800",
            ],
        ]
        .into_iter()
        .enumerate()
        {
            let log = scratch.path(&format!("{profile}-{number}.log"));
            let args = [&["--profile", profile], options].concat();
            let expected = made(&args, &log);
            assert_eq!(expected["bytes"], expected["made"]["size"]);
            check(&expected, &log, &format!("{args:?}"));
        }
    }
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let scratch = Scratch::new("threads");
    for profile in PROFILES {
        let options = [
            "--profile",
            profile,
            "--size=5M",
            "--invalid=0.01",
            "--long-lines=0.001",
        ];
        let all: Vec<_> = ["1", "2", "7"]
            .iter()
            .map(|threads| {
                let log = scratch.path(&format!("{profile}-{threads}"));
                let answers = made(&[&options[..], &["--threads", threads]].concat(), &log);
                (fs::read(log).unwrap(), answers)
            })
            .collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{profile}");
        let piped = swathe(&[&["generate", "--output=-"], &options[..]].concat());
        assert!(piped.stdout == all[0].0, "{profile}");
    }
}

#[test]
fn seeds_and_options_make_a_difference() {
    let bytes =
        |args: &[&str]| swathe(&[&["generate", "--size=64K", "--output=-"], args].concat()).stdout;
    let plain = bytes(&[]);
    assert_eq!(plain.len(), 64 << 10);
    for other in [
        &["--seed=2"][..],
        &["--crlf"],
        &["--needles=3"],
        &["--nul=0.1"],
        &["--profile=web"],
    ] {
        assert_ne!(bytes(other), plain, "{other:?}");
    }
}

#[test]
fn a_log_is_there_whole_or_not_at_all() {
    let scratch = Scratch::new("whole");
    let log = scratch.path("log");
    made(&["--size=8K"], &log);
    let first = fs::read(&log).unwrap();
    let refused = swathe(&["generate", "--size=8K", "--seed=2", "--output", &log]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("--force"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(fs::read(&log).unwrap(), first);
    made(&["--size=8K", "--seed=2", "--force"], &log);
    assert_ne!(fs::read(&log).unwrap(), first);
    let full = swathe(&["generate", "--size=8K", "--output=/dev/full"]);
    assert_eq!(full.status.code(), Some(2));
    assert!(
        text(&full.stderr).contains("No space left"),
        "{}",
        text(&full.stderr)
    );
    let names = fs::read_dir(&scratch.0).unwrap().count();
    assert_eq!(names, 2, "the log and its answers");
}

#[test]
fn what_cannot_be_made_is_said() {
    let scratch = Scratch::new("usage");
    let log = scratch.path("log");
    for (args, want) in [
        (&["--size=1K"][..], "at least 4096"),
        (&["--size=8K", "--needles=9"], "at most 8"),
        (&["--size=8K", "--invalid=2"], "0 to 1"),
        (&["--size=8K", "--nul=x"], "--nul"),
        (&["--size=8K", "--profile=cobol"], "choose one of app, web"),
        (&["--size=900000G"], "free"),
    ] {
        let output = swathe(&[&["generate", "--output", &log], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            text(&output.stderr).contains(want),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 0);
}
