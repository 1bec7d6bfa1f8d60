//! Fewer templates, where there are too many to keep.

use super::{
    MASK,
    token::{Tokens, is_between},
};

/// How coarse templates are: how many of their first words are told apart.
///
/// What a template becomes depends on no other, and coarsening in steps is the
/// same as at once; so a set of templates can be made coarse before or after it
/// is joined with another.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Coarse(u8);

/// How many words are kept, at each step.
const WORDS: [usize; 8] = [32, 16, 12, 8, 6, 4, 2, 1];

impl Coarse {
    /// As lines have them.
    pub const NOT: Coarse = Coarse(0);

    /// One template for all lines but the empty ones.
    pub const MOST: Coarse = Coarse(WORDS.len() as u8 + 1);

    /// The next coarser; [`MOST`](Coarse::MOST) has none.
    pub fn next(self) -> Option<Coarse> {
        (self < Coarse::MOST).then_some(Coarse(self.0 + 1))
    }

    /// The number of steps from [`NOT`](Coarse::NOT).
    pub fn steps(self) -> u8 {
        self.0
    }

    /// So many steps from [`NOT`](Coarse::NOT), at most
    /// [`MOST`](Coarse::MOST).
    pub fn of_steps(steps: u8) -> Coarse {
        Coarse(steps).min(Coarse::MOST)
    }

    /// Makes a template so coarse: what stands behind the words that are kept
    /// becomes [`MASK`].
    pub fn apply(self, template: &mut Vec<u8>) {
        if self == Coarse::NOT || template.is_empty() {
            return;
        }
        let Some(&keep) = WORDS.get(usize::from(self.0) - 1) else {
            template.clear();
            template.extend(MASK);
            return;
        };
        let (mut words, mut len) = (0, 0);
        for token in Tokens::new(template) {
            if !is_between(token) {
                words += 1;
                if words > keep {
                    break;
                }
            }
            len += token.len();
        }
        if len < template.len() {
            template.truncate(len);
            template.extend(MASK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coarse(template: &str, steps: u8) -> String {
        let mut template = template.as_bytes().to_vec();
        Coarse::of_steps(steps).apply(&mut template);
        String::from_utf8(template).unwrap()
    }

    #[test]
    fn the_first_words_stay() {
        let most = Coarse::MOST.steps();
        for (template, steps, want) in [
            ("a b=<*>, (c) d", 0, "a b=<*>, (c) d"),
            ("a b=<*>, (c) d", most - 3, "a b=<*>, (c) <*>"),
            ("a b=<*>, (c) d", most - 2, "a b=<*>"),
            ("a b=<*>, (c)", most - 3, "a b=<*>, (c)"),
            ("a b", most - 1, "a <*>"),
            ("a", most - 1, "a"),
            ("a", most, "<*>"),
            ("a", most + 1, "<*>"),
            ("", most, ""),
        ] {
            assert_eq!(coarse(template, steps), want, "{template} {steps}");
        }
    }

    #[test]
    fn in_steps_as_at_once() {
        let long = "x ".repeat(50);
        for template in [
            "",
            "a",
            "a b=<*>, (c) d e f",
            "<*>",
            "((",
            "<<*>> a ",
            &long,
        ] {
            for last in 0..=Coarse::MOST.steps() {
                for first in 0..=last {
                    let steps = coarse(&coarse(template, first), last);
                    assert_eq!(steps, coarse(template, last), "{template} {first} {last}");
                }
            }
        }
    }
}
