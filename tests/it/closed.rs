//! Standard streams that were closed when the program began, or take nothing:
//! what is lost is said where somebody can hear it, and the exit status tells.

use std::process::{Command, Output};

use crate::program::Folder;

/// Something to print from every command.
const PRINTING: [&[&str]; 22] = [
    &["search", "a", "log"],
    &["search", "-c", "a", "log"],
    &["search", "--json", "a", "log"],
    &["search", "--last=1", "a", "log"],
    &["search", "--files"],
    &["search", "--type-list"],
    &["count", "a", "log"],
    &["stats", "log"],
    &["stats", "--wc", "log"],
    &["top", "--by=field:1", "log"],
    &["values", "([0-9]+)", "log"],
    &["timeline", "log"],
    &["templates", "log"],
    &["templates", "--assign", "log"],
    &["report", "log"],
    &["diff", "log", "other"],
    &["inspect", "log"],
    &["merge", "partial"],
    &["count", "a", "log", "--partial=-"],
    &["schema", "count"],
    &["man"],
    &["--help"],
];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(
        "log",
        "2026-11-01T10:00:00Z a 1\n2026-11-01T10:00:01Z b 2\n",
    );
    folder.write("other", "2026-11-01T10:00:00Z c 1\n");
    folder.answer(&["count", "a", "log", "--partial=partial"]);
    folder
}

/// Runs it with this redirection.
fn run(folder: &Folder, args: &[&str], redirection: &str) -> Output {
    let script = format!("exec \"$0\" \"$@\" {redirection}");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_swathe")]);
    command.args(args).current_dir(folder.path("."));
    command.env_remove("SWATHE_CONFIG_PATH");
    command.stdin(std::process::Stdio::null());
    command.output().expect("a shell")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_answer_that_nobody_gets_is_an_error() {
    let folder = folder("closed-stdout");
    for args in PRINTING {
        let closed = run(&folder, args, ">&-");
        assert_eq!(
            said(&closed),
            "swathe: <stdout>: is closed, so what there is to print is lost (redirect it to a \
             file)\n",
            "{args:?}"
        );
        assert_eq!(closed.status.code(), Some(2), "{args:?}");
        let both = run(&folder, args, ">&- 2>&-");
        assert_eq!(both.status.code(), Some(2), "{args:?}");
        // Who wants no answer says so by what is open for writing, however it is.
        for redirection in [">/dev/null", "1<>/dev/null"] {
            let unwanted = run(&folder, args, redirection);
            assert_eq!(said(&unwanted), "", "{args:?} {redirection}");
            assert!(unwanted.status.code() < Some(2), "{args:?} {redirection}");
        }
        if cfg!(target_os = "linux") {
            let full = run(&folder, args, ">/dev/full");
            let want = "swathe: <stdout>: No space left on device\n";
            assert_eq!(said(&full), want, "{args:?}");
            assert_eq!(full.status.code(), Some(2), "{args:?}");
        }
    }
}

#[test]
fn nothing_to_print_is_not_lost() {
    let folder = folder("closed-nothing");
    for (args, exit) in [
        (&["search", "-q", "a", "log"][..], 0),
        (&["search", "nothing", "log"], 1),
        (&["count", "a", "log", "--output=answer"], 0),
        (&["count", "a", "log", "--partial=answer"], 0),
    ] {
        let closed = run(&folder, args, ">&- 2>&-");
        assert_eq!(closed.status.code(), Some(exit), "{args:?}");
    }
}

#[test]
fn what_was_not_seen_is_new_in_the_next_run() {
    let folder = folder("closed-state");
    for args in [
        &["search", "--resume=state", "a", "log"][..],
        &["count", "--resume=state", "a", "log"],
        &["report", "--resume=state", "log"],
    ] {
        for redirection in [">&-", ">/dev/full"] {
            if redirection == ">&-" || cfg!(target_os = "linux") {
                let lost = run(&folder, args, redirection);
                assert_eq!(lost.status.code(), Some(2), "{args:?} {redirection}");
                assert!(!folder.path("state").exists(), "{args:?} {redirection}");
            }
        }
        let seen = run(&folder, args, "");
        assert_eq!(seen.status.code(), Some(0), "{args:?}");
        std::fs::remove_file(folder.path("state")).expect("a state");
    }
}

#[test]
fn a_message_that_nobody_gets_is_an_error() {
    let folder = folder("closed-stderr");
    let told = ["count", "a", "log"];
    for redirection in ["2>&-", "2>/dev/full"] {
        if redirection == "2>&-" || cfg!(target_os = "linux") {
            // There is nothing to say.
            let plain = run(&folder, &told, redirection);
            assert_eq!(plain.status.code(), Some(0), "{redirection}");
            // A file is left out, which is a mere note.
            std::fs::create_dir_all(folder.path("sub")).expect("a folder");
            folder.write("sub/binary", b"a\0b");
            let noted = ["count", "a", "sub", "log"];
            let heard = run(&folder, &noted, "");
            assert_eq!(heard.status.code(), Some(0), "{}", said(&heard));
            assert!(!said(&heard).is_empty());
            let unheard = run(&folder, &noted, redirection);
            assert_eq!(unheard.status.code(), Some(2), "{redirection}");
        }
    }
}

#[test]
fn a_closed_input_is_not_an_empty_one() {
    let folder = folder("closed-stdin");
    for args in [
        &["search", "a", "-"][..],
        &["count", "a"],
        &["stats", "-"],
        &["templates"],
    ] {
        let closed = run(&folder, args, "<&-");
        let said = said(&closed);
        assert!(said.starts_with("swathe: <stdin>: is closed"), "{said}");
        assert_eq!(closed.status.code(), Some(2), "{args:?}");
    }
}
