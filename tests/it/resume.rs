//! `--resume`: a report of a file that grew is the one that reading all of it
//! gives, and a count counts every line once, whatever became of the file.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Output, time};

use crate::program::{Folder, is_of_content};

/// A spec with a question of every kind.
pub(crate) const SPEC: &str = r#"
title = "All"

[[section]]
kind = "stats"
top-longest = 4

[[section]]
kind = "levels"

[[section]]
kind = "count"
regexp = ["item", "[0-9]{3}ms"]
per-file = true

[[section]]
kind = "count"
regexp = ["."]
where = ["level=error"]

[[section]]
kind = "top"
by = "level,$1"
regexp = '(user\d)'

[[section]]
kind = "values"
regexp = '(\d+)ms'
by = "level"

[[section]]
kind = "timeline"
by = "level"

[[section]]
kind = "templates"
"#;

/// The numbers of xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Lines of a log: messages of some kinds, traces, empty ones, long ones.
fn line(random: &mut Random, number: u64, end: &str) -> String {
    let level = ["INFO", "WARN", "ERROR", "DEBUG"][random.below(4) as usize];
    let (minute, second) = (number / 60 % 60, number % 60);
    let user = random.below(7);
    let text = match random.below(12) {
        0 => String::new(),
        1 | 2 => format!("\tat com.example.Pool.take(Pool.java:{user})"),
        3 => "long ".repeat(random.below(900) as usize),
        _ => format!(
            "2026-11-23T10:{minute:02}:{second:02}Z {level} user{user} has item {number} in {}ms",
            random.below(2000)
        ),
    };
    text + end
}

