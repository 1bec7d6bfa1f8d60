//! Answers as JSON, against what `swathe schema` says of them and against the
//! fields that are promised.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{partials::QUESTIONS, program::Folder};

/// What is promised of each command, below what all of them have. `a.b` is a
/// field of the rows of `a`.
const PROMISED: [(&str, &str); 8] = [
    (
        "stats",
        "files total files.path files.complete files.bytes files.bytes_on_disk files.newlines \
         files.lines files.words files.chars files.empty_lines files.blank_lines files.crlf_lines \
         files.nul_bytes files.invalid_utf8_lines files.final_newline files.line_ending \
         files.line_length.min files.line_length.max files.line_length.mean files.line_length.p50 \
         files.line_length.p90 files.line_length.p99 files.line_length.p999 \
         files.line_length.histogram files.longest_lines.length files.longest_lines.line \
         files.longest_lines.offset files.longest_lines.path total.lines groups.key groups.lines",
    ),
    (
        "count",
        "patterns.id patterns.name patterns.pattern patterns.lines patterns.matches \
         patterns.first.path patterns.first.line patterns.first.offset patterns.last.offset \
         patterns.positions lines_total lines_any lines_none matches_total multi_pattern_lines",
    ),
    (
        "top",
        "groups.key groups.count groups.percent groups.distinct groups.sum distinct matched \
         unmatched_lines other exact method error",
    ),
    (
        "values",
        "groups.key groups.count groups.not_a_number groups.sum groups.min groups.max groups.mean \
         groups.stddev groups.p50 groups.p90 groups.p95 groups.p99 groups.p999 groups.histogram \
         exact error groups.exact groups.method groups.error",
    ),
    (
        "timeline",
        "format bucket_seconds buckets.start buckets.lines buckets.patterns first last \
         base_year.value base_year.from unparsed_lines out_of_order gaps.from gaps.to gaps.seconds \
         peak.start peak.lines since until",
    ),
    (
        "templates",
        "templates.id templates.template templates.count templates.percent templates.example.path \
         templates.example.line templates.example.offset templates.example.text distinct",
    ),
    (
        "diff",
        "title per ratio floor before.sources before.records before.seconds before.per_second \
         before.first before.last after.since after.until new gone shifted few unchanged \
         sections.kind sections.title sections.only sections.keys sections.new sections.rows.key \
         sections.rows.before sections.rows.after sections.rows.per_line sections.rows.per_second \
         sections.rows.flag sections.rows.score sections.rows.example.path sections.unit \
         sections.percentiles.percentile sections.percentiles.ratio sections.not_shown \
         warnings.about warnings.message",
    ),
    (
        "inspect",
        "files.path files.compression files.encoding files.line_ending files.time.format \
         files.time.first files.time.last files.lines.value files.fields.key files.sample \
         files.commands",
    ),
];

/// A schema, and the definitions it refers to.
struct Schema {
    root: Value,
}

