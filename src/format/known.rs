//! The formats there are.

use std::sync::Arc;

use super::{LogFormat, config, shipped};
use crate::error::Result;

/// The formats that the records of a source may have: those that come with swathe, and
/// others that were given. The default is those that come with swathe.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    own: Arc<Vec<LogFormat>>,
    /// The only ones that come into question.
    among: Option<Arc<Vec<LogFormat>>>,
}

/// Which formats are known is no part of what is asked: any two are equal.
impl PartialEq for Formats {
    fn eq(&self, _: &Formats) -> bool {
        true
    }
}

impl Eq for Formats {}

impl Formats {
    /// Those that come with swathe and these, which go before one of the same name.
    pub fn with(own: Vec<LogFormat>) -> Formats {
        Formats {
            own: Arc::new(own),
            among: None,
        }
    }

    /// These alone: the first that a source has, else the first of them.
    pub fn only(formats: Vec<LogFormat>) -> Formats {
        Formats {
            own: Arc::default(),
            among: Some(Arc::new(formats)),
        }
    }

    /// All of them, in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &LogFormat> {
        let (only, known) = match self.among.as_deref() {
            Some(among) => (among.as_slice(), &[][..]),
            None => (&[][..], shipped::all()),
        };
        let is_own = |format: &LogFormat| self.own.iter().any(|own| own.name() == format.name());
        let known = known.iter().filter(move |format| !is_own(format));
        only.iter().chain(self.own.iter()).chain(known)
    }

    /// Whether nothing but these may be taken for the format of a source.
    pub(super) fn is_said(&self) -> bool {
        self.among.is_some()
    }

    /// Those that are called this: by their name, or by one that several may share, as
    /// `nginx` are with and without a virtual host.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(&self, name: &str) -> Result<Vec<LogFormat>> {
        let named: Vec<LogFormat> = self.all().filter(|f| f.is_called(name)).cloned().collect();
        if named.is_empty() {
            return Err(config(format!(
                "no format is called {name:?}{}; swathe formats list names them",
                self.similar(name)
            )));
        }
        Ok(named)
    }

    /// A format whose name begins alike, in words for a message.
    fn similar(&self, name: &str) -> String {
        let begins = |known: &str| {
            let front = name.get(..name.len().min(3)).unwrap_or(name);
            !front.is_empty() && known.starts_with(front)
        };
        let names = self.all().flat_map(|format| {
            std::iter::once(format.name()).chain(format.aliases().iter().map(String::as_str))
        });
        let names: Vec<&str> = names.filter(|known| begins(known)).take(4).collect();
        match names.as_slice() {
            [] => String::new(),
            names => format!(" (there are {})", names.join(", ")),
        }
    }
}
