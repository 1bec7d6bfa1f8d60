//! `--every`: the answer so far while input goes on, and the same answer at the end.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
};

use serde_json::Value;

use crate::program::Folder;

fn start(args: &str) -> (Child, ChildStdin) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.args(args.split(' '));
    command.env_remove("SWATHE_CONFIG_PATH");
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let stdin = child.stdin.take().expect("a pipe");
    (child, stdin)
}

fn lines(of: std::ops::Range<usize>) -> String {
    of.map(|i| {
        format!(
            "2026-11-23T14:00:{:02}Z level=info k{} {i}\n",
            i % 60,
            i % 5
        )
    })
    .collect::<Vec<_>>()
    .concat()
}

/// How many lines an answer is about.
fn counted(answer: &Value) -> Option<u64> {
    let at = [
        "/total/lines",
        "/lines_total",
        "/matched",
        "/groups/0/count",
        "/records",
    ];
    at.iter().find_map(|at| answer.pointer(at)?.as_u64())
}

#[test]
fn each_line_of_json_is_the_answer_over_what_has_come() {
    for args in [
        "stats",
        "count level=info",
        "top --by field:3",
        "values --of field:4",
        "values --of field:4 --record auto",
    ] {
        let with_every = format!("{args} --format json --every 100ms -");
        let (mut child, mut stdin) = start(&with_every);
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut come = 0;
        for more in [3, 4000, 20_000] {
            stdin
                .write_all(lines(come..come + more).as_bytes())
                .unwrap();
            come += more;
            // The last record may go on where it has many lines.
            let open = u64::from(args.contains("--record"));
            loop {
                let mut line = String::new();
                assert!(answers.read_line(&mut line).unwrap() > 0, "{with_every}");
                let answer: Value = serde_json::from_str(&line).expect("a line of JSON");
                assert_eq!(answer["complete"], false, "{with_every}");
                if counted(&answer) == Some(come as u64 - open) {
                    break;
                }
            }
        }
        drop(stdin);
        let mut rest = String::new();
        answers.read_to_string(&mut rest).unwrap();
        assert!(child.wait().unwrap().success());
        let once = Folder::new("live").run(
            &format!("{args} --format json -")
                .split(' ')
                .collect::<Vec<_>>(),
            lines(0..come).as_bytes(),
        );
        let last = rest.lines().last().unwrap();
        assert_eq!(format!("{last}\n").as_bytes(), once.stdout, "{with_every}");
    }
}

#[test]
fn answers_of_other_formats_are_parted_by_blank_lines() {
    for format in ["text", "csv", "jsonl", "markdown", "prometheus"] {
        let args = format!("top --by field:3 --format {format}");
        let (mut child, mut stdin) = start(&format!("{args} --every 100ms -"));
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        stdin.write_all(lines(0..100).as_bytes()).unwrap();
        let (mut all, mut parts) = (String::new(), 0);
        while parts < 2 {
            let before = all.len();
            assert!(answers.read_line(&mut all).unwrap() > 0, "{format}");
            parts += usize::from(&all[before..] == "\n" && !all[..before].ends_with("\n\n"));
        }
        drop(stdin);
        answers.read_to_string(&mut all).unwrap();
        assert!(child.wait().unwrap().success());
        let args: Vec<&str> = args.split(' ').chain(["-"]).collect();
        let once = Folder::new("live-text").run(&args, lines(0..100).as_bytes());
        let once = String::from_utf8(once.stdout).unwrap();
        assert!(all.ends_with(&once), "{format}: {all}\n{once}");
        if format == "text" {
            assert!(all.contains("so far: more is to come\n\n"), "{all}");
            assert!(!once.contains("so far"));
        }
    }
}

#[test]
fn a_file_has_the_latest_answer() {
    let folder = Folder::new("live-output");
    let path = folder.path("out.prom");
    let args = format!(
        "count level=info --format prometheus --every 100ms --output {} -",
        path.display()
    );
    let (mut child, mut stdin) = start(&args);
    stdin.write_all(lines(0..77).as_bytes()).unwrap();
    let text = || String::from_utf8(std::fs::read(&path).unwrap_or_default()).unwrap();
    while !text().contains(" 77\n") {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
        std::thread::yield_now();
    }
    assert!(text().contains("swathe_count_complete 0\n"), "{}", text());
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert!(text().contains("swathe_count_complete 1\n"), "{}", text());
}

#[test]
fn who_does_not_want_to_see_more_ends_it() {
    let (mut child, mut stdin) = start("count x --format json --every 100ms -");
    stdin.write_all(lines(0..20).as_bytes()).unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    answers.read_line(&mut String::new()).unwrap();
    drop(answers);
    assert!(child.wait().unwrap().success());
    drop(stdin);
}
