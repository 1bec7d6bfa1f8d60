//! Comma and tab separated values, as RFC 4180 has them.

use super::{Cell, Table};

/// A table with its names in the first line.
///
/// A cell without a value is empty, a text without a character is `""`.
/// Numbers are plain, a series has spaces between its counts. Text is made safe
/// for spreadsheets: where it would be taken for a formula, a `'` stands before
/// it. Bytes that are not UTF-8 are written as they are.
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

/// Whether a spreadsheet would run this text. Numbers and a lone dash, which
/// stands for nothing in logs, it would not.
fn is_formula(bytes: &[u8]) -> bool {
    let starts = matches!(
        bytes.first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n')
    ) || ["＝", "＋", "－", "＠"]
        .iter()
        .any(|wide| bytes.starts_with(wide.as_bytes()));
    let numeric = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    let number = bytes.iter().all(numeric)
        && std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<f64>().is_ok());
    starts && !number && bytes != b"-"
}

#[cfg(test)]
mod tests {
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
        assert!(tabs.ends_with(b"\"\xff\t\"\t0\t4\n"));
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
        ] {
            assert_eq!(text(cell.as_bytes(), b','), want.as_bytes());
        }
        assert_eq!(text(b"\t=1", b','), b"'\t=1");
    }
}
