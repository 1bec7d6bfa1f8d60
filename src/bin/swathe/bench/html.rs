//! The answer as a page of its own: tables, and bars drawn in SVG.

use std::fmt::Write as _;

use super::rows::{BenchBody, Neighbour, Row};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;\
color:#1d2430;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}\
table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #d8dde5}\
td:first-child,th:first-child{text-align:left}.o{fill:#9aa5b5}.s{fill:#2b6cb0}text{font:12px system-ui,sans-serif;fill:currentColor}\
@media(prefers-color-scheme:dark){body{color:#dde3ec;background:#161b22}td,th{border-color:#30363d}.s{fill:#5aa0e8}}";

/// Between the baselines of two bars.
const STEP: usize = 22;

impl BenchBody {
    /// One page that needs nothing else.
    pub(crate) fn html(&self) -> String {
        let mut out = String::from(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>swathe bench</title>",
        );
        let machine = &self.machine;
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<style>{STYLE}</style>\n<h1>swathe bench</h1>\n<p>{} on {}, {} cores, {}; {} bytes, medians of {} runs.</p>\n",
            escaped(self.version),
            escaped(&machine.processor),
            machine.cores,
            escaped(&machine.system),
            self.bytes,
            self.runs,
        );
        for note in &self.notes {
            let _ = writeln!(out, "<p>{}</p>", escaped(note));
        }
        out.push_str(
            "<h2>What the machine can do</h2>\n<table><tr><th>reading<th>threads<th>GB/s\n",
        );
        for row in &self.ceilings {
            let _ = writeln!(
                out,
                "<tr><td>{}<td>{}<td>{:.2}",
                row.what, row.threads, row.gb_per_second
            );
        }
        out.push_str("</table>\n");
        let mut at = 0;
        while let Some(first) = self.rows.get(at) {
            let same = |row: &&Row| row.workload == first.workload;
            let count = self.rows[at..].iter().take_while(same).count();
            workload(&mut out, &self.rows[at..at + count]);
            at += count;
        }
        if !self.neighbours.is_empty() {
            neighbours(&mut out, &self.neighbours);
        }
        out.push_str("</html>\n");
        out
    }
}

fn workload(out: &mut String, rows: &[Row]) {
    let most = rows.iter().map(|row| row.gb_per_second).fold(0.0, f64::max);
    let height = rows.len() * STEP + 4;
    let _ = writeln!(
        out,
        "<h2>{}</h2>\n<p>{}</p>\n<svg viewBox=\"0 0 900 {height}\" width=\"100%\" role=\"img\" aria-label=\"{}: GB/s\">",
        rows[0].workload, rows[0].what, rows[0].workload
    );
    for (number, row) in rows.iter().enumerate() {
        let y = number * STEP;
        let width = 430.0 * row.gb_per_second / most.max(1e-9);
        let class = if row.tool == "swathe" { "s" } else { "o" };
        let _ = writeln!(
            out,
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"{class}\" x=\"240\" y=\"{}\" width=\"{width:.1}\" height=\"14\"/>\
             <text x=\"{:.1}\" y=\"{}\">{:.2} GB/s, {:.3} s of processors, {}</text>",
            y + 15,
            escaped(&label(row)),
            y + 4,
            246.0 + width,
            y + 15,
            row.gb_per_second,
            row.cpu_seconds,
            row.limit,
        );
    }
    out.push_str("</svg>\n");
}

fn neighbours(out: &mut String, rows: &[Neighbour]) {
    out.push_str(
        "<h2>Beside a neighbour</h2>\n<p>The search for the rare literal while another program \
         computes on half of the cores.</p>\n<table><tr><th>search<th>cache<th>seconds<th>neighbour keeps\
         <th>neighbour loses<th>left in cache\n",
    );
    for row in rows {
        let left = row.left_in_cache;
        let _ = writeln!(
            out,
            "<tr><td>{}<td>{}<td>{:.3}<td>{:.0} %<td>{:.3} CPU s<td>{}",
            if row.gentle { "--gentle" } else { "as usual" },
            row.cache,
            row.seconds,
            row.keeps * 100.0,
            row.loses_seconds,
            left.map(|left| format!("{:.0} %", left * 100.0))
                .unwrap_or_default(),
        );
    }
    out.push_str("</table>\n");
}

fn label(row: &Row) -> String {
    let threads = row
        .threads
        .map(|threads| format!(", {threads} threads"))
        .unwrap_or_default();
    let io = row.io.map(|io| format!(", {io}")).unwrap_or_default();
    format!("{}{threads}{io}, {}", row.tool, row.cache)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
