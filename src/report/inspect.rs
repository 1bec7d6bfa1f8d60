//! The rows of `swathe inspect`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Cell, Column, KeyRow, Layout, Name, Report, Table, Tabular, Unit, grouped, inspect_text,
    printable,
};
use crate::{
    header::Level,
    inspect::{Field, Inspection, LineCount},
    statistic::LineEnding,
};

/// What `swathe inspect` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct InspectBody {
    /// A row for every file.
    pub files: Vec<InspectRow>,
}

/// What kind of file one is.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct InspectRow {
    /// The file.
    pub path: Name,
    /// Its length in bytes, of the text that is looked at; `null` if that is
    /// not known without reading all of it.
    pub bytes: Option<u64>,
    /// What it is packed with, if it is.
    pub compression: Option<&'static str>,
    /// See [`Inspection::encoding`].
    pub encoding: &'static str,
    /// How lines end, if any does.
    pub line_ending: Option<LineEnding>,
    /// How many lines there are.
    pub lines: Option<LinesRow>,
    /// When they were written, if they say so.
    pub time: Option<TimeRow>,
    /// What records look like: `json`, `logfmt`, `web`, `syslog`, `csv`,
    /// `text` or `empty`.
    pub form: &'static str,
    /// The name of the known format that records have: one of `swathe formats list`.
    pub log_format: Option<String>,
    /// What that format is, for people.
    #[serde(skip)]
    pub title: Option<String>,
    /// Lines of one event, on average.
    pub lines_per_event: f64,
    /// The levels that were seen, least severe first.
    pub levels: Vec<Level>,
    /// The fields of records, those in most records first.
    pub fields: Vec<FieldRow>,
    /// A typical record.
    pub sample: KeyRow,
    /// Commands that fit.
    pub commands: Vec<String>,
}

/// How many lines there are.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct LinesRow {
    /// The number.
    pub value: u64,
    /// Whether they were counted.
    pub exact: bool,
    /// If not, how the number came about,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// and how wrong it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// When lines were written.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TimeRow {
    /// How timestamps are written.
    pub format: String,
    /// The first.
    pub first: Option<String>,
    /// The last; `null` if it was not looked for.
    pub last: Option<String>,
}

/// A field of the records.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct FieldRow {
    /// The key that names it.
    pub key: String,
    /// The share of the first records that have it.
    pub percent: f64,
    /// What it looks like: `number` or `text`.
    pub kind: &'static str,
    /// How many different values the first records have.
    pub distinct: u64,
    /// A value.
    pub example: KeyRow,
}

impl InspectRow {
    /// The row of a file of this name.
    pub fn new(
        path: &Path,
        compression: Option<&'static str>,
        inspection: &Inspection,
    ) -> InspectRow {
        let time = inspection.time.as_ref().map(|span| {
            let show = |stamp| span.format.zone.show(stamp);
            TimeRow {
                format: span.format.name().to_string(),
                first: span.first.map(show),
                last: span.last.map(show),
            }
        });
        InspectRow {
            path: Name::from(path),
            bytes: inspection.bytes,
            compression,
            encoding: inspection.encoding,
            line_ending: inspection.line_ending,
            lines: inspection.lines.map(LinesRow::from),
            time,
            form: inspection.form.name(),
            log_format: inspection
                .format
                .as_ref()
                .map(|format| format.name().to_string()),
            title: inspection
                .format
                .as_ref()
                .map(|format| format.title().to_string()),
            lines_per_event: inspection.lines_per_event,
            levels: inspection.levels.clone(),
            fields: inspection.fields.iter().map(FieldRow::from).collect(),
            sample: KeyRow(vec![Some(inspection.sample.clone())]),
            commands: inspection.commands(path.as_os_str().as_encoded_bytes()),
        }
    }
}

impl From<LineCount> for LinesRow {
    fn from(count: LineCount) -> LinesRow {
        let method = || format!("counted in {} places of 64 KiB", LineCount::PLACES);
        LinesRow {
            value: count.value,
            exact: count.error.is_none(),
            method: count.error.map(|_| method()),
            error: count
                .error
                .map(|error| format!("{error:.1} % (95 of 100 times)")),
        }
    }
}

