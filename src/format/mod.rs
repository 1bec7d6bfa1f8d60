//! How the records of known logs look, and what their fields are called.
//!
//! A [`LogFormat`] is data: a file in `formats/` says its layout, the kinds of its fields, and
//! samples with what they say, which are run as tests. [`Formats`] are those there are; the
//! first lines of a source decide which it has ([`Formats::detect`]), once, and every thread
//! cuts fields out of records by it.
//!
//! Deliberately not here: when a record was written ([`crate::time`]) and how severe it is
//! ([`crate::header`]), which are read of any line.

mod columns;
mod definition;
mod detect;
mod field;
mod json;
mod kind;
mod known;
mod layout;
mod logfmt;
mod said;
mod sample;
mod server;
mod shipped;

pub(crate) use columns::{
    between, between_spaces, cell, delimiter_of, ends_in_quotes, guess_delimiter, header, push_cell,
};
pub use definition::Sample;
pub(crate) use detect::is_logfmt;
pub(crate) use field::FieldReader;
pub(crate) use json::{Path as JsonPath, names as json_names, unescape};
pub use kind::Kind;
pub use known::Formats;
pub(crate) use logfmt::{Name as LogfmtName, pair_names};
pub use said::SaidFormat;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::definition::{Definition, Record};
use crate::error::{Error, ErrorKind, Result};

/// How the records of one source look: a known format, with what the first lines of the
/// source add to it.
///
/// It is cheap to clone, and is written as its name, or as the text of its file where it is
/// none of those that come with swathe.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct LogFormat {
    definition: Arc<Definition>,
    /// Which of several layouts the first records of the source have, a bit each.
    layouts: u32,
    /// The names of columns that the source itself gives.
    columns: Vec<String>,
    /// What stands between columns, where the source decides it.
    delimiter: Option<u8>,
}

/// A format as it is written to a partial or a state.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    layouts: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<u8>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A field of a format, for people.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldInfo {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// The unit of a number that is written without one.
    pub unit: Option<String>,
    /// Other names for it.
    pub aliases: Vec<String>,
}

