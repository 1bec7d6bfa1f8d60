//! A prefilter changes no answer: random regexes in random lines.

use std::ops::Range;

use grep_matcher::{Match, Matcher as _};

use super::*;
use crate::pattern::{Boundary, Case, LineFinder, Patterns, Wanted};

/// A sequence of numbers that is the same every time.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Lines of few different bytes, some of them no characters.
    fn text(&mut self, pieces: usize) -> Vec<u8> {
        let pieces = (0..self.below(pieces)).flat_map(|_| {
            let piece: &[u8] = self.one(&[
                b"a",
                b"aa",
                b"b",
                b"B",
                b"1",
                b"22",
                b".",
                b"=",
                b"-",
                b" ",
                b"\n",
                b"k",
                "\u{212a}".as_bytes(),
                "\u{e9}".as_bytes(),
                "\u{661}".as_bytes(),
                b"\xff",
                b"\xc3",
                b"\x80",
                b"\0",
                b"\r",
                b"1.1",
                b"a=1",
            ]);
            let times = if self.below(12) == 0 {
                self.below(90)
            } else {
                1
            };
            piece.repeat(times)
        });
        pieces.collect()
    }

    /// A line of runs, some of them long.
    fn runs(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.below(60) {
            let piece: &[u8] = self.one(&[
                b"1", b"2", b"a", b".", b"=", b"1", b".", b"=", b"1.1", b"12=a", b"\x80",
            ]);
            let times = [1, 1, 1, 2, 3, 61, 130][self.below(7)];
            if piece != b"\x80" || self.below(9) == 0 {
                text.extend(piece.repeat(times));
            }
        }
        text
    }

    fn regex(&mut self) -> String {
        let mut regex = String::new();
        for _ in 0..=self.below(5) {
            regex += self.one(&[
                "a",
                "k",
                "b",
                r"\.",
                "=",
                "-",
                r"\d",
                r"\w",
                "[ab]",
                "[^a]",
                r"\S",
                ".",
                "aa",
                "(?-u:[^b])",
                r"(?-u:\d)",
                "(?:a|1b)",
                r"(\w)",
                "\u{e9}",
                "[a-c1]",
                r"\b",
                "(?:a=)",
            ]);
            if !regex.ends_with(r"\b") {
                let times = ["+", "*", "?", "{2}", "{1,2}", "{3,}", "+?", "{9}", "{65}"];
                if self.below(2) == 0 {
                    regex += self.one(&times);
                }
            }
        }
        regex
    }
}

fn options(random: &mut Random) -> PatternOptions {
    PatternOptions {
        case: [Case::Sensitive, Case::Insensitive, Case::Smart][random.below(3)],
        boundary: [None, None, None, Some(Boundary::Word), Some(Boundary::Line)][random.below(5)],
        unicode: random.below(3) > 0,
        ..PatternOptions::default()
    }
}

fn lines(patterns: &Patterns, text: &[u8]) -> Vec<Range<usize>> {
    let finder = LineFinder::new(patterns, false);
    let (mut from, mut found) = (0, vec![]);
    while let Some(line) = finder.find(text, from) {
        from = line.end;
        found.push(line);
    }
    found
}

/// With each window, looked for in each way, as the sample alone decides
/// otherwise.
fn all_ways(prefilter: &Prefilter) -> Vec<Prefilter> {
    let mut all = Vec::new();
    for (choice, _) in choose::choices(prefilter, b"") {
        let other = Prefilter {
            windows: prefilter.windows.clone(),
            chains: prefilter.chains.clone(),
            exact: prefilter.exact.clone(),
            firsts: prefilter.firsts.clone(),
            sure: prefilter.sure,
            tuned: OnceLock::new(),
            rough: OnceLock::new(),
        };
        let (tuned, rough) = (other.tuned.set(choice), true);
        assert!(tuned.is_ok() && rough);
        all.push(other);
    }
    all
}

