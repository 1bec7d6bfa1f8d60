//! `swathe stats`: lines, words, characters, and how long lines are.

use std::path::PathBuf;

use clap::Command;
use swathe::{
    Result,
    report::{Format, WcColumns},
    request::{StatsBy, StatsRequest},
    run::Input,
};

use crate::{
    cli::value,
    stat::{
        Session, TROUBLE,
        args::{self, Common, Flag, Options},
        command::{StatCommand, ask},
        files::{self, Expanded},
        input, live, usage,
        wc::{self, Rows, TOTALS, Total},
        wc_list::Listed,
    },
};

const EXAMPLES: &str = "\
Examples:
  swathe stats app.log
  swathe stats --wc -l *.log
  swathe stats --format json --top-longest 20 app.log";

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// How many of the longest lines are named.
    longest: Option<u32>,
    wc: bool,
    columns: WcColumns,
    total: Option<Total>,
    files0_from: Option<PathBuf>,
}

impl StatCommand for StatsRequest {
    const ABOUT: &'static str = "Count lines, words and characters; how long lines are";

    fn command() -> Command {
        Command::new("stats")
            .about("Lines, words, characters and line lengths of a text")
            .before_help(EXAMPLES)
    }

    type Told = Told;

    fn flags() -> Vec<Flag<Told>> {
        let own = [
            Flag::<Told>::one(
                "--top-longest N",
                "Name the N longest lines (5)",
                value::within(0, 10_000),
                |o| &mut o.own.longest,
            )
            .brief(),
            args::by("The same of each key: field:3, json:a.b, level ..."),
            args::limit("-k --limit N", "With --by: show N groups (20)"),
            args::memory(),
        ];
        own.into_iter().chain(wc_flags()).collect()
    }

    fn asked(told: &Options<Told>) -> Result<(StatsRequest, Vec<Input>)> {
        let shared = &told.shared;
        let by = (!shared.by.is_empty()).then(|| -> Result<StatsBy> {
            Ok(StatsBy {
                by: shared.by.clone(),
                keys: shared.key_options(),
                limit: shared.limit,
                memory: shared.memory(),
            })
        });
        let request = StatsRequest {
            longest: told.own.longest.unwrap_or(5),
            records: shared.words.by_record(),
            by: by.transpose()?,
        };
        check(told)?;
        Ok((request, input::named(&shared.operands)))
    }

    fn run(told: &Options<Told>, session: &mut Session<'_>) -> Result<u8> {
        if !told.own.wc {
            return ask::<StatsRequest>(told, session);
        }
        let (own, shared) = (&told.own, &told.shared);
        check(told)?;
        let common = Common::of(shared, session.stop)?;
        live::asked(shared)?;
        if common.format != Format::Text || shared.partial.is_some() || shared.output.is_some() {
            return Err(usage(
                "--wc prints the columns of wc; leave it out for --format, --output and --partial",
            ));
        }
        let listed = own.files0_from.as_ref();
        let listed = listed
            .map(|list| Listed::read(list.as_os_str()))
            .transpose()?;
        let inputs = match &listed {
            Some(listed) => listed.inputs.clone(),
            None => input::named(&shared.operands),
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
            columns: own.columns.or_default(),
            total: own.total.unwrap_or_default(),
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

/// The letters of `wc`, which mean something else without `--wc`, or nothing.
const LETTERS: [&str; 6] = ["lines", "words", "chars", "bytes", "total", "files0-from"];

/// The flags that make it `wc`.
fn wc_flags() -> Vec<Flag<Told>> {
    let column = |written, help, field: fn(&mut WcColumns) -> &mut bool| {
        Flag::<Told>::on(written, help, move |o| field(&mut o.own.columns))
    };
    vec![
        Flag::<Told>::on(
            "--wc",
            "Print what wc prints; -l -w -m -c -L choose columns",
            |o| &mut o.own.wc,
        )
        .brief(),
        Flag::<Told>::choice("--total WHEN", "With --wc, a row for all", &TOTALS, |o| {
            &mut o.own.total
        })
        .more("auto: of several."),
        Flag::<Told>::one(
            "--files0-from FILE",
            "With --wc: read the files that FILE names",
            value::path,
            |o| &mut o.own.files0_from,
        )
        .more("A NUL behind each; - is standard input."),
        column("-l --lines", "With --wc: the newlines", |c| &mut c.newlines),
        column("-w --words", "With --wc: the words", |c| &mut c.words)
            .more("As wc counts them in the C locale."),
        column("-m --chars", "With --wc: the characters (UTF-8)", |c| {
            &mut c.chars
        }),
        column("-c --bytes", "With --wc: the bytes", |c| &mut c.bytes),
        column(
            "-L --max-line-length",
            "With --wc: the columns of the widest line",
            |c| &mut c.width,
        )
        .more("Without --wc, as --follow: follow symbolic links in directories."),
    ]
}

/// Checks that the flags go together.
fn check(told: &Options<Told>) -> Result<()> {
    let shared = &told.shared;
    match shared.first_typed(LETTERS) {
        Some(flag) if !told.own.wc => {
            return Err(usage(format!("--{flag} is for --wc; give it as well")));
        }
        _ => {}
    }
    if told.own.wc && shared.has("by") {
        return Err(usage("--wc has no groups; leave out --by, or --wc"));
    }
    if told.own.files0_from.is_some() && !shared.operands.is_empty() {
        return Err(usage(
            "--files0-from names the files; leave out those behind the flags",
        ));
    }
    Ok(())
}
