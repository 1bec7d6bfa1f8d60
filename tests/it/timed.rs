//! Logs with timestamps: the timeline, records of many lines and the selection
//! of records, against what they mean, and their laws.

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use swathe::{
    chunk::Record,
    fold::FoldOptions,
    pattern::PatternOptions,
    report::TimelineBody,
    select::{Filtered, Selection, Selector},
    statistic::{
        Count, CountPattern, Head, Kind, Needs, Scan, Shift, Statistic, Timeline, TimelineOptions,
        WireStatistic,
    },
    time::Stamp,
};

use crate::{laws, stat_invariance::one_answer_with};

/// 2026-11-01T00:00:00Z.
const NOVEMBER: i64 = 1_793_491_200;

/// A moment of November 2026 in milliseconds since it began, as log4j or an
/// RFC writes it.
fn written(millis: i64, style: u8) -> String {
    let (second, rest) = (millis / 1000, millis % 1000);
    let (day, time) = (second / 86_400 + 1, second % 86_400);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    match style {
        0 => format!("2026-11-{day:02} {hour:02}:{minute:02}:{second:02},{rest:03}"),
        1 => format!("2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}Z"),
        _ => format!("2026-11-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// The milliseconds of a line, by its first bytes and nothing else.
fn millis(line: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(line);
    let text = text.strip_prefix("2026-11-")?;
    let number = |from: usize| text.get(from..from + 2)?.parse::<i64>().ok();
    let second = (number(0)? - 1) * 86_400 + number(3)? * 3600 + number(6)? * 60 + number(9)?;
    let rest = text.get(11..).unwrap_or_default();
    let rest = rest.strip_prefix([',', '.']).and_then(|rest| rest.get(..3));
    Some(second * 1000 + rest.map_or(0, |rest| rest.parse::<i64>().unwrap()))
}

fn nanos(millis: i64) -> i64 {
    (NOVEMBER * 1000 + millis) * 1_000_000
}

/// Some lines with and without a timestamp.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let moment = prop_oneof![
        6 => 0i64..30_000,
        2 => 0i64..400_000,
        1 => 0i64..2_500_000_000,
    ];
    let stamped = (moment, 0u8..3).prop_map(|(at, style)| written(at, style) + " ");
    let stamp = prop_oneof![3 => stamped, 2 => Just(String::new())];
    let words = vec(
        prop_oneof![Just("foo"), Just("bar"), Just(" "), Just("at")],
        0..5,
    );
    let line = (stamp, words, 0u8..6).prop_map(|(stamp, words, end)| {
        let end = if end == 0 { "\r\n" } else { "\n" };
        stamp + &words.concat() + end
    });
    (vec(line, 0..60), any::<bool>()).prop_map(|(lines, ended)| {
        let mut text = lines.concat().into_bytes();
        if !ended {
            text.pop();
        }
        text
    })
}

/// The same without years: a few months, in order or not.
fn log_without_years() -> impl Strategy<Value = Vec<u8>> {
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let line = (0usize..12, 1u8..29, 0u8..24, 0u8..5).prop_map(move |(month, day, hour, kind)| {
        if kind == 0 {
            "  foo\n".to_string()
        } else {
            format!("{} {day:>2} {hour:02}:00:00 host bar\n", months[month])
        }
    });
    vec(line, 0..60).prop_map(|lines| lines.concat().into_bytes())
}

fn patterns() -> Vec<CountPattern> {
    let pattern = |pattern: &str| CountPattern {
        name: None,
        pattern: pattern.to_string(),
    };
    ["foo", "bar$", "^$"].map(pattern).into()
}

fn timeline(bucket: u64, gaps_over: Option<u64>, most_cells: usize) -> Timeline {
    Timeline::new(TimelineOptions {
        patterns: patterns(),
        bucket: Some(bucket),
        gaps_over,
        most_cells,
        ..TimelineOptions::default()
    })
    .unwrap()
}

fn selections() -> Vec<Selection> {
    let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    let at = |millis| Some(Stamp::from_nanos(nanos(millis)));
    vec![
        Selection::default(),
        Selection {
            and: strings(&["foo"]),
            ..Selection::default()
        },
        Selection {
            and: strings(&["foo", "bar$"]),
            not: strings(&["at"]),
            ..Selection::default()
        },
        Selection {
            not: strings(&["foo"]),
            ..Selection::default()
        },
        Selection {
            since: at(10_000),
            until: at(20_000),
            ..Selection::default()
        },
        Selection {
            not: strings(&["bar"]),
            until: at(15_500),
            ..Selection::default()
        },
        Selection {
            and: strings(&["o"]),
            since: at(20_000),
            ..Selection::default()
        },
    ]
}

/// Checks the laws of the timeline and of filtered statistics.
pub(crate) fn check_laws(bytes: &[u8], cuts: &[usize]) {
    for most in [2, 5, 1 << 20] {
        laws::check(&timeline(10, None, most), bytes, cuts);
    }
    let by = Timeline::new(TimelineOptions {
        by: vec!["field:2".parse().unwrap()],
        ..TimelineOptions::default()
    });
    laws::check(&by.unwrap(), bytes, cuts);
    let count = Count::new(patterns(), &PatternOptions::default()).unwrap();
    let timed = Head::of(bytes).time.is_some();
    for selection in selections() {
        if timed || !selection.has_time() {
            let selector = Selector::new(selection).unwrap();
            laws::check(&Filtered::new(&count, &selector), bytes, cuts);
            laws::check(&Filtered::new(&Lines, &selector), bytes, cuts);
        }
    }
}

/// Where the records of a source are: as lines, or as lines that start with a
/// timestamp and what follows them, but no longer than a bound allows.
fn records(bytes: &[u8], max: Option<usize>) -> Vec<(usize, &[u8])> {
    let mut lines: Vec<(usize, &[u8])> = Vec::new();
    let mut at = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        lines.push((at, line));
        at += line.len();
    }
    let Some(max) = max else { return lines };
    let natural: Vec<usize> = lines
        .iter()
        .filter(|(_, line)| millis(line).is_some())
        .map(|(at, _)| *at)
        .collect();
    let starts = |at: usize| {
        let multiple = at / max * max;
        let first = multiple > 0 && !lines.iter().any(|(l, _)| (multiple..at).contains(l));
        let near = natural.iter().any(|&n| n < at && n + max >= at);
        at == 0 || natural.contains(&at) || (first && !near)
    };
    let mut records: Vec<(usize, &[u8])> = Vec::new();
    for &(at, line) in &lines {
        match records.last_mut() {
            Some((start, record)) if !starts(at) => {
                *record = &bytes[*start..at + line.len()];
            }
            _ => records.push((at, line)),
        }
    }
    records
}

