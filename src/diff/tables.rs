//! What has changed, as tables.

use super::{Changes, DiffBody, DiffSection, Flag, Per, SideRow};
use crate::report::{
    Card, Cell, Column, Part, Table, Tabular, Tone, Unit, Warning, grouped, printable,
};

impl Tabular for DiffBody {
    const METRICS: bool = false;
    const SEVERAL: bool = true;

    fn tables(&self) -> Vec<Table> {
        let parts = self.parts();
        parts.into_iter().flat_map(|part| part.tables).collect()
    }

    fn title(&self) -> Option<&str> {
        Some(&self.title)
    }

    fn parts(&self) -> Vec<Part> {
        let sides = self.sides();
        let first = Part {
            kind: "diff",
            title: "Before and after".into(),
            only: Vec::new(),
            tables: vec![sides.clone()],
            for_people: vec![sides],
            charts: Vec::new(),
            cards: self.to_see_first(),
        };
        let part = |section: &DiffSection| Part {
            kind: section.kind,
            title: section.title.clone(),
            only: section.only.clone(),
            tables: section.tables(self.has_seconds(), self.per, false),
            for_people: section.tables(self.has_seconds(), self.per, true),
            charts: Vec::new(),
            cards: Vec::new(),
        };
        std::iter::once(first)
            .chain(self.sections.iter().map(part))
            .collect()
    }

    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }
}

impl DiffBody {
    fn sides(&self) -> Table {
        let mut table = Table::new(
            "sides",
            [
                Column::label("side"),
                Column::detail("records"),
                Column::detail("seconds").unit(Unit::Seconds),
                Column::detail("per_second"),
                Column::detail("first").spare(),
                Column::detail("last").spare(),
                Column::detail("sources"),
            ],
        );
        for (name, side) in [("before", &self.before), ("after", &self.after)] {
            table.row([
                Cell::from(name),
                Cell::from(side.records),
                Cell::from(side.seconds),
                Cell::from(side.per_second),
                Cell::from(side.first.as_deref()),
                Cell::from(side.last.as_deref()),
                Cell::from(sources(side)),
            ]);
        }
        table.notes = self.notes();
        table
    }

    fn notes(&self) -> Vec<String> {
        let per = match self.per {
            Per::Line => "line",
            Per::Second => "second",
        };
        let (ratio, floor) = (self.ratio, grouped(self.floor));
        let mut notes = vec![
            self.changes.in_words(),
            format!(
                "judged per {per}: shifted from a ratio of {ratio} on, and by {floor} at least"
            ),
        ];
        if !self.has_seconds() {
            notes.push(
                "nothing is per second: the time of a side is not known (a timeline section \
                 finds it)"
                    .into(),
            );
        }
        for (name, side) in [("before", &self.before), ("after", &self.after)] {
            let said = side.selected.notes();
            if !said.is_empty() {
                notes.push(format!("{name}: {}", said.join("; ")));
            }
        }
        notes
    }

    fn to_see_first(&self) -> Vec<Card> {
        let Changes {
            new, gone, shifted, ..
        } = self.changes;
        let card = |label, value: Cell, unit, note: &str, tone| Card {
            label,
            value,
            unit,
            note: note.into(),
            tone,
        };
        let doubtful = |count: u64| match count {
            0 => Tone::Normal,
            _ => Tone::Doubtful,
        };
        let plain = Unit::Plain;
        let mut cards = vec![
            card("New", new.into(), plain, "not there before", doubtful(new)),
            card(
                "Gone",
                gone.into(),
                plain,
                "not there any more",
                doubtful(gone),
            ),
            card(
                "Shifted",
                shifted.into(),
                plain,
                "much more, or much less",
                doubtful(shifted),
            ),
        ];
        let rates = self.before.per_second.zip(self.after.per_second);
        if let Some((before, after)) = rates.filter(|(before, _)| *before > 0.0) {
            let ratio = Cell::from(after / before);
            cards.push(card(
                "Records per second",
                ratio,
                Unit::Times,
                "after by before",
                Tone::Normal,
            ));
        }
        cards
    }
}

/// The first of its files, and how many there are more.
fn sources(side: &SideRow) -> String {
    let named =
        |name: &crate::report::Name| printable(name.as_path().as_os_str().as_encoded_bytes());
    match side.sources.as_slice() {
        [] => "-".into(),
        [one] => named(one),
        [first, others @ ..] => {
            format!("{} and {} more", named(first), grouped(others.len() as u64))
        }
    }
}

impl Changes {
    fn in_words(self) -> String {
        let mut words = Vec::new();
        for (count, what) in [
            (self.new, "new"),
            (self.gone, "gone"),
            (self.shifted, "shifted"),
            (
                self.few,
                if self.few == 1 {
                    "differs but is too small to say"
                } else {
                    "differ but are too few to say"
                },
            ),
            (self.unchanged, "unchanged"),
        ] {
            if count > 0 {
                words.push(format!("{} {what}", grouped(count)));
            }
        }
        if words.is_empty() {
            return "nothing to compare".into();
        }
        words.join(", ")
    }
}

