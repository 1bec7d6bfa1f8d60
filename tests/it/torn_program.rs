//! The modes that only the program has, over a file that changes while the program waits
//! for the reader of what it prints: nothing that the file never held is printed.
//!
//! Modes of the library's search are in `torn.rs`.

use std::{
    fmt::Write as _,
    io::Read as _,
    process::{Command, Output, Stdio},
};

use crate::program::Folder;

/// Lines over time, many times what a pipe holds.
fn log() -> String {
    let mut log = String::new();
    for i in 0..150_000 {
        let (hour, minute, second) = (10 + i / 3600 % 12, i / 60 % 60, i % 60);
        let rest = "x".repeat(i % 40);
        writeln!(
            log,
            "2026-11-23T{hour:02}:{minute:02}:{second:02}Z line {i:06} of the log {rest}"
        )
        .unwrap();
    }
    log
}

/// A tar archive of one file.
fn tar(name: &str, content: &str) -> Vec<u8> {
    let mut header = [0; 512];
    let mut put =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", content.len()));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let padding = content.len().next_multiple_of(512) - content.len();
    [&header[..], content.as_bytes(), &vec![0; padding + 1024]].concat()
}

/// What may be said where not all that the file had at first was printed.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// That the file changed, with exit code 2, and behind whole lines.
    Told,
    /// The same, behind all that was read: its last line need not be whole.
    ToldOfStream,
    /// Nothing: another program read the file, which cannot know that it was cut.
    ReadByAnother,
}

const MODES: [(&[&str], &str, End); 11] = [
    (&["search", "-a", "line"], "log", End::Told),
    (
        &["search", "-a", "-U", r"line \d+1 .*\n.*line"],
        "log",
        End::Told,
    ),
    (
        &["search", "-a", "--last", "120000", "line"],
        "log",
        End::Told,
    ),
    (
        &["search", "-a", "-n", "--last", "120000", "line"],
        "log",
        End::Told,
    ),
    (
        &["search", "-a", "--order", "time", "line"],
        "log",
        End::Told,
    ),
    (
        &["search", "-a", "--resume", "state", "line"],
        "log",
        End::Told,
    ),
    (
        &["search", "-a", "--archives", "line"],
        "log.tar",
        End::ToldOfStream,
    ),
    (
        &["search", "-a", "--pre", "cat", "line"],
        "log",
        End::ReadByAnother,
    ),
    (
        &["search", "-a", "--where", "line!=1", "line"],
        "log",
        End::Told,
    ),
    (&["templates", "--assign"], "log", End::Told),
    (
        &["templates", "--assign", "--since", "end-11h"],
        "log",
        End::Told,
    ),
];

/// Runs a command, lets something happen once it has printed, and reads the rest.
fn held(folder: &Folder, args: &[&str], change: impl FnOnce()) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.current_dir(folder.path(".")).args(args);
    command.env_remove("SWATHE_CONFIG_PATH");
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut stdout = vec![0];
    out.read_exact(&mut stdout).expect("it prints something");
    change();
    out.read_to_end(&mut stdout).expect("the rest");
    let mut output = child.wait_with_output().expect("it ends");
    output.stdout = stdout;
    output
}

#[test]
fn no_mode_of_the_program_prints_what_the_file_never_held() {
    let folder = Folder::new("torn-program");
    let log = log();
    let archive = tar("inner.log", &log);
    let mut short = 0;
    for (mode, name, end) in MODES {
        for io in ["map", "read"] {
            let args = [mode, &["--io", io, name]].concat();
            let fresh = || {
                folder.write("log", &log);
                folder.write("log.tar", &archive);
                let _ = std::fs::remove_file(folder.path("state"));
            };
            fresh();
            let whole = folder.run(&args, b"");
            assert!(
                whole.status.success() && !whole.stdout.is_empty(),
                "{args:?}: {whole:?}"
            );
            for len in [0, 4096, 3_000_000] {
                fresh();
                let cut = held(&folder, &args, || {
                    let file = std::fs::File::options().write(true).open(folder.path(name));
                    file.and_then(|file| file.set_len(len))
                        .expect("it can be cut");
                });
                let said = String::from_utf8_lossy(&cut.stderr);
                let what = format!("{args:?} cut to {len}: {said}");
                assert!(
                    !cut.stdout.contains(&0),
                    "{what}: a byte that was never there"
                );
                if cut.stdout == whole.stdout {
                    continue;
                }
                short += 1;
                let printed = cut.stdout.strip_suffix(b"\n");
                let printed = printed.unwrap_or_else(|| panic!("{what}: half a line"));
                assert!(
                    whole.stdout.starts_with(printed),
                    "{what}: {} bytes",
                    printed.len()
                );
                if end == End::Told {
                    assert_eq!(whole.stdout[printed.len()], b'\n', "{what}: half a line");
                }
                if end != End::ReadByAnother {
                    assert_eq!(cut.status.code(), Some(2), "{what}");
                    assert!(said.contains("shrank") || said.contains("ends"), "{what}");
                }
            }
        }
    }
    assert!(short > MODES.len(), "{short} were cut short");
}
