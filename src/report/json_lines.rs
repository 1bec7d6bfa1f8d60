//! A line of JSON for every row.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Cell, Column, Table, name::serialize_bytes};

/// Each row as an object whose names are those of the columns.
pub(super) fn write(table: &Table) -> String {
    let mut out = String::new();
    for cells in &table.rows {
        let row = Row {
            columns: &table.columns,
            cells,
        };
        out.push_str(&serde_json::to_string(&row).expect("cells are plain data"));
        out.push('\n');
    }
    out
}

struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            map.serialize_entry(&column.name, cell)?;
        }
        map.end()
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Null => serializer.serialize_none(),
            Cell::Text(bytes) => serialize_bytes(bytes, serializer),
            Cell::Count(count) => serializer.serialize_u64(*count),
            Cell::Number(number) => serializer.serialize_f64(*number),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
            Cell::Series(counts) => counts.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_cell() {
        let columns = ["a", "b", "c", "d", "e"].map(Column::detail);
        let mut table = Table::new("t", columns);
        table.row([
            Cell::from("x\n"),
            Cell::Null,
            Cell::Count(u64::MAX),
            Cell::Number(0.1),
            Cell::Flag(false),
        ]);
        table.row([
            Cell::Text(b"\xff".to_vec()),
            Cell::Series(vec![1, 2]),
            Cell::Null,
            Cell::Null,
            Cell::Null,
        ]);
        assert_eq!(
            write(&table),
            "{\"a\":\"x\\n\",\"b\":null,\"c\":18446744073709551615,\"d\":0.1,\"e\":false}\n\
             {\"a\":{\"bytes\":\"/w==\"},\"b\":[1,2],\"c\":null,\"d\":null,\"e\":null}\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn what_was_written_is_read_back(bytes in proptest::collection::vec(0_u8.., 0..12)) {
            let mut table = Table::new("t", [Column::label("a")]);
            table.row([Cell::Text(bytes.clone())]);
            let line = write(&table);
            assert_eq!(line.matches('\n').count(), 1);
            let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            let text = read["a"].as_str().map(|text| text.as_bytes().to_vec());
            let packed = read["a"]["bytes"].as_str().and_then(crate::report::from_base64);
            assert_eq!(text.or(packed), Some(bytes));
        }
    }
}
