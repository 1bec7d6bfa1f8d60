//! `Search` against `grep-searcher` and `grep-printer`, the libraries ripgrep
//! is made of, on random nasty input with random options.

use grep_printer::{JSONBuilder, StandardBuilder, SummaryBuilder, SummaryKind};
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder};
use swathe::{
    exec::{Executor, Stop},
    pattern::{Boundary, Case, Engine, Matcher, PatternOptions, Patterns},
    print::PrintOptions,
    progress::Silent,
    search::{Mode, Nul, Run, Search, SearchOptions},
    source::Source,
};

/// `SplitMix64` (Steele, Lea and Flood, 2014): the same cases on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

const WORDS: &[&[u8]] = &[
    b"foo",
    b"bar",
    b"foobar",
    b"FOO",
    b" ",
    b"  ",
    b"\t",
    b"x",
    b"foo bar",
    b"\xff",
    b"\xc3\xa9",
    b"\xe2\x84\xaa",
    b"k",
    b"K",
    b"a=1",
    b"",
    b"\r",
    b"aaaa",
    b".",
    b"12.5",
];

fn haystack(random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    let lines = random.below(40);
    let crlf = random.below(3);
    let nul = random.one_in(4);
    for _ in 0..lines {
        for _ in 0..random.below(5) {
            text.extend_from_slice(random.pick::<&[u8]>(WORDS));
        }
        if nul && random.one_in(20) {
            text.push(0);
        }
        if random.one_in(60) {
            text.extend(std::iter::repeat_n(
                b'z',
                if random.one_in(9) { 3000 } else { 70 },
            ));
        }
        if crlf == 1 || (crlf == 2 && random.one_in(2)) {
            text.push(b'\r');
        }
        text.push(b'\n');
    }
    if random.one_in(2) {
        text.pop();
    }
    text
}

const PATTERNS: &[&str] = &[
    "foo",
    "bar",
    "x",
    "^foo",
    "foo$",
    "^$",
    "",
    "foo|bar",
    r"\bfoo\b",
    "[a-z]+",
    "a+",
    r"\s",
    r"\S",
    "(?i)foo",
    r"\w+=\d",
    "K",
    "zz",
    "q",
    r"\Afoo",
    r"foo\z",
    ".",
    r"^\s*$",
    "(foo)(bar)?",
];

#[derive(Debug)]
struct Case_ {
    patterns: PatternOptions,
    pattern: &'static str,
    options: SearchOptions,
    print: PrintOptions,
    streamed: bool,
}

fn case(random: &mut Random, all: &'static [&'static str]) -> Case_ {
    let patterns = PatternOptions {
        case: *random.pick(&[
            Case::Sensitive,
            Case::Sensitive,
            Case::Insensitive,
            Case::Smart,
        ]),
        boundary: *random.pick(&[None, None, None, Some(Boundary::Word), Some(Boundary::Line)]),
        crlf: random.one_in(4),
        ..PatternOptions::default()
    };
    let mode = *random.pick(&[
        Mode::Standard,
        Mode::Standard,
        Mode::Standard,
        Mode::Json,
        Mode::Count,
        Mode::CountMatches,
        Mode::FilesWithMatches,
        Mode::FilesWithoutMatch,
    ]);
    let context = random.one_in(2);
    let passthru = !context && random.one_in(6);
    let mut options = SearchOptions {
        mode,
        before: if context { random.below(4) as usize } else { 0 },
        after: if context { random.below(4) as usize } else { 0 },
        passthru,
        invert: random.one_in(4),
        max_count: random.one_in(3).then(|| random.below(5) + 1),
        stop_on_nonmatch: random.one_in(8),
        line_number: random.one_in(2),
        stats: random.one_in(5),
        nul: *random.pick(&[Nul::Text, Nul::Mapped, Nul::Mapped, Nul::Streamed]),
        record: swathe::chunk::Record::default(),
        range: None,
        chunk_size: 0,
    };
    if mode == Mode::CountMatches && options.invert {
        options.mode = Mode::Count;
    }
    let print = PrintOptions {
        path: random.one_in(2).then(|| "some/file".into()),
        heading: random.one_in(5),
        column: random.one_in(4),
        byte_offset: random.one_in(4),
        only_matching: random.one_in(5),
        per_match: random.one_in(8),
        replacement: random.one_in(8).then(|| b"[$0|$1]".to_vec()),
        max_columns: random.one_in(8).then(|| random.below(20) + 1),
        max_columns_preview: random.one_in(2),
        trim: random.one_in(8),
        separator_context: if random.one_in(8) {
            None
        } else {
            Some(b"--".to_vec())
        },
        include_zero: random.one_in(2),
        ..PrintOptions::default()
    };
    let pattern = random.pick(all);
    Case_ {
        streamed: options.nul == Nul::Streamed,
        patterns,
        pattern,
        options,
        print,
    }
}

