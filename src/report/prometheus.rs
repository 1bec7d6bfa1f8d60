//! Numbers as metrics: the Prometheus text exposition format, version 0.0.4.

use std::{collections::HashSet, fmt::Write as _};

use super::{Cell, Role, Table, Unit, base64, csv::plain, shown::printable};

/// The measures of the tables as gauges, or `None` if there are none.
///
/// A table takes part if its rows can be told apart by their labels, or if it
/// has but one. Metrics are called `swathe_COMMAND_COLUMN`, or
/// `swathe_COMMAND_TABLE_COLUMN` where a table before has such a column.
pub(super) fn write(tables: &[Table], command: &str, complete: bool) -> Option<String> {
    let mut metrics = Metrics::default();
    for table in tables {
        metrics.table(table, command, false);
    }
    metrics.written(command, complete)
}

/// The measures of tables of several commands as gauges, whose labels tell them apart.
pub(super) fn write_all(tables: &[(&str, Table)], command: &str, complete: bool) -> Option<String> {
    let mut metrics = Metrics::default();
    for (kind, table) in tables {
        metrics.table(table, kind, true);
    }
    metrics.written(command, complete)
}

/// Metrics in the order in which they were first seen, each with its rows.
#[derive(Default)]
struct Metrics {
    all: Vec<Metric>,
    /// A series that occurs twice makes the whole document invalid.
    series: HashSet<String>,
}

struct Metric {
    name: String,
    about: String,
    /// The table it came from first.
    table: &'static str,
    rows: String,
}

impl Metrics {
    /// Adds a table. If it `joins`, its rows go to the metrics of tables of the
    /// same name before it.
    fn table(&mut self, table: &Table, command: &str, joins: bool) {
        let labels = labels(table);
        if labels.len() <= usize::from(joins) && table.rows.len() > 1 {
            return;
        }
        for (at, column) in table.columns.iter().enumerate() {
            if column.role == Role::Measure {
                let short = with_unit(&name(&column.name), column.unit);
                let plain = format!("swathe_{}_{short}", name(command));
                let about = format!("{} of swathe {command}", column.name.replace('_', " "));
                let taken = |m: &Metric| m.name == plain && !(joins && m.table == table.name);
                let metric = if self.all.iter().any(taken) {
                    format!("swathe_{}_{}_{short}", name(command), name(table.name))
                } else {
                    plain
                };
                self.rows((metric, about), table, (at, &labels));
            }
        }
    }

    fn rows(
        &mut self,
        (name, about): (String, String),
        table: &Table,
        (measure, labels): (usize, &[(usize, String)]),
    ) {
        let known = self.all.iter().position(|metric| metric.name == name);
        let at = known.unwrap_or_else(|| {
            self.all.push(Metric {
                name,
                about,
                table: table.name,
                rows: String::new(),
            });
            self.all.len() - 1
        });
        let metric = &mut self.all[at];
        for row in &table.rows {
            let value = plain(&row[measure]);
            if value.is_empty() {
                continue;
            }
            let pairs: Vec<String> = labels
                .iter()
                .filter_map(|(at, name)| pair(name, &row[*at]))
                .collect();
            let series = if pairs.is_empty() {
                metric.name.clone()
            } else {
                format!("{}{{{}}}", metric.name, pairs.join(","))
            };
            if self.series.insert(series.clone()) {
                let _ = writeln!(metric.rows, "{series} {value}");
            }
        }
    }

    fn written(&self, command: &str, complete: bool) -> Option<String> {
        if self.all.is_empty() {
            return None;
        }
        let mut out = String::new();
        for Metric {
            name, about, rows, ..
        } in &self.all
        {
            let _ = write!(out, "# HELP {name} {about}.\n# TYPE {name} gauge\n{rows}");
        }
        let metric = format!("swathe_{}_complete", name(command));
        let _ = write!(
            out,
            "# HELP {metric} 1 if everything that was asked for was seen.\n\
             # TYPE {metric} gauge\n{metric} {}\n",
            u8::from(complete)
        );
        Some(out)
    }
}

/// The columns that are labels, with names that are none of each other's.
fn labels(table: &Table) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        if column.role != Role::Label {
            continue;
        }
        let mut label = name(&column.name);
        let base64 = |name: &str| format!("{name}_base64");
        while found
            .iter()
            .any(|(_, other)| *other == label || base64(other) == label || *other == base64(&label))
        {
            label.push('_');
        }
        found.push((at, label));
    }
    found
}

/// A name of letters, digits and `_` that does not begin with a digit.
fn name(text: &str) -> String {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name: String = text
        .chars()
        .map(|c| if valid(c) { c } else { '_' })
        .collect();
    // Two underscores at the start are reserved.
    let name = name.trim_start_matches('_');
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        format!("key_{name}")
    } else {
        name.to_string()
    }
}