/// Gives the test what has come to a file by each of `rounds`; where it is cut
/// is up to chance, and lines are not spared.
pub(crate) fn appends(seed: u64, rounds: usize, end: &str, mut each: impl FnMut(usize, &[u8])) {
    let mut random = Random(seed);
    let (mut waiting, mut number) = (Vec::new(), 0);
    for round in 0..rounds {
        let most = [0, 1, 40, 1500, 4000][random.below(5) as usize];
        let size = random.below(most + 1) as usize;
        while waiting.len() < size {
            waiting.extend(line(&mut random, number, end).bytes());
            number += 1;
        }
        let now: Vec<u8> = waiting.drain(..size).collect();
        each(round, &now);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn said(output: &Output) -> String {
    text(&output.stderr)
}

#[test]
fn a_report_that_goes_on_is_that_of_all_of_the_file() {
    for (name, seed, rounds, end, options) in [
        ("resume-lf", 11, 200, "\n", &[][..]),
        ("resume-crlf", 12, 50, "\r\n", &["--chunk-size=900"]),
        ("resume-auto", 13, 50, "\n", &["--record=auto", "--io=read"]),
        (
            "resume-time",
            14,
            50,
            "\n",
            &["--since=2026-11-23T10:00:40Z"],
        ),
        (
            "resume-cut",
            15,
            50,
            "\n",
            &["--record=auto", "--record-max=600"],
        ),
    ] {
        let folder = Folder::new(name);
        folder.write("spec.toml", SPEC);
        let mut all = vec!["report", "--spec", "spec.toml", "--format", "json", "-j2"];
        all.extend(options);
        let mut whole = 0;
        appends(seed, rounds, end, |round, new| {
            folder.append("a log", new);
            let resumed = folder.run(&[&all[..], &["--resume", "state", "a log"]].concat(), b"");
            let full = folder.run(&[&all[..], &["a log"]].concat(), b"");
            let told = said(&resumed);
            // While the head is short it may come to mean something else.
            let told: Vec<_> = told
                .lines()
                .filter(|l| !l.contains("looks different"))
                .collect();
            // What was read before is not known to lack what the rest lacks.
            let plain = said(&full).lines().map(String::from).collect::<Vec<_>>();
            let plain: Vec<_> = plain.iter().filter(|line| !is_of_content(line)).collect();
            assert_eq!(told, plain, "{name} {round}");
            assert_eq!(resumed.status.code(), full.status.code(), "{name} {round}");
            // The time in an option is refused while there is none in the file.
            let told = said(&full).contains("no timestamp was found");
            assert!(full.status.success() || told, "{name}: {}", said(&full));
            assert!(
                text(&resumed.stdout) == text(&full.stdout),
                "{name} {round}"
            );
            whole += usize::from(said(&resumed).contains("looks different"));
        });
        assert!(whole < 12, "{name}: {whole} times");
        if rounds == 200 {
            assert!(folder.read("a log").len() > 100_000, "beyond the head");
        }
    }
}

#[test]
fn a_count_that_goes_on_counts_each_whole_line_once() {
    let folder = Folder::new("resume-count");
    let patterns = ["-e", "item", "-e", "Pool", "--format", "json"];
    let count = |more: &[&str]| {
        let output = folder.run(&[&["count"], &patterns[..], more].concat(), b"");
        assert_eq!(said(&output), "");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let mut sums = [0; 3];
    appends(21, 120, "\n", |round, new| {
        folder.append("log", new);
        let log = folder.read("log");
        let whole = log.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        folder.write("whole", &log[..whole]);
        let (now, all) = (count(&["--resume=state", "log"]), count(&["whole"]));
        let number = |value: &serde_json::Value| value.as_u64().expect("a number");
        sums[0] += number(&now["lines_total"]);
        for pattern in [0, 1] {
            let (now, all) = (&now["patterns"][pattern], &all["patterns"][pattern]);
            sums[pattern + 1] += number(&now["matches"]);
            assert_eq!(sums[pattern + 1], number(&all["matches"]), "{round}");
            if number(&now["matches"]) > 0 {
                // The last place is one of the whole file.
                for field in ["line", "offset"] {
                    assert_eq!(now["last"][field], all["last"][field], "{round}");
                }
            }
        }
        assert_eq!(sums[0], number(&all["lines_total"]), "{round}");
    });
}

#[test]
fn a_file_that_is_another_is_read_from_its_start() {
    let folder = Folder::new("resume-changed");
    let log = |word: &str, lines: usize| format!("2026-11-23T10:00:00Z {word}\n").repeat(lines);
    let later = |seconds| {
        let file = fs::File::options().write(true).open(folder.path("log"));
        let time = time::SystemTime::now() + time::Duration::from_secs(seconds);
        file.and_then(|file| file.set_modified(time))
            .expect("a time");
    };
    let report = |notice: &str| {
        let resumed = folder.run(&["report", "--resume=state", "--format=json", "log"], b"");
        let full = folder.answer(&["report", "--format=json", "log"]);
        assert_eq!(text(&resumed.stdout), text(&full), "{notice}");
        let told = said(&resumed);
        assert_eq!(
            told.lines().count(),
            usize::from(!notice.is_empty()),
            "{told}"
        );
        assert!(told.contains(notice), "{told}, not {notice}");
        assert_eq!(resumed.status.code(), Some(0));
    };
    folder.write("log", log("one", 5000));
    report("");
    report("");
    folder.append("log", log("more", 3));
    report("");
    // Cut.
    folder.write("log", log("one", 400));
    report("log: became shorter (from 125078 to 10000 bytes), so all of it is read");
    // Written over, where its first bytes tell, and its last.
    folder.write("log", log("two", 500));
    report("log: was cut or written over");
    folder.write("log", [log("two", 499), log("six", 9)].concat());
    report("log: was cut or written over");
    // Written over where only its time tells.
    folder.write("log", log("two", 20_000));
    report("log: was cut or written over");
    let mut bytes = folder.read("log");
    bytes[250_000] = b'#';
    folder.write("log", bytes);
    later(9);
    report("log: was written to without becoming longer");
    // Another file by the same name, with the same bytes.
    folder.rename("log", "log.1");
    folder.write("log", folder.read("log.1"));
    report("log: was replaced by another file");
    // Copied away and cut, as logrotate's copytruncate does.
    folder.write("log", "");
    report("log: has become empty");
    folder.append("log", log("new", 1));
    report("");
}

#[test]
fn a_state_that_does_not_fit_is_not_used() {
    let folder = Folder::new("resume-state");
    folder.write("log", "a\nb\n");
    let run = |args: &[&str]| folder.run(args, b"");
    assert_eq!(said(&run(&["count", "a", "--resume=state", "log"])), "");
    let other = run(&["count", "b", "--resume=state", "log"]);
    assert_eq!(
        said(&other),
        "swathe: state: was made with other options (patterns differs), so everything is read from its start\n"
    );
    assert!(text(&other.stdout).contains("1 of 2 lines match"));
    let mut bytes = folder.read("state");
    *bytes.last_mut().expect("it is not empty") ^= 1;
    folder.write("state", &bytes);
    let told = said(&run(&["count", "b", "--resume=state", "log"]));
    assert_eq!(
        told,
        "swathe: state: is damaged, so everything is read from its start\n"
    );
    let told = said(&run(&["report", "--resume=state", "log"]));
    assert!(
        told.contains("state: is one of swathe count, so everything"),
        "{told}"
    );
    // What is no state is not written over.
    folder.write("notes", "do not lose this\n");
    let refused = run(&["count", "b", "--resume=notes", "log"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("notes: is no state of swathe"),
        "{}",
        said(&refused)
    );
    assert_eq!(folder.read("notes"), b"do not lose this\n");
    let refused = run(&["count", "b", "--resume=log", "log"]);
    assert!(
        said(&refused).contains("--resume log is also an input"),
        "{}",
        said(&refused)
    );
    for args in [
        &["count", "b", "--resume=new", "--positions=3", "log"][..],
        &["count", "b", "--resume=new", "--partial=-", "log"],
        &["count", "b", "--resume=new"],
        &["count", "b", "--resume=no/new", "log"],
        &["report", "--resume=new", "-"],
        &["count", "b", "--resume=/dev/zero", "log"],
    ] {
        let refused = run(args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(
            !said(&refused).is_empty() && refused.stdout.is_empty(),
            "{args:?}"
        );
        assert!(!folder.path("new").exists());
    }
}

#[test]
fn a_state_that_cannot_be_written_does_not_cost_the_answer() {
    let folder = Folder::new("resume-unwritable");
    folder.write("log", "a\n");
    fs::create_dir_all(folder.path("no")).expect("a folder");
    let locked = fs::Permissions::from_mode(0o555);
    fs::set_permissions(folder.path("no"), locked).expect("a mode");
    // Who may write everywhere may not write among the processes.
    let may = fs::write(folder.path("no/try"), "").is_ok();
    let state = if may {
        "/proc/swathe-state"
    } else {
        "no/state"
    };
    let output = folder.run(&["count", "a", "--resume", state, "log"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("1 of 1 lines match"));
    let told = said(&output);
    assert!(
        told.contains("the state is as it was before this run"),
        "{told}"
    );
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path("no"), open).expect("a mode");
}

#[test]
fn a_rotated_file_is_counted_to_its_end_first() {
    let folder = Folder::new("resume-rotated");
    let count = |notice: &str, wanted: &str| {
        let output = folder.run(
            &["count", "x", "--resume=state", "--format=csv", "log"],
            b"",
        );
        assert_eq!(said(&output), notice);
        let rows = text(&output.stdout);
        let row = rows.lines().nth(1).unwrap_or_default();
        assert_eq!(row, wanted, "{rows}");
    };
    folder.write("log", "x 1\nx 2\n");
    count("", "1,,x,2,2,log,1,0,log,2,4");
    folder.append("log", "x 3\nx 4");
    folder.rename("log", "log.1");
    folder.write("log", "x 5\n");
    count("", "1,,x,3,3,log.1,3,8,log,1,0");
    count("", "1,,x,0,0,,,,,,");
    // The new one was not written to yet.
    folder.append("log", "x 6\n");
    folder.rename("log", "log.1");
    folder.write("log", "");
    count("", "1,,x,1,1,log.1,2,4,log.1,2,4");
    count("", "1,,x,0,0,,,,,,");
    folder.append("log", "x 7\nx");
    count("", "1,,x,1,1,log,1,0,log,1,0");
    // What was there before is gone.
    folder.write("new", "x 8\n");
    folder.rename("new", "log");
    count(
        "swathe: log: was replaced, and the file before it is not in its folder; \
         what came to that since the last run is not seen\n",
        "1,,x,1,1,log,1,0,log,1,0",
    );
    // Cut and written anew.
    folder.write("log", "x\n");
    count(
        "swathe: log: became shorter (from 4 to 2 bytes), so all of it is read\n",
        "1,,x,1,1,log,1,0,log,1,0",
    );
    folder.write("log", "y x\ny x\n");
    count(
        "swathe: log: was cut or written over, so all of it is read\n",
        "1,,x,2,2,log,1,2,log,2,6",
    );
    // Touched, and nothing new.
    folder.write("log", "y x\ny x\n");
    count("", "1,,x,0,0,,,,,,");
}

#[test]
fn several_files_are_remembered_each() {
    let folder = Folder::new("resume-several");
    let count = |paths: &[&str]| {
        let args = [&["count", "x", "--resume=state"][..], paths].concat();
        let output = folder.run(&args, b"");
        assert_eq!(said(&output), "");
        text(&output.stdout)
            .lines()
            .nth(2)
            .unwrap_or_default()
            .to_string()
    };
    folder.write("a", "x\n");
    folder.write("b", "x\nx\n");
    assert_eq!(count(&["a", "b"]), "3 of 3 lines match, 0 do not");
    folder.append("a", "x\n");
    folder.append("b", "x\n");
    assert_eq!(count(&["b"]), "1 of 1 lines match, 0 do not");
    assert_eq!(count(&["a", "b"]), "1 of 1 lines match, 0 do not");
    // In a folder, a file that was given another name is the same file.
    fs::create_dir_all(folder.path("logs")).expect("a folder");
    folder.write("logs/a", "x\n");
    assert_eq!(count(&["logs"]), "1 of 1 lines match, 0 do not");
    folder.append("logs/a", "x\n");
    folder.rename("logs/a", "logs/a.1");
    folder.write("logs/a", "x\n");
    assert_eq!(count(&["logs"]), "2 of 2 lines match, 0 do not");
    assert_eq!(count(&["logs", "a", "b"]), "0 of 0 lines match, 0 do not");
}

#[test]
fn years_that_are_not_written_stay_what_they_were() {
    let folder = Folder::new("resume-years");
    let at = |seconds| {
        let file = fs::File::options().write(true).open(folder.path("log"));
        let time = time::UNIX_EPOCH + time::Duration::from_secs(seconds);
        file.and_then(|file| file.set_modified(time))
            .expect("a time");
    };
    let timeline = || {
        let args = [
            "report",
            "--spec=spec",
            "--resume=state",
            "--format=json",
            "log",
        ];
        let output = folder.run(&args, b"");
        assert_eq!(said(&output), "");
        let full = folder.answer(&["report", "--spec=spec", "--format=json", "log"]);
        assert_eq!(text(&output.stdout), text(&full));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let body = &json["sections"][0];
        let (first, last) = (body["first"].clone(), body["last"].clone());
        (text(first.as_str().unwrap_or_default().as_bytes()), last)
    };
    folder.write("spec", "[[section]]\nkind = \"timeline\"\n");
    folder.write("log", "Nov 22 10:00:00 host a: one\n");
    // The 23rd of November 2025, and the 2nd of January 2026.
    at(1_763_900_000);
    let (first, _) = timeline();
    assert_eq!(first, "2025-11-22T10:00:00Z");
    folder.append("log", "Jan  1 10:00:00 host a: two\n");
    at(1_767_350_000);
    let (first, last) = timeline();
    assert_eq!(first, "2025-11-22T10:00:00Z");
    assert_eq!(last, "2026-01-01T10:00:00Z");
}
