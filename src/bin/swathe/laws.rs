//! What holds for every flag of every command.

use std::{collections::BTreeMap, ffi::OsString};

use clap_complete::Shell;

use super::{COMMANDS, Entry, docs, whole};
use crate::cli::{flag::About, parse::AnyLine};

/// Values for flags of all kinds: what one takes, another refuses.
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "2",
    "1K",
    "3M",
    "1T",
    "4096",
    "4097",
    "5000",
    "9999",
    "1800",
    "2024",
    "-1",
    "0.25",
    "1.5",
    "3",
    "a",
    "b",
    "a=b",
    "c=d",
    "a>1",
    "b>2",
    ">1",
    "$1",
    "field:2",
    "field:x",
    "level",
    "5m",
    "1h",
    "1s",
    "500ms",
    "soon",
    "now",
    "end-2h",
    "2024-01-02",
    "2026-11-23",
    "UTC",
    "+02:00",
    "Mars/Base",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "auto",
    "line",
    "\\t",
    ";",
    "ab",
    "utf-16le",
    "latin1",
    "klingon",
    "log",
    "json",
    "1..2",
    "3..4",
    "2..1",
    "match:fg:red",
    "path:none",
    "vscode",
    "file",
];

/// Flags that mean something else in some commands, on purpose: these take other values
/// there.
const OTHERS: &[(&str, &str)] = &[
    // The order of groups, where a search and others order files.
    ("top", "sort"),
    ("values", "sort"),
    // Regexes of which only the last counts.
    ("top", "regexp"),
    ("values", "regexp"),
    // Several at once, to be compared.
    ("bench", "threads"),
    ("bench", "io"),
    ("bench", "format"),
    // A log of nothing can be generated, and not be measured.
    ("bench", "size"),
    // The other partials.
    ("merge", "by"),
];

fn each(mut check: impl FnMut(&Entry, &dyn AnyLine, &About)) {
    for entry in COMMANDS {
        let line = (entry.line)();
        for flag in line.flags() {
            check(entry, &*line, flag);
        }
    }
}

/// All values to try a flag with.
fn values(flag: &About) -> Vec<String> {
    let known = flag.choices.names();
    let others = VALUES.iter().map(ToString::to_string);
    known.into_iter().take(3).chain(others).collect()
}

#[test]
fn of_a_flag_with_one_value_the_last_counts() {
    let mut compared = 0;
    each(|entry, line, flag| {
        if flag.value.is_none() || flag.repeats || flag.is_hidden() {
            return;
        }
        let one = |value: &str| line.tried(flag.long, &[value]);
        let taken = values(flag).into_iter().filter(|value| one(value).is_ok());
        let mut taken: Vec<String> = taken.collect();
        taken.dedup_by_key(|value| one(value));
        let what = format!("{} --{}: {taken:?}", entry.name, flag.long);
        let alone = entry.name == "merge" && flag.long == "by";
        assert!(taken.len() > 1 || alone, "{what}");
        for pair in taken.windows(2) {
            let both = line.tried(flag.long, &[&pair[0], &pair[1]]);
            assert_eq!(both, one(&pair[1]), "{what}");
            compared += 1;
        }
    });
    assert!(compared > 500, "{compared}");
}

#[test]
fn a_flag_takes_and_refuses_the_same_in_every_command() {
    let mut known: BTreeMap<&str, (&str, Vec<Option<String>>)> = BTreeMap::new();
    each(|entry, line, flag| {
        let other = OTHERS.contains(&(entry.name, flag.long));
        if flag.value.is_none() || flag.is_hidden() || other {
            return;
        }
        let values = values(flag);
        let said = values
            .iter()
            .map(|value| line.tried(flag.long, &[value]).err());
        let said: Vec<_> = said.collect();
        let (first, same) = known
            .entry(flag.long)
            .or_insert_with(|| (entry.name, said.clone()));
        for ((value, one), other) in values.iter().zip(same).zip(said) {
            let what = format!("--{}={value} in {first} and {}", flag.long, entry.name);
            assert_eq!(*one, other, "{what}");
        }
    });
}

