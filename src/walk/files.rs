//! From what was named to the files, in their order.

use std::vec;

#[cfg(feature = "walk")]
use super::{rules::Rules, walker::Walked};
use crate::{error::Error, source::Input};

/// The next thing that choosing files came upon.
#[derive(Debug)]
pub enum Event {
    /// A file.
    File(Input),
    /// Something that went wrong.
    Trouble(Trouble),
}

/// Something that went wrong while files were looked for.
#[derive(Debug)]
pub struct Trouble {
    /// What, and at which file or directory if it is about one.
    pub error: Error,
    /// It is about the rules that leave files out, not about a file: nothing is missing from
    /// what was asked for.
    pub soft: bool,
}

/// The files that were named, and those in directories that were named.
#[derive(Debug)]
pub struct Files(Kind);

#[derive(Debug)]
enum Kind {
    /// No directory is among them.
    Named(vec::IntoIter<Input>),
    /// They had to be found beforehand.
    Known(vec::IntoIter<Event>),
    /// A thread goes through them.
    #[cfg(feature = "walk")]
    Walked(Walked),
}

impl Files {
    /// What was found beforehand.
    pub fn known(events: Vec<Event>) -> Files {
        Files(Kind::Known(events.into_iter()))
    }

    /// These inputs; directories among them are not gone through.
    pub fn named(inputs: Vec<Input>) -> Files {
        Files(Kind::Named(inputs.into_iter()))
    }

    /// These inputs, and of directories the files that these rules leave.
    #[cfg(feature = "walk")]
    pub fn new(inputs: impl IntoIterator<Item = impl Into<Input>>, rules: Rules) -> Files {
        let inputs: Vec<Input> = inputs.into_iter().map(Into::into).collect();
        if rules.streams() && !inputs.iter().any(Input::is_directory) {
            return Files::named(inputs);
        }
        Files::walked(inputs, rules, false)
    }

    /// The files of the current directory that these rules leave; their names do not begin
    /// with its own.
    #[cfg(feature = "walk")]
    pub fn here(rules: Rules) -> Files {
        Files::walked(vec![Input::Path("./".into())], rules, true)
    }

    #[cfg(feature = "walk")]
    fn walked(inputs: Vec<Input>, rules: Rules, unnamed: bool) -> Files {
        match Walked::start(inputs, rules, unnamed) {
            Ok(walked) => Files(Kind::Walked(walked)),
            Err(known) => Files::known(known),
        }
    }

    /// The next few files, at most so many and at least one unless there are no
    /// more; no more than there are already.
    pub fn batch(&mut self, most: usize) -> Vec<Event> {
        match &mut self.0 {
            // Each may be anything, a pipe too, and must not wait for others.
            Kind::Named(_) => self.next().into_iter().collect(),
            Kind::Known(known) => known.take(most).collect(),
            #[cfg(feature = "walk")]
            Kind::Walked(walked) => walked.batch(most),
        }
    }
}

impl Iterator for Files {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        match &mut self.0 {
            Kind::Named(inputs) => inputs.next().map(Event::File),
            Kind::Known(known) => known.next(),
            #[cfg(feature = "walk")]
            Kind::Walked(walked) => walked.batch(1).pop(),
        }
    }
}