impl DiffSection {
    fn tables(&self, seconds: bool, per: Per, people: bool) -> Vec<Table> {
        let counts = self.counts(seconds, people);
        let mut tables = Vec::new();
        if !self.percentiles.is_empty() {
            tables.push(self.sizes(people));
        }
        if !counts.rows.is_empty() || tables.is_empty() {
            tables.insert(0, counts);
        }
        if !self.measures.is_empty() {
            tables.push(self.measured_groups(per, people));
        }
        if let Some(last) = tables.last_mut() {
            last.notes.push(self.changes.in_words());
            if self.not_shown > 0 {
                last.notes.push(format!(
                    "not shown: {} (-k 0 --all shows all)",
                    grouped(self.not_shown)
                ));
            }
        }
        tables
    }

    fn key_columns(&self) -> impl Iterator<Item = Column> {
        self.keys.iter().map(Column::key)
    }

    fn counts(&self, seconds: bool, people: bool) -> Table {
        let mut columns = vec![
            Column::detail("flag"),
            Column::detail("before"),
            Column::detail("after"),
            Column::detail("per_line").unit(Unit::Times),
        ];
        if seconds {
            columns.push(Column::detail("per_second").unit(Unit::Times));
        }
        columns.push(Column::detail("score").data_only());
        columns.extend(self.key_columns());
        let examples = self.kind == "templates";
        if examples {
            columns
                .extend(["path", "line", "offset", "text"].map(|n| Column::detail(n).data_only()));
        }
        let name = if self.rows_are.is_empty() {
            "rows"
        } else {
            self.rows_are
        };
        let mut table = Table::new(name, columns);
        table.empty = "nothing has changed by as much";
        for row in &self.rows {
            let mut cells = vec![
                flag(row.flag, people),
                Cell::from(row.before),
                Cell::from(row.after),
                Cell::from(row.per_line),
            ];
            if seconds {
                cells.push(Cell::from(row.per_second));
            }
            cells.push(Cell::from(row.score));
            cells.extend(row.key.cells().take(self.keys.len()));
            if examples {
                let example = row.example.as_ref();
                cells.extend([
                    Cell::from(example.map(|example| &example.path)),
                    Cell::from(example.map(|example| example.line)),
                    Cell::from(example.map(|example| example.offset)),
                    Cell::from(example.map(|example| example.text.as_slice())),
                ]);
            }
            table.row(cells);
        }
        table
    }

    fn sizes(&self, people: bool) -> Table {
        let unit = self.measured();
        let mut columns = vec![
            Column::detail("flag"),
            Column::detail("before").unit(unit),
            Column::detail("after").unit(unit),
            Column::detail("ratio").unit(Unit::Times),
            Column::detail("score").data_only(),
            Column::label("percentile"),
        ];
        let grouped = self.rows_are == "groups";
        if grouped {
            columns.extend(self.key_columns());
        }
        let mut table = Table::new("percentiles", columns);
        for row in &self.percentiles {
            let mut cells = vec![
                flag(row.flag, people),
                Cell::from(row.before),
                Cell::from(row.after),
                Cell::from(row.ratio),
                Cell::from(row.score),
                Cell::from(row.percentile),
            ];
            if grouped {
                cells.extend(row.key.cells().take(self.keys.len()));
            }
            table.row(cells);
        }
        table
    }
}

impl DiffSection {
    fn measured_groups(&self, per: Per, people: bool) -> Table {
        let per = match per {
            Per::Line => "per_line",
            Per::Second => "per_second",
        };
        let mut columns = vec![
            Column::detail("flag"),
            Column::detail("before"),
            Column::detail("after"),
            Column::detail("ratio").unit(Unit::Times),
            Column::detail(per).unit(Unit::Times),
            Column::detail("score").data_only(),
            Column::label("measure"),
        ];
        columns.extend(self.key_columns());
        let mut table = Table::new("measures", columns);
        for row in &self.measures {
            let mut cells = vec![
                flag(row.flag, people),
                Cell::from(row.before),
                Cell::from(row.after),
                Cell::from(row.ratio),
                Cell::from(row.per_volume),
                Cell::from(row.score),
                Cell::from(row.measure.name()),
            ];
            cells.extend(row.key.cells().take(self.keys.len()));
            table.row(cells);
        }
        table
    }
}

/// What people look for stands out where there is nothing beside it.
fn flag(flag: Flag, people: bool) -> Cell {
    match flag {
        Flag::Unchanged if people => Cell::Null,
        flag => Cell::from(flag.name()),
    }
}
