//! Inputs that are looked at before they are read.
//!
//! What was seen then is what is read later, or it is an error: a file that another
//! has taken the place of is not read by what was known of the first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Input;
use crate::{
    error::{Error, Result},
    source::{Seen, Source, SourceOptions},
};

/// What came of the looks at inputs. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Looks(Arc<Mutex<HashMap<Input, Looked>>>);

#[derive(Debug)]
enum Looked {
    /// It was this; whether somebody reads it already.
    File(Seen, bool),
    /// It cannot be opened again, and is open still.
    Open(Source),
    Failed(Error),
}

impl Looks {
    /// Opens an input to look at it.
    ///
    /// # Errors
    /// When it cannot be opened, which is told again when it is to be read.
    pub fn look(&self, input: &Input, options: &SourceOptions) -> Result<Source> {
        let before = match self.all().get(&key(input)) {
            Some(Looked::Failed(error)) => return Err(error.again()),
            Some(Looked::File(seen, _)) => Some(*seen),
            Some(Looked::Open(_)) | None => None,
        };
        let opened = input.open(options, before.as_ref());
        match &opened {
            Ok(source) => {
                if let Some(seen) = source.seen() {
                    let mut all = self.all();
                    all.entry(key(input)).or_insert(Looked::File(seen, false));
                }
            }
            Err(error) => self.failed(input, error),
        }
        opened
    }

    /// A look at an input has failed.
    pub fn failed(&self, input: &Input, error: &Error) {
        let error = error.again().or_at(input.name());
        self.all().insert(key(input), Looked::Failed(error));
    }

    /// Keeps the source of an input that cannot be opened again, for whoever reads it.
    pub fn keep_open(&self, input: &Input, source: Source) {
        self.all().insert(key(input), Looked::Open(source));
    }

    /// Whether the input was looked at and is open still.
    pub fn is_open(&self, input: &Input) -> bool {
        matches!(self.all().get(&key(input)), Some(Looked::Open(_)))
    }

    /// The source of an input that is open still; `None` if it is not.
    pub fn take_open(&self, input: &Input) -> Option<Source> {
        let mut all = self.all();
        match all.remove(&key(input)) {
            Some(Looked::Open(source)) => Some(source),
            Some(other) => {
                all.insert(key(input), other);
                None
            }
            None => None,
        }
    }

    /// What an input was when it was looked at, for whoever reads it; `None` if nobody looked.
    ///
    /// # Errors
    /// When the look failed.
    pub fn first(&self, input: &Input) -> Result<Option<Seen>> {
        let mut all = self.all();
        if all.is_empty() {
            // Asked for each of many small files.
            return Ok(None);
        }
        match all.get_mut(&key(input)) {
            Some(Looked::Failed(error)) => Err(error.again()),
            // Where standard input is named twice, the first has all of it.
            Some(Looked::File(_, true)) if *input == Input::Stdin => Ok(None),
            Some(Looked::File(seen, read)) => {
                *read = true;
                Ok(Some(*seen))
            }
            Some(Looked::Open(_)) | None => Ok(None),
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Input, Looked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file is the same one whether it was named or found.
fn key(input: &Input) -> Input {
    match input {
        Input::Found(path) => Input::Path(path.clone()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn standard_input_that_is_named_twice_is_read_once() {
        let looks = Looks::default();
        let path = Path::new("Cargo.toml");
        let seen = Source::open(path, &SourceOptions::default())
            .unwrap()
            .seen();
        let file = Looked::File(seen.unwrap(), false);
        looks.all().insert(Input::Stdin, file);
        assert_eq!(looks.first(&Input::Stdin).unwrap(), seen);
        assert_eq!(looks.first(&Input::Stdin).unwrap(), None);
    }

    #[test]
    fn what_is_kept_open_is_handed_out_once() {
        let looks = Looks::default();
        let found = Input::Found("a".into());
        looks.keep_open(&found, Source::from_bytes("a", "x"));
        assert!(looks.is_open(&Input::Path("a".into())));
        assert_eq!(looks.first(&found).unwrap(), None);
        assert!(looks.take_open(&found).is_some());
        assert!(looks.take_open(&found).is_none() && !looks.is_open(&found));
    }
}
