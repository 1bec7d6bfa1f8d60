//! `swathe top`: how often each key comes, and which come most.

use clap::Command;
use swathe::{
    Result,
    key::Key,
    request::TopRequest,
    run::Input,
    statistic::{TopOptions, TopSort},
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
  swathe top 'user=(\\w+)' app.log
  swathe top --by status,url -k 50 access.log
  swathe top --by json:service,time:1h --distinct json:user.id app.jsonl";

const MORE: &str = "\
A record counts once, for its first match; --all counts every match. Counts and order are
exact: groups that do not fit into --memory are counted in further passes over the files.
Standard input can be read only once; what did not fit is then said, and with --exact an
error.";

/// What its own flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    sort: TopSort,
    distinct: Option<Key>,
    sum: Option<Key>,
    exact: bool,
}

/// The words for [`TopSort`].
const SORTS: [(&str, TopSort); 2] = [("count", TopSort::Count), ("key", TopSort::Key)];

impl StatCommand for TopRequest {
    const ABOUT: &'static str = "Count records by what a regex captures, or by a field";

    fn command() -> Command {
        Command::new("top")
            .about("Count records by what a regex captures, or by a field; the most frequent first")
            .before_help(EXAMPLES)
            .after_long_help(format!("{}\n\n{MORE}", keys::KEYS))
            .override_usage(
                "swathe top [OPTIONS] REGEX [PATH]...\n       \
                 swathe top [OPTIONS] --by KEY[,KEY]... [PATH]...",
            )
    }

    type Told = Told;

    const OPERANDS: Operands = keys::OPERANDS;

    fn flags() -> Vec<Flag<Told>> {
        let own = [
            args::limit("-k --limit N", "Show the first N groups (20)"),
            Flag::<Told>::choice("--sort HOW", "What comes first", &SORTS, |o| {
                &mut o.own.sort
            })
            .brief()
            .more("The greatest count, or the least key."),
            Flag::<Told>::one(
                "--distinct KEY",
                "Count the different values of KEY in each group",
                value::parsed::<Key>,
                |o| &mut o.own.distinct,
            )
            .brief(),
            Flag::<Told>::one(
                "--sum KEY",
                "Add up the numbers of KEY in each group",
                value::parsed::<Key>,
                |o| &mut o.own.sum,
            )
            .brief(),
            args::memory(),
            args::max_groups(),
            Flag::<Told>::on("--exact", "Fail where counts cannot be exact", |o| {
                &mut o.own.exact
            }),
        ];
        keys::flags().chain(own).collect()
    }

    fn asked(told: &Options<Told>) -> Result<(TopRequest, Vec<Input>)> {
        let (own, shared) = (&told.own, &told.shared);
        let others = own.distinct.iter().chain(&own.sum);
        let others: Vec<&Key> = others.filter(|key| key.is_capture()).collect();
        let mut asked = keys::asked(shared, &others, "--by level, --by field:3 ...")?;
        if asked.by.is_empty() {
            asked.by = vec![keys::default_key(&asked.options)?];
        }
        let request = TopRequest {
            by: asked.by,
            distinct: own.distinct.clone(),
            sum: own.sum.clone(),
            keys: asked.options,
            options: TopOptions {
                limit: shared.limit,
                sort: own.sort,
                all: shared.every_match,
                memory: shared.memory(),
                max_groups: shared.max_groups,
            },
            exact: own.exact,
        };
        Ok((request, asked.inputs))
    }
}
