//! `swathe templates`: what kinds of lines there are.

use clap::Command;
use swathe::{Result, report::Format, request::TemplatesRequest, run::Input, statistic::Templates};

use crate::{
    cli::value,
    stat::{
        Session, TROUBLE,
        args::{self, Common, Flag, Options},
        assign,
        command::{StatCommand, ask},
        files, input, usage,
    },
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

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    assign: bool,
    max: Option<u64>,
}

impl StatCommand for TemplatesRequest {
    const ABOUT: &'static str = "Count the kinds of lines there are";

    fn command() -> Command {
        Command::new("templates")
            .about("The kinds of lines a log consists of, the most frequent first")
            .before_help(EXAMPLES)
            .after_long_help(MORE)
    }

    type Told = Told;

    fn flags() -> Vec<Flag<Told>> {
        vec![
            args::limit("-k --top N", "Show the N most frequent templates (20)"),
            Flag::<Told>::on(
                "--assign",
                "Print the number of each line and of its template",
                |o| &mut o.own.assign,
            )
            .brief(),
            Flag::<Told>::one(
                "--max-templates N",
                "Tell at most N templates apart (50000)",
                value::within(2, 10_000_000),
                |o| &mut o.own.max,
            )
            .more("What is more is masked further."),
        ]
    }

    fn asked(told: &Options<Told>) -> Result<(TemplatesRequest, Vec<Input>)> {
        let request = TemplatesRequest {
            limit: told.shared.limit,
            max: told.own.max.unwrap_or(Templates::MAX as u64),
        };
        Ok((request, input::named(&told.shared.operands)))
    }

    fn run(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
        if !told.own.assign {
            return ask::<TemplatesRequest>(told, session);
        }
        let shared = &told.shared;
        let common = Common::of(shared, session.stop)?;
        if common.format != Format::Text || shared.partial.is_some() || shared.output.is_some() {
            return Err(usage(
                "--assign prints lines of text; leave it out for --format, --output and --partial",
            ));
        }
        let (request, inputs) = TemplatesRequest::asked(told)?;
        let expanded = files::expand(inputs, &common, session)?;
        let exit = assign::run(&request, expanded.inputs, &common, session)?;
        Ok(if expanded.errors.is_empty() {
            exit
        } else {
            TROUBLE
        })
    }
}
