//! Files that answers are written to: none that the run reads, whole or not at all, and
//! in the format that their name says.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output, Stdio},
};

use crate::program::Folder;

const SPEC: &str = "[[section]]\nkind = 'top'\nby = 'field:1'\n[[section]]\nkind = 'stats'\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("log", "a 1\nb 2\na 3\n");
    folder.write("spec", SPEC);
    folder.write("patterns", "a\n");
    folder.write("list", "log\n");
    folder.answer(&["count", "a", "log", "--resume=state"]);
    folder.answer(&["count", "a", "log", "--partial=part"]);
    folder
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs it behind these commands of a shell.
fn behind(folder: &Folder, shell: &str, args: &[&str], stdin: &[u8]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_swathe")).args(args);
    command.current_dir(folder.path("."));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("a shell");
    let mut pipe = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Who has enough closes the pipe.
            let _ = pipe.write_all(stdin);
        });
        child.wait_with_output().expect("the program ends")
    })
}

/// The names of all that is in the folder.
fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path(".")).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn what_a_run_reads_is_not_what_it_writes() {
    let folder = folder("output-same");
    let questions: [(&str, &[&str]); 7] = [
        ("log", &["count", "a", "log"]),
        ("log", &["stats", "log"]),
        ("log", &["templates", "."]),
        ("patterns", &["count", "-f", "patterns", "log"]),
        ("spec", &["report", "--spec", "spec", "log"]),
        ("list", &["stats", "--files-from", "list"]),
        ("state", &["count", "a", "log", "--resume", "state"]),
    ];
    let mut tried = 0;
    for (file, args) in questions {
        let before = folder.read(file);
        let dir = folder.path(".");
        let same = dir
            .join(file)
            .into_os_string()
            .into_string()
            .expect("UTF-8");
        let (link, hard) = (folder.path("link"), folder.path("hard"));
        std::os::unix::fs::symlink(file, &link).expect("a link");
        fs::hard_link(folder.path(file), &hard).expect("a link");
        for name in [file, &format!("./{file}"), &same, "link", "hard"] {
            for flag in ["--output", "--partial", "--resume"] {
                let resumes = ["count", "report"].contains(&args[0]);
                if (flag == "--resume" && !resumes) || (flag != "--output" && file == "state") {
                    continue;
                }
                let output = folder.run(&[args, &[flag, name]].concat(), b"");
                let said = said(&output);
                assert_eq!(
                    output.status.code(),
                    Some(2),
                    "{args:?} {flag} {name}: {said}"
                );
                let what = format!("swathe: {flag} {name} is also");
                let taken = said.contains("which it would replace; name another file");
                assert!(
                    said.starts_with(&what) && taken,
                    "{args:?} {flag} {name}: {said}"
                );
                assert!(output.stdout.is_empty());
                assert_eq!(folder.read(file), before, "{args:?} {flag} {name}");
                tried += 1;
            }
        }
        fs::remove_file(link).expect("a link");
        fs::remove_file(hard).expect("a link");
    }
    assert!(tried >= 80, "{tried}");
    // Two that are to be there, under two names.
    for flags in [
        ["--output=new", "--resume=./new"],
        ["--resume=new", "--output=./new"],
    ] {
        let output = folder.run(&["count", "a", "log", flags[0], flags[1]], b"");
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(
            said(&output).contains("is also what --"),
            "{}",
            said(&output)
        );
        assert!(!folder.path("new").exists(), "{flags:?}");
    }
}

#[test]
fn standard_output_by_its_names() {
    let folder = folder("output-stdout");
    let count = ["count", "a", "log", "--format=json"];
    let plain = folder.answer(&count);
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let named = [&count[..], &["--output", name]].concat();
        assert_eq!(folder.answer(&named), plain, "{name}");
        // A file keeps what is in it already.
        let shell = "echo before > to; exec >> to";
        let output = behind(&folder, shell, &named, b"");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(
            folder.read("to"),
            [b"before\n", &plain[..]].concat(),
            "{name}"
        );
        let partial = ["count", "a", "log", "--partial", name];
        assert_eq!(folder.answer(&partial), folder.read("part"), "{name}");
    }
    for name in ["/dev/stderr", "/dev/fd/2"] {
        let output = folder.run(&[&count[..], &["--output", name]].concat(), b"");
        assert_eq!(output.stderr, plain, "{name}");
        assert_eq!(output.status.code(), Some(0));
    }
    let other = [&count[..], &["--output=/dev/fd/7"]].concat();
    let output = behind(&folder, "exec 7> seven", &other, b"");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(folder.read("seven"), plain);
}

#[test]
fn names_as_long_as_they_can_be() {
    let folder = folder("output-long");
    let long = "x".repeat(255);
    for args in [
        ["--output", &long],
        ["--partial", &long],
        ["--resume", &long],
    ] {
        let output = folder.run(&[&["count", "a", "log"], &args[..]].concat(), b"");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(!folder.read(&long).is_empty(), "{}", args[0]);
        fs::remove_file(folder.path(&long)).expect("a file");
    }
}

