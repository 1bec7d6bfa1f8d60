//! The formats an answer can be had in.

use serde::Serialize;

use super::{ErrorRow, Report, Tabular, csv, json_lines, markdown, parts, prometheus, text};
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
    /// The same with tabs between the cells.
    Tsv,
    /// All tables, for documents.
    Markdown,
    /// The measures as metrics (Prometheus text exposition format).
    Prometheus,
}

impl Format {
    /// Every format with the name it has on the command line.
    pub const ALL: [(&'static str, Format); 7] = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("jsonl", Format::JsonLines),
        ("csv", Format::Csv),
        ("tsv", Format::Tsv),
        ("markdown", Format::Markdown),
        ("prometheus", Format::Prometheus),
    ];
}

/// What text is fitted to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Layout {
    /// Columns of the terminal. Default: as wide as it gets.
    pub width: Option<usize>,
    /// Draw with nothing but ASCII. What comes from the input is shown as it
    /// is. Default: no.
    pub ascii: bool,
}

impl<B: Serialize + Tabular> Report<B> {
    /// The answer for people: its tables.
    pub fn to_text(&self, layout: &Layout) -> String {
        match self.body.title() {
            Some(title) => parts::text(title, &self.body.parts(), &self.body.warnings(), layout),
            None => text::write(&self.body.tables_for_people(), layout),
        }
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
