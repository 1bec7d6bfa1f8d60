//! Puts the files of `formats/` into the library, so that a format is added by adding a file.

use std::{env, fmt::Write, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=formats");
    let root = env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("formats"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_string());
        }
    }
    names.sort();
    let mut table = String::from("[\n");
    for name in &names {
        writeln!(
            table,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/formats/{name}.toml\"))),"
        )
        .expect("a string takes all");
    }
    table.push_str("]\n");
    let out = env::var("OUT_DIR").expect("set by cargo");
    fs::write(Path::new(&out).join("formats.rs"), table)
}
