//! Flags of commands that take something from every record.

use std::ffi::OsString;

use swathe::{
    Result,
    key::{Key, KeyOptions, Keys, Where},
    run::Input,
};

use super::{
    args::{self, Flag, Shared},
    input, usage,
};
use crate::{
    cli::{parse::Operands, value},
    operands::is_lone_file,
};

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
  status ...    a field that the format of the records has: swathe inspect FILE names them

A record without the key is in a group of its own, null.";

/// What stands behind the flags of such a command.
pub(crate) const OPERANDS: Operands = Operands::any(
    "REGEX|PATH",
    "The regex, if a key is a capture; files, - for standard input",
);

/// The flags of a command that takes something from every record.
pub(crate) fn flags<O: 'static>() -> impl Iterator<Item = Flag<O>> {
    let own = [
        args::by("Group by $1, field:3, json:a.b, time:5m, level ..."),
        Flag::<O>::on(
            "--all",
            "Take every match of a record, not only the first",
            |o| &mut o.shared.every_match,
        )
        .brief()
        .more("But for matches that are empty."),
        Flag::<O>::one(
            "-e --regexp REGEX",
            "The regex; all arguments are then files",
            value::string,
            |o| &mut o.shared.regex,
        )
        .brief(),
    ];
    own.into_iter().chain(super::shared::matching())
}

/// What the flags say.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What groups are by, if that was said.
    pub(crate) by: Vec<Key>,
    pub(crate) options: KeyOptions,
    pub(crate) inputs: Vec<Input>,
}

/// What was told. `others` are keys that other flags named, `instead` are flags that
/// name one, for who did not.
///
/// Without any key the command takes what a regex captures.
///
/// # Errors
/// When it makes no sense.
pub(crate) fn asked(told: &Shared, others: &[&Key], instead: &str) -> Result<Asked> {
    let mut paths: Vec<&OsString> = told.operands.iter().collect();
    let mut keys = told.by.iter().chain(others.iter().copied()).peekable();
    let mut conditions = told.words.conditions.iter();
    let captures = keys.peek().is_none()
        || keys.any(Key::is_capture)
        || conditions.any(|condition| {
            let condition = condition.parse::<Where>();
            condition.is_ok_and(|condition| condition.has_captures())
        });
    let mut pattern = told.regex.clone();
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
        let readable = input::stdin_is_readable() && !told.is_filtered();
        if is_lone_file(first, paths.len(), readable) {
            return Err(usage(format!(
                "{regex:?} was taken for the regex, and there is nothing to read; say what is \
                 taken from its records: a REGEX with a capture before it, or a key ({instead})",
            )));
        }
        pattern = Some(regex.to_string());
    }
    Ok(Asked {
        by: told.by.clone(),
        options: KeyOptions {
            pattern,
            pattern_options: told.matching.options(),
            ..told.key_options()
        },
        inputs: input::named(paths),
    })
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

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;
    use crate::cli::parse::Parsed;

    fn asked(arguments: &[&str]) -> Result<Asked> {
        let line = args::line::<()>(Command::new("x"), Operands::FILES, flags());
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let Ok(Parsed::Given(given)) = line.parse(&arguments) else {
            return Err(usage("it is not taken"));
        };
        super::asked(&args::Options::from(given).shared, &[], "")
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
            (
                &["--by=path", "--where=level=warn || !($1>1)", "a(b)", "f"],
                Some("a(b)"),
                1,
            ),
            (&["--by=path", "--where=line~x$1", "f"], None, 1),
        ] {
            let asked = asked(arguments).unwrap();
            assert_eq!(asked.options.pattern.as_deref(), pattern, "{arguments:?}");
            assert_eq!(asked.inputs.len(), files, "{arguments:?}");
        }
        assert!(asked(&[]).is_err());
        assert!(asked(&["--by", "bad key", "f"]).is_err());
    }
}
