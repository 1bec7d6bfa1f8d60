//! The JSON Schema of a spec, made of the options the commands have.

use serde_json::{Map, Value, json};

use super::kinds::{KINDS, Kind};
use crate::cli::flag::{About, Choices};

/// The schema (draft 2020-12) of the file `--spec` names, read as JSON.
pub(crate) fn spec() -> Value {
    let kinds: Vec<Value> = KINDS.iter().map(section).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "swathe report --spec",
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "What the report is called"},
            "section": {
                "type": "array",
                "description": "What is asked, in the order of the answers",
                "minItems": 1,
                "items": {"oneOf": kinds}
            }
        },
        "required": ["section"],
        "additionalProperties": false
    })
}

fn section(kind: &Kind) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".into(), json!({"const": kind.name}));
    let title = json!({"type": "string", "description": "What the section is called"});
    properties.insert("title".into(), title);
    for flag in kind.options() {
        for name in std::iter::once(flag.long).chain(flag.alias) {
            properties.insert(name.into(), option(&flag));
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["kind"],
        "additionalProperties": false
    })
}

fn option(flag: &About) -> Value {
    let one = match &flag.choices {
        Choices::Of(names) => json!({"enum": names}),
        _ => json!({"type": ["string", "number"]}),
    };
    let mut schema = if flag.value.is_none() {
        json!({"type": "boolean"})
    } else if flag.repeats {
        json!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    } else {
        one
    };
    schema["description"] = json!(flag.help());
    schema
}
