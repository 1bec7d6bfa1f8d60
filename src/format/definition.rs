//! Format files: what they say, checked.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use serde::Deserialize;

use super::{
    Kind,
    layout::{Layout, is_name},
};

/// A format as its file says it.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) aliases: Vec<String>,
    pub(super) record: Record,
    /// The members or columns that all records of it have.
    pub(super) marks: Vec<String>,
    pub(super) fields: BTreeMap<String, Field>,
    /// The text of the file.
    pub(super) text: Arc<str>,
}

/// How records look.
#[derive(Debug)]
pub(super) enum Record {
    /// By the first of these that fits.
    Layouts(Vec<Layout>),
    Json,
    Logfmt,
    /// Cells of CSV, with names for them where no line of the input has them.
    Csv {
        delimiter: Option<u8>,
        columns: Vec<String>,
    },
    /// Columns that a line `#Fields:` names.
    W3c,
}

/// What is said of a field.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) kind: Option<Kind>,
    pub(super) unit: Option<String>,
    /// What it is called in records that name their fields: the first of these that there is.
    pub(super) members: Vec<String>,
    pub(super) aliases: Vec<String>,
    /// A record of the format has one of these in it; none: anything.
    pub(super) values: Vec<String>,
    /// How its parts stand in it.
    pub(super) layout: Option<Layout>,
}

/// A record with what it says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The record.
    pub line: String,
    /// When it was written, such as `2026-11-23T14:30:05Z`.
    pub time: Option<String>,
    /// Its level, in swathe's word for it.
    pub level: Option<String>,
    /// Its fields, by name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    #[serde(default)]
    aliases: Vec<String>,
    layout: Option<String>,
    layouts: Option<Vec<String>>,
    record: Option<RecordWord>,
    delimiter: Option<char>,
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, FieldFile>,
    #[serde(default)]
    samples: Vec<Sample>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RecordWord {
    Json,
    Logfmt,
    Csv,
    W3c,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    kind: Option<Kind>,
    unit: Option<String>,
    member: Option<Members>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
    layout: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Members {
    One(String),
    Several(Vec<String>),
}

/// The units that a number without one may have.
const UNITS: [&str; 13] = [
    "ns", "us", "ms", "s", "m", "h", "d", "B", "KB", "MB", "GB", "KiB", "MiB",
];

impl Definition {
    /// What a format file of this name says.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(name: &str, text: &str) -> Result<Definition, String> {
        Definition::of(name, parsed(text)?, text)
    }

    /// What a format file of this name says that is known to be right, but for its samples,
    /// which are most of it and which few ask for.
    pub(super) fn without_samples(name: &str, text: &str) -> Result<Definition, String> {
        let end = text.find("[[samples]]").unwrap_or(text.len());
        Definition::of(name, parsed(&text[..end])?, text)
    }

    /// Records of the format, with what they say.
    pub(super) fn samples(&self) -> Vec<Sample> {
        parsed(&self.text).map_or_else(|_| Vec::new(), |file| file.samples)
    }

    fn of(name: &str, file: File, text: &str) -> Result<Definition, String> {
        let mut record = record(&file)?;
        let mut fields = BTreeMap::new();
        for (field, said) in file.fields {
            is_name(&field)?;
            let said = said
                .checked()
                .map_err(|why| format!("field {field}: {why}"))?;
            if let (Record::Layouts(layouts), Some(kind)) = (&mut record, said.kind) {
                for layout in layouts {
                    layout.set_kind(&field, kind);
                }
            }
            fields.insert(field, said);
        }
        set_parts(&mut fields);
        let definition = Definition {
            name: name.to_string(),
            title: file.title,
            aliases: file.aliases,
            record,
            marks: file.marks,
            fields,
            text: text.into(),
        };
        definition.check()?;
        Ok(definition)
    }

    /// A layout alone, as somebody typed it.
    pub(super) fn of_layout(name: &str, text: &str) -> Result<Definition, String> {
        Definition::parse(
            name,
            &format!("title = \"a layout\"\nlayout = {}\n", quoted(text)),
        )
    }

    /// The name of the field that is called this, where another name is meant.
    pub(super) fn meant<'a>(&'a self, name: &'a str) -> &'a str {
        if self.fields.contains_key(name) || self.has_in_layout(name) {
            return name;
        }
        let mut fields = self.fields.iter();
        let has = |said: &Field| said.aliases.iter().any(|alias| alias == name);
        fields
            .find(|(_, said)| has(said))
            .map_or(name, |(field, _)| field)
    }

    fn has_in_layout(&self, name: &str) -> bool {
        let has = |layout: &Layout| layout.names().iter().any(|known| known == name);
        matches!(&self.record, Record::Layouts(layouts) if layouts.iter().any(has))
    }

    /// The names of its fields, in the order in which they stand where that is known.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let mut add = |name| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        match &self.record {
            Record::Layouts(layouts) => {
                for name in layouts.iter().flat_map(Layout::names) {
                    self.add_with_parts(name, &mut add);
                }
            }
            Record::Csv { columns, .. } => columns.iter().for_each(|name| add(name)),
            _ => {}
        }
        if !matches!(self.record, Record::Layouts(_)) {
            self.fields.keys().for_each(|name| add(name));
        }
        names
    }

    fn add_with_parts<'a>(&'a self, name: &'a str, add: &mut impl FnMut(&'a str)) {
        add(name);
        let parts = self.fields.get(name).and_then(|said| said.layout.as_ref());
        for part in parts.iter().flat_map(|layout| layout.names()) {
            self.add_with_parts(part, add);
        }
    }

    /// What only holds of all of it.
    fn check(&self) -> Result<(), String> {
        let marked = matches!(self.record, Record::Json | Record::Logfmt);
        if !self.marks.is_empty() && !marked && !matches!(self.record, Record::Csv { .. }) {
            return Err("marks are members of json or logfmt, or columns of csv".into());
        }
        if let Record::Layouts(_) = self.record {
            let known = self.names();
            for (name, said) in &self.fields {
                if !known.contains(&name.as_str()) {
                    return Err(format!("no layout has the field {name}"));
                }
                if !said.members.is_empty() {
                    return Err(format!("field {name}: a layout has no members"));
                }
            }
        }
        Ok(())
    }
}

