//! The numbers of two bodies side by side, before they are judged.

use std::collections::BTreeMap;

use super::{Measure, judge::Size};
use crate::{
    header::Level,
    report::{
        AnyBody, CountBody, DistinctRow, ExampleRow, KeyRow, LevelsBody, StatsBody, TimelineBody,
        TopBody, TopRow, ValuesBody, ValuesRow, of_a_spec,
    },
};

/// A count of both sides; `None` where it is not known.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) key: KeyRow,
    pub(super) before: Option<u64>,
    pub(super) after: Option<u64>,
    /// It is what others are divided by.
    pub(super) is_volume: bool,
    pub(super) example: Option<ExampleRow>,
}

/// A percentile of both sides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sized {
    pub(super) key: KeyRow,
    pub(super) percentile: &'static str,
    pub(super) before: Option<Size>,
    pub(super) after: Option<Size>,
}

/// What else is known of a group that both sides have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    pub(super) key: KeyRow,
    pub(super) measure: Measure,
    pub(super) before: Size,
    pub(super) after: Size,
}

/// The rows of a section.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// What they are: the name of a table.
    pub(super) are: &'static str,
    pub(super) keys: Vec<String>,
    pub(super) counted: Vec<Counted>,
    pub(super) sized: Vec<Sized>,
    pub(super) measured: Vec<Measured>,
    pub(super) unit: Option<&'static str>,
    /// There are few, and their order is their own.
    pub(super) few: bool,
    /// Counts are of lines, whatever a record is.
    pub(super) lines: Option<(u64, u64)>,
    /// Why some numbers are not exact, or cannot be compared.
    pub(super) notes: Vec<String>,
}

/// The rows of two answers to the same question; `all` if it is about all
/// records.
pub(super) fn rows(before: &AnyBody, after: &AnyBody, all: bool) -> Rows {
    match (before, after) {
        (AnyBody::Count(a), AnyBody::Count(b)) => patterns(a, b),
        (AnyBody::Top(a), AnyBody::Top(b)) => top(a, b),
        (AnyBody::Values(a), AnyBody::Values(b)) => values(a, b),
        (AnyBody::Timeline(a), AnyBody::Timeline(b)) => timeline(a, b, all),
        (AnyBody::Stats(a), AnyBody::Stats(b)) => stats(a, b, all),
        (AnyBody::Levels(a), AnyBody::Levels(b)) => levels(a, b),
        _ => Rows::default(),
    }
}

impl Counted {
    pub(super) fn new(key: KeyRow, before: Option<u64>, after: Option<u64>) -> Counted {
        Counted {
            key,
            before,
            after,
            is_volume: false,
            example: None,
        }
    }
}

fn name(text: &str) -> KeyRow {
    KeyRow(vec![Some(text.as_bytes().to_vec())])
}

/// Counts by key of both sides. Where a side does not know all its groups, one
/// that it lacks may have been there.
fn joined(
    before: impl IntoIterator<Item = (KeyRow, u64)>,
    after: impl IntoIterator<Item = (KeyRow, u64)>,
    knows_all: (bool, bool),
) -> Vec<Counted> {
    let mut all: BTreeMap<KeyRow, (Option<u64>, Option<u64>)> = BTreeMap::new();
    let absent = (knows_all.0.then_some(0), knows_all.1.then_some(0));
    for (key, count) in before {
        let place = &mut all.entry(key).or_insert(absent).0;
        *place = Some(place.unwrap_or(0) + count);
    }
    for (key, count) in after {
        let place = &mut all.entry(key).or_insert(absent).1;
        *place = Some(place.unwrap_or(0) + count);
    }
    let rows = all.into_iter();
    rows.map(|(key, (before, after))| Counted::new(key, before, after))
        .collect()
}

fn not_exact(error: Option<&String>, side: &str) -> Option<String> {
    error.map(|error| format!("{side}: {error}"))
}

