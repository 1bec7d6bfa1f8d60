//! `timeline --by` against a map that holds everything: at any bound on memory and
//! on cells, however the input is cut and merged.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use serde_json::Value;
use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    progress::Silent,
    report::TimelineBody,
    source::Source,
    statistic::{
        Head, NotExact, RowLimit, Scan, Statistic, Timeline, TimelineAnswer, TimelineOptions,
        WiderBecause, WireStatistic,
    },
};

use crate::{laws, program::Folder};

/// Stands for the key of a line that has none, behind all others.
const NONE: &str = "\u{10ffff}";

/// A line: when it was written, if it says so, in seconds; and its key.
type Line = (Option<i64>, String);

/// A log whose lines are known.
#[derive(Clone, Debug)]
struct Log {
    lines: Vec<Line>,
    /// Its timestamps have a year.
    years: bool,
}

impl Log {
    fn bytes(&self) -> Vec<u8> {
        let mut text = String::new();
        for (at, key) in &self.lines {
            match at {
                Some(at) if self.years => text.push_str(&stamp(*at)),
                Some(at) => text.push_str(&stamp_without_year(*at)),
                None => {}
            }
            if key == NONE {
                text.push_str(" at\n");
            } else {
                text.extend([" k=", key, "\n"]);
            }
        }
        text.into_bytes()
    }

    /// The lines of each key that have a time, by second.
    fn by_key(&self) -> BTreeMap<&str, BTreeMap<i64, u64>> {
        let (mut now, mut all) = (None, BTreeMap::new());
        if Head::of(&self.bytes()).time.is_none() {
            return all;
        }
        for (at, key) in &self.lines {
            now = at.or(now);
            if let Some(now) = now {
                let times: &mut BTreeMap<i64, u64> = all.entry(key.as_str()).or_default();
                *times.entry(now).or_default() += 1;
            }
        }
        all
    }
}