fn first_line(record: &[u8]) -> &[u8] {
    record.split(|&b| b == b'\n').next().unwrap_or_default()
}

/// A record as the statistics see it: its line, its offset, its bytes.
type Seen = (u64, u64, Vec<u8>);

/// The records that are selected.
fn selected(bytes: &[u8], selection: &Selection, max: Option<usize>) -> Vec<Seen> {
    let crlf = crate::naive::is_crlf(bytes);
    let contains = |record: &[u8], pattern: &str| {
        record.split(|&b| b == b'\n').any(|line| {
            let line = line.strip_suffix(b"\r").filter(|_| crlf).unwrap_or(line);
            let line = String::from_utf8_lossy(line);
            match pattern.strip_suffix('$') {
                Some(end) => line.ends_with(end),
                None => line.contains(pattern),
            }
        })
    };
    let (mut in_range, mut seen) = (false, Vec::new());
    for (at, record) in records(bytes, max) {
        if let Some(millis) = millis(first_line(record)) {
            let stamp = Some(Stamp::from_nanos(nanos(millis)));
            let late = selection.since.is_none_or(|since| stamp >= Some(since));
            in_range = late && selection.until.is_none_or(|until| stamp < Some(until));
        }
        let is_in = !selection.has_time() || in_range;
        let and = selection.and.iter().all(|p| contains(record, p));
        if is_in && and && !selection.not.iter().any(|p| contains(record, p)) {
            let line = bytes[..at].split(|&b| b == b'\n').count() as u64;
            seen.push((line, at as u64, record.to_vec()));
        }
    }
    seen
}