#[test]
fn lines_are_those_of_the_engine() {
    let mut random = Random(11);
    let mut filtered = 0;
    for _ in 0..400 {
        let (regex, options) = (random.regex(), options(&mut random));
        let Ok(mut patterns) = options.compile(&[&regex]) else {
            continue;
        };
        let Some(prefilter) = patterns.prefilter.take() else {
            continue;
        };
        filtered += 1;
        let ways = all_ways(&prefilter).into_iter().map(std::sync::Arc::new);
        let ways: Vec<_> = ways.collect();
        for _ in 0..12 {
            let text = random.text(40);
            patterns.prefilter = None;
            let want = lines(&patterns, &text);
            for way in &ways {
                patterns.prefilter = Some(way.clone());
                let got = lines(&patterns, &text);
                let shown = bstr::BStr::new(&text);
                let choice = way.tuned.get();
                assert_eq!(got, want, "{regex} {options:?} in {shown:?} by {choice:?}");
            }
        }
    }
    assert!(filtered > 100, "{filtered} of the regexes had a prefilter");
}

#[test]
fn windows_are_found_at_every_place() {
    let mut random = Random(5);
    for _ in 0..400 {
        let regex = random.regex();
        let Some(prefilter) = Prefilter::new(&[&regex], &PatternOptions::default()) else {
            continue;
        };
        let text = random.text(60);
        for (choice, _) in choose::choices(&prefilter, b"") {
            for from in 0..=text.len() {
                let mut got = Vec::new();
                choice.scan(&text, from, |at| {
                    got.push(at);
                    false
                });
                let Some(window) = &choice.window else {
                    continue;
                };
                let want = (from..text.len()).filter(|&at| window.is_at(&text, at));
                assert_eq!(got, want.collect::<Vec<_>>(), "{choice:?}");
            }
        }
    }
}

/// Runs that go over the borders of blocks, followed from every place.
#[test]
fn chains_are_those_of_the_engine() {
    let mut random = Random(17);
    let (mut chains, mut found) = (0, 0);
    let regexes = [
        r"\d+\.\d+\.\d+\.\d+",
        r"(?-u)\d+\.\d+\.\d+",
        r"\d{1,3}\.\d{1,3}\.\d{1,3}",
        r"a\d+=\d+",
        r"(?-u)a\d+=\d+",
        r"1[1.]+=",
        r"1[12]{2,}=[a1]+\.",
        r"(?:a|1b)1+\.a+=",
        r"\b\w+=\w+=",
        r"1?a+1*=+a",
        r"(?-u)[^1]+1+[^1]+1",
    ];
    for regex in regexes {
        let patterns = PatternOptions::default().compile(&[regex]).unwrap();
        let prefilter = Prefilter::new(&[regex], &PatternOptions::default()).unwrap();
        let engine = patterns.matcher();
        let ways = all_ways(&prefilter).into_iter();
        let chain = |way: &Prefilter| {
            let choice = way.tuned.get().unwrap();
            matches!(choice.kernel, Kernel::Chain(_))
        };
        for way in ways.filter(chain) {
            chains += 1;
            for _ in 0..30 {
                let text = random.runs();
                for at in (0..=text.len()).step_by(7) {
                    let want = engine.find_at(&text, at).unwrap();
                    let got = first(&patterns, &way, &text, at);
                    let shown = bstr::BStr::new(&text);
                    assert_eq!(got, want, "{regex} in {shown:?} from {at}");
                    found += usize::from(want.is_some());
                }
            }
        }
    }
    assert!(chains > 10 && found > 500, "{chains} {found}");
}

/// The first match, as the prefilter and the engine together find it.
fn first(patterns: &Patterns, prefilter: &Prefilter, line: &[u8], at: usize) -> Option<Match> {
    match prefilter.find(line, at, |_, _| ()) {
        Found::Match(start, end) => Some(Match::new(start, end)),
        Found::None => None,
        Found::Ask(_) => patterns.matcher().find_at(line, at).unwrap(),
    }
}

