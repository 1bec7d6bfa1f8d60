//! Fields by their number, and cells of CSV.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr, memrchr_iter};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// A field between runs of white space, as awk has them: the first is 1, the
/// last -1.
pub(crate) fn between_spaces(content: &[u8], number: i32) -> Option<Range<usize>> {
    let mut left = number.unsigned_abs();
    if number > 0 {
        let mut at = 0;
        loop {
            let start = at + content[at..].iter().position(|&b| !is_space(b))?;
            let end = content[start..].iter().position(|&b| is_space(b));
            let end = end.map_or(content.len(), |i| start + i);
            left -= 1;
            if left == 0 {
                return Some(start..end);
            }
            at = end;
        }
    }
    let mut at = content.len();
    loop {
        let end = content[..at].iter().rposition(|&b| !is_space(b))? + 1;
        let start = content[..end].iter().rposition(|&b| is_space(b));
        let start = start.map_or(0, |i| i + 1);
        left -= 1;
        if left == 0 {
            return Some(start..end);
        }
        at = start;
    }
}

/// A field between delimiters, as cut has them: the first is 1, the last -1.
pub(crate) fn between(content: &[u8], delimiter: u8, number: i32) -> Option<Range<usize>> {
    let left = number.unsigned_abs() as usize;
    if number > 0 {
        let start = match left {
            1 => 0,
            _ => memchr_iter(delimiter, content).nth(left - 2)? + 1,
        };
        let end = memchr(delimiter, &content[start..]);
        return Some(start..end.map_or(content.len(), |i| start + i));
    }
    let end = match left {
        1 => content.len(),
        _ => memrchr_iter(delimiter, content).nth(left - 2)?,
    };
    let start = memrchr(delimiter, &content[..end]);
    Some(start.map_or(0, |i| i + 1)..end)
}

/// A cell of a CSV line (RFC 4180).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Cell {
    /// Its text, without quotes around it.
    pub(crate) at: Range<usize>,
    /// It holds `""`, which stand for one quote.
    pub(crate) doubled: bool,
}

/// A cell by its number from 0.
pub(crate) fn cell(content: &[u8], delimiter: u8, number: usize) -> Option<Cell> {
    let mut at = 0;
    for _ in 0..number {
        at = cell_end(content, delimiter, at).1? + 1;
    }
    Some(cell_end(content, delimiter, at).0)
}

/// The cell that starts at `at`, and where the delimiter behind it stands.
fn cell_end(content: &[u8], delimiter: u8, at: usize) -> (Cell, Option<usize>) {
    let next = |from: usize| memchr(delimiter, &content[from..]).map(|i| from + i);
    let plain = |start: usize, end: Option<usize>| Cell {
        at: start..end.unwrap_or(content.len()),
        doubled: false,
    };
    if content.get(at) != Some(&b'"') {
        let end = next(at);
        return (plain(at, end), end);
    }
    let (start, mut from, mut doubled) = (at + 1, at + 1, false);
    while let Some(quote) = memchr(b'"', &content[from..]).map(|i| from + i) {
        if content.get(quote + 1) == Some(&b'"') {
            doubled = true;
            from = quote + 2;
            continue;
        }
        let cell = Cell {
            at: start..quote,
            doubled,
        };
        return (cell, next(quote + 1));
    }
    // A quote that nothing closes is text.
    let end = next(at);
    (plain(at, end), end)
}

/// Whether the record ends within the quotes of a cell, and not with it.
pub(crate) fn ends_in_quotes(content: &[u8], delimiter: u8) -> bool {
    // The quotes of a cell come in pairs, but for the one that opens the last.
    if memchr_iter(b'"', content).count().is_multiple_of(2) {
        return false;
    }
    let mut at = 0;
    loop {
        let (cell, next) = cell_end(content, delimiter, at);
        // A quote at the front that nothing closes is left in the cell.
        if content.get(at) == Some(&b'"') && cell.at.start == at {
            return true;
        }
        match next {
            Some(delimiter) => at = delimiter + 1,
            None => return false,
        }
    }
}

/// Appends the cell's text.
pub(crate) fn push_cell(content: &[u8], cell: &Cell, into: &mut Vec<u8>) {
    let mut text = content[cell.at.clone()].iter();
    while let Some(&byte) = text.next() {
        into.push(byte);
        if byte == b'"' {
            text.next();
        }
    }
}

/// The names in the first line of a CSV file.
pub(crate) fn header(line: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let (mut names, mut at) = (Vec::new(), 0);
    loop {
        let (cell, next) = cell_end(line, delimiter, at);
        let mut name = Vec::new();
        if cell.doubled {
            push_cell(line, &cell, &mut name);
        } else {
            name.extend_from_slice(&line[cell.at]);
        }
        names.push(name);
        match next {
            Some(delimiter) => at = delimiter + 1,
            None => return names,
        }
    }
}

/// How many cells a line has.
pub(crate) fn cells(line: &[u8], delimiter: u8) -> usize {
    let (mut count, mut at) = (1, 0);
    while let Some(next) = cell_end(line, delimiter, at).1 {
        count += 1;
        at = next + 1;
    }
    count
}

