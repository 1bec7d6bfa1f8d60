//! Command lines in given surroundings, and the jobs they come to.

use std::ffi::OsString;

use swathe::search::{Mode, Nul};

use super::*;
use crate::search::{line, typed};

const PIPE: Surroundings = Surroundings {
    stdout_is_terminal: false,
    stdin_is_readable: false,
    color_is_welcome: true,
    cores: 4,
};

const TERMINAL: Surroundings = Surroundings {
    stdout_is_terminal: true,
    ..PIPE
};

/// The job of a command line whose arguments are set apart by spaces.
fn job(words: &str, around: &Surroundings) -> Result<Job, String> {
    let arguments: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
    match typed(&line(), &arguments)? {
        Ok(low) => Job::new(low, around),
        Err(exit) => Err(format!("{exit:?}")),
    }
}

fn check<T: PartialEq + std::fmt::Debug>(
    around: &Surroundings,
    of: impl Fn(Job) -> T,
    table: &[(&str, T)],
) {
    for (line, want) in table {
        let job = job(line, around).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(of(job), *want, "{line}");
    }
}

#[test]
fn modes() {
    check(
        &PIPE,
        |job| job.search.mode,
        &[
            ("x f", Mode::Standard),
            ("-c x f", Mode::Count),
            ("-c -o x f", Mode::CountMatches),
            ("-v --count-matches x f", Mode::Count),
            ("-v -c -o x f", Mode::CountMatches),
            ("-q x f", Mode::Quiet),
            ("-q --json x f", Mode::Quiet),
            ("-q --files-without-match x f", Mode::QuietWithoutMatch),
            ("--files-without-match x f", Mode::FilesWithoutMatch),
        ],
    );
    check(
        &PIPE,
        |job| (job.totals, job.search.stats, job.first_match_ends),
        &[
            ("x f", (Totals::None, false, false)),
            ("-q x f", (Totals::None, false, true)),
            ("-q --stats x f", (Totals::Text, true, false)),
            ("-q --json x f", (Totals::Json, true, false)),
            (
                "--json --no-json --stats --no-stats x f",
                (Totals::None, false, false),
            ),
        ],
    );
}

#[test]
fn line_numbers() {
    let number = |job: Job| job.search.line_number;
    check(
        &PIPE,
        number,
        &[
            ("x f", false),
            ("-n x f", true),
            ("--column x f", true),
            ("--column -N x f", false),
            ("--vimgrep x f", true),
            ("--vimgrep --no-column x f", true),
            ("--json x f", true),
            ("--json -N x f", false),
            ("-c --column x f", false),
            ("-q --json x f", false),
        ],
    );
    check(
        &TERMINAL,
        number,
        &[
            ("x f", true),
            ("x -", false),
            ("x - -", true),
            ("-N x f", false),
            ("-c x f", false),
        ],
    );
}

#[test]
fn names() {
    let names = |job: Job| job.names;
    check(
        &PIPE,
        names,
        &[
            ("x f", false),
            ("x -", false),
            ("x f g", true),
            ("x src", true),
            ("-I x f g", false),
            ("-H x -", true),
            ("--vimgrep x f", true),
            ("-l x f", true),
            ("-I --files-without-match x f", true),
            ("--json -I x f", true),
            ("-c x f", false),
        ],
    );
}

#[test]
fn headings_and_what_is_between_files() {
    let heading = |job: Job| (job.print.heading, job.print.separator_search);
    let line = |text: &[u8]| Some(text.to_vec());
    check(
        &PIPE,
        heading,
        &[
            ("x f g", (false, None)),
            ("--heading x f g", (true, line(b""))),
            ("-p x f g", (true, line(b""))),
            ("-p --vimgrep x f g", (false, None)),
            ("-C1 x f g", (false, line(b"--"))),
            ("-C0 x f g", (false, None)),
            ("--passthru x f g", (false, None)),
            ("-A1 --context-separator + x f g", (false, line(b"+"))),
            ("-A1 --no-context-separator x f g", (false, None)),
            ("--json -A1 x f g", (false, None)),
            ("--heading -c x f g", (true, None)),
        ],
    );
    check(
        &TERMINAL,
        heading,
        &[
            ("x f g", (true, line(b""))),
            ("--no-heading -C1 x f g", (false, line(b"--"))),
            ("--vimgrep x f g", (false, None)),
        ],
    );
}

#[test]
fn columns_and_colours() {
    check(
        &PIPE,
        |job| {
            (
                job.print.column,
                job.print.per_match,
                job.print.colors.is_some(),
            )
        },
        &[
            ("x f", (false, false, false)),
            ("--vimgrep x f", (true, true, false)),
            ("--vimgrep --no-column x f", (false, true, false)),
            ("-p x f", (false, false, true)),
            ("--color always x f", (false, false, true)),
        ],
    );
    let colored = |job: Job| job.print.colors.is_some();
    check(
        &TERMINAL,
        colored,
        &[
            ("x f", true),
            ("--color never x f", false),
            ("-l x f", true),
        ],
    );
    let plain = Surroundings {
        color_is_welcome: false,
        ..TERMINAL
    };
    check(
        &plain,
        colored,
        &[("x f", false), ("--color ansi x f", true)],
    );
}

