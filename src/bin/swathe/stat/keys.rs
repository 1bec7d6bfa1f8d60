//! Flags of commands that take something from every record.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use swathe::{
    Result,
    key::{Key, KeyOptions, Keys, Preset},
    pattern::{Boundary, Case, PatternOptions},
    run::Input,
};

use super::{input, selecting, usage};
use crate::operands::is_lone_file;

/// What keys are, for `--help`.
pub(crate) const KEYS: &str = "\
Keys:
  $1 $name $0   a capture of the regex by number or name; the whole match
  field:3       the third field between white space (or --delimiter D); field:-1 the last
  json:a.b      member b of member a of a JSON object (of two of a name, the first)
  logfmt:k      the value behind k=
  csv:name      the field below this name in the first line; a line is a record, also in quotes
  time:5m       the start of the 5 minutes the record lies in
  path level line template   the file, how severe it is, all of it, what kind of line it is
  status ...    the fields that --preset nginx|apache|syslog|json|logfmt names

A record without the key is in a group of its own, null.";

/// Gives the command the flags.
pub(crate) fn add(command: Command) -> Command {
    let flag = |letter: char, name: &'static str, help: &'static str| {
        Arg::new(name)
            .short(letter)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    command.args(forms()).args([
        Arg::new("by")
            .long("by")
            .value_name("KEY[,KEY]...")
            .action(ArgAction::Append)
            .help("Group by $1, field:3, json:a.b, time:5m, level ... (--help)"),
        Arg::new("all")
            .long("all")
            .action(ArgAction::SetTrue)
            .help("Take every match of a record that is not empty, not only the first"),
        Arg::new("regexp")
            .short('e')
            .long("regexp")
            .value_name("REGEX")
            .allow_hyphen_values(true)
            .help("The regex; all operands are then files"),
        flag('F', "fixed-strings", "The regex is text, not a regex").hide_short_help(true),
        flag('i', "ignore-case", "Ignore case"),
        flag('w', "word-regexp", "Match whole words only").hide_short_help(true),
        flag('x', "line-regexp", "Match whole lines only")
            .hide_short_help(true)
            .conflicts_with("word-regexp"),
        Arg::new("operand")
            .value_name("REGEX|PATH")
            .num_args(0..)
            .value_parser(value_parser!(OsString))
            .help("The regex, if a key is a capture; files, - for standard input"),
    ])
}

/// The flags that say which form records have.
pub(crate) fn forms() -> [Arg; 2] {
    [
        Arg::new("preset")
            .long("preset")
            .value_name("FORM")
            .help("Name fields: nginx, apache, syslog, json, logfmt"),
        Arg::new("delimiter")
            .long("delimiter")
            .value_name("D")
            .allow_hyphen_values(true)
            .hide_short_help(true)
            .help("What stands between fields (\\t for a tab)"),
    ]
}

/// What these say, without a regex.
///
/// # Errors
/// When they make no sense.
pub(crate) fn form(matches: &ArgMatches) -> Result<KeyOptions> {
    let named = |name: &str| matches.get_one::<String>(name);
    Ok(KeyOptions {
        preset: named("preset")
            .map(|name| name.parse::<Preset>())
            .transpose()?,
        delimiter: named("delimiter").map(|d| delimiter(d)).transpose()?,
        ..KeyOptions::default()
    })
}

/// What groups are by.
///
/// # Errors
/// When one of them is no key.
pub(crate) fn by(matches: &ArgMatches) -> Result<Vec<Key>> {
    let lists = matches.get_many::<String>("by").into_iter().flatten();
    let keys: Vec<Vec<Key>> = lists.map(|list| Key::list(list)).collect::<Result<_>>()?;
    Ok(keys.concat())
}

/// What the flags say.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What groups are by, if that was said.
    pub(crate) by: Vec<Key>,
    pub(crate) all: bool,
    pub(crate) options: KeyOptions,
    pub(crate) inputs: Vec<Input>,
}

