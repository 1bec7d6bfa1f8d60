//! The formats an answer can be had in.

use std::path::Path;

use serde::Serialize;

use super::{
    ErrorRow, Layout, Part, Report, Tabular, csv, html, json_lines, markdown, parts, prometheus,
    text,
};
use crate::error::{Error, ErrorKind, Result};

/// What an answer is written as.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// Tables for people.
    #[default]
    Text,
    /// All of it, as one line of JSON.
    Json,
    /// A line of JSON for every row of the first table.
    JsonLines,
    /// The first table as RFC 4180 has it, with a line of names.
    Csv,
    /// The first table, tabs between the cells, and `\t`, `\n`, `\r`, `\\` in them.
    Tsv,
    /// All tables, for documents.
    Markdown,
    /// One page with charts, for a browser; it needs nothing else.
    Html,
    /// The measures as metrics (Prometheus text exposition format).
    Prometheus,
}

impl Format {
    /// Whether programs read it and not people: it has all rows where nobody said how
    /// many.
    pub fn is_for_programs(self) -> bool {
        match self {
            Format::Text | Format::Markdown | Format::Html => false,
            Format::Json | Format::JsonLines | Format::Csv | Format::Tsv | Format::Prometheus => {
                true
            }
        }
    }

    /// What a file of this name is written as; `None` if its name does not say.
    pub fn of_file(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "txt" => Format::Text,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::JsonLines,
            "csv" => Format::Csv,
            "tsv" => Format::Tsv,
            "md" | "markdown" => Format::Markdown,
            "html" | "htm" => Format::Html,
            "prom" => Format::Prometheus,
            _ => return None,
        })
    }

    /// Every format with the name it has on the command line.
    pub const ALL: [(&'static str, Format); 8] = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("jsonl", Format::JsonLines),
        ("csv", Format::Csv),
        ("tsv", Format::Tsv),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("prometheus", Format::Prometheus),
    ];
}

impl<B: Serialize + Tabular> Report<B> {
    /// The answer for people.
    pub fn to_text(&self, layout: &Layout) -> String {
        if let Some(text) = B::text(self, layout) {
            return text;
        }
        match self.body.title() {
            Some(title) => parts::text(title, &self.body.parts(), &self.body.warnings(), layout),
            None => text::write(&self.body.tables_for_people(), layout),
        }
    }

    fn to_html(&self, layout: &Layout) -> String {
        let mut parts = self.body.parts();
        let name = format!("swathe {}", self.command);
        if self.body.title().is_none() {
            parts.push(Part::of(&self.body, self.command));
        }
        let errors: Vec<String> = self.errors.iter().map(in_words).collect();
        let skipped = self
            .skipped
            .iter()
            .map(|(why, files)| (why.clone(), *files));
        html::write(
            &html::Page {
                title: self.body.title().unwrap_or(&name),
                parts: &parts,
                warnings: &self.body.warnings(),
                errors: &errors,
                selected: &self.selected,
                skipped: &skipped.collect::<Vec<_>>(),
                timing: self.timing.as_ref(),
                json: &self.to_json(),
            },
            layout.rows.unwrap_or(100),
        )
    }

    /// A file for every table, if the format is one that holds a single table:
    /// a name without an ending, and what is in it.
    pub fn to_files(&self, format: Format) -> Option<Vec<(String, Vec<u8>)>> {
        let delimiter = match format {
            Format::Csv => b',',
            Format::Tsv => b'\t',
            _ => return None,
        };
        Some(parts::csv_files(&self.body.parts(), delimiter))
    }

    /// The answer in this format, ready to be written.
    ///
    /// # Errors
    /// When the answer cannot be had in it: Prometheus knows nothing but
    /// numbers, and some answers are none.
    pub fn to_format(&self, format: Format, layout: &Layout) -> Result<Vec<u8>> {
        let tables = || self.body.tables();
        let first = || tables().into_iter().next();
        let parts = self.body.parts();
        let several = !parts.is_empty();
        Ok(match format {
            Format::Json => self.to_json().into_bytes(),
            Format::Text => self.to_text(layout).into_bytes(),
            Format::Html => self.to_html(layout).into_bytes(),
            Format::JsonLines if several => parts::json_lines(&parts).into_bytes(),
            Format::Csv if several => parts::csv(&parts, b','),
            Format::Tsv if several => parts::csv(&parts, b'\t'),
            Format::Markdown => {
                let mut out = match self.body.title() {
                    Some(title) => parts::markdown(title, &parts, &self.body.warnings()),
                    None => markdown::write(&self.body.tables_for_people(), self.command),
                };
                for error in &self.errors {
                    out.push_str("\nIncomplete: ");
                    out.push_str(&markdown::escaped(&in_words(error)));
                    out.push('\n');
                }
                out.into_bytes()
            }
            Format::JsonLines => first().map_or(vec![], |t| json_lines::write(&t).into_bytes()),
            Format::Csv => first().map_or(vec![], |table| csv::write(&table, b',')),
            Format::Tsv => first().map_or(vec![], |table| csv::write(&table, b'\t')),
            Format::Prometheus => {
                let metrics = if several {
                    parts::metrics(&parts, self.complete)
                } else {
                    prometheus::write(&tables(), self.command, self.complete)
                };
                let none = || {
                    Error::new(ErrorKind::Config(format!(
                        "{} has no numbers that Prometheus could watch; use another --format",
                        self.command
                    )))
                };
                metrics.ok_or_else(none)?.into_bytes()
            }
        })
    }
}

fn in_words(error: &ErrorRow) -> String {
    match &error.path {
        Some(path) => {
            let path = super::printable(path.as_path().as_os_str().as_encoded_bytes());
            format!("{path}: {}", error.message)
        }
        None => error.message.clone(),
    }
}
