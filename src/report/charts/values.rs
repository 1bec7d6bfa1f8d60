//! Numbers to look at.

use super::{Chart, ChartKind, HistogramChart};
use crate::report::{ValuesBody, ValuesRow};

impl ValuesBody {
    /// Of one group its histogram and percentiles; of several there is a table.
    pub(in crate::report) fn to_see(&self) -> Vec<Chart> {
        let [only] = self.groups.as_slice() else {
            return Vec::new();
        };
        if only.count == 0 {
            return Vec::new();
        }
        let of = self.of.as_str();
        vec![
            Chart {
                title: format!("Numbers of {of} by their size"),
                table: Some("histogram"),
                kind: ChartKind::Histogram(HistogramChart {
                    unit: self.measured(),
                    what: "numbers",
                    bars: only.histogram.clone(),
                    marks: named(only)
                        .into_iter()
                        .filter(|(name, _)| ["p50", "p90", "p99"].contains(name))
                        .collect(),
                }),
            },
            Chart {
                title: "Percentiles: so many of the numbers are not greater".into(),
                table: None,
                kind: ChartKind::Sizes(
                    self.measured(),
                    named(only)
                        .into_iter()
                        .map(|(name, number)| (name.to_string(), number))
                        .collect(),
                ),
            },
        ]
    }
}

fn named(row: &ValuesRow) -> Vec<(&'static str, f64)> {
    let all = [
        ("min", row.min),
        ("p50", row.p50),
        ("mean", row.mean),
        ("p90", row.p90),
        ("p95", row.p95),
        ("p99", row.p99),
        ("p99.9", row.p999),
        ("max", row.max),
    ];
    let known = all.into_iter();
    known
        .filter_map(|(name, number)| Some((name, number?)))
        .collect()
}
