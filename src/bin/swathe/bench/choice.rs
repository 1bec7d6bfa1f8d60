//! What is looked for: in a generated file what is known of it, in the user's
//! own what its first megabytes suggest.

use std::{collections::HashMap, fs::File, io::Read as _, path::Path};

use schemars::JsonSchema;
use serde::Serialize;

/// How much of the file is looked at.
const HEAD: u64 = 8 << 20;
/// A word that is common enough to be printed often, and not everywhere.
const COMMON: f64 = 0.02;
/// So many literals at once.
pub(crate) const MANY: usize = 100;

/// The patterns that workloads use.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct Choice {
    /// What is on few lines, or on none.
    pub(crate) rare: String,
    /// What is on about 2 % of the lines.
    pub(crate) common: String,
    /// Three words for a search without regard to case.
    pub(crate) words: [String; 3],
    /// Many literals, most of which are nowhere.
    #[serde(skip)]
    pub(crate) many: Vec<String>,
    /// A regex of which no literal is required.
    pub(crate) regex: String,
    /// A regex whose first group is a key.
    pub(crate) key: String,
    /// How these were chosen.
    pub(crate) from: String,
}

impl Choice {
    /// What suits a log that `generate` made with the profile `app`.
    pub(crate) fn generated() -> Choice {
        Choice {
            rare: "ledger out of balance".into(),
            common: "ERROR".into(),
            words: ["timeout", "refused", "declined"].map(String::from),
            many: many("out of memory"),
            regex: "[A-Za-z]{30}".into(),
            key: r"user=(\S+)".into(),
            from: "what the generator plants".into(),
        }
    }

    /// What suits a file, by its head.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn of(path: &Path) -> std::io::Result<Choice> {
        let mut head = Vec::new();
        File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        let (mut lines, mut on) = (0u64, HashMap::<&[u8], (u64, u64)>::new());
        for line in head.split(|&byte| byte == b'\n') {
            lines += 1;
            let words = line.split(|byte| !byte.is_ascii_alphabetic());
            for word in words.filter(|word| (4..=16).contains(&word.len())) {
                let seen = on.entry(word).or_default();
                if seen.1 != lines {
                    *seen = (seen.0 + 1, lines);
                }
            }
        }
        let mut words: Vec<(&[u8], u64)> = on
            .into_iter()
            .map(|(word, (count, _))| (word, count))
            .collect();
        // The nearest to what is wanted first; the word decides among equals.
        let near = |wanted: f64| {
            let wanted = wanted * lines as f64;
            move |&(word, count): &(&[u8], u64)| {
                let (count, wanted) = (count as f64, f64::max(wanted, 1.0));
                // Of positive numbers the bits are in the order of the numbers.
                ((count / wanted).ln().abs().to_bits(), word.to_vec())
            }
        };
        words.sort_by_cached_key(near(COMMON));
        let text = |at: usize, other: &str| {
            let word = words
                .get(at)
                .map(|(word, _)| String::from_utf8_lossy(word).into_owned());
            word.unwrap_or_else(|| other.to_string())
        };
        let common = text(0, "error");
        let three = [text(1, "warning"), text(2, "failed"), text(3, "denied")];
        Ok(Choice {
            rare: "zqxj unlikely kwvz".into(),
            many: many(&common),
            regex: "[A-Za-z]{30}".into(),
            key: r"([A-Za-z]+)".into(),
            from: format!(
                "the words of the first {} lines",
                lines.saturating_sub(1).max(1)
            ),
            common,
            words: three,
        })
    }

    /// The alternation of the three words.
    pub(crate) fn alternation(&self) -> String {
        self.words.join("|")
    }
}

/// A literal that may occur, and many that do not.
fn many(first: &str) -> Vec<String> {
    let made = (1..MANY as u64).map(|number| {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let letter = |i: u64| char::from(b'a' + (mixed >> (5 * i) & 31) as u8 % 26);
        let word: String = (0..8).map(letter).collect();
        format!("{word}-{number}")
    });
    std::iter::once(first.to_string()).chain(made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_word_is_on_two_lines_in_a_hundred() {
        let path = std::env::temp_dir().join(format!("swathe-choice-{}", std::process::id()));
        let line = |i: u64| match i % 50 {
            0 => "always sometimes seldom\n",
            1..25 => "always often\n",
            _ => "always\n",
        };
        std::fs::write(&path, (0..1000).map(line).collect::<String>()).unwrap();
        let choice = Choice::of(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(choice.common, "seldom");
        assert_eq!(choice.words[0], "sometimes");
        assert_eq!(choice.many.len(), MANY);
    }
}