impl Schema {
    fn of(folder: &Folder, command: &str) -> Schema {
        let printed = folder.answer(&["schema", command]);
        Schema {
            root: serde_json::from_slice(&printed).expect("JSON"),
        }
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(name) => {
                let place = name.strip_prefix('#').expect("a definition of its own");
                self.root.pointer(place).expect("a definition")
            }
            None => schema,
        }
    }

    /// Checks a value, and that everything in it has a name in the schema. A
    /// word of the schema that is unknown here is a failure.
    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{at} is {value}, {what}"));
        for (word, rule) in schema.as_object().expect("a schema") {
            match word.as_str() {
                "$ref" => self.check(self.resolved(schema), value, at)?,
                "type" => {
                    let one = std::slice::from_ref(rule);
                    let types = rule.as_array().map_or(one, Vec::as_slice);
                    if !types.iter().any(|name| is_a(value, name.as_str().unwrap())) {
                        return wrong(&format!("not {rule}"));
                    }
                }
                "const" if rule != value => return wrong(&format!("not {rule}")),
                "enum" if !rule.as_array().unwrap().contains(value) => return wrong("not known"),
                "$schema"
                | "$defs"
                | "title"
                | "description"
                | "default"
                | "format"
                | "contentEncoding"
                | "properties"
                | "additionalProperties"
                | "const"
                | "enum" => {}
                "minimum" => {
                    if value.as_f64().is_some_and(|v| v < rule.as_f64().unwrap()) {
                        return wrong("too small");
                    }
                }
                "anyOf" | "oneOf" => {
                    let all = rule.as_array().unwrap().iter();
                    let fits = all.filter(|one| self.check(one, value, at).is_ok()).count();
                    if fits == 0 || word == "oneOf" && fits > 1 {
                        return wrong(&format!("which {fits} of {rule} allow"));
                    }
                }
                "required" => {
                    for name in rule.as_array().unwrap() {
                        let there = value.get(name.as_str().unwrap()).is_some();
                        if value.is_object() && !there {
                            return wrong(&format!("without {name}"));
                        }
                    }
                }
                "items" | "prefixItems" => self.check_items(schema, value, at)?,
                "minItems" | "maxItems" => {
                    let (len, bound) = (value.as_array().map(Vec::len), rule.as_u64().unwrap());
                    let bad = |len: usize| {
                        (len as u64 != bound) && (word == "minItems") == ((len as u64) < bound)
                    };
                    if len.is_some_and(bad) {
                        return wrong("of another length");
                    }
                }
                other => return Err(format!("{at}: {other} is not known to this test")),
            }
        }
        self.check_fields(schema, value, at)
    }

    fn check_items(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            let fixed = schema["prefixItems"].get(i);
            if let Some(rule) = fixed.or(schema.get("items")) {
                self.check(rule, item, &format!("{at}[{i}]"))?;
            }
        }
        Ok(())
    }

    fn check_fields(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let (Some(fields), true) = (value.as_object(), schema["type"] == "object") else {
            return Ok(());
        };
        let more = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        for (name, value) in fields {
            let rule = schema["properties"].get(name).or(more);
            let Some(rule) = rule else {
                return Err(format!("{at}.{name} is not in the schema"));
            };
            self.check(rule, value, &format!("{at}.{name}"))?;
        }
        Ok(())
    }

    /// Whether there is a field at the path, through lists and what may be null.
    fn names(&self, schema: &Value, path: &str) -> bool {
        let schema = self.resolved(schema);
        let all = |name: &str| {
            schema[name]
                .as_array()
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        let others = [
            all("anyOf"),
            all("oneOf"),
            schema.get("items").into_iter().collect(),
        ]
        .concat();
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let here = schema["properties"].get(name);
        here.is_some_and(|field| rest.is_empty() || self.names(field, rest))
            || others.iter().any(|other| self.names(other, path))
    }

    /// Fields without a word of what they mean.
    fn silent(schema: &Value, at: &str, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                for (name, field) in map
                    .get("properties")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                {
                    if field.get("description").is_none()
                        && field.get("$ref").is_none()
                        && field.get("anyOf").is_none()
                    {
                        found.push(format!("{at}.{name}"));
                    }
                }
                for (name, value) in map {
                    Schema::silent(value, &format!("{at}.{name}"), found);
                }
            }
            Value::Array(all) => {
                for value in all {
                    Schema::silent(value, at, found);
                }
            }
            _ => {}
        }
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

fn log(folder: &Folder) {
    folder.write(
        "x.log",
        b"2026-11-01T10:00:00Z ERROR foo bar n=12\n  at foo\n\n\
          2026-11-01T11:30:00Z INFO foo n=3.5ms user=\xff\nfoo n=x\n",
    );
    folder.write("empty.log", "");
}

