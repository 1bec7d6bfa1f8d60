//! `swathe values`: sum, mean, percentiles and more of numbers in records.

use clap::Command;
use swathe::{
    Result,
    key::Key,
    request::ValuesRequest,
    run::Input,
    statistic::{NumberUnit, ValuesOptions, ValuesSort},
};

use crate::{
    cli::{parse::Operands, value},
    stat::{
        args::{self, Flag, Options},
        command::StatCommand,
        keys,
    },
};

const EXAMPLES: &str = "\
Examples:
  swathe values 'took ([0-9.]+(?:ms|s))' app.log
  swathe values --of bytes --by url --sort sum access.log
  swathe values --of json:duration_ms --by json:service,time:5m --format csv app.jsonl";

const MORE: &str = "\
A record has one number: that of its first match, or of the field --of names. Without --of it
is the first capture of the REGEX, or all that it matches.

Units (--unit auto) are those of times, ns us ms s m h d (1h30m and 1:30:00 as well), and of
sizes, B K M G T P and KiB ... of 1024, kB ... of 1000; results are in seconds and bytes. A
number without a unit, or with %, is taken as it is; a comma may stand between thousands
(1,234.5). --where reads numbers alike.

Percentiles are numbers that occur: p99 is the smallest such that 99 % are not greater. They
are exact for up to 65,536 different numbers, in each group for up to 4,096; beyond that they
are within 0.8 %, and said to be, unless --exact has the files read once more. All else is
exact. Groups that do not fit into --memory are looked at in further passes over the files.";

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    of: Option<Key>,
    unit: NumberUnit,
    sort: ValuesSort,
    exact: bool,
}

/// The words for [`NumberUnit`].
const UNITS: [(&str, NumberUnit); 4] = [
    ("auto", NumberUnit::Auto),
    ("none", NumberUnit::None),
    ("time", NumberUnit::Time),
    ("size", NumberUnit::Size),
];

/// The words for [`ValuesSort`].
const SORTS: [(&str, ValuesSort); 5] = [
    ("count", ValuesSort::Count),
    ("sum", ValuesSort::Sum),
    ("max", ValuesSort::Max),
    ("p99", ValuesSort::P99),
    ("key", ValuesSort::Key),
];

impl StatCommand for ValuesRequest {
    const ABOUT: &'static str = "Sum, mean and percentiles of numbers in records, by key";

    fn command() -> Command {
        Command::new("values")
            .about("Sum, mean, percentiles and more of the numbers in records, by key")
            .before_help(EXAMPLES)
            .after_long_help(format!("{MORE}\n\n{}", keys::KEYS))
            .override_usage(
                "swathe values [OPTIONS] REGEX [PATH]...\n       \
                 swathe values [OPTIONS] --of KEY [--by KEY[,KEY]...] [PATH]...",
            )
    }

    type Told = Told;

    const OPERANDS: Operands = keys::OPERANDS;

    fn flags() -> Vec<Flag<Told>> {
        let own = [
            Flag::<Told>::one(
                "--of KEY",
                "Take the number from $1, field:3, json:a.b ...",
                value::parsed::<Key>,
                |o| &mut o.own.of,
            )
            .brief(),
            Flag::<Told>::choice("--unit UNIT", "Units of numbers", &UNITS, |o| {
                &mut o.own.unit
            })
            .brief()
            .more("time: 12ms, 1.5s, 1h30m; size: 3KiB, 2MB; auto: both."),
            args::limit("-k --limit N", "Show the first N groups (20)"),
            Flag::<Told>::choice("--sort HOW", "What comes first", &SORTS, |o| {
                &mut o.own.sort
            })
            .brief()
            .more("The most count, sum, max, p99, or the least key."),
            args::memory(),
            args::max_groups(),
            Flag::<Told>::on("--exact", "Read once more for exact percentiles", |o| {
                &mut o.own.exact
            })
            .more("Fails where that cannot be."),
        ];
        keys::flags().chain(own).collect()
    }

    fn asked(told: &Options<Told>) -> Result<(ValuesRequest, Vec<Input>)> {
        let (own, shared) = (&told.own, &told.shared);
        // Without --of the number is a capture, whatever groups are by.
        let capture = Key::Capture(1);
        let taken = own.of.as_ref().unwrap_or(&capture);
        let asked = keys::asked(shared, &[taken], "--of field:3, --of json:ms ...")?;
        let of = match &own.of {
            Some(key) => key.clone(),
            None => keys::default_key(&asked.options)?,
        };
        let request = ValuesRequest {
            of,
            by: asked.by,
            keys: asked.options,
            options: ValuesOptions {
                unit: own.unit,
                all: shared.every_match,
                limit: shared.limit,
                sort: own.sort,
                memory: shared.memory(),
                max_groups: shared.max_groups,
                exact: own.exact,
            },
        };
        Ok((request, asked.inputs))
    }
}
