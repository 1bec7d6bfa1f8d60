//! What ripgrep's printers make of a search.

use std::{path::Path, time::Duration};

use grep_printer::{
    HyperlinkConfig, JSONBuilder, StandardBuilder, Stats, SummaryBuilder, SummaryKind,
};
use termcolor::{Ansi, NoColor, WriteColor};

use super::{Case, Printed, record::searcher};
use crate::search::Mode;

fn counts(stats: Option<&Stats>) -> (u64, u64) {
    stats.map_or((0, 0), |stats| (stats.matches(), stats.bytes_printed()))
}

fn links(case: &Case<'_>) -> HyperlinkConfig {
    let links = case.print().links.as_ref();
    links.map(crate::print::Links::config).unwrap_or_default()
}

pub(super) fn standard(case: &Case<'_>) -> Printed {
    if case.print().colors.is_some() {
        standard_to(case, Ansi::new(vec![]), Ansi::into_inner)
    } else {
        standard_to(case, NoColor::new(vec![]), NoColor::into_inner)
    }
}

fn standard_to<W: WriteColor>(case: &Case<'_>, out: W, bytes: fn(W) -> Vec<u8>) -> Printed {
    let print = case.print();
    let mut printer = StandardBuilder::new()
        .color_specs(print.colors.clone().unwrap_or_default())
        .stats(case.setup.stats)
        .hyperlink(links(case))
        .heading(print.heading)
        .only_matching(print.only_matching)
        .per_match(print.per_match)
        .per_match_one_line(true)
        .replacement(print.replacement.clone())
        .max_columns(print.max_columns)
        .max_columns_preview(print.max_columns_preview)
        .column(print.column)
        .byte_offset(print.byte_offset)
        .trim_ascii(print.trim)
        .separator_search(print.separator_search.clone())
        .separator_context(print.separator_context.clone())
        .separator_field_match(print.separator_field_match.clone())
        .separator_field_context(print.separator_field_context.clone())
        .separator_path(print.path_separator)
        .path_terminator(print.path_terminator)
        .path(print.path.is_some())
        .build(out);
    let path = print.path.as_deref().unwrap_or(Path::new(""));
    let mut all = vec![];
    for _ in 0..2 {
        let mut sink = printer.sink_with_path(case.matcher(), path);
        searcher(case)
            .search_slice(case.matcher(), case.haystack, &mut sink)
            .unwrap();
        all.push(counts(sink.stats()));
    }
    Printed {
        bytes: bytes(printer.into_inner()),
        counts: all,
    }
}

/// The output, and how long each search took.
pub(super) fn json(case: &Case<'_>) -> (Printed, Vec<Duration>) {
    let mut printer = JSONBuilder::new()
        .replacement(case.print().replacement.clone())
        .build(vec![]);
    let mut all = vec![];
    let mut elapsed = vec![];
    for _ in 0..2 {
        let mut sink = match &case.print().path {
            Some(path) => printer.sink_with_path(case.matcher(), path),
            None => printer.sink(case.matcher()),
        };
        searcher(case)
            .search_slice(case.matcher(), case.haystack, &mut sink)
            .unwrap();
        all.push(counts(Some(sink.stats())));
        elapsed.push(sink.stats().elapsed());
    }
    let bytes = printer.into_inner();
    (Printed { bytes, counts: all }, elapsed)
}

pub(super) fn summary(case: &Case<'_>, mode: Mode) -> Printed {
    if case.print().colors.is_some() {
        summary_to(case, mode, Ansi::new(vec![]), Ansi::into_inner)
    } else {
        summary_to(case, mode, NoColor::new(vec![]), NoColor::into_inner)
    }
}

fn summary_to<W: WriteColor>(
    case: &Case<'_>,
    mode: Mode,
    out: W,
    bytes: fn(W) -> Vec<u8>,
) -> Printed {
    let print = case.print();
    let kind = match mode {
        Mode::Count => SummaryKind::Count,
        Mode::CountMatches => SummaryKind::CountMatches,
        Mode::FilesWithMatches => SummaryKind::PathWithMatch,
        Mode::FilesWithoutMatch => SummaryKind::PathWithoutMatch,
        Mode::Quiet => SummaryKind::QuietWithMatch,
        Mode::QuietWithoutMatch => SummaryKind::QuietWithoutMatch,
        Mode::Standard | Mode::Json | Mode::Rows => unreachable!("no summary"),
    };
    let mut printer = SummaryBuilder::new()
        .color_specs(print.colors.clone().unwrap_or_default())
        .kind(kind)
        .stats(true)
        .hyperlink(links(case))
        .exclude_zero(!print.include_zero)
        .separator_field(b":".to_vec())
        .separator_path(print.path_separator)
        .path_terminator(print.path_terminator)
        .build(out);
    let path = print.path.as_deref().unwrap_or(Path::new(""));
    let mut all = vec![];
    for _ in 0..2 {
        let mut sink = printer.sink_with_path(case.matcher(), path);
        searcher(case)
            .search_slice(case.matcher(), case.haystack, &mut sink)
            .unwrap();
        all.push(counts(sink.stats()));
    }
    Printed {
        bytes: bytes(printer.into_inner()),
        counts: all,
    }
}
