//! What the sources may look like: the layers of ARCHITECTURE.md, the length
//! of files, which files use each other, where unsafe code may be.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    "visible",
    "time",
    "exec",
    "generate",
    "source",
    "walk",
    "chunk",
    "pattern",
    "header",
    "format",
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

/// The most files that may use each other, directly or by way of one another: each can only
/// be read together with the others.
const MAX_CIRCLE: usize = 3;

#[test]
fn circles_of_files_are_small() {
    let mut files = all();
    files.retain(|(name, _)| name.starts_with("src/"));
    files.sort();
    let circles = circles(&files);
    let large: Vec<_> = circles.iter().filter(|c| c.len() > MAX_CIRCLE).collect();
    assert!(large.is_empty(), "files that use each other: {large:#?}");
    // Were nothing read, none would be found.
    assert!(circles.len() > 5, "{circles:?}");
}

/// Where an item is: the names of modules, and its own.
type Place<'t> = Vec<&'t str>;

/// What a `use` names, and whether it makes that public.
struct Use<'t> {
    path: Place<'t>,
    public: bool,
}

/// The files that reach each other by `use`, where there is more than one.
///
/// Who imports what a module imports itself, as with `pub use`, uses the file where it is. A
/// module that hands on names of its own parts does not use them.
fn circles(files: &[(String, String)]) -> Vec<Vec<&str>> {
    let modules: BTreeMap<Place<'_>, usize> = (0..)
        .zip(files)
        .map(|(number, (name, _))| (module(name), number))
        .collect();
    let mut uses: BTreeMap<&Place<'_>, Vec<Use<'_>>> = BTreeMap::new();
    for (module, &number) in &modules {
        uses.insert(module, uses_of(module, &files[number].1, &modules));
    }
    let direct = |module: &Place<'_>| -> BTreeSet<usize> {
        let uses_it = |one: &&Use<'_>| !(one.public && one.path.starts_with(module));
        let all = uses[module].iter().filter(uses_it);
        all.filter_map(|one| file_of(&one.path, &modules, &uses, 0))
            .collect()
    };
    let mut next = vec![BTreeSet::new(); files.len()];
    for (module, &number) in &modules {
        next[number] = direct(module);
    }
    let reached: Vec<BTreeSet<usize>> = (0..files.len())
        .map(|from| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(file) = open.pop() {
                open.extend(next[file].iter().filter(|next| seen.insert(**next)));
            }
            seen
        })
        .collect();
    let mut circles = BTreeSet::new();
    for from in 0..files.len() {
        let back = |to: &usize| *to == from || reached[*to].contains(&from);
        let mut circle: Vec<usize> = reached[from].iter().copied().filter(back).collect();
        circle.sort_unstable();
        circles.insert(circle);
    }
    let named = |circle: Vec<usize>| circle.into_iter().map(|file| &*files[file].0).collect();
    let several = circles.into_iter().filter(|circle| circle.len() > 1);
    several.map(named).collect()
}

/// The module that a file is; `swathe` is the library, `bin` the program.
fn module(file: &str) -> Place<'_> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let (root, inside) = match inside.strip_prefix("bin/swathe/") {
        Some(inside) => ("bin", inside),
        None => ("swathe", inside),
    };
    let names = inside.split('/');
    let itself = |name: &&str| !matches!(*name, "mod" | "lib" | "main");
    std::iter::once(root).chain(names.filter(itself)).collect()
}

