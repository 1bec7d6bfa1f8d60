//! One flag: its names, its values, its help and what it does.

use std::ffi::OsStr;

use super::value;

/// Where a flag stands in the help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Group {
    /// What only this command is asked.
    Own,
    /// What is looked for, and what counts as a match.
    Matching,
    /// What is printed instead of matching lines.
    Modes,
    /// What goes beyond ripgrep.
    Extensions,
    /// How what is printed looks.
    Output,
    /// Which records count.
    Records,
    /// Which files are read.
    Files,
    /// How input is read.
    Reading,
    /// How an answer is given.
    Printing,
    /// Accepted for the sake of ripgrep's users.
    Compatibility,
}

impl Group {
    /// The heading over the flags of this group, if it needs one.
    pub(crate) fn heading(self) -> Option<&'static str> {
        Some(match self {
            Group::Own => return None,
            Group::Matching => "What matches",
            Group::Modes => "What to print",
            Group::Extensions => "Beyond ripgrep",
            Group::Output => "How it looks",
            Group::Records => "Which records count",
            Group::Files => "Which files are read",
            Group::Reading => "How input is read",
            Group::Printing => "How the answer is given",
            Group::Compatibility => "Accepted for the sake of those who know ripgrep",
        })
    }
}

/// Which values a flag or an operand takes.
#[derive(Clone, Debug)]
pub(crate) enum Choices {
    /// Any text, or what is written in a certain way.
    Any,
    /// One of these.
    Of(Vec<&'static str>),
    /// The name of a file type, of which there are many.
    FileTypes,
    /// The name of a format of records, of which there are many; other text may mean one too.
    Formats,
}

impl Choices {
    /// All of them, as a shell completes them; none where any text will do.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Choices::Any => Vec::new(),
            Choices::Of(names) => names.iter().map(ToString::to_string).collect(),
            Choices::Formats => {
                let known = swathe::format::Formats::default();
                let names = known.all().flat_map(|format| {
                    let aliases = format.aliases().iter().cloned();
                    std::iter::once(format.name().to_string()).chain(aliases)
                });
                names.collect()
            }
            Choices::FileTypes => {
                let types = swathe::walk::FileType::all();
                types.into_iter().map(|kind| kind.name).collect()
            }
        }
    }
}

/// What there is to know of a flag, whatever the options are that it changes.
#[derive(Clone, Debug)]
pub(crate) struct About {
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
    pub(crate) choices: Choices,
    /// Each occurrence adds a value; else the last one counts.
    pub(crate) repeats: bool,
    /// All that stands behind it up to the next flag are its values.
    pub(crate) several: bool,
    pub(crate) group: Group,
    /// Whether it is on the one-screen help.
    pub(crate) brief: bool,
    /// One line, without the choices. Empty for a flag that is not told of.
    help: &'static str,
    /// What the full help adds.
    pub(crate) more: &'static str,
}

