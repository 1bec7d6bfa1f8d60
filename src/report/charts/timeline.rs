//! A timeline to look at.

use super::{Card, Chart, ChartKind, Series, TimelineChart, Tone, levels::share_of};
use crate::report::{KeyRow, TimelineBody, Unit, printable, timeline::Failures};

/// A chart shows so many buckets at most; of more, several are drawn as one.
const MOST: usize = 2000;

impl TimelineBody {
    pub(in crate::report) fn to_see(&self) -> Vec<Chart> {
        if self.buckets.is_empty() {
            return Vec::new();
        }
        // A page draws each of them twice.
        let each = self.buckets.len().div_ceil(MOST);
        let drawn = |counts: &mut dyn Iterator<Item = u64>| -> Vec<u64> {
            let counts: Vec<u64> = counts.collect();
            counts.chunks(each).map(|bin| bin.iter().sum()).collect()
        };
        let total = drawn(&mut self.buckets.iter().map(|bucket| bucket.lines));
        let most = total.iter().max();
        let peak = total.iter().position(|lines| Some(lines) == most);
        let starts = self.buckets.iter().step_by(each);
        let seconds = self.bucket_seconds.saturating_mul(each as u64);
        let mut chart = TimelineChart {
            starts: starts.map(|b| b.start.clone()).collect(),
            seconds,
            total,
            parts: Vec::new(),
            lines: Vec::new(),
            peak,
        };
        if let Some(by) = &self.by {
            let levels = by.keys == ["level"];
            let statuses = by.keys == ["status"];
            for (at, group) in by.groups.iter().enumerate() {
                let name = key(&group.key);
                chart.parts.push(Series {
                    tone: if levels {
                        Tone::of_level(Some(&name))
                    } else if statuses {
                        Tone::of_status(&name)
                    } else {
                        Tone::Of(at)
                    },
                    name: if levels && name == "-" {
                        "no level".into()
                    } else {
                        name
                    },
                    counts: drawn(&mut group.buckets.iter().copied()),
                });
            }
            if levels {
                chart.parts.sort_by_key(|part| severity(&part.name));
            } else if statuses {
                chart.parts.sort_by(|a, b| b.name.cmp(&a.name));
            }
        }
        for (at, pattern) in self.patterns.iter().enumerate() {
            let name = pattern.name.as_ref().unwrap_or(&pattern.pattern);
            chart.lines.push(Series {
                name: printable(name.as_bytes()),
                tone: Tone::Of(at),
                counts: drawn(&mut self.buckets.iter().map(|b| b.patterns[at])),
            });
        }
        vec![Chart {
            title: format!("Lines in every {}", span(seconds)),
            table: Some("buckets"),
            kind: ChartKind::Timeline(chart),
        }]
    }

    pub(in crate::report) fn to_see_first(&self) -> Vec<Card> {
        let (Some(first), Some(last)) = (&self.first, &self.last) else {
            return Vec::new();
        };
        let mut cards = Vec::new();
        if let Some((failed, Failures::Statuses)) = self.failed() {
            let (failed, all) = (
                failed.iter().sum(),
                self.buckets.iter().map(|b| b.lines).sum(),
            );
            cards.push(Card {
                tone: if failed > 0 { Tone::Bad } else { Tone::Normal },
                ..Card::new("Server errors", failed, share_of(failed, all))
            });
        }
        cards.push(Card::new(
            "From",
            short(first),
            format!("to {}", short(last)),
        ));
        if let Some(peak) = &self.peak {
            let note = format!(
                "in the {} from {}",
                span(self.bucket_seconds),
                short(&peak.start)
            );
            cards.push(Card {
                unit: Unit::Plain,
                ..Card::new("Busiest time", peak.lines, format!("lines {note}"))
            });
        }
        cards
    }
}

fn key(key: &KeyRow) -> String {
    let part = |part: &Option<Vec<u8>>| part.as_deref().map_or("-".into(), printable);
    let parts: Vec<String> = key.0.iter().map(part).collect();
    parts.join(", ")
}

/// The most severe first: they stand on the ground, where they are seen best.
fn severity(name: &str) -> usize {
    let order = ["fatal", "error", "warn", "notice", "info", "debug", "trace"];
    order
        .iter()
        .position(|level| *level == name)
        .unwrap_or(order.len())
}

/// A time without what is the same of all: `2026-11-23 14:30:00`.
fn short(time: &str) -> String {
    let whole = time.get(..19).unwrap_or(time);
    whole.replace('T', " ")
}

/// How long a bucket is: `5 minutes`.
pub(in crate::report) fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        s if s > 0 && s.is_multiple_of(86_400) => (s / 86_400, "day"),
        s if s > 0 && s.is_multiple_of(3600) => (s / 3600, "hour"),
        s if s > 0 && s.is_multiple_of(60) => (s / 60, "minute"),
        s => (s, "second"),
    };
    match count {
        1 => unit.to_string(),
        _ => format!("{count} {unit}s"),
    }
}
