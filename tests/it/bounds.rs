//! The laws of `swathe::statistic` at the bounds within every statistic: text with
//! many keys, skewed, long, empty and hostile, and bounds from next to nothing up to
//! where all fits. What is kept must be a function of the records alone, in whatever
//! order parts of them are merged and however a pipe was written.

use std::io::Read;

use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    key::{Key, KeyOptions, Keys},
    pattern::PatternOptions,
    progress::Silent,
    source::Source,
    statistic::{
        Any, Count, CountPattern, Either, Head, Plain, Rich, RowLimit, Scan, Several, Shift,
        Statistic, Templates, Text, TextBy, Top, TopOptions, TopSort, TopValue, ValueKeys, Values,
        ValuesOptions, WireStatistic,
    },
};

/// Numbers that look random and are the same every time (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A number that is exponentially distributed, with this mean.
    #[expect(clippy::cast_sign_loss, reason = "it is not negative")]
    fn skewed(&mut self, mean: f64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (-(1.0 - share).ln() * mean) as u64
    }
}

/// The kinds of text, each by what is hard about it.
const KINDS: [&str; 8] = [
    "every key once",
    "skewed keys",
    "long keys",
    "nothing where something should be",
    "one key with all values",
    "some keys with many values",
    "hostile numbers",
    "long lines",
];

fn text(kind: &str, random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    let mut line = |line: String, end: &str| {
        text.extend_from_slice(line.as_bytes());
        text.extend_from_slice(end.as_bytes());
    };
    let lines = 100 + random.below(900);
    for i in 0..lines {
        let (a, b) = (random.next() % 100_000, random.next() % 1000);
        match kind {
            "every key once" => line(format!("k{i} {a} {b}ms"), "\n"),
            "skewed keys" => line(format!("k{} u{} {a}", random.skewed(200.0), b % 50), "\n"),
            "long keys" if i % 8 == 0 => {
                let key = format!("{b}-").repeat(random.below(900));
                line(format!("{key} u{a} {b}"), "\n");
            }
            "nothing where something should be" => {
                let all = ["", " ", "\t", "k1", "k1 ", " x 5", "\0", "k2 \0 7"];
                let ends = ["\n", "\n", "\r\n", "\r"];
                line(random.of(&all).to_string(), random.of(&ends));
            }
            "one key with all values" => line(format!("k u{i} {}", i as f64 / 7.0), "\n"),
            "some keys with many values" => line(format!("k{} u{a} {a}.5", b % 20), "\n"),
            "hostile numbers" => {
                let power = random.below(600).cast_signed() - 300;
                let all = [
                    "-0",
                    "inf",
                    "NaN",
                    "1e999",
                    "5e-324",
                    "-7KiB",
                    "9007199254740993",
                ];
                let number = if b % 3 == 0 {
                    random.of(&all).to_string()
                } else {
                    format!("{}{a}e{power}", ["", "-"][i % 2])
                };
                line(format!("k{} {number} {number}", b % 40), "\n");
            }
            "long lines" if i % 5 == 0 => {
                let long = "x".repeat(random.below(12_000));
                line(format!("k{} {long} {b}", b % 30), "\n");
            }
            _ => {}
        }
    }
    if random.below(3) == 0 {
        text.extend_from_slice(b"the end 1");
    }
    text
}

/// The bounds a statistic is given.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    memory: u64,
    max_groups: Option<u64>,
}

/// Something done with each statistic.
trait Visit {
    fn visit<S: WireStatistic>(&mut self, statistic: &S);
}

fn keys(all: &[Key]) -> Keys {
    Keys::new(all, &KeyOptions::default()).unwrap()
}

fn top<V: TopValue>(bounds: Bounds, sort: TopSort) -> Top<V> {
    let value = ValueKeys {
        distinct: Some(1),
        sum: Some(2),
    };
    let options = TopOptions {
        limit: RowLimit::first(5),
        sort,
        memory: bounds.memory,
        max_groups: bounds.max_groups,
        ..TopOptions::default()
    };
    let all = [Key::Field(1), Key::Field(2), Key::Field(-1)];
    Top::new(keys(&all), 1, value, options)
}

fn values(bounds: Bounds, by: &[Key]) -> Values {
    let all = [by, &[Key::Field(-1)]].concat();
    let options = ValuesOptions {
        memory: bounds.memory,
        max_groups: bounds.max_groups,
        ..ValuesOptions::default()
    };
    Values::new(keys(&all), options)
}

fn count() -> Count {
    let pattern = |pattern: &str| CountPattern {
        name: None,
        pattern: pattern.to_string(),
    };
    let patterns = ["k1", "u", "5$"].map(pattern);
    Count::new(patterns.into(), &PatternOptions::default()).unwrap()
}