/// What a file names of the crate, in what it imports for all of it.
fn uses_of<'t>(
    module: &Place<'t>,
    text: &'t str,
    modules: &BTreeMap<Place<'t>, usize>,
) -> Vec<Use<'t>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.lines() {
        let start = at;
        at += line.len() + 1;
        let visible = line.starts_with("pub");
        let Some(place) = line.find("use ").filter(|place| visible || *place == 0) else {
            continue;
        };
        let known = place == 0 || line[..place].trim_end().ends_with([')', 'b']);
        let rest = &text[start + place + "use ".len()..];
        let Some(end) = rest.find(';').filter(|_| known) else {
            continue;
        };
        let mut paths = Vec::new();
        expand(&rest[..end], &[], &mut paths);
        found.extend(paths.into_iter().filter_map(|path| {
            let (first, names) = path.split_first()?;
            let mut place = match *first {
                "crate" => vec![module[0]],
                "swathe" => vec!["swathe"],
                "self" => module.clone(),
                "super" => module[..module.len() - 1].to_vec(),
                part => {
                    let part = [&module[..], &[part]].concat();
                    modules.contains_key(&part).then_some(part)?
                }
            };
            for &name in names {
                match name {
                    "super" => drop(place.pop()),
                    "self" => {}
                    name => place.push(name),
                }
            }
            Some(Use {
                path: place,
                public: visible,
            })
        }));
    }
    found
}

/// The paths of `a::{b, c::d as e}`. What it is called here does not matter.
fn expand<'t>(tree: &'t str, before: &[&'t str], paths: &mut Vec<Place<'t>>) {
    let tree = tree.trim();
    let (names, group) = match tree.split_once('{') {
        Some((names, group)) => (names, group.rsplit_once('}').map(|(group, _)| group)),
        None => (tree, None),
    };
    let names = names.split("::").map(name).filter(|name| !name.is_empty());
    let path: Place<'t> = before.iter().copied().chain(names).collect();
    let Some(group) = group else {
        paths.push(path);
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, char) in group.char_indices().chain([(group.len(), ',')]) {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[start..at].trim().is_empty() {
                    expand(&group[start..at], &path, paths);
                }
                start = (at + 1).min(group.len());
            }
            _ => {}
        }
    }
}

/// The file that has what a path names.
fn file_of<'t>(
    path: &Place<'t>,
    modules: &BTreeMap<Place<'t>, usize>,
    uses: &BTreeMap<&Place<'t>, Vec<Use<'t>>>,
    depth: usize,
) -> Option<usize> {
    let len = (1..=path.len())
        .rev()
        .find(|len| modules.contains_key(&path[..*len]))?;
    let (module, rest) = (path[..len].to_vec(), &path[len..]);
    let imported = rest.first().and_then(|name| {
        let mut imports = uses.get(&module)?.iter();
        imports.find(|one| one.path.last() == Some(name) && one.path[..] != path[..=len])
    });
    match imported {
        // Two modules may import from each other.
        Some(import) if depth < 8 => {
            let path = [&import.path[..], &rest[1..]].concat();
            file_of(&path, modules, uses, depth + 1)
        }
        _ => modules.get(&module).copied(),
    }
}

#[test]
fn a_circle_is_found_by_any_import() {
    let file = |name: &str, text: &str| (name.to_string(), text.to_string());
    let files = [
        file("src/lib.rs", "pub mod a;\npub mod b;\n"),
        // Names of its own parts are handed on, and nothing is used.
        file("src/a/mod.rs", "mod one;\nmod two;\npub use one::One;\n"),
        file(
            "src/a/one.rs",
            "use std::fmt;\n\nuse crate::{\n    b::B,\n    line,\n};\n",
        ),
        file("src/a/two.rs", "use super::{One as Uno, super::b::B};\n"),
        file(
            "src/b.rs",
            "pub(crate) use crate::a::two::{self, Two};\n#[cfg(test)]\nmod tests {\n    use super::x;\n}\n",
        ),
        file("src/bin/swathe/main.rs", "use swathe::b::B;\nmod c;\n"),
        file(
            "src/bin/swathe/c.rs",
            "// use crate::main;\nuse super::Main;\n",
        ),
    ];
    assert_eq!(
        circles(&files),
        [["src/a/one.rs", "src/a/two.rs", "src/b.rs"]]
    );
    let mut apart = files;
    apart[4].1 = "use crate::c;\n".to_string();
    assert_eq!(circles(&apart), Vec::<Vec<&str>>::new());
}