/// What the flags of these matches say. `others` are keys that other flags
/// named.
///
/// Without any key the command takes what a regex captures.
///
/// # Errors
/// When they make no sense.
pub(crate) fn parse(matches: &ArgMatches, others: &[&Key]) -> Result<Asked> {
    let by = by(matches)?;
    let operands = matches.get_many("operand").into_iter().flatten();
    let mut paths: Vec<&OsString> = operands.collect();
    let mut keys = by.iter().chain(others.iter().copied()).peekable();
    let mut conditions = matches.get_many::<String>("where").into_iter().flatten();
    let captures = keys.peek().is_none()
        || keys.any(Key::is_capture)
        || conditions.any(|condition| condition.trim_start().starts_with('$'));
    let mut pattern = matches.get_one::<String>("regexp").cloned();
    if pattern.is_none() && captures {
        if paths.is_empty() {
            return Err(usage(
                "no regex and no key: write a REGEX with a capture ( ), or --by KEY (see --help)",
            ));
        }
        let first = paths.remove(0);
        let regex = first
            .to_str()
            .ok_or_else(|| usage("the regex is not valid UTF-8; write its bytes as (?-u:\\xNN)"))?;
        // Records that are selected or grouped are not yet what is taken from them.
        let readable = input::stdin_is_readable() && !selecting::is_filtered(matches);
        if is_lone_file(first, paths.len(), readable) {
            return Err(usage(format!(
                "{regex:?} was taken for the regex, and there is nothing to read; say what is \
                 taken from its records: a REGEX with a capture before it, or a key ({})",
                lacking(matches)
            )));
        }
        pattern = Some(regex.to_string());
    }
    Ok(Asked {
        by,
        all: matches.get_flag("all"),
        options: KeyOptions {
            pattern,
            pattern_options: pattern_options(matches),
            ..form(matches)?
        },
        inputs: input::named(paths),
    })
}

/// The flag that names the key which is missing, and what may be asked for.
fn lacking(matches: &ArgMatches) -> &'static str {
    match matches.try_contains_id("of") {
        Ok(_) => "--of field:3, --of json:ms ...",
        Err(_) => "--by level, --by field:3 ...",
    }
}

/// The key where none was named: the first capture of the regex, or all that
/// it matches.
///
/// # Errors
/// When it does not compile.
pub(crate) fn default_key(options: &KeyOptions) -> Result<Key> {
    let captures = Keys::new(&[], options)?.captures();
    Ok(Key::Capture(captures.min(1)))
}

fn pattern_options(matches: &ArgMatches) -> PatternOptions {
    PatternOptions {
        fixed_strings: matches.get_flag("fixed-strings"),
        case: if matches.get_flag("ignore-case") {
            Case::Insensitive
        } else {
            Case::Sensitive
        },
        boundary: if matches.get_flag("line-regexp") {
            Some(Boundary::Line)
        } else if matches.get_flag("word-regexp") {
            Some(Boundary::Word)
        } else {
            None
        },
        ..PatternOptions::default()
    }
}

/// The byte between fields.
///
/// # Errors
/// When it is not one.
pub(crate) fn delimiter(text: &str) -> Result<u8> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        &[byte] if byte != b'\n' => Ok(byte),
        _ => Err(usage(format!(
            "--delimiter {text:?} is not one byte; write one character, or \\t for a tab"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Asked> {
        let command = add(Command::new("x").no_binary_name(true));
        let command = super::super::args::add(command);
        parse(&command.try_get_matches_from(arguments).unwrap(), &[])
    }

    #[test]
    fn the_first_operand_is_a_regex_where_one_is_needed() {
        for (arguments, pattern, files) in [
            (&["a(b)", "f"][..], Some("a(b)"), 1),
            (&["--by", "$1,path", "a(b)", "f", "g"], Some("a(b)"), 2),
            (&["--by", "field:1", "f", "g"], None, 2),
            (&["--by", "field:1", "-e", "x", "f"], Some("x"), 1),
            (&["-e", "x", "f"], Some("x"), 1),
            (&["--by=path", "--where=$1>1", "a(b)", "f"], Some("a(b)"), 1),
        ] {
            let asked = asked(arguments).unwrap();
            assert_eq!(asked.options.pattern.as_deref(), pattern, "{arguments:?}");
            assert_eq!(asked.inputs.len(), files, "{arguments:?}");
        }
        assert!(asked(&[]).is_err());
        assert!(asked(&["--by", "bad key", "f"]).is_err());
    }

    #[test]
    fn delimiters_are_one_byte() {
        for (text, want) in [
            ("\\t", Some(b'\t')),
            (";", Some(b';')),
            ("", None),
            ("ab", None),
        ] {
            assert_eq!(delimiter(text).ok(), want, "{text}");
        }
    }
}
