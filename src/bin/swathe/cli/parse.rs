//! The command line of a command: what it takes, read and told of.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
};

use clap::{
    Arg, ArgAction, ArgMatches, Command,
    builder::{PossibleValuesParser, ValueParser},
    error::ErrorKind,
};

use super::{
    flag::{About, Choices, Flag},
    usage, value,
};
use crate::{
    output,
    session::{self, Exit},
};

/// The name clap knows operands by.
const OPERANDS: &str = "operands";

/// What stands on a command line beside flags.
#[derive(Clone, Debug)]
pub(crate) struct Operands {
    /// What they are called; nothing where the usage says it.
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    /// There may be so many: none, one, or any number.
    pub(crate) most: usize,
    pub(crate) choices: Choices,
}

impl Operands {
    /// Any number of them.
    pub(crate) const fn any(name: &'static str, help: &'static str) -> Operands {
        Operands {
            name,
            help,
            most: usize::MAX,
            choices: Choices::Any,
        }
    }

    /// One of these words, or none.
    pub(crate) fn word(name: &'static str, choices: Vec<&'static str>) -> Operands {
        Operands {
            name,
            help: "One of",
            most: 1,
            choices: Choices::Of(choices),
        }
    }

    /// None.
    pub(crate) const NONE: Operands = Operands {
        name: "",
        help: "",
        most: 0,
        choices: Choices::Any,
    };

    fn arg(&self, told: bool) -> Arg {
        let help = match &self.choices {
            Choices::Of(names) => format!("{} {}", self.help, names.join(", ")),
            _ => self.help.to_string(),
        };
        let arg = Arg::new(OPERANDS)
            .action(ArgAction::Append)
            .hide(self.name.is_empty())
            .value_name(self.name)
            .help(help);
        with_choices(arg, &self.choices, told)
    }

    /// Files to read.
    pub(crate) const FILES: Operands =
        Operands::any("PATH", "Files to read; - or nothing for standard input");
}

/// The command line of a command whose options are an `L`.
pub(crate) struct Line<L> {
    /// Its name, its examples and what its help says beside flags.
    command: Command,
    operands: Operands,
    flags: Vec<Flag<L>>,
}

/// What a command line came to.
pub(crate) enum Parsed<L> {
    /// What was given.
    Given(Given<L>),
    /// It asked for help or the version, and has got it.
    Shown(Exit),
}

/// What was given on a command line.
#[derive(Debug)]
pub(crate) struct Given<L> {
    pub(crate) options: L,
    /// In their order.
    pub(crate) operands: Vec<OsString>,
    pub(crate) typed: Typed,
}

/// The flags that were typed, by their long names, with their values in their order.
pub(crate) type Typed = BTreeMap<&'static str, Vec<OsString>>;

/// A command line whatever its options are.
pub(crate) trait AnyLine {
    /// All its flags, in the order of the help.
    fn flags(&self) -> Vec<&About>;

    /// What may stand behind them.
    #[cfg(test)]
    fn operands(&self) -> &Operands;

    /// It in clap's words: to parse with, or, if it is `told` of, to make completions and
    /// manual pages of.
    fn clap(&self, told: bool) -> Command;

    /// The options that come of a flag with these values, one after the other, written
    /// out.
    ///
    /// # Errors
    /// With what is wrong about the first that is not taken.
    #[cfg(test)]
    fn tried(&self, long: &str, values: &[&str]) -> Result<String, String>;
}

impl<L> Line<L> {
    /// The command line of this command. A flag gives way to one before it of the same name,
    /// and leaves it its letter.
    pub(crate) fn new(
        command: Command,
        operands: Operands,
        flags: impl IntoIterator<Item = Flag<L>>,
    ) -> Line<L> {
        let mut all: Vec<Flag<L>> = Vec::new();
        for mut flag in flags {
            let about = &mut flag.about;
            if all.iter().any(|one| one.about.long == about.long) {
                continue;
            }
            let taken = |&letter: &char| all.iter().any(|one| one.about.short == Some(letter));
            about.short = about.short.filter(|letter| !taken(letter));
            all.push(flag);
        }
        Line {
            command,
            operands,
            flags: all,
        }
    }
}

