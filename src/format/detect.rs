//! Which format the records of a source have.

use super::{
    FieldReader, Formats, LogFormat, columns,
    definition::{Definition, Record},
    json,
    layout::Fit,
    logfmt,
};
use crate::{line::Lines, time, visible::Visible};

/// How many records are looked at, those all over the first lines.
const RECORDS: usize = 64;

/// How much of a record is looked at.
const FAR: usize = 4096;

/// One format explains one record in so many at least.
const SHARE: usize = 4;

impl Formats {
    /// The format of the source that begins like this, of whole lines: the one that says
    /// most about most of its records. `None` if none explains a quarter of them; those that
    /// were said are taken whatever the records look like.
    pub fn detect(&self, first: &[u8]) -> Option<LogFormat> {
        let head = Head::new(first);
        let mut best: Option<(usize, LogFormat)> = None;
        for format in self.all() {
            let Some((score, found)) = head.score(format) else {
                continue;
            };
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, found));
            }
        }
        let said = || self.all().next().filter(|_| self.is_said()).cloned();
        best.map(|(_, format)| format).or_else(said)
    }
}

/// What is looked at of a source.
struct Head {
    /// The first line that is not empty.
    first: Vec<u8>,
    /// What a line `#Fields:` names.
    fields: Vec<String>,
    /// Lines with something in them, without their ends.
    lines: Vec<Vec<u8>>,
    /// Those that begin a record, without colour codes.
    records: Vec<Vec<u8>>,
}

impl Head {
    fn new(first: &[u8]) -> Head {
        let mut visible = Visible::default();
        let mut lines = Vec::new();
        let mut fields = Vec::new();
        for range in Lines::new(first, b'\n') {
            let line = first[range].trim_ascii_end();
            if line.is_empty() {
                continue;
            }
            let line = &line[..line.len().min(FAR)];
            if fields.is_empty()
                && let Some(names) = line.strip_prefix(b"#Fields:")
            {
                let names = String::from_utf8_lossy(names);
                fields = names.split_whitespace().map(str::to_string).collect();
            }
            if Visible::is_needed_within(line) {
                visible.fill(line);
                lines.push(visible.bytes.clone());
            } else {
                lines.push(line.to_vec());
            }
        }
        let mut records: Vec<Vec<u8>> = lines
            .iter()
            .filter(|line| time::starts_event(line))
            .cloned()
            .collect();
        if records.len() * SHARE < lines.len() {
            // Most begin with nothing that is known to begin a record.
            records.clone_from(&lines);
            records.retain(|line| !matches!(line.first(), None | Some(b' ' | b'\t' | b'#')));
        }
        Head {
            first: lines.first().cloned().unwrap_or_default(),
            fields,
            lines: spread(lines),
            records: spread(records),
        }
    }

    /// How well a format explains the records, and what they add to it; `None` if it does
    /// not.
    fn score(&self, format: &LogFormat) -> Option<(usize, LogFormat)> {
        let definition = &*format.definition;
        let mut found = format.clone();
        let (fits, weight, of) = match &definition.record {
            Record::Layouts(layouts) => {
                let (mut fits, mut weight) = (0, 0);
                let fields = definition.fields.iter();
                let fields = fields.filter(|(_, said)| !said.values.is_empty());
                let reader = |name: &str| format.field(name).ok();
                let one_of: Vec<_> = fields
                    .filter_map(|(name, said)| Some((reader(name)?, said.values.as_slice())))
                    .collect();
                for record in &self.records {
                    let all = layouts.iter().enumerate();
                    let mut all = all.filter_map(|(at, layout)| Some((at, layout.fit(record)?)));
                    let Some((at, fit)) = all.next() else {
                        continue;
                    };
                    if !one_of
                        .iter()
                        .all(|(reader, values)| has_one(reader, values, record))
                    {
                        continue;
                    }
                    found.layouts |= 1 << at.min(31);
                    let whole = usize::from(fit == Fit::Whole);
                    fits += 1;
                    weight += 4 * (layouts[at].weight() + 8 * one_of.len()) + 2 * whole;
                }
                (fits, weight / fits.max(1), self.records.len())
            }
            Record::Json => {
                let marks = definition.marks.iter();
                let marks: Vec<_> = marks
                    .map(|mark| json::Path::new(&json::names(mark)))
                    .collect();
                let is_one = |record: &&Vec<u8>| {
                    is_object(record) && marks.iter().all(|mark| mark.has(record))
                };
                let fits = self.records.iter().filter(is_one).count();
                (fits, 4 * (10 + 8 * marks.len()), self.records.len())
            }
            Record::Logfmt => {
                let marks = definition.marks.iter();
                let marks: Vec<_> = marks.map(|mark| logfmt::Name::new(mark)).collect();
                let is_one = |record: &&Vec<u8>| {
                    is_logfmt(record) && marks.iter().all(|mark| mark.find(record).is_some())
                };
                let fits = self.records.iter().filter(is_one).count();
                (fits, 4 * (6 + 8 * marks.len()), self.records.len())
            }
            Record::Csv { delimiter, columns } => {
                let fits = self.csv(definition, (*delimiter, columns), &mut found)?;
                let marks = columns.len().max(definition.marks.len());
                (fits, 4 * (8 + 4 * marks), self.lines.len())
            }
            Record::W3c => {
                let known = definition.fields.iter().filter(|(name, said)| {
                    let mut members = said.members.iter().chain(std::iter::once(*name));
                    members.any(|member| self.fields.contains(member))
                });
                let known = known.count();
                if self.fields.is_empty() || known == 0 {
                    return None;
                }
                found.columns.clone_from(&self.fields);
                return Some((usize::MAX / 2 + known, found));
            }
        };
        (fits > 0 && fits * SHARE >= of).then_some((fits * weight, found))
    }

