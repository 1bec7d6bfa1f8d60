//! `swathe templates`: what kinds of lines there are.

use std::io::Write as _;

use clap::Command;
use swathe::{
    Result,
    report::Format,
    request::TemplatesRequest,
    run::{Input, Numbering},
    statistic::{Assigned, Templates},
};

use crate::{
    cli::value,
    stat::{
        DONE, Session, TROUBLE,
        args::{self, Common, Flag, Options},
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
        let exit = assign(&request, expanded.inputs, &common, session)?;
        Ok(if expanded.errors.is_empty() {
            exit
        } else {
            TROUBLE
        })
    }
}

/// Finds the templates of all inputs, reads these again and prints the number
/// of every line with that of its template, behind its name if there are
/// several inputs; the number is what the process exits with.
///
/// # Errors
/// When an input can be read only once, or the answer cannot be written.
fn assign(
    request: &TemplatesRequest,
    inputs: Vec<Input>,
    common: &Common,
    session: &mut Session<'_>,
) -> Result<u8> {
    let reading = common.reading();
    Numbering::check(&inputs, &reading)?;
    let inputs = common.asked.ordered(inputs, common.looks())?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    session.interrupt.answers();
    let ground = (&reading, &scope);
    let numbering = Numbering::new(request, &inputs, ground, &mut session.control())?;
    files::tell_skipped(numbering.skipped(), session);
    let named = inputs.len() > 1;
    let (out, mut control) = session.out_and_control();
    let whole = numbering.lines(&inputs, ground, &mut control, &mut |input, lines| {
        let mut text = Vec::with_capacity(lines.len() * 12);
        for Assigned { line, id } in lines {
            if named {
                text.extend(input.name().as_os_str().as_encoded_bytes());
                text.push(b':');
            }
            writeln!(text, "{line}\t{id}")?;
        }
        out.write_all(&text)?;
        Ok(())
    })?;
    Ok(if whole { DONE } else { TROUBLE })
}