fn with_unit(name: &str, unit: Unit) -> String {
    let unit = match unit {
        Unit::Plain => return name.to_string(),
        Unit::Percent => "percent",
        Unit::Seconds => "seconds",
        Unit::Bytes => "bytes",
        Unit::Times => "ratio",
    };
    if name == unit || name.ends_with(&format!("_{unit}")) {
        name.to_string()
    } else {
        format!("{name}_{unit}")
    }
}

/// The label of a cell. A text that is not UTF-8 cannot be one, and what it is shown as may
/// be another text: it has a second label, of its bytes, so that no series is lost.
fn pair(name: &str, cell: &Cell) -> Option<String> {
    let text = match cell {
        Cell::Null => return None,
        Cell::Text(bytes) => {
            let Ok(text) = std::str::from_utf8(bytes) else {
                let shown = quoted(&printable(bytes));
                let bytes = base64::encode(bytes);
                return Some(format!("{name}={shown},{name}_base64=\"{bytes}\""));
            };
            text.to_string()
        }
        other => plain(other),
    };
    Some(format!("{name}={}", quoted(&text)))
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\");
    format!("\"{}\"", text.replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Column;

    #[test]
    fn gauges_with_labels() {
        let columns = [
            Column::label("$1"),
            Column::label("json:a.b"),
            Column::measure("sum").unit(Unit::Seconds),
            Column::detail("percent"),
        ];
        let mut groups = Table::new("groups", columns);
        groups.row([
            Cell::from("a\"b\\c\n"),
            Cell::Null,
            Cell::Number(1.5),
            Cell::Count(1),
        ]);
        groups.row([
            Cell::Text(b"\xff".to_vec()),
            Cell::from("x"),
            Cell::Null,
            Cell::Null,
        ]);
        let sum = Column::measure("sum").unit(Unit::Seconds);
        let mut total = Table::new("total", [Column::measure("lines"), sum]);
        total.row([Cell::Count(3), Cell::Count(2)]);
        assert_eq!(
            write(&[groups, total], "values", true).unwrap(),
            "# HELP swathe_values_sum_seconds sum of swathe values.\n\
             # TYPE swathe_values_sum_seconds gauge\n\
             swathe_values_sum_seconds{key_1=\"a\\\"b\\\\c\\n\"} 1.5\n\
             # HELP swathe_values_lines lines of swathe values.\n\
             # TYPE swathe_values_lines gauge\n\
             swathe_values_lines 3\n\
             # HELP swathe_values_total_sum_seconds sum of swathe values.\n\
             # TYPE swathe_values_total_sum_seconds gauge\n\
             swathe_values_total_sum_seconds 2\n\
             # HELP swathe_values_complete 1 if everything that was asked for was seen.\n\
             # TYPE swathe_values_complete gauge\n\
             swathe_values_complete 1\n"
        );
    }

    #[test]
    fn rows_without_labels_are_no_metrics() {
        let mut table = Table::new("t", [Column::measure("n")]);
        table.row([Cell::Count(1)]);
        table.row([Cell::Count(2)]);
        assert_eq!(write(&[table], "x", true), None);
        let names = Table::new("t", [Column::label("a b"), Column::label("a-b")]);
        assert_eq!(labels(&names), [(0, "a_b".into()), (1, "a_b_".into())]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_series_of_their_own() {
        let mut table = Table::new("t", [Column::label("a"), Column::measure("n")]);
        for text in [&b"\xff"[..], b"\\xff", b"\xfe"] {
            table.row([Cell::Text(text.to_vec()), Cell::Count(1)]);
        }
        let said = write(&[table], "x", true).unwrap();
        let series = said.lines().filter(|line| line.starts_with("swathe_x_n"));
        assert_eq!(
            series.collect::<Vec<_>>(),
            [
                r#"swathe_x_n{a="\\xff",a_base64="/w=="} 1"#,
                r#"swathe_x_n{a="\\xff"} 1"#,
                r#"swathe_x_n{a="\\xfe",a_base64="/g=="} 1"#,
            ]
        );
        let names = Table::new("t", [Column::label("a"), Column::label("a-base64")]);
        assert_eq!(labels(&names), [(0, "a".into()), (1, "a_base64_".into())]);
    }

    proptest::proptest! {
        #[test]
        fn a_label_is_read_back(text in r#"[\\\\"nx\n\r\t ,{}=\x00\x1bé]{0,12}"#) {
            let value = quoted(&text);
            let value = &value[1..value.len() - 1];
            let (mut read, mut chars) = (String::new(), value.chars());
            while let Some(char) = chars.next() {
                // It would end the line or the value.
                assert!(!matches!(char, '\n' | '"'), "{value:?}");
                read.push(match char {
                    '\\' => match chars.next() {
                        Some('n') => '\n',
                        other => other.expect("an escape is whole"),
                    },
                    char => char,
                });
            }
            assert_eq!(read, text);
        }
    }
}
