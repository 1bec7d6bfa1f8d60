//! A search selects the lines and shows the matches that the `regex` crate
//! finds line by line, whatever is looked for before the engine is asked.

use std::fmt::Write as _;

use regex::bytes::{Match, Regex, RegexBuilder};
use swathe::{
    pattern::{Boundary, Case, PatternOptions},
    print::PrintOptions,
    search::{Mode, Nul, SearchOptions},
    source::Source,
};

use super::{Bytes, searched};

/// What a regex is made of: letters with more than two cases, characters of
/// several bytes (a Kelvin sign), classes in and out of Unicode, what matches no byte.
const ATOMS: &str = r"a b k K s S 1 2 \. = - \x20 € ß ſ \x{212a} é É σ ς ẞ ٣ ab k= a1 err \d \w \s \D \W \S
    . [ab] [^a] [a-c1] [a-z] [0-9.] [^\x20] [^\s] [€ß] [k-s] [^€] [\wé] [^\d€] [A-Z] [a-zß] \b \B ^ $
    \b{start} \b{end} (?-u:[^b]) (?-u:\w) (?-u:\d) (?i:k) (?i:ß) (?-i:s) (?-u:\b) (?-u:\xff)
    (?-u:[\x80-\xff]) (?:) [[:alpha:]]";

/// How often; mostly once.
const TIMES: &str = "| | | | |+|*|?|{2}|{1,3}|{2,}|{0,2}|+?|*?|??|{9}";

/// What a text is made of: what the atoms match, and what they nearly do.
const PIECES: &str = "a|b|k|K|s|S|1|2|.|=|-| |\n|\n|\n|\r|\r\n|\0|\t|_|ab|k=|a1|err|ERR|1.1|a=1|12|\
    aa|bb|22|z|Z| a |€|ß|ſ|\u{212a}|é|É|σ|ς|Σ|ẞ|٣|ä|\u{a0}|\u{2028}|e\u{301}|😀|中|１";

/// What is no character, or the part of one.
const PARTS: &[u8] = b"\xff\xc3\x80\xe2\x82\xac\xf0\x9f\xc5\xbf\xa9\xc0";

/// One of some pieces.
fn one(of: &'static str, between: fn(char) -> bool, number: u8) -> &'static str {
    let all = || of.split(between).filter(|piece| !piece.is_empty());
    all()
        .nth(usize::from(number) % all().count())
        .expect("some")
}

fn sequence(data: &mut Bytes<'_>, depth: u8, regex: &mut String) {
    for _ in 0..=data.byte() % 5 {
        let byte = data.byte();
        match byte >> 6 {
            3 if depth > 0 => {
                regex.push_str(["(", "(?:", "(?i:", "(?:"][usize::from(byte % 4)]);
                alternation(data, depth - 1, regex);
                regex.push(')');
            }
            _ => regex.push_str(one(ATOMS, char::is_whitespace, byte)),
        }
        regex.push_str(one(TIMES, |c| c == '|', data.byte()).trim());
    }
}

fn alternation(data: &mut Bytes<'_>, depth: u8, regex: &mut String) {
    let more = data.byte();
    sequence(data, depth, regex);
    if more.is_multiple_of(4) {
        for _ in 0..=more / 64 {
            regex.push('|');
            sequence(data, depth, regex);
        }
    }
}

/// A text of the pieces, some of them many times.
fn text(data: &mut Bytes<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    while !data.0.is_empty() {
        match data.byte() {
            byte @ 0xf0.. => text.push(PARTS[usize::from(byte) % PARTS.len()]),
            byte => {
                let times = if byte >= 0xd0 { data.byte() % 80 } else { 1 };
                let piece = one(PIECES, |c| c == '|', byte);
                text.extend(piece.repeat(times.into()).bytes());
            }
        }
    }
    text
}

/// The same as the `regex` crate is told it; lines are given without their end.
fn reference(regex: &str, options: &PatternOptions) -> Option<Regex> {
    let regex = match options.boundary {
        None => regex.to_string(),
        Some(Boundary::Word) => format!(r"\b{{start-half}}(?:{regex})\b{{end-half}}"),
        Some(Boundary::Line) => format!("^(?:{regex})$"),
    };
    let built = RegexBuilder::new(&regex)
        .multi_line(true)
        .unicode(options.unicode)
        .case_insensitive(options.case == Case::Insensitive)
        .build();
    built.ok()
}

/// What `-n`, and `-nbo`, print. Lines are numbered from 1.
fn naive(regex: &Regex, text: &[u8], matches: bool) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    for (i, line) in text.split_inclusive(|&b| b == b'\n').enumerate() {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let mut show = |lead: String, text: &[u8]| {
            out.extend(lead.bytes());
            out.extend(text);
            out.push(b'\n');
        };
        let number = i + 1;
        if matches {
            for found in shown_matches(regex, content) {
                let lead = format!("{number}:{}:", at + found.start());
                show(lead, found.as_bytes());
            }
        } else if regex.is_match(content) {
            show(format!("{number}:"), content);
        }
        at += line.len();
    }
    out
}