#[test]
fn modes_are_those_of_any_new_file() {
    let folder = folder("output-mode");
    let mode = |name: &str| {
        let meta = fs::metadata(folder.path(name)).expect("a file");
        meta.permissions().mode() & 0o777
    };
    for (mask, want) in [("022", 0o644), ("077", 0o600), ("027", 0o640)] {
        let shell = format!("umask {mask}");
        for flag in ["--output=new", "--partial=new", "--resume=new"] {
            let output = behind(&folder, &shell, &["count", "a", "log", flag], b"");
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            assert_eq!(mode("new"), want, "{flag} {mask}");
            // One that is replaced keeps its own.
            fs::set_permissions(folder.path("new"), fs::Permissions::from_mode(0o604))
                .expect("a mode");
            behind(&folder, &shell, &["count", "a", "log", flag], b"");
            assert_eq!(mode("new"), 0o604, "{flag} {mask}");
            fs::remove_file(folder.path("new")).expect("a file");
        }
    }
}

/// A limit on the size of files is met as a full disk is: with a message, and without a
/// rest.
#[test]
fn what_does_not_fit_leaves_nothing() {
    let folder = folder("output-limit");
    let keys: Vec<String> = (0..4000).map(|n| format!("key{n} {n}\n")).collect();
    folder.write("log", keys.concat());
    folder.write("spec", format!("{SPEC}[[section]]\nkind = 'templates'\n"));
    let before = names(&folder);
    let top = ["top", "--by=field:1", "--format=csv", "log"];
    let report = ["report", "--spec=spec", "--format=csv", "log"];
    for args in [
        [&top[..], &["--output=new"]].concat(),
        [&top[..], &["--output=./old"]].concat(),
        [&top[..], &["--partial=new"]].concat(),
        [&report[..], &["--output=new"]].concat(),
        [&report[..], &["--output=new/"]].concat(),
        [&report[..], &["--output=folder/"]].concat(),
        [&report[..], &["--resume=new"]].concat(),
        vec!["generate", "--size=1M", "--output=new"],
    ] {
        folder.write("old", "old");
        let _ = fs::create_dir(folder.path("folder"));
        let output = behind(&folder, "ulimit -f 8", &args, b"");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(
            said.contains("is larger than files may become here"),
            "{args:?}: {said}"
        );
        assert_eq!(folder.read("old"), b"old");
        assert_eq!(
            fs::read_dir(folder.path("folder"))
                .expect("a folder")
                .count(),
            0
        );
        fs::remove_file(folder.path("old")).expect("a file");
        fs::remove_dir(folder.path("folder")).expect("a folder");
        assert_eq!(names(&folder), before, "{args:?}");
    }
    // Files that exist already are all replaced, or none is.
    fs::create_dir(folder.path("new")).expect("a folder");
    folder.answer(&[&report[..], &["--output=new"]].concat());
    let files = || {
        let entries = fs::read_dir(folder.path("new")).expect("a folder");
        entries
            .map(|entry| {
                fs::read(entry.expect("an entry").path())
                    .expect("a file")
                    .len()
            })
            .sum::<usize>()
    };
    let (written, log) = (files(), folder.read("log"));
    folder.write("log", [&log[..], b"more 1\n"].concat());
    let output = behind(
        &folder,
        "ulimit -f 8",
        &[&report[..], &["--output=new"]].concat(),
        b"",
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(files(), written);
}

/// A line that is too long for memory goes to a file, and stays in memory where that
/// may not be so large.
#[test]
fn a_long_line_outlives_the_limit() {
    let folder = folder("output-spill");
    let line = [&b"x".repeat(20 << 20)[..], b"needle\nneedle\n"].concat();
    for args in [
        &["count", "needle", "--format=json"][..],
        &["search", "-c", "needle"],
    ] {
        let free = behind(&folder, ":", args, &line);
        let limited = behind(&folder, "ulimit -f 2000", args, &line);
        assert_eq!(
            limited.status.code(),
            Some(0),
            "{args:?}: {}",
            said(&limited)
        );
        assert_eq!(limited.stdout, free.stdout, "{args:?}");
    }
}

#[test]
fn the_name_says_the_format() {
    let folder = folder("output-format");
    let formats = [
        ("txt", "text"),
        ("json", "json"),
        ("jsonl", "jsonl"),
        ("csv", "csv"),
        ("tsv", "tsv"),
        ("md", "markdown"),
        ("html", "html"),
        ("prom", "prometheus"),
    ];
    for args in [
        &["count", "a", "log"][..],
        &["stats", "log"],
        &["top", "--by=field:1", "log"],
        &["values", "([0-9])", "log"],
        &["report", "--spec=spec", "log"],
        &["merge", "part"],
    ] {
        for (ending, format) in formats {
            let (named, flag) = (format!("--output=a.{ending}"), format!("--format={format}"));
            folder.answer(&[args, &[named.as_str()]].concat());
            let want = folder.answer(&[args, &[flag.as_str()]].concat());
            assert_eq!(
                folder.read(&format!("a.{ending}")),
                want,
                "{args:?} {ending}"
            );
            // What is typed is meant.
            folder.answer(&[args, &[named.as_str(), "--format=json"]].concat());
            let want = folder.answer(&[args, &["--format=json"]].concat());
            assert_eq!(
                folder.read(&format!("a.{ending}")),
                want,
                "{args:?} {ending}"
            );
        }
    }
}
