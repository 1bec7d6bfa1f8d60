//! The kinds of sections, and the options each has.

use clap::{Arg, ArgMatches, Command};
use swathe::{
    Result,
    request::{
        CountRequest, Question, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest,
    },
    run::Input,
};

use crate::stat::{args, command::StatCommand};

/// What its options ask, of which inputs, and the regex whose captures are keys.
type Ask = fn(&ArgMatches) -> Result<(Question, Vec<Input>, Option<String>)>;

/// A kind of section.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What a section is called that has no title.
    pub(crate) title: &'static str,
    own: fn() -> Command,
    pub(crate) ask: Ask,
}

/// All of them.
pub(crate) const KINDS: [Kind; 7] = [
    Kind::new::<CountRequest>("Patterns", |matches| {
        asked::<CountRequest>(matches, Question::Count)
    }),
    Kind::new::<TopRequest>("Top values", |matches| {
        asked::<TopRequest>(matches, Question::Top)
    }),
    Kind::new::<ValuesRequest>("Numbers", |matches| {
        asked::<ValuesRequest>(matches, Question::Values)
    }),
    Kind::new::<TimelineRequest>("Lines over time", |matches| {
        asked::<TimelineRequest>(matches, Question::Timeline)
    }),
    Kind::new::<TemplatesRequest>("Messages", |matches| {
        asked::<TemplatesRequest>(matches, Question::Templates)
    }),
    Kind::new::<StatsRequest>("Summary", |matches| {
        asked::<StatsRequest>(matches, Question::Stats)
    }),
    Kind {
        name: "levels",
        title: "Levels",
        own: || Command::new("levels").arg(Arg::new("path").num_args(0..)),
        ask: |matches| {
            let paths = matches.get_many::<String>("path").into_iter().flatten();
            let inputs = paths.map(|path| Input::Path(path.into())).collect();
            Ok((Question::Levels, inputs, None))
        },
    },
];

/// Options of the commands that mean nothing in a section.
const NOT_HERE: [&str; 9] = [
    "path",
    "operand",
    "wc",
    "assign",
    "lines",
    "words",
    "chars",
    "bytes",
    "max-line-length",
];

/// Options of all commands that a section may have of its own.
const OF_ALL: [&str; 7] = [
    "and",
    "not",
    "where",
    "since",
    "until",
    "preset",
    "delimiter",
];

impl Kind {
    const fn new<C: StatCommand>(title: &'static str, ask: Ask) -> Kind {
        Kind {
            name: C::COMMAND,
            title,
            own: C::command,
            ask,
        }
    }

    /// The kind of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The command that reads its options, all that it has.
    pub(crate) fn command(&self) -> Command {
        args::add((self.own)()).no_binary_name(true)
    }

    /// The options a section of this kind may have.
    pub(crate) fn options(&self) -> Vec<Arg> {
        let own = (self.own)();
        let own: Vec<Arg> = own
            .get_arguments()
            .filter(|arg| !NOT_HERE.contains(&arg.get_id().as_str()))
            .cloned()
            .collect();
        let has = |arg: &Arg| own.iter().any(|own| own.get_id() == arg.get_id());
        let all = self.command();
        let of_all = all
            .get_arguments()
            .filter(|arg| OF_ALL.contains(&arg.get_id().as_str()) && !has(arg));
        let options = own.iter().chain(of_all).cloned();
        options.filter(|arg| arg.get_long().is_some()).collect()
    }
}

fn asked<C: StatCommand>(
    matches: &ArgMatches,
    question: fn(C) -> Question,
) -> Result<(Question, Vec<Input>, Option<String>)> {
    let (request, inputs) = C::parse(matches)?;
    let regex = request.regex().map(str::to_string);
    Ok((question(request), inputs, regex))
}
