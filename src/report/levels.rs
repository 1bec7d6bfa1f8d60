//! How severe lines say they are.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Card, Cell, Chart, Column, Table, Tabular, Unit, grouped};
use crate::{header::Level, statistic::TopAnswer};

/// Records by level.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct LevelsBody {
    /// The levels that occur, the most severe first.
    pub levels: Vec<LevelRow>,
    /// All records.
    pub records: u64,
    /// Records that name a level.
    pub with_level: u64,
}

/// The records of one level.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct LevelRow {
    /// Its name; `null` for the records that have none.
    pub level: Option<&'static str>,
    /// How many there are.
    pub count: u64,
    /// Their share of all records, in hundredths.
    pub percent: f64,
}

impl LevelsBody {
    /// The rows of an answer by level.
    pub fn new(answer: &TopAnswer) -> LevelsBody {
        let records = answer.counted;
        let count = |level: Option<Level>| {
            let is_it = |key: &[Option<Vec<u8>>]| {
                let name = key.first().and_then(Option::as_deref);
                name == level.map(|level| level.name().as_bytes())
            };
            let groups = answer.groups.iter().filter(|group| is_it(&group.key));
            groups.map(|group| group.count).sum::<u64>()
        };
        let levels = Level::ALL.into_iter().rev().map(Some).chain([None]);
        let rows = levels.filter_map(|level| {
            let count = count(level);
            (count > 0).then(|| LevelRow {
                level: level.map(Level::name),
                count,
                percent: 100.0 * count as f64 / records as f64,
            })
        });
        LevelsBody {
            levels: rows.collect(),
            records,
            with_level: records - count(None),
        }
    }

    /// How many records have this level.
    pub fn count(&self, level: Level) -> u64 {
        let mut rows = self.levels.iter();
        let row = rows.find(|row| row.level == Some(level.name()));
        row.map_or(0, |row| row.count)
    }
}

impl Tabular for LevelsBody {
    fn tables(&self) -> Vec<Table> {
        let columns = [
            Column::label("level"),
            Column::measure("count").bar(),
            Column::detail("percent").unit(Unit::Percent),
        ];
        let mut table = Table::new("levels", columns);
        for row in &self.levels {
            table.row([
                Cell::from(row.level),
                Cell::from(row.count),
                Cell::from(row.percent),
            ]);
        }
        table.note(format!(
            "{} of {} records name a level",
            grouped(self.with_level),
            grouped(self.records)
        ));
        vec![table]
    }

    fn charts(&self) -> Vec<Chart> {
        self.to_see()
    }

    fn cards(&self) -> Vec<Card> {
        self.to_see_first()
    }
}
