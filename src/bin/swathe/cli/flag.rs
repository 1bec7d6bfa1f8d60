//! One flag: its names, its help and what it does.

use std::ffi::OsStr;

/// Where a flag stands in the help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Group {
    /// What is looked for, and what counts as a match.
    Matching,
    /// What is printed instead of matching lines.
    Modes,
    /// What goes beyond ripgrep.
    Beyond,
    /// How what is printed looks.
    Output,
    /// Which files are read.
    Files,
    /// How input is read.
    Reading,
    /// Accepted for the sake of ripgrep's users.
    Compatibility,
}

impl Group {
    /// The heading over the flags of this group.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Group::Matching => "What matches",
            Group::Modes => "What to print",
            Group::Beyond => "Beyond ripgrep",
            Group::Output => "How it looks",
            Group::Files => "Which files are read",
            Group::Reading => "How input is read",
            Group::Compatibility => "Accepted for the sake of those who know ripgrep",
        }
    }
}

/// What an occurrence of a flag does to the options `L`.
pub(crate) enum Effect<L> {
    /// A flag without a value; false for its negation.
    Switch(fn(&mut L, bool)),
    /// A flag with a value.
    Value(fn(&mut L, &OsStr) -> Result<(), String>),
    /// A flag with a value that has a negation without one.
    Setting(fn(&mut L, Option<&OsStr>) -> Result<(), String>),
    /// Known, but not to be had: what to do instead. Its negation asks for
    /// what happens anyway and does nothing.
    Refused(&'static str),
}

/// A flag of a command whose options are an `L`.
pub(crate) struct Flag<L> {
    /// Its name behind `--`.
    pub(crate) long: &'static str,
    /// Its name behind `-`.
    pub(crate) short: Option<char>,
    /// Another name behind `--`.
    pub(crate) alias: Option<&'static str>,
    /// The name that takes it back.
    pub(crate) negation: Option<&'static str>,
    /// What its value is called; `None` for a switch.
    pub(crate) value: Option<&'static str>,
    pub(crate) group: Group,
    /// Whether it is on the one-screen help.
    pub(crate) brief: bool,
    /// One line.
    pub(crate) help: &'static str,
    /// What the full help adds.
    pub(crate) more: &'static str,
    pub(crate) effect: Effect<L>,
}

impl<L> Flag<L> {
    fn new(long: &'static str, help: &'static str, effect: Effect<L>) -> Flag<L> {
        Flag {
            long,
            short: None,
            alias: None,
            negation: None,
            value: None,
            group: Group::Compatibility,
            brief: false,
            help,
            more: "",
            effect,
        }
    }

    /// A flag without a value.
    pub(crate) fn switch(
        long: &'static str,
        help: &'static str,
        effect: fn(&mut L, bool),
    ) -> Flag<L> {
        Flag::new(long, help, Effect::Switch(effect))
    }

    /// A flag with a value of this name.
    pub(crate) fn value(
        long: &'static str,
        value: &'static str,
        help: &'static str,
        effect: fn(&mut L, &OsStr) -> Result<(), String>,
    ) -> Flag<L> {
        Flag {
            value: Some(value),
            ..Flag::new(long, help, Effect::Value(effect))
        }
    }

    /// A flag with a value of this name, and a negation without one.
    pub(crate) fn setting(
        long: &'static str,
        value: &'static str,
        help: &'static str,
        effect: fn(&mut L, Option<&OsStr>) -> Result<(), String>,
    ) -> Flag<L> {
        Flag {
            value: Some(value),
            ..Flag::new(long, help, Effect::Setting(effect))
        }
    }

    /// A flag that users of ripgrep know and that is not to be had.
    pub(crate) fn refused(long: &'static str, instead: &'static str) -> Flag<L> {
        Flag::new(long, "", Effect::Refused(instead))
    }

    pub(crate) fn short(self, short: char) -> Flag<L> {
        Flag {
            short: Some(short),
            ..self
        }
    }

    pub(crate) fn alias(self, alias: &'static str) -> Flag<L> {
        Flag {
            alias: Some(alias),
            ..self
        }
    }

    pub(crate) fn no(self, negation: &'static str) -> Flag<L> {
        Flag {
            negation: Some(negation),
            ..self
        }
    }

    /// Gives a flag without effect, or one that is refused, a value to take.
    pub(crate) fn takes(self, value: &'static str) -> Flag<L> {
        Flag {
            value: Some(value),
            ..self
        }
    }

    /// Makes a setting one that takes no value: a switch that can be refused.
    pub(crate) fn switch_like(self) -> Flag<L> {
        Flag {
            value: None,
            ..self
        }
    }

    pub(crate) fn brief(self) -> Flag<L> {
        Flag {
            brief: true,
            ..self
        }
    }

    pub(crate) fn more(self, more: &'static str) -> Flag<L> {
        Flag { more, ..self }
    }

    /// The flags, all in this group.
    pub(crate) fn grouped(group: Group, flags: impl IntoIterator<Item = Flag<L>>) -> Vec<Flag<L>> {
        flags
            .into_iter()
            .map(|flag| Flag { group, ..flag })
            .collect()
    }

    /// How a message names it: `-m/--max-count`.
    pub(crate) fn name(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}/--{}", self.long),
            None => format!("--{}", self.long),
        }
    }
}
