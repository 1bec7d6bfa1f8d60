//! One field, cut out of records.

use std::ops::Range;

use super::{
    LogFormat, columns, config,
    definition::{self, Definition, Record},
    json,
    layout::{self, Layout},
    logfmt,
};
use crate::{error::Result, visible::Visible};

/// What cuts one field out of records.
#[derive(Clone, Debug)]
pub(crate) enum FieldReader {
    /// By the first of these layouts that a record fits.
    Layouts(Vec<Cut>),
    /// The first of these members that there is.
    Json(Vec<json::Path>),
    Logfmt(Vec<logfmt::Name>),
    /// A cell of CSV.
    Cell {
        delimiter: u8,
        number: usize,
    },
    /// A column between white space.
    Word(i32),
    /// A part of another field.
    Part(Box<FieldReader>, Vec<layout::Cut>),
}

/// A field of a layout.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    /// Whether a record must fit the whole layout, since others of its source have others.
    whole: bool,
    /// The layout has the field, or a record of it has none.
    has: bool,
    way: layout::Cut,
    /// The way from that field to a part of it.
    parts: Vec<layout::Cut>,
}

/// A value of a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Value {
    /// Where it stands, without quotes around it.
    pub(crate) at: Range<usize>,
    pub(crate) written: Writing,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Writing {
    /// As it is.
    Plain,
    /// With a backslash before what is meant otherwise.
    Escaped,
    /// With two quotes for one.
    Doubled,
}

impl Value {
    /// Whether it stands in the record as it is.
    pub(crate) fn is_plain(&self) -> bool {
        self.written == Writing::Plain
    }

    fn plain(at: Range<usize>) -> Value {
        Value {
            at,
            written: Writing::Plain,
        }
    }

    fn escaped(at: Range<usize>, escaped: bool) -> Value {
        let written = if escaped {
            Writing::Escaped
        } else {
            Writing::Plain
        };
        Value { at, written }
    }
}

impl LogFormat {
    /// What cuts out the field of this name.
    ///
    /// # Errors
    /// When the format has no such field.
    pub(crate) fn field(&self, name: &str) -> Result<FieldReader> {
        self.field_of(name, false)
    }

    /// What cuts out the field of this name, where records may be of other formats as well
    /// or not.
    pub(super) fn field_of(&self, name: &str, mixed: bool) -> Result<FieldReader> {
        let definition = &*self.definition;
        let meant = definition.meant(name);
        let said = definition.fields.get(meant);
        if let Some((whole, parts)) = self.outer(meant) {
            let whole = Box::new(self.field_of(whole, mixed)?);
            return Ok(FieldReader::Part(whole, parts));
        }
        let members = said.map(|said| said.members.as_slice()).unwrap_or_default();
        let members = if members.is_empty() {
            vec![if said.is_some() { meant } else { name }.to_string()]
        } else {
            members.to_vec()
        };
        match &definition.record {
            Record::Layouts(layouts) => {
                if !definition.names().contains(&meant) {
                    return Err(self.lacks(name));
                }
                let whole = mixed;
                // Those that the first records have are tried first.
                let mut ordered: Vec<(usize, &Layout)> = layouts.iter().enumerate().collect();
                ordered.sort_by_key(|(at, _)| self.layouts >> (*at).min(31) & 1 == 0);
                let cut = |(_, layout): (usize, &Layout)| {
                    let found = cut(definition, layout, meant, layouts.len() > 1);
                    let has = found.is_some();
                    let (way, parts) = found.unwrap_or_else(|| (layout.cut(0, true), Vec::new()));
                    Cut {
                        whole,
                        has,
                        way,
                        parts,
                    }
                };
                let cuts = ordered.into_iter().map(cut);
                Ok(FieldReader::Layouts(
                    cuts.filter(|cut| cut.has || whole).collect(),
                ))
            }
            Record::Json => {
                let path = |name: &String| json::Path::new(&json::names(name));
                Ok(FieldReader::Json(members.iter().map(path).collect()))
            }
            Record::Logfmt => {
                let names = members.iter().map(|name| logfmt::Name::new(name));
                Ok(FieldReader::Logfmt(names.collect()))
            }
            Record::Csv { columns, .. } => {
                let columns = if columns.is_empty() {
                    &self.columns
                } else {
                    columns
                };
                let number = position(columns, &members).ok_or_else(|| self.lacks(name))?;
                let delimiter = self.delimiter.unwrap_or(b',');
                Ok(FieldReader::Cell { delimiter, number })
            }
            Record::W3c => {
                let number = position(&self.columns, &members).ok_or_else(|| self.lacks(name))?;
                Ok(FieldReader::Word(
                    i32::try_from(number + 1).unwrap_or(i32::MAX),
                ))
            }
        }
    }

