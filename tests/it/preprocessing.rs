//! Programs that are run on files before these are searched.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

use crate::pack;

struct Scratch(std::path::PathBuf);

impl Scratch {
    /// Three logs, one of them packed, and programs.
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("swathe-pre-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("logs")).unwrap();
        let scratch = Scratch(dir);
        scratch.program("upper", "tr a-z A-Z");
        scratch.program("named", "echo \"error in $1\"; cat");
        scratch.program(
            "fails",
            "echo error; echo >&2; echo 'no such  thing' >&2; exit 3",
        );
        for (name, text) in [("a", "error\n"), ("b", "fine\nerror\n")] {
            fs::write(scratch.0.join("logs").join(name), text).unwrap();
        }
        fs::write(scratch.0.join("logs/c.gz"), pack::gzip(b"error\n")).unwrap();
        scratch
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.0.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What is printed, what is said, the exit code.
    fn said(&self, arguments: &str) -> (String, String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_swathe"))
            .current_dir(&self.0)
            .args(["search", "--no-config"])
            .args(arguments.split_whitespace())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        (text(output.stdout), text(output.stderr), code)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_it_prints_is_searched() {
    let scratch = Scratch::new("prints");
    for threads in ["-j1", "-j3"] {
        for (arguments, want) in [
            ("--pre ./upper ERROR logs/a", "ERROR\n"),
            ("--pre ./upper -c ERROR logs", "logs/a:1\nlogs/b:1\n"),
            // It has the file by name and on its standard input; what is packed
            // is stored there, and is binary.
            ("--pre ./named -c error logs", "logs/a:2\nlogs/b:2\n"),
            ("--pre ./named -o error.in.* logs/b", "error in logs/b\n"),
            (
                "--pre ./upper --pre-glob a -c (?i)error logs",
                "logs/a:1\nlogs/b:1\nlogs/c.gz:1\n",
            ),
            ("--pre ./upper --pre-glob a -c ERROR logs", "logs/a:1\n"),
            ("--pre ./upper --pre-glob !a -c ERROR logs", "logs/b:1\n"),
            (
                "--pre ./upper -z -c error logs",
                "logs/a:1\nlogs/b:1\nlogs/c.gz:1\n",
            ),
            (
                "--pre ./named --first 1 error logs",
                "logs/a:error in logs/a\n",
            ),
            (
                "--pre ./named --last 1 error logs/a logs/b",
                "logs/b:error\n",
            ),
            ("--pre ./upper --archives -c ERROR logs/b", "1\n"),
        ] {
            let (out, said, code) = scratch.said(&format!("{threads} {arguments}"));
            assert_eq!((&*out, &*said, code), (want, "", 0), "{arguments}");
        }
    }
}

#[test]
fn one_that_fails_is_said_and_the_others_searched() {
    let scratch = Scratch::new("fails");
    let (out, said, code) = scratch.said("--pre ./fails --pre-glob b -c error logs");
    assert_eq!((&*out, code), ("logs/a:1\nlogs/c.gz:1\n", 2), "{said}");
    let want = "swathe: logs/b: the program of --pre, './fails', failed with exit status: 3; it \
                said: no such  thing (";
    assert!(
        said.starts_with(want) && said.lines().count() == 1,
        "{said}"
    );

    // Half a count is no count; lines are lines.
    let (out, said, code) = scratch.said("--pre ./fails error logs/b");
    assert_eq!((&*out, code), ("error\n", 2), "{said}");

    let (out, said, code) = scratch.said("--pre ./not-there -c error logs/a logs/b");
    assert_eq!((&*out, code, said.lines().count()), ("", 2, 2), "{said}");
    let want = "swathe: logs/a: the program of --pre, './not-there', could not be started: ";
    assert!(said.starts_with(want), "{said}");
}

#[test]
fn much_comes_through_without_being_held() {
    let scratch = Scratch::new("much");
    let text = pack::text(300_000);
    fs::write(scratch.0.join("much"), &text).unwrap();
    scratch.program("says", "cat; yes no | head -c 300000 >&2");
    let (out, said, code) = scratch.said("--pre ./says -N ^ much");
    assert!(
        out.as_bytes() == text && said.is_empty() && code == 0,
        "{said}"
    );
    let (out, said, code) = scratch.said("--pre yes -m1 ^ much");
    assert_eq!((&*out, &*said, code), ("much\n", "", 0));
    let (_, said, code) = scratch.said("--pre cat --order time ^ much");
    assert!(
        said.contains("--order time looks into") && code == 2,
        "{said}"
    );
}
