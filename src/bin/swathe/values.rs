//! `swathe values`: sum, mean, percentiles and more of numbers in records.

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use swathe::{
    Result,
    key::Key,
    report::ValuesBody,
    request::ValuesRequest,
    run::Input,
    statistic::{NumberUnit, ValuesOptions, ValuesSort},
};

use crate::stat::{command::StatCommand, keys, rows, size::parse_positive_size};

const EXAMPLES: &str = "\
Examples:
  swathe values 'took ([0-9.]+(?:ms|s))' app.log
  swathe values --preset nginx --of bytes --by url --sort sum access.log
  swathe values --of json:duration_ms --by json:service,time:5m --format csv app.jsonl";

const MORE: &str = "\
A record has one number: that of its first match, or of the field --of names. Without --of it
is the first capture of the REGEX, or all that it matches.

Units (--unit auto) are those of times, ns us ms s m h d (1h30m as well), and of sizes, B
K M G T P and KiB ... of 1024, kB ... of 1000; results are in seconds and bytes. A number
without a unit is taken as it is.

Percentiles are numbers that occur: p99 is the smallest such that 99 % are not greater. They
are exact for up to 65,536 different numbers, in each group for up to 4,096; beyond that they
are within 0.8 %, and said to be, unless --exact has the files read once more. All else is
exact. Groups that do not fit into --memory are looked at in further passes over the files.";

impl StatCommand for ValuesRequest {
    const ABOUT: &'static str = "Sum, mean and percentiles of numbers in records, by key";

    fn command() -> Command {
        let command = Command::new("values")
            .about("Sum, mean, percentiles and more of the numbers in records, by key")
            .before_help(EXAMPLES)
            .after_long_help(format!("{MORE}\n\n{}", keys::KEYS))
            .override_usage(
                "swathe values [OPTIONS] REGEX [PATH]...\n       \
                 swathe values [OPTIONS] --of KEY [--by KEY[,KEY]...] [PATH]...",
            );
        let choice = |name: &'static str, value: &'static str, all: &[&'static str]| {
            Arg::new(name)
                .long(name)
                .value_name(value)
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(all.to_vec()))
                .default_value(all[0])
        };
        keys::add(command).args([
            Arg::new("of")
                .long("of")
                .value_name("KEY")
                .help("Take the number from $1, field:3, json:a.b ... (--help)"),
            choice("unit", "UNIT", &["auto", "none", "time", "size"])
                .hide_default_value(true)
                .help("Units: auto (default), none, time (12ms), size (3KiB)"),
            rows::arg("20", "Show the first N groups"),
            choice("sort", "HOW", &["count", "sum", "max", "p99", "key"])
                .hide_default_value(true)
                .help("What comes first: most count, sum, max, p99, or least key"),
            Arg::new("memory")
                .long("memory")
                .value_name("SIZE")
                .value_parser(parse_positive_size)
                .default_value("1G")
                .hide_short_help(true)
                .help("Keep groups in at most SIZE; the rest takes more passes")
                .long_help(
                    "Keep groups in at most SIZE, what is not merged yet included; the rest takes \
                     more passes. The program takes some 25 MB beside, and two chunks for each thread",
                ),
            Arg::new("max-groups")
                .long("max-groups")
                .value_name("N")
                .value_parser(value_parser!(u64).range(1..))
                .hide_short_help(true)
                .help("Keep at most N groups at once (default: as many as fit into --memory)"),
            Arg::new("exact")
                .long("exact")
                .action(ArgAction::SetTrue)
                .hide_short_help(true)
                .help("Read once more for exact percentiles; fail where that cannot be"),
        ])
    }

    fn regex(&self) -> Option<&str> {
        self.keys.pattern.as_deref()
    }

    fn lacking(&self, body: &ValuesBody) -> Option<String> {
        let none = body.groups.iter().all(|group| group.count == 0) && body.other == 0;
        (none && body.matched > 0).then(|| format!("a number in {}", self.of))
    }

    fn parse(matches: &ArgMatches) -> Result<(ValuesRequest, Vec<Input>)> {
        let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
        let of = matches.get_one::<String>("of");
        let of = of.map(|key| key.parse::<Key>()).transpose()?;
        // Without --of the number is a capture, whatever groups are by.
        let capture = Key::Capture(1);
        let asked = keys::parse(matches, &[of.as_ref().unwrap_or(&capture)])?;
        let of = match of {
            Some(key) => key,
            None => keys::default_key(&asked.options)?,
        };
        let request = ValuesRequest {
            of,
            by: asked.by,
            keys: asked.options,
            options: ValuesOptions {
                unit: match text("unit") {
                    "none" => NumberUnit::None,
                    "time" => NumberUnit::Time,
                    "size" => NumberUnit::Size,
                    _ => NumberUnit::Auto,
                },
                all: asked.all,
                limit: rows::parse(matches),
                sort: match text("sort") {
                    "sum" => ValuesSort::Sum,
                    "max" => ValuesSort::Max,
                    "p99" => ValuesSort::P99,
                    "key" => ValuesSort::Key,
                    _ => ValuesSort::Count,
                },
                memory: matches.get_one("memory").copied().unwrap_or(1 << 30),
                max_groups: matches.get_one("max-groups").copied(),
                exact: matches.get_flag("exact"),
            },
        };
        Ok((request, asked.inputs))
    }
}