/// Shows which records a statistic is given.
#[derive(Debug)]
struct Lines;

impl Statistic for Lines {
    type Partial = Vec<Seen>;
    type Output = Vec<Seen>;
    type Worker = ();

    fn needs(&self) -> Needs {
        Needs {
            line_numbers: true,
            ..Needs::NOTHING
        }
    }

    fn worker(&self, _head: &Head) {}

    fn identity(&self) -> Vec<Seen> {
        Vec::new()
    }

    fn scan(&self, (): &mut (), scan: &Scan<'_>, seen: &mut Vec<Seen>) {
        for record in scan.records() {
            let position = scan.position(record.range.start, record.lines_before);
            let bytes = scan.bytes()[record.range].to_vec();
            seen.push((position.line, position.offset, bytes));
        }
    }

    fn shift(&self, seen: &mut Vec<Seen>, by: Shift) {
        for record in seen {
            record.0 += by.lines;
            record.1 += by.bytes;
        }
    }

    fn merge(&self, earlier: &mut Vec<Seen>, mut later: Vec<Seen>) {
        earlier.append(&mut later);
    }

    fn finish(&self, merged: Vec<Seen>) -> Vec<Seen> {
        merged
    }
}

impl WireStatistic for Lines {
    fn kind(&self) -> Kind {
        Kind::Foreign("lines")
    }

    fn accepts(&self, _partial: &Vec<Seen>, _sources: u32) -> bool {
        true
    }
}

/// A moment as it is shown.
fn show(millis: i64) -> String {
    let text = written(millis, if millis % 1000 == 0 { 2 } else { 1 });
    text.replace(' ', "T").trim_end_matches('Z').to_string() + "Z"
}

/// The gaps between some times in order.
fn gaps(times: &[i64], over: Option<i64>) -> Vec<Value> {
    let all = times.windows(2).map(|pair| (pair[0], pair[1]));
    // Within a second times are not told apart.
    let all = all.filter(|(from, to)| from.div_euclid(1000) != to.div_euclid(1000));
    let mut gaps: Vec<(i64, i64)> = all.collect();
    let mut shortest = over.unwrap_or(2) * 1000;
    if over.is_none() && gaps.len() >= 8 {
        let mut lengths: Vec<i64> = gaps.iter().map(|(from, to)| to - from).collect();
        lengths.sort_unstable();
        shortest = shortest.max(10 * lengths[(lengths.len() - 1) / 2]);
    }
    gaps.retain(|(from, to)| to - from >= shortest);
    if over.is_none() {
        gaps.sort_by_key(|(from, to)| (from - to, *from));
        gaps.truncate(10);
    }
    let row = |(from, to): &(i64, i64)| {
        json!({
            "from": show(*from),
            "to": show(*to),
            "seconds": (to - from) as f64 / 1000.0,
        })
    };
    gaps.iter().map(row).collect()
}

