//! The ten most frequent values of a key: `cargo run --example top -- json:user FILE...`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

fn main() -> swathe::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let key = arguments.next().unwrap_or_else(|| "field:1".into());
    let report = swathe::top(arguments, &key)?;
    for group in report.body.groups.iter().take(10) {
        println!("{} {:?}", group.count, group.key);
    }
    if !report.complete {
        eprintln!("top: not all could be read: {:?}", report.errors);
    }
    Ok(())
}
