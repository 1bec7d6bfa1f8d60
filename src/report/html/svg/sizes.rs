//! Sizes of the same thing below each other.

use super::{WIDTH, begin, end, rect, words};
use crate::report::{Cell, Unit, html::writer::Html, shown::shown};

const BAR: f64 = 16.0;
const GAP: f64 = 8.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 110.0;

pub(super) fn draw(html: &mut Html, unit: Unit, sizes: &[(String, f64)], id: &str) {
    let height = (BAR + GAP) * sizes.len() as f64;
    let most = sizes.iter().map(|(_, size)| *size).fold(0.0, f64::max);
    let about = sizes
        .iter()
        .map(|(name, size)| format!("{name} {}", size_of(*size, unit)));
    let about: Vec<String> = about.collect();
    begin(html, height.max(1.0), id, "Percentiles", &about.join(", "));
    for (at, (name, size)) in sizes.iter().enumerate() {
        let y = (BAR + GAP) * at as f64;
        words(html, (LEFT - 10.0, y + 13.0), "tick end", name);
        let share = if most > 0.0 {
            (size / most).max(0.0)
        } else {
            0.0
        };
        let long = ((WIDTH - LEFT - RIGHT) * share).max(1.0);
        let shown = size_of(*size, unit);
        let title = format!("{name}: {shown}");
        rect(html, (LEFT, y), (long, BAR), "t0", Some(&title));
        words(html, (LEFT + long + 8.0, y + 13.0), "tick strong", &shown);
    }
    end(html);
}

fn size_of(size: f64, unit: Unit) -> String {
    shown(&Cell::Number(size), unit, false)
}