#[test]
fn matches_are_those_of_the_engine_at_every_place() {
    let mut random = Random(3);
    let mut known = 0;
    for _ in 0..600 {
        let (regex, options) = (random.regex(), options(&mut random));
        let Ok(patterns) = options.compile(&[&regex]) else {
            continue;
        };
        let exact = patterns.prefilter.as_ref();
        let Some(prefilter) = exact.filter(|prefilter| prefilter.knows_matches()) else {
            continue;
        };
        known += 1;
        let engine = patterns.matcher();
        for way in all_ways(prefilter) {
            let text = random.text(20);
            let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
            for at in 0..=line.len() {
                let want = engine.find_at(line, at).unwrap();
                let got = first(&patterns, &way, line, at);
                let shown = bstr::BStr::new(line);
                assert_eq!(got, want, "{regex} {options:?} in {shown:?} from {at}");
            }
        }
    }
    assert!(known > 25, "{known} of the regexes had an exact form");
}

/// The matches that are known when a line is found are those of the engine,
/// wherever the search was interrupted.
#[test]
fn lines_come_with_their_matches() {
    let mut random = Random(23);
    let (mut known, mut all) = (0, 0);
    for round in 0..700 {
        let chains = [r"\d+\.\d+\.\d+", r"(?-u)a\d+=\d+", "1[1.]+="];
        let (regex, options) = match round % 7 {
            0 => (chains[round / 7 % 3].to_string(), PatternOptions::default()),
            _ => (random.regex(), options(&mut random)),
        };
        let Ok(mut patterns) = options.compile(&[&regex]) else {
            continue;
        };
        let Some(prefilter) = patterns.prefilter.take() else {
            continue;
        };
        let engine = patterns.matcher();
        for way in all_ways(&prefilter) {
            let mut text = random.text(40);
            for _ in 0..random.below(6) {
                text.extend(random.runs());
                text.push(b'\n');
            }
            patterns.prefilter = None;
            let want = lines(&patterns, &text);
            patterns.prefilter = Some(std::sync::Arc::new(way));
            let finder = LineFinder::new(&patterns, false);
            let (mut got, mut at) = (vec![], 0);
            let mut more = true;
            let wanted = [Wanted::Matches, Wanted::Lines][random.below(3) / 2];
            while std::mem::take(&mut more) {
                finder.each(&text, (at, wanted), |line, matches| {
                    at = line.end;
                    all += 1;
                    if let Some(matches) = matches {
                        let content = &text[..line.end];
                        let content = content.strip_suffix(b"\n").unwrap_or(content);
                        let mut want = vec![];
                        let find = |found| {
                            want.push(found);
                            true
                        };
                        engine.find_iter_at(content, line.start, find).unwrap();
                        let shown = bstr::BStr::new(&text[line.clone()]);
                        assert_eq!(matches, want, "{regex} {options:?} in {shown:?}");
                        known += 1;
                    }
                    got.push(line);
                    more = random.below(3) == 0;
                    !more
                });
            }
            let shown = bstr::BStr::new(&text);
            assert_eq!(got, want, "{regex} {options:?} in {shown:?}");
        }
    }
    assert!(known > 200 && all > 1000, "{known} of {all}");
}

/// A run that may have so many characters at most, before one that is none of
/// ASCII: where it starts depends on whether that belongs to it.
#[test]
fn matches_around_characters_of_several_bytes() {
    let mut random = Random(5);
    let mut walked = 0;
    for regex in [
        "\\d{1,3}\u{20ac}",
        "\\d{1,2}\u{b0}",
        "\\w{1,3}\u{e9}",
        "[^ ]{2,4}\u{e9}",
        r"\d{1,3}\D",
        r"\d{2,3}[^1]",
        r"(\d{1,2})\D+",
        r"\d{2}\D\d{1,2}\D",
        r"\d+\D",
        r"\S{1,2}\s",
    ] {
        let patterns = PatternOptions::default().compile(&[regex]).unwrap();
        let exact = patterns.prefilter.as_ref();
        let Some(prefilter) = exact.filter(|prefilter| prefilter.knows_matches()) else {
            continue;
        };
        walked += 1;
        for _ in 0..300 {
            let pieces = [
                "1", "2", "a", "\u{20ac}", "\u{e9}", "\u{664}", "\u{b0}", " ",
            ];
            let pieces = (0..random.below(10)).map(|_| *random.one(&pieces.each_ref()));
            let line: String = pieces.collect();
            for way in all_ways(prefilter) {
                for at in (0..=line.len()).filter(|&at| line.is_char_boundary(at)) {
                    let want = patterns.matcher().find_at(line.as_bytes(), at).unwrap();
                    let got = first(&patterns, &way, line.as_bytes(), at);
                    assert_eq!(got, want, "{regex} in {line:?} from {at}");
                }
            }
        }
    }
    assert!(walked > 6, "{walked} of them can be walked");
}

