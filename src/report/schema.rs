//! The JSON Schema of answers.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Value, json};

use super::{KeyRow, Name, Report};

/// The schema (draft 2020-12) of what a command answers with this body.
pub fn schema<B: JsonSchema>(command: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<Report<B>>();
    schema.insert(
        "title".into(),
        json!(format!("swathe {command} --format json")),
    );
    let mut schema = schema.to_value();
    schema["properties"]["command"]["const"] = json!(command);
    schema["properties"]["schema"]["const"] = json!(1);
    schema
}

/// Text, or the bytes of what is none.
fn text() -> Value {
    json!({"anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "description": "What is not valid UTF-8, in base 64",
            "properties": {"bytes": {"type": "string", "contentEncoding": "base64"}},
            "required": ["bytes"],
            "additionalProperties": false
        }
    ]})
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({"description": "The name of a file"});
        schema.insert("anyOf".into(), text()["anyOf"].clone());
        schema
    }
}

impl JsonSchema for KeyRow {
    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let value = json!({"anyOf": [text(), {"type": "null"}]});
        json_schema!({
            "description": "The value of the key; of several keys, an array of their values. \
                            null where a record has none",
            "anyOf": [value, {"type": "array", "items": value}]
        })
    }
}
