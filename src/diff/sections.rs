//! A section of both sides, judged row by row.

use super::{
    ChangeRow, Changes, DiffOptions, DiffSection, Flag, Measure, MeasureRow, Per, PercentileRow,
    judge::{self, Size, Verdict, Volume, quotient},
    rows::{Counted, Measured, Rows, Sized, rows},
    side::{Finished, Section},
};
use crate::{
    report::{ExampleRow, KeyRow, Name, Warning, printable},
    request::SectionRequest,
    statistic::{PairedTemplate, TemplatesPartial},
};

/// What the rows of all sections are judged by.
pub(super) struct Context<'a> {
    options: &'a DiffOptions,
    records: Option<Volume>,
    seconds: Option<Volume>,
    sources: [Vec<Name>; 2],
}

impl Context<'_> {
    pub(super) fn new<'a>(
        (before, after): (&Finished, &Finished),
        options: &'a DiffOptions,
    ) -> Context<'a> {
        let seconds = before.seconds().zip(after.seconds());
        Context {
            options,
            records: before.records.zip(after.records).map(of),
            seconds: seconds.map(|(before, after)| Volume { before, after }),
            sources: [before, after].map(|side| side.sources().to_vec()),
        }
    }
}

fn of((before, after): (u64, u64)) -> Volume {
    Volume {
        before: before as f64,
        after: after as f64,
    }
}

/// What has changed in a section.
pub(super) fn section(
    context: &Context<'_>,
    (asked, other): (&SectionRequest, &SectionRequest),
    parts: (Option<Section>, Option<Section>),
    warnings: &mut Vec<Warning>,
) -> DiffSection {
    let all = asked.select.is_everything() && other.select.is_everything();
    let rows = match parts {
        (Some(Section::Body(a)), Some(Section::Body(b))) => rows(&a, &b, all),
        (Some(Section::Templates(a)), Some(Section::Templates(b))) => templates(context, a, b),
        _ => Rows::default(),
    };
    let title = printable(asked.title.as_bytes());
    let warn = |note: &String| Warning::plain("not_exact", format!("{title}: {note}"));
    warnings.extend(rows.notes.iter().map(warn));
    judged(context, asked, rows)
}

fn templates(context: &Context<'_>, before: TemplatesPartial, after: TemplatesPartial) -> Rows {
    let coarse = before.is_coarse() || after.is_coarse();
    let notes = coarse.then(|| "there were too many templates to tell all of them apart".into());
    let counted = before.paired(after).into_iter().map(|paired| Counted {
        example: example(context, &paired),
        ..Counted::new(
            KeyRow(vec![Some(paired.template)]),
            Some(paired.before),
            Some(paired.after),
        )
    });
    Rows {
        are: "templates",
        keys: vec!["template".into()],
        counted: counted.collect(),
        notes: notes.into_iter().collect(),
        ..Rows::default()
    }
}

fn example(context: &Context<'_>, paired: &PairedTemplate) -> Option<ExampleRow> {
    let [before, after] = &context.sources;
    let sources = if paired.after > 0 { after } else { before };
    Some(ExampleRow {
        path: sources.get(paired.first.source as usize)?.clone(),
        line: paired.first.line,
        offset: paired.first.offset,
        text: paired.example.clone(),
    })
}

fn judged(context: &Context<'_>, asked: &SectionRequest, rows: Rows) -> DiffSection {
    let options = context.options;
    let (mut changes, mut severities) = (Changes::default(), Vec::new());
    let mut note = |verdict: &Verdict| {
        changes.count(verdict.flag);
        if verdict.severity > 1.0 {
            severities.push(verdict.severity);
        }
    };
    let lines = rows.lines.map(of).or(context.records);
    let counted: Vec<ChangeRow> = rows
        .counted
        .into_iter()
        .map(|row| {
            let volume = match options.per {
                Per::Line if !row.is_volume => lines,
                _ => context.seconds,
            };
            let verdict = judge::counts((row.before, row.after), volume, options);
            note(&verdict);
            change(row, lines, context.seconds, verdict)
        })
        .collect();
    let sized: Vec<PercentileRow> = rows
        .sized
        .into_iter()
        .map(|row| {
            let verdict = judge::sizes(row.before, row.after, options);
            note(&verdict);
            percentile(row, verdict)
        })
        .collect();
    let volume = match options.per {
        Per::Line => lines,
        Per::Second => context.seconds,
    };
    let of_groups: Vec<MeasureRow> = rows
        .measured
        .into_iter()
        .map(|row| {
            let (row, verdict) = measure(row, volume, options);
            note(&verdict);
            row
        })
        .collect();
    let (counted, hidden) = shown(counted, rows.few, options);
    let (percentiles, hidden_too) = shown(sized, rows.few, options);
    let (measures, hidden_also) = shown(of_groups, rows.few, options);
    DiffSection {
        kind: asked.question.kind(),
        title: asked.title.clone(),
        only: asked.only(),
        keys: rows.keys,
        changes,
        rows: counted,
        unit: (!percentiles.is_empty()).then_some(rows.unit).flatten(),
        percentiles,
        measures,
        not_shown: hidden + hidden_too + hidden_also,
        severities,
        rows_are: rows.are,
    }
}

