//! What answers look like whatever they hold: in every format, at every width of
//! a terminal.

use swathe::{
    report::{Format, Layout, Report},
    request::{
        CountRequest, Request, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest, saved::Saved,
    },
};
use unicode_width::UnicodeWidthStr as _;

use crate::{partials::with, program::Folder};

/// Keys that have broken tables.
const KEYS: [&str; 16] = [
    "\u{4e2d}\u{6587}\u{5b57}\u{7b26}\u{4e32}",
    "\u{1f600}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "e\u{301}\u{302}\u{303}",
    "=1+2",
    "+cmd",
    "-3+x",
    "@SUM(A1)",
    "a,b;c",
    "\"quoted\"",
    "|pipe|`code`*b*",
    "\u{1b}[31mred",
    "\u{7}\u{8}\u{7f}\u{9b}x",
    "\u{202e}turned",
    "<script>alert(1)</script>",
    "a/very/long/key/that/does/not/fit/into/any/terminal/however/wide/it/may/be/because/it/goes/on",
    "x",
];

const QUESTIONS: [&[&str]; 10] = [
    &["stats"],
    &["stats", "--by", "field:2", "-k99"],
    &[
        "count",
        "-e",
        "\u{4e2d}+",
        "-e",
        "\u{1b}.*|a/very/long/pattern/with/many/alternatives",
        "--per-file",
    ],
    &["top", "--by", "field:2", "-k99"],
    &[
        "top",
        "--by",
        "field:2,field:3",
        "--sum",
        "field:3",
        "--distinct",
        "field:1",
        "-k99",
    ],
    &["values", "--of", "field:3", "--by", "field:2", "-k99"],
    &["values", r"(\d+)$"],
    &["timeline", "-e", "\u{1b}|=|a|b", "-e", "\u{4e2d}"],
    &["timeline", "--by", "field:2", "-k99"],
    &["templates"],
];

fn log() -> String {
    let line = |(at, key): (usize, &str)| {
        let (hour, number) = (at % 20, at * 123_456_789);
        format!("2026-11-01T{hour:02}:00:00Z\t{key}\t{number}\n")
    };
    KEYS.iter()
        .copied()
        .cycle()
        .take(100)
        .enumerate()
        .map(line)
        .collect()
}

/// The cells of a document as RFC 4180 has it.
fn cells(text: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let (mut rows, mut row, mut cell) = (vec![], vec![], vec![]);
    let (mut quoted, mut at) = (false, 0);
    while at < text.len() {
        match (text[at], quoted) {
            (b'"', true) if text.get(at + 1) == Some(&b'"') => {
                cell.push(b'"');
                at += 1;
            }
            (b'"', _) => quoted = !quoted,
            (byte, false) if byte == delimiter => row.push(std::mem::take(&mut cell)),
            (b'\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (byte, _) => cell.push(byte),
        }
        at += 1;
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "cut short");
    rows
}

fn check_csv(text: &[u8], delimiter: u8, said: &str) {
    let rows = match delimiter {
        // As cut and awk read it.
        b'\t' => {
            let text = text.strip_suffix(b"\n").expect("an end");
            let lines = text.split(|&b| b == b'\n');
            let row = |line: &[u8]| line.split(|&b| b == b'\t').map(<[u8]>::to_vec).collect();
            lines.map(row).collect()
        }
        _ => cells(text, delimiter),
    };
    assert!(rows.len() > 1, "{said}");
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{said}");
        for cell in row {
            let number = std::str::from_utf8(cell).is_ok_and(|cell| cell.parse::<f64>().is_ok());
            let formula = matches!(
                cell.first(),
                Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | 0)
            );
            assert!(
                number || !formula,
                "{said}: {:?}",
                String::from_utf8_lossy(cell)
            );
        }
    }
}

/// Rows of a table have as many cells as its first.
fn check_markdown(text: &str, said: &str) {
    let columns = |line: &str| line.replace(r"\|", "").matches('|').count();
    for table in text.split("\n\n") {
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).collect();
        for row in &rows {
            assert!(
                row.ends_with('|') && columns(row) == columns(rows[0]),
                "{said}: {row}"
            );
        }
    }
    assert!(text.contains("\n| ---"), "{said}");
}

