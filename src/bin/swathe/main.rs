//! The command line of swathe.
//!
//! Each command is a module with a `main` that takes the arguments behind its
//! name; [`COMMANDS`] lists them. What they share: [`cli`] parses, [`inputs`]
//! names sources, [`session`] owns the output, the progress and the watch for
//! signals while a command runs.

mod bench;
mod cli;
mod closed;
mod count;
mod diff;
mod docs;
mod explain;
mod faults;
mod files;
mod formats;
mod generate;
mod gentle;
mod inspect;
#[cfg(test)]
mod laws;
mod messages;
mod operands;
#[expect(unsafe_code, reason = "an allocator is unsafe by its signature")]
mod out_of_memory;
mod output;
mod progress;
#[cfg(test)]
mod reference;
mod report;
mod schema;
mod search;
mod session;
mod signals;
mod stat;
mod stats;
mod templates;
mod timeline;
mod top;
mod trailer;
mod values;

use std::{
    ffi::{OsStr, OsString},
    process::ExitCode,
};

use clap::Command;
use cli::{
    parse::{self, AnyLine},
    usage,
};
use session::Exit;
use stat::{
    command::StatCommand,
    entry,
    merge::{self, Merge},
};
use swathe::{
    report::InspectBody,
    request::{
        CountRequest, ReportRequest, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest,
    },
};

/// A command: what it is called, what it is for, and what does it.
struct Entry {
    name: &'static str,
    about: &'static str,
    main: fn(&[OsString]) -> Result<Exit, String>,
    /// All its flags, for those who tell of them.
    line: fn() -> Box<dyn AnyLine>,
    /// What merges its partials, if it is a statistic.
    merge: Option<Merge>,
    /// What its JSON looks like, if it is a statistic.
    schema: Option<fn() -> serde_json::Value>,
}

impl Entry {
    const fn new(
        name: &'static str,
        about: &'static str,
        main: fn(&[OsString]) -> Result<Exit, String>,
        line: fn() -> Box<dyn AnyLine>,
    ) -> Entry {
        Entry {
            name,
            about,
            main,
            line,
            merge: None,
            schema: None,
        }
    }

    /// The command as the list of all shows it.
    fn named(&self) -> Command {
        Command::new(self.name).about(self.about)
    }

    /// All there is to know of a statistic.
    const fn statistic<C: StatCommand>() -> Entry {
        Entry {
            merge: Some(merge::merge::<C>),
            schema: Some(|| swathe::report::schema::<C::Body>(C::COMMAND)),
            ..Entry::new(C::COMMAND, C::ABOUT, entry::statistic::<C>, || {
                Box::new(entry::line::<C>())
            })
        }
    }
}

/// All commands, in the order of the help. A new one needs an entry here, a
/// `mod` above and nothing else.
const COMMANDS: &[Entry] = &[
    Entry::new(
        "search",
        "Print the lines that match a pattern",
        search::main,
        || Box::new(search::line()),
    ),
    Entry::statistic::<CountRequest>(),
    Entry::statistic::<StatsRequest>(),
    Entry::statistic::<TopRequest>(),
    Entry::statistic::<TimelineRequest>(),
    Entry::statistic::<TemplatesRequest>(),
    Entry::statistic::<ValuesRequest>(),
    Entry::statistic::<ReportRequest>(),
    Entry {
        schema: Some(diff::schema),
        ..Entry::new(
            "diff",
            "Say what is new, gone or shifted between two logs",
            |arguments| entry::main(&diff::line(), diff::run, arguments),
            || Box::new(diff::line()),
        )
    },
    Entry {
        schema: Some(|| swathe::report::schema::<InspectBody>("inspect")),
        ..Entry::new(
            "inspect",
            "Say what kind of file this is, and what to ask about it",
            |arguments| entry::main(&inspect::line(), inspect::run, arguments),
            || Box::new(inspect::line()),
        )
    },
    Entry::new(
        "merge",
        "Merge what --partial wrote into one answer",
        |arguments| {
            let find = |name: &str| find(name.as_ref()).and_then(|entry| entry.merge);
            entry::main(
                &merge::line(),
                |told, session| merge::run(told, session, find),
                arguments,
            )
        },
        || Box::new(merge::line()),
    ),
    Entry {
        schema: Some(bench::schema),
        ..Entry::new(
            "bench",
            "Measure throughput, and say what limits it",
            bench::main,
            || Box::new(bench::args::line()),
        )
    },
    Entry {
        schema: Some(generate::schema),
        ..Entry::new(
            "generate",
            "Write a log of any size whose every answer is known",
            generate::main,
            || Box::new(generate::line()),
        )
    },
    Entry::new(
        "schema",
        "Print the JSON Schema of a command's answer",
        |arguments| schema::main(arguments, with_schema(), schema_of),
        || Box::new(schema::line(with_schema())),
    ),
    Entry::new(
        "formats",
        "List, show and try formats of records",
        formats::main,
        || Box::new(formats::line()),
    ),
    Entry::new(
        "man",
        "Print a manual page",
        |arguments| docs::man(arguments, names(), whole),
        || Box::new(docs::man_line(names())),
    ),
    Entry::new(
        "completions",
        "Print what a shell needs to complete flags",
        |arguments| docs::completions(arguments, whole),
        || Box::new(docs::completions_line()),
    ),
];