fn not_exact_of(before: Option<&String>, after: Option<&String>) -> Vec<String> {
    let both = [not_exact(before, "before"), not_exact(after, "after")];
    // `diff` has no flags of the commands that its sections are of.
    let both = both.into_iter().flatten();
    both.map(|note| of_a_spec(&note)).collect()
}

fn patterns(before: &CountBody, after: &CountBody) -> Rows {
    let called = |body: &CountBody| -> Vec<Called> {
        let rows = body.patterns.iter();
        rows.map(|row| called(row.name.as_ref(), &row.pattern, row.lines))
            .collect()
    };
    of_both(&called(before), &called(after))
}

/// What a pattern is called, what it is, and the lines it is in.
type Called = ((String, String), u64);

fn called(name: Option<&String>, pattern: &String, lines: u64) -> Called {
    ((name.unwrap_or(pattern).clone(), pattern.clone()), lines)
}

/// Rows of what both sides were asked for: the same pattern, called the same.
fn of_both(before: &[Called], after: &[Called]) -> Rows {
    let others: BTreeMap<&(String, String), u64> =
        after.iter().map(|(key, lines)| (key, *lines)).collect();
    let pairs = before.iter().filter_map(|(key, lines)| {
        let other = *others.get(key)?;
        Some(Counted::new(name(&key.0), Some(*lines), Some(other)))
    });
    let counted: Vec<Counted> = pairs.collect();
    let lacks = |some: &[Called]| some.len() > counted.len();
    let notes = if lacks(before) || lacks(after) {
        vec!["patterns that only one side has are not compared".into()]
    } else {
        Vec::new()
    };
    Rows {
        are: "patterns",
        keys: vec!["pattern".into()],
        counted,
        few: true,
        notes,
        ..Rows::default()
    }
}

fn top(before: &TopBody, after: &TopBody) -> Rows {
    let groups = |body: &TopBody| -> Vec<(KeyRow, u64)> {
        let rows = body.groups.iter();
        rows.map(|row| (row.key.clone(), row.count)).collect()
    };
    Rows {
        are: "groups",
        keys: before.keys.clone(),
        counted: joined(groups(before), groups(after), (before.exact, after.exact)),
        measured: measured(before, after),
        notes: not_exact_of(before.error.as_ref(), after.error.as_ref()),
        ..Rows::default()
    }
}

/// Sums and different values of the groups that both sides have.
fn measured(before: &TopBody, after: &TopBody) -> Vec<Measured> {
    let others: BTreeMap<&KeyRow, &TopRow> =
        after.groups.iter().map(|row| (&row.key, row)).collect();
    let mut all = Vec::new();
    for a in &before.groups {
        let Some(b) = others.get(&a.key) else {
            continue;
        };
        let size = |row: &TopRow, value: f64, exact: bool| Size {
            value,
            beyond: row.count as f64,
            exact: exact && row.count_exact.is_none(),
        };
        let mut add = |measure, before, after| {
            let key = a.key.clone();
            all.push(Measured {
                key,
                measure,
                before,
                after,
            });
        };
        if let (Some(sum), Some(other)) = (&a.sum, &b.sum) {
            let (before, after) = (size(a, sum.sum, true), size(b, other.sum, true));
            add(Measure::Sum, before, after);
        }
        if let (Some(values), Some(other)) = (&a.distinct, &b.distinct) {
            // Counts as well: they must differ by the floor.
            let apart = values.distinct.abs_diff(other.distinct) as f64;
            let of = |row, values: &DistinctRow| Size {
                beyond: apart,
                ..size(row, values.distinct as f64, values.exact.is_none())
            };
            add(Measure::Distinct, of(a, values), of(b, other));
        }
    }
    all
}