impl LogFormat {
    /// The format that a file says, whose name without `.toml` is given.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<LogFormat> {
        Definition::parse(name, text)
            .map(LogFormat::new)
            .map_err(config)
    }

    /// The format that a file says which comes with swathe.
    fn shipped(name: &str, text: &str) -> Result<LogFormat> {
        Definition::without_samples(name, text)
            .map(LogFormat::new)
            .map_err(config)
    }

    /// The format that was typed: what nginx has behind `log_format` (`$remote_addr ...`),
    /// what Apache has behind `LogFormat` (`%h %l ...`), or a layout (`{client} ...`).
    ///
    /// # Errors
    /// When it is none of these, or makes no sense.
    ///
    /// ```
    /// use swathe::format::LogFormat;
    ///
    /// let format = LogFormat::typed("$remote_addr [$time_local] $status $request_time")?;
    /// assert!(format.fields().iter().any(|field| field.name == "client"));
    /// # Ok::<(), swathe::Error>(())
    /// ```
    pub fn typed(text: &str) -> Result<LogFormat> {
        let file = if text.contains('{') && !text.contains('%') && !text.contains('$') {
            return Definition::of_layout(text, text)
                .map(LogFormat::new)
                .map_err(config);
        } else if text.contains('$') {
            server::nginx(text)
        } else if text.contains('%') {
            server::apache(text)
        } else {
            Err(format!(
                "{text:?} is no format: give a name (swathe formats list), a .toml file, a layout \
                 with {{fields}}, or what nginx or Apache have for log_format or LogFormat"
            ))
        };
        let file = file.map_err(config)?;
        Definition::parse(text, &file)
            .map(LogFormat::new)
            .map_err(config)
    }

    fn new(definition: Definition) -> LogFormat {
        LogFormat {
            definition: Arc::new(definition),
            layouts: 0,
            columns: Vec::new(),
            delimiter: None,
        }
    }

    /// Its name: that of its file, or what was typed.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// What it is, for people.
    pub fn title(&self) -> &str {
        &self.definition.title
    }

    /// Other names for it.
    pub fn aliases(&self) -> &[String] {
        &self.definition.aliases
    }

    /// The text of its file.
    pub fn text(&self) -> &str {
        &self.definition.text
    }

    /// Records with what they say.
    pub fn samples(&self) -> Vec<Sample> {
        self.definition.samples()
    }

    /// Its fields, in the order in which they stand in a record where that is known.
    pub fn fields(&self) -> Vec<FieldInfo> {
        let info = |name: &str| {
            let said = self.definition.fields.get(name);
            FieldInfo {
                name: name.to_string(),
                kind: self.kind(name),
                unit: said.and_then(|said| said.unit.clone()),
                aliases: said.map_or_else(Vec::new, |said| said.aliases.clone()),
            }
        };
        let columns = self.columns.iter().map(String::as_str);
        let names = self.definition.names();
        let more: Vec<&str> = columns.filter(|name| !names.contains(name)).collect();
        names.into_iter().chain(more).map(info).collect()
    }

    /// What a field holds.
    pub fn kind(&self, name: &str) -> Kind {
        let name = self.definition.meant(name);
        let said = self.definition.fields.get(name).and_then(|said| said.kind);
        let in_layout = || match &self.definition.record {
            Record::Layouts(layouts) => {
                let mut kinds = layouts.iter().filter_map(|layout| layout.field(name));
                kinds.next().map(|(_, kind)| kind)
            }
            _ => None,
        };
        said.or_else(in_layout).unwrap_or_default()
    }

    /// The unit of a number in this field that is written without one.
    pub fn unit(&self, name: &str) -> Option<&str> {
        let said = self.definition.fields.get(self.definition.meant(name))?;
        said.unit.as_deref()
    }

    /// Whether it is the access log of a web server.
    pub(crate) fn is_access_log(&self) -> bool {
        let names = self.definition.names();
        let has = |name: &&str| names.contains(name);
        matches!(self.definition.record, Record::Layouts(_))
            && ["client", "method", "url", "status"].iter().all(has)
    }

    /// Whether its lines are those of syslog.
    pub(crate) fn is_syslog(&self) -> bool {
        let names = self.definition.names();
        ["host", "program", "message"]
            .iter()
            .all(|name| names.contains(name))
    }

    /// Whether fields are found by their places in a record, which has no names for them.
    pub(crate) fn has_places(&self) -> bool {
        match &self.definition.record {
            Record::Layouts(_) | Record::W3c => true,
            Record::Csv { columns, .. } => !columns.is_empty(),
            Record::Json | Record::Logfmt => false,
        }
    }

    /// Whether its layout says which fields records have.
    pub(crate) fn has_layout(&self) -> bool {
        matches!(self.definition.record, Record::Layouts(_))
    }

    /// Whether this is one of its names.
    fn is_called(&self, name: &str) -> bool {
        self.name() == name || self.aliases().iter().any(|alias| alias == name)
    }

    /// Whether the first line of a source is no record but names columns.
    pub(crate) fn has_header(&self) -> bool {
        matches!(&self.definition.record, Record::Csv { columns, .. } if columns.is_empty())
    }

    /// Whether lines that begin with `#` are no records.
    pub(crate) fn has_comments(&self) -> bool {
        matches!(self.definition.record, Record::W3c)
    }
}

impl PartialEq for LogFormat {
    fn eq(&self, other: &LogFormat) -> bool {
        (self.name(), self.text(), self.layouts) == (other.name(), other.text(), other.layouts)
            && (&self.columns, self.delimiter) == (&other.columns, other.delimiter)
    }
}

impl Eq for LogFormat {}

impl From<LogFormat> for Written {
    fn from(format: LogFormat) -> Written {
        let known = shipped::named(format.name());
        let is_known = known.is_some_and(|known| known.text() == format.text());
        Written {
            name: format.name().to_string(),
            text: (!is_known).then(|| format.text().to_string()),
            layouts: format.layouts,
            columns: format.columns,
            delimiter: format.delimiter,
        }
    }
}

impl TryFrom<Written> for LogFormat {
    type Error = Error;

    fn try_from(written: Written) -> Result<LogFormat> {
        let known = match &written.text {
            Some(text) => LogFormat::parse(&written.name, text)?,
            None => shipped::named(&written.name)
                .cloned()
                .ok_or_else(|| config(format!("no format is called {:?}", written.name)))?,
        };
        Ok(LogFormat {
            layouts: written.layouts,
            columns: written.columns,
            delimiter: written.delimiter,
            ..known
        })
    }
}

fn config(message: String) -> Error {
    Error::new(ErrorKind::Config(message))
}