/// What the text of a format file says.
fn parsed(text: &str) -> Result<File, String> {
    toml::from_str(text).map_err(|error| {
        let line = error.span();
        let line = line.map(|span| text[..span.start].matches('\n').count() + 1);
        let line = line.map_or_else(String::new, |line| format!("line {line}: "));
        format!("{line}{}", error.message().trim_end())
    })
}

impl FieldFile {
    fn checked(self) -> Result<Field, String> {
        if let Some(unit) = self.unit.as_deref().filter(|unit| !UNITS.contains(unit)) {
            return Err(format!(
                "{unit:?} is no unit; there are {}",
                UNITS.join(", ")
            ));
        }
        Ok(Field {
            kind: self.kind,
            unit: self.unit,
            members: match self.member {
                None => Vec::new(),
                Some(Members::One(member)) => vec![member],
                Some(Members::Several(members)) => members,
            },
            aliases: self.aliases,
            values: self.values,
            layout: self.layout.as_deref().map(Layout::of_parts).transpose()?,
        })
    }
}

/// Sets what the parts of fields hold.
fn set_parts(fields: &mut BTreeMap<String, Field>) {
    let kinds: Vec<(String, Kind)> = fields
        .iter()
        .filter_map(|(name, said)| Some((name.clone(), said.kind?)))
        .collect();
    for layout in fields.values_mut().filter_map(|said| said.layout.as_mut()) {
        for (name, kind) in &kinds {
            layout.set_kind(name, *kind);
        }
    }
}

fn record(file: &File) -> Result<Record, String> {
    let delimiter = match file.delimiter {
        Some(char) if !char.is_ascii() => return Err("delimiter is not one byte".into()),
        char => char.map(|char| char as u8),
    };
    let layouts = match (&file.layout, &file.layouts) {
        (Some(_), Some(_)) => return Err("both layout and layouts are given".into()),
        (Some(one), None) => std::slice::from_ref(one),
        (None, several) => several.as_deref().unwrap_or_default(),
    };
    if !matches!(file.record, Some(RecordWord::Csv))
        && (delimiter.is_some() || !file.columns.is_empty())
    {
        return Err("delimiter and columns belong to record = \"csv\"".into());
    }
    match (file.record, layouts) {
        (Some(_), [_, ..]) => Err("both record and a layout are given".into()),
        (None, []) => Err("neither a layout nor record is given".into()),
        (None, layouts) => {
            let parse = |text: &String| {
                Layout::parse(text).map_err(|why| format!("layout {text:?}: {why}"))
            };
            Ok(Record::Layouts(
                layouts.iter().map(parse).collect::<Result<_, _>>()?,
            ))
        }
        (Some(RecordWord::Json), _) => Ok(Record::Json),
        (Some(RecordWord::Logfmt), _) => Ok(Record::Logfmt),
        (Some(RecordWord::W3c), _) => Ok(Record::W3c),
        (Some(RecordWord::Csv), _) => Ok(Record::Csv {
            delimiter,
            columns: file.columns.clone(),
        }),
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\t' => quoted.push_str("\\t"),
            char if char.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