/// What `-o` shows of empty matches, and of lines that have no others, is
/// compared with ripgrep elsewhere.
fn shown_matches<'t>(regex: &Regex, content: &'t [u8]) -> impl Iterator<Item = Match<'t>> {
    let all = regex.find_iter(content);
    all.filter(|found| !found.is_empty())
}

/// What `-nbo` printed without the same.
fn without_empty(printed: &[u8], regex: &Regex, text: &[u8]) -> Vec<u8> {
    let only_empty: Vec<bool> = text
        .split(|&b| b == b'\n')
        .map(|line| regex.is_match(line) && shown_matches(regex, line).next().is_none())
        .collect();
    let shown = |row: &&[u8]| {
        let mut fields = row.splitn(3, |&b| b == b':');
        let number = fields.next().and_then(|number| str::from_utf8(number).ok());
        let number: usize = number.map_or(0, |number| number.parse().expect("a number"));
        fields.nth(1) != Some(b"\n") && !only_empty[number - 1]
    };
    let rows = printed.split_inclusive(|&b| b == b'\n').filter(shown);
    rows.collect::<Vec<_>>().concat()
}

/// Checks it for a regex, options and a text made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let [flags, size, threads, times] = data.array();
    let options = PatternOptions {
        case: [Case::Sensitive, Case::Insensitive][usize::from(flags & 1)],
        boundary: [None, None, Some(Boundary::Word), Some(Boundary::Line)]
            [usize::from(flags >> 1 & 3)],
        unicode: flags & 8 == 0,
        ..PatternOptions::default()
    };
    let mut regex = String::new();
    alternation(&mut data, 1, &mut regex);
    let (Some(reference), Ok(patterns)) = (reference(&regex, &options), options.compile(&[&regex]))
    else {
        return;
    };
    let mut text = text(&mut data);
    // What is looked for is chosen by the first 8 KiB, if there are so many.
    if times >= 0xf0 && !text.is_empty() {
        text = text.repeat((9 << 10) / text.len() + 1);
    }
    let mut said = String::new();
    write!(said, "{regex:?} {options:?} in {}", text.escape_ascii()).expect("a string");

    let search = SearchOptions {
        line_number: true,
        nul: Nul::Text,
        chunk_size: size.into(),
        ..SearchOptions::default()
    };
    let source = || Source::from_bytes("input", &*text);
    let threads = usize::from(threads % 2) + 1;
    let shown = |out: Vec<u8>| out.escape_ascii().to_string();

    let print = PrintOptions::default();
    let lines = naive(&reference, &text, false);
    let (got, _) = searched(&patterns, &search, &source(), threads, &print);
    assert_eq!(shown(got), shown(lines.clone()), "lines of {said}");

    let print = PrintOptions {
        only_matching: true,
        byte_offset: true,
        ..PrintOptions::default()
    };
    let (got, _) = searched(&patterns, &search, &source(), threads, &print);
    let want = naive(&reference, &text, true);
    assert_eq!(
        shown(without_empty(&got, &reference, &text)),
        shown(want),
        "-o of {said}"
    );

    let count = SearchOptions {
        mode: Mode::Count,
        ..search
    };
    let (got, _) = searched(
        &patterns,
        &count,
        &source(),
        threads,
        &PrintOptions::default(),
    );
    let want = lines.split_inclusive(|&b| b == b'\n').count();
    let want = if want == 0 {
        String::new()
    } else {
        format!("{want}\n")
    };
    assert_eq!(
        shown(got),
        want.escape_default().to_string(),
        "-c of {said}"
    );
}