fn levels(before: &LevelsBody, after: &LevelsBody) -> Rows {
    let key = |level: Option<&str>| KeyRow(vec![level.map(|name| name.as_bytes().to_vec())]);
    let groups = |body: &LevelsBody| -> Vec<(KeyRow, u64)> {
        let rows = body.levels.iter();
        rows.map(|row| (key(row.level), row.count)).collect()
    };
    let joined = joined(groups(before), groups(after), (true, true));
    let order = Level::ALL.into_iter().rev().map(Some).chain([None]);
    let in_order = order.filter_map(|level| {
        let key = key(level.map(Level::name));
        joined.iter().find(|row| row.key == key).cloned()
    });
    Rows {
        are: "levels",
        keys: vec!["level".into()],
        counted: in_order.collect(),
        few: true,
        ..Rows::default()
    }
}

fn timeline(before: &TimelineBody, after: &TimelineBody, all: bool) -> Rows {
    if let (Some(a), Some(b)) = (&before.by, &after.by) {
        let groups = |by: &crate::report::TimelineBy| -> Vec<(KeyRow, u64)> {
            let groups = by.groups.iter();
            groups
                .map(|group| (group.key.clone(), group.lines))
                .collect()
        };
        return Rows {
            are: "groups",
            keys: a.keys.clone(),
            counted: joined(groups(a), groups(b), (a.exact, b.exact)),
            notes: not_exact_of(a.error.as_ref(), b.error.as_ref()),
            ..Rows::default()
        };
    }
    if before.patterns.is_empty() && after.patterns.is_empty() {
        return Rows {
            are: "totals",
            keys: vec!["total".into()],
            counted: vec![Counted {
                is_volume: all,
                ..Counted::new(name("lines"), Some(lines_of(before)), Some(lines_of(after)))
            }],
            few: true,
            ..Rows::default()
        };
    }
    let called = |body: &TimelineBody| -> Vec<Called> {
        let rows = body.patterns.iter();
        rows.map(|row| called(row.name.as_ref(), &row.pattern, row.lines))
            .collect()
    };
    of_both(&called(before), &called(after))
}

/// All lines of a timeline, with a time and without.
pub(super) fn lines_of(body: &TimelineBody) -> u64 {
    let lines = body.buckets.iter().map(|bucket| bucket.lines);
    lines.sum::<u64>() + body.unparsed_lines
}

fn stats(before: &StatsBody, after: &StatsBody, all: bool) -> Rows {
    if let (Some(a), Some(b)) = (&before.by, &after.by) {
        let groups = |by: &crate::report::StatsGroups| -> Vec<(KeyRow, u64)> {
            let groups = by.groups.iter();
            groups
                .map(|group| (group.key.clone(), group.records.unwrap_or(group.lines)))
                .collect()
        };
        return Rows {
            are: "groups",
            keys: a.keys.clone(),
            counted: joined(groups(a), groups(b), (a.exact, b.exact)),
            notes: not_exact_of(a.error.as_ref(), b.error.as_ref()),
            ..Rows::default()
        };
    }
    let (a, b) = (&before.total, &after.total);
    let total =
        |what: &str, before: u64, after: u64| Counted::new(name(what), Some(before), Some(after));
    let mut counted = vec![
        Counted {
            is_volume: all,
            ..total("lines", a.lines, b.lines)
        },
        total("bytes", a.bytes, b.bytes),
        total("words", a.words, b.words),
        total("empty_lines", a.empty_lines, b.empty_lines),
        total("blank_lines", a.blank_lines, b.blank_lines),
        total("crlf_lines", a.crlf_lines, b.crlf_lines),
        total("nul_bytes", a.nul_bytes, b.nul_bytes),
        total(
            "invalid_utf8_lines",
            a.invalid_utf8_lines,
            b.invalid_utf8_lines,
        ),
    ];
    counted.retain(|row| row.key == name("lines") || (row.before, row.after) != (Some(0), Some(0)));
    let (long, other) = (&a.line_length, &b.line_length);
    let size = |value: Option<u64>, lines: u64, thousandths: u64, exact: bool| {
        value.map(|value| Size {
            value: value as f64,
            beyond: beyond(lines, thousandths),
            exact,
        })
    };
    let percentile = |percentile, thousandths, before, after| Sized {
        key: KeyRow(vec![None]),
        percentile,
        before: size(before, a.lines, thousandths, long.exact.is_none()),
        after: size(after, b.lines, thousandths, other.exact.is_none()),
    };
    let sized = vec![
        percentile("p50", 500, long.p50, other.p50),
        percentile("p90", 900, long.p90, other.p90),
        percentile("p99", 990, long.p99, other.p99),
        percentile("p999", 999, long.p999, other.p999),
    ];
    Rows {
        are: "totals",
        keys: vec!["total".into()],
        counted,
        sized,
        unit: Some("bytes"),
        few: true,
        lines: all.then_some((a.lines, b.lines)),
        ..Rows::default()
    }
}