/// Every answer there is a question for here.
fn answers(folder: &Folder) -> Vec<(String, Value)> {
    log(folder);
    let mut questions: Vec<Vec<&str>> = QUESTIONS.iter().map(|q| q.to_vec()).collect();
    questions.push(vec!["inspect"]);
    questions.push(vec!["values", "--exact", r"n=(\d+)", "--since=2026-11-01"]);
    let mut all = Vec::new();
    for question in &questions {
        for files in [&["x.log"][..], &["empty.log"], &["missing", "x.log"]] {
            for timing in [&[][..], &["--timing"]] {
                if question[0] == "inspect" && !timing.is_empty() {
                    continue;
                }
                let args = [&question[..], &["--format", "json"], timing, files].concat();
                let said = folder.run(&args, b"");
                let whole = serde_json::from_slice(&said.stdout);
                let value: Value = whole.unwrap_or_else(|e| panic!("{args:?}: {e}: {said:?}"));
                assert_eq!(
                    value.get("timing").is_some(),
                    !timing.is_empty(),
                    "{args:?}"
                );
                all.push((args.join(" "), value));
            }
        }
    }
    folder.answer(&["count", "o", "--partial", "p", "x.log"]);
    folder.write("s.toml", "[[section]]\nkind = \"values\"\nregexp = '(\\d+)'\n[[section]]\nkind = \"stats\"\n[[section]]\nkind = \"templates\"\nnot = \"x\"\n");
    for sides in [
        ["x.log", "empty.log"],
        ["empty.log", "x.log"],
        ["x.log", "x.log@2026-11-01..2026-11-02"],
    ] {
        for more in [&[][..], &["--spec=s.toml", "--floor=0", "--timing"]] {
            let args = [&["diff", "--format=json", "--all"], &sides[..], more].concat();
            all.push((
                args.join(" "),
                serde_json::from_slice(&folder.answer(&args)).unwrap(),
            ));
        }
    }
    let merged = folder.answer(&["merge", "--format=json", "--by=source", "p"]);
    all.push(("merge".into(), serde_json::from_slice(&merged).unwrap()));
    all
}

#[test]
fn answers_are_as_their_schema_says() {
    let folder = Folder::new("schema-answers");
    for (asked, answer) in answers(&folder) {
        let command = answer["command"].as_str().expect("a name");
        let schema = Schema::of(&folder, command);
        if let Err(why) = schema.check(&schema.root, &answer, "") {
            panic!("swathe {asked}: {why}");
        }
        // What is wrong is found: a field that is missing, one of another type.
        for field in ["complete", "errors", "schema"] {
            let mut other: Map<String, Value> = answer.as_object().unwrap().clone();
            other.insert(field.into(), json!({"no": 1}));
            assert!(
                schema
                    .check(&schema.root, &other.clone().into(), "")
                    .is_err()
            );
            other.remove(field);
            assert!(schema.check(&schema.root, &other.into(), "").is_err());
        }
    }
}

#[test]
fn the_schema_has_every_field_that_is_promised() {
    let folder = Folder::new("schema-fields");
    let common = "schema command complete errors.path errors.message skipped timing.version \
                  timing.seconds timing.gb_per_second timing.threads";
    for (command, fields) in PROMISED {
        let schema = Schema::of(&folder, command);
        for field in fields.split_whitespace().chain(common.split_whitespace()) {
            assert!(
                schema.names(&schema.root, field),
                "{command} has no {field}"
            );
        }
        assert!(!schema.names(&schema.root, "errors.nothing"));
        let mut silent = Vec::new();
        Schema::silent(&schema.root, "", &mut silent);
        silent.retain(|name| name.rsplit('.').next() != Some("bytes"));
        assert_eq!(
            silent,
            Vec::<String>::new(),
            "{command}: what do they mean?"
        );
    }
    let said = folder.run(&["schema"], b"").stderr;
    let said = String::from_utf8(said).unwrap();
    let names: BTreeSet<_> = said
        .trim()
        .split_once("there are ")
        .unwrap()
        .1
        .split(", ")
        .collect();
    let promised: BTreeSet<_> = PROMISED.iter().map(|(command, _)| *command).collect();
    assert!(promised.is_subset(&names), "{names:?}");
}

#[test]
fn numbers_of_the_schema_can_be_watched() {
    let folder = Folder::new("schema-timing");
    log(&folder);
    let asked = [
        "count",
        "o",
        "x.log",
        "--timing",
        "--fail-if",
        "timing.threads<1",
    ];
    assert_eq!(folder.run(&asked, b"").status.code(), Some(0));
    let text = folder.answer(&["count", "o", "x.log", "--timing", "-j2"]);
    let text = String::from_utf8(text).unwrap();
    let last = text.lines().last().unwrap();
    assert!(last.contains("GB/s, threads: 2, swathe "), "{last}");
}
