//! The JSON Schema of a spec, made of the options the commands have.

use clap::{Arg, ArgAction};
use serde_json::{Map, Value, json};

use super::kinds::{KINDS, Kind};

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
    for arg in kind.options() {
        if let Some(name) = arg.get_long() {
            properties.insert(name.into(), option(&arg));
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["kind"],
        "additionalProperties": false
    })
}

fn option(arg: &Arg) -> Value {
    let one = json!({"type": ["string", "number"]});
    let mut schema = if !arg.get_action().takes_values() {
        json!({"type": "boolean"})
    } else if matches!(arg.get_action(), ArgAction::Append) || arg.get_long() == Some("by") {
        json!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    } else {
        one
    };
    if let Some(help) = arg.get_help() {
        schema["description"] = json!(help.to_string());
    }
    schema
}
