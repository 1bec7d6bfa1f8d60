//! Which fields tell something on their own, and of what sort they are.

use super::{Field, Inspection};

/// A field with so few different values is a kind of something.
const KINDS: usize = 30;

/// The share of records, in percent, that have a field if it is to speak for
/// all of them.
const COMMON: f64 = 25.0;

/// What fields are called that say of what kind a record is, the most telling
/// first.
const KNOWN: [&str; 21] = [
    "service",
    "app",
    "application",
    "component",
    "module",
    "logger",
    "program",
    "status",
    "status_code",
    "code",
    "method",
    "route",
    "endpoint",
    "path",
    "event",
    "type",
    "kind",
    "action",
    "result",
    "error",
    "host",
];

/// What is said elsewhere, or of no use as a kind: levels, times, messages and
/// numbers of processes.
const ELSEWHERE: [&str; 17] = [
    "level",
    "lvl",
    "loglevel",
    "log_level",
    "severity",
    "time",
    "ts",
    "t",
    "timestamp",
    "@timestamp",
    "date",
    "datetime",
    "msg",
    "message",
    "pid",
    "tid",
    "line",
];

/// Parts of the names of numbers that say how long something took,
const LONG: [&str; 11] = [
    "dur",
    "elapsed",
    "latency",
    "took",
    "ms",
    "millis",
    "sec",
    "request_time",
    "response_time",
    "wait",
    "delay",
];

/// how large it is,
const LARGE: [&str; 3] = ["bytes", "size", "len"];

/// and how much or how many.
const MANY: [&str; 3] = ["count", "cost", "total"];

impl Inspection {
    /// At most so many fields by which records are worth counting: those with
    /// few different values in many of the first records, the ones with
    /// telling names first. The level is none of them.
    pub fn kinds(&self, most: usize) -> Vec<&Field> {
        let fields = self.fields.iter().filter(|field| {
            is_kind(field) && field.percent >= COMMON && field.distinct < field.records
        });
        let mut fields: Vec<&Field> = fields.filter(|field| field.name().is_some()).collect();
        fields.sort_by_key(|field| {
            let name = field.last_name();
            KNOWN
                .iter()
                .position(|known| *known == name)
                .unwrap_or(KNOWN.len())
        });
        fields.truncate(most);
        fields
    }

    /// At most so many fields that measure something in many of the first
    /// records: one that says how long something took, one that says how large
    /// it is, and then any others.
    pub fn measures(&self, most: usize) -> Vec<&Field> {
        let measures = self.fields.iter();
        let measures = measures.filter(|field| is_measure(field) && field.percent >= COMMON);
        let measures: Vec<&Field> = measures.filter(|field| field.name().is_some()).collect();
        let first = |names: &[&str]| {
            let mut named = measures.iter().filter(|field| field.is_called(names));
            named.next().copied()
        };
        let long = first(&LONG);
        let large = first(&LARGE).filter(|large| Some(*large) != long);
        let chosen: Vec<&Field> = long.into_iter().chain(large).collect();
        let others = measures.iter().filter(|field| !chosen.contains(field));
        chosen.iter().chain(others).copied().take(most).collect()
    }
}

impl Field {
    /// Its name, as a person writes it; `None` if it has more than letters,
    /// digits and what else is usual in names.
    pub fn name(&self) -> Option<String> {
        let name = self.plain();
        let usual = |char: char| char.is_ascii_alphanumeric() || "_-.@/".contains(char);
        (!name.is_empty() && name.len() <= 40 && name.chars().all(usual)).then_some(name)
    }

    /// Without what says how records are written, and without escapes.
    fn plain(&self) -> String {
        let key = self.key.as_str();
        let name = key.split_once(':').map_or(key, |(_, name)| name);
        name.replace("\\.", ".")
    }

    fn last_name(&self) -> String {
        let name = self.plain().to_ascii_lowercase();
        name.rsplit('.').next().unwrap_or_default().to_string()
    }

    fn is_called(&self, parts: &[&str]) -> bool {
        let name = self.plain().to_ascii_lowercase();
        parts.iter().any(|part| name.contains(part))
    }
}

/// A field that says of what kind a record is.
fn is_kind(field: &Field) -> bool {
    let few = (2..=KINDS).contains(&field.distinct);
    few && !is_measure(field) && !ELSEWHERE.contains(&&*field.last_name())
}

/// A field that measures something, by its name.
fn is_measure(field: &Field) -> bool {
    let named = [&LONG[..], &LARGE, &MANY];
    field.numbers && field.distinct > 1 && named.iter().any(|names| field.is_called(names))
}
