//! What reaches a terminal: nothing of a log or a name that it would obey. Files and
//! pipes get the bytes as they are.

#![allow(unsafe_code, reason = "opens a terminal")]

use std::{
    fs::File,
    io::Read as _,
    os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd},
    process::{Command, Stdio},
};

use swathe::harmless::is_harmful;

use crate::program::Folder;

/// A name that sets the title of the window, and turns the text behind it.
const NAME: &str = "ev\u{1b}]0;x\u{7}\u{202e}\u{9b}a.log";

/// Lines with what terminals obey in them, also as keys and in JSON.
const LOG: &[u8] =
    b"2026-11-01T10:00:00Z \x1b[31mERROR\x1b[0m k\x07\xc2\x9b1 n=1 \xe2\x80\xaeevil\n\
    2026-11-01T10:00:01Z INFO k\x7f\x9b2 n=2 \xd8\x9c\xe2\x81\xa6isolate\xe2\x80\x8f\n\
    2026-11-01T10:00:02Z INFO \x00\x08 n=3\n\
    {\"level\":\"\\u001b[2J\",\"a\":\"\xc2\x9b\"}\n";

/// A terminal: its own end, and the end that programs get.
fn terminal() -> (File, File) {
    let mut name = [0; 128];
    // SAFETY: the descriptor is that of a terminal that was just opened, which nobody
    // else knows of, and the name has the room that is said.
    let own = unsafe {
        let own = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC);
        assert!(own >= 0, "a terminal");
        assert_eq!(libc::grantpt(own), 0);
        assert_eq!(libc::unlockpt(own), 0);
        assert_eq!(libc::ptsname_r(own, name.as_mut_ptr(), name.len()), 0);
        File::from(OwnedFd::from_raw_fd(own))
    };
    assert!(own.as_raw_fd() > 2);
    let name: Vec<u8> = name
        .iter()
        .map(|&c| c.cast_unsigned())
        .take_while(|&c| c != 0)
        .collect();
    let name = String::from_utf8(name).expect("the name of a terminal");
    let mut options = File::options();
    let options = options.read(true).write(true);
    let other = std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NOCTTY).open(name);
    (own, other.expect("its other end"))
}

/// What a command writes to a terminal, on both streams.
fn shown(folder: &Folder, args: &[&str]) -> Vec<u8> {
    let (mut own, other) = terminal();
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.args(args).current_dir(folder.path("."));
    for name in ["SWATHE_CONFIG_PATH", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command.stdout(other.try_clone().expect("a descriptor"));
    command.stderr(other);
    let mut child = command.spawn().expect("the program starts");
    drop(command);
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    // The last of the other ends is closed: an error, not an end.
    while let Ok(len @ 1..) = own.read(&mut piece) {
        all.extend_from_slice(&piece[..len]);
    }
    child.wait().expect("the program ends");
    all
}

/// Checks that a terminal shows all of it as text.
fn is_harmless(args: &[&str], shown: &[u8]) {
    for piece in shown.utf8_chunks() {
        // A terminal ends lines with both.
        let obeyed = |c: char| is_harmful(c) && !matches!(c, '\t' | '\n' | '\r');
        assert!(
            !piece.valid().contains(obeyed),
            "{args:?}: {:?}",
            piece.valid()
        );
        let raw = |b: &u8| (0x80..0xa0).contains(b);
        assert!(
            !piece.invalid().iter().any(raw),
            "{args:?}: {:?}",
            shown.escape_ascii()
        );
    }
}

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

const STATISTICS: [&[&str]; 12] = [
    &["count", "n", NAME],
    &["count", "--per-file", "-e", "\u{1b}", "-e", "n", NAME],
    &["stats", NAME],
    &["stats", "--by=field:3", NAME],
    &["top", "--by=field:3", NAME],
    &["top", "--by=line", NAME],
    &["values", "--of=logfmt:n", "--by=path,field:3", NAME],
    &["timeline", "--by=field:3", NAME],
    &["templates", NAME],
    &["report", "--title=\u{1b}[2J", NAME],
    &["diff", NAME, "plain"],
    &["inspect", NAME],
];

const OTHERS: [&[&str]; 22] = [
    &["stats", "--wc", NAME],
    &["templates", "--assign", NAME],
    &["search", "n", NAME],
    &["search", "-nH", "n", NAME],
    &["search", "-o", ".n.", NAME],
    &["search", "-a", "", NAME],
    &["search", "-r", "\u{1b}[1m\u{202e}", "n", NAME],
    &["search", "--json", "-a", "", NAME],
    &["search", "-c", "n", NAME, "plain"],
    &["search", "-l", "n", NAME],
    &["search", "--files", "."],
    &["search", "--last=2", "-H", "n", NAME],
    &["search", "--heading", "-C1", "n", NAME],
    &["search", "-U", "n=", NAME],
    &["search", "n", "no\u{1b}such"],
    &["count", "n", "no\u{1b}[2J\u{202e}such"],
    &["count", "(\u{1b}[2J", "plain"],
    &["count", "n", NAME, "--output=no\u{1b}/such"],
    &["top", "--by=json:\u{9b}", NAME],
    &["report", "--spec=no\u{1b}such", NAME],
    &["diff", NAME, "no\u{1b}such"],
    &["\u{1b}[2J"],
];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(NAME, LOG);
    folder.write("plain", "2026-11-01T10:00:00Z INFO n=1\n");
    folder
}

