//! What has changed between two sides: two reports, two files, two times.
//!
//! A [`Side`] is what a report has gathered, read back from a file or gathered
//! now. [`diff()`] pairs the sections of both that ask the same and compares
//! every row, also those that a report does not show.
//!
//! # The rules
//!
//! * **Per line**: a count is divided by all records of its side, those of the
//!   whole report and not of its section, so a log that is twice as long does
//!   not look like a change. How many there are is what a section without
//!   conditions says. Bytes and words of all records are divided by lines. All
//!   lines are judged per second.
//! * **Per second**: a count is divided by the seconds of its side. These are
//!   those of its range of time where that has both ends, else those between
//!   the first and the last timestamp of its timeline sections of all records;
//!   without such a section they are not known.
//! * **The ratio** is the rate after by the rate before.
//! * **The floor**: both counts are brought to the volume of the smaller side.
//!   There they must differ by [`DiffOptions::floor`] at least, and a count
//!   that was not zero by three standard deviations of what comes at random,
//!   `3 × √(before + after)`: from 1 to 3 nothing follows, nor from 0 in a
//!   short log to 5 in a long one.
//! * **New, gone, shifted**: zero before; zero after; a ratio of at least
//!   [`DiffOptions::ratio`], or one by it. What has that ratio and is below the
//!   floor is *few*.
//! * **Percentiles** are compared as they are. So many numbers as the floor
//!   must lie beyond each: the p99 of fewer than a thousand says little. One
//!   that is not exact is within 0.8 % of the number, so 1.6 % are taken off a
//!   ratio before it is judged.
//! * **Sums** of a group are compared per line or per second, as counts are, and
//!   **different values** both so and as they are: how many there are grows
//!   with the log, but not as it does, so both ratios must say that it has
//!   shifted. A group must have as many records as the floor on both sides, and
//!   different values must differ by it.
//! * **Templates** are made of the lines of both sides together: apart, a
//!   word could be a value in one and a word in the other.
//! * **The score** by which rows are ordered, those that are flagged first, is
//!   `|log₂((after + floor) / (before + floor))|` of the counts as the floor
//!   sees them; of percentiles, sums and different values it is `|log₂(ratio)|`.
//! * A side without a record has no rates. What it lacks is judged by the
//!   counts of the other alone.

mod body;
mod judge;
mod pair;
mod rows;
mod sections;
mod side;
mod tables;

pub use body::{
    ChangeRow, Changes, DiffBody, DiffSection, Measure, MeasureRow, PercentileRow, SideRow,
};
pub use judge::{DiffOptions, Flag, Per};
pub use side::Side;

use self::{
    pair::pairs,
    sections::{Context, section},
    side::Finished,
};
use crate::{
    error::{Error, ErrorKind, Result},
    report::Warning,
};

/// What has changed from `before` to `after`.
///
/// # Errors
/// When the two have no section in common, or count different things: lines and
/// records of many lines. When rates are to be per second and the time of a
/// side is not known, or per line and no section is about all records.
pub fn diff(before: Side, after: Side, options: &DiffOptions) -> Result<DiffBody> {
    let record = |side: &Side| match side.scope.record.start() {
        None => "lines".to_string(),
        Some(start) => format!("records (--record {start})"),
    };
    let (a, b) = (record(&before), record(&after));
    if a != b {
        return refuse(format!(
            "one side counts {a} and the other {b}, which cannot be compared; use one --record"
        ));
    }
    let mut warnings = Vec::new();
    if before.filters() != after.filters() {
        warnings.push(Warning::plain(
            "filters",
            format!(
                "the sides are of different records: {} and {}",
                before.filters(),
                after.filters()
            ),
        ));
    }
    let pairs = pairs(
        &before.request.sections,
        &after.request.sections,
        &mut warnings,
    )?;
    let asked = [&before, &after].map(|side| side.request.sections.clone());
    let (mut before, mut after) = (before.finish()?, after.finish()?);
    if options.per == Per::Second && !(before.seconds().is_some() && after.seconds().is_some()) {
        return refuse(
            "--per second needs the time of both sides: a timeline section, or a range of time"
                .into(),
        );
    }
    if options.per == Per::Line && !(before.records.is_some() && after.records.is_some()) {
        return refuse(
            "every section has conditions or times of its own, so it is not known of how many \
             records they are, and nothing can be judged per line; add a section of all records \
             (kind = \"stats\"), or use --per second"
                .into(),
        );
    }
    for (name, side) in [("before", &before), ("after", &after)] {
        if side.records == Some(0) {
            let message = format!("the side {name} has no records, so there are no rates");
            warnings.push(Warning::plain("empty", message));
        }
    }
    let context = Context::new((&before, &after), options);
    let mut sections = Vec::new();
    for (a, b) in pairs {
        let parts = (before.take(a), after.take(b));
        let asked = (&asked[0][a], &asked[1][b]);
        sections.push(section(&context, asked, parts, &mut warnings));
    }
    Ok(body(options, (&before, &after), sections, warnings))
}

fn body(
    options: &DiffOptions,
    (before, after): (&Finished, &Finished),
    sections: Vec<DiffSection>,
    warnings: Vec<Warning>,
) -> DiffBody {
    let mut changes = Changes::default();
    for section in &sections {
        changes.add(section.changes);
    }
    let severities = sections.iter().flat_map(|section| &section.severities);
    DiffBody {
        title: "What has changed".into(),
        per: options.per,
        ratio: options.ratio,
        floor: options.floor,
        before: before.row(),
        after: after.row(),
        changes,
        severities: severities.copied().collect(),
        sections,
        warnings,
    }
}

fn refuse<T>(why: String) -> Result<T> {
    Err(Error::new(ErrorKind::Config(why)))
}
