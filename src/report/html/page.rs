//! The page: what is on it, in which order.

use super::{SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH, definitions, svg, table, writer::Html};
use crate::report::{
    Card, Cell, Part, Selected, Timing, Warning, charts::Tone, grouped, shown::words,
};

/// What is on the page.
#[derive(Debug)]
pub(in crate::report) struct Page<'a> {
    pub(in crate::report) title: &'a str,
    pub(in crate::report) parts: &'a [Part],
    pub(in crate::report) warnings: &'a [Warning],
    /// What went wrong, a sentence each.
    pub(in crate::report) errors: &'a [String],
    pub(in crate::report) selected: &'a Selected,
    /// Files that were left out, with the reasons.
    pub(in crate::report) skipped: &'a [(String, u64)],
    pub(in crate::report) timing: Option<&'a Timing>,
    /// The answer as JSON.
    pub(in crate::report) json: &'a str,
}

/// The page as a file; no table shows more than so many rows.
pub(in crate::report) fn write(page: &Page<'_>, rows: usize) -> String {
    let mut html = Html::default();
    head(&mut html, page.title);
    header(&mut html, page);
    html.raw("<main id=\"main\">");
    overview(&mut html, page);
    for (number, part) in (1..).zip(page.parts) {
        section(&mut html, part, number, rows);
    }
    counted(&mut html, page);
    html.raw("</main><footer>made by swathe; the numbers are those of --format json</footer>\n");
    html.raw("<script type=\"application/json\" id=\"answer\">")
        .json(page.json.trim_end());
    html.raw("</script>\n<script>")
        .raw(SCRIPT)
        .raw("</script>\n</body></html>\n");
    html.into_string()
}

fn head(html: &mut Html, title: &str) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '",
    );
    html.raw(STYLE_HASH).raw("'; script-src '").raw(SCRIPT_HASH);
    html.raw("'; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html.bytes(title.as_bytes())
        .raw("</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n");
}

fn header(html: &mut Html, page: &Page<'_>) {
    html.raw("<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header><div><h1>");
    html.bytes(page.title.as_bytes()).raw("</h1>");
    let notes = page.selected.notes();
    if !notes.is_empty() {
        html.raw("<p class=\"only\">")
            .bytes(notes.join("; ").as_bytes())
            .raw("</p>");
    }
    html.raw("</div><div class=\"js actions\"><button type=\"button\" id=\"theme\">Light or dark</button>");
    html.raw("<button type=\"button\" id=\"save\">Download JSON</button></div></header>\n");
    html.raw("<nav aria-label=\"Sections\"><ul><li><a href=\"#overview\">Overview</a></li>");
    for (number, part) in (1_u64..).zip(page.parts) {
        html.raw("<li><a href=\"#s")
            .number(number)
            .raw("\">")
            .bytes(part.title.as_bytes());
        html.raw("</a></li>");
    }
    html.raw("<li><a href=\"#counted\">How it was counted</a></li></ul></nav>\n");
}

fn overview(html: &mut Html, page: &Page<'_>) {
    html.raw("<section id=\"overview\" aria-label=\"Overview\">");
    if !page.errors.is_empty() {
        html.raw("<div class=\"alert bad\" role=\"alert\"><b>Incomplete.</b> Not all that was asked for could be read:<ul>");
        for error in page.errors {
            html.raw("<li>").bytes(error.as_bytes()).raw("</li>");
        }
        html.raw("</ul></div>");
    }
    let cards: Vec<&Card> = page.parts.iter().flat_map(|part| &part.cards).collect();
    if !cards.is_empty() {
        html.raw("<ul class=\"cards\">");
        for card in cards {
            self::card(html, card);
        }
        html.raw("</ul>");
    }
    if page.parts.iter().any(|part| !part.cards.is_empty()) || !page.warnings.is_empty() {
        warnings(html, page.warnings);
    }
    html.raw("</section>\n");
}

fn card(html: &mut Html, card: &Card) {
    html.raw(match card.tone {
        Tone::Bad | Tone::Worst => "<li class=\"card is-bad\">",
        Tone::Doubtful => "<li class=\"card is-doubtful\">",
        _ => "<li class=\"card\">",
    });
    html.raw("<span class=\"label\">")
        .raw(card.label)
        .raw("</span>");
    html.raw(match card.value {
        Cell::Text(_) => "<span class=\"value words\">",
        _ => "<span class=\"value\">",
    });
    table::value(html, &card.value, card.unit);
    html.raw("</span><span class=\"note\">")
        .bytes(card.note.as_bytes())
        .raw("</span></li>");
}

fn warnings(html: &mut Html, warnings: &[Warning]) {
    if warnings.is_empty() {
        html.raw("<p class=\"fine\">Nothing odd about the input was found.</p>");
        return;
    }
    html.raw("<div class=\"alert\" id=\"warnings\"><b>Look at this first</b><ul>");
    for warning in warnings {
        html.raw("<li>")
            .bytes(warning.message.as_bytes())
            .raw("</li>");
    }
    html.raw("</ul></div>");
}

fn section(html: &mut Html, part: &Part, number: u64, rows: usize) {
    let id = format!("s{number}");
    html.raw("<section id=\"")
        .text(&id)
        .raw("\" aria-labelledby=\"")
        .text(&id);
    html.raw("-h\"><h2 id=\"")
        .text(&id)
        .raw("-h\">")
        .bytes(part.title.as_bytes())
        .raw("</h2>");
    if !part.only.is_empty() {
        html.raw("<p class=\"only\">only records: ")
            .bytes(part.only.join("; ").as_bytes());
        html.raw("</p>");
    }
    for (at, chart) in part.charts.iter().enumerate() {
        svg::draw(html, chart, &format!("{id}c{at}"));
    }
    for (at, table) in part.for_people.iter().enumerate() {
        let drawn = part
            .charts
            .iter()
            .any(|chart| chart.table == Some(table.name));
        let look = table::Look {
            folded: drawn,
            named: !words(table.name).eq_ignore_ascii_case(&part.title),
            rows,
        };
        table::write(html, table, &format!("{id}t{at}"), look);
    }
    html.raw("</section>\n");
}

/// What the numbers mean, and what may be wrong about them.
fn counted(html: &mut Html, page: &Page<'_>) {
    html.raw("<section id=\"counted\"><h2>How it was counted</h2><dl class=\"definitions\">");
    let mut seen: Vec<&str> = Vec::new();
    for part in page.parts {
        if seen.contains(&part.kind) {
            continue;
        }
        seen.push(part.kind);
        let Some((name, text)) = definitions::of(part.kind) else {
            continue;
        };
        html.raw("<dt>")
            .raw(name)
            .raw("</dt><dd>")
            .raw(text)
            .raw("</dd>");
    }
    html.raw("<dt>All numbers</dt><dd>")
        .raw(definitions::ALL)
        .raw("</dd>");
    for (reason, files) in page.skipped {
        html.raw("<dt>Left out</dt><dd>")
            .text(&grouped(*files))
            .raw(" files: ");
        html.bytes(words(reason).as_bytes()).raw("</dd>");
    }
    if let Some(timing) = page.timing {
        html.raw("<dt>Time</dt><dd>")
            .text(&timing.note())
            .raw("</dd>");
    }
    html.raw("</dl></section>");
}