impl From<&Field> for FieldRow {
    fn from(field: &Field) -> FieldRow {
        FieldRow {
            key: field.key.clone(),
            percent: field.percent,
            kind: if field.numbers { "number" } else { "text" },
            distinct: field.distinct as u64,
            example: KeyRow(vec![Some(field.example.clone())]),
        }
    }
}

impl InspectRow {
    /// What is said about the file but its fields and its sample: names and
    /// what they are.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        let mut fact = |name, text: Option<String>| facts.extend(text.map(|text| (name, text)));
        fact(
            "size",
            self.bytes.map(|bytes| format!("{} bytes", grouped(bytes))),
        );
        fact("packed with", self.compression.map(String::from));
        fact("encoding", Some(self.encoding.into()));
        fact(
            "lines end with",
            self.line_ending.map(|ending| match ending {
                LineEnding::Lf => "\\n".into(),
                LineEnding::Crlf => "\\r\\n".into(),
            }),
        );
        fact(
            "lines",
            self.lines.as_ref().map(|lines| match &lines.error {
                None => grouped(lines.value),
                Some(error) => format!("about {}, \u{b1} {error}", grouped(lines.value)),
            }),
        );
        let form = match self.form {
            "web" => "the access log of a web server",
            "syslog" => "syslog",
            "json" => "a JSON object a line",
            "logfmt" => "name=value pairs",
            "csv" => "columns with names above them",
            "empty" => "nothing",
            _ => "messages",
        };
        let events = (self.lines_per_event > 1.0).then(|| {
            format!(
                "{form}; {:.1} lines an event (--record auto)",
                self.lines_per_event
            )
        });
        fact("records", Some(events.unwrap_or_else(|| form.into())));
        let known = self.log_format.as_ref().filter(|name| *name != self.form);
        if let (Some(name), Some(title)) = (known, &self.title) {
            fact("format", Some(format!("{name}: {title}")));
        }
        if let Some(time) = &self.time {
            fact("time format", Some(time.format.clone()));
            fact("first", time.first.clone());
            fact("last", time.last.clone());
        }
        let levels: Vec<&str> = self.levels.iter().map(|level| level.name()).collect();
        fact("levels", (!levels.is_empty()).then(|| levels.join(", ")));
        facts
    }

    /// The sample, line by line, as it can be shown.
    pub fn sample_lines(&self) -> Vec<String> {
        let sample = self.sample.0.iter().flatten().filter(|s| !s.is_empty());
        let lines = sample.flat_map(|sample| sample.split(|b| *b == b'\n'));
        lines.map(printable).collect()
    }
}

impl Tabular for InspectBody {
    fn text(report: &Report<InspectBody>, layout: &Layout) -> Option<String> {
        Some(inspect_text::render(report, layout))
    }

    const METRICS: bool = false;

    fn tables(&self) -> Vec<Table> {
        let mut files = Table::new(
            "files",
            [
                Column::label("path"),
                Column::detail("bytes").unit(Unit::Bytes),
                Column::detail("compression"),
                Column::detail("encoding"),
                Column::detail("line_ending"),
                Column::detail("lines"),
                Column::detail("lines_exact"),
                Column::detail("form"),
                Column::detail("log_format"),
                Column::detail("lines_per_event"),
                Column::detail("time_format"),
                Column::detail("first"),
                Column::detail("last"),
            ],
        );
        for row in &self.files {
            let time = row.time.as_ref();
            files.row([
                Cell::from(&row.path),
                row.bytes.into(),
                row.compression.into(),
                row.encoding.into(),
                row.line_ending.map(ending).into(),
                row.lines.as_ref().map(|lines| lines.value).into(),
                row.lines.as_ref().map(|lines| lines.exact).into(),
                row.form.into(),
                row.log_format.as_deref().into(),
                row.lines_per_event.into(),
                time.map(|time| time.format.as_str()).into(),
                time.and_then(|time| time.first.as_deref()).into(),
                time.and_then(|time| time.last.as_deref()).into(),
            ]);
        }
        vec![files]
    }
}

fn ending(ending: LineEnding) -> &'static str {
    match ending {
        LineEnding::Lf => "lf",
        LineEnding::Crlf => "crlf",
    }
}
