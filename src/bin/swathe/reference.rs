//! `docs/reference.md`: all flags of all commands, as their table has them.

use std::{fmt::Write as _, fs, path::Path};

use super::{COMMANDS, Entry};
use crate::cli::flag::{About, Choices, Group};

/// The command whose flags are those of all that read and answer.
const MODEL: &str = "count";

/// The groups that all commands have which read.
const SHARED: [Group; 4] = [
    Group::Records,
    Group::Files,
    Group::Reading,
    Group::Printing,
];

const HEAD: &str = "\
# Reference: the flags of all commands

A test checks that this page is what the program's own table of flags says;
`SWATHE_WRITE=1 cargo test --bin swathe reference` writes it anew. The same is in
`swathe COMMAND --help` and `swathe man COMMAND`; [guide.md](guide.md) has everyday
questions.

A flag with one value may be given several times: the last one counts. A flag that
says *may be given often* adds up.
";

/// What a page of Markdown would take for its own.
fn plain(text: &str) -> String {
    let special = |c: char| "\\*_<>[]`|".contains(c);
    let marked = |c: char| special(c).then_some('\\').into_iter().chain([c]);
    text.chars().flat_map(marked).collect()
}

fn item(page: &mut String, flag: &About) {
    let short = flag.short.map(|short| format!("`-{short}`, "));
    let value = flag.value.map(|value| format!(" {value}"));
    let (short, value) = (short.unwrap_or_default(), value.unwrap_or_default());
    let _ = write!(
        page,
        "* {short}`--{}{value}`: {}",
        flag.long,
        plain(&flag.help())
    );
    if flag.repeats && flag.value.is_some() {
        page.push_str(" (*may be given often*)");
    }
    if !flag.rest().is_empty() {
        let _ = write!(page, ". {}", plain(&flag.rest()));
    }
    page.push('\n');
}

/// The flags in their groups, in the order of the help.
fn groups(page: &mut String, flags: &[&About]) {
    let mut seen: Vec<Group> = Vec::new();
    for flag in flags {
        if !seen.contains(&flag.group) {
            seen.push(flag.group);
        }
    }
    for group in seen {
        let _ = match group.heading() {
            Some(heading) => write!(page, "\n### {heading}\n\n"),
            None => writeln!(page),
        };
        for flag in flags.iter().filter(|flag| flag.group == group) {
            item(page, flag);
        }
    }
}

fn same(one: &About, other: &About) -> bool {
    one.name() == other.name() && one.help() == other.help() && one.rest() == other.rest()
}

fn command(page: &mut String, entry: &Entry, shared: &[&About]) {
    let line = (entry.line)();
    let flags = line.flags().into_iter().filter(|flag| !flag.is_hidden());
    let is_shared = |flag: &&About| shared.iter().any(|one| same(one, flag));
    let (known, own): (Vec<_>, Vec<_>) = flags.partition(is_shared);
    let _ = write!(page, "\n## swathe {}\n\n{}.\n", entry.name, entry.about);
    if let Choices::Of(names) = &line.operands().choices {
        let _ = write!(page, "\nIt takes one of {}.\n", names.join(", "));
    }
    groups(page, &own);
    let is_missing = |one: &&&About| {
        let flags = known.iter().chain(&own);
        !flags.into_iter().any(|flag| flag.long == one.long)
    };
    let missing: Vec<&About> = shared.iter().filter(is_missing).copied().collect();
    let names = |flags: &[&About]| {
        let names = flags.iter().map(|flag| format!("`--{}`", flag.long));
        names.collect::<Vec<_>>().join(", ")
    };
    let there = "(#commands-that-read)";
    let _ = match (known.len(), missing.len()) {
        (0, _) => Ok(()),
        (_, 0) => writeln!(page, "\nAnd [all that commands which read have]{there}."),
        (have, lack) if have > lack => writeln!(
            page,
            "\nAnd [all that commands which read have]{there}, but for {}.",
            names(&missing)
        ),
        _ => writeln!(
            page,
            "\nOf [those of commands that read]{there}: {}.",
            names(&known)
        ),
    };
}

fn page() -> String {
    let model = COMMANDS.iter().find(|entry| entry.name == MODEL).unwrap();
    let model = (model.line)();
    let shared = model.flags().into_iter();
    let shared = shared.filter(|flag| SHARED.contains(&flag.group) && flag.long != "resume");
    let shared: Vec<&About> = shared.filter(|flag| !flag.is_hidden()).collect();
    let mut page = HEAD.to_string();
    page.push_str("\n## Commands that read\n");
    groups(&mut page, &shared);
    for entry in COMMANDS {
        command(&mut page, entry, &shared);
    }
    page
}

#[test]
fn the_reference_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let page = page();
    if std::env::var_os("SWATHE_WRITE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let lines = written.lines().zip(page.lines());
    let differs = lines.enumerate().find(|(_, (a, b))| a != b);
    assert!(
        written == page,
        "SWATHE_WRITE=1 writes it anew: {differs:?}"
    );
}