#[test]
fn nothing_that_a_terminal_obeys_reaches_it() {
    let folder = folder("terminal-safe");
    let mut most = 0;
    for args in STATISTICS {
        for format in FORMATS {
            let format = format!("--format={format}");
            let args = [args, &[format.as_str(), "--progress=never"]].concat();
            let shown = shown(&folder, &args);
            assert!(!shown.is_empty(), "{args:?}");
            is_harmless(&args, &shown);
            most = most.max(shown.len());
        }
    }
    assert!(most > 1000);
    for args in OTHERS {
        let mut args = args.to_vec();
        if args[0] == "search" {
            // Colours are our own.
            args.extend(["--color=never", "--progress=never"]);
        }
        let shown = shown(&folder, &args);
        assert!(!shown.is_empty(), "{args:?}");
        is_harmless(&args, &shown);
    }
}

#[test]
fn json_on_a_terminal_is_the_same_json() {
    let folder = folder("terminal-json");
    for args in [
        &["top", "--by=line", "--format=json", NAME][..],
        &["templates", "--format=jsonl", NAME],
        &["search", "--json", "-a", "n=2", NAME],
    ] {
        let shown = shown(&folder, args);
        let piped = folder.answer(args);
        let read = |text: &[u8]| -> Vec<serde_json::Value> {
            let text = std::str::from_utf8(text).expect("UTF-8");
            let lines = text.lines().filter(|line| !line.contains("elapsed_total"));
            lines
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect()
        };
        let same = |mut values: Vec<serde_json::Value>| {
            for value in &mut values {
                if let Some(data) = value.get_mut("data").and_then(|data| data.as_object_mut()) {
                    data.remove("stats");
                }
            }
            values
        };
        assert_eq!(same(read(&shown)), same(read(&piped)), "{args:?}");
    }
}

#[test]
fn pipes_and_files_get_the_bytes() {
    let folder = folder("terminal-pipe");
    let csv = ["top", "--by=line", "--format=csv", NAME];
    let piped = folder.answer(&csv);
    assert!(piped.contains(&0x1b) && piped.contains(&0x9b));
    folder.answer(&[&csv[..], &["--output=file"]].concat());
    assert_eq!(folder.read("file"), piped);
    let text = folder.answer(&["search", "-a", "", NAME]);
    assert_eq!(text, LOG);
}

/// What is advised can be pasted.
#[test]
fn a_name_is_advised_as_a_shell_reads_it() {
    let folder = folder("terminal-quoted");
    let shown = shown(&folder, &["inspect", NAME]);
    let shown = String::from_utf8(shown).expect("UTF-8");
    let quoted = r"$'ev\x1B]0;x\x07\xE2\x80\xAE\xC2\x9Ba.log'";
    assert!(shown.contains(quoted), "{shown}");
}
