//! The numbers of files to look at.

use super::{Card, Chart, ChartKind, HistogramChart};
use crate::report::{Cell, StatsBody, Unit, grouped, printable};

impl StatsBody {
    pub(in crate::report) fn to_see(&self) -> Vec<Chart> {
        let length = &self.total.line_length;
        if self.by.is_some() || length.histogram.is_empty() {
            return Vec::new();
        }
        let bars = length.histogram.iter();
        let marks = [
            ("p50", length.p50),
            ("p90", length.p90),
            ("p99", length.p99),
            ("max", length.max),
        ];
        let marks = marks.into_iter();
        vec![Chart {
            title: "Lines by their length in bytes".into(),
            table: Some("line_length"),
            kind: ChartKind::Histogram(HistogramChart {
                unit: Unit::Plain,
                what: "lines",
                bars: bars
                    .map(|&(from, to, lines)| (from as f64, to as f64, lines))
                    .collect(),
                marks: marks
                    .filter_map(|(name, length)| Some((name, length? as f64)))
                    .collect(),
            }),
        }]
    }

    pub(in crate::report) fn to_see_first(&self) -> Vec<Card> {
        if self.by.is_some() {
            return Vec::new();
        }
        let total = &self.total;
        let count = self.files.len() as u64;
        let one = self.files.last().and_then(|file| file.path.as_ref());
        let which = one.filter(|_| count == 1).map_or_else(
            || format!("{} files", grouped(count)),
            |name| printable(name.as_path().as_os_str().as_encoded_bytes()),
        );
        let mean = total
            .line_length
            .mean
            .map_or(String::new(), |mean| format!("{mean:.0} bytes on average"));
        let mut cards = vec![
            Card::new("Lines", total.lines, which),
            Card {
                unit: Unit::Bytes,
                ..Card::new(
                    "Size",
                    total.bytes,
                    format!("{} bytes", grouped(total.bytes)),
                )
            },
        ];
        if let Some(longest) = total.line_length.max {
            cards.push(Card {
                unit: Unit::Bytes,
                ..Card::new("Longest line", Cell::Count(longest), mean)
            });
        }
        cards
    }
}
