//! Templates of one length, and the words in them that vary.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    MASK,
    holes::{Hole, Room},
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

/// Templates with the same number of tokens.
pub(super) struct Group<'t> {
    /// The bytes of each token.
    tokens: Vec<&'t [u8]>,
    /// How many words in place of one with this number before it are many.
    many_behind: Vec<usize>,
    between: Vec<bool>,
    /// The templates as numbers of tokens, each once.
    rows: Vec<Box<[u32]>>,
    /// Which of them each template is.
    which: Vec<u32>,
    room: Room,
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

/// Which holes may be there more than once. Of long templates that all differ
/// nearly none are, and one word is never many: they need no [`Words`].
struct Often(Vec<u8>);

impl Often {
    fn new(holes: usize) -> Often {
        Often(vec![0; (2 * holes).next_power_of_two()])
    }

    fn at(&self, hole: Hole) -> usize {
        hole.0 as usize & (self.0.len() - 1)
    }

    fn add(&mut self, hole: Hole) {
        let at = self.at(hole);
        self.0[at] = (self.0[at] + 1).min(2);
    }

    fn has(&self, hole: Hole) -> bool {
        self.0[self.at(hole)] > 1
    }
}

impl<'t> Group<'t> {
    /// Those of these templates, which are in order: numbers must not depend on
    /// how they came, since holes are told by them.
    pub(super) fn new(templates: impl Iterator<Item = &'t [u8]>) -> Group<'t> {
        let mut numbers: HashMap<&[u8], u32, RandomState> = HashMap::default();
        numbers.insert(MASK, MASKED);
        let mut tokens = vec![MASK];
        let rows = templates.map(|template| {
            let number = |token| {
                *numbers.entry(token).or_insert_with(|| {
                    tokens.push(token);
                    tokens.len() as u32 - 1
                })
            };
            Tokens::new(template).map(number).collect()
        });
        let rows: Vec<Box<[u32]>> = rows.collect();
        Group {
            which: (0..rows.len() as u32).collect(),
            many_behind: tokens.iter().map(|token| many_behind(token)).collect(),
            between: tokens.iter().map(|token| is_between(token)).collect(),
            rows,
            tokens,
            room: Room::default(),
        }
    }

    /// Masks every word that varies. What each template is then: the tokens of
    /// all there are, and which of these it is.
    pub(super) fn merged(mut self) -> (impl Iterator<Item = Vec<&'t [u8]>>, Vec<u32>) {
        for _ in 0..ROUNDS {
            if !self.round() {
                break;
            }
            self.once();
        }
        let tokens = self.tokens;
        let text = move |row: Box<[u32]>| row.iter().map(|&token| tokens[token as usize]).collect();
        (self.rows.into_iter().map(text), self.which)
    }

    /// Leaves each row once. What is many is a matter of different words, so
    /// that it makes no difference how often one is there.
    fn once(&mut self) {
        let mut places: HashMap<&[u32], u32, RandomState> = HashMap::default();
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
        let kept = kept.iter();
        self.rows = kept
            .map(|&row| std::mem::take(&mut self.rows[row]))
            .collect();
    }

    /// Masks every word that varies in what the templates are now; true if
    /// there was any.
    fn round(&mut self) -> bool {
        let is_between = |token: u32| self.between[token as usize];
        let width = self.rows.first().map_or(0, |row| row.len());
        let mut often = Often::new(width * self.rows.len());
        for row in &self.rows {
            let room = &mut self.room;
            room.each_hole(row, is_between, |_, hole, _| often.add(hole));
        }
        let mut holes: HashMap<Hole, Words, RandomState> = HashMap::default();
        let mut shared = vec![false; self.rows.len()];
        for (row, shared) in self.rows.iter().zip(&mut shared) {
            let room = &mut self.room;
            room.each_hole(row, is_between, |_, hole, word| {
                if often.has(hole) {
                    holes.entry(hole).or_default().add(word);
                    *shared = true;
                }
            });
        }
        let mut changed = false;
        for at in (0..self.rows.len()).filter(|&at| shared[at]) {
            let masked = self.masked(at, &holes);
            changed |= masked != self.rows[at];
            self.rows[at] = masked;
        }
        changed
    }

    /// A row with every word masked that varies.
    fn masked(&mut self, row: usize, holes: &HashMap<Hole, Words, RandomState>) -> Box<[u32]> {
        let row = &self.rows[row];
        let mut masked = row.clone();
        let (mut before, mut first) = (None, true);
        let is_between = |token: u32| self.between[token as usize];
        self.room.each_hole(row, is_between, |at, hole, word| {
            let words = holes.get(&hole).copied().unwrap_or_default();
            let many = match before.replace(word) {
                _ if at > 0 && self.tokens[row[at - 1] as usize] == b"=" => BEHIND_EQUALS,
                Some(before) => self.many_behind[before as usize],
                None => MANY,
            };
            if !first && (words.masked || usize::from(words.count) >= many) {
                masked[at] = MASKED;
            }
            first &= word == MASKED;
        });
        masked
    }
}

fn many_behind(token: &[u8]) -> usize {
    let naming = NAMING.iter().any(|word| token.eq_ignore_ascii_case(word));
    if naming { BEHIND_NAMING } else { MANY }
}
