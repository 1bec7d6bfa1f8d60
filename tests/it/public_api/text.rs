//! How types and signatures are written in the listing of what is public.

use serde_json::Value;

/// Where items are that other items name.
#[derive(Clone, Copy)]
pub(super) struct Names<'a>(pub(super) &'a Value);

/// The only key of an object, and what it has.
pub(super) fn kind(value: &Value) -> (&str, &Value) {
    let (key, value) = value
        .as_object()
        .and_then(|object| object.iter().next())
        .expect("an object of one key");
    (key, value)
}

fn all(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl Names<'_> {
    /// The name of an item, with its path if it is of another crate, and not one that
    /// comes with the compiler.
    fn name(self, path: &Value) -> String {
        let last = word(&path["path"]).rsplit("::").next().unwrap_or_default();
        let known = &self.0[path["id"].to_string()]["path"];
        let first = word(&known[0]);
        if matches!(first, "" | "std" | "core" | "alloc" | "swathe") {
            return last.to_string();
        }
        joined(all(known).map(|part| word(part).to_string()), "::")
    }

    /// An item with its arguments.
    pub(super) fn path(self, path: &Value) -> String {
        self.name(path) + &self.arguments(&path["args"])
    }

    fn arguments(self, arguments: &Value) -> String {
        let call = &arguments["parenthesized"];
        if !call.is_null() {
            let inputs = joined(all(&call["inputs"]).map(|one| self.of_type(one)), ", ");
            return format!("({inputs}){}", self.output(&call["output"]));
        }
        let angles = &arguments["angle_bracketed"];
        let given = all(&angles["args"]).map(|one| match kind(one) {
            ("lifetime", name) => word(name).to_string(),
            ("type", of_type) => self.of_type(of_type),
            (_, other) => word(&other["expr"]).to_string(),
        });
        let bound = all(&angles["constraints"]).map(|one| {
            let binding = &one["binding"];
            let is = match kind(binding) {
                ("equality", term) => format!(" = {}", self.of_type(&term["type"])),
                (_, bounds) => self.bounds(bounds),
            };
            format!("{}{is}", word(&one["name"]))
        });
        let both = joined(given.chain(bound), ", ");
        if both.is_empty() {
            both
        } else {
            format!("<{both}>")
        }
    }

    /// What a type must be, with a colon before it.
    pub(super) fn bounds(self, bounds: &Value) -> String {
        let bounds = self.bare_bounds(bounds);
        if bounds.is_empty() {
            bounds
        } else {
            format!(": {bounds}")
        }
    }

    fn bare_bounds(self, bounds: &Value) -> String {
        let one = |bound: &Value| match kind(bound) {
            ("trait_bound", bound) => {
                let maybe = bound["modifier"] == "maybe";
                let maybe = if maybe { "?" } else { "" };
                format!("{maybe}{}", self.path(&bound["trait"]))
            }
            ("outlives", lifetime) => word(lifetime).to_string(),
            (_, arguments) => {
                let of = |one: &Value| {
                    one.as_str()
                        .unwrap_or_else(|| word(&one["lifetime"]))
                        .to_string()
                };
                format!("use<{}>", joined(all(arguments).map(of), ", "))
            }
        };
        joined(all(bounds).map(one), " + ")
    }

    fn output(self, output: &Value) -> String {
        if output.is_null() {
            String::new()
        } else {
            format!(" -> {}", self.of_type(output))
        }
    }

    /// A type.
    pub(super) fn of_type(self, of_type: &Value) -> String {
        let (kind, inner) = kind(of_type);
        match kind {
            "resolved_path" => self.path(inner),
            "generic" | "primitive" => word(inner).to_string(),
            "borrowed_ref" => {
                let lifetime = word(&inner["lifetime"]);
                let space = if lifetime.is_empty() { "" } else { " " };
                let mutable = if inner["is_mutable"] == true {
                    "mut "
                } else {
                    ""
                };
                let of_type = self.of_type(&inner["type"]);
                format!("&{lifetime}{space}{mutable}{of_type}")
            }
            "tuple" => format!(
                "({})",
                joined(all(inner).map(|one| self.of_type(one)), ", ")
            ),
            "slice" => format!("[{}]", self.of_type(inner)),
            "array" => format!(
                "[{}; {}]",
                self.of_type(&inner["type"]),
                word(&inner["len"])
            ),
            "impl_trait" => format!("impl {}", self.bare_bounds(inner)),
            "dyn_trait" => {
                let traits = all(&inner["traits"]).map(|one| self.path(&one["trait"]));
                let lifetime = inner["lifetime"].as_str().map(String::from);
                format!("dyn {}", joined(traits.chain(lifetime), " + "))
            }
            "qualified_path" => {
                let own = self.of_type(&inner["self_type"]);
                format!(
                    "{own}::{}{}",
                    word(&inner["name"]),
                    self.arguments(&inner["args"])
                )
            }
            "function_pointer" => {
                let inputs = all(&inner["sig"]["inputs"]).map(|one| self.of_type(&one[1]));
                format!(
                    "fn({}){}",
                    joined(inputs, ", "),
                    self.output(&inner["sig"]["output"])
                )
            }
            "raw_pointer" => format!("*{}", self.of_type(&inner["type"])),
            // Not as anything it might be: a kind that is new is seen.
            other => format!("{other} {inner}"),
        }
    }
}

