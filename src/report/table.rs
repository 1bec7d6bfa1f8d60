//! Answers as tables: what every format but JSON is made of.
//!
//! A body says once, in [`Tabular::tables`], what its numbers are: a
//! [`Table`] of [`Column`]s and rows of [`Cell`]s. The writers beside this
//! file turn that into text for a terminal, CSV, Markdown, lines of JSON or
//! metrics; none of them knows a statistic.

use super::{Card, Chart, Layout, Part, Report, Warning};

/// A body that can be shown as tables.
pub trait Tabular {
    /// Whether there are numbers in it that could be watched over time; if not,
    /// it is not to be had as metrics.
    const METRICS: bool = true;

    /// Whether it is several answers, each with tables of its own; if so, the
    /// formats that hold one table can be had as a folder of files.
    const SEVERAL: bool = false;

    /// Its tables. The first is the answer itself: the formats that hold one
    /// table (CSV, TSV, lines of JSON) have its rows and no others.
    fn tables(&self) -> Vec<Table>;

    /// The tables for people, where programs need more rows than people can
    /// read. Default: no difference.
    fn tables_for_people(&self) -> Vec<Table> {
        self.tables()
    }

    /// The tables for people who read them as one part of a report, each table as
    /// wide as a page. Default: no difference.
    fn tables_of_a_part(&self) -> Vec<Table> {
        self.tables_for_people()
    }

    /// The answer for people, where it is more than tables. Default: it is not.
    fn text(report: &Report<Self>, layout: &Layout) -> Option<String>
    where
        Self: Sized,
    {
        let _ = (report, layout);
        None
    }

    /// What is odd about the input or the numbers. Default: nothing.
    fn warnings(&self) -> Vec<Warning> {
        Vec::new()
    }

    /// What there is to see. Default: nothing but the tables.
    fn charts(&self) -> Vec<Chart> {
        Vec::new()
    }

    /// The numbers that should be seen first. Default: none.
    fn cards(&self) -> Vec<Card> {
        Vec::new()
    }

    /// What it is called, if it has a name of its own.
    fn title(&self) -> Option<&str> {
        None
    }

    /// The answers it is made of, if it is several.
    fn parts(&self) -> Vec<Part> {
        Vec::new()
    }
}

/// Rows of cells below named columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What its rows are, in snake case: `groups`, `buckets`.
    pub name: &'static str,
    /// Its columns. Names are those of the JSON fields.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// What must be known to read the numbers, a sentence each: that they are
    /// approximate, what is left out. Formats for people show them.
    pub notes: Vec<String>,
    /// What people read instead of the names of columns where there is no row.
    /// Default: nothing.
    pub empty: &'static str,
}

/// What the cells of a column are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// What its numbers are measured in.
    pub unit: Unit,
    /// Draw a bar beside the numbers in text.
    pub bar: bool,
    /// Leave it out of text, which must fit a terminal.
    pub data_only: bool,
    /// Leave it out of text that would not fit else, the last such column first.
    pub spare: bool,
    /// Its name is what the user typed: text shows it like that.
    pub typed: bool,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// It names the row: a label of a metric.
    Label,
    /// A number that is worth watching: a metric.
    Measure,
    /// Everything else.
    Detail,
}

/// What numbers are measured in. Text shows a unit that fits (`1.5 ms`,
/// `3.2 KiB`); the formats for programs have the plain number.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Unit {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Hundredths.
    Percent,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// How many times as much.
    Times,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// None.
    Null,
    /// Text from the input or about it; need not be UTF-8.
    Text(Vec<u8>),
    /// A whole number.
    Count(u64),
    /// Any other number. What is not finite is shown as none.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Counts side by side, as a sparkline in text.
    Series(Vec<u64>),
}

impl Table {
    /// A table without rows.
    pub fn new(name: &'static str, columns: impl Into<Vec<Column>>) -> Table {
        Table {
            name,
            columns: columns.into(),
            rows: Vec::new(),
            notes: Vec::new(),
            empty: "",
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When it has not one cell for every column.
    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        let cells = cells.into();
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "a cell for every column of {}",
            self.name
        );
        self.rows.push(cells);
    }

    /// Adds a sentence about the numbers.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

impl Column {
    /// A column that names its rows.
    pub fn label(name: impl Into<String>) -> Column {
        Column::new(name, Role::Label)
    }

    /// A column of numbers worth watching.
    pub fn measure(name: impl Into<String>) -> Column {
        Column::new(name, Role::Measure)
    }

    /// Any other column.
    pub fn detail(name: impl Into<String>) -> Column {
        Column::new(name, Role::Detail)
    }

    fn new(name: impl Into<String>, role: Role) -> Column {
        Column {
            name: name.into(),
            role,
            unit: Unit::Plain,
            bar: false,
            data_only: false,
            spare: false,
            typed: false,
        }
    }

    /// A column that is named as the user typed it: another case might mean something
    /// else.
    #[must_use]
    pub fn typed(self) -> Column {
        Column {
            typed: true,
            ..self
        }
    }

    /// A column that names its rows by a key.
    pub fn key(name: &String) -> Column {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let column = Column::label(name);
        if plain { column } else { column.typed() }
    }

    /// A column that is measured in this.
    #[must_use]
    pub fn unit(self, unit: Unit) -> Column {
        Column { unit, ..self }
    }

    /// A column that has bars in text.
    #[must_use]
    pub fn bar(self) -> Column {
        Column { bar: true, ..self }
    }

    /// A column that is left out of text where there is no room.
    #[must_use]
    pub fn spare(self) -> Column {
        Column {
            spare: true,
            ..self
        }
    }

    /// A column that is left out of text.
    #[must_use]
    pub fn data_only(self) -> Column {
        Column {
            data_only: true,
            ..self
        }
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(count)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        if number.is_finite() {
            Cell::Number(number)
        } else {
            Cell::Null
        }
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Cell {
        Cell::Flag(flag)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.as_bytes().to_vec())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text.into_bytes())
    }
}

impl From<&[u8]> for Cell {
    fn from(bytes: &[u8]) -> Cell {
        Cell::Text(bytes.to_vec())
    }
}

impl From<&super::Name> for Cell {
    fn from(name: &super::Name) -> Cell {
        Cell::from(name.as_path().as_os_str().as_encoded_bytes())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}
