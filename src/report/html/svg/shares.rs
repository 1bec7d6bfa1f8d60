//! Parts of a whole, side by side.

use super::{WIDTH, begin_as, class, end, legend, rect};
use crate::report::{Share, grouped, html::writer::Html};

const HEIGHT: f64 = 34.0;

pub(super) fn draw(html: &mut Html, shares: &[Share], id: &str) {
    let all: u64 = shares.iter().map(|share| share.count).sum();
    let percent = |count: u64| 100.0 * count as f64 / all.max(1) as f64;
    let about = shares
        .iter()
        .map(|s| format!("{} {:.1}%", s.name, percent(s.count)));
    let about: Vec<String> = about.collect();
    begin_as(
        html,
        "chart flat",
        HEIGHT,
        id,
        ("Shares", &about.join(", ")),
    );
    // Every part can be seen; what that takes is taken from the greatest.
    let least = |count: u64| (WIDTH * count as f64 / all.max(1) as f64).max(2.0);
    let wide: f64 = shares.iter().map(|share| least(share.count)).sum();
    let mut x = 0.0;
    for share in shares {
        let width = least(share.count) * WIDTH / wide;
        let title = format!(
            "{}: {} ({:.1}%)",
            share.name,
            grouped(share.count),
            percent(share.count)
        );
        rect(
            html,
            (x, 0.0),
            (width, HEIGHT),
            class(share.tone),
            Some(&title),
        );
        x += width;
    }
    end(html);
    legend(
        html,
        shares
            .iter()
            .map(|share| (share.name.as_str(), share.tone, share.count)),
    );
}