impl<L: Default + 'static> Line<L> {
    /// Parses the arguments behind the command's name.
    ///
    /// # Errors
    /// With what is wrong about them, and a hint on a line of its own.
    pub(crate) fn parse(&self, arguments: &[OsString]) -> Result<Parsed<L>, String> {
        let matches = match self.clap(false).try_get_matches_from(arguments) {
            Ok(matches) => matches,
            Err(error) => return shown(&error, |word| self.near(word)).map(Parsed::Shown),
        };
        let (mut options, mut typed) = (L::default(), Typed::new());
        let mut occurred = Vec::new();
        for flag in &self.flags {
            let about = &flag.about;
            each(about.long, &matches, |at, value| {
                typed.entry(about.long).or_default().push(value.into());
                occurred.push((at, flag, Some(value)));
            });
            if let Some(negation) = about.negation {
                each(negation, &matches, |at, _| occurred.push((at, flag, None)));
            }
        }
        occurred.sort_by_key(|&(at, ..)| at);
        for (_, flag, value) in occurred {
            flag.occur(&mut options, value)?;
        }
        let operands = matches.try_get_many::<OsString>(OPERANDS).ok().flatten();
        let operands: Vec<OsString> = operands.into_iter().flatten().cloned().collect();
        Ok(Parsed::Given(Given {
            options,
            operands,
            typed,
        }))
    }

    /// Parses the arguments and does what they ask.
    ///
    /// # Errors
    /// With what is wrong about them.
    pub(crate) fn run(
        &self,
        arguments: &[OsString],
        run: impl FnOnce(Given<L>) -> Result<Exit, String>,
    ) -> Result<Exit, String> {
        match self.parse(arguments)? {
            Parsed::Given(given) => run(given),
            Parsed::Shown(exit) => Ok(exit),
        }
    }

    /// The word that was given where there are only certain ones; without one, `ask` asks
    /// for it.
    ///
    /// # Errors
    /// When there is none, or another one.
    pub(crate) fn word<'g>(&self, given: &'g Given<L>, ask: &str) -> Result<&'g str, String> {
        let names = self.operands.choices.names();
        let Some(word) = given.operands.first() else {
            return Err(format!("{ask}\nthere are {}", names.join(", ")));
        };
        let words: Vec<_> = names.iter().map(|name| (&**name, ())).collect();
        value::choice(word, &words)?;
        value::text(word)
    }

    /// The flag that a word is nearest to, if one is near.
    fn near(&self, word: &str) -> Option<String> {
        let told = self.flags.iter().filter(|flag| !flag.about.is_hidden());
        let names = told.flat_map(|Flag { about, .. }| {
            [Some(about.long), about.negation, about.alias]
                .into_iter()
                .flatten()
        });
        let near = usage::nearest(word.strip_prefix("--")?, names.chain(["help", "version"]))?;
        Some(format!("--{near}"))
    }
}

impl<L: Default + std::fmt::Debug + 'static> AnyLine for Line<L> {
    fn flags(&self) -> Vec<&About> {
        self.flags.iter().map(|flag| &flag.about).collect()
    }

    #[cfg(test)]
    fn operands(&self) -> &Operands {
        &self.operands
    }

    fn clap(&self, told: bool) -> Command {
        self.clap(told)
    }

    #[cfg(test)]
    fn tried(&self, long: &str, values: &[&str]) -> Result<String, String> {
        let mut flags = self.flags.iter();
        let flag = flags.find(|flag| flag.about.long == long);
        let (flag, mut options) = (flag.ok_or("unknown")?, L::default());
        for value in values {
            flag.occur(&mut options, Some(OsStr::new(value)))?;
        }
        Ok(format!("{options:?}"))
    }
}

