//! Which bytes of each pattern the filter goes by.
//!
//! Any choice gives the same counts; what it costs depends on the text. So the
//! costs of several choices are reckoned on a sample of the text, and the
//! cheapest is taken.

use std::{collections::HashMap, hash::BuildHasherDefault};

use super::{
    grams::{Grams, STRIDES, Shape, Table},
    spread::Spread,
    teddy::Teddy,
};

/// What a probe of the filter costs, in nanoseconds, and of one whose table
/// does not stay in the first-level cache.
const PROBE: f64 = 0.45;
const PROBE_LARGE: f64 = 1.2;

/// What a gram costs that is in the table, over and above the probe, and one
/// that a needle has.
const CANDIDATE: f64 = 10.0;
const ENTRY: f64 = 6.0;

/// What a search for one pattern alone costs for a byte: a plain literal.
const ALONE_LITERAL: f64 = 0.12;

/// What a search for one regex that is no plain literal costs for a byte.
const ALONE_REGEX: f64 = 0.8;

/// How much of the text is sampled at most.
const SAMPLE: usize = 48 << 10;

/// What looking at a byte costs where many are looked at at once, and for how
/// many needles that is tried.
const TEDDY: f64 = 0.12;
const TEDDY_FEW: f64 = 0.04;
const TEDDIES: f64 = 200.0;

/// So many grams are shared between patterns at most.
const ROUNDS: usize = 24;

/// Costs are reckoned for this many patterns at most.
const RECKONED: usize = 150;

/// So many of them are searched for alone at most.
const ALONE: usize = 8;

/// Needles of this length are as good as any.
const LONG: usize = 12;

/// How long grams may be, where needles are at least as long.
const LENS: [usize; 3] = [4, 6, 8];

/// What is known of a pattern that the filter may find.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Its place among all patterns.
    pub(crate) pattern: u32,
    /// Sets of needles, of any of which a match contains one.
    pub(crate) sets: Vec<Vec<Vec<u8>>>,
    /// Whether it is bytes and nothing else, so that it can be searched for
    /// alone at a low price.
    pub(crate) literal: bool,
}

/// What the filter goes by.
#[derive(Debug)]
pub(crate) struct Layout {
    /// One filter for long needles, one for short ones.
    pub(crate) filters: Vec<Filter>,
    /// Patterns that are cheaper to search for alone.
    pub(crate) alone: Vec<u32>,
}

/// Needles that are looked for together.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) grams: Grams,
    /// The pattern of each needle, and the needle.
    pub(crate) needles: Vec<(u32, Box<[u8]>)>,
}

/// A way to take patterns apart.
struct Choice {
    shape: Shape,
    /// The set of each pattern, and where in its needles windows begin.
    picks: Vec<(u32, usize, Vec<usize>)>,
    alone: Vec<u32>,
    /// What those alone cost.
    price_alone: f64,
}

impl Layout {
    /// The cheapest layout for a text like this sample.
    pub(crate) fn new(wanted: &[Wanted], fold: bool, sample: &[u8]) -> Layout {
        let sample = &sample[..sample.len().min(SAMPLE)];
        let (long, short): (Vec<_>, Vec<_>) = wanted.iter().partition(|w| w.len() >= LENS[0]);
        let mut layout = Layout {
            filters: Vec::new(),
            alone: Vec::new(),
        };
        let shape = |len, stride, teddy| Shape {
            len,
            stride,
            teddy,
            fold,
        };
        let mut shapes = vec![shape(LENS[0], 1, true)];
        for len in LENS {
            shapes.extend(STRIDES.map(|stride| shape(len, stride, false)));
        }
        layout.add(&long, &shapes, sample);
        let (three, two): (Vec<_>, Vec<_>) = short.into_iter().partition(|w| w.len() == 3);
        layout.add(&three, &[shape(3, 1, true), shape(3, 1, false)], sample);
        layout.add(&two, &[shape(2, 1, true), shape(2, 1, false)], sample);
        layout
    }

