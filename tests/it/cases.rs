//! Runs the cases of `tests/cases` through the built binary, each at several
//! chunk sizes and thread counts.

mod file;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use file::Case;

/// Chunk size and threads; none of them may change an answer.
const WAYS: [(Option<u32>, u32); 5] = [
    (Some(1), 1),
    (Some(1), 4),
    (Some(7), 3),
    (Some(64), 2),
    (None, 2),
];

/// Commands that take `--chunk-size` and `--threads`.
const READERS: [&str; 9] = [
    "search",
    "count",
    "stats",
    "templates",
    "timeline",
    "top",
    "values",
    "report",
    "diff",
];

macro_rules! case_files {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run_file(stringify!($name));
        })*

        #[test]
        fn every_file_of_cases_is_run() {
            let run = BTreeSet::from([$(concat!(stringify!($name), ".case").to_string()),*]);
            let there = fs::read_dir(folder())
                .expect("the folder of cases")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
                .filter(|name| name.ends_with(".case"))
                .collect();
            assert_eq!(run, there);
        }
    };
}

case_files! {
    beyond bytes conditions context count diff errors fail_if flags formats inspect lines modes
    packed records report resume select stats stdin templates timeline top values walk
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn run_file(name: &str) {
    let path = folder().join(name).with_extension("case");
    let text = fs::read(&path).expect("a readable file of cases");
    let cases = file::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(!cases.is_empty(), "{} has no case", path.display());
    let mut report = String::new();
    for (number, case) in cases.iter().enumerate() {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cases-{name}-{number}"));
        let _ = fs::remove_dir_all(&dir);
        lay_out(case, &dir);
        for way in WAYS {
            let faults = faults(case, &run(case, &dir, way));
            for fault in &faults {
                writeln!(report, "{} {way:?}: {fault}", case.name).expect("a string");
            }
            // One way that fails says enough, and only readers have several.
            if !faults.is_empty() || !READERS.contains(&case.args[0].as_str()) {
                break;
            }
        }
        fs::remove_dir_all(&dir).expect("removes what it made");
    }
    assert!(report.is_empty(), "{}\n{report}", path.display());
}

fn lay_out(case: &Case, dir: &Path) {
    fs::create_dir_all(dir).expect("a directory");
    for (name, content) in &case.files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("a name below the directory"))
            .expect("a directory");
        fs::write(path, content).expect("an input");
    }
    for (name, target) in &case.links {
        std::os::unix::fs::symlink(target, dir.join(name)).expect("a link");
    }
}

fn run(case: &Case, dir: &Path, (chunk_size, threads): (Option<u32>, u32)) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.current_dir(dir).arg(&case.args[0]);
    if READERS.contains(&case.args[0].as_str()) {
        command.arg(format!("--threads={threads}"));
        command.args(chunk_size.map(|size| format!("--chunk-size={size}")));
    }
    command.args(&case.args[1..]);
    for name in ["SWATHE_CONFIG_PATH", "NO_COLOR", "XDG_CONFIG_HOME"] {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let stdin = if case.stdin.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    };
    let mut child = command.stdin(stdin).spawn().expect("the binary starts");
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            if let (Some(mut pipe), Some(input)) = (pipe, &case.stdin) {
                // A search that has found enough closes the pipe.
                let _ = pipe.write_all(input);
            }
        });
        child.wait_with_output().expect("the binary ends")
    })
}

fn faults(case: &Case, output: &Output) -> Vec<String> {
    let mut faults = Vec::new();
    let messages = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(case.exit) {
        faults.push(format!(
            "ended with {}, not {}: {messages}",
            output.status, case.exit
        ));
    }
    let stdout = output.stdout.escape_ascii();
    if let Some(wanted) = &case.json {
        match serde_json::from_slice(&output.stdout) {
            Ok(found) => holds("", wanted, &found, &mut faults),
            Err(e) => faults.push(format!("no JSON ({e}): {stdout}")),
        }
    } else if let Some(lines) = &case.contains {
        let missing = |line: &&Vec<u8>| !output.stdout.split(|&b| b == b'\n').any(|l| l == *line);
        for line in lines.iter().filter(missing) {
            faults.push(format!("no line {}: {stdout}", line.escape_ascii()));
        }
    } else if output.stdout != case.stdout {
        faults.push(format!(
            "printed {stdout}, not {}",
            case.stdout.escape_ascii()
        ));
    }
    if case.stderr.is_empty() && !messages.is_empty() {
        faults.push(format!("says {messages}"));
    }
    for text in case.stderr.iter().filter(|text| !messages.contains(*text)) {
        faults.push(format!("does not say {text}: {messages}"));
    }
    faults
}

/// Checks that `found` has every field and every element of `wanted`.
fn holds(at: &str, wanted: &Value, found: &Value, faults: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, value) in wanted {
                let found = found.get(key).unwrap_or(&Value::Null);
                holds(&format!("{at}.{key}"), value, found, faults);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (i, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                holds(&format!("{at}[{i}]"), wanted, found, faults);
            }
        }
        (Value::Number(wanted), Value::Number(found)) if wanted.as_f64() == found.as_f64() => {}
        _ if wanted == found => {}
        _ => faults.push(format!("{at} is {found}, not {wanted}")),
    }
}
