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
fn a_page_needs_nothing_else() {
    let output = bench(&["--size=64K", "--quick", "--runs=1", "--format=html"]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("<svg"),
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
        (&["--workload=nothing"], "choose from newlines, rare"),
    ] {
        let output = bench(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(want), "{args:?}: {said}");
    }
}