impl About {
    /// How a message names it: `-m/--max-count`.
    pub(crate) fn name(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}/--{}", self.long),
            None => format!("--{}", self.long),
        }
    }

    /// Whether this is its name behind `--`, or its other one.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.long == name || self.alias == Some(name)
    }

    /// Whether it is known, and not told of.
    pub(crate) fn is_hidden(&self) -> bool {
        self.help.is_empty()
    }

    /// Its help in one line.
    pub(crate) fn help(&self) -> String {
        match &self.choices {
            Choices::Of(names) if !self.is_hidden() => {
                format!("{}: {}", self.help, names.join(", "))
            }
            _ => self.help.to_string(),
        }
    }

    /// What is told beside that: more about it, and how it is taken back.
    pub(crate) fn rest(&self) -> String {
        let back = self.negation.map(|no| format!("Taken back by --{no}."));
        let parts = [self.more.to_string(), back.unwrap_or_default()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}

/// What an occurrence of a flag does to the options: with its value, an empty one for a
/// switch, or with none for its negation.
type Apply<L> = Box<dyn Fn(&mut L, Option<&OsStr>) -> Result<(), String>>;

/// A flag of a command whose options are an `L`.
pub(crate) struct Flag<L> {
    pub(crate) about: About,
    apply: Apply<L>,
}

impl<L: 'static> Flag<L> {
    /// A flag written as in `"-d --max-depth N"`: its letter, its name, and what its value
    /// is called, if it has them.
    fn new(
        written: &'static str,
        help: &'static str,
        apply: impl Fn(&mut L, Option<&OsStr>) -> Result<(), String> + 'static,
    ) -> Flag<L> {
        let (mut long, mut short, mut value) = ("", None, None);
        for word in written.split(' ') {
            if let Some(name) = word.strip_prefix("--") {
                long = name;
            } else if let Some(letter) = word.strip_prefix('-') {
                short = letter.chars().next();
            } else {
                value = Some(word);
            }
        }
        Flag {
            about: About {
                long,
                short,
                alias: None,
                negation: None,
                value,
                choices: Choices::Any,
                repeats: false,
                several: false,
                group: Group::Own,
                brief: false,
                help,
                more: "",
            },
            apply: Box::new(apply),
        }
    }

    /// A flag without a value, with what it does; false for its negation.
    pub(crate) fn switch(
        written: &'static str,
        help: &'static str,
        set: impl Fn(&mut L, bool) + 'static,
    ) -> Flag<L> {
        Flag::new(written, help, move |options, value| {
            set(options, value.is_some());
            Ok(())
        })
    }

    /// A flag that sets a field to true, and its negation to false.
    pub(crate) fn on<F: From<bool>>(
        written: &'static str,
        help: &'static str,
        field: impl Fn(&mut L) -> &mut F + 'static,
    ) -> Flag<L> {
        Flag::switch(written, help, move |options, on| {
            *field(options) = on.into();
        })
    }

    /// A flag without a value that sets a field to this, and its negation to what it is
    /// without the flag.
    pub(crate) fn means<F: Clone + Default + 'static>(
        written: &'static str,
        help: &'static str,
        meant: F,
        field: impl Fn(&mut L) -> &mut F + 'static,
    ) -> Flag<L> {
        Flag::switch(written, help, move |options, on| {
            *field(options) = if on { meant.clone() } else { F::default() };
        })
    }

    /// A flag whose value is read and put into a field; the last one counts.
    pub(crate) fn one<T, F: From<T>>(
        written: &'static str,
        help: &'static str,
        read: impl Fn(&OsStr) -> Result<T, String> + 'static,
        field: impl Fn(&mut L) -> &mut F + 'static,
    ) -> Flag<L> {
        Flag::setting(written, help, move |options, value| {
            if let Some(value) = value {
                *field(options) = read(value)?.into();
            }
            Ok(())
        })
    }

    /// A flag whose values are read and added to a field.
    pub(crate) fn each<T>(
        written: &'static str,
        help: &'static str,
        read: impl Fn(&OsStr) -> Result<T, String> + 'static,
        field: impl Fn(&mut L) -> &mut Vec<T> + 'static,
    ) -> Flag<L> {
        let mut flag = Flag::setting(written, help, move |options, value| {
            let value = value.map(&read).transpose()?;
            field(options).extend(value);
            Ok(())
        });
        flag.about.repeats = true;
        flag
    }

    /// A flag whose value is one of a few words, which its help lists.
    pub(crate) fn choice<T: Clone + 'static, F: From<T>>(
        written: &'static str,
        help: &'static str,
        choices: &[(&'static str, T)],
        field: impl Fn(&mut L) -> &mut F + 'static,
    ) -> Flag<L> {
        let names = choices.iter().map(|(name, _)| *name).collect();
        let choices = choices.to_vec();
        let read = move |value: &OsStr| value::choice(value, &choices);
        Flag::one(written, help, read, field).among(Choices::Of(names))
    }

    /// A flag that does something of its own with its value, or, where it is taken back,
    /// with none.
    pub(crate) fn setting(
        written: &'static str,
        help: &'static str,
        set: impl Fn(&mut L, Option<&OsStr>) -> Result<(), String> + 'static,
    ) -> Flag<L> {
        Flag::new(written, help, set)
    }

    /// A flag that is known and not to be had: what to do instead. Its negation asks for
    /// what happens anyway and does nothing.
    pub(crate) fn refused(written: &'static str, instead: &'static str) -> Flag<L> {
        Flag::new(written, "", refuse(instead))
    }

    /// The flag where a command does not have it.
    pub(crate) fn refuse(mut self, instead: &'static str) -> Flag<L> {
        self.about.help = "";
        self.apply = Box::new(refuse(instead));
        self
    }

    pub(crate) fn alias(mut self, alias: &'static str) -> Flag<L> {
        self.about.alias = Some(alias);
        self
    }

    pub(crate) fn no(mut self, negation: &'static str) -> Flag<L> {
        self.about.negation = Some(negation);
        self
    }

    pub(crate) fn brief(mut self) -> Flag<L> {
        self.about.brief = true;
        self
    }

    /// Leaves it out of the one-screen help.
    pub(crate) fn quiet(mut self) -> Flag<L> {
        self.about.brief = false;
        self
    }

    pub(crate) fn more(mut self, more: &'static str) -> Flag<L> {
        self.about.more = more;
        self
    }

    /// Which values it takes, where it checks them itself.
    pub(crate) fn among(mut self, choices: Choices) -> Flag<L> {
        self.about.choices = choices;
        self
    }

    /// Takes as its values all that stands behind it up to the next flag.
    pub(crate) fn several(mut self) -> Flag<L> {
        self.about.several = true;
        self
    }

    /// Each occurrence adds to what the ones before said.
    pub(crate) fn repeats(mut self) -> Flag<L> {
        self.about.repeats = true;
        self
    }

    /// Does what it does, with its value or, for its negation, with none.
    ///
    /// # Errors
    /// When it cannot, with its name and why.
    pub(super) fn occur(&self, options: &mut L, value: Option<&OsStr>) -> Result<(), String> {
        (self.apply)(options, value).map_err(|why| format!("{}: {why}", self.about.name()))
    }
}

fn refuse<L>(instead: &'static str) -> impl Fn(&mut L, Option<&OsStr>) -> Result<(), String> {
    move |_, value| value.map_or(Ok(()), |_| Err(instead.to_string()))
}

/// Flags as those of options that have these options in them, all in this group.
pub(crate) fn of<A: 'static, L: 'static>(
    group: Group,
    flags: impl IntoIterator<Item = Flag<A>>,
    part: impl Fn(&mut L) -> &mut A + Copy + 'static,
) -> impl Iterator<Item = Flag<L>> {
    flags.into_iter().map(move |Flag { about, apply }| Flag {
        about: About { group, ..about },
        apply: Box::new(move |options, value| apply(part(options), value)),
    })
}

/// Flags, all in this group.
pub(crate) fn grouped<L: 'static>(
    group: Group,
    flags: impl IntoIterator<Item = Flag<L>>,
) -> impl Iterator<Item = Flag<L>> {
    of(group, flags, |options: &mut L| options)
}
