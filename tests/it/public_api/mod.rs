//! What a program can name of the library, as it is listed in `docs/public-api.txt`, so
//! that a change of it is seen where changes are read.
//!
//! `scripts/public_api.sh` has rustdoc write what is public and runs the test that is
//! ignored otherwise, since the stable compiler writes it for those only who say that
//! they want what is unstable.

mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Value, json};

use text::{Names, generics, kind, signature};

/// The lines of a listing that is being made.
struct Listing<'a> {
    index: &'a Value,
    names: Names<'a>,
    lines: BTreeSet<String>,
}

/// What is public of a crate, by what rustdoc says of it as JSON.
fn listing(rustdoc: &Value) -> Vec<String> {
    let mut listing = Listing {
        index: &rustdoc["index"],
        names: Names(&rustdoc["paths"]),
        lines: BTreeSet::new(),
    };
    let root = listing.item(&rustdoc["root"]).expect("a root");
    let name = root["name"].as_str().expect("the name of the crate");
    listing.module(root, name);
    listing.lines.into_iter().collect()
}

impl<'a> Listing<'a> {
    fn item(&self, id: &Value) -> Option<&'a Value> {
        self.index.get(id.to_string())
    }

    fn items(&self, ids: &'a Value) -> impl Iterator<Item = &'a Value> + use<'a> {
        let index = self.index;
        let ids = ids.as_array().into_iter().flatten();
        ids.filter_map(move |id| index.get(id.to_string()))
    }

    fn module(&mut self, module: &'a Value, path: &str) {
        for item in self.items(&module["inner"]["module"]["items"]) {
            let used = &item["inner"]["use"];
            if used.is_null() {
                self.list(item, &format!("{path}::{}", name(item)));
                continue;
            }
            let name = used["name"].as_str().unwrap_or_default();
            let all = used["is_glob"] == true;
            match self.item(&used["id"]) {
                Some(module) if all => self.module(module, path),
                Some(item) => self.list(item, &format!("{path}::{name}")),
                None => {
                    let source = used["source"].as_str().unwrap_or_default();
                    self.lines.insert(format!("{path}::{name} = {source}"));
                }
            }
        }
    }

    /// Lists an item that can be named by this path, and all in it.
    fn list(&mut self, item: &'a Value, path: &str) {
        let (kind, inner) = kind(&item["inner"]);
        match kind {
            "module" => self.module(item, path),
            "function" => self.function(inner, path),
            "struct" | "union" | "enum" | "trait" | "type_alias" => {
                let (all, wheres) = generics(self.names, &inner["generics"]);
                let is = match kind {
                    "type_alias" => format!(" = {}", self.names.of_type(&inner["type"])),
                    "trait" => self.names.bounds(&inner["bounds"]),
                    _ => String::new(),
                };
                let hidden = inner["has_stripped_fields"] == true
                    || inner["kind"]["plain"]["has_stripped_fields"] == true;
                let hidden = if hidden { " { .. }" } else { "" };
                let attributes = attributes(item);
                let kind = if kind == "type_alias" { "type" } else { kind };
                self.lines.insert(format!(
                    "{path}: {attributes}{kind}{all}{is}{wheres}{hidden}"
                ));
                self.members(inner, path);
            }
            "variant" => {
                let inner = &inner["kind"];
                let fields = inner["tuple"].as_array();
                let named = &inner["struct"]["fields"];
                self.lines
                    .insert(format!("{path}: {}variant", attributes(item)));
                for (at, id) in fields.into_iter().flatten().enumerate() {
                    self.field(id, &format!("{path}::{at}"));
                }
                self.fields(named, path);
            }
            "constant" | "static" => {
                let of_type = self.names.of_type(&inner["type"]);
                let value = &inner["const"]["value"];
                let value = value.as_str().map(|value| format!(" = {value}"));
                self.lines.insert(format!(
                    "{path}: const {of_type}{}",
                    value.unwrap_or_default()
                ));
            }
            "assoc_const" => {
                let of_type = self.names.of_type(&inner["type"]);
                self.lines.insert(format!("{path}: const {of_type}"));
            }
            "assoc_type" => {
                let bounds = self.names.bounds(&inner["bounds"]);
                self.lines.insert(format!("{path}: type{bounds}"));
            }
            _ => {
                self.lines.insert(format!("{path}: {kind}"));
            }
        }
    }

    fn function(&mut self, function: &'a Value, path: &str) {
        let default = if function["has_body"] == true {
            ""
        } else {
            ";"
        };
        let signature = signature(self.names, function);
        self.lines.insert(format!("{path}{signature}{default}"));
    }

    fn fields(&mut self, ids: &'a Value, path: &str) {
        for id in ids.as_array().into_iter().flatten() {
            if let Some(field) = self.item(id) {
                self.field(id, &format!("{path}.{}", name(field)));
            }
        }
    }

    fn field(&mut self, id: &Value, path: &str) {
        if let Some(field) = self.item(id) {
            let of_type = self.names.of_type(&field["inner"]["struct_field"]);
            self.lines.insert(format!("{path}: {of_type}"));
        }
    }

    /// Lists fields, variants and what is implemented.
    fn members(&mut self, inner: &'a Value, path: &str) {
        self.fields(&inner["kind"]["plain"]["fields"], path);
        let fields = inner["kind"]["tuple"].as_array();
        for (at, id) in fields.into_iter().flatten().enumerate() {
            self.field(id, &format!("{path}.{at}"));
        }
        for list in ["variants", "items"] {
            for item in self.items(&inner[list]) {
                self.list(item, &format!("{path}::{}", name(item)));
            }
        }
        for item in self.items(&inner["impls"]) {
            let block = &item["inner"]["impl"];
            if block["trait"].is_null() {
                for item in self.items(&block["items"]) {
                    self.list(item, &format!("{path}::{}", name(item)));
                }
            } else if block["blanket_impl"].is_null() {
                self.implemented(block, path);
            }
        }
    }

    fn implemented(&mut self, block: &'a Value, path: &str) {
        let of_trait = self.names.path(&block["trait"]);
        // Of what the compiler finds out by itself, what threads rely on.
        if block["is_synthetic"] == true && !["Send", "Sync"].contains(&&*of_trait) {
            return;
        }
        let not = if block["is_negative"] == true {
            "!"
        } else {
            ""
        };
        // `PartialEq` comes with this, and nobody can name it.
        if of_trait == "StructuralPartialEq" {
            return;
        }
        let by = &block["for"]["borrowed_ref"];
        let by = if by.is_null() { "" } else { " for a reference" };
        self.lines
            .insert(format!("{path}: impl {not}{of_trait}{by}"));
        let types = self.items(&block["items"]);
        for item in types.filter(|item| !item["inner"]["assoc_type"].is_null()) {
            let is = self.names.of_type(&item["inner"]["assoc_type"]["type"]);
            self.lines.insert(format!(
                "{path}: impl {not}{of_trait}{by}: {} = {is}",
                name(item)
            ));
        }
    }
}

