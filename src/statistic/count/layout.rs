//! Which bytes of each pattern the filter goes by.
//!
//! Any choice gives the same counts; what it costs depends on the text. So the
//! costs of several choices are reckoned on a sample of the text, and the
//! cheapest is taken.

use super::grams::{GRAM, Grams, MAX_STRIDE, Shape};

/// What a probe of the filter costs, in nanoseconds.
const PROBE: f64 = 0.4;

/// What comes of a candidate costs, over and above the probe.
const CANDIDATE: f64 = 6.0;

/// What a search for one pattern alone costs for a byte: a plain literal.
const ALONE_LITERAL: f64 = 0.12;

/// The same for anything else.
const ALONE_REGEX: f64 = 0.8;

/// How much of the text is sampled at most.
const SAMPLE: usize = 256 << 10;

/// What is known of a pattern that the filter may find.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Its place among all patterns.
    pub(super) pattern: u32,
    /// Sets of needles, of any of which a match contains one.
    pub(super) sets: Vec<Vec<Vec<u8>>>,
    /// Whether it is bytes and nothing else, so that it can be searched for
    /// alone at a low price.
    pub(super) literal: bool,
}

/// What the filter goes by.
#[derive(Debug)]
pub(super) struct Layout {
    /// One filter for long needles, one for short ones.
    pub(super) filters: Vec<Filter>,
    /// Patterns that are cheaper to search for alone.
    pub(super) alone: Vec<u32>,
}

/// Needles that are looked for together.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) grams: Grams,
    /// The pattern of each needle, and the needle.
    pub(super) needles: Vec<(u32, Box<[u8]>)>,
}

/// A way to take patterns apart, and its price.
struct Choice {
    cost: f64,
    shape: Shape,
    /// The set of each pattern, and where in its needles windows begin.
    picks: Vec<(u32, usize, Vec<usize>)>,
    alone: Vec<u32>,
}

impl Layout {
    /// The cheapest layout for a text like this sample.
    pub(super) fn new(wanted: &[Wanted], fold: bool, sample: &[u8]) -> Layout {
        let sample = &sample[..sample.len().min(SAMPLE)];
        let shortest = |set: &Vec<Vec<u8>>| set.iter().map(Vec::len).min().unwrap_or(0);
        let longest = |w: &Wanted| w.sets.iter().map(shortest).max().unwrap_or(0);
        let (long, short): (Vec<_>, Vec<_>) = wanted.iter().partition(|w| longest(w) >= GRAM);
        let mut layout = Layout {
            filters: Vec::new(),
            alone: Vec::new(),
        };
        let strides: Vec<usize> = (1..=MAX_STRIDE).collect();
        layout.add(&long, &strides, (GRAM, fold), sample);
        let (three, two): (Vec<_>, Vec<_>) = short.into_iter().partition(|w| longest(w) == 3);
        layout.add(&three, &[1], (3, fold), sample);
        layout.add(&two, &[1], (2, fold), sample);
        layout
    }

    fn add(
        &mut self,
        wanted: &[&Wanted],
        strides: &[usize],
        (len, fold): (usize, bool),
        sample: &[u8],
    ) {
        let rates = Rates::new(sample, len, fold);
        let choices = strides.iter().map(|&stride| {
            let shape = Shape { len, stride, fold };
            choose(wanted, shape, &rates)
        });
        let Some(choice) = choices.min_by(|a, b| a.cost.total_cmp(&b.cost)) else {
            return;
        };
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

/// The cheapest windows for a shape; patterns without one are left alone.
fn choose(wanted: &[&Wanted], shape: Shape, rates: &Rates) -> Choice {
    let mut choice = Choice {
        cost: 0.0,
        shape,
        picks: Vec::new(),
        alone: Vec::new(),
    };
    let (mut grams, mut price_alone) = (0, 0.0);
    for (at, wanted) in (0..).zip(wanted) {
        let picks = wanted.sets.iter().enumerate().filter_map(|(i, set)| {
            let windows = set.iter().map(|needle| rates.rarest(needle, shape));
            let windows = windows.collect::<Option<Vec<_>>>()?;
            let rate: f64 = windows.iter().map(|(rate, _)| rate).sum();
            Some((rate, i, windows))
        });
        let alone = if wanted.literal {
            ALONE_LITERAL
        } else {
            ALONE_REGEX
        };
        price_alone += alone;
        if let Some((rate, set, windows)) = picks.min_by(|a, b| a.0.total_cmp(&b.0)) {
            choice.cost += rate * CANDIDATE / shape.stride as f64;
            grams += windows.len() * shape.stride;
            let offsets = windows.into_iter().map(|(_, offset)| offset);
            choice.picks.push((at, set, offsets.collect()));
        } else {
            choice.cost += alone;
            choice.alone.push(wanted.pattern);
        }
    }
    // Grams that fall together by chance.
    let slots = if grams <= 500 {
        1 << 14
    } else if grams <= 2000 {
        1 << 16
    } else {
        1 << 23
    };
    choice.cost += (PROBE + grams as f64 / f64::from(slots) * CANDIDATE) / shape.stride as f64;
    if price_alone <= choice.cost {
        choice.cost = price_alone;
        choice.alone = wanted.iter().map(|wanted| wanted.pattern).collect();
        choice.picks.clear();
    }
    choice
}

/// How often grams occur.
struct Rates {
    counts: Vec<u32>,
    places: f64,
}

const RATE_BITS: u32 = 16;

impl Rates {
    fn new(sample: &[u8], len: usize, fold: bool) -> Rates {
        let shape = Shape {
            len,
            stride: 1,
            fold,
        };
        let mut counts = vec![0; 1 << RATE_BITS];
        for window in sample.windows(len) {
            counts[slot(shape.gram_of(window, 0))] += 1;
        }
        Rates {
            counts,
            places: sample.len().max(1) as f64,
        }
    }

    /// The window of a needle whose grams are rarest together, and how many of
    /// them there are at a place of the text.
    fn rarest(&self, needle: &[u8], shape: Shape) -> Option<(f64, usize)> {
        let last = needle.len().checked_sub(shape.window())?;
        let count = |at| u64::from(self.counts[slot(shape.gram_of(needle, at))]);
        let counts: Vec<u64> = (0..last + shape.stride).map(count).collect();
        let mut sum: u64 = counts[..shape.stride].iter().sum();
        let (mut best, mut offset) = (sum, 0);
        for at in 1..=last {
            sum = sum + counts[at + shape.stride - 1] - counts[at - 1];
            if sum < best {
                (best, offset) = (sum, at);
            }
        }
        Some((best as f64 / self.places, offset))
    }
}

fn slot(gram: u32) -> usize {
    (gram.wrapping_mul(0x85eb_ca6b) >> (32 - RATE_BITS)) as usize
}
