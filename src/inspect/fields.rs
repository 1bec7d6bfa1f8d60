//! The fields of records, and what is in them.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::Form;
use crate::{
    format::{self, LogFormat},
    header::Header,
    key::{Key, KeyOptions, Keys, Origin, RecordView},
    statistic::NumberUnit,
    time::Format,
};

/// A field of the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key that names it on the command line.
    pub key: String,
    /// How many of the records that were looked at have it.
    pub records: usize,
    /// The share of them, in percent.
    pub percent: f64,
    /// A value.
    pub example: Vec<u8>,
    /// Whether all values that were seen are numbers, with or without a unit.
    pub numbers: bool,
    /// How many different values were seen.
    pub distinct: usize,
}

/// How many fields are told.
const MOST: usize = 24;

/// The longest example, in bytes.
const EXAMPLE: usize = 120;

/// How deep objects in objects are looked into.
const DEPTH: usize = 4;

/// Fields that are in every record, or are all that is left of it.
const DULL: [&str; 5] = ["time", "level", "message", "ident", "request"];

/// The fields of records of this form and this format.
pub(super) fn of(
    (form, known): (&Form, Option<&LogFormat>),
    lines: &[&[u8]],
    time: Option<&Format>,
) -> Vec<Field> {
    let laid_out = known.filter(|format| format.has_places());
    let names = match (form, laid_out) {
        (Form::Empty, _) => return Vec::new(),
        (Form::Json, _) => json(lines),
        (Form::Csv(delimiter), _) => columns(lines.first().copied(), *delimiter),
        (_, Some(format)) => {
            let fields = format.fields().into_iter().map(|field| field.name);
            let told = fields.filter(|name| !DULL.contains(&name.as_str()));
            told.chain(pairs(lines)).collect()
        }
        _ => pairs(lines),
    };
    let mut level = Vec::new();
    if lines.iter().any(|line| Header::of(line).level.is_some()) {
        level.push("level".to_string());
    }
    let rows = match form {
        Form::Csv(_) => lines.get(1..).unwrap_or_default(),
        _ => lines,
    };
    let mut fields: Vec<Field> = [level, names]
        .concat()
        .into_iter()
        .filter_map(|name| field(name, laid_out, (lines, rows), time))
        .filter(|field| field.percent >= 5.0)
        .collect();
    fields.sort_by(|a, b| b.percent.total_cmp(&a.percent));
    fields.truncate(MOST);
    fields
}

/// What is in a field, read as every command reads it; `None` if nothing is.
fn field(
    name: String,
    format: Option<&LogFormat>,
    (lines, rows): (&[&[u8]], &[&[u8]]),
    time: Option<&Format>,
) -> Option<Field> {
    let keys = Keys::new(&[name.parse::<Key>().ok()?], &KeyOptions::default()).ok()?;
    let origin = Origin {
        first_line: lines.first().copied().unwrap_or_default(),
        time,
        format,
        ..Origin::default()
    };
    keys.prepare(&origin).ok()?;
    let mut reader = keys.reader(&origin);
    let (mut values, mut count, mut numbers) = (HashSet::new(), 0usize, true);
    let mut example = None;
    for content in rows {
        reader.record(RecordView::new(content, 1), false, |row| {
            let Some(value) = row
                .get(0)
                .filter(|value| !value.is_empty() && *value != b"-")
            else {
                return;
            };
            count += 1;
            // Between colons it is rather a time of day.
            numbers &= NumberUnit::Auto.reads(value) && !value.contains(&b':');
            example.get_or_insert_with(|| value[..value.len().min(EXAMPLE)].to_vec());
            values.insert(value.to_vec());
        });
    }
    Some(Field {
        key: name,
        records: count,
        percent: 100.0 * count as f64 / rows.len().max(1) as f64,
        example: example?,
        numbers,
        distinct: values.len(),
    })
}

/// The members of JSON objects, those of objects in them too.
fn json(lines: &[&[u8]]) -> Vec<String> {
    let mut names = Names::default();
    for line in lines {
        if let Ok(value) = serde_json::from_slice(line) {
            members(&value, "json:", DEPTH, &mut names);
        }
    }
    names.0
}

fn members(value: &Value, prefix: &str, depth: usize, names: &mut Names) {
    let Value::Object(members_of) = value else {
        return;
    };
    for (name, value) in members_of {
        let escaped = name
            .replace('\\', "\\\\")
            .replace('.', "\\.")
            .replace(',', "\\,");
        let key = format!("{prefix}{escaped}");
        match value {
            Value::Object(_) if depth > 1 => members(value, &format!("{key}."), depth - 1, names),
            Value::Array(_) | Value::Object(_) | Value::Null => {}
            _ => names.add(key),
        }
    }
}

/// The keys of `name=value` pairs.
fn pairs(lines: &[&[u8]]) -> Vec<String> {
    let names = format::pair_names(lines.iter().copied()).into_iter();
    names.map(|name| format!("logfmt:{name}")).collect()
}

fn columns(first: Option<&[u8]>, delimiter: u8) -> Vec<String> {
    let mut names = Names::default();
    for name in format::header(first.unwrap_or_default(), delimiter) {
        let name = String::from_utf8_lossy(&name).replace(',', "\\,");
        if !name.is_empty() {
            names.add(format!("csv:{name}"));
        }
    }
    names.0
}

/// Names as they come, each once, and not too many.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn add(&mut self, name: String) {
        if self.0.len() < 4 * MOST && !self.0.contains(&name) {
            self.0.push(name);
        }
    }
}

/// The unit of the numbers that stand in most messages: `ms` in `took 12ms`.
pub(super) fn unit(lines: &[&[u8]]) -> Option<String> {
    const UNITS: [&str; 11] = [
        "ms", "us", "ns", "s", "KB", "MB", "GB", "KiB", "MiB", "GiB", "B",
    ];
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        let message = Header::of(line).message(line);
        let words = message.split(|b| !b.is_ascii_alphanumeric() && *b != b'.');
        let unit = words.filter_map(|word| {
            let letters = word.iter().position(u8::is_ascii_alphabetic)?;
            let (number, unit) = word.split_at(letters);
            let number = std::str::from_utf8(number).ok()?.parse::<f64>().is_ok();
            UNITS
                .into_iter()
                .find(|known| number && known.as_bytes() == unit)
        });
        for unit in unit.take(1) {
            *seen.entry(unit).or_default() += 1;
        }
    }
    let (unit, count) = seen.into_iter().max_by_key(|(_, count)| *count)?;
    (20 * count >= lines.len()).then(|| unit.to_string())
}
