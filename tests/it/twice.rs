//! Inputs that are looked at more than once: standard input from a file, files that change
//! between two looks, and pipes of which a head decides how they are read.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    os::fd::AsFd as _,
    process::{Child, Command, Output, Stdio},
    time::{Duration, SystemTime},
};

use crate::{pack, program::Folder};

fn program(folder: &Folder, args: &[&str], stdin: impl Into<Stdio>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.current_dir(folder.path("."));
    for name in ["SWATHE_CONFIG_PATH", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.args(args).stdin(stdin);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lines over an hour, of which most have a number and a key.
fn log() -> String {
    let line = |i: u32| {
        let (minute, second) = (i / 60, i % 60);
        let level = ["INFO", "WARN", "ERROR"][i as usize % 7 % 3];
        let key = i * 7919 % 1009;
        format!("2026-11-23T14:{minute:02}:{second:02}Z {level} req={key} took={i}ms\n")
    };
    (0..3600).map(line).collect()
}

/// Every way to look at an input, or to go through it, more than once.
const TWICE: [&[&str]; 18] = [
    &["search", "--last", "2", "ERROR"],
    &["search", "-n", "--last", "3", "-C1", "ERROR"],
    &["search", "--last", "2", "--json", "ERROR"],
    &["search", "-c", "ERROR", "--since", "end-10m"],
    &["search", "--last", "2", "ERROR", "--until", "end-10m"],
    &["search", "-c", "ERROR", "--order", "time"],
    &["search", "-c", "ERROR", "--archives"],
    &["count", "ERROR", "--since", "end-10m"],
    &["count", "ERROR", "--since", "14:50"],
    &["count", "ERROR", "--order", "time"],
    &["values", "took=(\\d+)ms", "--exact"],
    &["top", "req=(\\d+)", "--memory", "64K", "--format", "json"],
    &["timeline", "--bucket", "5m", "--since", "end-30m"],
    &["templates", "--assign"],
    &["templates", "--assign", "--since", "end-1m"],
    &["report", "--format", "json"],
    &["report", "--since", "end-10m", "--order", "time"],
    &["count", "ERROR", "--archives", "--since", "end-10m"],
];

#[test]
fn redirected_files_are_looked_at_as_often_as_files() {
    let folder = Folder::new("twice-redirected");
    let log = log();
    let skipped = log.find('\n').unwrap() + 1;
    for (name, stored) in [
        ("log", log.as_bytes()),
        ("log.gz", &pack::gzip(log.as_bytes())),
    ] {
        folder.write(name, stored);
        // What somebody else has read of standard input is not read.
        for at in if name == "log" {
            vec![0, skipped]
        } else {
            vec![0]
        } {
            folder.write("restlog", &stored[at..]);
            for question in TWICE {
                let packed = name == "log.gz";
                if packed && question.contains(&"--assign") {
                    continue;
                }
                let by_name = program(&folder, &[question, &["restlog"]].concat(), Stdio::null());
                let by_name = by_name.wait_with_output().unwrap();
                let mut file = File::open(folder.path(name)).unwrap();
                file.seek(SeekFrom::Start(at as u64)).unwrap();
                let redirected = [question, &["-"]].concat();
                let redirected = program(&folder, &redirected, file.try_clone().unwrap());
                let redirected = redirected.wait_with_output().unwrap();
                let what = format!("{question:?} < {name} from {at}");
                let said = text(&redirected.stderr).replace("<stdin>", "restlog");
                assert_eq!(said, text(&by_name.stderr), "{what}");
                assert_eq!(redirected.status.code(), by_name.status.code(), "{what}");
                let want = text(&by_name.stdout);
                // Times that a run took, and what a saved report keeps of names.
                if !question.contains(&"--json") && !question.contains(&"report") {
                    let got = text(&redirected.stdout).replace("<stdin>", "restlog");
                    assert!(got == want, "{what}\n{got}\nand not\n{want}");
                }
                assert!(packed || !redirected.stdout.is_empty(), "{what}");
                // Who reads there next finds nothing: it was all read.
                assert_eq!(file.read(&mut [0; 9]).unwrap(), 0, "{what}");
            }
        }
    }
    // Both sides of a comparison.
    let file = || File::open(folder.path("log")).unwrap();
    let differ = |args: &[&str]| program(&folder, args, file()).wait_with_output().unwrap();
    let (a, b) = (
        differ(&["diff", "-", "restlog"]),
        differ(&["diff", "log", "restlog"]),
    );
    assert_eq!(text(&a.stderr), text(&b.stderr));
    assert_eq!(text(&a.stdout).replace("<stdin>", "log"), text(&b.stdout));
}

/// What happens to a file between two looks.
type Change = fn(&Folder);

const CHANGES: [(&str, Change, &str); 4] = [
    (
        "replaced",
        |folder| {
            folder.write("new", "never there\n".repeat(40));
            folder.rename("new", "b.log");
        },
        "b.log: file was replaced by another of this name while being read",
    ),
    (
        "cut",
        |folder| {
            let file = File::options().write(true).open(folder.path("b.log"));
            file.unwrap().set_len(3).unwrap();
        },
        "b.log: file shrank from ",
    ),
    (
        "rewritten",
        |folder| {
            let file = File::options().write(true).open(folder.path("b.log"));
            let mut file = file.unwrap();
            file.write_all(b"never there\n").unwrap();
            let later = SystemTime::now() + Duration::from_secs(9);
            file.set_modified(later).unwrap();
        },
        "b.log: file was modified in place while being read",
    ),
    (
        "gone",
        |folder| std::fs::remove_file(folder.path("b.log")).unwrap(),
        "b.log: No such file or directory",
    ),
];

/// Runs a command that prints much of its first input, lets something happen while it waits
/// for its reader, and reads the rest.
fn held(folder: &Folder, args: &[&str], change: Change) -> Output {
    let mut child = program(folder, args, Stdio::null());
    let mut out = child.stdout.take().unwrap();
    let mut stdout = vec![0];
    out.read_exact(&mut stdout).unwrap();
    change(folder);
    out.read_to_end(&mut stdout).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = stdout;
    output
}

#[test]
fn what_is_printed_of_a_second_look_was_there_in_the_first() {
    let folder = Folder::new("twice-changed");
    // More than a pipe holds, whatever it is asked to.
    let line = |i| format!("line {i} of the first {}\n", "x".repeat(30));
    folder.write("a.log", (0..120_000).map(line).collect::<String>());
    for args in [
        &["search", "-n", "--last", "110000", ".", "a.log", "b.log"][..],
        &[
            "search",
            "--last",
            "110000",
            "-C1",
            "first|second",
            "a.log",
            "b.log",
        ],
        &["templates", "--assign", "--io", "read", "a.log", "b.log"],
    ] {
        let second = || folder.write("b.log", "a line of the second\n".repeat(400));
        second();
        let whole = program(&folder, args, Stdio::null())
            .wait_with_output()
            .unwrap();
        assert!(
            whole.status.success() && whole.stderr.is_empty(),
            "{args:?}"
        );
        for (name, change, want) in CHANGES {
            second();
            let output = held(&folder, args, change);
            let (said, what) = (text(&output.stderr), format!("{args:?}, {name}"));
            assert!(
                said.starts_with("swathe: ") && said.contains(want),
                "{what}: {said}"
            );
            assert_eq!(said.lines().count(), 1, "{what}: {said}");
            assert_eq!(output.status.code(), Some(2), "{what}");
            assert!(whole.stdout.starts_with(&output.stdout), "{what}");
            assert!(!text(&output.stdout).contains("b.log"), "{what}");
        }
    }
}

#[test]
fn what_is_cut_while_its_reader_waits_is_said() {
    let folder = Folder::new("twice-cut");
    let line = |i| format!("line {i} of the first {}\n", "x".repeat(30));
    let lines: String = (0..120_000).map(line).collect();
    let cut: Change = |folder| {
        let file = File::options().write(true).open(folder.path("a.log"));
        file.unwrap().set_len(1000).unwrap();
    };
    let modes: [&[&str]; 8] = [
        &["."],
        &["-n", "-C1", "7 of"],
        &["-v", "7 of"],
        &["-o", "of the [a-z]*"],
        &["-U", "of the first [^\n]*\n"],
        &["--last", "110000", "."],
        &["--archives", "."],
        &["--resume", "state", "."],
    ];
    for (mode, io) in modes
        .iter()
        .flat_map(|mode| [(mode, "--io=map"), (mode, "--io=read")])
    {
        let args = [&["search", "-a", io][..], mode, &["a.log", "b.log"]].concat();
        folder.write("a.log", &lines);
        folder.write("b.log", "7 of the first x\n8 of the first x\n");
        let _ = std::fs::remove_file(folder.path("state"));
        let whole = program(&folder, &args, Stdio::null())
            .wait_with_output()
            .unwrap();
        assert!(whole.status.success(), "{args:?}: {}", text(&whole.stderr));
        let _ = std::fs::remove_file(folder.path("state"));
        let output = held(&folder, &args, cut);
        let said = text(&output.stderr);
        assert!(
            said.starts_with("swathe: a.log: file shrank from "),
            "{args:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        // A beginning of what there was of the first, and all of the second.
        let of_first = |bytes: &[u8]| {
            let all = text(bytes);
            let lines = all.split_inclusive('\n');
            lines
                .filter(|line| line.starts_with("a.log"))
                .collect::<String>()
        };
        let (got, want) = (of_first(&output.stdout), of_first(&whole.stdout));
        assert!(want.starts_with(&got) && got.ends_with('\n'), "{args:?}");
        assert!(!output.stdout.contains(&0), "{args:?}");
        assert!(text(&output.stdout).contains("\nb.log"), "{args:?}");
    }
}

#[test]
fn a_pipe_that_pauses_is_read_as_one_that_does_not() {
    let folder = Folder::new("twice-paused");
    let iso = |i| {
        format!(
            "2026-11-23T00:{:02}:{:02}Z ERROR {i}\n",
            i / 60 % 60,
            i % 60
        )
    };
    let epoch = "1795390200 ERROR at first\n";
    let columns = "when,level,n\n";
    let mixed: String = std::iter::once(epoch.to_string())
        .chain((0..4000).map(iso))
        .collect();
    let table = |i| format!("2026-11-23T00:{:02}:00Z,ERROR,{i}\r\n", i % 60);
    let table: String = std::iter::once(columns.replace('\n', "\r\n"))
        .chain((0..4000).map(table))
        .collect();
    let cases: [(&[&str], &str); 6] = [
        (&["-c", "ERROR", "--since", "2026-11-23T00:30Z"], &mixed),
        (&["ERROR", "--until", "2026-11-23T00:00:09Z"], &mixed),
        (
            &["-c", "ERROR", "--where", "time:1m=2026-11-23T00:59:00Z"],
            &mixed,
        ),
        (&["-c", "ERROR", "--where", "csv:n=7"], &table),
        (&["-c", "ERROR", "--record", "auto", "--not", "1$"], &table),
        (
            &["ERROR", "--last", "5", "--since", "2026-11-23T00:30Z"],
            &mixed,
        ),
    ];
    for (args, input) in cases {
        let args: Vec<&str> = ["search"].iter().chain(args).copied().collect();
        let by_name = || {
            folder.write("log", input);
            program(&folder, &[&args[..], &["log"]].concat(), Stdio::null())
        };
        let want = by_name().wait_with_output().unwrap();
        assert!(want.status.success(), "{args:?}: {}", text(&want.stderr));
        let first = input.find('\n').unwrap() + 1;
        for pieces in [
            vec![1],
            vec![first],
            vec![first, 10, 500],
            vec![first + 50, 70_000],
        ] {
            let (reader, mut writer) = std::io::pipe().unwrap();
            let mut child = program(&folder, &[&args[..], &["-"]].concat(), reader);
            let mut at = 0;
            for piece in pieces.iter().copied().chain([input.len()]) {
                let end = input.len().min(at + piece);
                // One that has failed reads no more.
                let _ = writer.write_all(&input.as_bytes()[at..end]);
                at = end;
                // It has been read, and nothing follows for longer than is waited for.
                while rustix::io::ioctl_fionread(writer.as_fd()).unwrap() > 0
                    && child.try_wait().unwrap().is_none()
                {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(Duration::from_millis(15));
            }
            drop(writer);
            let got = child.wait_with_output().unwrap();
            let what = format!("{args:?} in pieces of {pieces:?}");
            assert_eq!(text(&got.stderr), text(&want.stderr), "{what}");
            assert_eq!(text(&got.stdout), text(&want.stdout), "{what}");
        }
    }
}

#[test]
fn what_needs_no_head_is_shown_at_once() {
    let folder = Folder::new("twice-live");
    for args in [
        &["search", "ERROR"][..],
        &["search", "ERROR", "--where", "level=error"],
        &["search", "ERROR", "--and", "disk"],
        &["search", "ERROR", "--record", "auto"],
    ] {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let mut child = program(&folder, args, reader);
        let line = b"2026-11-23T00:00:00Z ERROR disk\n";
        writer.write_all(line).unwrap();
        if args.contains(&"--record") {
            // A record ends where the next begins.
            writer.write_all(line).unwrap();
        }
        let mut seen = vec![0; line.len()];
        child
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut seen)
            .unwrap();
        assert_eq!(seen, line, "{args:?}");
        drop(writer);
        child.wait().unwrap();
    }
}

#[test]
fn the_last_lines_of_binary_input_are_those_of_any_source() {
    let folder = Folder::new("twice-binary");
    let far = "x foo\n".repeat(20_000);
    let inputs: [(&str, String); 6] = [
        ("in the first block", format!("a\0b\n{far}end foo\n")),
        ("in the first line", "foo\0\nfoo\nbar\n".into()),
        ("far from what is printed", format!("{far}a\0b\n{far}")),
        ("in a line that is printed", format!("{far}a\0foo\nx foo\n")),
        ("in its context", format!("{far}\0\nx foo\n")),
        ("nowhere", far.clone()),
    ];
    for (name, input) in inputs {
        folder.write("log", &input);
        folder.write("log.gz", pack::gzip(input.as_bytes()));
        for args in [
            &["search", "--last", "2", "foo"][..],
            &["search", "--last", "2", "-n", "-C1", "foo"],
            &["search", "--last", "2", "-a", "foo"],
            &["search", "--last", "2", "-v", "foo"],
            &["search", "--last", "2", "--range", "1..", "foo"],
        ] {
            let asked = |name| [args, &["-I", name]].concat();
            let file = folder.run(&asked("log"), b"");
            let (packed, pipe) = (
                folder.run(&asked("log.gz"), b""),
                folder.run(&asked("-"), input.as_bytes()),
            );
            for other in [packed, pipe] {
                let what = format!("{name}: {args:?}");
                assert_eq!(text(&other.stdout), text(&file.stdout), "{what}");
                assert_eq!(other.status.code(), file.status.code(), "{what}");
            }
        }
    }
}
