//! Fewer templates, where there are too many to keep.
//!
//! The templates are seen as a tree of tokens. Where a token is followed by
//! more different ones than a limit, they all become one that stands for any.
//! Which places these are is a property of the set of templates, not of the
//! order in which they came or of how they were grouped meanwhile: a set that
//! is made coarse, joined with another and made coarse again equals both made
//! coarse together.

use std::collections::HashSet;

use super::token::{COARSE, Tokens};

/// How coarse templates are.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Coarse(u8);

/// How many different tokens may follow one.
const LIMITS: [usize; 6] = [1024, 256, 64, 16, 4, 1];

impl Coarse {
    /// As lines have them.
    pub const NOT: Coarse = Coarse(0);

    /// One template for all lines but the empty ones.
    pub const MOST: Coarse = Coarse(LIMITS.len() as u8 + 1);

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

    /// What each of the templates is when all are made so coarse. They must
    /// be sorted and unique, and may have been made less coarse before.
    pub fn apply(self, sorted: &[&[u8]]) -> Vec<Vec<u8>> {
        let Some(step) = self.0.checked_sub(1) else {
            return sorted.iter().map(|template| template.to_vec()).collect();
        };
        let Some(&limit) = LIMITS.get(usize::from(step)) else {
            let any = |template: &&[u8]| {
                if template.is_empty() {
                    &b""[..]
                } else {
                    COARSE
                }
            };
            return sorted.iter().map(|t| any(t).to_vec()).collect();
        };
        let mut tree = Tree {
            limit,
            rows: sorted.iter().map(|t| Tokens::new(t).collect()).collect(),
            coarse: vec![Vec::new(); sorted.len()],
        };
        let mut open = vec![((0..sorted.len()).collect::<Vec<_>>(), 0)];
        while let Some((rows, depth)) = open.pop() {
            tree.branch(rows, depth, &mut open);
        }
        tree.coarse
    }
}

struct Tree<'t> {
    limit: usize,
    rows: Vec<Vec<&'t [u8]>>,
    coarse: Vec<Vec<u8>>,
}

impl<'t> Tree<'t> {
    /// Decides the token at `depth` of rows that are equal before it.
    fn branch(&mut self, mut rows: Vec<usize>, depth: usize, open: &mut Vec<(Vec<usize>, usize)>) {
        rows.retain(|&row| self.rows[row].len() > depth);
        let token = |row: &usize| -> &'t [u8] { self.rows[*row][depth] };
        rows.sort_by_key(token);
        let parts: Vec<&[usize]> = rows.chunk_by(|a, b| token(a) == token(b)).collect();
        if parts.is_empty() {
            return;
        }
        let any = parts.len() > self.limit || parts.iter().any(|part| token(&part[0]) == COARSE);
        let parts: Vec<Vec<usize>> = if any {
            vec![rows.clone()]
        } else {
            parts.into_iter().map(<[usize]>::to_vec).collect()
        };
        for part in parts {
            for &row in &part {
                let token = if any { COARSE } else { self.rows[row][depth] };
                self.coarse[row].extend(token);
            }
            open.push((part, depth + 1));
        }
    }
}

/// The places of coarse templates where there were too many different words:
/// everything in a template before such a place.
#[derive(Clone, Debug, Default)]
pub struct CoarsePlaces(HashSet<Vec<u8>>);

impl CoarsePlaces {
    /// Those of all these templates.
    pub fn of<'t>(templates: impl Iterator<Item = &'t [u8]>) -> CoarsePlaces {
        let mut places = HashSet::new();
        for template in templates {
            let mut before = Vec::new();
            for token in Tokens::new(template) {
                if token == COARSE {
                    places.insert(before.clone());
                }
                before.extend(token);
            }
        }
        CoarsePlaces(places)
    }

    /// What became of a template when those it was among were made coarse:
    /// one of these, of which there are none if they were not.
    pub fn forms(&self, template: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let mut form = Vec::new();
        for token in Tokens::new(template).filter(|_| !self.0.is_empty()) {
            let coarse = self.0.contains(&form);
            form.extend(if coarse { COARSE } else { token });
        }
        let any = if form.is_empty() { b"" } else { COARSE };
        let forms = [form, any.to_vec()].into_iter();
        forms.filter(|form| !form.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type Set = BTreeSet<Vec<u8>>;

    fn coarse(set: &Set, level: Coarse) -> Set {
        let sorted: Vec<&[u8]> = set.iter().map(Vec::as_slice).collect();
        level.apply(&sorted).into_iter().collect()
    }

    /// Some templates, different for every seed.
    fn some(seed: u64) -> Set {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut set = Set::new();
        for _ in 0..next(120) {
            let words = (0..next(5)).map(|_| format!("w{}", next(3) * next(30)));
            set.insert(words.collect::<Vec<_>>().join(" ").into_bytes());
        }
        set
    }

    #[test]
    fn in_parts_as_at_once() {
        for seed in 0..300 {
            let (a, b) = (some(seed), some(seed + 1000));
            let union: Set = a.union(&b).cloned().collect();
            for steps in 1..=Coarse::MOST.steps() {
                let level = Coarse::of_steps(steps);
                let at_once = coarse(&union, level);
                for before in 0..=steps {
                    let before = Coarse::of_steps(before);
                    let parts = coarse(&a, before).into_iter();
                    let parts = parts
                        .chain(coarse(&b, Coarse::of_steps(steps / 2)))
                        .collect();
                    assert_eq!(coarse(&parts, level), at_once, "seed {seed}, {level:?}");
                }
            }
        }
    }

    #[test]
    fn each_template_finds_its_coarse_form() {
        for seed in 0..100 {
            let set = some(seed);
            let sorted: Vec<&[u8]> = set.iter().map(Vec::as_slice).collect();
            for steps in 0..=Coarse::MOST.steps() {
                let coarse = Coarse::of_steps(steps).apply(&sorted);
                let places = CoarsePlaces::of(coarse.iter().map(Vec::as_slice));
                for (template, want) in sorted.iter().zip(&coarse) {
                    let found = (*template == want.as_slice()).then(|| want.clone());
                    let known = |form: &Vec<u8>| coarse.contains(form);
                    let found = found.or_else(|| places.forms(template).find(known));
                    assert_eq!(found.as_ref(), Some(want));
                }
            }
        }
    }

    #[test]
    fn coarser_is_never_more() {
        for seed in 0..100 {
            let set = some(seed);
            let sizes = (0..=Coarse::MOST.steps()).map(|s| coarse(&set, Coarse::of_steps(s)).len());
            let sizes: Vec<usize> = sizes.collect();
            assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
            assert!(sizes.last() <= Some(&2));
        }
    }
}
