//! Ctrl-C and SIGTERM: the answer over all whole records that were read, marked in every
//! format. That input was read is known of the pipe, which says what is left in it.

use std::{
    io::{Read as _, Write as _},
    os::fd::AsFd,
    process::{Child, ChildStdin, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::program::Folder;

const SIGNALS: [(Signal, i32); 2] = [(Signal::INT, 130), (Signal::TERM, 143)];

/// Every statistic, and a question to it.
const STATISTICS: [&str; 9] = [
    "stats",
    "stats --by field:2",
    "count ERROR",
    "top --by field:3",
    "values --of field:4",
    "timeline",
    "templates",
    "report",
    "count --record auto ERROR",
];

const FORMATS: [&str; 8] = [
    "text",
    "json",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    "html",
    "prometheus",
];

/// A log: each line has a time, a level, a key and a number.
fn log(lines: usize) -> Vec<u8> {
    let line = |i: usize| {
        let level = if i.is_multiple_of(7) { "ERROR" } else { "INFO" };
        format!(
            "2026-11-23T{:02}:{:02}:{:02}Z {level} k{} {}\n",
            i / 3600 % 24,
            i / 60 % 60,
            i % 60,
            i * i % 23,
            i % 1000,
        )
    };
    (0..lines)
        .map(line)
        .collect::<Vec<_>>()
        .concat()
        .into_bytes()
}

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

/// Waits until all that was written was read.
fn read_up(pipe: impl AsFd) {
    while rustix::io::ioctl_fionread(&pipe).expect("a pipe says what it holds") > 0 {
        std::thread::yield_now();
    }
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a process"), signal).expect("it is there");
}

/// What a command says that is sent a signal when it has read these lines and the
/// beginning of another, and waits for more.
fn interrupted(args: &str, lines: &[u8], with: Signal) -> Output {
    let (child, mut stdin) = start(args);
    stdin.write_all(lines).expect("it reads");
    stdin
        .write_all(b"2026-11-23T00:00:00Z ERROR half")
        .expect("it reads");
    read_up(&stdin);
    signal(&child, with);
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    output
}

/// What it says of these lines alone.
fn whole(args: &str, lines: &[u8]) -> Output {
    let (child, mut stdin) = start(args);
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(lines).expect("it reads"));
        child.wait_with_output().expect("it ends")
    })
}

/// The numbers of an answer, without what tells whether they are about everything.
fn numbers(mut json: Value) -> Value {
    match &mut json {
        Value::Object(members) => {
            for mark in [
                "complete",
                "interrupted",
                "errors",
                "files",
                "partial",
                "warnings",
            ] {
                members.remove(mark);
            }
            let members = std::mem::take(members).into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, numbers(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.drain(..).map(numbers).collect()),
        _ => json,
    }
}

fn check(args: &str, format: &str, lines: &[u8], (with, status): (Signal, i32)) {
    let args = format!("{args} --format {format} -");
    // Whether the last record has ended is not known where it may have many lines.
    let ended = match memchr::memrchr(b'\n', &lines[..lines.len() - 1]) {
        Some(end) if args.contains("--record") => &lines[..=end],
        _ => lines,
    };
    let (got, want) = (interrupted(&args, lines, with), whole(&args, ended));
    let said = String::from_utf8_lossy(&got.stderr);
    let what = format!("{args} of {} bytes, {with:?}: {said}", lines.len());
    if want.status.code() == Some(2) {
        // There is no such format for it.
        assert_eq!(got.status.code(), Some(2), "{what}");
        return;
    }
    assert_eq!(got.status.code(), Some(status), "{what}");
    assert!(said.contains("swathe: interrupted: "), "{what}");
    let [got, want] = [got, want].map(|output| String::from_utf8(output.stdout).unwrap());
    match format {
        "json" => {
            let [got, want] =
                [&got, &want].map(|text| serde_json::from_str::<Value>(text).unwrap());
            assert_eq!(
                (&got["complete"], &got["interrupted"]),
                (&false.into(), &true.into()),
                "{what}"
            );
            assert!(want.get("interrupted").is_none(), "{what}");
            let why = got["errors"][0]["message"].as_str().unwrap();
            assert!(why.contains("interrupted"), "{what}");
            assert_eq!(numbers(got), numbers(want), "{what}");
        }
        // An input of which not all was read has rows of its own.
        "prometheus" if args.starts_with("count") => {
            assert!(got.contains("_complete 0\n"), "{what}{got}");
        }
        "prometheus" => {
            let unmarked = got.replace("_complete 0\n", "_complete 1\n");
            assert_ne!(got, unmarked, "{what}");
            assert_eq!(unmarked, want, "{what}");
        }
        // These have no place for it: standard error and the status say it.
        "csv" | "tsv" | "jsonl" if args.starts_with("count") => {
            assert!(got.lines().count() >= want.lines().count(), "{what}{got}");
            assert!(got.contains("false"), "{what}{got}");
        }
        "csv" | "tsv" | "jsonl" if !args.starts_with("stats") && !args.starts_with("report") => {
            assert_eq!(got, want, "{what}");
        }
        "csv" | "tsv" | "jsonl" => assert_eq!(got.lines().count(), want.lines().count(), "{what}"),
        "text" => {
            let last = got.lines().last().unwrap_or_default();
            assert!(last.starts_with("interrupted: "), "{what}{got}");
        }
        _ => assert!(
            got.contains("ncomplete") && got.contains("interrupted before all of it was read"),
            "{what}{got}"
        ),
    }
}

#[test]
fn every_statistic_in_every_format_tells_what_it_has_read() {
    let logs = [12, 4000, 90_000].map(log);
    let mut all = Vec::new();
    for args in STATISTICS {
        for format in FORMATS {
            for with in SIGNALS {
                all.push((args, format, &logs[all.len() % logs.len()], with));
            }
        }
    }
    let next = std::sync::Mutex::new(all.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((args, format, lines, with)) = {
                    let mut next = next.lock().unwrap();
                    next.next()
                } {
                    check(args, format, lines, with);
                }
            });
        }
    });
}

