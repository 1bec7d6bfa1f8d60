//! `swathe top`: how often each key comes, and which come most.

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};
use swathe::{
    Result,
    key::Key,
    request::TopRequest,
    run::Input,
    statistic::{TopOptions, TopSort},
};

use crate::stat::{command::StatCommand, keys, rows, size::parse_positive_size};

const EXAMPLES: &str = "\
Examples:
  swathe top 'user=(\\w+)' app.log
  swathe top --preset nginx --by status,url -k 50 access.log
  swathe top --by json:service,time:1h --distinct json:user.id app.jsonl";

const MORE: &str = "\
A record counts once, for its first match; --all counts every match. Counts and order are
exact: groups that do not fit into --memory are counted in further passes over the files.
Standard input can be read only once; what did not fit is then said, and with --exact an
error.";

impl StatCommand for TopRequest {
    const ABOUT: &'static str = "Count records by what a regex captures, or by a field";

    fn command() -> Command {
        let command = Command::new("top")
            .about("Count records by what a regex captures, or by a field; the most frequent first")
            .before_help(EXAMPLES)
            .after_long_help(format!("{}\n\n{MORE}", keys::KEYS))
            .override_usage(
                "swathe top [OPTIONS] REGEX [PATH]...\n       \
                 swathe top [OPTIONS] --by KEY[,KEY]... [PATH]...",
            );
        keys::add(command).args([
            rows::arg("20", "Show the first N groups"),
            Arg::new("sort")
                .long("sort")
                .value_name("HOW")
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(["count", "key"]))
                .default_value("count")
                .hide_default_value(true)
                .help("The largest count (default) or the least key first: count, key"),
            Arg::new("distinct")
                .long("distinct")
                .value_name("KEY")
                .help("Count the different values of KEY in each group"),
            Arg::new("sum")
                .long("sum")
                .value_name("KEY")
                .help("Add up the numbers of KEY in each group"),
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
                .help("Fail where counts cannot be exact"),
        ])
    }

    fn regex(&self) -> Option<&str> {
        self.keys.pattern.as_deref()
    }

    fn parse(matches: &ArgMatches) -> Result<(TopRequest, Vec<Input>)> {
        let key = |name: &str| {
            let text = matches.get_one::<String>(name);
            text.map(|text| text.parse::<Key>()).transpose()
        };
        let (distinct, sum) = (key("distinct")?, key("sum")?);
        let others: Vec<&Key> = distinct
            .iter()
            .chain(&sum)
            .filter(|k| k.is_capture())
            .collect();
        let mut asked = keys::parse(matches, &others)?;
        if asked.by.is_empty() {
            asked.by = vec![keys::default_key(&asked.options)?];
        }
        let request = TopRequest {
            by: asked.by,
            distinct,
            sum,
            keys: asked.options,
            options: TopOptions {
                limit: rows::parse(matches),
                sort: match matches.get_one::<String>("sort").map(String::as_str) {
                    Some("key") => TopSort::Key,
                    _ => TopSort::Count,
                },
                all: asked.all,
                memory: matches.get_one("memory").copied().unwrap_or(1 << 30),
                max_groups: matches.get_one("max-groups").copied(),
            },
            exact: matches.get_flag("exact"),
        };
        Ok((request, asked.inputs))
    }
}
