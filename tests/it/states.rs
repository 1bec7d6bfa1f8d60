//! States that are not what a run left: forged ones with a right checksum, and
//! those that another run goes on with.

use std::{fs::File, process::Output};

use crate::{
    forged::{Numbers, changed},
    partials::{inputs, sealed},
    program::Folder,
    upgrade::{payload, with_payload},
};

const SPEC: &str = r#"
[[section]]
kind = "stats"

[[section]]
kind = "count"
regexp = ["foo", "n=[0-9]"]

[[section]]
kind = "top"
by = "level"

[[section]]
kind = "values"
regexp = 'n=([0-9]+)'

[[section]]
kind = "timeline"

[[section]]
kind = "templates"
"#;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a run with a forged state may do: answer, or say by name what is wrong.
fn is_fair(output: &Output, seed: usize) -> String {
    let said = text(&output.stderr);
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)), "{seed}: {code:?} {said}");
    assert!(!said.contains("panic"), "{seed}: {said}");
    assert!(code != Some(2) || !said.is_empty(), "{seed}");
    for line in said.lines() {
        let named = ["state: ", "a.log: ", "b.log: ", "c d.log: ", "e.log: "];
        let line = line.strip_prefix("swathe: ").unwrap_or_default();
        assert!(
            named.iter().any(|name| line.starts_with(name)),
            "{seed}: {said}"
        );
    }
    said
}

#[test]
fn a_forged_state_is_told_or_answered() {
    let folder = Folder::new("states-forged");
    inputs(&folder);
    folder.write("spec", SPEC);
    let report = ["report", "--spec=spec", "--format=json"];
    let count = ["count", "-e", "foo", "-e", "o", "--format=json"];
    let timed = ["count", "foo", "--since=2026-11-01T10:30Z"];
    let search = ["search", "-n", "-b", "-C1", "foo"];
    for (number, asked) in [&report[..], &count, &timed, &search]
        .into_iter()
        .enumerate()
    {
        let logs = ["--resume=state", "a.log", "b.log", "c d.log", "e.log"];
        let args = [asked, &logs].concat();
        folder.write("state", "");
        folder.answer(&args);
        let state = folder.read("state");
        let full = folder.run(&[asked, &logs[1..]].concat(), b"");
        let (mut refused, mut unsound) = (0, 0);
        // A state holds the time of its file, so what a change at random hits
        // is not the same in every run: each of its fields is gone through as well.
        let random = 40;
        let fields = payload(&state).places(1);
        for seed in 0..random + 2 * fields.len() {
            let mut numbers = Numbers((seed * 7 + number) as u64);
            let forged = if seed < random {
                sealed(&state, |body| changed(body, &mut numbers))
            } else {
                let (_, way) = &fields[(seed - random) / 2];
                with_payload(&state, |tree| {
                    let field = tree.at(way);
                    let forgeries = field.forgeries();
                    *field = forgeries[numbers.below(forgeries.len())].clone();
                })
            };
            folder.write("state", forged);
            let output = folder.run(&args, b"");
            let said = is_fair(&output, seed);
            if said.contains("so everything is read from its start") {
                refused += 1;
                unsound += usize::from(said.contains("holds what no run can have kept"));
                // The unterminated ends are new to a report only.
                if number == 0 {
                    assert!(output.stdout == full.stdout, "{seed}: {said}");
                }
            }
        }
        assert!(refused > 10, "{asked:?}: {refused}");
        assert!(unsound > 0, "{asked:?}");
    }
}

#[test]
fn one_run_at_a_time_goes_on_with_a_state() {
    let folder = Folder::new("states-locked");
    folder.write("log", "a\nb\n");
    let commands: [&[&str]; 3] = [
        &["count", "a", "--resume=state", "log"],
        &["report", "--resume=state", "log"],
        &["search", "a", "--resume=state", "log"],
    ];
    for args in commands {
        // Also where there was no state before: an empty one is none.
        folder.write("state", "");
        let held = File::open(folder.path("state")).expect("a state");
        held.lock().expect("a lock");
        let second = folder.run(args, b"");
        let said = text(&second.stderr);
        assert_eq!(
            said,
            "swathe: state: is in use by another run, which goes on with it; wait for its end, \
             or name another state (--resume)\n"
        );
        assert_eq!(second.status.code(), Some(2), "{args:?}");
        assert!(second.stdout.is_empty());
        assert!(folder.read("state").is_empty());
        // However who had it has ended: the lock was the kernel's.
        drop(held);
        let third = folder.run(args, b"");
        assert_eq!(text(&third.stderr), "");
        assert_eq!(third.status.code(), Some(0));
        assert!(!folder.read("state").is_empty());
    }
}

#[test]
fn whoever_comes_together_sees_each_line_once() {
    let folder = Folder::new("states-together");
    let mut lines = 0;
    for round in 0..12 {
        folder.append("log", format!("line {round}\n").repeat(100));
        let ran: Vec<Output> = std::thread::scope(|scope| {
            let start = || folder.run(&["search", "--resume=state", "line", "log"], b"");
            let all: Vec<_> = (0..6).map(|_| scope.spawn(start)).collect();
            let ended = all.into_iter().map(std::thread::ScopedJoinHandle::join);
            ended.map(|output| output.expect("it ends")).collect()
        });
        for output in ran {
            let said = text(&output.stderr);
            let count = output.stdout.split(|&b| b == b'\n').count() - 1;
            match output.status.code() {
                Some(0) => lines += count,
                Some(1) => assert_eq!((said.as_str(), count), ("", 0)),
                _ => assert!(
                    said.contains("is in use by another run") && count == 0,
                    "{said}"
                ),
            }
        }
        // Who came while another had it may have been the only other one.
        let rest = folder.run(&["search", "--resume=state", "line", "log"], b"");
        lines += rest.stdout.split(|&b| b == b'\n').count() - 1;
        assert_eq!(lines, 100 * (round + 1));
    }
}

#[test]
fn a_run_that_fails_leaves_no_state() {
    let folder = Folder::new("states-none");
    folder.write("log", "a\n");
    for args in [
        &["count", "a", "--resume=state", "--fail-if=nothing>1", "log"][..],
        &["count", "a(", "--resume=state", "log"],
        &["search", "a(", "--resume=state", "log"],
    ] {
        let failed = folder.run(args, b"");
        assert_eq!(failed.status.code(), Some(2), "{args:?}");
        assert!(!folder.path("state").exists(), "{args:?}");
    }
}