    /// How many lines have the columns of a format of CSV.
    fn csv(
        &self,
        definition: &Definition,
        (delimiter, names): (Option<u8>, &[String]),
        found: &mut LogFormat,
    ) -> Option<usize> {
        if names.is_empty() {
            let lines: Vec<&[u8]> = self.lines.iter().map(Vec::as_slice).collect();
            let delimiter = columns::delimiter_of(&lines)
                .filter(|found| delimiter.is_none_or(|d| d == *found))?;
            let header = columns::header(&self.first, delimiter);
            let header: Vec<String> = header
                .iter()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect();
            if !definition.marks.iter().all(|mark| header.contains(mark)) {
                return None;
            }
            found.columns = header;
            found.delimiter = Some(delimiter);
            return Some(self.lines.len());
        }
        let delimiter = delimiter.unwrap_or(b',');
        found.delimiter = Some(delimiter);
        let fits = |line: &&Vec<u8>| {
            let wanted = definition.fields.iter().filter_map(|(name, said)| {
                let mut members = said.members.iter().chain(std::iter::once(name));
                let number = members.find_map(|m| names.iter().position(|c| c == m))?;
                Some((number, said.kind?))
            });
            has_columns(columns::cells(line, delimiter), names.len())
                && wanted.into_iter().all(|(number, kind)| {
                    let cell = columns::cell(line, delimiter, number);
                    cell.is_some_and(|cell| {
                        cell.at.is_empty()
                            || kind.end(&line[..cell.at.end], cell.at.start).is_some()
                    })
                })
        };
        Some(self.lines.iter().filter(fits).count())
    }
}

/// Whether a record with so many cells may be one of a format with so many columns: those
/// that came with later versions stand at the end.
fn has_columns(cells: usize, names: usize) -> bool {
    cells <= names && 4 * cells >= 3 * names
}

/// Whether a record has one of these values.
fn has_one(reader: &FieldReader, values: &[String], record: &[u8]) -> bool {
    reader.find(record).is_some_and(|found| {
        let found = &record[found.at];
        values.iter().any(|value| value.as_bytes() == found)
    })
}

/// At most so many of them, from all over.
fn spread(mut lines: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let step = lines.len().div_ceil(RECORDS).max(1);
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        (at - 1) % step == 0
    });
    lines
}

fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && (line.ends_with(b"}") || line.len() >= FAR - 1)
}

/// Whether a line has two `name=value` pairs at least, the first of them at the start.
pub(crate) fn is_logfmt(line: &[u8]) -> bool {
    let pairs = line.split(|b| *b == b' ').filter(|word| {
        let name = word
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.@-".contains(b));
        let name = name.count();
        name > 0 && word.get(name) == Some(&b'=')
    });
    let first = line.split(|b| *b == b' ').next().unwrap_or_default();
    first.contains(&b'=') && !first.starts_with(b"=") && pairs.count() >= 2
}