#[test]
fn a_flag_says_the_same_of_itself_in_every_command() {
    let mut known: BTreeMap<&str, (&str, About)> = BTreeMap::new();
    each(|entry, _, flag| {
        let own = [("top", "sort"), ("values", "sort")].contains(&(entry.name, flag.long));
        if flag.is_hidden() || own {
            return;
        }
        let (first, same) = known
            .entry(flag.long)
            .or_insert_with(|| (entry.name, flag.clone()));
        let what = format!("--{} in {first} and {}", flag.long, entry.name);
        assert_eq!(same.value.is_some(), flag.value.is_some(), "{what}");
        assert_eq!(same.negation, flag.negation, "{what}");
    });
}

/// The line of a manual page that names a flag, without its marks.
fn plain(page: &str) -> String {
    let page = page.replace("\\-", "-");
    let page = ["\\fB", "\\fI", "\\fR"]
        .iter()
        .fold(page, |page, mark| page.replace(mark, ""));
    page.replace("\\*(Aq", "'").replace("\\\\", "\\")
}

#[test]
fn manual_pages_explain_every_flag() {
    for entry in COMMANDS {
        let page = plain(&docs::page_of(&mut whole(), entry.name).unwrap());
        let line = (entry.line)();
        for flag in line.flags().into_iter().filter(|flag| !flag.is_hidden()) {
            let head = match flag.short {
                Some(short) => format!("-{short}, --{}", flag.long),
                None => format!("--{}", flag.long),
            };
            let mut lines = page.lines();
            let is_head = |line: &&str| {
                let rest = line.strip_prefix(&*head);
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c == '-' || c.is_alphanumeric())
                })
            };
            let what = format!("{} {head}", entry.name);
            lines.find(is_head).unwrap_or_else(|| panic!("{what}"));
            let text = lines.next().unwrap_or_default();
            assert!(text.starts_with(&flag.help()), "{what}: {text}");
        }
    }
}

#[test]
fn completions_know_the_choices() {
    let mut text = Vec::new();
    clap_complete::generate(Shell::Bash, &mut whole(), "swathe", &mut text);
    let text = String::from_utf8(text).unwrap();
    let mut lists = 0;
    each(|entry, line, flag| {
        let choices = flag.choices.names();
        if !choices.is_empty() && !flag.is_hidden() {
            let words = format!("\"{}\"", choices.join(" "));
            assert!(text.contains(&words), "{} --{}", entry.name, flag.long);
            lists += 1;
        }
        let operands = line.operands().choices.names();
        assert!(operands.is_empty() || text.contains(&operands.join(" ")));
    });
    assert!(lists > 50, "{lists}");
    for known in ["nginx apache", "text json", "log", "given path time"] {
        assert!(text.contains(known), "{known}");
    }
    assert!(!text.contains("--probe") && !text.contains("--generate"));
    for command in ["man", "schema", "completions"] {
        let line = COMMANDS.iter().find(|entry| entry.name == command).unwrap();
        assert!(!(line.line)().operands().choices.names().is_empty());
    }
}

#[test]
fn what_was_meant_is_what_is_nearest() {
    for (typed, near) in [
        ("serach", "search"),
        ("coutn", "count"),
        ("--timelin", "timeline"),
        ("hlep", "help"),
        ("version", "--version"),
    ] {
        let said = super::run(&[typed.into()]).unwrap_err();
        assert!(said.contains(&format!("did you mean {near}?")), "{said}");
    }
    for (command, typed, near) in [
        ("search", "--colum", "--column"),
        ("count", "--fixed-string", "--fixed-strings"),
        ("top", "--distict", "--distinct"),
        ("stats", "--no-hiden", "--no-hidden"),
        ("generate", "--needels", "--needles"),
        ("man", "--hlep", "--help"),
    ] {
        let said = super::run(&[command.into(), typed.into()]).unwrap_err();
        assert!(said.contains(&format!("did you mean {near}?")), "{said}");
    }
    for (arguments, near) in [
        (["man", "serach"], "search"),
        (["schema", "timelime"], "timeline"),
        (["completions", "bsh"], "bash"),
        (["top", "--preset=nginz"], "nginx"),
    ] {
        let said = super::run(&arguments.map(OsString::from)).unwrap_err();
        assert!(said.contains(&format!("did you mean {near}?")), "{said}");
    }
}
