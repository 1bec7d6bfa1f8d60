//! What operands are taken for, and what is said where an answer is empty.

use std::{
    fmt::Write as _,
    process::{Command, Stdio},
};

use crate::program::Folder;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(
        "a.log",
        "2026-03-12 14:00:00 INFO one ms=1\n2026-03-12 14:01:00 ERROR two ms=2\n",
    );
    folder.write("b.log", "2026-03-12 14:02:00 ERROR a.log three ms=3\n");
    folder
}

/// What is printed, what is said, the exit code.
type Said = (String, String, i32);

/// With nothing on standard input, or this.
fn run(folder: &Folder, args: &[&str], stdin: Option<&str>) -> Said {
    let output = match stdin {
        Some(stdin) => folder.run(args, stdin.as_bytes()),
        None => Command::new(env!("CARGO_BIN_EXE_swathe"))
            .current_dir(folder.path("."))
            .args(args)
            .env_remove("SWATHE_CONFIG_PATH")
            .stdin(Stdio::null())
            .output()
            .unwrap(),
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (text(output.stdout), text(output.stderr), code)
}

#[test]
fn a_file_is_no_pattern_where_flags_say_what_is_selected() {
    let folder = folder("operands-search");
    let error = "2026-03-12 14:01:00 ERROR two ms=2\n";
    let three = "2026-03-12 14:02:00 ERROR a.log three ms=3\n";
    let both = format!("a.log:{error}b.log:{three}");
    for (args, stdin, want) in [
        (&["--where", "level>=error", "a.log"][..], None, error),
        (&["--since", "14:01", "a.log"], None, error),
        (&["--since=14:01", "--until=14:02", "a.log"], None, error),
        (&["--range", "2..", "a.log"], None, error),
        (&["--last", "1", "a.log"], None, error),
        (&["--last", "1", "-n", "a.log"], None, &format!("2:{error}")),
        (&["--and", "two", "a.log"], None, error),
        (&["--not", "one", "a.log"], None, error),
        (&["-c", "--first", "1", "a.log"], None, "1\n"),
        (&["--where", "level>=error", "a.log", "b.log"], None, &both),
        (
            &["--where", "level>=error", "./"],
            None,
            &both
                .replace("a.log:", "./a.log:")
                .replace("b.log:", "./b.log:"),
        ),
        (&["--where", "level>=error"], Some(error), error),
        (&["--where", "level>=error", "-"], Some(error), error),
        // A pattern that is one.
        (&["--where", "level>=error", "two"], Some(error), error),
        (&["--where", "level>=error", "two", "a.log"], None, error),
        (&["--where", "level>=error", ".", "a.log"], None, error),
        (
            &["--where", "level>=error", "-e", "a.log", "b.log"],
            None,
            three,
        ),
        (
            &["--where", "level>=error", "-e", "three", "a.log"],
            None,
            "",
        ),
        // Without such flags it is ripgrep's.
        (&["a.log", "b.log"], None, three),
        (&["a.log"], Some(three), three),
    ] {
        let args = [&["search", "--sort=path"], args].concat();
        let (out, said, code) = run(&folder, &args, stdin);
        assert_eq!(out, want, "{args:?}: {said}");
        assert_eq!(code, i32::from(want.is_empty()), "{args:?}: {said}");
        assert_eq!(said, "", "{args:?}");
    }
    let (out, said, code) = run(
        &folder,
        &["search", "--where", "level>=error", "gone.log"],
        None,
    );
    assert_eq!((&*out, code), ("", 1), "{said}");
    assert!(
        said.contains("nothing matched \"gone.log\" in the files"),
        "{said}"
    );
}

#[test]
fn a_file_that_was_taken_for_a_pattern_is_spoken_of() {
    let folder = folder("operands-statistics");
    for (args, stdin, says, code) in [
        (
            &["top", "a.log"][..],
            None,
            "\"a.log\" was taken for the regex",
            2,
        ),
        (
            &["top", "--where", "level=error", "a.log"],
            None,
            "or a key (--by level",
            2,
        ),
        (
            &["top", "--where", "level=error", "a.log"],
            Some(""),
            "or a key (--by level",
            2,
        ),
        (&["values", "a.log"], None, "was taken for the regex", 2),
        (
            &["values", "--by", "level", "a.log"],
            None,
            "or a key (--of field:3",
            2,
        ),
        (
            &["count", "a.log"],
            None,
            "\"a.log\" was taken for the pattern",
            2,
        ),
        (&["count", "two"], Some("two\n"), "", 0),
        (&["count", "--since", "14:01", "a.log"], None, "", 0),
        (
            &["count", "--where", "level=error"],
            Some("2026-03-12 14:00:00 ERROR x\n"),
            "",
            0,
        ),
        (&["top", "--by", "level", "a.log"], None, "", 0),
        (&["top", "--by", "$1", "(ERR)", "a.log"], None, "", 0),
        (&["top", "a.log"], Some("a.log\n"), "", 0),
        (&["timeline", "--since", "14:01", "a.log"], None, "", 0),
    ] {
        let (out, said, got) = run(&folder, args, stdin);
        assert!(said.contains(says), "{args:?}: {said}");
        assert_eq!(said.is_empty(), says.is_empty(), "{args:?}: {said}{out}");
        assert_eq!(got, code, "{args:?}: {said}{out}");
    }
    let (out, ..) = run(
        &folder,
        &["count", "--since=14:01", "--format=json", "a.log"],
        None,
    );
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["patterns"][0]["lines"], 1, "{out}");
}