/// What ripgrep's libraries print.
fn expected(case: &Case_, patterns: &Patterns, haystack: &[u8]) -> (Vec<u8>, bool) {
    let matcher = patterns.matcher();
    let o = &case.options;
    let mut builder = SearcherBuilder::new();
    builder
        .line_terminator(patterns.line_terminator())
        .invert_match(o.invert)
        .line_number(o.line_number)
        .before_context(o.before)
        .after_context(o.after)
        .passthru(o.passthru)
        .max_matches(o.max_count)
        .stop_on_nonmatch(o.stop_on_nonmatch)
        .bom_sniffing(false);
    if o.nul != Nul::Text {
        builder.binary_detection(BinaryDetection::convert(0));
    }
    let mut searcher = builder.build();
    let p = &case.print;
    let path = std::path::Path::new(p.path.as_deref().unwrap_or("<stdin>".as_ref()));
    let kind = match o.mode {
        Mode::Count => SummaryKind::Count,
        Mode::CountMatches => SummaryKind::CountMatches,
        Mode::FilesWithMatches => SummaryKind::PathWithMatch,
        Mode::FilesWithoutMatch => SummaryKind::PathWithoutMatch,
        Mode::Standard => {
            let mut printer = StandardBuilder::new()
                .path(p.path.is_some())
                .heading(p.heading)
                .column(p.column)
                .byte_offset(p.byte_offset)
                .only_matching(p.only_matching)
                .per_match(p.per_match)
                .per_match_one_line(true)
                .replacement(p.replacement.clone())
                .max_columns(p.max_columns)
                .max_columns_preview(p.max_columns_preview)
                .trim_ascii(p.trim)
                .stats(o.stats)
                .separator_context(p.separator_context.clone())
                .build_no_color(vec![]);
            let mut sink = printer.sink_with_path(&matcher, path);
            search(&mut searcher, &matcher, haystack, case.streamed, &mut sink);
            let any = sink.has_match();
            return (printer.into_inner().into_inner(), any);
        }
        _ => {
            let mut printer = JSONBuilder::new()
                .replacement(p.replacement.clone())
                .build(vec![]);
            let mut sink = printer.sink_with_path(&matcher, path);
            search(&mut searcher, &matcher, haystack, case.streamed, &mut sink);
            let any = sink.has_match();
            return (printer.into_inner(), any);
        }
    };
    let mut printer = SummaryBuilder::new()
        .kind(kind)
        .path(p.path.is_some())
        .exclude_zero(!p.include_zero)
        .stats(o.stats)
        .build_no_color(vec![]);
    let mut sink = printer.sink_with_path(&matcher, path);
    search(&mut searcher, &matcher, haystack, case.streamed, &mut sink);
    let any = sink.has_match();
    (printer.into_inner().into_inner(), any)
}

fn search<S: grep_searcher::Sink<Error = std::io::Error>>(
    searcher: &mut Searcher,
    matcher: &Matcher,
    haystack: &[u8],
    streamed: bool,
    sink: S,
) {
    if streamed {
        searcher.search_reader(matcher, haystack, sink).unwrap();
    } else {
        searcher.search_slice(matcher, haystack, sink).unwrap();
    }
}

/// What we print, under one way of running.
fn actual(
    case: &Case_,
    patterns: &Patterns,
    source: &Source,
    size: u64,
    exec: &Executor,
) -> (Vec<u8>, bool) {
    let options = SearchOptions {
        chunk_size: size,
        ..case.options.clone()
    };
    let search = Search::new(patterns.clone(), options);
    let mut out = Vec::new();
    let stop = Stop::new();
    let mut run = Run {
        executor: exec,
        out: &mut out,
        stop: &stop,
        progress: &Silent,
        written: false,
    };
    let mut print = case.print.clone();
    if matches!(
        case.options.mode,
        Mode::FilesWithMatches | Mode::FilesWithoutMatch | Mode::Json
    ) {
        print.path.get_or_insert_with(|| "<stdin>".into());
    }
    let outcome = search.run(&mut run, source, &print).unwrap();
    assert!(outcome.failure.is_none());
    (out, outcome.matched)
}

/// Times, and what is exempt: bytes searched where `-m` ends a search by `-v`, for
/// which ripgrep's libraries say where the next line is that does not count.
fn normal(json: bool, exempt: bool, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if !json {
        return text;
    }
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        if value["type"] == "end" {
            let stats = &mut value["data"]["stats"];
            stats["elapsed"] = serde_json::Value::Null;
            if exempt {
                stats["bytes_searched"] = serde_json::Value::Null;
            }
            lines.push(value.to_string());
        } else {
            lines.push(line.to_string());
        }
    }
    lines.join("\n")
}

#[test]
fn the_same_bytes_as_ripgreps_libraries() {
    compare(Engine::Default, PATTERNS);
}

