//! `swathe templates`: what kinds of lines there are.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{Result, report::Format, request::TemplatesRequest, run::Input, statistic::Templates};

use crate::stat::{
    Session, TROUBLE, args, assign,
    command::{StatCommand, ask},
    files, input, rows, usage,
};

const EXAMPLES: &str = "\
Examples:
  swathe templates app.log
  swathe templates -k 0 --format csv app.log
  swathe templates --assign app.log | awk -F'\\t' '$2 == 7 {print $1}'";

const MORE: &str = "\
A template is what lines of one kind have in common: the message without timestamp, host,
process, level and logger, with <*> for what varies (numbers, paths, addresses, and words
in a place where many different ones occur). Every line has exactly one.";

impl StatCommand for TemplatesRequest {
    const ABOUT: &'static str = "Count the kinds of lines there are";

    fn command() -> Command {
        Command::new("templates")
            .about("The kinds of lines a log consists of, the most frequent first")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
            .args([
                rows::arg("20", "Show the N most frequent templates").long("top"),
                Arg::new("assign")
                    .long("assign")
                    .action(ArgAction::SetTrue)
                    .help("Print the number of each line and of its template instead"),
                Arg::new("max-templates")
                    .long("max-templates")
                    .value_name("N")
                    .value_parser(value_parser!(u64).range(2..=10_000_000))
                    .default_value("50000")
                    .hide_short_help(true)
                    .help("Tell at most N templates apart; what is more is masked further"),
            ])
            .arg(
                Arg::new("path")
                    .value_name("PATH")
                    .num_args(0..)
                    .value_parser(value_parser!(OsString))
                    .help("Files to read; - or nothing for standard input"),
            )
    }

    fn parse(matches: &ArgMatches) -> Result<(TemplatesRequest, Vec<Input>)> {
        let number = |name| matches.get_one::<u64>(name).copied();
        let request = TemplatesRequest {
            limit: rows::parse(matches),
            max: number("max-templates").unwrap_or(Templates::MAX as u64),
        };
        let paths = matches.get_many::<OsString>("path").into_iter().flatten();
        Ok((request, input::named(paths)))
    }

    fn run(matches: &ArgMatches, session: &mut Session<'_>) -> Result<u8> {
        if !matches.get_flag("assign") {
            return ask::<TemplatesRequest>(matches, session);
        }
        let common = args::of(matches, session)?;
        let other = ["partial", "output"]
            .iter()
            .any(|flag| matches.contains_id(flag));
        if common.format != Format::Text || other {
            return Err(usage(
                "--assign prints lines of text; leave it out for --format, --output and --partial",
            ));
        }
        let (request, inputs) = TemplatesRequest::parse(matches)?;
        let expanded = files::expand(inputs, &common, session)?;
        let exit = assign::run(&request, expanded.inputs, &common, session)?;
        Ok(if expanded.errors.is_empty() {
            exit
        } else {
            TROUBLE
        })
    }
}