/// What the schema of a spec is asked for by.
const SPEC: &str = "report-spec";

/// The names of all commands.
fn names() -> Vec<&'static str> {
    COMMANDS.iter().map(|entry| entry.name).collect()
}

/// What there is a schema of.
fn with_schema() -> Vec<&'static str> {
    let known = COMMANDS.iter().filter(|entry| entry.schema.is_some());
    known.map(|entry| entry.name).chain([SPEC]).collect()
}

fn schema_of(name: &str) -> Option<serde_json::Value> {
    match name {
        SPEC => Some(report::spec_schema()),
        name => find(name.as_ref()).and_then(|entry| Some(entry.schema?())),
    }
}

const EXAMPLES: &str = "\
Examples:
  swathe search -n 'ERROR|FATAL' app.log     lines that match, numbered
  swathe search -c -i timeout app.log        how many lines match
  tail -f app.log | swathe search -A2 panic  as they come, with what follows";

const MORE: &str = "\
Each command explains itself: swathe COMMAND -h on one screen, swathe COMMAND --help in full.";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    signals::outlive_size_limit();
    let exit = faults::told(|| run(&arguments)).unwrap_or_else(|usage| {
        messages::say(None, usage);
        Exit::Failure
    });
    match exit {
        // Nobody was told what there was to say, but for this.
        Exit::Success | Exit::NoMatch if messages::lost() => Exit::Failure.into(),
        exit => exit.into(),
    }
}

fn run(arguments: &[OsString]) -> Result<Exit, String> {
    match arguments {
        [help] if help == "help" => overview(&["--help".into()]),
        [help, name, ..] if help == "help" => match find(name) {
            Some(command) => (command.main)(&["--help".into()]),
            None => overview(std::slice::from_ref(name)),
        },
        [name, rest @ ..] => match find(name) {
            Some(command) => (command.main)(rest),
            None => overview(arguments),
        },
        [] => Err("which command?\n\
             swathe search PATTERN FILE searches; swathe --help lists all commands"
            .to_string()),
    }
}

fn find(name: &OsStr) -> Option<&'static Entry> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// What is asked without a command: help, the version, or by mistake.
fn overview(arguments: &[OsString]) -> Result<Exit, String> {
    // A command is what is meant more often than a flag, also behind two dashes.
    let near = |word: &str| {
        let name = word.trim_start_matches('-');
        let command = usage::nearest(name, names().into_iter().chain(["help"]));
        let flag = || usage::nearest(name, ["version"]).map(|flag| format!("--{flag}"));
        command.map(str::to_string).or_else(flag)
    };
    match root(Entry::named).try_get_matches_from(arguments) {
        Ok(_) => Err("which command?\nswathe --help lists them".to_string()),
        Err(error) => parse::shown(&error, near),
    }
}

/// All commands with all their flags.
fn whole() -> Command {
    root(|entry| {
        let command = (entry.line)().clap(true);
        command.name(entry.name).about(entry.about)
    })
}

/// The program, with commands made of each entry.
fn root(of: impl Fn(&Entry) -> Command) -> Command {
    Command::new("swathe")
        .no_binary_name(true)
        .about("Search and count in files too big to wait for, on all cores")
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage("swathe COMMAND [OPTIONS] ... [FILE]...")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .after_help(format!("{EXAMPLES}\n\n{MORE}"))
        .subcommands(COMMANDS.iter().map(of))
}
