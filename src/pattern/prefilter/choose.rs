//! Which window is looked for, and how.
//!
//! Any choice gives the same answer; what it costs depends on the text. So the
//! windows are counted in a sample of the text.

use memchr::memmem;

use super::{
    Choice, Kernel, Prefilter, bits::Bits, chain::Chain, class::ByteClass, folded::Folded,
    high::High, high::STRIP, sequence::Sequence, shift::Shift, window::Window,
};

/// How much of the text is sampled.
pub(super) const SAMPLE: usize = 8 << 10;

/// What a step of [`Shift`] costs for a byte, in nanoseconds, and where the
/// processor does not have what makes it fast.
const STEP: f64 = 0.012;
const SLOW_STEP: f64 = 0.06;

/// What a byte costs that [`memmem`] goes past, and what it costs to begin
/// anew behind a find.
const LITERAL: f64 = 0.035;
const LITERAL_FOUND: f64 = 8.0;

/// What it costs to go past a byte of ASCII.
const HIGH: f64 = 0.015;

/// What a byte costs that [`Folded`] goes past, and a find.
const FOLDED: f64 = 0.04;
const FOLDED_FOUND: f64 = 4.0;

/// What it costs to walk along a window, and to have the engine search a line.
const WALK: f64 = 15.0;
const ASK: f64 = 200.0;

/// Literals of this length are rare enough to leave a regex to the engine,
/// which looks for them of its own.
const GOOD_LITERAL: usize = 3;

/// Whether the regex engine finds candidates well enough.
pub(super) fn is_for_the_engine(sequence: &Sequence, exact: bool) -> bool {
    let literal = |run: &super::sequence::Run| {
        run.is_fixed() && run.class.is_some_and(|class| class.len() == 1)
    };
    let mut longest = 0;
    for runs in sequence.runs.chunk_by(|a, b| literal(a) == literal(b)) {
        if literal(&runs[0]) {
            let len: usize = runs.iter().map(|run| run.min as usize).sum();
            longest = longest.max(len);
        }
    }
    // A walk does not help where there is nothing but the literal.
    let all = sequence.runs.iter().all(literal);
    all || (!exact && longest >= GOOD_LITERAL)
}

/// The cheapest choice for a text like this sample.
pub(super) fn choose(prefilter: &Prefilter, sample: &[u8]) -> Choice {
    let choices = choices(prefilter, sample).into_iter();
    let cheapest = choices.min_by(|a, b| a.1.total_cmp(&b.1));
    let (choice, _) = cheapest.expect("there is a window, and a kernel for it");
    let firsts = prefilter.firsts.as_ref();
    Choice {
        dense: firsts.is_some_and(|firsts| firsts.are_dense(sample)),
        ..choice
    }
}

/// All there are, with what they cost for a byte.
pub(super) fn choices(prefilter: &Prefilter, sample: &[u8]) -> Vec<(Choice, f64)> {
    let mut all = Vec::new();
    for window in &prefilter.windows {
        let exact = prefilter.exact.as_ref();
        let exact = exact.filter(|exact| exact.begins_with(window));
        let known = exact.map(|exact| exact.known(window));
        let found = rate(sample, window) * if known.is_some() { WALK } else { ASK };
        all.extend(kernels(window, sample).into_iter().map(|(cost, kernel)| {
            let window = Some(window.clone());
            let choice = Choice {
                window,
                kernel,
                known,
                dense: false,
            };
            (choice, cost + found)
        }));
    }
    for chain in &prefilter.chains {
        let known = prefilter.exact.as_ref().map(|_| 0);
        let found = chain_rate(sample, chain) * if known.is_some() { WALK } else { ASK };
        let cost = step() * chain.work() as f64 + found;
        let kernel = Kernel::Chain(chain.clone());
        let choice = Choice {
            window: None,
            kernel,
            known,
            dense: false,
        };
        all.push((choice, cost));
    }
    all
}

