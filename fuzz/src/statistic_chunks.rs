//! Every statistic gathers the same whatever the chunks, the threads and the
//! way of reading.

use std::{io::Cursor, sync::LazyLock};

use swathe::{
    chunk::Record,
    exec::Stop,
    fold::{Fold, FoldOptions},
    key::{Key, KeyOptions, Keys},
    pattern::PatternOptions,
    progress::Silent,
    select::{Filtered, Selection, Selector},
    source::{Encoding, Source, SourceOptions},
    statistic::{
        Count, CountPattern, Head, Rich, RowLimit, Templates, Text, TextBy, Timeline,
        TimelineOptions, Top, TopOptions, TopSort, ValueKeys, Values, ValuesOptions, Wc,
        WireStatistic,
    },
};

use super::{Bytes, EXECUTORS, Trickle};

/// What logs have in them, and what breaks those who count lines.
const PIECES: &str = "\n|\n|\n|\r\n|\r| | |\t|\0|\u{c}|foo|bar|ERROR|WARN|INFO|error|level=info|\
    \"level\":\"error\"|[ERROR]|n=12|n=-3.5ms|n=1e308|n=2KiB|n=0.1|n=nan|n=1e999|n=٣|n=1,5|n=.5|\
    n=00|{|}|\"n\":7|\"a\":\"b\\u00e4\"|,|:|\"|\\|=|  at foo|Caused by|[|]|<34>1 |\
    2026-11-01T10:00:00Z |2026-11-01T10:00:00.5+02:00 |2026-11-01 10:00:01,250 |\
    2026-11-01 11:30:00 |2026-10-31T23:59:60Z |2026-02-30 10:00:00 |2026-11-02|Nov  2 01:02:03 |\
    Dec 31 23:59:59 |Jan  1 00:00:00 |Feb 29 12:00:00 |[01/Nov/2026:10:00:00 +0000] |1793527200 |\
    1793527200.123 |1793527200123 |10:00:00 |1601-01-01 00:00:00 |9999-12-31T23:59:59Z |\
    0000-00-00 00:00:00 |host app[12]: |127.0.0.1 - - |\"GET / HTTP/1.1\" 200 12 |0x1f|abc123def|\
    a1b2c3d4-e5f6-7890-abcd-ef1234567890|user=x|user=yy|id=1|id=22|/api/v1/x|1|2|3|10|100|-1|0|a|\
    b|ä|€|😀|\u{a0}|\u{2028}|\u{301}|中文|\u{feff}|key|value|the same words again|x=1 y=2|1.5s";

fn piece(number: u8) -> &'static str {
    let all = || PIECES.split('|');
    all()
        .nth(usize::from(number) % all().count())
        .expect("some")
}

/// A text of the pieces and, from 0xe0 on, of other bytes and of long runs.
fn text(data: &mut Bytes<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    while !data.0.is_empty() {
        match data.byte() {
            0xff => text.push(data.byte()),
            0xfe => text.extend(b"z".repeat(data.byte().into())),
            0xfd => text.extend([b"\xff", b"\xc3", b"\xe2"][usize::from(data.byte() % 3)]),
            byte => text.extend(piece(byte).bytes()),
        }
    }
    text
}

fn keys(keys: &str, pattern: Option<&str>) -> Keys {
    let options = KeyOptions {
        pattern: pattern.map(Into::into),
        ..KeyOptions::default()
    };
    let keys = Key::list(keys).expect("keys");
    Keys::new(&keys, &options).expect("keys that are there")
}

fn counts() -> Count {
    let pattern = |pattern: &str| CountPattern {
        name: None,
        pattern: pattern.into(),
    };
    let patterns = ["foo", "^$", r"n=\d+", r"\w+ \w+$"].map(pattern);
    Count::new(patterns.into(), &PatternOptions::default()).expect("regexes")
}

fn timeline(by: &[&str], most_cells: usize) -> Timeline {
    let by = by.iter().map(|key| key.parse().expect("a key"));
    let options = TimelineOptions {
        by: by.collect(),
        most_cells,
        ..TimelineOptions::default()
    };
    Timeline::new(options).expect("it makes sense")
}

fn top(by: &str, max_groups: Option<u64>) -> Top<Rich> {
    let value = ValueKeys {
        distinct: Some(1),
        sum: Some(2),
    };
    let options = TopOptions {
        limit: RowLimit::first(3),
        sort: TopSort::Count,
        all: false,
        memory: 1 << 16,
        max_groups,
    };
    Top::new(
        keys(&format!("{by},field:2,logfmt:n"), None),
        1,
        value,
        options,
    )
}

fn values(of: &str, pattern: Option<&str>) -> Values {
    Values::new(keys(of, pattern), ValuesOptions::default())
}

