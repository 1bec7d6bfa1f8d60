//! Filters, ranges and records of a search, against what they mean.

use std::{fmt::Write as _, sync::Arc};

use swathe::{
    chunk::Record,
    exec::{Executor, Stop},
    format::Formats,
    pattern::PatternOptions,
    print::PrintOptions,
    progress::Silent,
    search::{LineRange, Mode, Nul, Run, Search, SearchOptions},
    select::{Selection, Selector},
    source::Source,
    time::{self, Stamp},
};

use crate::parity::Random;

/// 2026-11-23T14:30:00Z.
const START: i64 = 1_795_444_200;

/// A log: some lines have a time, and some begin an event by `x`.
fn log(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(50) {
        if random.one_in(3) {
            text += "x ";
        } else if random.one_in(2) {
            let second = random.below(30);
            write!(text, "2026-11-23T14:30:{second:02}Z ").unwrap();
        }
        for _ in 0..random.below(4) {
            text += random.pick::<&str>(&["foo", "bar", " ", "at", "7", ""]);
        }
        text += "\n";
    }
    if random.one_in(2) {
        text.pop();
    }
    text
}

/// What is asked, besides the pattern `foo`.
#[derive(Clone, Debug)]
struct Question {
    by_x: bool,
    range: Option<(u64, u64)>,
    and: bool,
    not: bool,
    at_least: bool,
    since: Option<i64>,
    until: Option<i64>,
    options: SearchOptions,
}

fn question(random: &mut Random) -> Question {
    let first = random.below(12) + 1;
    let context = random.one_in(2);
    let mode = *random.pick(&[Mode::Standard, Mode::Standard, Mode::Standard, Mode::Count]);
    let printed = mode == Mode::Standard;
    let passthru = printed && !context && random.one_in(6);
    Question {
        by_x: random.one_in(2),
        range: random.one_in(4).then(|| (first, first + random.below(30))),
        and: random.one_in(4),
        not: random.one_in(4),
        at_least: random.one_in(6),
        since: random.one_in(3).then(|| random.below(30).cast_signed()),
        until: random.one_in(4).then(|| random.below(30).cast_signed()),
        options: SearchOptions {
            mode,
            before: if context && printed {
                random.below(4) as usize
            } else {
                0
            },
            after: if context && printed {
                random.below(4) as usize
            } else {
                0
            },
            passthru,
            invert: random.one_in(4),
            max_count: (!passthru && random.one_in(5)).then(|| random.below(6) + 1),
            line_number: random.one_in(2),
            ..SearchOptions::default()
        },
    }
}

impl Question {
    fn search(&self, size: u64) -> Search {
        let strings = |asked: bool, text: &str| {
            if asked {
                vec![text.to_string()]
            } else {
                vec![]
            }
        };
        let at = |second| Stamp::new(START + second, 0).unwrap();
        let selection = Selection {
            and: strings(self.and, "bar"),
            not: strings(self.not, "at$"),
            conditions: strings(self.at_least, "field:2~o"),
            since: self.since.map(at),
            until: self.until.map(at),
            ..Selection::default()
        };
        let mut options = self.options.clone();
        options.chunk_size = size;
        options.range = self.range.map(|(first, last)| LineRange { first, last });
        if self.by_x {
            options.record = Record::regex("^x", Record::MAX).unwrap();
        }
        let patterns = PatternOptions::default().compile(&["foo"]).unwrap();
        let search = Search::new(patterns, options);
        if selection.is_everything() {
            return search;
        }
        let selector = Arc::new(Selector::new(selection).unwrap());
        search.filtered(selector, time::Options::default(), Formats::default())
    }