/// Flags within a pattern change what ends a line and what a byte is.
#[test]
fn the_same_bytes_under_inline_flags() {
    const PATTERNS: &[&str] = &[
        r"(?R)[a-z]+\r^",
        r"(?R)[a-z]+$",
        r"(?R)^[a-z]+$",
        r"(?R)[^x]$",
        r"(?R)a+$|^x",
        r"(?sR).+$",
        r"(?R:o$)|\d",
        r"(?Ri)FOO$",
        r"(?-m)^foo",
        r"(?-m)[a-z]+$",
        r"(?-m:^)a|r$",
        r"(?s)o.x",
        r"(?-u)[^a-z]$",
        r"(?-u)\w+\xff?",
        r"(?s-u)[0-9].",
        r"\A[a-z]+",
        r"[a-z]+\z",
        r"[a-z]+\r?\z",
        r"[a-z]{3}\r$",
    ];
    compare(Engine::Default, PATTERNS);
}

/// The same by PCRE2, with what only it can do.
#[cfg(feature = "pcre2")]
#[test]
fn the_same_bytes_by_pcre2() {
    const PATTERNS: &[&str] = &[
        "foo",
        "^foo",
        "foo$",
        "^$",
        "",
        ".",
        r"\bfoo\b",
        r"(\w)\1",
        "foo(?!bar)",
        "(?<=foo)bar|x",
        r"(?<=\s)foo|bar",
        r"(?<!\S)x|k",
        "(?<!^)foo|a",
        "^(?=.*foo)(?=.*bar)",
        r"fo\Ko",
        "(?<first>f)(o+)?",
        "a++",
        r"\s+",
        r"\Afoo",
        r"foo\z",
        r"\W",
        "[a-z]+(?=[ .])",
    ];
    compare(Engine::Pcre2, PATTERNS);
}

fn compare(engine: Engine, patterns: &'static [&'static str]) {
    let cases = std::env::var("SWATHE_CASES").map_or(1500, |n| n.parse().unwrap());
    let seed = std::env::var("SWATHE_SEED").map_or(1, |n| n.parse().unwrap());
    let mut random = Random(seed);
    let executors: Vec<_> = [1, 2, 3, 8].map(Executor::new).into();
    for number in 0..cases {
        let haystack = haystack(&mut random);
        let case = case(&mut random, patterns);
        // What the libraries do with `-v` here depends on where their buffer
        // ends, and its first filling is three bytes long.
        let o = &case.options;
        let seams = o.stop_on_nonmatch || (o.max_count.is_some() && o.after > 0);
        let seams = seams || ((o.before > 0 || o.after > 0) && haystack.contains(&0));
        // Line by line, `-m` reads one line more before it ends.
        let seams = seams || (case.pattern.contains('\\') && haystack.contains(&0));
        // Under `--crlf` a line that ends with `\n` alone, and under an inline `(?R)`
        // one of `\r` alone, may match when it is looked at again as context before the last of `-m` matches; whether
        // it is depends on a match that comes after it.
        let crlf = case.patterns.crlf || case.pattern.contains('R');
        if crlf && o.max_count.is_some() && o.after > 0 {
            continue;
        }
        let anchored = ["\\A", "(?-m"].iter().any(|a| case.pattern.contains(a));
        let short = case.patterns.crlf || anchored;
        if case.streamed && ((o.invert && seams) || short) {
            continue;
        }
        let Ok(patterns) = case.patterns.compile_with(engine, &[case.pattern]) else {
            continue;
        };
        // To PCRE2 text ends at bytes that are not UTF-8; the libraries show it
        // those of the lines before too when matches in a line are shown.
        let p = &case.print;
        let fine = p.only_matching || p.per_match || p.column || p.replacement.is_some();
        let fine = fine || o.stats || matches!(o.mode, Mode::Json | Mode::CountMatches);
        if engine != Engine::Default && fine && std::str::from_utf8(&haystack).is_err() {
            continue;
        }
        let json = case.options.mode == Mode::Json;
        let exempt = case.options.invert && case.options.max_count.is_some();
        let (want, want_match) = expected(&case, &patterns, &haystack);
        let want = normal(json, exempt, &want);
        for size in [1, 7, 64, 4096] {
            let exec = random.pick(&executors);
            for stream in [false, true] {
                // A stream's last line is not known to be the last.
                let seams = case.options.stop_on_nonmatch && case.options.invert;
                if stream && (case.options.nul == Nul::Mapped || seams) {
                    continue;
                }
                let source = if stream {
                    Source::from_reader("some/file", std::io::Cursor::new(haystack.clone()))
                } else {
                    Source::from_bytes("some/file", haystack.clone())
                };
                let (got, got_match) = actual(&case, &patterns, &source, size, exec);
                let got = normal(json, exempt, &got);
                assert!(
                    (&got, got_match) == (&want, want_match),
                    "case {number}, chunk size {size}, {} threads, stream {stream}\n\
                     pattern {:?}\n{:?}\n{:?}\n{:?}\nhaystack {:?}\n\
                     want {want_match} {want:?}\n got {got_match} {got:?}",
                    exec.threads(),
                    case.pattern,
                    case.patterns,
                    case.options,
                    case.print,
                    bstr::BStr::new(&haystack),
                );
            }
        }
    }
}