fn name(item: &Value) -> &str {
    item["name"].as_str().unwrap_or_default()
}

/// Those that a caller depends on.
fn attributes(item: &Value) -> &'static str {
    let attributes = item["attrs"].as_array();
    let closed = |attribute: &Value| attribute == "non_exhaustive";
    let closed = attributes.is_some_and(|all| all.iter().any(closed));
    if closed { "non_exhaustive " } else { "" }
}

#[test]
#[ignore = "scripts/public_api.sh makes what it reads"]
fn what_is_public_is_listed() {
    let rustdoc = std::env::var_os("SWATHE_RUSTDOC").expect("scripts/public_api.sh sets it");
    let rustdoc = fs::read(rustdoc).expect("what rustdoc wrote");
    let rustdoc = serde_json::from_slice(&rustdoc).expect("JSON");
    let mut lines = listing(&rustdoc);
    assert!(lines.len() > 1000, "{} lines", lines.len());
    lines.insert(
        0,
        "What a program can name of the library. `scripts/public_api.sh` writes it anew.".into(),
    );
    let text = lines.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/public-api.txt");
    if std::env::var_os("SWATHE_WRITE").is_some() {
        fs::write(&path, &text).expect("the listing");
        return;
    }
    let listed = fs::read_to_string(&path).unwrap_or_default();
    let differ = difference(&listed, &text);
    assert!(
        differ.is_empty(),
        "scripts/public_api.sh writes docs/public-api.txt anew:\n{}",
        differ.join("\n")
    );
}

