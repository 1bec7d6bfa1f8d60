//! How many lines have each of some patterns: `cargo run --example count -- PATTERN... -- FILE...`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

fn main() -> swathe::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut parts = arguments.split(|argument| argument == "--");
    let patterns = parts.next().unwrap_or_default();
    let files = parts.next().unwrap_or_default();
    let report = swathe::count(files, patterns)?;
    for row in &report.body.patterns {
        println!("{} {}", row.lines, row.pattern);
    }
    for error in &report.errors {
        eprintln!("count: {}", error.message);
    }
    Ok(())
}
