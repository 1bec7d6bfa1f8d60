//! Comma separated values, as RFC 4180 has them, and tab separated ones, whose cells
//! have no tab and no end of a line in them, so that `cut` and `awk` can read them.

use bstr::ByteSlice as _;

use super::{Cell, Table};

/// A table with its names in the first line.
///
/// A cell without a value is empty, a text without a character is `""`, or empty
/// between tabs. Numbers are plain, a series has spaces between its counts. Text is
/// made safe for spreadsheets: where it would be taken for a formula, a `'` stands
/// before it, and one more where it began with that already. Between tabs, `\t`, `\n`,
/// `\r` and `\\` stand for what they mean, and nothing is quoted. All other bytes are
/// written as they are, UTF-8 or not.
pub(super) fn write(table: &Table, delimiter: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let names = table.columns.iter().map(|column| column.name.as_bytes());
    row(&mut out, names.map(|name| text(name, delimiter)), delimiter);
    for cells in &table.rows {
        row(
            &mut out,
            cells.iter().map(|cell| field(cell, delimiter)),
            delimiter,
        );
    }
    out
}

fn row(out: &mut Vec<u8>, fields: impl Iterator<Item = Vec<u8>>, delimiter: u8) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            out.push(delimiter);
        }
        out.extend(field);
    }
    out.push(b'\n');
}

fn field(cell: &Cell, delimiter: u8) -> Vec<u8> {
    match cell {
        Cell::Text(bytes) => text(bytes, delimiter),
        other => plain(other).into_bytes(),
    }
}

/// A cell that is no text as programs read it; nothing for no value.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Null | Cell::Text(_) => String::new(),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => shortest(*number),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Series(counts) => {
            let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
            counts.join(" ")
        }
    }
}

/// The shortest text that is read back as the same number.
pub(super) fn shortest(number: f64) -> String {
    let text = serde_json::Number::from_f64(number).map_or(String::new(), |n| n.to_string());
    text.strip_suffix(".0").map_or(text.clone(), str::to_string)
}

fn text(bytes: &[u8], delimiter: u8) -> Vec<u8> {
    let mut field = Vec::new();
    if is_formula(bytes) {
        field.push(b'\'');
    }
    field.extend_from_slice(bytes);
    if delimiter == b'\t' {
        escaped(&field)
    } else {
        quoted(field, delimiter)
    }
}

fn quoted(field: Vec<u8>, delimiter: u8) -> Vec<u8> {
    let special = |b: &u8| matches!(b, b'"' | b'\r' | b'\n') || *b == delimiter;
    if !field.is_empty() && !field.iter().any(special) {
        return field;
    }
    let mut quoted = vec![b'"'];
    for byte in field {
        if byte == b'"' {
            quoted.push(b'"');
        }
        quoted.push(byte);
    }
    quoted.push(b'"');
    quoted
}

fn escaped(field: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::new();
    for &byte in field {
        match byte {
            b'\t' => escaped.extend(b"\\t"),
            b'\n' => escaped.extend(b"\\n"),
            b'\r' => escaped.extend(b"\\r"),
            b'\\' => escaped.extend(b"\\\\"),
            byte => escaped.push(byte),
        }
    }
    escaped
}

