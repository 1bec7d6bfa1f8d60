//! What was chosen for timestamps, over all inputs.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::printable;
use crate::time::Chosen;

/// What was chosen for the timestamps of some inputs, since nothing in them decides it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// What was chosen.
    pub chosen: Chosen,
    /// The first input it was chosen for.
    pub first: PathBuf,
    /// How many inputs it was chosen for.
    pub inputs: u64,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first.as_os_str().as_encoded_bytes();
        f.write_str(&printable(first))?;
        match self.inputs.saturating_sub(1) {
            0 => {}
            1 => f.write_str(" and another input")?,
            others => write!(f, " and {others} other inputs")?,
        }
        write!(f, ": {}", self.chosen.text())
    }
}

/// Adds what was chosen for so many inputs, of which this is the first.
pub fn choose(choices: &mut Vec<Choice>, chosen: Chosen, first: &Path, inputs: u64) {
    match choices.iter_mut().find(|choice| choice.chosen == chosen) {
        Some(choice) => choice.inputs += inputs,
        None => choices.push(Choice {
            chosen,
            first: first.to_path_buf(),
            inputs,
        }),
    }
}