#[test]
fn counts_of_a_part_do_not_look_final() {
    let lines = log(30_000);
    let cases = [
        ("search -c ERROR -", "4286 (interrupted)\n"),
        ("search --count-matches 0 -", ""),
        ("search --count-total -q ERROR -", ""),
        ("search -c --count-total ERROR -", "4286 (interrupted)\n"),
        (
            "search --last 1 ERROR -",
            "2026-11-23T08:19:55Z ERROR k9 995\n",
        ),
        ("stats --wc -l -", "30000 - (interrupted)\n"),
    ];
    for (args, want) in cases {
        for (with, status) in SIGNALS {
            if args.contains("-q") {
                continue;
            }
            let got = interrupted(args, &lines, with);
            let (text, said) = (
                String::from_utf8_lossy(&got.stdout),
                String::from_utf8_lossy(&got.stderr),
            );
            assert_eq!(got.status.code(), Some(status), "{args}: {said}");
            assert!(said.starts_with("swathe: interrupted: "), "{args}: {said}");
            if want.is_empty() {
                assert!(text.ends_with(" (interrupted)\n"), "{args}: {text}");
            } else {
                assert_eq!(text, want, "{args}");
            }
        }
    }
    let got = interrupted("search --stats -c ERROR -", &lines, Signal::INT);
    let text = String::from_utf8_lossy(&got.stdout);
    assert!(text.contains("4286 matched lines"), "{text}");
    assert!(
        text.lines().last().unwrap().starts_with("interrupted: "),
        "{text}"
    );
}

#[test]
fn what_was_packed_and_comes_through_a_pipe_is_interrupted_too() {
    let lines = log(50_000);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&lines).unwrap();
    let packed = packed.finish().unwrap();
    let (child, mut stdin) = start("count --format json ERROR -");
    stdin.write_all(&packed[..packed.len() / 2]).unwrap();
    read_up(&stdin);
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["interrupted"], true, "{answer}");
    assert!(!said.contains("damaged"), "{said}");
    let counted = usize::try_from(answer["lines_total"].as_u64().unwrap()).unwrap();
    let end = memchr::memchr_iter(b'\n', &lines)
        .nth(counted.max(1) - 1)
        .unwrap()
        + 1;
    let part = &lines[..if counted == 0 { 0 } else { end }];
    let errors = memchr::memmem::find_iter(part, " ERROR ").count();
    assert_eq!(answer["lines_any"], errors, "{counted}");
}

#[test]
fn a_command_that_has_read_nothing_yet_ends_at_once() {
    for args in [
        "top --by field:1 -",
        "report -",
        "search -c x -",
        "inspect -",
        "search x -",
    ] {
        for (with, status) in SIGNALS {
            let (child, stdin) = start(args);
            // It is there when it has made its pipe larger, and else ends by the signal.
            signal(&child, with);
            let output = child.wait_with_output().unwrap();
            drop(stdin);
            let code = output.status.code().unwrap_or(status);
            assert_eq!(code, status, "{args}: {output:?}");
        }
    }
}

