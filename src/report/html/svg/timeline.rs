//! Lines over time: a bar for every bucket, the empty ones too.

use std::fmt::Write as _;

use super::{WIDTH, begin, class, end, legend, line, rect, scale, words};
use crate::report::{Series, TimelineChart, Tone, grouped, html::writer::Html};

const HEIGHT: f64 = 300.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 40.0;

/// As many labels of times fit.
const TIMES: usize = 8;

pub(super) fn draw(html: &mut Html, chart: &TimelineChart, id: &str) {
    let drawn = Drawn::of(chart);
    let about = format!(
        "{} buckets from {}; the most lines in one are {}",
        grouped(chart.total.len() as u64),
        chart.starts.first().map_or("", String::as_str),
        grouped(drawn.most),
    );
    begin(html, HEIGHT, id, "Lines over time", &about);
    drawn.axes(html);
    drawn.bars(html);
    for series in &chart.lines {
        drawn.series(html, series);
    }
    drawn.peak(html);
    drawn.times(html);
    drawn.titles(html);
    end(html);
    let mut entries: Vec<(&str, Tone, u64)> = Vec::new();
    for part in chart.parts.iter().chain(&chart.lines) {
        entries.push((&part.name, part.tone, part.counts.iter().sum()));
    }
    let other: u64 = drawn.other.iter().sum();
    if !chart.parts.is_empty() && other > 0 {
        entries.push(("other", Tone::Quiet, other));
    }
    if !entries.is_empty() {
        legend(html, entries);
    }
}

struct Drawn<'a> {
    chart: &'a TimelineChart,
    /// Lines of a bucket that are in none of its parts.
    other: Vec<u64>,
    most: u64,
    steps: Vec<f64>,
}

impl<'a> Drawn<'a> {
    fn of(chart: &'a TimelineChart) -> Drawn<'a> {
        let other = chart.total.iter().enumerate().map(|(at, total)| {
            let parts = chart
                .parts
                .iter()
                .map(|part| part.counts.get(at).copied().unwrap_or(0));
            total.saturating_sub(parts.sum())
        });
        let most = chart.total.iter().copied().max().unwrap_or(0);
        Drawn {
            chart,
            other: other.collect(),
            most,
            steps: scale::steps(most as f64, 4.0),
        }
    }

    fn x(&self, at: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * at / self.chart.total.len().max(1) as f64
    }

    fn y(&self, count: f64) -> f64 {
        let most = self.steps.last().copied().unwrap_or(1.0);
        HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * count / most
    }

    fn axes(&self, html: &mut Html) {
        for &step in &self.steps {
            let y = self.y(step);
            let class = if step == 0.0 { "axis" } else { "grid" };
            line(html, (LEFT, y), (WIDTH - RIGHT, y), class);
            words(html, (LEFT - 8.0, y + 4.0), "tick end", &scale::short(step));
        }
    }

    fn bars(&self, html: &mut Html) {
        let width = self.x(1.0) - self.x(0.0);
        let gap = if width > 4.0 { 1.0 } else { 0.0 };
        let (parts, patterns) = (&self.chart.parts, !self.chart.lines.is_empty());
        for (at, &other) in self.other.iter().enumerate() {
            let mut below = 0;
            let mut bar = |count: u64, class: &str| {
                if count > 0 {
                    let (top, ground) = (self.y((below + count) as f64), self.y(below as f64));
                    // What is there can be seen, however little it is.
                    let high = (ground - top).max(0.75);
                    let place = (self.x(at as f64) + gap / 2.0, ground - high);
                    rect(html, place, (width - gap, high), class, None);
                    below += count;
                }
            };
            for part in parts {
                bar(part.counts.get(at).copied().unwrap_or(0), class(part.tone));
            }
            let rest = match (parts.is_empty(), patterns) {
                (true, false) => "t0",
                _ => "quiet",
            };
            bar(other, rest);
        }
    }

    /// What is counted beside the lines, as a line in the middles of buckets.
    fn series(&self, html: &mut Html, series: &Series) {
        html.raw("<path class=\"line ")
            .raw(class(series.tone))
            .raw("\" d=\"");
        for (at, &count) in series.counts.iter().enumerate() {
            html.raw(if at == 0 { "M" } else { "L" });
            html.at(self.x(at as f64 + 0.5))
                .raw(" ")
                .at(self.y(count as f64));
        }
        html.raw("\"/>");
    }

    fn peak(&self, html: &mut Html) {
        let Some(peak) = self.chart.peak.filter(|_| self.chart.total.len() > 1) else {
            return;
        };
        let x = self.x(peak as f64 + 0.5);
        let y = self.y(self.chart.total[peak] as f64);
        html.raw("<path class=\"peak\" d=\"M")
            .at(x)
            .raw(" ")
            .at(y - 3.0);
        html.raw("l-4 -6h8z\"/>");
        let anchor = if x < 120.0 {
            "tick strong"
        } else if x > WIDTH - 120.0 {
            "tick strong end"
        } else {
            "tick strong middle"
        };
        let text = format!("peak {}", grouped(self.chart.total[peak]));
        words(html, (x, y - 12.0), anchor, &text);
    }

    /// Times below some of the buckets, with the day where it changes.
    fn times(&self, html: &mut Html) {
        let (starts, y) = (&self.chart.starts, HEIGHT - BOTTOM);
        let every = starts.len().div_ceil(TIMES).max(1);
        let mut day = "";
        for (number, at) in (0..starts.len()).step_by(every).enumerate() {
            let start = &starts[at];
            // Every other one is left out where the drawing is small.
            let (for_time, for_date) = match number % 2 {
                0 => ("tick time", "tick date"),
                _ => ("tick time minor", "tick date minor"),
            };
            let x = self.x(at as f64);
            line(html, (x, y), (x, y + 5.0), "axis");
            let (date, time) = (start.get(..10).unwrap_or(start), self.time(start));
            if self.chart.seconds < 86_400 {
                words(html, (x, y + 18.0), for_time, time);
                if date != day {
                    words(html, (x, y + 33.0), for_date, date);
                }
            } else {
                words(html, (x, y + 18.0), for_time, date);
            }
            day = date;
        }
    }

    fn time<'s>(&self, start: &'s str) -> &'s str {
        let end = if self.chart.seconds < 60 { 19 } else { 16 };
        start.get(11..end).unwrap_or_default()
    }

    /// What each bucket has, in words, on all of its height.
    fn titles(&self, html: &mut Html) {
        let width = self.x(1.0) - self.x(0.0);
        for (at, (start, &total)) in self.chart.starts.iter().zip(&self.chart.total).enumerate() {
            let start = start.replace('T', " ");
            let mut title = format!("{}: {} lines", start.trim_end_matches('Z'), grouped(total));
            for part in self.chart.parts.iter().chain(&self.chart.lines) {
                let count = part.counts.get(at).copied().unwrap_or(0);
                if count > 0 {
                    let name: String = part.name.chars().take(60).collect();
                    let _ = write!(title, ", {name} {}", grouped(count));
                }
            }
            let place = (self.x(at as f64), TOP);
            rect(
                html,
                place,
                (width, HEIGHT - BOTTOM - TOP),
                "hit",
                Some(&title),
            );
        }
    }
}