    /// The field that this one is a part of, in records that name their fields, and the way
    /// to it.
    fn outer(&self, name: &str) -> Option<(&str, Vec<layout::Cut>)> {
        let definition = &*self.definition;
        if matches!(definition.record, Record::Layouts(_)) {
            return None;
        }
        let inside = |said: &definition::Field| {
            let inner = said.layout.as_ref()?;
            let (first, rest) = cut(definition, inner, name, false)?;
            Some([vec![first], rest].concat())
        };
        let mut fields = definition.fields.iter();
        fields.find_map(|(outer, said)| Some((outer.as_str(), inside(said)?)))
    }

    /// It has no field of this name.
    fn lacks(&self, name: &str) -> crate::error::Error {
        let fields = self.fields();
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let has = if names.is_empty() {
            "no field with a name".to_string()
        } else {
            names.join(", ")
        };
        config(format!(
            "{name:?} is no field of {}: it has {has} (or write a key, such as field:3)",
            self.name()
        ))
    }
}

fn position(columns: &[String], members: &[String]) -> Option<usize> {
    let mut places = members
        .iter()
        .filter_map(|member| columns.iter().position(|c| c == member));
    places.next()
}

/// The way to a field of a layout, which may be a part of another.
fn cut(
    definition: &Definition,
    layout: &Layout,
    name: &str,
    strict: bool,
) -> Option<(layout::Cut, Vec<layout::Cut>)> {
    if let Some((wanted, _)) = layout.field(name) {
        return Some((layout.cut(wanted, strict), Vec::new()));
    }
    layout.names().iter().enumerate().find_map(|(at, outer)| {
        let inner = definition.fields.get(outer)?.layout.as_ref()?;
        let (first, rest) = cut(definition, inner, name, false)?;
        Some((layout.cut(at, strict), [vec![first], rest].concat()))
    })
}

impl FieldReader {
    /// The value that a record has, if any.
    #[inline]
    pub(crate) fn find(&self, record: &[u8]) -> Option<Value> {
        match self {
            FieldReader::Layouts(cuts) => {
                let found = by_first(cuts, record);
                let upto = found.as_ref().map_or(record.len(), |found| found.end);
                if Visible::is_needed_within(&record[..upto]) {
                    return in_visible(cuts, record);
                }
                found.map(Value::plain)
            }
            FieldReader::Json(paths) => {
                let found = paths.iter().find_map(|path| path.find(record))?;
                Some(Value::escaped(found.at, found.escaped))
            }
            FieldReader::Logfmt(names) => {
                let found = names.iter().find_map(|name| name.find(record))?;
                Some(Value::escaped(found.at, found.escaped))
            }
            FieldReader::Cell { delimiter, number } => {
                let cell = columns::cell(record, *delimiter, *number)?;
                let written = if cell.doubled {
                    Writing::Doubled
                } else {
                    Writing::Plain
                };
                Some(Value {
                    at: cell.at,
                    written,
                })
            }
            FieldReader::Word(number) => columns::between_spaces(record, *number).map(Value::plain),
            FieldReader::Part(whole, parts) => {
                let value = whole.find(record)?;
                let at = part(parts, record, value.at)?;
                Some(Value { at, ..value })
            }
        }
    }

    /// What stands between the cells, if it reads cells of CSV.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        match self {
            FieldReader::Cell { delimiter, .. } => Some(*delimiter),
            _ => None,
        }
    }

    /// Appends what a value that was found in a record stands for.
    pub(crate) fn push(record: &[u8], value: &Value, into: &mut Vec<u8>) {
        let text = &record[value.at.clone()];
        match value.written {
            Writing::Plain => into.extend_from_slice(text),
            Writing::Escaped => json::unescape(text, into),
            Writing::Doubled => {
                let cell = columns::Cell {
                    at: value.at.clone(),
                    doubled: true,
                };
                columns::push_cell(record, &cell, into);
            }
        }
    }
}

/// The value in a record with colour codes, which are passed over.
#[cold]
fn in_visible(cuts: &[Cut], record: &[u8]) -> Option<Value> {
    let mut visible = Visible::default();
    visible.fill(record);
    let found = by_first(cuts, &visible.bytes)?;
    let start = visible.place(found.start);
    let end = match found.end {
        end if end == visible.bytes.len() => record.len(),
        end if end > found.start => visible.place(end - 1) + 1,
        _ => start,
    };
    Some(Value::plain(start..end))
}

/// The value by the first layout that the record fits: as far as the field stands, or where
/// records may be of other formats too, to its end.
#[inline]
fn by_first(cuts: &[Cut], record: &[u8]) -> Option<Range<usize>> {
    for cut in cuts {
        if cut.whole {
            if let Some(found) = cut.way.find_whole(record) {
                return part(&cut.parts, record, found.at.filter(|_| cut.has)?);
            }
        } else if let Some(found) = cut.way.find(record) {
            return part(&cut.parts, record, found);
        }
    }
    None
}

/// The part that is wanted of a field that stands here.
fn part(parts: &[layout::Cut], record: &[u8], mut at: Range<usize>) -> Option<Range<usize>> {
    for part in parts {
        let inner = part.find(&record[at.clone()])?;
        at = at.start + inner.start..at.start + inner.end;
    }
    Some(at)
}
