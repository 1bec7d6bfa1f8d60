//! What `swathe inspect` advises can be done.

use std::{
    fs,
    process::{Command, Output},
};

fn run(dir: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(arguments)
        .current_dir(dir)
        .output()
        .expect("the binary starts")
}

/// Files of every form, as a generator of one line.
fn files() -> Vec<(&'static str, String)> {
    let lines = |line: &dyn Fn(u32) -> String| (0..200).map(line).collect::<String>();
    let second = |i: u32| format!("{:02}:{:02}", i / 60, i % 60);
    let level = |i: u32| ["INFO", "WARN", "ERROR"][i as usize % 3];
    vec![
        ("empty.log", String::new()),
        (
            "messages.log",
            lines(&|i| {
                let (at, level) = (second(i), level(i));
                format!("2015-10-18 18:{at},978 {level} [main] a.B: took {i}ms\n\tat a.b.C\n")
            }),
        ),
        (
            "it's.json",
            lines(&|i| {
                let (at, level) = (second(i), level(i));
                format!(
                    "{{\"ts\":\"2015-10-18T18:{at}Z\",\"level\":\"{level}\",\"a\":{{\"b c\":\"x{}\"}},\"took_ms\":{i}}}\n",
                    i % 3
                )
            }),
        ),
        (
            "logfmt.log",
            lines(&|i| {
                let (at, level) = (second(i), level(i));
                format!(
                    "time=2015-10-18T18:{at}Z level={level} kind=k{} size={i}\n",
                    i % 3
                )
            }),
        ),
        (
            "access.log",
            lines(&|i| {
                let at = second(i);
                format!(
                    "10.0.0.{} - - [10/Oct/2000:13:{at} -0700] \"GET /{i} HTTP/1.0\" {} {i} \"-\" \"x\"\n",
                    i % 3,
                    [200, 500][i as usize % 2]
                )
            }),
        ),
        (
            "syslog",
            lines(&|i| {
                let at = second(i);
                format!("Jun 14 15:{at} combo sshd[{i}]: failure user=u{}\n", i % 3)
            }),
        ),
        (
            "a b.csv",
            "id;kind;bytes\n".to_string() + &lines(&|i| format!("{i};k{};{i}\n", i % 3)),
        ),
        ("two.csv", "a,b\n1,2\n3,4\n5,6\n".into()),
        ("table.tsv", lines(&|i| format!("x{i}\t{i}\tok\n"))),
        ("one.txt", "one".into()),
        ("text.txt", "just some text\nthat says nothing\n".into()),
    ]
}

#[test]
fn all_commands_that_are_advised_work() {
    let dir = std::env::temp_dir().join(format!("swathe-inspect-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    for (name, text) in files() {
        fs::write(dir.join(name), &text).unwrap();
        let out = run(&dir, &["inspect", "--format", "json", name]);
        assert!(out.status.success(), "{name}: {out:?}");
        let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        let commands = answer["files"][0]["commands"].as_array().unwrap();
        assert!(
            text.is_empty() || commands.len() >= 5,
            "{name}: {commands:?}"
        );
        for command in commands {
            let command = command.as_str().unwrap().strip_prefix("swathe ").unwrap();
            let line = format!("\"$0\" {command} --format json");
            let out = Command::new("sh")
                .args(["-c", &line, env!("CARGO_BIN_EXE_swathe")])
                .current_dir(&dir)
                .output()
                .unwrap();
            assert!(
                out.status.success(),
                "{name}: {command}: {}",
                String::from_utf8_lossy(&out.stderr)
            );
            let answer: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
            let groups = answer["groups"].as_array();
            let nothing =
                groups.is_some_and(|groups| groups.iter().all(|group| group["key"].is_null()));
            assert!(
                !nothing || !command.starts_with("top") || command.contains("status>=500"),
                "{name}: {command}: {answer}"
            );
        }
    }
    fs::remove_dir_all(&dir).unwrap();
}