/// How many statistics there are for one text and bounds.
const STATISTICS: usize = 9;

/// The one that needs to know how long a text is.
const IN_PARTS: usize = 7;

fn visit(at: usize, bounds: Bounds, random: &mut Random, visitor: &mut impl Visit) {
    match at {
        0 => visitor.visit(&top::<Plain>(bounds, TopSort::Count)),
        1 => visitor.visit(&top::<Rich>(bounds, TopSort::Count)),
        2 => visitor.visit(&top::<Rich>(bounds, TopSort::Key)),
        3 => visitor.visit(&values(bounds, &[Key::Field(1)])),
        4 => visitor.visit(&values(bounds, &[])),
        5 => visitor.visit(&TextBy::new(
            keys(&[Key::Field(1)]),
            RowLimit::first(9),
            bounds.memory,
        )),
        6 => visitor.visit(&Templates {
            max: 2 + random.below(60),
        }),
        IN_PARTS => visitor.visit(&(
            Text {
                longest: random.below(9),
            },
            count().in_parts(1 + random.below(9) as u32),
        )),
        _ => visitor.visit(&Several::new([
            (
                Any::Top(Either::B(top::<Rich>(bounds, TopSort::Count))),
                false,
            ),
            (Any::Values(values(bounds, &[Key::Field(2)])), true),
            (Any::Templates(Templates { max: 9 }), false),
            (Any::Count(count()), false),
        ])),
    }
}

/// One partial, and how many newlines it is of.
type Piece<S> = (<S as Statistic>::Partial, u64);

fn written<S: WireStatistic>(partial: &S::Partial) -> String {
    serde_json::to_string(partial).unwrap()
}

/// Which two neighbours are merged next: of a round, and the last place there is.
type Place = fn(&mut Random, usize, usize) -> usize;

/// Checks that all orders of merging come to the same.
struct Orders<'a> {
    bytes: &'a [u8],
    random: &'a mut Random,
    said: String,
    merges: &'a mut u64,
}

impl Orders<'_> {
    fn pieces<S: WireStatistic>(&mut self, s: &S, head: &Head) -> Vec<Piece<S>> {
        let bytes = self.bytes;
        let mut borders = vec![0, bytes.len()];
        for _ in 0..=self.random.below(12) {
            let at = self.random.below(bytes.len() + 1);
            let newline = bytes[at..].iter().position(|&b| b == b'\n');
            borders.push(newline.map_or(bytes.len(), |i| at + i + 1));
        }
        borders.sort_unstable();
        let scan = |pair: &[usize]| {
            let scan = Scan::new(&bytes[pair[0]..pair[1]], pair[0] as u64, head);
            (s.scan_chunk(&mut s.worker(head), &scan), scan.newlines())
        };
        borders.windows(2).map(scan).collect()
    }

    /// The later piece behind the earlier one; sometimes one was written and read back.
    fn merged<S: WireStatistic>(
        &mut self,
        s: &S,
        earlier: Piece<S>,
        mut later: Piece<S>,
    ) -> Piece<S> {
        let (mut partial, newlines) = earlier;
        let read = |partial| serde_json::from_str(&written::<S>(partial)).unwrap();
        match self.random.below(4) {
            0 => partial = read(&partial),
            1 => later.0 = read(&later.0),
            _ => {}
        }
        s.shift(&mut later.0, Shift::lines(newlines));
        s.merge(&mut partial, later.0);
        *self.merges += 1;
        (partial, newlines + later.1)
    }

    /// Merges two neighbours at a time, the place chosen by this, until there is one.
    fn all<S: WireStatistic>(
        &mut self,
        s: &S,
        mut pieces: Vec<Piece<S>>,
        place: impl Fn(&mut Random, usize, usize) -> usize,
    ) -> Piece<S> {
        let mut round = 0;
        while pieces.len() > 1 {
            let at = place(self.random, round, pieces.len() - 1);
            let later = pieces.remove(at + 1);
            let earlier = pieces.remove(at);
            let both = self.merged(s, earlier, later);
            pieces.insert(at, both);
            round += 1;
        }
        pieces.remove(0)
    }
}

