//! Words that vary although nothing about them says so.
//!
//! `session opened for user cyrus` and `... for user root` are one kind of
//! line. What tells is the set of all templates: where several are the same
//! but for one word, and there are many such words, the word is a value.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::{
    MASK,
    collapse::collapse,
    mask::{Atom, Kind},
    token::{Tokens, is_between},
};

/// So many different words in one place are values.
const MANY: usize = 8;
/// Behind `=` fewer are enough.
const BEHIND_EQUALS: usize = 4;
/// Behind words that announce a name still fewer are.
const BEHIND_NAMING: usize = 3;

const NAMING: [&[u8]; 9] = [
    b"user", b"for", b"from", b"by", b"to", b"of", b"host", b"name", b"file",
];

/// One value may make room for another; after so many rounds that is enough.
const ROUNDS: usize = 4;

/// The number of the token [`MASK`].
const MASKED: u32 = 0;

/// For each template what it is when all of them are known; several may
/// become one. A function of the set of templates: their order does not
/// matter.
///
/// A word becomes [`MASK`] where templates are equal but for it and either one
/// of them has a mask in its place, or there are at least eight different
/// words (four behind `=`, three behind words like `user` and `for`). The
/// first word of a template stays.
pub fn merge(templates: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut table = Table::new(templates);
    for _ in 0..ROUNDS {
        if !table.round() {
            break;
        }
    }
    table.texts()
}

struct Table<'t> {
    /// The bytes of each token.
    tokens: Vec<&'t [u8]>,
    /// How many words in place of one with this number before it are many.
    many_behind: Vec<usize>,
    between: Vec<bool>,
    /// The templates as numbers of tokens, each once.
    rows: Vec<Box<[u32]>>,
    /// Which of them each template is.
    which: Vec<u32>,
}

/// The words that stand in one place.
#[derive(Clone, Copy, Debug, Default)]
struct Words {
    masked: bool,
    count: u8,
    first: [u32; MANY],
}

impl Words {
    fn add(&mut self, word: u32) {
        if word == MASKED {
            self.masked = true;
        } else if usize::from(self.count) < MANY && !self.known().contains(&word) {
            self.first[usize::from(self.count)] = word;
            self.count += 1;
        }
    }

    fn known(&self) -> &[u32] {
        &self.first[..usize::from(self.count)]
    }
}

/// A template with one word left out.
type Hole = (u64, u64);

