//! The kinds of sections, and the options each has.

use std::ffi::OsString;

use clap::Command;
use swathe::{
    exec::Stop,
    request::{
        CountRequest, Question, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest,
    },
    run::{Input, SelectionPlan},
};

use crate::{
    cli::{
        flag::About,
        parse::{AnyLine, Line, Operands, Parsed},
    },
    stat::{
        args::{self, Common, Options, Shared},
        command::StatCommand,
        entry, input,
    },
};

/// What the options of a section ask.
pub(crate) struct Section {
    pub(crate) question: Question,
    /// Of which inputs.
    pub(crate) inputs: Vec<Input>,
    /// Of which records.
    pub(crate) asked: SelectionPlan,
}

/// A kind of section.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What a section is called that has no title.
    pub(crate) title: &'static str,
    own: fn() -> Vec<About>,
    line: fn() -> Box<dyn AnyLine>,
    ask: fn(&[OsString]) -> Result<Section, String>,
}

/// All of them.
pub(crate) const KINDS: [Kind; 7] = [
    Kind::new::<CountRequest>("Patterns", |arguments| {
        section::<CountRequest>(arguments, Question::Count)
    }),
    Kind::new::<TopRequest>("Top values", |arguments| {
        section::<TopRequest>(arguments, Question::Top)
    }),
    Kind::new::<ValuesRequest>("Numbers", |arguments| {
        section::<ValuesRequest>(arguments, Question::Values)
    }),
    Kind::new::<TimelineRequest>("Lines over time", |arguments| {
        section::<TimelineRequest>(arguments, Question::Timeline)
    }),
    Kind::new::<TemplatesRequest>("Messages", |arguments| {
        section::<TemplatesRequest>(arguments, Question::Templates)
    }),
    Kind::new::<StatsRequest>("Summary", |arguments| {
        section::<StatsRequest>(arguments, Question::Stats)
    }),
    Kind {
        name: "levels",
        title: "Levels",
        own: Vec::new,
        line: || Box::new(levels()),
        ask: |arguments| {
            let told = told(&levels(), arguments)?;
            let inputs = input::named(&told.shared.operands);
            of(&told.shared, Question::Levels, inputs, None).map_err(|error| error.to_string())
        },
    },
];

/// Options of the commands that mean nothing in a section.
const NOT_HERE: [&str; 7] = [
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
    "log-format",
    "delimiter",
];

impl Kind {
    const fn new<C: StatCommand>(
        title: &'static str,
        ask: fn(&[OsString]) -> Result<Section, String>,
    ) -> Kind {
        Kind {
            name: C::COMMAND,
            title,
            own: || C::flags().into_iter().map(|flag| flag.about).collect(),
            line: || Box::new(entry::line::<C>()),
            ask,
        }
    }

    /// The kind of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// What these options ask, as if they had been typed.
    ///
    /// # Errors
    /// When they make no sense.
    pub(crate) fn ask(&self, options: &[OsString]) -> Result<Section, String> {
        (self.ask)(options)
    }

    /// Whether its command has an option of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        let line = (self.line)();
        line.flags().iter().any(|flag| flag.is_called(name))
    }

    /// The options a section of this kind may have.
    pub(crate) fn options(&self) -> Vec<About> {
        let own = (self.own)().into_iter();
        let own = own.filter(|flag| !NOT_HERE.contains(&flag.long));
        let line = (self.line)();
        let of_all = line.flags().into_iter();
        let of_all = of_all.filter(|flag| OF_ALL.contains(&flag.long));
        own.chain(of_all.cloned()).collect()
    }
}

/// The command line of lines by level, which is no command of its own.
fn levels() -> Line<Options<()>> {
    args::line(Command::new("levels"), Operands::FILES, [])
}

fn told<O: Default + 'static>(
    line: &Line<Options<O>>,
    arguments: &[OsString],
) -> Result<Options<O>, String> {
    match line.parse(arguments)? {
        Parsed::Given(given) => Ok(given.into()),
        Parsed::Shown(_) => Err("asks for help".to_string()),
    }
}

fn section<C: StatCommand>(
    arguments: &[OsString],
    question: fn(C) -> Question,
) -> Result<Section, String> {
    let told = told(&entry::line::<C>(), arguments)?;
    let asked = || {
        let (request, inputs) = C::asked(&told)?;
        let regex = request.regex().map(str::to_string);
        of(&told.shared, question(request), inputs, regex.as_deref())
    };
    asked().map_err(|error| error.to_string())
}

/// The question of these inputs, where the captures of the regex are keys.
fn of(
    told: &Shared,
    question: Question,
    inputs: Vec<Input>,
    regex: Option<&str>,
) -> swathe::Result<Section> {
    let mut asked = Common::of(told, &Stop::new())?.asked;
    asked.with_regex(regex);
    Ok(Section {
        question,
        inputs,
        asked,
    })
}
