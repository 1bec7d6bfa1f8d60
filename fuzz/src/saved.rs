//! What was saved and may have been written by anyone is refused by its name, or
//! can be merged, finished and shown.

use std::{path::Path, sync::LazyLock};

use serde_json::Value;
use swathe::{
    Error,
    exec::Stop,
    fold::{Checkpoint, Fold, FoldOptions},
    key::{Key, KeyOptions},
    pattern::PatternOptions,
    progress::Silent,
    report::{Format, Layout, Report},
    request::{
        Collected, CountRequest, FilePartial, Question, ReportRequest, Request, Scope,
        SectionRequest, StatsBy, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest,
        saved::{PartialOf, Saved, save},
        saved_report::{embed, extract},
        state::{self, Asked, Loaded},
    },
    search::SearchCheckpoint,
    select::Selection,
    source::Source,
    statistic::{CountPattern, RowLimit, TimelineOptions, TopOptions, TopSort, ValuesOptions},
};
use xxhash_rust::xxh3::xxh3_64;

use super::{Bytes, EXECUTORS};

pub(super) const TEXT: &str = "2026-11-01T10:00:00Z ERROR foo bar n=12\n  at foo\n\n\
    2026-11-01T11:30:00Z INFO foo n=3.5ms user=x\n\
    2026-11-03T00:00:00Z ERROR late n=-1 \u{4e2d}\nfoo 2 n=2KiB";

/// Numbers that stand in for others in what was asked.
const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "2",
    "1000",
    "65536",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551615",
    "-1",
    "null",
];

fn keys(keys: &str) -> Vec<Key> {
    Key::list(keys).expect("keys")
}

fn top(distinct: Option<&str>) -> TopRequest {
    TopRequest {
        by: keys("field:1,level"),
        distinct: distinct.map(|key| key.parse().expect("a key")),
        sum: distinct.map(|_| "logfmt:n".parse().expect("a key")),
        keys: KeyOptions::default(),
        options: TopOptions {
            limit: RowLimit::first(3),
            sort: TopSort::Count,
            all: false,
            memory: 1 << 13,
            max_groups: distinct.map(|_| 2),
        },
        exact: false,
    }
}

fn values(by: &str) -> ValuesRequest {
    ValuesRequest {
        of: "logfmt:n".parse().expect("a key"),
        by: keys(by),
        keys: KeyOptions::default(),
        options: ValuesOptions::default(),
    }
}

fn timeline(by: Vec<Key>, gaps_over: Option<u64>) -> TimelineRequest {
    let options = TimelineOptions {
        patterns: patterns(),
        by,
        gaps_over,
        bucket: gaps_over,
        ..TimelineOptions::default()
    };
    TimelineRequest { options }
}

fn patterns() -> Vec<CountPattern> {
    let pattern = |pattern: &str| CountPattern {
        name: None,
        pattern: pattern.into(),
    };
    ["foo", "r$"].map(pattern).into()
}

fn questions() -> Vec<Question> {
    let by = StatsBy {
        by: keys("level"),
        keys: KeyOptions::default(),
        limit: RowLimit::first(10),
        memory: 1 << 13,
    };
    vec![
        Question::Count(CountRequest {
            patterns: patterns(),
            options: PatternOptions::default(),
            per_file: true,
            positions: 3,
        }),
        Question::Top(top(None)),
        Question::Top(top(Some("field:2"))),
        Question::Values(values("level")),
        Question::Values(values("time:1h")),
        Question::Timeline(timeline(Vec::new(), Some(600))),
        Question::Timeline(timeline(keys("level"), None)),
        Question::Templates(TemplatesRequest {
            limit: RowLimit::first(3),
            max: 4,
        }),
        Question::Stats(StatsRequest {
            longest: 2,
            records: true,
            by: Some(by),
        }),
        Question::Levels,
    ]
}

/// What is saved of the text, whose last line has not ended.
fn partial<R: Request>(request: &R) -> Vec<u8> {
    let statistic = request.statistic().expect("a request");
    let mut collected = Collected::nothing(&statistic);
    for (name, text) in [("a", TEXT), ("b", &TEXT[..60]), ("c", "")] {
        let fold = Fold {
            executor: &EXECUTORS[0],
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions::default(),
        };
        let folded = fold.run(&statistic, &Source::from_bytes(name, text));
        let file = FilePartial {
            name: name.into(),
            complete: name != "b",
            grew: false,
            bytes_on_disk: Some(text.len() as u64),
            cut_records: 0,
            partial: folded.expect("a thread").part.partial,
        };
        collected.add(&statistic, file, request.per_file());
    }
    save(request, &Scope::default(), collected)
}

/// Of each question, and of a report with all of them: all behind the first line.
pub(super) static BODIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let section = |question: &Question| SectionRequest {
        title: question.kind().into(),
        select: Selection::default(),
        question: question.clone(),
    };
    let questions = questions();
    let mut all: Vec<Vec<u8>> = questions.iter().map(of_question).collect();
    all.push(partial(&ReportRequest {
        title: "all".into(),
        sections: questions.iter().map(section).collect(),
    }));
    for saved in &mut all {
        let first = saved.iter().position(|&b| b == b'\n').expect("a line") + 1;
        saved.drain(..first);
    }
    all
});

fn of_question(question: &Question) -> Vec<u8> {
    match question {
        Question::Count(request) => partial(request),
        Question::Top(request) => partial(request),
        Question::Values(request) => partial(request),
        Question::Timeline(request) => partial(request),
        Question::Templates(request) => partial(request),
        Question::Stats(request) => partial(request),
        Question::Levels => partial(&ReportRequest {
            title: "levels".into(),
            sections: Vec::new(),
        }),
    }
}