fn selector(and: &[&str], not: &[&str], conditions: &[&str]) -> Selector {
    let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    let selection = Selection {
        and: strings(and),
        not: strings(not),
        conditions: strings(conditions),
        ..Selection::default()
    };
    Selector::new(selection).expect("it makes sense")
}

/// How a source is cut and read.
struct Ways<'t> {
    text: &'t [u8],
    record: Record,
    sizes: [u64; 2],
    trickle: usize,
}

impl Ways<'_> {
    fn partial<S: WireStatistic>(
        &self,
        s: &S,
        source: &Source,
        size: u64,
        threads: usize,
    ) -> String {
        let fold = Fold {
            executor: &EXECUTORS[threads - 1],
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions {
                chunk_size: size,
                record: self.record.clone(),
                ..FoldOptions::default()
            },
        };
        let folded = fold.run(s, source).expect("threads");
        let part = folded.part;
        serde_json::to_string(&(part.bytes, part.newlines, part.partial)).expect("plain data")
    }

    /// One chunk, and many.
    fn check<S: WireStatistic>(&self, s: &S) {
        let source = || Source::from_bytes("input", self.text);
        let want = self.partial(s, &source(), 0, 1);
        let said = |how: &str| {
            let name = s.kind().name();
            format!(
                "{name}, {how} of records {:?} of {}",
                self.record.start(),
                self.text.escape_ascii()
            )
        };
        for (size, threads) in [(self.sizes[0], 1), (self.sizes[1], 2)] {
            let got = self.partial(s, &source(), size, threads);
            assert_eq!(got, want, "{}", said(&format!("chunks of {size}")));
        }
        // Years that are not written follow from all lines of what can be read anywhere, and in
        // a stream from each line alone: docs/timestamps.md.
        let time = Head::of(self.text).time;
        if time.is_some_and(|format| format.year.is_some()) {
            return;
        }
        let reader = Trickle(Cursor::new(self.text.to_vec()), self.trickle);
        let options = SourceOptions {
            encoding: Encoding::Raw,
            ..SourceOptions::default()
        };
        let stream = Source::from_reader_with("input", reader, &options);
        let got = self.partial(s, &stream, self.sizes[0], 1);
        assert_eq!(got, want, "{}", said("a stream"));
    }
}

/// What can be shared by all runs.
struct All {
    counts: Count,
    set: (Text, Count),
    by: TextBy,
    timelines: [Timeline; 3],
    tops: [Top<Rich>; 3],
    values: [Values; 2],
    selectors: [Selector; 3],
}

static ALL: LazyLock<All> = LazyLock::new(|| All {
    counts: counts(),
    set: (Text { longest: 2 }, counts()),
    by: TextBy::new(keys("level", None), RowLimit::first(100), 1 << 16),
    timelines: [
        timeline(&[], 1 << 20),
        timeline(&[], 3),
        timeline(&["level"], 1 << 10),
    ],
    tops: [
        top("level", None),
        top("field:1", Some(2)),
        top("template", None),
    ],
    values: [
        values("logfmt:n,level", None),
        values("$1,$2", Some(r"n=(\S+)(?: (\S+))?")),
    ],
    selectors: [
        selector(&["foo"], &["bar"], &[]),
        selector(&[], &[], &["level>=warn"]),
        selector(&[], &["ERROR"], &["logfmt:n>1"]),
    ],
});

/// Checks it for a text made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let [which, record, max, size, other, trickle] = data.array();
    let text = text(&mut data);
    let max = u64::from(max) + 1;
    let ways = Ways {
        text: &text,
        record: match record % 4 {
            0 | 1 => Record::default(),
            2 => Record::auto(max * 4),
            _ => Record::regex(r"^\S", max * 4).expect("a regex"),
        },
        sizes: [u64::from(size) + 1, (u64::from(other) + 1) * 16],
        trickle: usize::from(trickle) + 1,
    };
    let all = &*ALL;
    match which % 16 {
        0 => ways.check(&Wc {
            newlines: true,
            words: true,
            chars: true,
            width: true,
        }),
        1 => ways.check(&Text { longest: 3 }),
        2 => ways.check(&all.by),
        3 => ways.check(&all.counts),
        4 => ways.check(&Templates { max: 3 }),
        5 => ways.check(&Templates::default()),
        6..9 => ways.check(&all.timelines[usize::from(which % 16) - 6]),
        9..12 => ways.check(&all.tops[usize::from(which % 16) - 9]),
        12 | 13 => ways.check(&all.values[usize::from(which % 16) - 12]),
        14 => ways.check(&Filtered::new(
            &all.timelines[usize::from(which >> 4) % 3],
            &all.selectors[usize::from(which >> 6) % 3],
        )),
        _ => ways.check(&Filtered::new(
            &all.set,
            &all.selectors[usize::from(which >> 4) % 3],
        )),
    }
}