/// From each of many places to the end of a long line would take the square of
/// its length.
#[test]
fn a_long_run_is_left_to_the_engine() {
    let patterns = PatternOptions::default().compile(&["<[^>]+>"]).unwrap();
    let prefilter = patterns.prefilter.as_ref().unwrap();
    for (len, found) in [(4000, Found::None), (5000, Found::Ask(0))] {
        let line = vec![b'<'; len];
        for way in all_ways(prefilter) {
            if way.choice(&line).known.is_some() {
                assert_eq!(way.find(&line, 0, |_, _| ()), found, "{len}");
            }
            let line = [&line[..], b">"].concat();
            let all = Some(Match::new(0, len + 1));
            assert_eq!(first(&patterns, &way, &line, 0), all);
        }
    }
}

/// What each regex is found by, in a text that is like many logs.
#[test]
fn a_table_of_regexes() {
    let line = "2026-01-01T00:00:00.123Z INFO web-03 req=97299fcae7202345 GET /api/v1 ms=7\n";
    let sample = line.repeat(choose::SAMPLE / line.len() + 1);
    let by = |pattern: &str, options: &PatternOptions| {
        let Some(prefilter) = Prefilter::new(&[pattern], options) else {
            return "the engine".to_string();
        };
        let choice = prefilter.choice(sample.as_bytes());
        let kernel = match &choice.kernel {
            Kernel::Shift(shift) => format!("{} bits", shift.len()),
            Kernel::High(high) => format!("{} high", high.len()),
            Kernel::Folded(_) => "folded".to_string(),
            Kernel::Chain(_) => "chain".to_string(),
            Kernel::Literal { literal, .. } => {
                format!("{:?}", String::from_utf8_lossy(literal.needle()))
            }
        };
        format!(
            "{kernel}{}",
            if choice.known.is_some() {
                ", exact"
            } else {
                ""
            }
        )
    };
    let plain = PatternOptions::default();
    for (pattern, want) in [
        (r"\d+\.\d+\.\d+\.\d+", "chain, exact"),
        ("[0-9a-f]{8}-[0-9a-f]{4}", "13 bits, exact"),
        (r"(\w+)=(\d+)", "3 bits, exact"),
        (r"\w+@\w+\.com", "\"@\", exact"),
        (r"status=(\d+)", "\"status=\", exact"),
        (r"\S+@\S+", "\"@\""),
        (r"(?i)(?-u:error)", "folded, exact"),
        ("(?i)stra\u{df}e", "4 high, exact"),
        ("error", "the engine"),
        ("error|[0-9]{9}", "the engine"),
        (r"fatal.*\d", "the engine"),
        (".*", "the engine"),
    ] {
        if bits::Bits::is_fast()
            || !["bits", "folded", "chain"]
                .iter()
                .any(|kernel| want.contains(kernel))
        {
            assert_eq!(by(pattern, &plain), want, "{pattern}");
        }
    }
    let word = PatternOptions {
        boundary: Some(Boundary::Word),
        ..plain
    };
    assert_eq!(by("@x", &word), "the engine");
    assert!(!by(r"\d+\.\d+", &word).ends_with("exact"));
}
