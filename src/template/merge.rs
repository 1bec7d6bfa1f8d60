//! Words that vary although nothing about them says so.
//!
//! `session opened for user cyrus` and `... for user root` are one kind of
//! line. What tells is the set of all templates: where several are the same
//! but for one word, and there are many such words, the word is a value.

use std::{collections::HashSet, hash::BuildHasher as _};

use foldhash::fast::{FixedState, RandomState};

use super::{
    MASK,
    collapse::collapse,
    group::Group,
    holes::Room,
    mask::{Atom, Kind},
    token::{Tokens, is_between},
};

/// What templates are when all of them are known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Merged {
    /// Each once, in the order of their bytes.
    pub texts: Vec<Vec<u8>>,
    /// For every template that was given, in the same order, the index of what
    /// it is now.
    pub which: Vec<u32>,
}

/// For each template what it is when all of them are known; several may
/// become one. A function of the set of templates: their order does not
/// matter.
///
/// A word becomes [`MASK`] where templates are equal but for it and either one
/// of them has a mask in its place, or there are at least eight different
/// words (four behind `=`, three behind words like `user` and `for`). The
/// first word of a template stays.
pub fn merge(templates: &[&[u8]]) -> Merged {
    let len = |row: usize| Tokens::new(templates[row]).count();
    let mut sorted: Vec<(usize, usize)> = (0..templates.len()).map(|row| (len(row), row)).collect();
    sorted.sort_unstable_by_key(|&(len, row)| (len, templates[row]));
    let (mut texts, mut which) = (Vec::new(), vec![0; templates.len()]);
    let mut writer = Writer::default();
    // Only templates of one length can be equal but for a word, so there is
    // never more than those of one length to hold.
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        let rows = same.iter().map(|&(_, row)| templates[row]);
        let base = texts.len() as u32;
        if all_alone(rows.clone()) {
            texts.extend(rows.map(|row| writer.text(Tokens::new(row))));
            for (&(_, row), at) in same.iter().zip(base..) {
                which[row] = at;
            }
        } else {
            let (merged, of) = Group::new(rows).merged();
            texts.extend(merged.map(|tokens| writer.text(tokens.into_iter())));
            for (&(_, row), at) in same.iter().zip(of) {
                which[row] = base + at;
            }
        }
    }
    in_order(texts, which)
}

/// Whether no two of these templates are equal but for a word. Of long lines
/// that all differ, most are not; then all that is needed of a word is a hash.
fn all_alone<'t>(templates: impl Iterator<Item = &'t [u8]> + Clone) -> bool {
    const BETWEEN: u64 = 1 << 63;
    let hash = |token: &[u8]| {
        let hash = FixedState::default().hash_one(token);
        hash & !BETWEEN | if is_between(token) { BETWEEN } else { 0 }
    };
    let rows = templates.clone().count();
    if rows == 1 {
        return true;
    }
    let (mut room, mut row) = (Room::default(), Vec::new());
    // About every second token is a word.
    let words = templates
        .clone()
        .next()
        .map_or(0, |first| Tokens::new(first).count() / 2);
    let mut seen: HashSet<u64, RandomState> = HashSet::default();
    seen.reserve(rows.saturating_mul(words).min(1 << 20));
    for template in templates {
        row.clear();
        row.extend(Tokens::new(template).map(hash));
        let mut alone = true;
        room.each_hole(
            &row,
            |token| token & BETWEEN != 0,
            |_, hole, _| {
                alone &= seen.insert(hole.0);
            },
        );
        if !alone {
            return false;
        }
    }
    true
}

/// Makes templates of tokens.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    atoms: Vec<Atom>,
}