impl<L: 'static> Line<L> {
    fn clap(&self, told: bool) -> Command {
        let name = self.command.get_name();
        let template = match self.command.get_about() {
            Some(_) => "{before-help}{about}\n\n{usage-heading} {usage}\n\n{all-args}{after-help}",
            None => "{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}",
        };
        let command = self.command.clone();
        let command = command
            .bin_name(format!("swathe {name}"))
            .display_name("swathe")
            .after_help(format!("All flags, explained: swathe {name} --help"))
            .no_binary_name(true)
            .version(env!("CARGO_PKG_VERSION"))
            .disable_help_flag(true)
            .disable_version_flag(true)
            .max_term_width(90)
            .help_template(template);
        let flags = self.flags.iter();
        let flags = flags.filter(|flag| !told || !flag.about.is_hidden());
        let flags = flags.flat_map(|flag| {
            let negation = flag.about.negation.map(|no| negative(&flag.about, no));
            [Some(positive(&flag.about, told)), negation]
        });
        let command = command.args(flags.flatten());
        let command = match self.operands.most {
            0 => command,
            1 => command.arg(self.operands.arg(told).action(ArgAction::Set)),
            _ => command.arg(self.operands.arg(told).num_args(0..)),
        };
        command.args([
            always('h', "help", ArgAction::Help)
                .help("Show this; -h shows the most used flags on one screen"),
            always('V', "version", ArgAction::Version).help("Show the version"),
        ])
    }
}

/// Shows what was asked for, if that is why clap gave no matches. `near` finds what a word
/// was meant to be.
///
/// # Errors
/// With what is wrong about the command line, if that is why.
pub(crate) fn shown(
    error: &clap::Error,
    near: impl Fn(&str) -> Option<String>,
) -> Result<Exit, String> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            Ok(
                if output::is_terminal() && std::env::var_os("NO_COLOR").is_none() {
                    session::print(&text.ansi().to_string())
                } else {
                    session::print(&text.to_string())
                },
            )
        }
        _ => Err(usage::describe(error, near)),
    }
}

fn positive(flag: &About, told: bool) -> Arg {
    let rest = flag.rest();
    let arg = Arg::new(flag.long)
        .long(flag.long)
        .short(flag.short)
        .action(ArgAction::Append)
        .help_heading(flag.group.heading())
        .hide(flag.is_hidden())
        .hide_short_help(!flag.brief)
        .help(flag.help())
        .long_help(match &rest[..] {
            "" => flag.help(),
            rest => format!("{}\n\n{rest}", flag.help()),
        });
    let arg = match flag.alias {
        Some(alias) => arg.alias(alias),
        None => arg,
    };
    let arg = with_choices(arg, &flag.choices, told);
    match flag.value {
        Some(value) if flag.several => arg.num_args(1..).value_name(value),
        Some(value) => {
            // A shell need not offer it again.
            let arg = if told && !flag.repeats {
                arg.action(ArgAction::Set)
            } else {
                arg
            };
            arg.num_args(1).value_name(value).allow_hyphen_values(true)
        }
        None => bare(arg),
    }
}

fn negative(flag: &About, negation: &'static str) -> Arg {
    let arg = Arg::new(negation)
        .long(negation)
        .action(ArgAction::Append)
        .value_parser(ValueParser::os_string())
        .help_heading(flag.group.heading())
        .hide(true);
    bare(arg)
}

/// A switch, counted occurrence by occurrence: clap keeps the place of a value
/// in the command line, so a switch must have one.
fn bare(arg: Arg) -> Arg {
    arg.num_args(0).default_missing_value("")
}

/// A flag that every command has.
fn always(short: char, long: &'static str, action: ArgAction) -> Arg {
    Arg::new(long)
        .short(short)
        .long(long)
        .action(action)
        .help_heading("Help")
        .hide_short_help(true)
}

/// With the values it takes, where it is told of; who parses looks at them itself.
fn with_choices(arg: Arg, choices: &Choices, told: bool) -> Arg {
    let names = if told { choices.names() } else { Vec::new() };
    if names.is_empty() {
        return arg.value_parser(ValueParser::os_string());
    }
    // The help has them already.
    arg.hide_possible_values(true)
        .value_parser(ValueParser::from(PossibleValuesParser::new(names)))
}

fn each<'m>(id: &str, matches: &'m ArgMatches, mut each: impl FnMut(usize, &'m OsStr)) {
    let Some(indices) = matches.indices_of(id) else {
        return;
    };
    for (at, value) in indices.zip(matches.get_many::<OsString>(id).into_iter().flatten()) {
        each(at, value);
    }
}
