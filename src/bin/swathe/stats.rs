//! `swathe stats`: lines, words, characters, and how long lines are.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use swathe::{
    Result,
    report::{Format, Layout, Report, StatsBody},
    request::{StatsBy, StatsRequest},
    run::Input,
};

use crate::stat::{
    Session, TROUBLE, args,
    command::{StatCommand, ask},
    files::{self, Expanded},
    input, keys, live, rows,
    size::parse_positive_size,
    stats_text, usage,
    wc::{self, Columns, Rows, Total},
    wc_list::Listed,
};

const EXAMPLES: &str = "\
Examples:
  swathe stats app.log
  swathe stats --wc -l *.log
  swathe stats --format json --top-longest 20 app.log";

/// The columns of `wc`: letter, name of the match, and what it is.
const COLUMNS: [(char, &str, &str); 5] = [
    ('l', "lines", "With --wc: the newlines"),
    (
        'w',
        "words",
        "With --wc: the words, as wc counts them in the C locale",
    ),
    ('m', "chars", "With --wc: the characters (UTF-8)"),
    ('c', "bytes", "With --wc: the bytes"),
    (
        'L',
        "max-line-length",
        "With --wc: the columns of the widest line; else: follow symbolic links",
    ),
];

impl StatCommand for StatsRequest {
    const ABOUT: &'static str = "Count lines, words and characters; how long lines are";

    fn command() -> Command {
        let columns = COLUMNS.map(|(letter, name, help)| {
            Arg::new(name)
                .short(letter)
                .long(name)
                .action(ArgAction::SetTrue)
                .hide_short_help(true)
                .help(help)
        });
        // -L alone follows links, as everywhere.
        let columns = columns.map(|arg| match arg.get_short() {
            Some('L') => arg,
            _ => arg.requires("wc"),
        });
        Command::new("stats")
            .about("Lines, words, characters and line lengths of a text")
            .before_help(EXAMPLES)
            .args([
                Arg::new("top-longest")
                    .long("top-longest")
                    .value_name("N")
                    .value_parser(value_parser!(u32).range(0..=10_000))
                    .default_value("5")
                    .help("Name the N longest lines"),
                Arg::new("wc")
                    .long("wc")
                    .action(ArgAction::SetTrue)
                    .help("Print what wc prints; -l -w -m -c -L choose the columns"),
                Arg::new("total")
                    .long("total")
                    .value_name("WHEN")
                    .requires("wc")
                    .hide_short_help(true)
                    .hide_possible_values(true)
                    .value_parser(PossibleValuesParser::new([
                        "auto", "always", "only", "never",
                    ]))
                    .help("With --wc: a row for all: auto (of several), always, only, never"),
                Arg::new("files0-from")
                    .long("files0-from")
                    .value_name("FILE")
                    .requires("wc")
                    .conflicts_with("path")
                    .hide_short_help(true)
                    .value_parser(value_parser!(OsString))
                    .help("With --wc: read the files that FILE (- for standard input) names, a NUL behind each"),
                Arg::new("by")
                    .long("by")
                    .value_name("KEY[,KEY]...")
                    .action(ArgAction::Append)
                    .conflicts_with("wc")
                    .help("The same of each key: field:3, json:a.b, level ..."),
                rows::arg("20", "With --by: show N groups"),
                Arg::new("memory")
                    .long("memory")
                    .value_name("SIZE")
                    .value_parser(parse_positive_size)
                    .default_value("1G")
                    .hide_short_help(true)
                    .help("With --by: keep groups in at most SIZE"),
            ])
            .args(keys::forms())
            .args(columns)
            .arg(
                Arg::new("path")
                    .value_name("PATH")
                    .num_args(0..)
                    .value_parser(value_parser!(OsString))
                    .help("Files to read; - or nothing for standard input"),
            )
    }

    fn parse(matches: &ArgMatches) -> Result<(StatsRequest, Vec<Input>)> {
        let keys = keys::by(matches)?;
        let by = (!keys.is_empty()).then(|| -> Result<StatsBy> {
            Ok(StatsBy {
                by: keys,
                keys: keys::form(matches)?,
                limit: rows::parse(matches),
                memory: matches.get_one("memory").copied().unwrap_or(1 << 30),
            })
        });
        let longest = matches.get_one::<u32>("top-longest").copied();
        let request = StatsRequest {
            longest: longest.unwrap_or(5),
            records: matches
                .get_one::<String>("record")
                .is_some_and(|what| what != "line"),
            by: by.transpose()?,
        };
        Ok((request, inputs(matches)))
    }

    fn text(report: &Report<StatsBody>, layout: &Layout) -> String {
        match &report.body.by {
            Some(_) => report.to_text(layout),
            None => stats_text::render(report, layout),
        }
    }

    fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
        if !matches.get_flag("wc") {
            return ask::<StatsRequest>(matches, session);
        }
        let common = args::of(matches, session)?;
        live::parse(matches)?;
        let other = ["partial", "output"]
            .iter()
            .any(|flag| matches.contains_id(flag));
        if common.format != Format::Text || other {
            return Err(usage(
                "--wc prints the columns of wc; leave it out for --format, --output and --partial",
            ));
        }
        let listed = matches.get_one::<OsString>("files0-from");
        let listed = listed.map(|list| Listed::read(list)).transpose()?;
        let inputs = match &listed {
            Some(listed) => listed.inputs.clone(),
            None => inputs(matches),
        };
        let named = !inputs.is_empty();
        let expanded = if listed.is_some() && !named {
            // Of an empty list nothing is read, and not standard input.
            Expanded::default()
        } else {
            files::expand(inputs, &common, session)?
        };
        let rows = Rows {
            named,
            columns: columns(matches),
            total: Total::named(matches.get_one::<String>("total").map(String::as_str)),
            // As of wc, which does not wait for all names of a pipe.
            unaligned: listed.is_some_and(|listed| listed.piped),
        };
        let exit = wc::run(rows, &expanded.inputs, &common, session)?;
        Ok(if expanded.errors.is_empty() {
            exit
        } else {
            TROUBLE
        })
    }
}

fn inputs(matches: &ArgMatches) -> Vec<Input> {
    input::named(matches.get_many::<OsString>("path").into_iter().flatten())
}

fn columns(matches: &ArgMatches) -> Columns {
    Columns {
        newlines: matches.get_flag("lines"),
        words: matches.get_flag("words"),
        chars: matches.get_flag("chars"),
        bytes: matches.get_flag("bytes"),
        width: matches.get_flag("max-line-length"),
    }
    .or_default()
}
