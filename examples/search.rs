//! Lines that match, with their places: `cargo run --example search -- PATTERN FILE...`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(pattern) = arguments.next() else {
        eprintln!("usage: search PATTERN FILE...");
        return ExitCode::from(2);
    };
    let lines = match swathe::search(arguments, pattern) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("search: {error}");
            return ExitCode::from(2);
        }
    };
    let mut exit = ExitCode::SUCCESS;
    for line in lines {
        match line {
            Ok(line) => println!(
                "{}:{}: {}",
                line.path.display(),
                line.number,
                String::from_utf8_lossy(&line.text)
            ),
            // What else was found stands.
            Err(error) => {
                let path = error.path().unwrap_or("?".as_ref());
                eprintln!("search: {}: {error}", path.display());
                exit = ExitCode::from(2);
            }
        }
    }
    exit
}