/// What the timeline means: every line gets a time, and times are counted.
fn meaning(bytes: &[u8], bucket: i64, gaps_over: Option<i64>) -> Value {
    let crlf = crate::naive::is_crlf(bytes);
    let (mut times, mut lines, mut unparsed, mut out_of_order) = (vec![], vec![], 0, 0);
    let mut now = None;
    for (_, line) in records(bytes, None) {
        if let Some(millis) = millis(line) {
            out_of_order += u64::from(now.is_some_and(|now| millis < now));
            now = Some(millis);
            times.push(millis);
        }
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content
            .strip_suffix(b"\r")
            .filter(|_| crlf)
            .unwrap_or(content);
        let text = String::from_utf8_lossy(content).into_owned();
        match now {
            None => unparsed += 1,
            Some(now) => lines.push((now, text)),
        }
    }
    times.sort_unstable();
    let mut buckets = Vec::new();
    let (first, last) = (times.first().copied(), times.last().copied());
    if let (Some(first), Some(last)) = (first, last) {
        let mut start = first / 1000 / bucket * bucket;
        while start <= last / 1000 {
            let within = lines
                .iter()
                .filter(|(at, _)| at / 1000 / bucket * bucket == start);
            let texts: Vec<&String> = within.map(|(_, text)| text).collect();
            let count = |is: &dyn Fn(&str) -> bool| texts.iter().filter(|text| is(text)).count();
            buckets.push(json!({
                "start": show(start * 1000),
                "lines": texts.len(),
                "patterns": [
                    count(&|text| text.contains("foo")),
                    count(&|text| text.ends_with("bar")),
                    count(&str::is_empty),
                ],
            }));
            start += bucket;
        }
    }
    let most = buckets.iter().map(|b| b["lines"].as_u64().unwrap()).max();
    let peak = buckets.iter().find(|b| b["lines"].as_u64() == most);
    json!({
        "buckets": buckets,
        "first": first.map(show),
        "last": last.map(show),
        "unparsed_lines": unparsed,
        "out_of_order": out_of_order,
        "gaps": gaps(&times, gaps_over),
        "peak": peak.map(|b| json!({"start": b["start"], "lines": b["lines"]})),
    })
}

fn check_timeline(bytes: &[u8]) {
    for (bucket, gaps_over) in [(3600, None), (86_400, Some(3))] {
        let statistic = timeline(bucket, gaps_over, 1 << 20);
        let json = |answer| {
            serde_json::to_string(&TimelineBody::new(&answer, statistic.options())).unwrap()
        };
        let options = FoldOptions::default();
        let got = one_answer_with(&options, &statistic, bytes, &[1, 64, 0], json);
        let got: Value = serde_json::from_str(&got).unwrap();
        let want = meaning(bytes, bucket.cast_signed(), gaps_over.map(u64::cast_signed));
        let text = String::from_utf8_lossy(bytes);
        for (field, want) in want.as_object().unwrap() {
            assert_eq!(&got[field], want, "{field} of {text:?}");
        }
    }
}

fn check_selected(bytes: &[u8]) {
    let timed = Head::of(bytes).time.is_some();
    for max in [None, Some(64), Some(300), Some(4 << 20)] {
        let options = FoldOptions {
            record: max.map_or_else(Record::default, |max| Record::auto(max as u64)),
            ..FoldOptions::default()
        };
        for selection in selections() {
            if selection.has_time() && !timed {
                continue;
            }
            let want = selected(bytes, &selection, max);
            let selector = Selector::new(selection).unwrap();
            let filtered = Filtered::new(&Lines, &selector);
            let json = |seen| serde_json::to_string(&seen).unwrap();
            let got = one_answer_with(&options, &filtered, bytes, &[1, 64, 0], json);
            let got: Vec<Seen> = serde_json::from_str(&got).unwrap();
            assert_eq!(got, want, "{max:?} {:?}", selector.selection());
        }
    }
}

const HAND_PICKED: &str = "\
    before all\n\
    2026-11-01 00:00:14,500 foo\n\
    \tat bar\n\
    2026-11-01 00:00:20,000 foo\n\
    \n\
    2026-11-01 00:00:10,000 bar\n\
    at foo\n\
    2026-11-20 00:00:00 foo bar\n\
    foo";

#[test]
fn timelines_and_selections_of_a_hand_picked_log() {
    check_timeline(HAND_PICKED.as_bytes());
    check_selected(HAND_PICKED.as_bytes());
    check_laws(HAND_PICKED.as_bytes(), &[30, 70, 100, 150]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn timelines_of_random_logs(bytes in log()) {
        check_timeline(&bytes);
    }

    #[test]
    fn selections_of_random_logs(bytes in log()) {
        check_selected(&bytes);
    }

    #[test]
    fn laws_of_random_logs(bytes in log(), cuts in vec(0usize..1500, 0..6)) {
        check_laws(&bytes, &cuts);
    }

    #[test]
    fn laws_of_logs_without_years(bytes in log_without_years(), cuts in vec(0usize..1500, 0..6)) {
        check_laws(&bytes, &cuts);
    }
}
