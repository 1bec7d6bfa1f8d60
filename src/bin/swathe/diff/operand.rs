//! What is compared: a file, or a part of one: `app.log@13:00..14:00`.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use swathe::{Result, report::printable, run::Input, time::When};

use crate::stat::usage;

/// One of the two.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    /// As it was typed.
    typed: OsString,
    pub(crate) input: Input,
    /// From when to when, where it says so.
    pub(crate) window: Option<Window>,
}

/// A range of time.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Window {
    pub(crate) since: Option<When>,
    pub(crate) until: Option<When>,
}

impl Operand {
    /// Both, in their order.
    ///
    /// # Errors
    /// When there are not two, or a range of time makes no sense.
    pub(crate) fn both(typed: &[OsString]) -> Result<[Operand; 2]> {
        let [before, after] = typed else {
            let number = typed.len();
            return Err(usage(format!(
                "name two things to compare, what was before and what is after; there are {number}\n\
                 one file has two times: app.log@13:00..14:00 app.log@14:00..15:00"
            )));
        };
        let (before, mut after) = (Operand::parse(before)?, Operand::parse(after)?);
        if before.input == Input::Path(PathBuf::new()) {
            return Err(usage(format!(
                "{}: a range of which file? Write FILE@FROM..TO (the second may leave the file out)",
                before.name()
            )));
        }
        if after.input == Input::Path(PathBuf::new()) {
            after.input = before.input.clone();
        }
        let stdin = Input::Stdin;
        if before.input == stdin && after.input == stdin {
            return Err(usage(
                "standard input can be read only once; save it to a file to compare two times of it",
            ));
        }
        Ok([before, after])
    }

    fn parse(typed: &OsString) -> Result<Operand> {
        let (name, window) = match split(typed)? {
            // A file is what it is called.
            Some((name, window)) if !Path::new(typed).exists() => (name, Some(window)),
            _ => (typed.clone(), None),
        };
        Ok(Operand {
            typed: typed.clone(),
            input: Input::named(name),
            window,
        })
    }

    /// As it was typed, for messages.
    pub(crate) fn name(&self) -> String {
        printable(self.typed.as_encoded_bytes())
    }
}

/// The name and the range behind its last `@`, if that is one.
fn split(typed: &OsStr) -> Result<Option<(OsString, Window)>> {
    let Some((name, range)) = typed.to_str().and_then(|text| text.rsplit_once('@')) else {
        return Ok(None);
    };
    let Some((since, until)) = range.split_once("..") else {
        return Ok(None);
    };
    let when = |text: &str| {
        let some = !text.trim().is_empty();
        some.then(|| text.parse::<When>()).transpose()
    };
    let window = match (when(since), when(until)) {
        (Ok(since), Ok(until)) => Window { since, until },
        // It may be the name of a file that is not there.
        (Err(error), _) | (_, Err(error)) if name.is_empty() || Path::new(name).exists() => {
            return Err(usage(format!(
                "{}: {error}",
                printable(typed.as_encoded_bytes())
            )));
        }
        _ => return Ok(None),
    };
    Ok(Some((name.into(), window)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_times() {
        let when = |text: &str| Some(text.parse::<When>().unwrap());
        for (typed, name, since, until) in [
            ("a.log@13:00..14:00", "a.log", when("13:00"), when("14:00")),
            ("a.log@..14:00", "a.log", None, when("14:00")),
            ("a.log@end-2h..", "a.log", when("end-2h"), None),
            ("@2026-11-23..now", "", when("2026-11-23"), when("now")),
            ("a@b@2h ago..1h ago", "a@b", when("2h ago"), when("1h ago")),
        ] {
            let (found, window) = split(OsStr::new(typed)).unwrap().unwrap();
            assert_eq!(found, name, "{typed}");
            assert_eq!(window, Window { since, until }, "{typed}");
        }
        for plain in ["a.log", "a@b.log", "no@x..y", "a@13:00", "-"] {
            assert!(split(OsStr::new(plain)).unwrap().is_none(), "{plain}");
        }
        assert!(split(OsStr::new("Cargo.toml@13:00..soon")).is_err());
        assert!(split(OsStr::new("@13:00..soon")).is_err());
    }
}