/// What parts the columns, if all lines have as many of it as the first, which
/// are names.
pub(crate) fn delimiter_of(lines: &[&[u8]]) -> Option<u8> {
    let [names, rows @ ..] = lines else {
        return None;
    };
    b",;\t|".iter().copied().find(|&delimiter| {
        let columns = delimiters(names, delimiter);
        let mut parts = header(names, delimiter).into_iter();
        let is_name = |part: Vec<u8>| {
            part.iter().any(u8::is_ascii_alphabetic) && part.len() < 64 && !part.contains(&b'=')
        };
        let alike = rows
            .iter()
            .filter(|row| delimiters(row, delimiter) >= columns)
            .count();
        columns > 0
            && parts.all(is_name)
            && rows.len() > 1
            && 10 * alike >= 9 * rows.len()
            && !rows.iter().any(|row| row == names)
    })
}

/// What separates the cells of a first line: the comma, semicolon, tab or bar
/// it has most of.
pub(crate) fn guess_delimiter(line: &[u8]) -> u8 {
    // The last of equals is taken: the comma.
    let candidates = [b'|', b'\t', b';', b','];
    let count = |delimiter: &u8| delimiters(line, *delimiter);
    candidates.into_iter().max_by_key(count).unwrap_or(b',')
}

/// How often a byte stands outside of quotes in a line. A quote that nothing closes is
/// text.
pub(crate) fn delimiters(line: &[u8], delimiter: u8) -> usize {
    let pieces: Vec<&[u8]> = line.split(|byte| *byte == b'"').collect();
    let count = |piece: &&[u8]| memchr_iter(delimiter, piece).count();
    match pieces.len() % 2 {
        1 => pieces.iter().step_by(2).map(count).sum(),
        _ => pieces.iter().map(count).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_between_spaces() {
        for (line, number, want) in [
            ("a b c", 1, Some("a")),
            ("a b c", 3, Some("c")),
            ("a b c", 4, None),
            ("  a \t b  ", 2, Some("b")),
            ("  a \t b  ", 3, None),
            ("a b c", -1, Some("c")),
            ("a b c  ", -2, Some("b")),
            ("a b c", -3, Some("a")),
            ("a b c", -4, None),
            ("", 1, None),
            ("  ", -1, None),
            ("a", i32::MIN, None),
        ] {
            let got = between_spaces(line.as_bytes(), number).map(|r| &line[r]);
            assert_eq!(got, want, "{line:?} {number}");
        }
    }

    #[test]
    fn fields_between_delimiters() {
        for (line, number, want) in [
            ("a;b;c", 1, Some("a")),
            ("a;b;c", 3, Some("c")),
            ("a;b;c", 4, None),
            (";;", 2, Some("")),
            (";;", 3, Some("")),
            ("a;b;c", -1, Some("c")),
            ("a;b;c", -3, Some("a")),
            ("a;b;c", -4, None),
            ("", 1, Some("")),
            ("", -1, Some("")),
        ] {
            let got = between(line.as_bytes(), b';', number).map(|r| &line[r]);
            assert_eq!(got, want, "{line:?} {number}");
        }
    }

    #[test]
    fn cells_of_csv() {
        for (line, number, want) in [
            ("a,b", 0, Some("a")),
            ("a,b", 1, Some("b")),
            ("a,b", 2, None),
            ("a,", 1, Some("")),
            (r#""a,b",c"#, 0, Some("a,b")),
            (r#""a,b",c"#, 1, Some("c")),
            (r#""a ""b""",c"#, 0, Some(r#"a "b""#)),
            (r#""a ""b""",c"#, 1, Some("c")),
            (r#""open,b"#, 1, Some("b")),
            (r#""""""#, 0, Some("\"")),
        ] {
            let cell = cell(line.as_bytes(), b',', number);
            let got = cell.map(|cell| {
                let mut text = Vec::new();
                push_cell(line.as_bytes(), &cell, &mut text);
                String::from_utf8(text).unwrap()
            });
            assert_eq!(got.as_deref(), want, "{line:?} {number}");
        }
    }

    #[test]
    fn cells_that_go_on_behind_the_record_are_known() {
        for (line, want) in [
            ("", false),
            ("a,b", false),
            (r#""a","b""#, false),
            (r#""a,"#, true),
            (r#"a,"b"#, true),
            (r#"a,"b ""c"" d"#, true),
            (r#"a,"b ""c""#, false),
            (r#"5" disk,b"#, false),
            (r#"5" disk,"b"#, false),
            (r#""5"" disk,b"#, true),
            (r#"x,5" disk,y"z""#, false),
        ] {
            assert_eq!(ends_in_quotes(line.as_bytes(), b','), want, "{line:?}");
        }
    }

    #[test]
    fn the_first_line_names_the_columns() {
        let names = header(b"\xef\xbb\xbfid,\"a,\"\"b\",", b',');
        assert_eq!(names, [&b"id"[..], b"a,\"b", b""]);
        for (line, want) in [
            ("a,b", b','),
            ("a;b;c,d", b';'),
            ("a\tb", b'\t'),
            ("a", b','),
            ("\"id\";\"size, bytes\";\"a, b, c\"", b';'),
            ("a\t\"x;y;z\"", b'\t'),
            ("\"a \"\"b,c\"\", d\"|e", b'|'),
            ("5\" disk;a,b;c", b';'),
        ] {
            assert_eq!(guess_delimiter(line.as_bytes()), want, "{line}");
        }
    }
}