    fn add(&mut self, wanted: &[&Wanted], shapes: &[Shape], sample: &[u8]) {
        if wanted.is_empty() {
            return;
        }
        // What is picked on one part of the sample is judged on another.
        let (sample, test) = sample.split_at(sample.len() / 4 * 3);
        let step = wanted.len().div_ceil(RECKONED).max(1);
        let some: Vec<_> = wanted.iter().step_by(step).copied().collect();
        let mut rates = Vec::new();
        for &shape in shapes {
            if rates
                .last()
                .is_none_or(|rates: &Rates| rates.shape.len != shape.len)
            {
                rates.push(Rates::new(sample, shape));
            }
        }
        let rates_of = |shape: Shape| rates.iter().find(|rates| rates.shape.len == shape.len);
        // To search for many alone is never cheap.
        let too_short = |shape: &Shape| some.iter().filter(|w| w.len() < shape.window()).count();
        let usable =
            |shape: &&Shape| (!shape.teddy || Teddy::is_fast()) && too_short(shape) <= ALONE;
        let ways = shapes.iter().filter(usable).flat_map(|&shape| {
            // Few grams are best looked for many places at once.
            let teddy = shape.teddy || !Teddy::is_fast() && shape.stride == 1;
            let together = if teddy { 3 } else { 1 };
            let ways = [Together::No, Together::Rare, Together::Few];
            ways.into_iter()
                .take(together)
                .map(move |together| (shape, together))
        });
        let costs = ways.filter_map(|(shape, together)| {
            let rates = rates_of(shape)?;
            let choice = Choice::new(&some, shape, rates, together);
            let cost = choice.cost(&some, test, step as f64);
            Some((cost, shape, rates, together))
        });
        let Some((cost, shape, rates, together)) = costs.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            return;
        };
        let alone: f64 = wanted.iter().map(|wanted| wanted.price_alone()).sum();
        if alone <= cost {
            self.alone
                .extend(wanted.iter().map(|wanted| wanted.pattern));
            return;
        }
        let choice = Choice::new(wanted, shape, rates, together);
        self.alone.extend(&choice.alone);
        let mut needles = Vec::new();
        let mut windows = Vec::new();
        for (at, set, offsets) in choice.picks {
            let wanted = wanted[at as usize];
            for (needle, offset) in wanted.sets[set].iter().zip(offsets) {
                needles.push((wanted.pattern, needle.clone().into_boxed_slice()));
                windows.push((needle.as_slice(), offset));
            }
        }
        if !needles.is_empty() {
            let grams = Grams::new(choice.shape, &windows);
            self.filters.push(Filter { grams, needles });
        }
    }
}

impl Wanted {
    /// How long its needles are at least.
    fn len(&self) -> usize {
        let shortest = |set: &Vec<Vec<u8>>| set.iter().map(Vec::len).min().unwrap_or(0);
        self.sets.iter().map(shortest).max().unwrap_or(0)
    }

    fn price_alone(&self) -> f64 {
        if self.literal {
            ALONE_LITERAL
        } else {
            ALONE_REGEX
        }
    }
}

impl Choice {
    /// The rarest windows for a shape, or, to have few grams `together`, those
    /// that other patterns have as well; patterns without one are left alone.
    fn new(wanted: &[&Wanted], shape: Shape, rates: &Rates, together: Together) -> Choice {
        let shared = match together {
            Together::No => Shared::default(),
            _ => Shared::of(wanted, shape, rates, together),
        };
        let window = |needle: &[u8]| {
            let found = shared.window(needle, shape);
            found.or_else(|| rates.rarest(needle, shape))
        };
        let mut choice = Choice {
            shape,
            picks: Vec::new(),
            alone: Vec::new(),
            price_alone: 0.0,
        };
        for (at, wanted) in (0..).zip(wanted) {
            let picks = wanted.sets.iter().enumerate().filter_map(|(i, set)| {
                let windows = set.iter().map(|needle| window(needle));
                let windows = windows.collect::<Option<Vec<_>>>()?;
                let rate: u64 = windows.iter().map(|(rate, _)| rate).sum();
                // Of sets that are equally rare, the one with the longest needles.
                let short = set.iter().map(|needle| LONG.saturating_sub(needle.len()));
                Some(((rate, short.max(), set.len()), i, windows))
            });
            if let Some((_, set, windows)) = picks.min_by_key(|pick| pick.0) {
                let offsets = windows.into_iter().map(|(_, offset)| offset);
                choice.picks.push((at, set, offsets.collect()));
            } else {
                choice.alone.push(wanted.pattern);
                choice.price_alone += wanted.price_alone();
            }
        }
        choice
    }

    /// What it costs for a byte of this text, in nanoseconds, if each pattern
    /// stands for so many.
    fn cost(&self, wanted: &[&Wanted], text: &[u8], times: f64) -> f64 {
        let mut grams = Grouped::default();
        for (at, set, offsets) in &self.picks {
            for (needle, offset) in wanted[*at as usize].sets[*set].iter().zip(offsets) {
                for i in 0..self.shape.stride {
                    *grams
                        .entry(self.shape.gram_of(needle, offset + i))
                        .or_default() += 1;
                }
            }
        }
        // Grams that many patterns have are no more for more patterns.
        let alike = grams.values().filter(|&&patterns| patterns > 1).count();
        let all = alike as f64 + (grams.len() - alike) as f64 * times;
        let places = text.len().saturating_sub(self.shape.len) + 1;
        let (mut hits, mut alike) = (0, 0);
        let mut may_be = vec![0_u64; 1 << (RATE_BITS - 6)];
        for gram in grams.keys() {
            may_be[slot(*gram) / 64] |= 1 << (slot(*gram) % 64);
        }
        for at in 0..places {
            let gram = self.shape.gram_of(text, at);
            if may_be[slot(gram) / 64] >> (slot(gram) % 64) & 1 != 0
                && let Some(&patterns) = grams.get(&gram)
            {
                *(if patterns > 1 { &mut alike } else { &mut hits }) += 1;
            }
        }
        let found = (f64::from(alike) + f64::from(hits) * times) / places as f64;
        let (probe, candidates) = if self.picks.is_empty() {
            (0.0, 0.0)
        } else if self.shape.teddy {
            if all > TEDDIES {
                return f64::INFINITY;
            }
            let teddy = self.shape.teddy_of(grams.keys().copied());
            let mut hits = 0_u32;
            teddy.scan(text, |_| {
                hits += 1;
                false
            });
            let probe = if teddy.is_few() { TEDDY_FEW } else { TEDDY };
            (probe, f64::from(hits) / places as f64)
        } else {
            let (chance, large) = Table::fill(all);
            (if large { PROBE_LARGE } else { PROBE }, found + chance)
        };
        let work = probe + candidates * CANDIDATE + found * ENTRY;
        work / self.shape.stride as f64 + self.price_alone * times
    }
}