impl<'t> Table<'t> {
    fn new(templates: &[&'t [u8]]) -> Table<'t> {
        let mut numbers: HashMap<&[u8], u32, FixedState> = HashMap::default();
        numbers.insert(MASK, MASKED);
        let mut tokens = vec![MASK];
        // Numbers must not depend on the order, since holes are hashed by them.
        let mut sorted: Vec<&[u8]> = templates.to_vec();
        sorted.sort_unstable();
        for token in sorted.into_iter().flat_map(Tokens::new) {
            numbers.entry(token).or_insert_with(|| {
                tokens.push(token);
                tokens.len() as u32 - 1
            });
        }
        let rows = templates.iter();
        let rows = rows.map(|template| Tokens::new(template).map(|token| numbers[token]).collect());
        let mut table = Table {
            which: (0..templates.len() as u32).collect(),
            many_behind: tokens.iter().map(|token| many_behind(token)).collect(),
            between: tokens.iter().map(|token| is_between(token)).collect(),
            rows: rows.collect(),
            tokens,
        };
        table.once();
        table
    }

    /// Leaves each row once. What is many is a matter of different words, so
    /// that it makes no difference how often one is there.
    fn once(&mut self) {
        let mut places: HashMap<&[u32], u32, FixedState> = HashMap::default();
        let mut kept = Vec::new();
        let moved = self.rows.iter().enumerate().map(|(row, tokens)| {
            *places.entry(tokens).or_insert_with(|| {
                kept.push(row);
                kept.len() as u32 - 1
            })
        });
        let moved: Vec<u32> = moved.collect();
        for which in &mut self.which {
            *which = moved[*which as usize];
        }
        self.rows = kept
            .iter()
            .map(|&row| std::mem::take(&mut self.rows[row]))
            .collect();
    }

    /// Masks every word that varies in what the templates are now; true if
    /// there was any.
    fn round(&mut self) -> bool {
        let len = |row: usize| self.rows[row].len();
        let mut by_len: Vec<(usize, usize)> = (0..self.rows.len()).map(|r| (len(r), r)).collect();
        by_len.sort_unstable();
        let mut changed = false;
        // Only templates of one length can be equal but for a word.
        for same in by_len.chunk_by(|a, b| a.0 == b.0) {
            let mut holes: HashMap<Hole, Words, FixedState> = HashMap::default();
            for &(_, row) in same {
                self.each_hole(&self.rows[row], |_, hole, word| {
                    holes.entry(hole).or_default().add(word);
                });
            }
            for &(_, row) in same {
                let mut merged = self.rows[row].clone();
                let (mut before, mut first) = (None, true);
                self.each_hole(&self.rows[row], |at, hole, word| {
                    let words = holes[&hole];
                    let many = self.many(&self.rows[row], at, before.replace(word));
                    if !first && (words.masked || usize::from(words.count) >= many) {
                        merged[at] = MASKED;
                    }
                    first &= word == MASKED;
                });
                changed |= merged != self.rows[row];
                self.rows[row] = merged;
            }
        }
        self.once();
        changed
    }

    /// How many words in this place are many.
    fn many(&self, row: &[u32], at: usize, before: Option<u32>) -> usize {
        if at > 0 && self.tokens[row[at - 1] as usize] == b"=" {
            return BEHIND_EQUALS;
        }
        before.map_or(MANY, |word| self.many_behind[word as usize])
    }

    /// Calls with every word or mask of the row: where it is, the row without
    /// it, and itself.
    fn each_hole(&self, row: &[u32], mut call: impl FnMut(usize, Hole, u32)) {
        const START: Hole = (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344);
        let mut behind = vec![START; row.len() + 1];
        for at in (0..row.len()).rev() {
            behind[at] = mix(behind[at + 1], row[at]);
        }
        let mut before = START;
        for (at, &token) in row.iter().enumerate() {
            if !self.between[token as usize] {
                let whole = mix(before, at as u32);
                let whole = mix2(whole, behind[at + 1]);
                call(at, whole, token);
            }
            before = mix(before, token);
        }
    }

    fn texts(&self) -> Vec<Vec<u8>> {
        let (mut text, mut atoms) = (Vec::new(), Vec::new());
        let mut texts = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            text.clear();
            atoms.clear();
            for &token in row {
                let start = text.len() as u32;
                text.extend(self.tokens[token as usize]);
                let kind = match token {
                    MASKED => Kind::Varies,
                    _ if self.between[token as usize] => Kind::Between,
                    _ => Kind::Word,
                };
                atoms.push(Atom {
                    start,
                    end: text.len() as u32,
                    kind,
                });
            }
            let mut template = Vec::new();
            collapse(&text, &atoms, &mut template);
            texts.push(template);
        }
        let which = self.which.iter();
        which.map(|&row| texts[row as usize].clone()).collect()
    }
}

fn many_behind(token: &[u8]) -> usize {
    let naming = NAMING.iter().any(|word| token.eq_ignore_ascii_case(word));
    if naming { BEHIND_NAMING } else { MANY }
}

fn mix(hash: Hole, number: u32) -> Hole {
    mix2(hash, (u64::from(number), u64::from(number)))
}

/// Two hashes of 64 bits that have nothing to do with each other.
fn mix2(hash: Hole, with: Hole) -> Hole {
    let one = |hash: u64, with: u64, factor: u64| {
        let product = u128::from(hash ^ with.wrapping_mul(factor)) * u128::from(factor);
        (product as u64) ^ ((product >> 64) as u64) ^ hash.rotate_left(23)
    };
    (
        one(hash.0, with.0, 0x9e37_79b9_7f4a_7c15),
        one(hash.1, with.1, 0xd6e8_feb8_6659_fd93),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(templates: &[&str]) -> Vec<String> {
        let templates: Vec<&[u8]> = templates.iter().map(|t| t.as_bytes()).collect();
        let text = |t| String::from_utf8(t).unwrap();
        merge(&templates).into_iter().map(text).collect()
    }

    #[test]
    fn names_behind_words_that_announce_them() {
        let all = merged(&[
            "session opened for user cyrus by <*>",
            "session opened for user news by <*>",
            "session opened for user root by <*>",
            "session closed for user root by <*>",
        ]);
        assert_eq!(
            all[..3],
            ["session opened for user <*>"; 3]
                .map(|_| "session opened for user <*> by <*>".to_string())
        );
        assert_eq!(all[3], "session closed for user root by <*>");
    }

    #[test]
    fn a_mask_in_its_place_makes_a_word_a_value() {
        let all = merged(&[
            "Invalid user admin",
            "Invalid user <*>",
            "Invalid host admin",
        ]);
        assert_eq!(
            all,
            ["Invalid user <*>", "Invalid user <*>", "Invalid host admin"]
        );
    }

    #[test]
    fn few_words_are_words() {
        let four = [
            "VM Paused (x)",
            "VM Resumed (x)",
            "VM Started (x)",
            "VM Stopped (x)",
        ];
        assert_eq!(merged(&four), four);
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|n| format!("removing {n} now"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(merged(&names[..7]), names[..7]);
        assert_eq!(merged(&names), vec!["removing <*> now"; 8]);
        let masked = ["<*> a x", "<*> b x", "<*> <*> x"];
        assert_eq!(merged(&masked)[..2], masked[..2], "the first word stays");
        let first: Vec<String> = names.iter().map(|n| n.replace("removing ", "")).collect();
        let first: Vec<&str> = first.iter().map(String::as_str).collect();
        assert_eq!(merged(&first), first);
    }

    #[test]
    fn the_order_does_not_matter() {
        let templates = [
            "x user a b",
            "x user c b",
            "x user d b",
            "x user <*> e",
            "",
            "x user d e",
            "<*>",
            "x",
        ];
        let want = merged(&templates);
        for turn in 0..templates.len() {
            let mut turned = templates;
            turned.rotate_left(turn);
            let mut got = merged(&turned);
            got.rotate_right(turn);
            assert_eq!(got, want);
        }
    }
}
