//! `swathe bench`: what it measures and how it ends; never how fast that is.

use std::process::{Command, Output};

use serde_json::Value;

fn bench(args: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_swathe");
    let places = env!("CARGO_TARGET_TMPDIR");
    let mut command = Command::new(binary);
    command.arg("bench").args(args).env("TMPDIR", places);
    command.output().unwrap()
}

fn answer(args: &[&str]) -> Value {
    let output = bench(&[&["--format=json", "--runs=1", "--threads=1,2"], args].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_workload_is_run_every_way() {
    let found = answer(&["--size=64K", "--cache=warm"]);
    assert_eq!(
        (&found["command"], &found["bytes"]),
        (&"bench".into(), &(64 << 10).into())
    );
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 10 * 2 * 2);
    for row in rows {
        assert_eq!(
            (&row["tool"], &row["cache"]),
            (&"swathe".into(), &"warm".into())
        );
        for number in [
            "seconds",
            "gb_per_second",
            "speedup",
            "efficiency",
            "of_ceiling",
        ] {
            assert!(row[number].as_f64().unwrap() > 0.0, "{number}: {row}");
        }
    }
    let neighbours = found["neighbours"].as_array().unwrap();
    let gentle: Vec<_> = neighbours.iter().map(|row| &row["gentle"]).collect();
    assert_eq!(gentle, [&Value::from(false), &Value::from(true)]);
    // Memory and the file, by one thread and by two.
    assert_eq!(found["ceilings"].as_array().unwrap().len(), 4);
}

#[test]
fn patterns_come_from_the_file() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-data/app.log");
    let found = answer(&[
        "--workload=rare,common",
        "--cache=cold",
        "--io=read",
        sample,
    ]);
    assert_eq!(found["path"], sample);
    let rows = found["rows"].as_array().unwrap();
    let names: Vec<_> = rows
        .iter()
        .map(|row| row["workload"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["rare", "rare", "common", "common"]);
    let text = std::fs::read_to_string(sample).unwrap();
    let common = found["patterns"]["common"].as_str().unwrap();
    let on = text.lines().filter(|line| line.contains(common)).count();
    assert!((10..60).contains(&on), "{common} is on {on} lines");
    assert!(!text.contains(found["patterns"]["rare"].as_str().unwrap()));
}

#[test]
fn a_neighbour_is_asked_what_it_lost() {
    let found = answer(&["--size=1M", "--workload=rare", "--neighbour"]);
    let rows = found["neighbours"].as_array().unwrap();
    let caches: Vec<_> = rows.iter().map(|row| row["cache"].as_str()).collect();
    assert_eq!(caches, ["warm", "warm", "cold", "cold"].map(Some));
    for row in rows {
        assert!(row["seconds"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["keeps"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["loses_seconds"].is_f64(), "{row}");
        let left = &row["left_in_cache"];
        // What is in memory only has nowhere else to be read from.
        assert!(left.is_null() || (0.0..=1.0).contains(&left.as_f64().unwrap()));
        assert!(row["cache"] == "cold" || left.is_null(), "{row}");
    }
    let found = answer(&["--size=64K", "--workload=rare", "--cache=warm"]);
    assert_eq!(found["neighbours"], serde_json::json!([]));
}

#[test]
fn a_page_needs_nothing_else() {
    let quick = ["--size=64K", "--quick", "--neighbour", "--runs=1"];
    let output = bench(&[&quick[..], &["--format=html"]].concat());
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("<svg") && page.contains("neighbour"),
        "{page}"
    );
    for outside in ["<script", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn what_cannot_be_measured_is_said() {
    for (args, want) in [
        (&["no/such/file"][..], "no/such/file: No such file"),
        (&["/dev/null"], "not a regular file"),
        (&["--size=1K"], "at least 4096"),
        (&["--workload=nothing"], "choose one of newlines, rare"),
    ] {
        let output = bench(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(want), "{args:?}: {said}");
    }
}
