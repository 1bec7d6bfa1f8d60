//! Charts as SVG.
//!
//! Every drawing has a title and a description, uses the colours of the page by
//! class, and has a title on whatever stands for a number. It is as wide as the
//! page; where that is narrow letters are larger and fewer, and what has long names in
//! it is scrolled.

mod histogram;
mod positions;
mod scale;
mod shares;
mod sizes;
mod timeline;

use super::writer::Html;
use crate::report::{Chart, ChartKind, Tone, grouped};

/// How wide a drawing is, in its own units: pixels on a screen that has room.
const WIDTH: f64 = 960.0;

/// Draws the chart as a figure; `id` is one that the page has not yet.
pub(super) fn draw(html: &mut Html, chart: &Chart, id: &str) {
    html.raw("<figure><figcaption>")
        .bytes(chart.title.as_bytes())
        .raw("</figcaption>");
    match &chart.kind {
        ChartKind::Timeline(timeline) => timeline::draw(html, timeline, id),
        ChartKind::Histogram(histogram) => histogram::draw(html, histogram, id),
        ChartKind::Positions(strips) => positions::draw(html, strips, id),
        ChartKind::Sizes(unit, sizes) => sizes::draw(html, *unit, sizes, id),
        ChartKind::Shares(shares) => shares::draw(html, shares, id),
    }
    html.raw("</figure>");
}

/// Begins a drawing of this height, with what it says in words.
fn begin(html: &mut Html, height: f64, id: &str, title: &str, about: &str) {
    begin_as(html, "chart", height, id, (title, about));
}

/// Begins a drawing with classes: `named` if names stand in it, which need room.
fn begin_as(
    html: &mut Html,
    class: &'static str,
    height: f64,
    id: &str,
    (title, about): (&str, &str),
) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"");
    html.text(id)
        .raw("-t\"><svg class=\"")
        .raw(class)
        .raw("\" role=\"img\" preserveAspectRatio=\"none\" viewBox=\"0 0 ")
        .at(WIDTH);
    html.raw(" ")
        .at(height)
        .raw("\" aria-labelledby=\"")
        .text(id)
        .raw("-t ")
        .text(id);
    html.raw("-d\"><title id=\"")
        .text(id)
        .raw("-t\">")
        .bytes(title.as_bytes());
    html.raw("</title><desc id=\"")
        .text(id)
        .raw("-d\">")
        .bytes(about.as_bytes())
        .raw("</desc>");
}

fn end(html: &mut Html) {
    html.raw("</svg></div>");
}

/// The class that has the colour.
fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Of(at) => match at % 6 {
            0 => "t0",
            1 => "t1",
            2 => "t2",
            3 => "t3",
            4 => "t4",
            _ => "t5",
        },
        Tone::Bad => "bad",
        Tone::Worst => "worst",
        Tone::Doubtful => "doubtful",
        Tone::Normal => "normal",
        Tone::Notable => "notable",
        Tone::Low => "low",
        Tone::Lowest => "lowest",
        Tone::Quiet => "quiet",
    }
}

/// What the colours stand for.
fn legend<'a>(html: &mut Html, entries: impl IntoIterator<Item = (&'a str, Tone, u64)>) {
    html.raw("<ul class=\"legend\">");
    for (name, tone, count) in entries {
        html.raw("<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect width=\"10\" height=\"10\" rx=\"2\" class=\"");
        html.raw(class(tone))
            .raw("\"/></svg> <span>")
            .bytes(name.as_bytes());
        html.raw("</span> <b>")
            .text(&grouped(count))
            .raw("</b></li>");
    }
    html.raw("</ul>");
}

/// Words in a drawing.
fn words(html: &mut Html, (x, y): (f64, f64), class: &'static str, text: &str) {
    html.raw("<text").attribute("x", x).attribute("y", y);
    html.raw(" class=\"")
        .raw(class)
        .raw("\">")
        .bytes(text.as_bytes())
        .raw("</text>");
}

/// A line across a drawing.
fn line(html: &mut Html, from: (f64, f64), to: (f64, f64), class: &'static str) {
    html.raw("<line")
        .attribute("x1", from.0)
        .attribute("y1", from.1);
    html.attribute("x2", to.0)
        .attribute("y2", to.1)
        .raw(" class=\"")
        .raw(class)
        .raw("\"/>");
}

/// A box with what it stands for; `None` leaves that to another one.
fn rect(html: &mut Html, (x, y): (f64, f64), (w, h): (f64, f64), class: &str, title: Option<&str>) {
    html.raw("<rect").attribute("x", x).attribute("y", y);
    html.attribute("width", w)
        .attribute("height", h)
        .raw(" class=\"")
        .text(class);
    match title {
        None => html.raw("\"/>"),
        Some(title) => html
            .raw("\"><title>")
            .bytes(title.as_bytes())
            .raw("</title></rect>"),
    };
}