impl Visit for Orders<'_> {
    fn visit<S: WireStatistic>(&mut self, s: &S) {
        let mut head = Head::of(self.bytes);
        head.len = Some(self.bytes.len() as u64);
        s.prepare(&head).unwrap();
        let scan = Scan::new(self.bytes, 0, &head);
        let whole = written::<S>(&s.scan_chunk(&mut s.worker(&head), &scan));
        let said = format!("{} of {}", s.kind().name(), self.said);
        let accepted: S::Partial = serde_json::from_str(&whole).unwrap();
        assert!(s.accepts(&accepted, 1), "{said}: refused");
        let orders: [(&str, Place); 5] = [
            ("from the left", |_, _, _| 0),
            ("from the right", |_, _, last| last - 1),
            ("as a tree", |_, round, last| round % last),
            ("at random", |random, _, last| random.below(last)),
            ("at random again", |random, _, last| random.below(last)),
        ];
        for (name, place) in orders {
            let mut pieces = self.pieces(s, &head);
            let nothing = self.random.below(pieces.len() + 1);
            pieces.insert(nothing, (s.identity(), 0));
            let cuts = pieces.len() - 1;
            let (merged, _) = self.all(s, pieces, place);
            assert!(
                written::<S>(&merged) == whole,
                "{said}: {cuts} cuts merged {name} differ"
            );
        }
    }
}

/// A pipe that brings what it has in pieces of any size.
struct Dribble<'a> {
    bytes: &'a [u8],
    random: Random,
    most: usize,
}

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = 1 + self.random.below(self.most);
        let len = len.min(self.bytes.len()).min(buffer.len());
        let (now, later) = self.bytes.split_at(len);
        buffer[..len].copy_from_slice(now);
        self.bytes = later;
        Ok(len)
    }
}

/// Checks that it does not matter how a pipe is written and cut.
struct Pipes<'a> {
    bytes: &'static [u8],
    random: &'a mut Random,
    executors: &'a [Executor],
    said: String,
}

impl Visit for Pipes<'_> {
    fn visit<S: WireStatistic>(&mut self, s: &S) {
        let mut first = None;
        for (most, chunk_size) in [(1 << 20, 0), (700, 64), (3000, 5000), (1 << 16, 30_000)] {
            let executor = &self.executors[self.random.below(self.executors.len())];
            let fold = Fold {
                executor,
                stop: &Stop::new(),
                progress: &Silent,
                options: FoldOptions {
                    chunk_size,
                    ..FoldOptions::default()
                },
            };
            let dribble = Dribble {
                bytes: self.bytes,
                random: Random(self.random.next()),
                most,
            };
            let folded = fold.run(s, &Source::from_reader("x", dribble)).unwrap();
            assert!(folded.ending.is_complete(), "{:?}", folded.ending);
            let got = written::<S>(&folded.part.partial);
            assert!(
                *first.get_or_insert_with(|| got.clone()) == got,
                "{} of {}: a pipe in pieces of up to {most}, chunks of {chunk_size}, differs",
                s.kind().name(),
                self.said
            );
        }
    }
}

/// Checks so many texts; returns how many statistics and how many merges that were.
fn check(texts: usize, seed: u64) -> (u64, u64) {
    let (mut random, mut cases, mut merges) = (Random(seed), 0, 0);
    let executors = [1, 3].map(Executor::new);
    for at in 0..texts {
        let kind = KINDS[at % KINDS.len()];
        let bytes = text(kind, &mut random);
        let lasting: &'static [u8] = Vec::leak(bytes.clone());
        for statistic in 0..STATISTICS {
            let bounds = Bounds {
                memory: random.of(&[0, 300, 1 << 10, 5000, 1 << 14, 1 << 16, 300_000, 1 << 20]),
                max_groups: random.of(&[None, None, Some(1), Some(5), Some(100)]),
            };
            let said = format!("{kind}, text {at} of seed {seed}, {bounds:?}");
            let own = random.next();
            let mut orders = Orders {
                bytes: &bytes,
                random: &mut random,
                said: said.clone(),
                merges: &mut merges,
            };
            visit(statistic, bounds, &mut Random(own), &mut orders);
            let mut pipes = Pipes {
                bytes: lasting,
                random: &mut random,
                executors: &executors,
                said,
            };
            // How long a pipe is is not known, so that it has no parts.
            if statistic != IN_PARTS {
                visit(statistic, bounds, &mut Random(own), &mut pipes);
            }
            cases += 1;
        }
    }
    (cases, merges)
}

#[test]
fn what_is_kept_is_a_function_of_the_records_at_any_bound() {
    let (cases, merges) = check(2 * KINDS.len(), 16);
    assert!(cases == 144 && merges > 3000, "{cases} {merges}");
}

#[test]
#[ignore = "takes minutes"]
fn what_is_kept_is_a_function_of_the_records_in_a_long_run() {
    for seed in 0..50 {
        let (cases, merges) = check(25 * KINDS.len(), 1000 + seed);
        assert!(
            cases == 1800 && merges > 40_000,
            "seed {seed}: {cases} {merges}"
        );
    }
}
