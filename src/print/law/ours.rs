//! What our printers make of the lines of a search.

use std::{ops::Range, time::Duration};

use grep_matcher::Match;

use super::{
    Case, Printed,
    chunks::Chunks,
    record::{Event, Record},
};
use crate::{
    print::{End, Kind, Line, LinePrinter, MatchCounter, SummaryPrinter, spans::Finder},
    search::{Mode, Stats},
};

fn line<'h>(
    case: &Case<'h>,
    chunks: Chunks,
    range: &Range<usize>,
    number: Option<u64>,
) -> Line<'h> {
    let chunk = chunks.around(case.haystack, range.start, case.setup.terminator.as_byte());
    Line {
        haystack: &case.haystack[chunk.clone()],
        range: range.start - chunk.start..range.end - chunk.start,
        offset: range.start as u64,
        number,
        matches: None,
    }
}

/// Prints the lines of one search, each with the next of some printers, as if
/// they were those of several threads. Some lines come with their matches.
fn lines(
    case: &Case<'_>,
    chunks: Chunks,
    record: &Record,
    printers: &mut [LinePrinter],
    out: &mut Vec<u8>,
) {
    let ever_written = !out.is_empty();
    let mut begun = false;
    let mut next = 0;
    let mut finder = Finder::new(case.setup.clone());
    for event in &record.events {
        next = (next + 1) % printers.len();
        let printer = &mut printers[next];
        if !begun && matches!(event, Event::Line { .. }) {
            begun = true;
            printer.begin(ever_written, out).unwrap();
        }
        match event {
            Event::Line {
                kind,
                range,
                number,
            } => {
                let line = line(case, chunks, range, *number);
                match kind {
                    Kind::Match if next == 0 && printer.wants_matches() => {
                        let start = line.range.start;
                        let spans = finder.around(&line).spans();
                        let spans = spans.map(|m| Match::new(start + m.start(), start + m.end()));
                        let matches: Vec<Match> = spans.collect();
                        let line = Line {
                            matches: Some(&matches),
                            ..line
                        };
                        printer.matched(&line, out).unwrap();
                    }
                    Kind::Match => printer.matched(&line, out).unwrap(),
                    Kind::Context => printer.context(&line, out).unwrap(),
                }
            }
            Event::Pass(range) => printer.pass(&line(case, chunks, range, None)),
            Event::Break => printer.context_break(out).unwrap(),
        }
    }
}

fn totals(printers: &mut [LinePrinter]) -> (u64, u64) {
    printers.iter_mut().fold((0, 0), |(matches, printed), p| {
        (matches + p.take_matches(), printed + p.take_printed())
    })
}

fn selected(record: &Record) -> u64 {
    let count = record.events.iter().filter(|event| match event {
        Event::Line { kind, .. } => *kind == Kind::Match,
        Event::Pass(_) => true,
        Event::Break => false,
    });
    count.count() as u64
}

fn printers(printer: LinePrinter, chunks: Chunks) -> Vec<LinePrinter> {
    match chunks {
        Chunks::Whole => vec![printer],
        Chunks::Single | Chunks::Triple => vec![printer.clone(), printer],
    }
}

pub(super) fn standard(case: &Case<'_>, chunks: Chunks) -> Printed {
    let record = Record::new(case, false);
    let mut printers = printers(LinePrinter::standard(case.setup.clone()), chunks);
    let (mut bytes, mut counts) = (vec![], vec![]);
    for _ in 0..2 {
        lines(case, chunks, &record, &mut printers, &mut bytes);
        let end = End {
            binary_offset: record.binary_offset,
            left: false,
            has_match: selected(&record) > 0,
            ..End::default()
        };
        printers[0].finish(&end, &mut bytes).unwrap();
        let totals = totals(&mut printers);
        counts.push(if case.setup.stats { totals } else { (0, 0) });
    }
    Printed { bytes, counts }
}

pub(super) fn json(case: &Case<'_>, chunks: Chunks, elapsed: &[Duration]) -> Printed {
    let record = Record::new(case, true);
    let mut printers = printers(LinePrinter::json(case.setup.clone()), chunks);
    let (mut bytes, mut counts) = (vec![], vec![]);
    for &elapsed in elapsed {
        lines(case, chunks, &record, &mut printers, &mut bytes);
        let (matches, bytes_printed) = totals(&mut printers);
        counts.push((matches, bytes_printed));
        if record.events.is_empty() {
            continue;
        }
        let matched_lines = selected(&record);
        let end = End {
            binary_offset: record.end_binary_offset,
            left: false,
            has_match: matched_lines > 0,
            elapsed,
            stats: Stats {
                searches: 1,
                searches_with_match: u64::from(matched_lines > 0),
                bytes_searched: record.byte_count,
                bytes_printed,
                matched_lines,
                matches,
            },
        };
        printers[0].finish(&end, &mut bytes).unwrap();
        let (_, after) = totals(&mut printers);
        assert_eq!(after, 0, "the last message is not counted");
    }
    Printed { bytes, counts }
}

pub(super) fn summary(case: &Case<'_>, mode: Mode, chunks: Chunks) -> Printed {
    let record = Record::new(case, true);
    let mut counter = MatchCounter::new(case.setup.clone());
    let mut printer = SummaryPrinter::new(case.print(), case.setup.terminator);
    let (mut bytes, mut counts) = (vec![], vec![]);
    for _ in 0..2 {
        let mut matches = 0;
        for event in &record.events {
            if let Event::Line {
                kind: Kind::Match,
                range,
                number,
            } = event
            {
                matches += counter.count(&line(case, chunks, range, *number));
            }
        }
        printer
            .finish(mode, selected(&record), matches, &mut bytes)
            .unwrap();
        counts.push((matches, 0));
    }
    Printed { bytes, counts }
}
