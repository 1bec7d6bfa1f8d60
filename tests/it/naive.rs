//! What the statistics mean, one byte and one line at a time.
//!
//! Slow, single-threaded and without a crate of the fast path except the regex
//! matcher itself, which sees one line at a time here.

use grep_matcher::Matcher as _;
use serde_json::{Value, json};
use swathe::pattern::PatternOptions;

/// Whether lines end with `\r\n`: the first newline of the first 64 KiB says.
pub(crate) fn is_crlf(bytes: &[u8]) -> bool {
    let head = bytes.iter().take(65536);
    let newline = head.clone().position(|&b| b == b'\n');
    newline.is_some_and(|at| at > 0 && bytes[at - 1] == b'\r')
}

/// A line: where it starts, its content, and whether `\r\n` ended it.
pub(crate) struct Line<'h> {
    pub(crate) start: usize,
    pub(crate) content: &'h [u8],
    pub(crate) crlf: bool,
}

/// The lines, one after the other.
pub(crate) fn lines(bytes: &[u8], crlf: bool) -> Vec<Line<'_>> {
    let (mut lines, mut start) = (vec![], 0);
    while start < bytes.len() {
        let newline = (start..bytes.len()).find(|&i| bytes[i] == b'\n');
        let end = newline.unwrap_or(bytes.len());
        let cr = end > start && bytes[end - 1] == b'\r';
        lines.push(Line {
            start,
            content: &bytes[start..end - usize::from(crlf && cr)],
            crlf: newline.is_some() && cr,
        });
        start = end + 1;
    }
    lines
}

fn is_space(b: u8) -> bool {
    [b' ', b'\t', b'\n', 0x0b, 0x0c, b'\r'].contains(&b)
}

fn words(bytes: &[u8]) -> usize {
    bytes
        .split(|&b| is_space(b))
        .filter(|word| !word.is_empty())
        .count()
}

fn chars(bytes: &[u8]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        // The shortest valid character, if one starts here.
        let len = (1..=4.min(bytes.len() - at))
            .find(|&len| std::str::from_utf8(&bytes[at..at + len]).is_ok());
        count += usize::from(len.is_some());
        at += len.unwrap_or(1);
    }
    count
}

/// A row of `swathe stats`, without `path`, `complete` and `bytes_on_disk`;
/// the longest lines without their path.
pub(crate) fn stats(bytes: &[u8], crlf: bool, top: usize) -> Value {
    let lines = lines(bytes, crlf);
    let newlines = bytes.split(|&b| b == b'\n').count() - 1;
    let crlf_lines = lines.iter().filter(|line| line.crlf).count();
    let count = |is: &dyn Fn(&Line<'_>) -> bool| lines.iter().filter(|line| is(line)).count();
    let invalid = |line: &Line<'_>| std::str::from_utf8(line.content).is_err();
    let line_ending = match (newlines, crlf_lines) {
        (0, _) => "none",
        (_, 0) => "lf",
        (a, b) if a == b => "crlf",
        _ => "mixed",
    };
    let mut longest: Vec<_> = (1..).zip(&lines).collect();
    longest.sort_by_key(|(_, line)| std::cmp::Reverse(line.content.len()));
    let longest = longest.iter().take(top).map(|(number, line)| {
        json!({"length": line.content.len(), "line": number, "offset": line.start})
    });
    let beyond_ascii = |line: &Line<'_>| !line.content.is_ascii() && !invalid(line);
    let mixed = lines.iter().any(invalid) && lines.iter().any(beyond_ascii);
    let mut all = json!({
        "bytes": bytes.len(),
        "newlines": newlines,
        "lines": lines.len(),
        "words": words(bytes),
        "chars": chars(bytes),
        "empty_lines": count(&|line| line.content.is_empty()),
        "blank_lines": count(&|line| line.content.iter().all(|&b| is_space(b))),
        "crlf_lines": crlf_lines,
        "nul_bytes": bytes.split(|&b| b == 0).count() - 1,
        "invalid_utf8_lines": count(&invalid),
        "final_newline": bytes.last().map(|&b| b == b'\n'),
        "line_ending": line_ending,
        "line_length": line_length(&lines),
        "longest_lines": longest.collect::<Vec<_>>(),
    });
    if mixed {
        all["mixed_encodings"] = json!(true);
    }
    all
}

fn line_length(lines: &[Line<'_>]) -> Value {
    let mut lengths: Vec<_> = lines.iter().map(|line| line.content.len()).collect();
    lengths.sort_unstable();
    let n = lengths.len();
    let at_least = |p: usize, of: usize| {
        let small = lengths.iter().enumerate();
        small
            .clone()
            .find(|(i, _)| (i + 1) * of >= n * p)
            .map(|(_, length)| *length)
    };
    let mut buckets = vec![(0, 1)];
    while buckets.last().unwrap().1 <= lengths.last().copied().unwrap_or(0) {
        let from = buckets.last().unwrap().1;
        buckets.push((from, from * 2));
    }
    let count = |(from, to): (usize, usize)| {
        let inside = lengths.iter().filter(|&&l| from <= l && l < to).count();
        (from, to, inside)
    };
    let histogram: Vec<_> = buckets
        .into_iter()
        .map(count)
        .skip_while(|row| row.2 == 0)
        .collect();
    json!({
        "min": lengths.first(),
        "max": lengths.last().copied().unwrap_or(0),
        "mean": (n > 0).then(|| lengths.iter().sum::<usize>() as f64 / n as f64),
        "p50": at_least(50, 100),
        "p90": at_least(90, 100),
        "p99": at_least(99, 100),
        "p999": at_least(999, 1000),
        "histogram": histogram,
    })
}

/// The body of `swathe count` for patterns without names; places without their
/// path.
pub(crate) fn count(
    bytes: &[u8],
    crlf: bool,
    patterns: &[&str],
    options: &PatternOptions,
) -> Value {
    let lines = lines(bytes, false);
    let options = PatternOptions {
        crlf,
        ..options.clone()
    };
    let mut hits = vec![0; lines.len()];
    let (mut rows, mut matches_total) = (vec![], 0);
    for (id, pattern) in (1..).zip(patterns) {
        let regex = options.compile(&[pattern]).unwrap().matcher();
        let (mut matches, mut places) = (0, vec![]);
        for (i, line) in lines.iter().enumerate() {
            let content = match line.content.strip_suffix(b"\r") {
                Some(content) if crlf && line.crlf => content,
                _ => line.content,
            };
            let mut first = None;
            let mut at = 0;
            while at <= content.len()
                && let Some(m) = regex.find_at(content, at).unwrap()
            {
                first.get_or_insert(m.start());
                matches += u64::from(!m.is_empty());
                at = m.end() + usize::from(m.is_empty());
            }
            if let Some(first) = first {
                hits[i] += 1;
                places.push(json!({"line": i + 1, "offset": line.start + first}));
            }
        }
        matches_total += matches;
        rows.push(json!({
            "id": id,
            "name": null,
            "pattern": pattern,
            "lines": places.len(),
            "matches": matches,
            "first": places.first(),
            "last": places.last(),
        }));
    }
    json!({
        "patterns": rows,
        "lines_total": lines.len(),
        "lines_any": hits.iter().filter(|&&n| n > 0).count(),
        "lines_none": hits.iter().filter(|&&n| n == 0).count(),
        "matches_total": matches_total,
        "multi_pattern_lines": hits.iter().filter(|&&n| n > 1).count(),
    })
}
