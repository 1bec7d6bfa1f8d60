//! What is said when memory is not to be had, and that `--memory` is kept to.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

/// Lines with this many different keys, each once.
fn lines(keys: u32) -> String {
    let mut text = String::new();
    for key in 0..keys {
        let _ = writeln!(
            text,
            "user={} ms={}",
            u64::from(key) * 7_919_777 % 99_999_989,
            key % 977
        );
    }
    text
}

/// The most memory, in bytes, that the program has had when it has read all of this but
/// what a pipe holds.
fn peak(args: &[&str], input: &str) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(input.as_bytes()).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(pipe);
    assert!(child.wait().unwrap().success());
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib << 10
}

/// Partials of chunks and those that wait to be merged count too: without a bound for
/// them one thread takes 57 MB, and each further one up to 12 MB more.
#[test]
fn the_bound_on_memory_holds_for_all_threads_together() {
    let text = lines(400_000);
    for threads in ["1", "6"] {
        for question in [
            &["values", r"ms=(\d+)"][..],
            &["top", "--distinct", "field:2"],
        ] {
            let options = ["--by", "field:1", "--memory", "16M", "--chunk-size", "1M"];
            let args = [question, &options[..], &["-j", threads, "-"]].concat();
            let peak = peak(&args, &text);
            let most = (16 + 26 + 5 * threads.parse::<u64>().unwrap()) << 20;
            assert!(peak < most, "{args:?} took {peak} bytes");
        }
    }
}

#[test]
fn no_memory_is_said_in_a_line() {
    let program = env!("CARGO_BIN_EXE_swathe");
    let script = format!("ulimit -v 150000; exec {program} top --by field:1 -j1 -");
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let text = lines(1 << 20);
    // It ends before all is written.
    for _ in 0..10 {
        let _ = pipe.write_all(text.replace("user=", &"long-".repeat(20)).as_bytes());
    }
    drop(pipe);
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(
        said.starts_with("swathe: out of memory: ") && said.contains("--memory"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(out.stdout.is_empty());
}
