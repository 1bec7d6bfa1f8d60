//! Levels to look at.

use super::{Card, Chart, ChartKind, Share, Tone};
use crate::{
    header::Level,
    report::{LevelsBody, Unit},
};

impl LevelsBody {
    pub(in crate::report) fn to_see(&self) -> Vec<Chart> {
        let share = |row: &crate::report::LevelRow| Share {
            name: row.level.unwrap_or("no level").into(),
            tone: Tone::of_level(row.level),
            count: row.count,
        };
        let shares: Vec<Share> = self.levels.iter().map(share).collect();
        if shares.is_empty() {
            return Vec::new();
        }
        vec![Chart {
            title: "Share of each level".into(),
            table: None,
            kind: ChartKind::Shares(shares),
        }]
    }

    pub(in crate::report) fn to_see_first(&self) -> Vec<Card> {
        if self.with_level == 0 {
            return Vec::new();
        }
        let card = |label, count: u64, tone: Tone| Card {
            tone: if count > 0 { tone } else { Tone::Normal },
            unit: Unit::Plain,
            ..Card::new(label, count, share_of(count, self.records))
        };
        let errors = self.count(Level::Error) + self.count(Level::Fatal);
        vec![
            card("Errors", errors, Tone::Bad),
            card("Warnings", self.count(Level::Warn), Tone::Doubtful),
        ]
    }
}

pub(super) fn share_of(count: u64, all: u64) -> String {
    let percent = 100.0 * count as f64 / all.max(1) as f64;
    format!("{percent:.1}% of all")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_level_has_a_colour_of_its_own() {
        let names = Level::ALL.map(|level| Some(level.name()));
        let tones = names.into_iter().chain([None]).map(Tone::of_level);
        let tones: BTreeSet<String> = tones.map(|tone| format!("{tone:?}")).collect();
        assert_eq!(tones.len(), Level::ALL.len() + 1);
    }
}
