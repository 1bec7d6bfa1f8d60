//! `search --resume`: what the runs print, one after the other, is what one
//! search prints of all whole lines, whatever became of the file meanwhile.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Output};

use crate::{program::Folder, resume::appends};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn said(output: &Output) -> String {
    text(&output.stderr)
}

/// How much of a log is whole lines, or events of which the next has begun.
fn whole(log: &[u8], events: bool) -> usize {
    let end = log.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    if !events {
        return end;
    }
    let mut starts = log[..end]
        .split_inclusive(|&b| b == b'\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.starts_with(b"2026-")))
        });
    let mut last = 0;
    starts.by_ref().for_each(|(start, begins)| {
        if begins {
            last = start;
        }
    });
    last
}

/// What must be the same of two outputs.
fn comparable(bytes: &[u8]) -> Vec<String> {
    let shown = text(bytes);
    let lines = shown.lines().filter(|line| {
        !line.contains(r#""type":"begin""#)
            && !line.contains(r#""type":"end""#)
            && !line.contains(r#""type":"summary""#)
    });
    lines.map(String::from).collect()
}

#[test]
fn what_the_runs_print_is_what_one_search_prints() {
    for (number, (rounds, end, options)) in [
        (200, "\n", &["-n", "-b", "item"][..]),
        (
            60,
            "\r\n",
            &["-n", "-b", "--crlf", "ms$", "--chunk-size=900"],
        ),
        (60, "\r\n", &["-n", "-b", "-v", "item", "--io=read", "-j2"]),
        (60, "\n", &["-n", "-b", "-C2", "user3"]),
        (60, "\n", &["-A1", "user3"]),
        (60, "\n", &["-B2", "-n", "user[35]"]),
        (60, "\n", &["-C1", "-v", "INFO|WARN"]),
        (60, "\n", &["-C1", "--context-separator=##", "ERROR"]),
        (
            60,
            "\n",
            &["-A3", "-B1", "ERROR", "--chunk-size=300", "-j2"],
        ),
        (40, "\n", &["--passthru", "-n", "ERROR"]),
        (40, "\n", &["-n", "-o", "-b", r"\d+ms"]),
        (40, "\n", &["--json", "-C1", "ERROR"]),
        (60, "\n", &["--record=auto", "-n", "-b", "Pool", "-B1"]),
        (40, "\n", &["-n", "-b", "--where=level=error", "item"]),
        (60, "\n", &["-n", "-b", "--since=2026-11-23T10:00:40Z", "."]),
        (40, "\n", &["-n", "-b", "--range=20..90", "item"]),
        (40, "\n", &["-n", "-b", "--null-data", "item"]),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = Folder::new(&format!("search-resume-{number}"));
        let events = options.contains(&"--record=auto");
        if options.contains(&"--since=2026-11-23T10:00:40Z") {
            // What is said while there is no timestamp is not the matter here.
            folder.write("log", "2026-11-23T10:00:00Z INFO begins\n");
        }
        let mut all = Vec::new();
        appends(31 + number as u64, rounds, end, |round, new| {
            let zeros = options.contains(&"--null-data");
            let new: Vec<u8> = new
                .iter()
                .map(|&b| match b {
                    b'\n' if zeros => 0,
                    b => b,
                })
                .collect();
            folder.append("log", &new);
            let resumed = [&["search", "--resume=state"], options, &["log"]].concat();
            let resumed = folder.run(&resumed, b"");
            assert_eq!(said(&resumed), "", "{options:?} {round}");
            all.extend(&resumed.stdout);
            if rounds < 200 && round % 7 != 0 && round + 1 < rounds {
                return;
            }
            let log = folder.read("log");
            let upto = if zeros {
                log.iter().rposition(|&b| b == 0).map_or(0, |at| at + 1)
            } else {
                whole(&log, events)
            };
            folder.write("whole", &log[..upto]);
            let full = [&["search"], options, &["whole"]].concat();
            let mut full = folder.run(&full, b"").stdout;
            if options.contains(&"--json") {
                full = text(&full).replace("\"whole\"", "\"log\"").into_bytes();
            }
            assert!(comparable(&all) == comparable(&full), "{options:?} {round}");
        });
        assert!(!all.is_empty(), "{options:?}");
    }
}

#[test]
fn every_mode_is_about_what_is_new() {
    let folder = Folder::new("search-resume-modes");
    let run = |args: &[&str]| {
        let output = folder.run(
            &[&["search", "--resume=state", "x"], args, &["log"]].concat(),
            b"",
        );
        assert_eq!(said(&output), "", "{args:?}");
        (text(&output.stdout), output.status.code())
    };
    let add = |text: &str| folder.append("log", text);
    let shown = |text: &str, code| (text.to_string(), Some(code));
    add("x 1\ny\nx x 2\n");
    assert_eq!(run(&["-c"]), shown("2\n", 0));
    assert_eq!(run(&["-c"]), shown("", 1));
    assert_eq!(run(&["-c", "--include-zero"]), shown("0\n", 1));
    add("x x 3\n");
    assert_eq!(run(&["--count-matches", "-H"]), shown("log:2\n", 0));
    add("x 4\nx 5\n");
    assert_eq!(run(&["-l"]), shown("log\n", 0));
    assert_eq!(run(&["-l"]), shown("", 1));
    assert_eq!(run(&["--files-without-match"]), shown("log\n", 0));
    add("x 6\n");
    assert_eq!(run(&["-q"]), shown("", 0));
    assert_eq!(run(&["-q"]), shown("", 1));
    // What is left unread was there to be seen; numbers go on all the same.
    add("x 7\nx 8\nx 9\n");
    assert_eq!(run(&["-n", "-m1"]), shown("8:x 7\n", 0));
    add("x 10\n");
    assert_eq!(run(&["-n", "-b"]), shown("11:42:x 10\n", 0));
    add("x 11\nx 12\n");
    assert_eq!(run(&["-n", "--first=1"]), shown("12:x 11\n", 0));
    assert_eq!(run(&["--count-total"]), shown("0\n", 1));
    // A line that has not ended waits.
    add("x 13\nx 1");
    assert_eq!(run(&["-n"]), shown("14:x 13\n", 0));
    assert_eq!(run(&["-n"]), shown("", 1));
    add("4\n");
    assert_eq!(run(&["-n"]), shown("15:x 14\n", 0));
    add("x 15\nno\n");
    let (stats, code) = run(&["--stats"]);
    assert_eq!(code, Some(0));
    for line in [
        "x 15\n",
        "\n1 matches\n",
        "\n1 matched lines\n",
        "\n8 bytes searched\n",
    ] {
        assert!(stats.contains(line), "{stats}");
    }
    add("x 16\n");
    let (json, _) = run(&["--json"]);
    let last = json.lines().last().unwrap_or_default();
    let summary: serde_json::Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(summary["data"]["stats"]["bytes_searched"], 5);
    assert_eq!(summary["data"]["stats"]["matched_lines"], 1);
    assert!(
        json.contains(r#""line_number":18,"absolute_offset":75"#),
        "{json}"
    );
    add("y\nx 17\n");
    assert_eq!(run(&["-n", "-r", "z"]), shown("20:z 17\n", 0));
    // Lines before the first match were there before, and were not printed.
    add("a\nb\n");
    assert_eq!(run(&["-n", "-C1"]), shown("", 1));
    add("x 18\n");
    assert_eq!(run(&["-n", "-C1"]), shown("--\n22-b\n23:x 18\n", 0));
    add("c\nd\n");
    assert_eq!(run(&["-n", "-C1"]), shown("24-c\n", 1));
}

#[test]
fn a_rotated_file_is_searched_to_its_end_first() {
    let folder = Folder::new("search-resume-rotated");
    let search = |notice: &str, wanted: &str| {
        let args = ["search", "-n", "-b", "--resume=state", "x", "log"];
        let output = folder.run(&args, b"");
        assert_eq!(said(&output), notice);
        assert_eq!(text(&output.stdout), wanted);
        let missed = notice.contains("was replaced");
        let code = if missed {
            2
        } else {
            i32::from(wanted.is_empty())
        };
        assert_eq!(output.status.code(), Some(code));
    };
    folder.write("log", "x 1\nx 2\n");
    search("", "1:0:x 1\n2:4:x 2\n");
    folder.append("log", "x 3\nx 4");
    folder.rename("log", "log.1");
    folder.write("log", "x 5\n");
    search("", "3:8:x 3\n4:12:x 4\n1:0:x 5\n");
    search("", "");
    // The new one was not written to yet.
    folder.append("log", "x 6\n");
    folder.rename("log", "log.1");
    folder.write("log", "");
    search("", "2:4:x 6\n");
    search("", "");
    folder.append("log", "x 7\nx");
    search("", "1:0:x 7\n");
    // What was there before is gone.
    folder.write("new", "x 8\n");
    folder.rename("new", "log");
    search(
        "swathe: log: was replaced, and the file before it is not in its folder; \
         what came to that since the last run is not seen\n",
        "1:0:x 8\n",
    );
    // Cut and written anew.
    folder.write("log", "x\n");
    search(
        "swathe: log: became shorter (from 4 to 2 bytes), so all of it is read\n",
        "1:0:x\n",
    );
    folder.write("log", "y x\ny x\n");
    search(
        "swathe: log: was cut or written over, so all of it is read\n",
        "1:0:y x\n2:4:y x\n",
    );
    // Touched, and nothing new.
    folder.write("log", "y x\ny x\n");
    search("", "");
    // Copied away and cut, as logrotate's copytruncate does.
    folder.write("log", "");
    search(
        "swathe: log: has become empty; what came to it since the last run and before that is \
         not seen\n",
        "",
    );
    folder.append("log", "x 9\n");
    search("", "1:0:x 9\n");
    // A name that is not there yet is waited for.
    folder.append("log", "x 10\n");
    folder.rename("log", "log.1");
    let args = ["search", "-n", "-b", "--resume=state", "x", "log"];
    assert_eq!(folder.run(&args, b"").status.code(), Some(2));
    folder.write("log", "x 11\n");
    search("", "2:4:x 10\n1:0:x 11\n");
}

#[test]
fn several_files_are_remembered_each() {
    let folder = Folder::new("search-resume-several");
    let search = |args: &[&str]| {
        let output = folder.run(
            &[&["search", "--resume=state", "-n", "x"], args].concat(),
            b"",
        );
        assert_eq!(said(&output), "");
        text(&output.stdout)
    };
    folder.write("a", "x\n");
    folder.write("b", "x\nx\n");
    assert_eq!(search(&["a", "b"]), "a:1:x\nb:1:x\nb:2:x\n");
    folder.append("a", "x\n");
    folder.append("b", "x\n");
    assert_eq!(search(&["b"]), "3:x\n");
    assert_eq!(search(&["a", "b"]), "a:2:x\n");
    assert_eq!(search(&["a", "b"]), "");
    // Files behind the last line that is wanted have been seen too.
    folder.append("a", "x\n");
    folder.append("b", "x\n");
    assert_eq!(search(&["--first=1", "a", "b"]), "a:3:x\n");
    assert_eq!(search(&["a", "b"]), "");
    // In a folder, a file that was given another name is the same file; the state
    // is none of its logs.
    fs::create_dir_all(folder.path("logs")).expect("a folder");
    folder.write("logs/a", "x\n");
    let search = |wanted: &str| {
        let args = ["search", "--resume=logs/state", "-n", "x", "logs"];
        let output = folder.run(&args, b"");
        assert_eq!(said(&output), "");
        assert_eq!(text(&output.stdout), wanted);
    };
    search("logs/a:1:x\n");
    folder.append("logs/a", "x\n");
    folder.rename("logs/a", "logs/a.1");
    folder.write("logs/a", "x\n");
    folder.write("logs/binary", b"x\0\nx\n");
    search("logs/a:1:x\nlogs/a.1:2:x\n");
    search("");
}

#[test]
fn a_state_that_does_not_fit_is_not_used() {
    let folder = Folder::new("search-resume-state");
    folder.write("log", "a\nb\n");
    let run = |args: &[&str]| folder.run(args, b"");
    let search = |args: &[&str], notice: &str, wanted: &str| {
        let output = run(&[&["search", "--resume=state"], args, &["log"]].concat());
        assert_eq!(said(&output), notice, "{args:?}");
        assert_eq!(text(&output.stdout), wanted, "{args:?}");
    };
    search(&["a"], "", "a\n");
    search(&["-n", "--color=always", "-A1", "a"], "", "");
    let other = |what: &str| {
        format!(
            "swathe: state: was made with other options ({what} differs), so everything is read \
             from its start\n"
        )
    };
    search(&["b"], &other("patterns"), "b\n");
    search(&["-i", "b"], &other("pattern options"), "b\n");
    search(&["-i", "-v", "b"], &other("invert match"), "a\n");
    search(&["-i", "-v", "b", "--and=a"], &other("and"), "a\n");
    search(&["-i", "-v", "b", "--and=a"], "", "");
    let mut bytes = folder.read("state");
    *bytes.last_mut().expect("it is not empty") ^= 1;
    folder.write("state", &bytes);
    let damaged = "swathe: state: is damaged, so everything is read from its start\n";
    search(&["b"], damaged, "b\n");
    let told = said(&run(&["count", "b", "--resume=state", "log"]));
    assert!(
        told.contains("state: is one of swathe search, so"),
        "{told}"
    );
    // What is no state is not written over.
    folder.write("notes", "do not lose this\n");
    let refused = run(&["search", "b", "--resume=notes", "log"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).starts_with("swathe: notes: is no state of swathe"));
    assert_eq!(folder.read("notes"), b"do not lose this\n");
    for args in [
        &["search", "b", "--resume=log", "log"][..],
        &["search", "b", "--resume=new", "-"],
        &["search", "b", "--resume=no/new", "log"],
        &["search", "b", "--resume=/dev/zero", "log"],
        &["search", "b", "--resume=new", "--last=3", "log"],
        &["search", "b", "--resume=new", "--archives", "log"],
        &["search", "b", "--resume=new", "--pre=cat", "log"],
        &["search", "b\nc", "--resume=new", "-U", "log"],
    ] {
        let refused = run(args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(
            said(&refused).contains("--resume") && refused.stdout.is_empty(),
            "{args:?}: {}",
            said(&refused)
        );
        assert!(!folder.path("new").exists(), "{args:?}");
    }
}

#[test]
fn only_what_was_printed_counts_as_seen() {
    let folder = Folder::new("search-resume-output");
    folder.write("log", "a\n");
    let full = fs::File::options().write(true).open("/dev/full");
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(["search", "a", "--resume=state", "log"])
        .current_dir(folder.path(""))
        .stdout(full.expect("a device"))
        .output()
        .expect("the program starts");
    assert_eq!(program.status.code(), Some(2));
    assert!(!folder.path("state").exists());
    let args = ["search", "a", "--resume=state", "log"];
    assert_eq!(folder.answer(&args), b"a\n");
    assert_eq!(folder.answer(&args), b"");
    // Packed text has no place to go on from.
    folder.write(
        "log.gz",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03K\xe4\x02\0\x07\xa1\xea\xdd\x02\0\0\0",
    );
    let packed = folder.run(&["search", "a", "--resume=state", "log.gz", "log"], b"");
    assert_eq!(packed.status.code(), Some(2));
    assert_eq!(
        said(&packed),
        "swathe: log.gz: is compressed or not in UTF-8, and cannot be gone on with (--resume)\n"
    );
    // A state that cannot be written does not cost the answer.
    fs::create_dir_all(folder.path("no")).expect("a folder");
    let locked = fs::Permissions::from_mode(0o555);
    fs::set_permissions(folder.path("no"), locked).expect("a mode");
    let may = fs::write(folder.path("no/try"), "").is_ok();
    let state = if may {
        "/proc/swathe-state"
    } else {
        "no/state"
    };
    let output = folder.run(&["search", "-q", "a", "--resume", state, "log"], b"");
    assert_eq!(output.status.code(), Some(2));
    let told = said(&output);
    assert!(
        told.contains("the state is as it was before this run"),
        "{told}"
    );
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path("no"), open).expect("a mode");
}
