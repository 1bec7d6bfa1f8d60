//! What a report asks where nobody said what it should.

use super::{
    Question, ReportRequest, SectionRequest, StatsRequest, TemplatesRequest, TimelineRequest,
    TopRequest, ValuesRequest,
};
use crate::{
    error::Result,
    format::{Formats, LogFormat, SaidFormat},
    inspect::{Field, Form, Inspection},
    key::{Key, KeyOptions},
    select::{Selection, SelectionKeys},
    statistic::{RowLimit, Templates, TimelineOptions, TopOptions, ValuesOptions},
    time::Zone,
};

/// How the records of a report are read about which nobody said what to ask.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The format of the records of all inputs, which gives their fields names.
    pub format: Option<SaidFormat>,
    /// What stands between fields.
    pub delimiter: Option<u8>,
    /// Whether a record may be more than a line.
    pub records: bool,
    /// The zone in which days begin and times are shown.
    pub zone: Zone,
}

/// What a section asks, in short.
#[derive(Clone, Copy, Debug)]
enum Ask<'k> {
    Levels,
    Timeline(&'k str, Option<u64>),
    Top(&'k str),
    Values(&'k str),
    Templates,
    Stats,
}

/// A section of a report that nobody has specified: its title, and what it asks.
type Fixed = (&'static str, Ask<'static>);

/// Sections of a log that programs write: what matters most comes first.
const PLAIN: &[Fixed] = &[
    ("Levels", Ask::Levels),
    ("Lines over time", Ask::Timeline("level", None)),
];

/// Sections of the access log of a web server.
const WEB: &[Fixed] = &[
    ("Status codes", Ask::Top("status")),
    ("Requests over time", Ask::Timeline("status", Some(40))),
    ("Requests", Ask::Top("endpoint")),
    ("Clients", Ask::Top("host")),
];

/// What an access log has of less interest.
const WEB_LAST: &[Fixed] = &[("Bytes sent", Ask::Values("bytes"))];

const LAST: &[Fixed] = &[("Messages", Ask::Templates), ("Summary", Ask::Stats)];

/// How many fields there is a section of: kinds of records, and numbers.
const KINDS: usize = 3;
const NUMBERS: usize = 2;

/// How many of the longest lines a report names.
const LONGEST: u32 = 10;

impl ReportRequest {
    /// What a report is called that has no name.
    pub const TITLE: &str = "Log report";

    /// The report of inputs about which nobody said what to ask: what their format adds, or
    /// else what was `seen` of them, as by [`first_look`](crate::run::first_look).
    ///
    /// # Errors
    /// When a section makes no sense.
    pub fn unasked(seen: Option<&Inspection>, reads: &Reads) -> Result<ReportRequest> {
        let form = seen.map(|seen| &seen.form);
        // What was said is not doubted.
        let named = |name: &str| SaidFormat::named(name, &Formats::default()).map(Some);
        let format = match (&reads.format, form) {
            (Some(format), _) => Some(format.clone()),
            (None, Some(Form::Web)) => named("nginx")?,
            (None, Some(Form::Syslog)) => named("syslog")?,
            _ => {
                let format = seen.and_then(|seen| seen.format.clone());
                format.filter(LogFormat::has_layout).map(SaidFormat::one)
            }
        };
        let mut report = Sections {
            reads,
            format: format.as_ref(),
            all: Vec::new(),
        };
        let mut formats = format.iter().flat_map(SaidFormat::formats);
        let web = formats.any(LogFormat::is_access_log);
        report.fixed(if web { WEB } else { PLAIN })?;
        match seen {
            Some(seen) if web => report.pairs(seen)?,
            Some(seen) => report.fields(seen)?,
            None => {}
        }
        if web {
            report.fixed(WEB_LAST)?;
        }
        report.fixed(LAST)?;
        Ok(ReportRequest {
            title: ReportRequest::TITLE.into(),
            sections: report.all,
        })
    }
}

/// The sections so far.
struct Sections<'a> {
    reads: &'a Reads,
    /// The format of sections about fields that it may name.
    format: Option<&'a SaidFormat>,
    all: Vec<SectionRequest>,
}

impl Sections<'_> {
    fn fixed(&mut self, sections: &[Fixed]) -> Result<()> {
        let mut sections = sections.iter();
        sections.try_for_each(|&(title, ask)| self.add(title.into(), ask, self.format))
    }

    /// Sections of the fields that tell most. Not those of columns: the next file
    /// may have others, and what has no such column is refused.
    fn fields(&mut self, seen: &Inspection) -> Result<()> {
        if matches!(seen.form, Form::Csv(_)) {
            return Ok(());
        }
        let name = |field: &Field| field.name().unwrap_or_default();
        for field in seen.kinds(KINDS) {
            let title = format!("By {}", name(field));
            self.add(title, Ask::Top(&field.key), self.format)?;
        }
        for field in seen.measures(NUMBERS) {
            let title = format!("Values of {}", name(field));
            self.add(title, Ask::Values(&field.key), self.format)?;
        }
        Ok(())
    }

    /// Sections of numbers that stand behind the fields every access log has, such as how
    /// long requests took.
    fn pairs(&mut self, seen: &Inspection) -> Result<()> {
        let fields = seen.fields.iter().filter(|field| {
            field.key.starts_with("logfmt:") && field.numbers && field.distinct > 1
        });
        let named = fields.filter_map(|field| Some((field, field.name()?)));
        for (field, name) in named.take(NUMBERS) {
            let said = self.reads.format.as_ref();
            self.add(format!("Values of {name}"), Ask::Values(&field.key), said)?;
        }
        Ok(())
    }

    /// Adds a section, whose fields `format` names if it is about fields.
    fn add(&mut self, title: String, ask: Ask<'_>, format: Option<&SaidFormat>) -> Result<()> {
        let reads = self.reads;
        let format = match ask {
            Ask::Timeline(..) | Ask::Top(_) | Ask::Values(_) => format,
            Ask::Levels | Ask::Templates | Ask::Stats => reads.format.as_ref(),
        };
        let keys = KeyOptions {
            format: format.cloned(),
            delimiter: reads.delimiter,
            ..KeyOptions::default()
        };
        let question = match ask {
            Ask::Levels => Question::Levels,
            Ask::Timeline(by, limit) => Question::Timeline(TimelineRequest {
                options: TimelineOptions {
                    by: Key::list(by)?,
                    keys,
                    limit: limit.map_or_else(RowLimit::default, RowLimit::first),
                    zone: reads.zone.clone(),
                    ..TimelineOptions::default()
                },
            }),
            Ask::Top(by) => Question::Top(TopRequest {
                by: Key::list(by)?,
                distinct: None,
                sum: None,
                keys,
                options: TopOptions::default(),
                exact: false,
            }),
            Ask::Values(of) => Question::Values(ValuesRequest {
                of: of.parse()?,
                by: Vec::new(),
                keys,
                options: ValuesOptions::default(),
            }),
            Ask::Templates => Question::Templates(TemplatesRequest {
                limit: RowLimit::default(),
                max: Templates::MAX as u64,
            }),
            Ask::Stats => Question::Stats(StatsRequest {
                longest: LONGEST,
                records: reads.records,
                by: None,
            }),
        };
        self.all.push(SectionRequest {
            title,
            select: Selection {
                keys: SelectionKeys {
                    pattern: None,
                    format: format.cloned(),
                    delimiter: reads.delimiter,
                },
                ..Selection::default()
            },
            question,
        });
        Ok(())
    }
}
