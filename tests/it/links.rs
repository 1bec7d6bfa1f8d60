//! What the documents point to is there.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The documents that are kept true with every commit; decisions and the changelog are
/// about their time.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "PERFORMANCE.md",
    ];
    let docs = fs::read_dir(root.join("docs")).expect("a folder");
    let docs = docs.map(|entry| entry.expect("an entry").path());
    let docs = docs.filter(|path| path.extension().is_some_and(|ext| ext == "md"));
    named
        .map(|name| root.join(name))
        .into_iter()
        .chain(docs)
        .collect()
}

/// What stands between these, each time.
fn between<'t>(text: &'t str, open: &str, close: char) -> Vec<&'t str> {
    let parts = text.split(open).skip(1);
    parts
        .filter_map(|part| part.split_once(close))
        .map(|(part, _)| part)
        .collect()
}

#[test]
fn links_lead_to_files() {
    let mut followed = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document");
        for link in between(&text, "](", ')') {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let folder = document.parent().expect("a folder");
            assert!(folder.join(file).exists(), "{}: {link}", document.display());
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}

/// The table of ARCHITECTURE.md says where things are, from `src/` or from what a row
/// names first.
#[test]
fn the_map_of_the_tree_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let roots = ["", "src", "src/bin/swathe", "tests"].map(|part| root.join(part));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("a document");
    let mut found = 0;
    for row in text.lines().filter(|line| line.starts_with("| ")) {
        // What stands between backticks.
        let places = row.split('`').skip(1).step_by(2);
        let mut folders: Vec<PathBuf> = roots.to_vec();
        for place in places.filter(|place| {
            let path =
                place.contains('/') || Path::new(place).extension().is_some_and(|ext| ext == "rs");
            path && !place.contains([' ', '<', '(', '*'])
        }) {
            let mut here = folders.iter().map(|folder| folder.join(place));
            let there = here.find(|path| path.exists());
            let there = there.unwrap_or_else(|| panic!("{place} is not there: {row}"));
            let folder = if there.is_dir() {
                Some(there.as_path())
            } else {
                there.parent()
            };
            folders.extend(folder.map(Path::to_path_buf));
            found += 1;
        }
    }
    assert!(found > 60, "{found}");
}
