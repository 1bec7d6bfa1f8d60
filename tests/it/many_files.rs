//! Many small files are read side by side: the answer is the one that reading them
//! one after the other gives, on any number of threads.

use std::{fs, process::Output};

use crate::{
    program::Folder,
    resume::{SPEC, appends},
};

/// Beside a question of every kind, one whose answer is ordered by its groups.
const BY_LEVEL: &str = r#"
[[section]]
kind = "stats"
by = "level"
"#;

/// A folder of files of all kinds in `logs`.
fn files(name: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.path("logs/deep/er")).unwrap();
    folder.write("spec.toml", [SPEC, BY_LEVEL].concat());
    for (dir, seed, end) in [
        ("", 21, "\n"),
        ("deep/", 22, "\r\n"),
        ("deep/er/", 23, "\n"),
    ] {
        appends(seed, 60, end, |round, bytes| {
            folder.write(&format!("logs/{dir}{round:02}.log"), bytes);
        });
    }
    folder.write("logs/deep/binary", b"item\0item\n");
    folder.write("logs/deep/utf16", b"\xFF\xFEi\0t\0e\0m\0\n\0");
    let mut large = Vec::new();
    appends(24, 400, "\n", |_, bytes| large.extend_from_slice(bytes));
    folder.write("logs/deep/40-large.log", large);
    folder
}

/// All that a run has to say.
fn said(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn statistics_of_many_files_are_those_of_one_after_the_other() {
    let folder = files("many-files");
    for command in [
        &["report", "--spec", "spec.toml", "--format", "json", "logs"][..],
        &["stats", "logs", "missing", "spec.toml"],
        &["stats", "--wc", "logs", "logs/deep/40-large.log", "missing"],
        &[
            "count",
            "-e",
            "item",
            "--per-file",
            "--format",
            "json",
            "logs",
        ],
        &["stats", "--since", "2026-11-23", "logs"],
    ] {
        let run = |threads: &str, chunk: &str| {
            let options = ["--threads", threads, "--chunk-size", chunk];
            said(folder.run(&[command, &options].concat(), b""))
        };
        // In so small chunks every file is large, and read in its turn.
        let want = run("1", "1");
        for (threads, chunk) in [
            ("1", "2M"),
            ("2", "2M"),
            ("8", "2M"),
            ("3", "700"),
            ("2", "40"),
        ] {
            let got = run(threads, chunk);
            assert!(
                got == want,
                "{command:?} -j{threads} {chunk}: {got:?}\n{want:?}"
            );
        }
    }
}

#[test]
fn what_is_told_of_each_file_comes_in_the_order_of_files() {
    let folder = files("many-files-order");
    let rows = String::from_utf8(folder.answer(&["stats", "--wc", "-l", "logs", "-j4", "-a"]));
    let rows = rows.unwrap();
    let names: Vec<&str> = rows
        .lines()
        .filter_map(|row| row.split_once("logs/"))
        .map(|row| row.1)
        .collect();
    let list = folder.answer(&["search", "--files", "--sort=path", "logs"]);
    let list = String::from_utf8(list).unwrap();
    let want: Vec<&str> = list
        .lines()
        .filter_map(|row| row.strip_prefix("logs/"))
        .collect();
    assert_eq!(names, want);
    assert!(names.len() > 180);
}

#[test]
fn a_pipe_among_named_files_keeps_its_reader() {
    let folder = files("many-files-pipe");
    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for command in [
        &["search", "-c", "--no-filename", "here"][..],
        &["stats", "--wc", "-l"],
    ] {
        for _ in 0..30 {
            let output = std::thread::scope(|scope| {
                // Opening waits for a reader, and writing needs one.
                let writer = scope.spawn(|| fs::write(&pipe, "here\n"));
                let output = folder.run(&[command, &["spec.toml", "pipe"]].concat(), b"");
                writer.join().unwrap().expect("a reader");
                output
            });
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(text.contains('1'), "{command:?}: {text}");
        }
    }
}