impl Writer {
    fn text<'t>(&mut self, tokens: impl Iterator<Item = &'t [u8]>) -> Vec<u8> {
        let Writer { bytes, atoms } = self;
        bytes.clear();
        atoms.clear();
        for token in tokens {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(token);
            let kind = match token {
                MASK => Kind::Varies,
                _ if is_between(token) => Kind::Between,
                _ => Kind::Word,
            };
            atoms.push(Atom {
                start,
                end: bytes.len() as u32,
                kind,
            });
        }
        let mut template = Vec::with_capacity(bytes.len());
        collapse(bytes, atoms, &mut template);
        template.shrink_to_fit();
        template
    }
}

/// Each text once, in order.
fn in_order(mut texts: Vec<Vec<u8>>, mut which: Vec<u32>) -> Merged {
    let mut order: Vec<u32> = (0..texts.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| texts[a as usize].cmp(&texts[b as usize]));
    let (mut sorted, mut place) = (Vec::<Vec<u8>>::new(), vec![0; texts.len()]);
    for old in order {
        let text = std::mem::take(&mut texts[old as usize]);
        if sorted.last() != Some(&text) {
            sorted.push(text);
        }
        place[old as usize] = sorted.len() as u32 - 1;
    }
    for which in &mut which {
        *which = place[*which as usize];
    }
    Merged {
        texts: sorted,
        which,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(templates: &[&str]) -> Vec<String> {
        let templates: Vec<&[u8]> = templates.iter().map(|t| t.as_bytes()).collect();
        let all = merge(&templates);
        assert!(all.texts.is_sorted_by(|a, b| a < b));
        let text = |&at: &u32| String::from_utf8(all.texts[at as usize].clone()).unwrap();
        all.which.iter().map(text).collect()
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

    /// What the documentation says, word by word.
    fn naive(templates: &[&[u8]]) -> Vec<Vec<u8>> {
        let tokens = |template| Tokens::new(template).collect::<Vec<&[u8]>>();
        let mut rows: Vec<Vec<&[u8]>> = templates.iter().map(|&t| tokens(t)).collect();
        for _ in 0..4 {
            let before = rows.clone();
            for row in &mut rows {
                let old = row.clone();
                let (mut last, mut first) = (None, true);
                for at in (0..old.len()).filter(|&at| !is_between(old[at])) {
                    let but_for = |other: &&Vec<&[u8]>| {
                        other.len() == old.len()
                            && (0..old.len()).all(|i| i == at || other[i] == old[i])
                    };
                    let words = before.iter().filter(but_for).map(|other| other[at]);
                    let words: std::collections::BTreeSet<&[u8]> = words.collect();
                    let many = match last.replace(old[at]) {
                        _ if at > 0 && old[at - 1] == b"=" => 4,
                        Some(b"user" | b"for") => 3,
                        _ => 8,
                    };
                    let masked = words.contains(MASK);
                    if !first && (masked || words.len() >= many) {
                        row[at] = MASK;
                    }
                    first &= old[at] == MASK;
                }
            }
        }
        let mut writer = Writer::default();
        rows.into_iter()
            .map(|row| writer.text(row.into_iter()))
            .collect()
    }

    #[test]
    fn random_sets_are_merged_as_the_documentation_says() {
        let words = [
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "<*>", "<*>", "user", "for", "x=", "y=",
        ];
        let mut state = 1_u64;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005) + 1;
            (state >> 33) as usize % bound
        };
        let mut merged = 0;
        for round in 0..300 {
            let count = 1 + below(200);
            let template = |_| {
                let chosen = (0..below(4)).map(|_| words[below(words.len())]);
                chosen
                    .collect::<Vec<_>>()
                    .join(if round % 2 == 0 { " " } else { "" })
            };
            let set: std::collections::BTreeSet<String> = (0..count).map(template).collect();
            let set: Vec<&[u8]> = set.iter().map(String::as_bytes).collect();
            let all = merge(&set);
            let texts = all.which.iter().map(|&at| all.texts[at as usize].clone());
            assert_eq!(texts.collect::<Vec<_>>(), naive(&set), "{round}");
            merged += set.len() - all.texts.len();
        }
        assert!(merged > 100, "{merged}");
    }
}