/// Parameters in angle brackets, and what must hold of them.
pub(super) fn generics(names: Names<'_>, generics: &Value) -> (String, String) {
    let written =
        all(&generics["params"]).filter(|one| one["kind"]["type"]["is_synthetic"] != true);
    let one = |one: &Value| {
        let name = word(&one["name"]);
        match kind(&one["kind"]) {
            ("type", of) => {
                let default = &of["default"];
                let default = if default.is_null() {
                    String::new()
                } else {
                    format!(" = {}", names.of_type(default))
                };
                format!("{name}{}{default}", names.bounds(&of["bounds"]))
            }
            ("const", of) => format!("const {name}: {}", names.of_type(&of["type"])),
            (_, of) => {
                let longer = joined(all(&of["outlives"]).map(|one| word(one).to_string()), " + ");
                let colon = if longer.is_empty() { "" } else { ": " };
                format!("{name}{colon}{longer}")
            }
        }
    };
    let parameters = joined(written.map(one), ", ");
    let parameters = if parameters.is_empty() {
        parameters
    } else {
        format!("<{parameters}>")
    };
    let hold = all(&generics["where_predicates"]).map(|one| match kind(one) {
        ("bound_predicate", of) => {
            format!(
                "{}{}",
                names.of_type(&of["type"]),
                names.bounds(&of["bounds"])
            )
        }
        (kind, of) => format!("{kind} {of}"),
    });
    let hold = joined(hold, ", ");
    let hold = if hold.is_empty() {
        hold
    } else {
        format!(" where {hold}")
    };
    (parameters, hold)
}

/// A function behind its name.
pub(super) fn signature(names: Names<'_>, function: &Value) -> String {
    let (parameters, hold) = generics(names, &function["generics"]);
    let argument = |argument: &Value| {
        let name = word(&argument[0]);
        let of_type = names.of_type(&argument[1]);
        match (name, &*of_type) {
            ("self", "Self") => "self".to_string(),
            ("self", "&Self") => "&self".to_string(),
            ("self", "&mut Self") => "&mut self".to_string(),
            _ => format!("{name}: {of_type}"),
        }
    };
    let inputs = joined(all(&function["sig"]["inputs"]).map(argument), ", ");
    let output = names.output(&function["sig"]["output"]);
    let said = ["const", "unsafe", "async"].into_iter();
    let said = said.filter(|word| function["header"][format!("is_{word}")] == true);
    let said = joined(said.map(|word| format!(" {word}")), "");
    format!("{parameters}({inputs}){output}{hold}{said}")
}