/// Whether a spreadsheet would run this text, or with a `'` less. Numbers and a lone
/// dash, which stands for nothing in logs, it would not. Spreadsheets pass over
/// control characters and spaces of several kinds before they look.
fn is_formula(bytes: &[u8]) -> bool {
    let unquoted = bytes.trim_start_with(|c| c == '\'');
    let passed = |c: char| c.is_control() || c.is_whitespace() || c == '\u{feff}';
    let seen = unquoted.trim_start_with(passed);
    let starts = matches!(unquoted.first(), Some(0..=0x1f | 0x7f))
        || matches!(seen.first(), Some(b'=' | b'+' | b'-' | b'@'))
        || ["＝", "＋", "－", "＠"]
            .iter()
            .any(|wide| seen.starts_with(wide.as_bytes()));
    let numeric = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    let number = seen.iter().all(numeric)
        && std::str::from_utf8(seen).is_ok_and(|text| text.parse::<f64>().is_ok());
    let harmless = seen.len() == unquoted.len() && (number || seen == b"-");
    starts && !harmless
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::Column;

    #[test]
    fn every_kind_of_cell() {
        let columns = [
            Column::label("a,b"),
            Column::measure("count"),
            Column::detail("x"),
        ];
        let mut table = Table::new("t", columns);
        table.row([
            Cell::from("say \"hi\", now"),
            Cell::Count(7),
            Cell::Number(0.1),
        ]);
        table.row([Cell::from(""), Cell::Null, Cell::Number(1e300)]);
        table.row([
            Cell::from("line\nbreak"),
            Cell::Flag(true),
            Cell::Series(vec![1, 2]),
        ]);
        table.row([Cell::Text(b"\xff\t".to_vec()), Cell::Count(0), 4.0.into()]);
        let want = b"\"a,b\",count,x\n\"say \"\"hi\"\", now\",7,0.1\n\"\",,1e+300\n\
            \"line\nbreak\",true,1 2\n\xff\t,0,4\n";
        let got = write(&table, b',');
        assert_eq!(got, want, "{}", String::from_utf8_lossy(&got));
        let tabs = write(&table, b'\t');
        assert!(tabs.starts_with(b"a,b\tcount\tx\n"));
        assert!(tabs.ends_with(b"\xff\\t\t0\t4\n"));
    }

    #[test]
    fn nothing_is_a_formula() {
        for (cell, want) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+a", "'+a"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("＝1", "'＝1"),
            ("-5", "-5"),
            ("+1.5e3", "+1.5e3"),
            ("-", "-"),
            ("-inf", "'-inf"),
            ("1-2", "1-2"),
            ("a=b", "a=b"),
            ("\0=1", "'\0=1"),
            ("\0x", "'\0x"),
            ("\u{feff}=1", "'\u{feff}=1"),
            (" \u{a0}@x", "' \u{a0}@x"),
            (" -5", "' -5"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("", "\"\""),
        ] {
            assert_eq!(text(cell.as_bytes(), b','), want.as_bytes());
        }
        assert_eq!(text(b"\t=1", b','), b"'\t=1");
    }

    /// What spreadsheets, quotes and tabs make something of, in any order.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        const PIECES: [&[u8]; 20] = [
            b"=",
            b"+",
            b"-",
            b"@",
            b"'",
            b"\"",
            b",",
            b"\t",
            b"\n",
            b"\r",
            b"\\",
            b"\0",
            b" ",
            b"1",
            b"t",
            b"n",
            b"\xff",
            b"\x1b",
            "\u{feff}".as_bytes(),
            "＝".as_bytes(),
        ];
        proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..8)
            .prop_map(|pieces| pieces.concat())
    }

    /// Without the `'` that is there for spreadsheets.
    fn unguarded(text: &[u8]) -> &[u8] {
        match text.strip_prefix(b"'") {
            Some(rest) if is_formula(rest) => rest,
            _ => text,
        }
    }

    fn unquoted(field: &[u8]) -> Vec<u8> {
        match field
            .strip_prefix(b"\"")
            .and_then(|f| f.strip_suffix(b"\""))
        {
            Some(inside) => inside.replace("\"\"", "\""),
            None => field.to_vec(),
        }
    }

    fn unescaped(field: &[u8]) -> Vec<u8> {
        let (mut text, mut bytes) = (Vec::new(), field.iter());
        while let Some(&byte) = bytes.next() {
            text.push(match (byte, byte == b'\\') {
                (_, true) => match bytes.next() {
                    Some(b't') => b'\t',
                    Some(b'n') => b'\n',
                    Some(b'r') => b'\r',
                    other => *other.expect("an escape is whole"),
                },
                (byte, false) => byte,
            });
        }
        text
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(cells in [hostile(), hostile()]) {
            let mut table = Table::new("t", [Column::label("a"), Column::label("b")]);
            table.row(cells.clone().map(Cell::Text));
            let tabs = write(&table, b'\t');
            let lines: Vec<&[u8]> = tabs.split(|&b| b == b'\n').collect();
            prop_assert_eq!(lines.len(), 3);
            let fields: Vec<&[u8]> = lines[1].split(|&b| b == b'\t').collect();
            let read: Vec<_> = fields.iter().map(|f| unguarded(&unescaped(f)).to_vec()).collect();
            prop_assert_eq!(&read[..], &cells[..]);
            let [one, other] = cells.clone().map(|cell| text(&cell, b','));
            let commas = write(&table, b',');
            prop_assert_eq!(&commas[4..], &[&one[..], b",", &other, b"\n"].concat()[..]);
            for (cell, field) in cells.iter().zip([one, other]) {
                let read = unquoted(&field);
                prop_assert_eq!(unguarded(&read), &cell[..]);
                let bare = field.first() != Some(&b'"');
                prop_assert!(!bare || !field.iter().any(|b| b",\n\r\"".contains(b)));
            }
        }
    }
}
