//! Writes an application log of any size, and the right answers next to it.
//!
//! `cargo run --release --example generate_corpus -- --size 4G --output app.log`
//!
//! The same seed and size give the same bytes on every machine. The answers
//! are known by construction: each is counted where the text is made, never by
//! searching it, so that they can judge what searches. They go to
//! `app.expected.json`, in the terms of `swathe stats` and `swathe count`.

mod answers;
mod event;
mod random;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

use answers::Answers;
use event::Writer;

const USAGE: &str = "usage: generate_corpus [--size SIZE] [--seed N] [--needles N] --output FILE
  --size SIZE   at most so many bytes, K M G are 1024-based (default 200K)
  --seed N      what makes one log differ from another (default 1)
  --needles N   how often the rare texts are planted (default 8)
  --output FILE where to write the log; answers go to FILE with the extension
                expected.json";

/// What the log should be.
struct Request {
    size: u64,
    seed: u64,
    needles: u64,
    output: PathBuf,
}

fn main() -> ExitCode {
    let request = match request(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(message) => return fail(&format!("{message}\n{USAGE}")),
    };
    match generate(&request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => fail(&format!("{}: {e}", request.output.display())),
    }
}

fn fail(message: &str) -> ExitCode {
    // Nothing is left to do when standard error is closed too.
    let _ = writeln!(io::stderr(), "generate_corpus: {message}");
    ExitCode::from(2)
}

fn request(mut args: impl Iterator<Item = String>) -> Result<Request, String> {
    let (mut size, mut seed, mut needles, mut output) = (200 << 10, 1, 8, None);
    while let Some(flag) = args.next() {
        if !["--size", "--seed", "--needles", "--output"].contains(&flag.as_str()) {
            return Err(format!("{flag} is not an option"));
        }
        let value = args.next().ok_or(format!("{flag} needs a value"))?;
        let number = || value.parse().map_err(|e| format!("{flag} {value}: {e}"));
        match flag.as_str() {
            "--size" => size = bytes(&value)?,
            "--seed" => seed = number()?,
            "--needles" => needles = number()?,
            _ => output = Some(PathBuf::from(&value)),
        }
    }
    Ok(Request {
        size,
        seed,
        needles,
        output: output.ok_or("--output FILE is missing")?,
    })
}

fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|e| format!("size {text}: {e}"))?;
    number
        .checked_mul(1 << shift)
        .ok_or(format!("size {text} is more than 64 bits hold"))
}

fn generate(request: &Request) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&request.output)?);
    let mut answers = Answers::new();
    let mut writer = Writer::new(request.seed, request.size);
    let mut line = Vec::with_capacity(16 << 10);
    let mut planted = 0;
    loop {
        // Needle k stands at the first line behind k + 1/2 equal parts.
        let rare = request.needles > 0
            && planted < request.needles
            && answers.bytes() >= part(request.size, 2 * planted + 1, 2 * request.needles);
        planted += u64::from(rare);
        line.clear();
        let mut marks = Vec::new();
        writer.line(&mut line, &mut marks, rare);
        if answers.bytes() + line.len() as u64 > request.size {
            break;
        }
        answers.add(&line, &marks);
        out.write_all(&line)?;
    }
    out.flush()?;
    let answers = answers.json(request.seed, request.needles);
    std::fs::write(request.output.with_extension("expected.json"), answers)
}

/// `numerator / denominator` of `size`, in a width that cannot overflow.
fn part(size: u64, numerator: u64, denominator: u64) -> u64 {
    (u128::from(size) * u128::from(numerator) / u128::from(denominator)) as u64
}