/// What is said of times.
const TIME: &str = "a timestamp written as in the first lines of its file (--time-format says how)";

/// Questions, and what of them no record of a text without anything has.
fn lacking() -> Vec<(&'static str, String)> {
    let level_or = format!("a level or {TIME}");
    let status_or = format!("the key logfmt:status or {TIME}");
    let questions = [
        ("top --by level", "a level"),
        ("top --by logfmt:status,path", "the key logfmt:status"),
        ("top --preset nginx --by status", "the key status"),
        ("top --by path --distinct json:a", "the key json:a"),
        ("top --by path --sum logfmt:ms", "the key logfmt:ms"),
        ("top --by time:1m", TIME),
        ("values --of logfmt:ms", "the key logfmt:ms"),
        ("values --of field:1 --unit none", "a number in field:1"),
        ("values --of field:2 --by level", "a level"),
        ("timeline", TIME),
        ("timeline --by level", &*level_or),
        ("timeline --by logfmt:status", &*status_or),
        ("stats --by level", "a level"),
        ("count line --where level>=error", "a level"),
        (
            "count line --where logfmt:status>=500",
            "the key logfmt:status",
        ),
        (
            "count line --where logfmt:status!=500",
            "the key logfmt:status",
        ),
        ("count line --where field:1>5", "a plain number in field:1"),
        ("search -c line --where level>=error", "a level"),
        (
            "search line --where logfmt:status=500",
            "the key logfmt:status",
        ),
        ("search line --where field:1>5", "a plain number in field:1"),
        ("report --where logfmt:status=200", "the key logfmt:status"),
    ];
    let own = |(args, says): (&'static str, &str)| (args, says.to_string());
    questions.map(own).to_vec()
}

#[test]
fn what_no_record_has_is_said() {
    let folder = folder("operands-lacking");
    let mut long = String::new();
    for line in 0..3000 {
        let _ = writeln!(long, "line {line} of text");
    }
    folder.write("none.log", &long);
    folder.write(
        "last.log",
        format!("{long}2026-03-12 14:00:00 ERROR x status=200 ms=5\n"),
    );
    let stamped = "2026-03-12 14:00:00 ERROR x status=200 ms=5\n";
    let as_many = stamped.repeat(long.lines().count());
    folder.write("first.log", format!("{as_many}{long}"));
    folder.write("empty.log", "");
    let ways = [
        &["-j1"][..],
        &["-j3", "--chunk-size=64"],
        &["-j2", "--chunk-size=1K", "--io=read"],
    ];
    for (args, says) in lacking() {
        let says = says.as_str();
        let words: Vec<&str> = args.split(' ').collect();
        for way in ways {
            for (file, said_there) in [("none.log", true), ("empty.log", false)] {
                let args = [&words[..], way, &[file]].concat();
                let (_, said, _) = run(&folder, &args, None);
                if !said_there {
                    assert_eq!(said, "", "{args:?}");
                    continue;
                }
                let want = format!("swathe: no record has {says}: none.log has lines of text with");
                assert!(said.starts_with(&want), "{args:?}: {said}");
                assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
            }
            // Of several files, one that has it is enough; as is one record.
            let lacks_still =
                says.contains("json:a") || says.contains("field:1") || args.contains("nginx");
            // Times are read as the first lines write them.
            let other = if says.contains(TIME) {
                "first.log"
            } else {
                "last.log"
            };
            let search = words[0] == "search";
            let args = [&words[..], way, &["none.log", other]].concat();
            let args: Vec<&str> = args
                .iter()
                .map(|arg| if search && *arg == "line" { "" } else { arg })
                .collect();
            let (_, said, _) = run(&folder, &args, None);
            assert_eq!(said.is_empty(), !lacks_still, "{args:?}: {said}");
        }
    }
    let muted = ["top", "--by=level", "--no-messages", "none.log"];
    assert_eq!(run(&folder, &muted, None).1, "");
    // What is read once cannot be looked at.
    let (_, said, _) = run(&folder, &["top", "--by=level", "-"], Some("x\n"));
    assert_eq!(
        said,
        "swathe: no record has a level: swathe inspect FILE says what there is\n"
    );
}
