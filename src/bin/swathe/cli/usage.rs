//! What is wrong with a command line, in one line and a hint.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The name that a word is nearest to by the letters that would have to be changed, added,
/// left out or exchanged; none if more than a third of it would.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let names = names.into_iter();
    let near = names.map(|name| (strsim::damerau_levenshtein(word, name), name));
    let near = near
        .filter(|(distance, name)| distance * 3 <= word.chars().count().max(name.chars().count()));
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What to tell about a command line that clap did not take: without
/// `swathe: ` in front, and with a hint, if there is one, on a line of its own.
/// `near` finds what a word was meant to be.
pub(crate) fn describe(error: &clap::Error, near: impl Fn(&str) -> Option<String>) -> String {
    let context = |kind| error.get(kind).and_then(text);
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let (what, hint) = match error.kind() {
        ErrorKind::UnknownArgument if !argument.starts_with('-') => (
            format!("'{argument}' is one argument too many"),
            "all flags and arguments: swathe COMMAND --help".to_string(),
        ),
        ErrorKind::UnknownArgument => {
            let hint = match near(&argument) {
                Some(near) => format!("did you mean {near}?"),
                None => format!(
                    "if it is a pattern, put -e before it: -e '{argument}'; \
                     all flags: swathe COMMAND --help"
                ),
            };
            (format!("unknown flag {argument}"), hint)
        }
        ErrorKind::InvalidSubcommand => {
            let command = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            let hint = match near(&command) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("to search for it: swathe search '{command}' FILE"),
            };
            (format!("there is no command '{command}'"), hint)
        }
        ErrorKind::InvalidValue => (format!("{argument} needs a value"), String::new()),
        ErrorKind::TooManyValues => {
            let value = context(ContextKind::InvalidValue).unwrap_or_default();
            (
                format!("{argument} takes no value, but got '{value}'"),
                format!("leave out '={value}'"),
            )
        }
        _ => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            let line = line.strip_prefix("error: ").unwrap_or(line);
            (line.to_string(), "see swathe --help".to_string())
        }
    };
    let clean = |text: String| text.chars().filter(|c| !c.is_control()).collect::<String>();
    match clean(hint) {
        hint if hint.is_empty() => clean(what),
        hint => format!("{}\n{hint}", clean(what)),
    }
}

fn text(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
