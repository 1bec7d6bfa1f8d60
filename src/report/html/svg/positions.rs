//! Where in the files something is: a strip for each, dark where there is much.

use super::{WIDTH, begin_as, class, end, rect, words};
use crate::report::{Series, grouped, html::writer::Html};

const STRIP: f64 = 20.0;
const GAP: f64 = 8.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 14.0;

/// Names are cut behind this many characters; the table has them whole.
const NAME: usize = 24;

pub(super) fn draw(html: &mut Html, strips: &[Series], id: &str) {
    let height = (STRIP + GAP) * strips.len() as f64 + 22.0;
    let parts = strips.first().map_or(0, |strip| strip.counts.len());
    let about = format!(
        "{} patterns in {parts} equal parts of the files",
        strips.len()
    );
    begin_as(
        html,
        "chart named",
        height,
        id,
        ("Positions of matches", &about),
    );
    for (at, strip) in strips.iter().enumerate() {
        let y = (STRIP + GAP) * at as f64;
        let mut name: String = strip.name.chars().take(NAME).collect();
        if name.len() < strip.name.len() {
            name.push('…');
        }
        words(html, (LEFT - 10.0, y + 14.0), "tick end", &name);
        let room = WIDTH - LEFT - RIGHT;
        rect(html, (LEFT, y), (room, STRIP), "ground", None);
        let most = strip.counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let width = room / strip.counts.len().max(1) as f64;
        for (part, &count) in strip.counts.iter().enumerate() {
            if count == 0 {
                continue;
            }
            let tall = (STRIP * count as f64 / most).max(2.0);
            let place = (LEFT + width * part as f64, y + STRIP - tall);
            let from = 100.0 * part as f64 / strip.counts.len() as f64;
            let title = format!(
                "from {from:.0}% of the files on: {} matches",
                grouped(count)
            );
            rect(
                html,
                place,
                (width.max(1.0), tall),
                class(strip.tone),
                Some(&title),
            );
        }
    }
    let y = height - 6.0;
    words(html, (LEFT, y), "tick", "start");
    words(
        html,
        (f64::midpoint(LEFT, WIDTH - RIGHT), y),
        "tick middle",
        "middle",
    );
    words(html, (WIDTH - RIGHT, y), "tick end", "end");
    end(html);
}
