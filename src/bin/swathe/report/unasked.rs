//! What a report says where nobody said what it should.

use swathe::{
    Result,
    inspect::{Field, Form, Inspection},
    request::{ReportRequest, SectionRequest},
};

use super::{
    TITLE,
    asked::{Asked, Times},
    kinds::Kind,
    spec,
};
use crate::stat::{args::Shared, usage};

/// A section as it would be written: kind, title, options.
type Line = (&'static str, String, Vec<String>);

/// A section of a report that nobody has specified: its kind, its title, its options.
type Fixed = (&'static str, &'static str, &'static [&'static str]);

/// Sections of a log that programs write: what matters most comes first.
const PLAIN: &[Fixed] = &[
    ("levels", "Levels", &[]),
    ("timeline", "Lines over time", &["--by=level"]),
];

/// Sections of the access log of a web server.
const WEB: &[Fixed] = &[
    ("top", "Status codes", &["--by=status"]),
    (
        "timeline",
        "Requests over time",
        &["--by=status", "--limit=40"],
    ),
    ("top", "Requests", &["--by=endpoint"]),
    ("top", "Clients", &["--by=host"]),
];

/// What an access log has of less interest.
const WEB_LAST: &[Fixed] = &[("values", "Bytes sent", &["--of=bytes"])];

const LAST: &[Fixed] = &[
    ("templates", "Messages", &[]),
    ("stats", "Summary", &["--top-longest=10"]),
];

/// How many fields there is a section of: kinds of records, and numbers.
const KINDS: usize = 3;
const NUMBERS: usize = 2;

/// The report, and what its preset adds, or else what was seen of the inputs.
///
/// # Errors
/// When the preset is unknown.
pub(crate) fn report(told: &Shared, seen: Option<&Inspection>) -> Result<Asked> {
    let lines = lines(told.words.preset.as_deref(), seen);
    let section = |(kind, title, options): Line| -> Result<(SectionRequest, Times)> {
        let kind = Kind::named(kind).ok_or_else(|| usage(format!("no kind {kind}")))?;
        spec::section(kind, Some(&title), &options, &told.typed).map_err(usage)
    };
    let sections: Vec<_> = lines.into_iter().map(section).collect::<Result<_>>()?;
    let (sections, times) = sections.into_iter().unzip();
    Ok(Asked {
        request: ReportRequest {
            title: TITLE.into(),
            sections,
        },
        times,
    })
}

fn lines(preset: Option<&str>, seen: Option<&Inspection>) -> Vec<Line> {
    let form = seen.map(|seen| &seen.form);
    // What was typed is not doubted.
    let preset = match (preset, form) {
        (Some(preset), _) => Some(preset),
        (None, Some(Form::Web)) => Some("nginx"),
        (None, Some(Form::Syslog)) => Some("syslog"),
        _ => None,
    };
    let web = matches!(preset, Some("nginx" | "apache"));
    let mut lines = fixed(if web { WEB } else { PLAIN }, preset);
    match seen {
        Some(seen) if web => lines.extend(of_pairs(seen)),
        Some(seen) => lines.extend(of_fields(seen, preset)),
        None => {}
    }
    if web {
        lines.extend(fixed(WEB_LAST, preset));
    }
    lines.extend(fixed(LAST, preset));
    lines
}

fn fixed(lines: &[Fixed], preset: Option<&str>) -> Vec<Line> {
    let lines = lines.iter().map(|&(kind, title, options)| {
        let options = options.iter().map(ToString::to_string);
        (kind, title.to_string(), with(options.collect(), preset))
    });
    lines.collect()
}

/// Sections of the fields that tell most. Not those of columns: the next file
/// may have others, and what has no such column is refused.
fn of_fields(seen: &Inspection, preset: Option<&str>) -> Vec<Line> {
    if matches!(seen.form, Form::Csv(_)) {
        return Vec::new();
    }
    let line = |kind, flag: &str, before: &str, field: &Field| {
        let title = format!("{before} {}", field.name().unwrap_or_default());
        (
            kind,
            title,
            with(vec![format!("--{flag}={}", field.key)], preset),
        )
    };
    let kinds = seen.kinds(KINDS);
    let kinds = kinds
        .into_iter()
        .map(|field| line("top", "by", "By", field));
    let numbers = seen.measures(NUMBERS);
    let numbers = numbers
        .into_iter()
        .map(|field| line("values", "of", "Values of", field));
    kinds.chain(numbers).collect()
}

/// Sections of numbers that stand behind the fields every access log has, such as how
/// long requests took.
fn of_pairs(seen: &Inspection) -> Vec<Line> {
    let is_number =
        |field: &&Field| field.key.starts_with("logfmt:") && field.numbers && field.distinct > 1;
    let pairs = seen.fields.iter().filter(is_number);
    let line = |field: &Field| {
        let title = format!("Values of {}", field.name().unwrap_or_default());
        ("values", title, vec![format!("--of={}", field.key)])
    };
    pairs
        .filter(|field| field.name().is_some())
        .take(NUMBERS)
        .map(line)
        .collect()
}

/// The options of a section about fields that the preset may name.
fn with(mut options: Vec<String>, preset: Option<&str>) -> Vec<String> {
    let names_field = |option: &String| option.starts_with("--by=") || option.starts_with("--of=");
    if let Some(preset) = preset.filter(|_| options.iter().any(names_field)) {
        options.push(format!("--preset={preset}"));
    }
    options
}
