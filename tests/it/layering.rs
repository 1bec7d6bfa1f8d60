//! What the sources may look like: the layers of ARCHITECTURE.md, the length
//! of files, where unsafe code may be.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Modules in the order the data meets them; each may use those before it.
const LAYERS: &[&str] = &[
    "error",
    "harmless",
    "line",
    "number",
    "sketch",
    "progress",
    "time",
    "exec",
    "generate",
    "source",
    "chunk",
    "pattern",
    "header",
    "template",
    "key",
    "statistic",
    "select",
    "inspect",
    "print",
    "search",
    "fold",
    "report",
    "request",
    "run",
    "diff",
];

/// What a lower layer may know of a higher one: plain data only.
const EXCEPTIONS: &[(&str, &str)] = &[
    // The totals that a printer prints, and the mode that says which.
    ("print", "search"),
];

const MAX_LINES: usize = 600;

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for dir in ["src", "tests", "benches"] {
        sources(&root.join(dir), &mut found);
    }
    found
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn no_file_is_too_long() {
    for (name, text) in all() {
        let lines = text.lines().count();
        assert!(
            lines <= MAX_LINES,
            "{name} has {lines} lines; it holds more than one idea"
        );
    }
}

#[test]
fn a_module_uses_only_those_before_it() {
    for (name, text) in all() {
        let Some(inside) = name.strip_prefix("src/") else {
            continue;
        };
        let module = inside.split(['/', '.']).next().unwrap();
        let Some(level) = LAYERS.iter().position(|l| *l == module) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let Some((_, used)) = line.split_once("crate::") else {
                continue;
            };
            let used = used
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap();
            let Some(at) = LAYERS.iter().position(|l| *l == used) else {
                continue;
            };
            let known = EXCEPTIONS.contains(&(module, used));
            assert!(
                at <= level || known || line.trim_start().starts_with("//"),
                "{name}:{} uses crate::{used}, which comes after {module}",
                number + 1
            );
        }
    }
}

#[test]
fn unsafe_code_is_where_it_belongs() {
    for (name, text) in all() {
        let unsafe_code = text.lines().any(|line| {
            let code = line.split("//").next().unwrap_or_default();
            code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl")
        });
        let expected = UNSAFE.contains(&name.as_str()) || name == "tests/it/layering.rs";
        assert!(!unsafe_code || expected, "{name} holds unsafe code");
    }
}

/// The files that may hold unsafe code.
const UNSAFE: &[&str] = &[
    "src/source/guard.rs",
    "src/source/map.rs",
    "src/source/resident.rs",
    // The priority of reads has no call in any library here.
    "src/bin/swathe/gentle.rs",
    // Runs before main, which is too late.
    "src/bin/swathe/closed.rs",
    // What the allocator of the system cannot give.
    "src/bin/swathe/out_of_memory.rs",
    // Kernels for newer processors, called after asking for them.
    "src/pattern/many/teddy.rs",
    "src/pattern/prefilter/bits.rs",
    "src/statistic/blocks.rs",
    // Waits for a child and is told what it used.
    "src/bin/swathe/bench/child.rs",
    // Opens a terminal.
    "tests/it/terminal.rs",
    // What the guard does to a process is tried on one.
    "tests/it/guard.rs",
];
