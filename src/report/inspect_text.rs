//! The answer of `inspect` for people.

use std::fmt::Write as _;

use super::{InspectBody, InspectRow, Layout, Report, printable};

/// The answer for people.
pub(super) fn render(report: &Report<InspectBody>, layout: &Layout) -> String {
    let mut text = String::new();
    for (i, file) in report.body.files.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        one(&mut text, file, layout);
    }
    text
}

fn one(text: &mut String, file: &InspectRow, layout: &Layout) {
    let width = layout.width.unwrap_or(usize::MAX);
    let cut = |line: String, indent: usize| {
        let room = width.saturating_sub(indent).max(20);
        let mut short: String = line.chars().take(room).collect();
        if short.len() < line.len() {
            short.pop();
            short.push(if layout.ascii { '>' } else { '…' });
        }
        short
    };
    let path = printable(file.path.as_path().as_os_str().as_encoded_bytes());
    let _ = writeln!(text, "{path}");
    for (name, fact) in file.facts() {
        let _ = writeln!(text, "  {name:<15} {fact}");
    }
    if !file.fields.is_empty() {
        let widest = file.fields.iter().map(|field| field.key.len()).max();
        let widest = widest.unwrap_or(0).min(32);
        text.push_str("  fields\n");
        for field in file.fields.iter().take(12) {
            let example = field.example.0.iter().flatten();
            let example: String = example.map(|value| printable(value)).collect();
            let line = format!("{:<widest$} {:>4.0}%  {example}", field.key, field.percent);
            let _ = writeln!(text, "    {}", cut(line, 4));
        }
    }
    text.push_str("  sample\n");
    for line in file.sample_lines().into_iter().take(6) {
        let _ = writeln!(text, "    {}", cut(line, 4));
    }
    text.push_str("  try\n");
    for command in &file.commands {
        let _ = writeln!(text, "    {command}");
    }
}