    /// The selected records, as their lines; each with its first line's number.
    fn records<'t>(&self, text: &'t str) -> Vec<Unit<'t>> {
        let mut records: Vec<Unit<'_>> = Vec::new();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            match records.last_mut() {
                Some(record) if self.by_x && !line.starts_with('x') => record.lines.push(line),
                _ => records.push(Unit {
                    first: number,
                    lines: vec![line],
                    selected: false,
                }),
            }
        }
        let mut in_time = false;
        for record in &mut records {
            let first = record.lines[0];
            if let Some(at) = first.find("2026-11-23T14:30:") {
                let second: i64 = first[at + 17..at + 19].parse().unwrap();
                in_time = self.since.is_none_or(|since| second >= since)
                    && self.until.is_none_or(|until| second < until);
            }
            let any = |is: &dyn Fn(&str) -> bool| {
                record
                    .lines
                    .iter()
                    .any(|line| is(line.trim_end_matches('\n')))
            };
            let timed = self.since.is_some() || self.until.is_some();
            let text = record.lines.concat();
            record.selected = any(&|line| line.contains("foo")) != self.options.invert
                && (!self.and || any(&|line| line.contains("bar")))
                && !(self.not && any(&|line| line.ends_with("at")))
                && (!self.at_least
                    || text
                        .split_whitespace()
                        .nth(1)
                        .is_some_and(|f| f.contains('o')))
                && (!timed || in_time)
                && self
                    .range
                    .is_none_or(|(first, last)| (first..=last).contains(&record.first));
        }
        records
    }

    /// The output, a piece for each record that is printed, with its place.
    fn pieces(&self, text: &str) -> Vec<(usize, bool, String)> {
        let records = self.records(text);
        let o = &self.options;
        let mut shown: Vec<Option<bool>> = vec![o.passthru.then_some(false); records.len()];
        let mut count = 0;
        let mut left = 0;
        for place in 0..records.len() {
            let enough = o.max_count.is_some_and(|max| count >= max);
            if enough && left == 0 {
                break;
            }
            if !records[place].selected {
                if left > 0 {
                    shown[place] = Some(false);
                    left -= 1;
                }
                continue;
            }
            if !enough {
                for before in &mut shown[place.saturating_sub(o.before)..place] {
                    before.get_or_insert(false);
                }
            }
            shown[place] = Some(true);
            left = if enough { left - 1 } else { o.after };
            count += u64::from(!enough);
        }
        let mut pieces = Vec::new();
        let mut last = None;
        for (place, (record, shown)) in records.iter().zip(shown).enumerate() {
            let Some(matched) = shown else { continue };
            let mut piece = String::new();
            if o.before + o.after > 0 && last.is_some_and(|last| last + 1 < place) {
                piece += "--\n";
            }
            last = Some(place);
            for (number, line) in (record.first..).zip(&record.lines) {
                if o.line_number {
                    let separator = if matched { ":" } else { "-" };
                    write!(piece, "{number}{separator}").unwrap();
                }
                piece += line.trim_end_matches('\n');
                piece += "\n";
            }
            pieces.push((place, matched, piece));
        }
        pieces
    }

    fn answer(&self, text: &str) -> String {
        if self.options.mode == Mode::Count {
            let selected = self.records(text).iter().filter(|r| r.selected).count() as u64;
            return match self
                .options
                .max_count
                .map_or(selected, |max| selected.min(max))
            {
                0 => String::new(),
                count => format!("{count}\n"),
            };
        }
        self.pieces(text).into_iter().map(|piece| piece.2).collect()
    }
}

struct Unit<'t> {
    first: u64,
    lines: Vec<&'t str>,
    selected: bool,
}

fn source(text: &str, stream: bool) -> Source {
    if stream {
        Source::from_reader("log", std::io::Cursor::new(text.as_bytes().to_vec()))
    } else {
        Source::from_bytes("log", text)
    }
}

fn run(search: &Search, source: &Source, executor: &Executor) -> String {
    let mut out = Vec::new();
    let stop = Stop::new();
    let mut run = Run {
        executor,
        out: &mut out,
        stop: &stop,
        progress: &Silent,
        written: false,
    };
    let outcome = search.run(&mut run, source, &PrintOptions::default());
    let outcome = outcome.unwrap();
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    String::from_utf8(out).unwrap()
}

#[test]
fn filters_records_and_ranges_mean_what_they_say() {
    let cases = std::env::var("SWATHE_CASES").map_or(1500, |n| n.parse().unwrap());
    let mut random = Random(7);
    let executors: Vec<_> = [1, 2, 3, 8].map(Executor::new).into();
    for case in 0..cases {
        let (text, question) = (log(&mut random), question(&mut random));
        let timed = question.since.is_some() || question.until.is_some();
        if timed && time::Format::detect(text.as_bytes(), &time::Options::default()).is_none() {
            continue;
        }
        let want = question.answer(&text);
        for size in [1, 7, 64, 4096] {
            let executor = random.pick(&executors);
            for stream in [false, true] {
                let got = run(&question.search(size), &source(&text, stream), executor);
                assert!(
                    got == want,
                    "case {case}, chunk size {size}, {} threads, stream {stream}\n{question:?}\n\
                     text\n{text}\nwant\n{want}\ngot\n{got}",
                    executor.threads(),
                );
            }
        }
    }
}