/// A question whose answer is longer than a pipe holds.
fn long_question(folder: &Folder) -> Vec<String> {
    let number = |i| format!("pattern-number-{i}\n");
    let patterns = (0..30_000).map(number).collect::<Vec<_>>().concat();
    folder.write("patterns", patterns);
    folder.write("app.log", "pattern-number-7 x\n".repeat(100));
    let args = "count -F -f patterns --format json --resume state app.log";
    args.split(' ').map(String::from).collect()
}

fn start_in(folder: &Folder, args: &[String]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.args(args).current_dir(folder.path("."));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

#[test]
fn an_interrupt_behind_the_last_byte_leaves_the_state_as_it_was() {
    let folder = Folder::new("interrupted-state");
    let args = long_question(&folder);
    let mut child = start_in(&folder, &args);
    let mut stdout = child.stdout.take().unwrap();
    // Everything was read when the answer begins to come, and it does not fit the pipe.
    stdout.read_exact(&mut [0; 1]).unwrap();
    signal(&child, Signal::INT);
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).unwrap();
    assert!(rest.len() > 1 << 20, "{}", rest.len());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let state = std::fs::read(folder.path("state")).unwrap_or_default();
    assert!(state.is_empty(), "the state has advanced");
    assert_eq!(
        serde_json::from_slice::<Value>(&folder.answer(&args)).unwrap()["lines_any"],
        100
    );
    assert!(!folder.read("state").is_empty());
}

#[test]
fn an_answer_that_is_lost_leaves_the_state_as_it_was() {
    let folder = Folder::new("lost-state");
    let args = long_question(&folder);
    for closed in [false, true] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
        command
            .args(&args)
            .current_dir(folder.path("."))
            .stdin(Stdio::null());
        command.stderr(Stdio::piped());
        let output = if closed {
            command.stdout(Stdio::piped());
            let mut child = command.spawn().unwrap();
            drop(child.stdout.take());
            child.wait_with_output().unwrap()
        } else {
            let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
            command.stdout(full.unwrap()).output().unwrap()
        };
        assert_eq!(output.status.code(), Some(2), "{closed} {output:?}");
        let state = std::fs::read(folder.path("state")).unwrap_or_default();
        assert!(state.is_empty(), "the state has advanced");
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = Folder::new("interrupted-twice");
    let args = long_question(&folder);
    let mut child = start_in(&folder, &args);
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 1]).unwrap();
    // Nobody reads on, so it cannot end by itself.
    let status = loop {
        signal(&child, Signal::TERM);
        std::thread::sleep(std::time::Duration::from_millis(20));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    assert_eq!(status.code(), Some(143));
}

#[test]
fn an_answer_that_goes_to_a_file_is_not_replaced_by_a_part() {
    let folder = Folder::new("interrupted-output");
    folder.write("out.json", "whole");
    let (child, mut stdin) = start(&format!(
        "top --by field:1 --format json --output {} -",
        folder.path("out.json").display()
    ));
    stdin.write_all(&log(100)).unwrap();
    read_up(&stdin);
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(folder.read("out.json"), b"whole");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("out.json: is not written"), "{said}");
}

/// Another pass that is interrupted leaves what those before it came to.
#[test]
fn an_interrupt_in_a_later_pass_gives_what_the_first_knows() {
    let folder = Folder::new("interrupted-pass");
    let lines =
        (0..400_000).map(|i: u64| format!("k{} {i}\n", i.wrapping_mul(2_654_435_761) % 300_007));
    folder.write("app.log", lines.collect::<Vec<_>>().concat());
    let size = std::fs::metadata(folder.path("app.log")).unwrap().len();
    let args =
        "top --by field:1 --sort key -k 100000 --memory 300K --io read --format json app.log";
    let args: Vec<String> = args.split(' ').map(String::from).collect();
    let child = start_in(&folder, &args);
    let read = || {
        let io = std::fs::read_to_string(format!("/proc/{}/io", child.id())).unwrap_or_default();
        let line = io
            .lines()
            .find_map(|line| line.strip_prefix("rchar: ").map(str::to_string));
        line.and_then(|number| number.parse::<u64>().ok())
            .unwrap_or(0)
    };
    while read() < size * 5 / 2 {
        std::thread::yield_now();
    }
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["interrupted"], true);
    assert_eq!(answer["changed"], Value::Null);
    assert_eq!(answer["exact"], false, "{}", &answer.to_string()[..400]);
    assert_eq!(answer["matched"], 400_000);
}