fn values(before: &ValuesBody, after: &ValuesBody) -> Rows {
    let groups = |body: &ValuesBody| -> Vec<(KeyRow, u64)> {
        let rows = body.groups.iter();
        rows.map(|row| (row.key.clone(), row.count)).collect()
    };
    // Which groups are known is not a matter of how exact percentiles are.
    let knows_all = (before.error.is_none(), after.error.is_none());
    let mut counted = joined(groups(before), groups(after), knows_all);
    let alone = before.keys.is_empty();
    if alone {
        for row in &mut counted {
            row.key = name("numbers");
        }
    }
    let mut notes = not_exact_of(before.error.as_ref(), after.error.as_ref());
    let measured = |body: &ValuesBody| body.groups.iter().any(|row| row.count > 0);
    let unit = if measured(before) {
        before.unit
    } else {
        after.unit
    };
    let mut sized = Vec::new();
    if measured(before) && measured(after) && before.unit != after.unit {
        notes.push(format!(
            "numbers are in {} before and in {} after, so percentiles are not compared",
            before.unit, after.unit
        ));
    } else {
        let by_key: BTreeMap<&KeyRow, &ValuesRow> =
            after.groups.iter().map(|row| (&row.key, row)).collect();
        let pairs = before.groups.iter();
        let pairs = pairs.filter_map(|row| Some((row, *by_key.get(&row.key)?)));
        let mut pairs: Vec<(&ValuesRow, &ValuesRow)> = pairs.collect();
        pairs.sort_by(|a, b| a.0.key.cmp(&b.0.key));
        sized.extend(pairs.into_iter().flat_map(|(a, b)| percentiles(a, b)));
    }
    Rows {
        are: if alone { "totals" } else { "groups" },
        keys: if alone {
            vec!["total".into()]
        } else {
            before.keys.clone()
        },
        counted,
        sized,
        unit: Some(unit),
        few: alone,
        notes,
        ..Rows::default()
    }
}

/// The percentiles of a group that both sides have.
fn percentiles(before: &ValuesRow, after: &ValuesRow) -> Vec<Sized> {
    type Of = fn(&ValuesRow) -> Option<f64>;
    const ALL: [(&str, u64, Of); 5] = [
        ("p50", 500, |row| row.p50),
        ("p90", 900, |row| row.p90),
        ("p95", 950, |row| row.p95),
        ("p99", 990, |row| row.p99),
        ("p999", 999, |row| row.p999),
    ];
    let size = |row: &ValuesRow, thousandths: u64, of: Of| {
        of(row).map(|value| Size {
            value,
            beyond: beyond(row.count, thousandths),
            exact: row.exact.is_none(),
        })
    };
    let all = ALL.into_iter();
    all.map(|(percentile, thousandths, of)| Sized {
        key: before.key.clone(),
        percentile,
        before: size(before, thousandths, of),
        after: size(after, thousandths, of),
    })
    .collect()
}

/// How many of so many numbers lie beyond a percentile.
fn beyond(count: u64, thousandths: u64) -> f64 {
    count as f64 * (1000 - thousandths) as f64 / 1000.0
}