/// Lines of only one of two sorted texts, as a patch has them.
fn difference(before: &str, after: &str) -> Vec<String> {
    let mut lines: BTreeMap<&str, i8> = BTreeMap::new();
    for line in before.lines() {
        *lines.entry(line).or_default() -= 1;
    }
    for line in after.lines() {
        *lines.entry(line).or_default() += 1;
    }
    let differ = lines.into_iter().filter(|(_, times)| *times != 0);
    let sign = |times: i8| if times < 0 { '-' } else { '+' };
    differ
        .map(|(line, times)| format!("{}{line}", sign(times)))
        .collect()
}

#[test]
fn a_listing_says_what_changed() {
    let path =
        |name: &str, id: u64| json!({"resolved_path": {"path": name, "id": id, "args": null}});
    let crate_of = |argument: Value| {
        json!({
            "root": 0,
            "paths": {"9": {"path": ["other", "inner", "Thing"]}, "8": {"path": ["core", "fmt", "Debug"]}},
            "index": {
                "0": {"name": "own", "inner": {"module": {"items": [1, 2]}}},
                "1": {"name": null, "inner": {"use": {
                    "source": "hidden::Kept", "name": "Kept", "id": 3, "is_glob": false}}},
                "2": {"name": null, "inner": {"use": {
                    "source": "other::Thing", "name": "Thing", "id": 9, "is_glob": false}}},
                "3": {"name": "Kept", "attrs": ["non_exhaustive"], "inner": {"struct": {
                    "kind": {"plain": {"fields": [4], "has_stripped_fields": true}},
                    "generics": {"params": [], "where_predicates": []}, "impls": [5, 6]}}},
                "4": {"name": "field", "inner": {"struct_field": {"primitive": "u64"}}},
                "5": {"name": null, "inner": {"impl": {
                    "trait": {"path": "Debug", "id": 8, "args": null},
                    "blanket_impl": null, "for": {}, "items": []}}},
                "6": {"name": null, "inner": {"impl": {"trait": null, "items": [7]}}},
                "7": {"name": "do_it", "inner": {"function": {
                    "sig": {"inputs": [
                        ["self", {"borrowed_ref": {"lifetime": null, "is_mutable": true,
                            "type": {"generic": "Self"}}}],
                        ["with", argument]],
                        "output": null},
                    "generics": {"params": [], "where_predicates": []},
                    "header": {"is_const": false, "is_unsafe": false, "is_async": false},
                    "has_body": true}}},
            }
        })
    };
    let before = listing(&crate_of(path("Thing", 9)));
    assert_eq!(
        before,
        [
            "own::Kept.field: u64",
            "own::Kept: impl Debug",
            "own::Kept: non_exhaustive struct { .. }",
            "own::Kept::do_it(&mut self, with: other::inner::Thing)",
            "own::Thing = other::Thing",
        ]
    );
    let after = listing(&crate_of(json!({"slice": {"primitive": "u8"}})));
    assert_eq!(
        difference(&before.join("\n"), &after.join("\n")),
        [
            "+own::Kept::do_it(&mut self, with: [u8])",
            "-own::Kept::do_it(&mut self, with: other::inner::Thing)",
        ]
    );
}
