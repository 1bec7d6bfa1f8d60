//! How many there are of each size: a bar for every power of two.

use super::{WIDTH, begin, end, line, rect, scale, words};
use crate::report::{Cell, HistogramChart, Unit, grouped, html::writer::Html, shown::shown};

const HEIGHT: f64 = 270.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 30.0;

/// Bars are not drawn wider than this.
const WIDEST: f64 = 90.0;

pub(super) fn draw(html: &mut Html, chart: &HistogramChart, id: &str) {
    let most = chart.bars.iter().map(|bar| bar.2).max().unwrap_or(0);
    let about = format!(
        "{} ranges of size; the most {} in one are {}",
        chart.bars.len(),
        chart.what,
        grouped(most)
    );
    begin(html, HEIGHT, id, "By size", &about);
    let steps = scale::steps(most as f64, 4.0);
    let high = steps.last().copied().unwrap_or(1.0);
    let y = |count: f64| HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * count / high;
    let room = WIDTH - LEFT - RIGHT;
    let width = (room / chart.bars.len().max(1) as f64).min(WIDEST);
    let x = |at: f64| LEFT + at * width;
    for &step in &steps {
        let class = if step == 0.0 { "axis" } else { "grid" };
        line(html, (LEFT, y(step)), (WIDTH - RIGHT, y(step)), class);
        words(
            html,
            (LEFT - 8.0, y(step) + 4.0),
            "tick end",
            &scale::short(step),
        );
    }
    let size = |number: f64| size(number, chart.unit);
    // As many sizes as fit below the bars.
    let every = [1_u16, 2, 4, 8, 16, 32]
        .into_iter()
        .find(|&every| width * f64::from(every) >= 64.0);
    let every = usize::from(every.unwrap_or(64));
    for (at, &(from, to, count)) in chart.bars.iter().enumerate() {
        let tall = (y(0.0) - y(count as f64)).max(if count > 0 { 1.0 } else { 0.0 });
        let place = (x(at as f64) + 1.0, y(0.0) - tall);
        rect(html, place, (width - 2.0, tall), "t0", None);
        if at % every == 0 {
            words(
                html,
                (x(at as f64), y(0.0) + 18.0),
                if at / every % 2 == 0 {
                    "tick middle time"
                } else {
                    "tick middle time minor"
                },
                &size(from),
            );
        }
        let title = format!(
            "{} to {}: {} {}",
            size(from),
            size(to),
            grouped(count),
            chart.what
        );
        rect(
            html,
            (x(at as f64), TOP),
            (width, HEIGHT - BOTTOM - TOP),
            "hit",
            Some(&title),
        );
    }
    marks(html, chart, &x);
    end(html);
}

/// Where sizes with a name are; names that would touch are on lines of their
/// own.
fn marks(html: &mut Html, chart: &HistogramChart, x: &dyn Fn(f64) -> f64) {
    let mut taken = [f64::MIN; 3];
    for (name, number) in &chart.marks {
        let Some(at) = place(chart, *number) else {
            continue;
        };
        let x = x(at);
        let text = format!("{name} {}", size(*number, chart.unit));
        let long = 9.0 * text.chars().count() as f64;
        // Where there is no room the table below has the number.
        let Some(row) = taken.iter().position(|&end| end < x) else {
            continue;
        };
        taken[row] = x + long + 6.0;
        let y = 12.0 + 16.0 * row as f64;
        line(html, (x, y + 4.0), (x, HEIGHT - BOTTOM), "mark");
        let (x, class) = if x + long > WIDTH {
            (x - 4.0, "tick strong end")
        } else {
            (x + 3.0, "tick strong")
        };
        words(html, (x, y + 2.0), class, &text);
    }
}

/// Which bar a size is in, and how far inside it.
fn place(chart: &HistogramChart, number: f64) -> Option<f64> {
    let inside = |&(from, to, _): &(f64, f64, u64)| from <= number && number < to;
    let at = chart.bars.iter().position(inside)?;
    let (from, to, _) = chart.bars[at];
    Some(at as f64 + ((number - from) / (to - from)).clamp(0.0, 1.0))
}

fn size(number: f64, unit: Unit) -> String {
    shown(&Cell::Number(number), unit, false)
}