/// Grams, and in how many patterns each is.
type Grouped = HashMap<u64, u32, BuildHasherDefault<Spread>>;

/// Whether patterns are found by grams that others have as well.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Together {
    No,
    /// By rare ones.
    Rare,
    /// By as few as there can be.
    Few,
}

/// Grams that several patterns have.
#[derive(Default)]
struct Shared(Grouped);

impl Shared {
    /// Few grams that many patterns have and that are not frequent.
    fn of(wanted: &[&Wanted], shape: Shape, rates: &Rates, together: Together) -> Shared {
        let single = |wanted: &&&Wanted| wanted.sets.len() == 1 && wanted.sets[0].len() == 1;
        let needles = wanted.iter().filter(single).map(|w| &*w.sets[0][0]);
        let mut left: Vec<Vec<u64>> = needles
            .map(|needle| {
                let places = 0..(needle.len() + 1).saturating_sub(shape.len);
                places.map(|at| shape.gram_of(needle, at)).collect()
            })
            .collect();
        let mut counts = Grouped::default();
        for gram in left.iter().flatten() {
            *counts.entry(*gram).or_default() += 1;
        }
        let worth = |gram: u64, count: u32| {
            let rate = f64::from(rates.count(gram).max(rates.few));
            match together {
                Together::Few => f64::from(count) - rate / f64::from(u32::MAX),
                _ => f64::from(count) / rate,
            }
        };
        let mut shared = Shared::default();
        for _ in 0..ROUNDS {
            let some = counts.iter().filter(|(_, count)| **count > 1);
            let best = some
                .map(|(gram, count)| (worth(*gram, *count), *gram, *count))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((_, gram, count)) = best else { break };
            shared.0.insert(gram, count);
            left.retain(|grams| {
                let has = grams.contains(&gram);
                if has {
                    for gram in grams {
                        counts.entry(*gram).and_modify(|count| *count -= 1);
                    }
                }
                !has
            });
        }
        shared
    }

    /// The first window of a needle with such a gram.
    fn window(&self, needle: &[u8], shape: Shape) -> Option<(u64, usize)> {
        if self.0.is_empty() || needle.len() < shape.len {
            return None;
        }
        let grams = needle.windows(shape.len);
        let mut grams = grams.map(|window| shape.gram_of(window, 0));
        let at = grams.position(|gram| self.0.contains_key(&gram))?;
        Some((0, at))
    }
}

/// How often grams occur.
struct Rates {
    shape: Shape,
    counts: Vec<u32>,
    /// As often as this is rare.
    few: u32,
}

const RATE_BITS: u32 = 17;

impl Rates {
    /// Those of the grams of a shape, whatever its stride.
    fn new(sample: &[u8], shape: Shape) -> Rates {
        let mut counts = vec![0; 1 << RATE_BITS];
        for window in sample.windows(shape.len) {
            counts[slot(shape.gram_of(window, 0))] += 1;
        }
        Rates {
            shape,
            counts,
            few: (sample.len() as u32 / 2000).max(1),
        }
    }

    fn count(&self, gram: u64) -> u32 {
        self.counts[slot(gram)]
    }

    /// The window of a needle whose grams are rarest together, and how often
    /// they occur.
    fn rarest(&self, needle: &[u8], shape: Shape) -> Option<(u64, usize)> {
        let last = needle.len().checked_sub(shape.window())?;
        let count = |at| u64::from(self.count(shape.gram_of(needle, at)));
        let mut sum: u64 = (0..shape.stride).map(count).sum();
        let (mut best, mut offset) = (sum, 0);
        for at in 1..=last {
            sum = sum + count(at + shape.stride - 1) - count(at - 1);
            if sum < best {
                (best, offset) = (sum, at);
            }
        }
        Some((best, offset))
    }
}

fn slot(gram: u64) -> usize {
    (gram.wrapping_mul(0xff51_afd7_ed55_8ccd) >> (64 - RATE_BITS)) as usize
}
