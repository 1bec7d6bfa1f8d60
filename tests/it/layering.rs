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
    "whole_file",
    "line",
    "number",
    "sketch",
    "progress",
    "time",
    "exec",
    "generate",
    "source",
    "walk",
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
        for (number, used) in used_modules(&text) {
            let Some(at) = LAYERS.iter().position(|l| *l == used) else {
                continue;
            };
            let known = EXCEPTIONS.contains(&(module, used));
            assert!(
                at <= level || known,
                "{name}:{number} uses crate::{used}, which comes after {module}"
            );
        }
    }
}

/// The modules of the crate that code names, each with the number of its line: those of
/// `crate::a::b`, and of `crate::{a, b::{c, d}}` as well. Comments name none.
fn used_modules(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let start = at;
        at += line.len() + 1;
        let code = line.split("//").next().unwrap_or_default();
        for (place, _) in code.match_indices("crate::") {
            let names = &text[start + place + "crate::".len()..];
            let Some(group) = names.strip_prefix('{') else {
                found.push((number, name(names)));
                continue;
            };
            let (mut depth, mut first) = (0, true);
            for (i, char) in group.char_indices() {
                match char {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => first = true,
                    char if char.is_whitespace() => {}
                    _ if depth == 0 && std::mem::take(&mut first) => {
                        found.push((number, name(&group[i..])));
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

/// The name that a text begins with.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

#[test]
fn modules_are_read_out_of_any_import() {
    let text = "use crate::a::b;\nuse crate::{\n    c,\n    d::{e, f::{g}}, h as i,\n};\n\
                // crate::j\nlet x = crate::k::l(crate::m);\nuse other::{n};\n";
    let found: Vec<(usize, &str)> = used_modules(text);
    assert_eq!(
        found,
        [(1, "a"), (2, "c"), (2, "d"), (2, "h"), (7, "k"), (7, "m")]
    );
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