/// A metric a line: its name, labels in quotes, a number.
fn check_metrics(text: &str, said: &str) {
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (metric, number) = line.rsplit_once(' ').unwrap();
        assert!(number.parse::<f64>().is_ok(), "{said}: {line}");
        let labels = metric.split_once('{').map_or("}", |(_, labels)| labels);
        let quotes = labels.replace(r"\\", "").replace(r#"\""#, "");
        assert!(
            quotes.ends_with('}') && quotes.matches('"').count() % 2 == 0,
            "{said}: {line}"
        );
    }
}

/// Nothing in it does anything to a terminal.
fn check_harmless(text: &str, said: &str) {
    let harm = |char: &char| {
        char.is_control() && *char != '\n' || ('\u{202a}'..='\u{202e}').contains(char)
    };
    assert!(!text.contains(|char| harm(&char)), "{said}: {text:?}");
}

fn check_text(text: &str, width: usize, said: &str) {
    check_harmless(text, said);
    for line in text.lines() {
        // What is one word cannot be broken.
        let broken = line.trim().contains(' ');
        assert!(
            line.width() <= width || !broken,
            "{said} in {width}: {line}"
        );
    }
}

fn check<R: Request>(partial: &[u8], said: &str) {
    let saved = Saved::open("x.partial".as_ref(), partial).unwrap();
    let (request, _, statistic) = saved.request::<R>().unwrap();
    let collected = saved.gathered::<R>(&statistic).unwrap();
    let body = request.body(collected.finish(&statistic));
    let report = Report::new(R::COMMAND, vec![], body);
    for (name, format) in Format::ALL {
        let said = format!("{said} as {name}");
        let Ok(bytes) = report.to_format(format, &Layout::default()) else {
            assert_eq!(format, Format::Prometheus, "{said}");
            continue;
        };
        match format {
            Format::Csv => check_csv(&bytes, b',', &said),
            Format::Tsv => check_csv(&bytes, b'\t', &said),
            Format::Json | Format::JsonLines => {
                for line in bytes.split_inclusive(|&b| b == b'\n') {
                    serde_json::from_slice::<serde_json::Value>(line).unwrap();
                }
            }
            _ => {
                let text = String::from_utf8(bytes).unwrap();
                if format == Format::Prometheus {
                    // Labels are for programs, as they are.
                    check_metrics(&text, &said);
                    continue;
                }
                if format == Format::Html {
                    // The numbers stand in it as JSON, for programs.
                    assert!(!text.contains("<script>alert"), "{said}");
                    continue;
                }
                check_harmless(&text, &said);
                if format == Format::Markdown {
                    check_markdown(&text, &said);
                }
            }
        }
    }
    for (width, ascii) in [
        (20, false),
        (40, false),
        (40, true),
        (80, false),
        (200, false),
    ] {
        let layout = Layout {
            width: Some(width),
            ascii,
            rows: None,
        };
        check_text(&report.to_text(&layout), width, said);
    }
}

#[test]
fn every_answer_in_every_format_at_every_width() {
    let folder = Folder::new("shapes");
    folder.write("x.log", log());
    for question in QUESTIONS {
        let asked = with(question, &["--delimiter", "\\t", "--partial", "-", "x.log"]);
        let partial = folder.answer(&asked);
        let said = question.join(" ");
        match question[0] {
            "stats" => check::<StatsRequest>(&partial, &said),
            "count" => check::<CountRequest>(&partial, &said),
            "top" => check::<TopRequest>(&partial, &said),
            "values" => check::<ValuesRequest>(&partial, &said),
            "timeline" => check::<TimelineRequest>(&partial, &said),
            _ => check::<TemplatesRequest>(&partial, &said),
        }
        // As the program prints it where there is no terminal.
        let shown =
            String::from_utf8(folder.answer(&with(question, &["--delimiter=\\t", "x.log"])));
        check_harmless(&shown.unwrap(), &said);
    }
}