pub(super) fn header_len(body: &[u8]) -> usize {
    body.iter().position(|&b| b == b'\n').map_or(0, |at| at + 1)
}

/// With a first line that is right about it.
pub(super) fn sealed(content: &str, body: &[u8]) -> Vec<u8> {
    let header = header_len(body);
    let payload = body.len() - header;
    let first = format!(
        "swathe-saved 1 {content} {:016x} {header} {payload}\n",
        xxh3_64(body)
    );
    [first.as_bytes(), body].concat()
}

/// Another number in the header, at or behind this place.
fn asked_otherwise(body: &mut Vec<u8>, place: usize, number: &str) {
    let header = &body[..header_len(body)];
    let from = place % header.len().max(1);
    let digits = |from: usize| header[from..].iter().position(u8::is_ascii_digit);
    if let Some(start) = digits(from).map(|at| from + at) {
        let len = header[start..].iter().take_while(|b| b.is_ascii_digit());
        let end = start + len.count();
        body.splice(start..end, number.bytes());
    }
}

/// The body as the data says.
pub(super) fn changed(mut body: Vec<u8>, data: &mut Bytes<'_>) -> Vec<u8> {
    let kind = data.byte();
    let header = header_len(&body);
    if kind & 0xc0 == 0xc0 {
        body.truncate(header);
        body.extend(data.0);
        return body;
    }
    while !data.0.is_empty() {
        let [operation, high, low, byte] = data.array();
        let place = usize::from(high) << 8 | usize::from(low);
        let header = header_len(&body);
        if body.len() <= header {
            break;
        }
        let at = header + place % (body.len() - header);
        match operation % 8 {
            0 | 1 => body[at] = byte,
            2 => body.insert(at, byte),
            3 => drop(body.remove(at)),
            4 => drop(body.splice(at..=at, [0x1b].into_iter().chain([0xff; 8]))),
            5 => body.truncate(at),
            6 => asked_otherwise(&mut body, place, NUMBERS[usize::from(byte) % NUMBERS.len()]),
            _ => {
                let len = usize::from(byte % 16).min(body.len() - at);
                let copy = body[at..at + len].to_vec();
                drop(body.splice(at..at, copy));
            }
        }
    }
    body
}

fn is_named(error: &Error) {
    assert_eq!(error.path(), Some(Path::new("x.partial")), "{error}");
}

fn answers<R: Request>(saved: &Saved<'_>) -> Result<(), Error> {
    let (request, _, statistic) = saved.request::<R>()?;
    let forged: Collected<PartialOf<R>> = saved.gathered::<R>(&statistic)?;
    let mut merged = forged.clone();
    merged.append(&statistic, forged.clone());
    merged.append(&statistic, Collected::nothing(&statistic));
    for collected in [forged, merged] {
        let body = request.body(collected.finish(&statistic));
        let report = Report::new(R::COMMAND, vec![], body);
        for (_, format) in Format::ALL {
            let shown = report.to_format(format, &Layout::default());
            assert!(shown.is_ok() || format == Format::Prometheus);
        }
    }
    Ok(())
}

fn decode(saved: &Saved<'_>) -> Result<(), Error> {
    match saved.command() {
        "stats" => answers::<StatsRequest>(saved),
        "count" => answers::<CountRequest>(saved),
        "top" => answers::<TopRequest>(saved),
        "values" => answers::<ValuesRequest>(saved),
        "timeline" => answers::<TimelineRequest>(saved),
        "templates" => answers::<TemplatesRequest>(saved),
        _ => answers::<ReportRequest>(saved),
    }
}

/// States that a run goes on with.
fn load_state(payload: &[u8]) {
    let asked = Asked::other("fuzz", Value::Null);
    let empty = state::save::<u8>(&asked, &[]);
    let first = header_len(&empty);
    let header = header_len(&empty[first..]);
    let body = [&empty[first..first + header], payload].concat();
    let bytes = sealed("state", &body);
    let name = Path::new("state");
    if let Ok(Loaded::Entries(entries)) = state::load::<SearchCheckpoint>(name, &bytes, &asked) {
        for (_, trail) in entries {
            let _ = trail.is_sound();
        }
    }
    let request = timeline(keys("level"), None);
    let statistic = request.statistic().expect("a request");
    let loaded = state::load::<Checkpoint<PartialOf<TimelineRequest>>>(name, &bytes, &asked);
    if let Ok(Loaded::Entries(entries)) = loaded {
        for (_, kept) in entries {
            if kept.is_sound(&statistic) {
                let _ = swathe::statistic::Statistic::finish(&statistic, kept.part.partial);
            }
        }
    }
}

/// Checks it for a partial with changes that are made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let name = Path::new("x.partial");
    let which = data.byte();
    if which >= 0xf0 {
        let _ = extract(name, data.0.to_vec()).inspect_err(is_named);
        let _ = Saved::open(name, data.0).inspect_err(is_named);
        load_state(data.0);
        return;
    }
    let body = BODIES[usize::from(which) % BODIES.len()].clone();
    let bytes = sealed("partial", &changed(body, &mut data));
    let text = format!(
        "{{\"command\":\"report\",\"partial\":\"{}\"}}",
        embed(&bytes)
    );
    let again = extract(name, text.into_bytes()).expect("a report");
    assert!(again == bytes, "what was embedded comes out");
    match Saved::open(name, &bytes) {
        Ok(saved) => drop(decode(&saved).inspect_err(is_named)),
        Err(error) => is_named(&error),
    }
}
