//! The format that somebody said the records have.

use serde::{Deserialize, Serialize};

use super::{FieldReader, Formats, LogFormat, columns, config, definition::Record};
use crate::error::{Error, Result};

/// The format that somebody said the records of all sources have: one, or several of the
/// same name, of which each record has the first that fits.
///
/// It is written as what was typed where that names formats that come with swathe.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct SaidFormat {
    word: String,
    formats: Vec<LogFormat>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    Own {
        word: String,
        formats: Vec<LogFormat>,
    },
}

impl SaidFormat {
    /// The formats that are called this.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str, known: &Formats) -> Result<SaidFormat> {
        let mut formats = known.named(name)?;
        // The one that tells most comes first: where another fits too, it is no accident.
        formats.sort_by_key(|format| std::cmp::Reverse(format.weight()));
        Ok(SaidFormat {
            word: name.to_string(),
            formats,
        })
    }

    /// This format, whatever it is called.
    pub fn one(format: LogFormat) -> SaidFormat {
        SaidFormat {
            word: format.name().to_string(),
            formats: vec![format],
        }
    }

    /// What was typed.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// The formats that are meant.
    pub fn formats(&self) -> &[LogFormat] {
        &self.formats
    }

    /// Whether the field is one of theirs, as far as that is known before a source is seen.
    ///
    /// # Errors
    /// When none of them has it.
    pub(crate) fn check(&self, name: &str) -> Result<()> {
        let is_open = |format: &LogFormat| format.has_header() || format.has_comments();
        if self.formats.iter().any(is_open) {
            return Ok(());
        }
        self.field(name, b"", &[]).map(drop)
    }

    /// What cuts the field of this name out of the records of a source that begins with this
    /// line, or names its columns elsewhere.
    ///
    /// # Errors
    /// When none of them has it.
    pub(crate) fn field(
        &self,
        name: &str,
        first_line: &[u8],
        columns: &[String],
    ) -> Result<FieldReader> {
        // The first line tells most sources apart.
        if self.formats.len() > 1 {
            let mut formats = self.formats.iter();
            if let Some(format) = formats.find(|format| format.fits(first_line)) {
                return format.field(name);
            }
        }
        let mut cuts = Vec::new();
        let mut error = None;
        let several = self.formats.len() > 1;
        for format in &self.formats {
            match format.at(first_line, columns).field_of(name, several) {
                Ok(FieldReader::Layouts(more)) => cuts.extend(more),
                Ok(reader) => return Ok(reader),
                Err(failed) => error = error.or(Some(failed)),
            }
        }
        match error {
            Some(error) if cuts.is_empty() => Err(error),
            _ => Ok(FieldReader::Layouts(cuts)),
        }
    }

    /// Whether the first line of a source is no record but names columns.
    pub(crate) fn has_header(&self) -> bool {
        self.formats.iter().any(LogFormat::has_header)
    }

    /// Whether lines that begin with `#` are no records.
    pub(crate) fn has_comments(&self) -> bool {
        self.formats.iter().any(LogFormat::has_comments)
    }
}

impl LogFormat {
    /// This format for a source that begins with this line, or names its columns elsewhere.
    fn at(&self, first_line: &[u8], columns: &[String]) -> LogFormat {
        let mut here = self.clone();
        match &self.definition.record {
            Record::Csv { delimiter, columns } if columns.is_empty() => {
                let delimiter = delimiter.unwrap_or_else(|| columns::guess_delimiter(first_line));
                let names = columns::header(first_line, delimiter).into_iter();
                let text = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
                here.columns = names.map(text).collect();
                here.delimiter = Some(delimiter);
            }
            Record::Csv { delimiter, .. } => here.delimiter = *delimiter,
            Record::W3c => here.columns = columns.to_vec(),
            _ => {}
        }
        here
    }

    /// Whether a record fits one of its layouts.
    fn fits(&self, record: &[u8]) -> bool {
        match &self.definition.record {
            Record::Layouts(layouts) => layouts.iter().any(|layout| layout.fit(record).is_some()),
            _ => false,
        }
    }

    /// How much it tells of a record that it fits.
    fn weight(&self) -> usize {
        match &self.definition.record {
            Record::Layouts(layouts) => layouts
                .iter()
                .map(super::layout::Layout::weight)
                .max()
                .unwrap_or(0),
            _ => 8 * self.definition.marks.len(),
        }
    }
}

impl From<SaidFormat> for Written {
    fn from(said: SaidFormat) -> Written {
        let known = SaidFormat::named(&said.word, &Formats::default());
        if known.is_ok_and(|known| known == said) {
            return Written::Word(said.word);
        }
        Written::Own {
            word: said.word,
            formats: said.formats,
        }
    }
}

impl TryFrom<Written> for SaidFormat {
    type Error = Error;

    fn try_from(written: Written) -> Result<SaidFormat> {
        match written {
            Written::Word(word) => SaidFormat::named(&word, &Formats::default()),
            Written::Own { formats, .. } if formats.is_empty() => {
                Err(config("no format is given".into()))
            }
            Written::Own { word, formats } => Ok(SaidFormat { word, formats }),
        }
    }
}