/// The law of `--last`: the tail of the full output that begins with the context
/// before the `n`th selected record from the end.
fn tail(question: &Question, text: &str, n: usize) -> String {
    let pieces = question.pieces(text);
    let matches: Vec<usize> = pieces.iter().filter(|p| p.1).map(|p| p.0).collect();
    let Some(at) = matches.len().checked_sub(n) else {
        return question.answer(text);
    };
    let after = if at == 0 { 0 } else { matches[at - 1] + 1 };
    let start = after.max(matches[at].saturating_sub(question.options.before));
    let mut tail = String::new();
    for (place, _, piece) in pieces {
        if place == start {
            tail += piece.strip_prefix("--\n").unwrap_or(&piece);
        } else if place > start {
            tail += &piece;
        }
    }
    tail
}

#[test]
fn the_last_lines_are_the_tail_of_all() {
    let cases = std::env::var("SWATHE_CASES").map_or(1500, |n| n.parse().unwrap());
    let mut random = Random(11);
    let executors: Vec<_> = [1, 2, 3, 8].map(Executor::new).into();
    for case in 0..cases {
        let text = log(&mut random);
        let mut question = question(&mut random);
        question.options.mode = Mode::Standard;
        question.options.passthru = false;
        question.options.max_count = None;
        let timed = question.since.is_some() || question.until.is_some();
        if timed && time::Format::detect(text.as_bytes(), &time::Options::default()).is_none() {
            continue;
        }
        let n = random.below(8) as usize + 1;
        let want = tail(&question, &text, n);
        assert!(question.answer(&text).ends_with(&want));
        for size in [1, 7, 64, 4096] {
            let executor = random.pick(&executors);
            for stream in [false, true] {
                let got = last(&question.search(size), &text, stream, (executor, n));
                assert!(
                    got == want,
                    "case {case}, last {n}, chunk size {size}, {} threads, stream {stream}\n\
                     {question:?}\ntext\n{text}\nwant\n{want}\ngot\n{got}",
                    executor.threads(),
                );
            }
        }
    }
}

fn last(search: &Search, text: &str, stream: bool, (executor, n): (&Executor, usize)) -> String {
    let stop = Stop::new();
    let input = source(text, stream);
    let found = search.find_last(executor, &stop, &input, Nul::Text, n as u64);
    let last = found.unwrap();
    let mut out = Vec::new();
    let mut run = Run {
        executor,
        out: &mut out,
        stop: &stop,
        progress: &Silent,
        written: false,
    };
    let again = last.reads_again().then(|| source(text, false));
    let outcome = search.print_last(&mut run, last, again.as_ref(), &PrintOptions::default());
    let outcome = outcome.unwrap();
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    String::from_utf8(out).unwrap()
}

/// The blocks that a file is looked at in, from its end backwards, are larger
/// than the logs above.
#[test]
fn the_last_lines_of_a_large_file() {
    let mut random = Random(3);
    let mut text = String::new();
    for i in 0..60_000 {
        text += match random.below(900) {
            0 => "x foo\n",
            1 => " foo\n",
            2 => "x\n",
            _ => " another line\n",
        };
        if i % 20_000 == 0 {
            text += &"long ".repeat(100_000);
        }
    }
    let executor = Executor::new(2);
    for by_x in [false, true] {
        let mut question = question(&mut Random(1));
        question = Question {
            by_x,
            range: None,
            and: false,
            not: false,
            at_least: false,
            since: None,
            until: None,
            ..question
        };
        question.options = SearchOptions {
            before: 3,
            after: 2,
            line_number: true,
            ..SearchOptions::default()
        };
        for n in [1, 3, 20, 60, 1000] {
            let want = tail(&question, &text, n);
            for (size, stream) in [(0, false), (5000, false), (0, true), (5000, true)] {
                let got = last(&question.search(size), &text, stream, (&executor, n));
                assert!(got == want, "last {n}, chunk size {size}, stream {stream}");
            }
        }
    }
}