/// What a step costs here.
fn step() -> f64 {
    if Bits::is_fast() { STEP } else { SLOW_STEP }
}

/// How often a chain is in the text, for a byte of it.
fn chain_rate(sample: &[u8], chain: &Chain) -> f64 {
    if sample.is_empty() {
        return chain.classes().map(|class| share(&class)).product();
    }
    let mut found = 0;
    chain.scan(sample, |_| {
        found += 1;
        false
    });
    f64::from(found) / sample.len() as f64
}

/// How often a window is in the text, for a byte of it.
fn rate(sample: &[u8], window: &Window) -> f64 {
    if sample.is_empty() {
        let shares = window.classes.iter().map(share);
        return shares.product();
    }
    let found = (0..sample.len()).filter(|&at| window.is_at(sample, at));
    found.count() as f64 / sample.len() as f64
}

/// How often a byte of the class is expected, of bytes that nobody has seen.
fn share(class: &ByteClass) -> f64 {
    let of = |byte: u8| match byte {
        b' ' | b'e' => 0.08,
        b'a'..=b'z' | b'0'..=b'9' => 0.025,
        b'.' | b'-' | b'=' | b'/' | b':' | b',' => 0.02,
        b'A'..=b'Z' => 0.006,
        0..=0x1f => 0.0005,
        0x80.. => 0.0002,
        _ => 0.004,
    };
    let bytes = (0..=255_u8).filter(|&byte| class.has(byte));
    bytes.map(of).sum::<f64>().min(1.0)
}

/// The ways to look for a window, with what each costs for a byte.
fn kernels(window: &Window, sample: &[u8]) -> Vec<(f64, Kernel)> {
    let mut all = Vec::new();
    if let Some(shift) = Shift::new(window) {
        let cost = step() * shift.work() as f64;
        if let Some(high) = High::new(window, &shift) {
            let high_share = (0x80..=0xff).fold(ByteClass::EMPTY, |mut class, byte| {
                class.insert(byte);
                class
            });
            let looked = if sample.is_empty() {
                (share(&high_share) * STRIP as f64).min(1.0)
            } else {
                high.share(sample)
            };
            all.push((HIGH + looked * cost, Kernel::High(high)));
        }
        all.push((cost, Kernel::Shift(shift)));
    }
    all.extend(Folded::all(window).into_iter().map(|folded| {
        let found = if sample.is_empty() {
            0.0
        } else {
            folded.rate(sample)
        };
        (
            FOLDED + found * FOLDED_FOUND,
            Kernel::Folded(Box::new(folded)),
        )
    }));
    if let Some((literal, offset)) = literal(window) {
        let literal = memmem::Finder::new(&literal).into_owned();
        let found = if sample.is_empty() {
            let bytes = literal.needle().iter();
            bytes.map(|&byte| share(&ByteClass::of(byte))).product()
        } else {
            literal.find_iter(sample).count() as f64 / sample.len() as f64
        };
        let cost = LITERAL + found * LITERAL_FOUND;
        let around = window.without(offset..offset + literal.needle().len());
        let kernel = Kernel::Literal {
            literal: Box::new(literal),
            offset,
            around,
        };
        all.push((cost, kernel));
    }
    all
}

/// The longest literal in a window, and where in it it is.
fn literal(window: &Window) -> Option<(Vec<u8>, usize)> {
    let bytes: Vec<Option<u8>> = window.classes.iter().map(only).collect();
    let mut best: Option<(Vec<u8>, usize)> = None;
    let mut at = 0;
    for part in bytes.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let literal: Vec<u8> = part.iter().flatten().copied().collect();
        let longest = best.as_ref().map_or(0, |(best, _)| best.len());
        if literal.len() > longest {
            best = Some((literal, at));
        }
        at += part.len();
    }
    best
}

fn only(class: &ByteClass) -> Option<u8> {
    let mut bytes = (0..=255).filter(|&byte| class.has(byte));
    bytes.next().filter(|_| class.len() == 1)
}
