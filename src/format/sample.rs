//! Trying a format on its samples, and showing all fields of a record.

use super::{FieldReader, LogFormat, definition::Record};
use crate::{
    header::Header,
    time::{DAY, Format, Options, Stamp, Written},
};

impl LogFormat {
    /// The fields that a record has, with their values as they stand there.
    pub fn values(&self, record: &[u8]) -> Vec<(String, Vec<u8>)> {
        let fields = self.fields().into_iter();
        let value = |name: String| Some((name.clone(), self.value(&name, record)?));
        fields.filter_map(|field| value(field.name)).collect()
    }

    /// The value of the field of this name.
    fn value(&self, name: &str, record: &[u8]) -> Option<Vec<u8>> {
        let reader = self.field(name).ok()?;
        let found = reader.find(record)?;
        let mut value = Vec::new();
        FieldReader::push(record, &found, &mut value);
        Some(value)
    }

    /// What its samples do not say as their file has it, in words; nothing where all is
    /// right.
    pub fn test(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let samples = self.samples();
        for (number, sample) in (1..).zip(&samples) {
            let record = sample.line.as_bytes();
            let mut say = |what: String| wrong.push(format!("sample {number}: {what}"));
            if let Record::Layouts(layouts) = &self.definition.record
                && layouts.iter().all(|layout| layout.fit(record).is_none())
            {
                say("it does not fit the layout".to_string());
                continue;
            }
            let source = self.of_sample();
            for (name, want) in &sample.fields {
                match source.value(name, record) {
                    None => say(format!("{name} is missing, not {want:?}")),
                    Some(value) if value != want.as_bytes() => {
                        let value = String::from_utf8_lossy(&value);
                        say(format!("{name} is {value:?}, not {want:?}"));
                    }
                    Some(_) => {}
                }
            }
            let level = Header::of(record)
                .level
                .map(|level| level.name().to_string());
            if level != sample.level {
                say(format!("level is {level:?}, not {:?}", sample.level));
            }
            let wanted = sample.time.as_deref();
            let read = read_time(record, wanted);
            match wanted {
                None if read.is_some() => say("a time is read, and none is given".to_string()),
                Some(want) if read != Some(true) => say(format!("the time read is not {want}")),
                _ => {}
            }
        }
        wrong
    }

    /// The format of a source that begins with its samples.
    fn of_sample(&self) -> LogFormat {
        let samples = self.samples();
        let lines = samples.iter().map(|sample| sample.line.as_str());
        let text = lines.collect::<Vec<_>>().join("\n");
        super::Formats::only(vec![self.clone()])
            .detect(text.as_bytes())
            .unwrap_or_else(|| self.clone())
    }
}

/// Whether the time that is read of a record is this; `None` if there is none.
fn read_time(record: &[u8], wanted: Option<&str>) -> Option<bool> {
    let instant = wanted.and_then(|text| {
        let known = Written::whole(text)?;
        Stamp::new(
            known.wall - i64::from(known.offset.unwrap_or(0)),
            known.nanos,
        )
    });
    let options = Options {
        // What the record itself may leave out.
        base_date: instant.map(|stamp| stamp.second().div_euclid(DAY)),
        now: instant.map(|stamp| stamp.second() + DAY),
        ..Options::default()
    };
    let format = Format::detect(record, &options)?;
    let stamp = format.parse(record)?;
    Some(instant == Some(stamp))
}
