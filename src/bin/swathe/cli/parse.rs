//! The clap command of a table of flags, and the way back to options.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, ArgMatches, Command, builder::ValueParser, error::ErrorKind};

use super::{
    flag::{Effect, Flag},
    usage,
};
use crate::{
    output,
    session::{self, Exit},
};

/// The name clap knows positional arguments by.
const POSITIONAL: &str = "positional arguments";

/// What a command line came to.
pub(crate) enum Parsed<L> {
    /// Options, and positional arguments in their order.
    Options(L, Vec<OsString>),
    /// It asked for help or the version, and has got it.
    Shown(Exit),
}

/// Parses the arguments of a command, those behind its name.
///
/// # Errors
/// With what is wrong about them, and a hint on a line of its own.
pub(crate) fn parse<L: Default>(
    command: Command,
    flags: &[Flag<L>],
    arguments: &[OsString],
) -> Result<Parsed<L>, String> {
    let matches = match define(command, flags).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return shown(&error).map(Parsed::Shown),
    };
    let mut options = L::default();
    apply(flags, &matches, &mut options)?;
    let positional = matches.get_many::<OsString>(POSITIONAL);
    let positional = positional.map(|values| values.cloned().collect());
    Ok(Parsed::Options(options, positional.unwrap_or_default()))
}

/// Shows what was asked for, if that is why clap gave no matches.
///
/// # Errors
/// With what is wrong about the command line, if that is why.
pub(crate) fn shown(error: &clap::Error) -> Result<Exit, String> {
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
        _ => Err(usage::describe(error)),
    }
}

/// The command with its flags, help and any number of positional arguments.
pub(crate) fn define<L>(command: Command, flags: &[Flag<L>]) -> Command {
    let mut command = command
        .no_binary_name(true)
        .display_name("swathe")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .max_term_width(90)
        .help_template("{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}");
    command = add(command, flags);
    command
        .arg(
            Arg::new(POSITIONAL)
                .num_args(0..)
                .action(ArgAction::Append)
                .value_parser(ValueParser::os_string())
                .hide(true),
        )
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help_heading("Help")
                .hide_short_help(true)
                .help("Show this; -h shows the most used flags on one screen"),
        )
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading("Help")
                .hide_short_help(true)
                .help("Show the version"),
        )
}

/// Gives a command these flags.
pub(crate) fn add<L>(mut command: Command, flags: &[Flag<L>]) -> Command {
    for flag in flags {
        command = command.arg(positive(flag));
        if let Some(negation) = flag.negation {
            command = command.arg(negative(flag, negation));
        }
    }
    command
}

fn positive<L>(flag: &Flag<L>) -> Arg {
    let arg = Arg::new(flag.long)
        .long(flag.long)
        .action(ArgAction::Append)
        .value_parser(ValueParser::os_string())
        .help_heading(flag.group.heading())
        .hide(flag.help.is_empty())
        .hide_short_help(!flag.brief)
        .help(flag.help)
        .long_help(long_help(flag));
    let arg = match flag.short {
        Some(short) => arg.short(short),
        None => arg,
    };
    let arg = match flag.alias {
        Some(alias) => arg.alias(alias),
        None => arg,
    };
    match flag.value {
        Some(value) => arg.num_args(1).value_name(value).allow_hyphen_values(true),
        None => bare(arg),
    }
}

fn negative<L>(flag: &Flag<L>, negation: &'static str) -> Arg {
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

fn long_help<L>(flag: &Flag<L>) -> String {
    let back = flag
        .negation
        .map(|negation| format!("Taken back by --{negation}."));
    match (flag.more, back) {
        ("", None) => flag.help.to_string(),
        ("", Some(back)) => format!("{}\n\n{back}", flag.help),
        (more, None) => format!("{}\n\n{more}", flag.help),
        (more, Some(back)) => format!("{}\n\n{more} {back}", flag.help),
    }
}

/// Applies what was typed to the options, in the order it was typed.
///
/// # Errors
/// With the first flag that cannot be honoured, and why.
pub(crate) fn apply<L>(
    flags: &[Flag<L>],
    matches: &ArgMatches,
    options: &mut L,
) -> Result<(), String> {
    let mut typed = Vec::new();
    for flag in flags {
        occurrences(flag.long, matches, |at, value| {
            typed.push((at, flag, Some(value)));
        });
        if let Some(negation) = flag.negation {
            occurrences(negation, matches, |at, _| typed.push((at, flag, None)));
        }
    }
    typed.sort_by_key(|&(at, ..)| at);
    for (_, flag, value) in typed {
        occur(flag, value, options)?;
    }
    Ok(())
}

fn occurrences<'m>(id: &str, matches: &'m ArgMatches, mut each: impl FnMut(usize, &'m OsStr)) {
    let Some(indices) = matches.indices_of(id) else {
        return;
    };
    for (at, value) in indices.zip(matches.get_many::<OsString>(id).into_iter().flatten()) {
        each(at, value);
    }
}

/// One occurrence of a flag; no value for its negation.
fn occur<L>(flag: &Flag<L>, value: Option<&OsStr>, options: &mut L) -> Result<(), String> {
    let done = match (&flag.effect, value) {
        (Effect::Switch(set), value) => {
            set(options, value.is_some());
            Ok(())
        }
        (Effect::Value(set), Some(value)) => set(options, value),
        (Effect::Setting(set), value) => set(options, value),
        (Effect::Refused(instead), Some(_)) => Err(instead.to_string()),
        (Effect::Refused(_) | Effect::Value(_), _) => Ok(()),
    };
    done.map_err(|why| format!("{}: {why}", flag.name()))
}
