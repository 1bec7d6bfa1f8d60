//! One block of a file, written without knowing the others.
//!
//! A line lies across every border between two blocks, so that no border of
//! the plan is a line start by construction. It depends on the seed and the
//! border alone: the block before writes its front, the block behind its rest.

use super::{
    Options,
    layout::Layout,
    profile::{Extras, Kind, Mark, NEEDLE, Pen, Said, World},
    random::Random,
    tally::Tally,
};

/// What is left at least for the last line before a border; every plain event
/// with a needle or two is shorter.
const ROOM: usize = 700;
/// With less than this left, the next line is the last one.
const LAST: usize = ROOM + 500;

/// A rate as a share of 2^32.
#[derive(Clone, Copy, Debug)]
struct Rate(u64);

impl Rate {
    fn new(rate: f64) -> Rate {
        Rate((rate * (1u64 << 32) as f64) as u64)
    }

    fn happens(self, random: &mut Random) -> bool {
        // The number is drawn in any case: what comes behind it is the same
        // whatever the rate.
        random.next() >> 32 < self.0
    }
}

/// Writes any block of one file.
#[derive(Debug)]
pub(super) struct Writer {
    seed: u64,
    pub(super) layout: Layout,
    world: World,
    invalid: Rate,
    nul: Rate,
    long: Rate,
}

/// A block and what is true of it.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) tally: Tally,
}

/// The line across a border.
struct Bridge {
    text: Vec<u8>,
    /// How much of it stands before the border.
    before: usize,
    marks: Vec<(Mark, usize)>,
    said: Said,
    millis: u64,
}

impl Writer {
    pub(super) fn new(options: &Options) -> Writer {
        Writer {
            seed: options.seed,
            layout: Layout::new(options.size, options.needles),
            world: World::new(options),
            invalid: Rate::new(options.invalid),
            nul: Rate::new(options.nul),
            long: Rate::new(options.long_lines),
        }
    }

    /// Writes this block. The lines that begin in it are in its tally.
    pub(super) fn block(&self, number: u64) -> Block {
        let range = self.layout.block(number);
        let length = (range.end - range.start) as usize;
        let mut bytes = Vec::with_capacity(length + ROOM);
        if number > 0 {
            let bridge = self.bridge(range.start);
            bytes.extend_from_slice(&bridge.text[bridge.before..]);
        }
        let next = (number + 1 < self.layout.blocks()).then(|| self.bridge(range.end));
        let end = length - next.as_ref().map_or(0, |bridge| bridge.before);
        let mut tally = Tally::new(range.start);
        self.events(number, &mut bytes, end, &mut tally);
        if let Some(bridge) = next {
            let at = bytes.len() as u64 + range.start;
            tally.event(at, &bridge.text, bridge.millis, &bridge.said, &bridge.marks);
            bytes.extend_from_slice(&bridge.text[..bridge.before]);
        }
        Block { bytes, tally }
    }

    /// Fills the block up to its end with events, the last one made to fit.
    fn events(&self, number: u64, bytes: &mut Vec<u8>, end: usize, tally: &mut Tally) {
        let range = self.layout.block(number);
        let mut random = Random::named(self.seed, "events", number);
        let mut noise = Random::named(self.seed, "noise", number);
        let mut marks = Vec::new();
        let mut planted = self.layout.needles_before(range.start);
        loop {
            let at = bytes.len();
            let offset = range.start + at as u64;
            let millis = self.layout.time(offset);
            let mut extras = self.noise(&mut noise, end - at);
            let last = end - at < LAST;
            let due = if last { range.end } else { offset };
            let needles = self.layout.needles_before(due);
            extras.needles = needles - planted;
            let kind = if last { Kind::Plain } else { Kind::Any };
            if last {
                extras.payload = None;
                extras.end = Some(end);
            }
            let pen = Pen::new(&self.world, bytes, &mut random, &mut marks);
            let said = pen.event(millis, kind, extras);
            if !last && bytes.len() > end - ROOM {
                // Too long; what follows is another event in its place.
                bytes.truncate(at);
                continue;
            }
            planted = needles;
            tally.event(offset, &bytes[at..], millis, &said, &marks);
            if last {
                break;
            }
        }
    }

    fn noise(&self, random: &mut Random, room: usize) -> Extras {
        let length = 8192u64 << random.below(6);
        let long = length + random.below(length);
        Extras {
            invalid: self.invalid.happens(random),
            nul: self.nul.happens(random),
            payload: (self.long.happens(random) && long + 4096 <= room as u64).then_some(long),
            ..Extras::default()
        }
    }

    fn bridge(&self, border: u64) -> Bridge {
        let mut random = Random::named(self.seed, "borders", border);
        let split = random.next();
        let needles = u64::from(self.layout.has_needle_across(border));
        let (mut text, mut marks) = (Vec::new(), Vec::new());
        let millis = self.layout.time(border);
        let extras = Extras {
            needles,
            ..Extras::default()
        };
        let pen = Pen::new(&self.world, &mut text, &mut random, &mut marks);
        let said = pen.event(millis, Kind::Plain, extras);
        let needle = marks.iter().find(|(mark, _)| *mark == Mark::Rare);
        let (from, length) = match needle {
            Some(&(_, at)) => (at, NEEDLE.len()),
            None => (0, text.len()),
        };
        // At least a byte on either side.
        let before = from + 1 + (split % (length as u64 - 1)) as usize;
        Bridge {
            text,
            before,
            marks,
            said,
            millis,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Profile;

    #[test]
    fn blocks_fit_and_needles_lie_across_borders() {
        for profile in Profile::ALL.map(|(_, profile)| profile) {
            for crlf in [false, true] {
                let mut options = Options::new(profile, 3 << 20);
                (options.crlf, options.needles) = (crlf, 12);
                (options.invalid, options.nul, options.long_lines) = (0.01, 0.01, 0.01);
                let writer = Writer::new(&options);
                let mut all = Vec::new();
                for number in 0..writer.layout.blocks() {
                    let (range, block) = (writer.layout.block(number), writer.block(number));
                    assert_eq!(
                        block.bytes.len() as u64,
                        range.end - range.start,
                        "{profile:?} {number}"
                    );
                    all.extend(block.bytes);
                }
                assert!(all.ends_with(if crlf { b"\r\n" } else { b"\n" }));
                for border in (13..22).map(|k| 1usize << k) {
                    let start = border + 1 - NEEDLE.len();
                    let around = &all[start..border + NEEDLE.len() - 1];
                    let found = memchr::memmem::find(around, NEEDLE.as_bytes());
                    assert!(found.is_some(), "{profile:?} {border}");
                }
                let needles = memchr::memmem::find_iter(&all, NEEDLE.as_bytes()).count();
                assert_eq!(needles, 12, "{profile:?}");
            }
        }
    }
}