fn change(
    row: Counted,
    lines: Option<Volume>,
    seconds: Option<Volume>,
    verdict: Verdict,
) -> ChangeRow {
    let both = row.before.zip(row.after);
    let ratio = |volume: Volume| both.and_then(|(a, b)| volume.ratio(a, b));
    ChangeRow {
        per_line: lines.filter(|_| !row.is_volume).and_then(ratio),
        per_second: seconds.and_then(ratio),
        key: row.key,
        before: row.before,
        after: row.after,
        flag: verdict.flag,
        score: verdict.score,
        example: row.example,
    }
}

fn percentile(row: Sized, verdict: Verdict) -> PercentileRow {
    let [before, after] = [row.before, row.after].map(|size| size.map(|size| size.value));
    let both = before.zip(after);
    PercentileRow {
        key: row.key,
        percentile: row.percentile,
        before,
        after,
        ratio: both.and_then(|(before, after)| quotient(before, after)),
        flag: verdict.flag,
        score: verdict.score,
    }
}

/// A sum is judged as much as there is of it in a line or a second. How many
/// values differ grows with that too, but less, so the milder verdict holds.
fn measure(row: Measured, volume: Option<Volume>, options: &DiffOptions) -> (MeasureRow, Verdict) {
    let (before, after) = (row.before, row.after);
    // As the side before has it.
    let level = volume.map(|volume| Size {
        value: after.value * (volume.before / volume.after),
        ..after
    });
    let level = level.filter(|level| level.value.is_finite());
    let by_volume = level.map_or(Verdict::NONE, |level| {
        judge::sizes(Some(before), Some(level), options)
    });
    let verdict = match row.measure {
        Measure::Sum => by_volume,
        Measure::Distinct => {
            let plain = judge::sizes(Some(before), Some(after), options);
            if plain.severity < by_volume.severity {
                plain
            } else {
                by_volume
            }
        }
    };
    let shown = MeasureRow {
        key: row.key,
        measure: row.measure,
        before: before.value,
        after: after.value,
        ratio: quotient(before.value, after.value),
        per_volume: level.and_then(|level| quotient(before.value, level.value)),
        flag: verdict.flag,
        score: verdict.score,
    };
    (shown, verdict)
}

/// What rows are ordered by.
trait Ranked {
    fn flag(&self) -> Flag;
    fn score(&self) -> f64;
    /// Of rows with the same score the lesser is first.
    fn place(&self) -> (&KeyRow, &str);
}

impl Ranked for ChangeRow {
    fn flag(&self) -> Flag {
        self.flag
    }

    fn score(&self) -> f64 {
        self.score
    }

    fn place(&self) -> (&KeyRow, &str) {
        (&self.key, "")
    }
}

impl Ranked for PercentileRow {
    fn flag(&self) -> Flag {
        self.flag
    }

    fn score(&self) -> f64 {
        self.score
    }

    fn place(&self) -> (&KeyRow, &str) {
        (&self.key, self.percentile)
    }
}

impl Ranked for MeasureRow {
    fn flag(&self) -> Flag {
        self.flag
    }

    fn score(&self) -> f64 {
        self.score
    }

    fn place(&self) -> (&KeyRow, &str) {
        (&self.key, self.measure.name())
    }
}

/// The rows that are shown, in their order, and how many are not.
fn shown<R: Ranked>(mut rows: Vec<R>, few: bool, options: &DiffOptions) -> (Vec<R>, u64) {
    let all = rows.len();
    let limit = options.limit.unwrap_or(usize::MAX);
    if !few {
        rows.retain(|row| options.all || row.flag().is_change());
    }
    // Few that are too many to be shown lose those that have not changed.
    if !few || rows.len() > limit {
        rows.sort_by(|a, b| {
            let changed = b.flag().is_change().cmp(&a.flag().is_change());
            let score = b.score().total_cmp(&a.score());
            changed.then(score).then_with(|| a.place().cmp(&b.place()))
        });
    }
    rows.truncate(limit);
    let hidden = (all - rows.len()) as u64;
    (rows, hidden)
}