/// Seconds of November 2026.
fn stamp(at: i64) -> String {
    let (day, time) = (at / 86_400 + 1, at % 86_400);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn stamp_without_year(at: i64) -> String {
    let text = stamp(at);
    format!(
        "Nov {:>2} {} host",
        text[8..10].trim_start_matches('0'),
        &text[11..19]
    )
}

/// Keys of which some come much more often than others; how many there are, how
/// long they are and how skewed they come is drawn.
fn keys() -> impl Strategy<Value = Vec<String>> {
    let many = prop_oneof![Just(2u32), Just(30), Just(4000)];
    let long = prop_oneof![3 => Just(0usize), 1 => Just(40), 1 => Just(700)];
    (many, long, any::<bool>()).prop_flat_map(|(many, long, skewed)| {
        let key = (0..many, 0u8..4).prop_map(move |(key, often)| {
            let key = if skewed && often > 0 { key % 3 } else { key };
            if key == 1 {
                NONE.to_string()
            } else {
                format!("{key}{}", "x".repeat(long))
            }
        });
        vec(key, 0..700)
    })
}

fn log() -> impl Strategy<Value = Log> {
    let span = prop_oneof![Just(3i64), Just(4000), Just(2_000_000)];
    let each = (keys(), span, any::<bool>(), any::<bool>(), 0u8..3);
    each.prop_flat_map(|(keys, span, years, in_order, without)| {
        let count = keys.len();
        let times = vec((0..span, 0u8..10), count);
        times.prop_map(move |mut times| {
            if in_order {
                times.sort_unstable();
            }
            // Without a timestamp: none, some, or nearly all, and the first ones.
            let lines = times.into_iter().zip(&keys).enumerate();
            let lines = lines.map(|(number, ((at, drawn), key))| {
                let has = match without {
                    0 => true,
                    1 => drawn > 2 && number > 20,
                    _ => drawn == 0,
                };
                (has.then_some(at), key.clone())
            });
            Log {
                lines: lines.collect(),
                years,
            }
        })
    })
}

fn timeline(memory: u64, most_cells: usize, limit: usize, bucket: Option<u64>) -> Timeline {
    Timeline::new(TimelineOptions {
        by: vec!["logfmt:k".parse().unwrap()],
        memory,
        most_cells,
        limit: RowLimit::first(limit as u64),
        bucket,
        ..TimelineOptions::default()
    })
    .unwrap()
}

/// Bounds within which everything fits, hardly anything does, and between.
const MEMORY: [u64; 4] = [1, 20_000, 150_000, 1 << 30];
const CELLS: [usize; 3] = [1, 50, 1 << 20];

/// What holds of every answer: buckets hold all lines, and each has those of the
/// groups and of all others.
fn adds_up(answer: &TimelineAnswer, timeline: &Timeline) {
    let body = TimelineBody::new(answer, timeline.options());
    let by = body.by.unwrap();
    let mut all = 0;
    for (at, bucket) in body.buckets.iter().enumerate() {
        let groups: u64 = by.groups.iter().map(|group| group.buckets[at]).sum();
        assert_eq!(groups + by.other_buckets[at], bucket.lines);
        all += bucket.lines;
    }
    for group in &by.groups {
        assert_eq!(group.buckets.iter().sum::<u64>(), group.lines);
    }
    assert_eq!(all, answer.timed.lines);
    assert_eq!(by.other_buckets.iter().sum::<u64>(), by.other);
}

/// The groups with the most lines, and how many lines each has.
fn first(log: &Log, limit: usize) -> Vec<(String, u64)> {
    let all = log.by_key().into_iter();
    let mut all: Vec<(String, u64)> = all
        .map(|(key, times)| (key.to_string(), times.values().sum()))
        .collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(limit);
    all
}

fn told(answer: &TimelineAnswer) -> Vec<(String, u64)> {
    let groups = answer.groups.iter();
    let key = |key: &[u8]| match key {
        [0xff, 1] => NONE.to_string(),
        key => String::from_utf8(key.to_vec()).unwrap(),
    };
    groups.map(|group| (key(&group.key), group.lines)).collect()
}

/// The answer of as many passes as it takes.
fn passes(bytes: &[u8], timeline: Timeline, chunk_size: u64, threads: usize) -> TimelineAnswer {
    let executor = Executor::new(threads);
    let fold = Fold {
        executor: &executor,
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size,
            ..FoldOptions::default()
        },
    };
    let source = Source::from_bytes("a.log", bytes.to_vec());
    fold.passes(timeline, &source).unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// 40 logs at 12 bounds each, each cut anywhere and merged in four ways.
    #[test]
    fn what_is_kept_is_a_function_of_the_records(
        log in log(),
        cuts in vec(0usize..30_000, 0..8),
    ) {
        let bytes = log.bytes();
        for memory in MEMORY {
            for most_cells in CELLS {
                let timeline = timeline(memory, most_cells, 3, None);
                laws::check(&timeline, &bytes, &cuts);
                let head = Head::of(&bytes);
                timeline.prepare(&head).unwrap();
                let scan = Scan::new(&bytes, 0, &head);
                let all = timeline.scan_chunk(&mut timeline.worker(&head), &scan);
                prop_assert!(timeline.accepts(&all, 1));
                let answer = timeline.finish(all);
                adds_up(&answer, &timeline);
                match answer.not_exact {
                    None => prop_assert_eq!(told(&answer), first(&log, 3)),
                    Some(NotExact::Part { lines, .. }) => {
                        let told = told(&answer);
                        for (key, count) in first(&log, 3) {
                            let is_told = told.contains(&(key, count));
                            prop_assert!(is_told || count <= lines);
                        }
                    }
                    Some(NotExact::TooLong(lines)) => prop_assert!(lines > 0 && memory < 1 << 20),
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    /// 40 logs at 12 bounds each, in as many passes as it takes.
    #[test]
    fn further_passes_find_the_first_groups(log in log(), limit in 1usize..40) {
        let bytes = log.bytes();
        for memory in MEMORY {
            for (at, most_cells) in CELLS.into_iter().enumerate() {
                let own = || timeline(memory, most_cells, limit, Some(3600));
                let (size, threads) = ([1, 500, 1 << 20][at], [1, 3, 8][at]);
                let answer = passes(&bytes, own(), size, threads);
                adds_up(&answer, &own());
                match answer.not_exact {
                    None => prop_assert_eq!(told(&answer), first(&log, limit)),
                    // Some hundreds of bytes each.
                    Some(NotExact::Few) => prop_assert!(memory < 30_000),
                    Some(NotExact::TooLong(_)) => prop_assert!(memory < 30_000),
                    other => panic!("{other:?}"),
                }
                let again = passes(&bytes, own(), 64, 2);
                prop_assert_eq!(answer, again);
            }
        }
    }
}

#[test]
fn buckets_of_groups_are_those_of_their_lines() {
    // Ten keys over a day, told apart by the minute.
    let lines = (0..5000).map(|i: i64| (Some(i * 17 % 86_400), format!("{}", i * i % 10)));
    let log = Log {
        lines: lines.collect(),
        years: true,
    };
    let timeline = timeline(1 << 30, 1 << 20, 10, Some(60));
    let answer = passes(&log.bytes(), timeline, 1000, 2);
    let want = log.by_key();
    assert_eq!((answer.groups.len(), answer.wider), (want.len(), None));
    for group in &answer.groups {
        let times = &want[std::str::from_utf8(&group.key).unwrap()];
        for (bucket, lines) in answer.buckets.iter().zip(&group.buckets) {
            let start = bucket.start.nanos() / 1_000_000_000 - 1_793_491_200;
            let count: u64 = times.range(start..start + 60).map(|(_, lines)| lines).sum();
            assert_eq!(count, *lines);
        }
    }
}

#[test]
fn wider_buckets_are_said() {
    let lines = (0..2000).map(|i: i64| (Some(i * 7), format!("{}", i % 700)));
    let log = Log {
        lines: lines.collect(),
        years: true,
    };
    let bytes = log.bytes();
    let because = |timeline: Timeline| {
        let answer = passes(&bytes, timeline, 1000, 1);
        (
            answer.bucket_seconds,
            answer.wider.map(|w| (w.asked, w.because)),
        )
    };
    let of = |cells, bucket| because(timeline(1 << 30, cells, 3, Some(bucket)));
    assert_eq!(of(1 << 20, 1), (1, None));
    let seconds = |width| WiderBecause::Seconds(width);
    assert_eq!(of(500, 1), (60, Some((1, seconds(60)))));
    // Which would be no whole number of cells.
    assert_eq!(of(500, 90), (120, Some((90, seconds(60)))));
    assert_eq!(of(500, 60), (60, None));
    // Groups that do not fit second by second are counted alone.
    assert_eq!(because(timeline(80_000, 1 << 20, 3, Some(1))), (1, None));

    // Two lines, 56 years apart.
    let far = b"1970-01-01T00:00:00Z k=a\n2026-01-01T00:00:00Z k=b\n";
    let answer = passes(far, timeline(1 << 30, 1 << 20, 3, Some(1)), 64, 1);
    let wider = answer.wider.map(|wider| (wider.asked, wider.because));
    assert_eq!(wider, Some((1, WiderBecause::Buckets(100_000))));
    assert!(answer.buckets.len() <= 100_001);
}

/// Half of the lines have one key, the others one of 1,300.
fn skewed(from: u32, to: u32) -> String {
    let line = |i: u32| {
        let key = if i % 2 == 1 { 0 } else { 1 + i / 2 % 1300 };
        format!("2026-03-12T14:{:02}:{:02}Z k={key}\n", i / 1000, i % 60)
    };
    (from..to).map(line).collect()
}

fn by_of(answer: &[u8]) -> Value {
    let json: Value = serde_json::from_slice(answer).unwrap();
    let mut by = json["by"].clone();
    // How often it was read is another matter.
    by.as_object_mut().unwrap().remove("passes");
    by
}

#[test]
fn many_keys_are_one_answer() {
    let folder = Folder::new("timeline-by");
    folder.write("r.log", skewed(0, 60_000));
    let asked = [
        "timeline",
        "--by=logfmt:k",
        "--bucket=1h",
        "-k3",
        "--format=json",
    ];
    let want = by_of(&folder.answer(&[&asked[..], &["r.log"]].concat()));
    assert_eq!(want["groups"][0]["lines"], 30_000);
    assert_eq!(want["groups"][0]["key"], "0");
    assert_eq!(
        (&want["exact"], &want["other"]),
        (&true.into(), &29_952.into())
    );
    let ways: [&[&str]; 7] = [
        &["--chunk-size=32K"],
        &["--chunk-size=1K", "-j3"],
        &["--io=read", "-j1"],
        &["--memory=1M"],
        &["--memory=200K", "--chunk-size=10K"],
        &["--memory=40K", "--chunk-size=100K"],
        &["--memory=40K", "--io=read", "-j3"],
    ];
    for way in ways {
        let got = folder.answer(&[&asked[..], way, &["r.log"]].concat());
        assert_eq!(by_of(&got), want, "{way:?}");
    }
    // What can be read only once is answered in part, and says so.
    let text = folder.read("r.log");
    let once = |chunk: &str| {
        let args = [&asked[..], &["--memory=40K", chunk, "-"]].concat();
        folder.run(&args, &text).stdout
    };
    let in_part = once("--chunk-size=1K");
    assert_eq!(once("--chunk-size=100K"), in_part);
    assert_eq!(once("--chunk-size=7M"), in_part);
    assert_eq!(by_of(&in_part)["exact"], false);
    let csv = [
        "timeline",
        "--by=logfmt:k",
        "--memory=40K",
        "--format=csv",
        "-k3",
        "-",
    ];
    let said = folder.run(&csv, &text);
    let stderr = String::from_utf8(said.stderr).unwrap();
    assert!(
        stderr.starts_with("swathe: timeline: only one in "),
        "{stderr}"
    );
    assert!(said.stdout.split(|&b| b == b'\n').count() > 4);
}

#[test]
fn partials_states_and_reports_of_many_keys() {
    let folder = Folder::new("timeline-by-partials");
    let whole = skewed(0, 12_000);
    let parts = [skewed(0, 3000), skewed(3000, 7000), skewed(7000, 12_000)];
    for (name, part) in ["a", "b", "c"].iter().zip(&parts) {
        folder.write(name, part);
    }
    for memory in ["--memory=1G", "--memory=40K"] {
        let asked = ["timeline", "--by=logfmt:k", "-k3", memory];
        for name in ["a", "b", "c"] {
            let kept = format!("--partial={name}.partial");
            folder.answer(&[&asked[..], &[&kept, name]].concat());
        }
        let merge = |names: &[&str], to: &str| {
            let to = format!("--partial={to}.partial");
            let names: Vec<String> = names.iter().map(|name| format!("{name}.partial")).collect();
            let names = names.iter().map(String::as_str);
            let args: Vec<&str> = ["merge", &to].into_iter().chain(names).collect();
            folder.answer(&args);
        };
        merge(&["a", "b"], "ab");
        merge(&["ab", "c"], "left");
        merge(&["b", "c"], "bc");
        merge(&["a", "bc"], "right");
        merge(&["a", "b", "c"], "all");
        let of = |name: &str| folder.answer(&["merge", "--format=json", name]);
        let want = of("all.partial");
        assert_eq!(of("left.partial"), want, "{memory}");
        assert_eq!(of("right.partial"), want, "{memory}");
        if memory == "--memory=1G" {
            let run = [&asked[..], &["--format=json", "a", "b", "c"]].concat();
            assert_eq!(folder.answer(&run), want);
        }
    }
    // Sections of reports, and what has changed between two of them.
    folder.write(
        "spec",
        "[[section]]\nkind = \"timeline\"\nby = \"logfmt:k\"\nlimit = 2\nmemory = \"40K\"\n",
    );
    folder.write("log", &whole);
    let asked = ["report", "--spec=spec", "--format=json"];
    let by_of = |more: &[&str]| {
        let report = folder.answer(&[&asked[..], more].concat());
        let report: Value = serde_json::from_slice(&report).unwrap();
        report["sections"][0]["by"].clone()
    };
    let by = by_of(&["log"]);
    assert_eq!(by["groups"][0]["lines"], 6000, "{by}");
    assert_eq!(by["exact"], true);
    // A file that grows is answered as one that is read at once.
    folder.write("log", "");
    for part in &parts {
        folder.append("log", part);
        let grown = by_of(&["--resume=state", "log"]);
        assert_eq!(grown, by_of(&["log"]));
    }
    let diff = folder.run(&["diff", "--spec=spec", "--format=json", "a", "b"], b"");
    let said = String::from_utf8_lossy(&diff.stderr).into_owned();
    assert_eq!(diff.status.code(), Some(0), "{said}");
}