#[test]
fn user_colours_come_on_top() {
    let job = job(
        "--color always --colors match:none --colors match:fg:blue x f",
        &PIPE,
    )
    .unwrap();
    let colors = job.print.colors.unwrap();
    assert_eq!(colors.matched().fg(), Some(&termcolor::Color::Blue));
    assert!(!colors.matched().bold());
    assert_eq!(colors.path().fg(), Some(&termcolor::Color::Magenta));
}

#[test]
fn what_a_nul_byte_means() {
    let eleven = format!("x {}", "Cargo.toml ".repeat(11));
    let ten = format!("x {}", "Cargo.toml ".repeat(10));
    let always = format!("--mmap {eleven}");
    check(
        &PIPE,
        |job| (job.search.nul, job.pattern_options.ban_nul),
        &[
            ("x Cargo.toml", (Nul::Mapped, true)),
            (&ten, (Nul::Mapped, true)),
            (&eleven, (Nul::Streamed, true)),
            (&always, (Nul::Mapped, true)),
            ("x -", (Nul::Streamed, true)),
            ("x Cargo.toml -", (Nul::Streamed, true)),
            ("x Cargo.toml no-such-file", (Nul::Streamed, true)),
            ("x Cargo.toml src", (Nul::Streamed, true)),
            ("--no-mmap x Cargo.toml", (Nul::Streamed, true)),
            ("--io read x Cargo.toml", (Nul::Mapped, true)),
            ("-a x Cargo.toml", (Nul::Text, false)),
            ("--no-mmap -a x -", (Nul::Text, false)),
            ("--null-data x Cargo.toml", (Nul::Text, false)),
            ("-a --binary x Cargo.toml", (Nul::Mapped, true)),
        ],
    );
}

#[test]
fn when_nothing_can_match() {
    check(
        &PIPE,
        |job| job.matches_possible,
        &[
            ("x f", true),
            ("-m0 x f", false),
            ("-f /dev/null f", false),
            ("-v -f /dev/null f", true),
            ("-v -m0 x f", false),
        ],
    );
}

#[test]
fn when_output_could_feed_the_search() {
    check(
        &PIPE,
        |job| job.feeds_itself,
        &[
            ("x f", true),
            ("--json x f", true),
            ("-m2 x f", true),
            ("-m1 x f", false),
            ("-c x f", false),
            ("-l x f", false),
            ("-q x f", false),
        ],
    );
}

#[test]
fn names_of_files() {
    check(
        &PIPE,
        |job| job.names,
        &[
            ("x f", false),
            ("x f g", true),
            ("x src", true),
            ("x", true),
            ("-I x src", false),
        ],
    );
}

#[test]
fn binary_files_that_are_found() {
    check(
        &PIPE,
        |job| job.walked_nul,
        &[
            ("x src", Nul::Leave),
            ("-uu x src", Nul::Leave),
            ("-uuu x src", Nul::Streamed),
            ("--binary x src", Nul::Streamed),
            ("-a x src", Nul::Text),
            ("--null-data x src", Nul::Text),
        ],
    );
}

#[test]
fn inputs_without_names() {
    let piped = Surroundings {
        stdin_is_readable: true,
        ..TERMINAL
    };
    let job = job("x", &piped).unwrap();
    assert_eq!((job.inputs, job.names), (vec![Input::Stdin], false));
    assert!(
        !job.search.line_number,
        "standard input alone is not numbered"
    );
}

#[test]
fn inputs_that_cannot_be() {
    let piped = Surroundings {
        stdin_is_readable: true,
        ..PIPE
    };
    for (line, around, want) in [
        ("", &PIPE, "no pattern"),
        ("-f no-such-file f", &piped, "no-such-file: No such file"),
    ] {
        let error = job(line, around).map(|_| ()).unwrap_err();
        assert!(error.contains(want), "{line}: {error}");
    }
}

#[test]
fn what_is_searched() {
    let piped = Surroundings {
        stdin_is_readable: true,
        ..PIPE
    };
    let here = || vec![Input::Path("./".into())];
    for (line, around, want, unasked) in [
        ("x", &PIPE, here(), true),
        ("x", &piped, vec![Input::Stdin], false),
        ("--files", &piped, here(), true),
        ("--files x", &piped, vec![Input::Path("x".into())], false),
        ("x ./", &PIPE, here(), false),
        ("x --files-from /dev/null", &PIPE, vec![], false),
    ] {
        let job = job(line, around).unwrap();
        assert_eq!((job.inputs, job.unasked), (want, unasked), "{line}");
    }
    let low = Low::default();
    for named in [vec!["-".into()], vec!["f".into(), "-".into()]] {
        let inputs = inputs(&low, named, true, &piped);
        assert!(inputs.is_err(), "patterns came from there");
    }
    let inputs = inputs(&low, vec![], true, &piped).unwrap();
    assert_eq!(inputs, (here(), true), "patterns came from there");
}

#[test]
fn buffering_and_threads() {
    check(
        &PIPE,
        |job| (job.policy, job.threads),
        &[
            ("x f", (Policy::Blocks, 4)),
            ("-j0 x f", (Policy::Blocks, 4)),
            ("-j9 --line-buffered x f", (Policy::Lines, 9)),
            ("--block-buffered x f", (Policy::FullBlocks, 4)),
        ],
    );
    check(
        &TERMINAL,
        |job| job.policy,
        &[
            ("x f", Policy::Lines),
            ("--block-buffered x f", Policy::FullBlocks),
        ],
    );
}
