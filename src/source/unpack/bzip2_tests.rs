//! bzip2 unpacked block by block against the decoder that reads it in one go.

use std::io::Write;

use super::{
    Packing,
    bzip2_marks::{MARK, Mark, bits},
    tests::{text, together, unpack},
};

/// A stream; a block ends wherever a part of the text does.
fn packed<'t>(level: u32, parts: impl IntoIterator<Item = &'t [u8]>) -> Vec<u8> {
    let level = bzip2::Compression::new(level);
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), level);
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 {
            encoder.flush().unwrap();
        }
        encoder.write_all(part).unwrap();
    }
    encoder.finish().unwrap()
}

/// What comes out on one, two and five threads, which is the same.
fn on_threads(packed: &[u8], what: &str) -> (Vec<u8>, Option<String>) {
    let one = together(Packing::Bzip2, packed, 1);
    for threads in [2, 5] {
        let got = together(Packing::Bzip2, packed, threads);
        assert!(got == one, "{what} on {threads}: {:?}, {:?}", got.1, one.1);
    }
    one
}

#[test]
fn what_is_whole_comes_out() {
    let (long, short) = (text(60_000), text(900));
    let lines = || short.split_inclusive(|&b| b == b'\n');
    let one = packed(1, [&long[..]]);
    let nine = packed(9, [&long[..]]);
    let small = packed(5, lines());
    let empty = packed(3, []);
    let lonely: Vec<u8> = lines().flat_map(|line| packed(2, [line])).collect();
    let followed = [&nine[..], b"garbage"].concat();
    let padded = [&one[..], &[0; 700], &one].concat();
    let broken_end = [&empty[..10], b"sum!"].concat();
    for (i, input) in [
        one.clone(),
        nine.clone(),
        small.clone(),
        empty.clone(),
        lonely,
        padded,
        followed,
        [&empty[..], b"garbage"].concat(),
        [&empty[..], &empty, &nine, &empty, &small, &one].concat(),
        [&one[..], &broken_end].concat(),
        [&one[..], &small, b"BZh9 is a text"].concat(),
        [&one[..], &small, &small[..9]].concat(),
    ]
    .into_iter()
    .enumerate()
    {
        let got = on_threads(&input, &i.to_string());
        let want = unpack(Packing::Bzip2, &input);
        assert!(got == want, "{i}: {:?}, not {:?}", got.1, want.1);
        assert_eq!(got.1.is_some(), [6, 7, 9, 10, 11].contains(&i), "{i}");
    }
}

/// A message without the byte it says to be near, and that byte.
fn near(message: &str) -> (String, u64) {
    let Some((before, rest)) = message.split_once(" damaged near byte ") else {
        return (message.to_string(), 0);
    };
    let (at, behind) = rest.split_once(',').unwrap();
    (format!("{before}{behind}"), at.parse().unwrap())
}

/// Says the same of damage, and gives no less before it.
fn damaged_alike(input: &[u8], what: &str) {
    let (got, error) = on_threads(input, what);
    let (want, its) = unpack(Packing::Bzip2, input);
    let (Some(error), Some(its)) = (&error, &its) else {
        assert!(error == its && got == want, "{what}: {error:?}, {its:?}");
        return;
    };
    let (said, at) = near(error);
    let (says, its_at) = near(its);
    assert_eq!(said, says, "{what}");
    assert!(at.abs_diff(its_at) <= 16, "{what}: {error}, {its}");
    let same = got.iter().zip(&want).take_while(|(a, b)| a == b).count();
    let (here, there) = (got.len(), want.len());
    assert!(
        got == want,
        "{what}: {here}, not {there} bytes, the same up to {same}"
    );
}

#[test]
fn of_what_is_cut_the_begin_comes_out() {
    let stream = packed(1, [&text(12_000)[..]]);
    let lines = packed(9, text(50).split_inclusive(|&b| b == b'\n'));
    let joined = [&stream[..], &lines, &stream].concat();
    let marks = stream.len()..stream.len() + 20;
    for cut in (20..joined.len()).step_by(27_003).chain(marks) {
        damaged_alike(&joined[..cut], &format!("cut at {cut}"));
    }
}

#[test]
fn what_is_flipped_is_found() {
    let long = text(12_000);
    let stream = packed(1, [&long[..]]);
    let lines = packed(9, text(50).split_inclusive(|&b| b == b'\n'));
    let joined = [&stream[..], &lines, &stream].concat();
    let places = (20..joined.len()).step_by(27_001);
    let ends = (stream.len() - 12..stream.len() + 80).step_by(3);
    for at in places.chain(ends).chain(joined.len() - 6..joined.len()) {
        let mut flipped = joined.clone();
        flipped[at] ^= 1 << (at % 8);
        damaged_alike(&flipped, &format!("flipped at {at}"));
    }
}

/// All of the blocks before one that is damaged come out.
#[test]
fn blocks_before_the_damage_are_whole() {
    let long = text(40_000);
    let mut stream = packed(1, [&long[..]]);
    let damage = stream.len() * 9 / 10;
    stream[damage] ^= 1;
    let (got, error) = on_threads(&stream, "damaged");
    let right = got.iter().zip(&long).take_while(|(a, b)| a == b).count();
    assert!(right > long.len() * 8 / 10, "{right} of {}", long.len());
    assert!(error.unwrap().contains("that begins at byte 0: "));
}

/// Bits that are put together.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u64, count: usize) {
        self.0
            .extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| {
            let byte = bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
            byte << (8 - bits.len())
        };
        self.0.chunks(8).map(byte).collect()
    }
}

/// A stream with a mark that is none in each of its blocks: among the numbers
/// of tables, of which there may be more than are used.
fn with_false_marks(stream: &[u8], mark: Mark) -> Vec<u8> {
    let bit = |at: usize| bits(stream, at, 1).unwrap();
    let last = |&at: &usize| bits(stream, at, MARK) == Some(Mark::End.bits());
    let end = (stream.len() * 8 - 87..stream.len() * 8)
        .find(last)
        .unwrap();
    let mut out = Bits::default();
    let mut at = 0;
    let mut copied = 0;
    while at < end {
        if bits(stream, at, MARK) != Some(Mark::Block.bits()) {
            at += 1;
            continue;
        }
        at += MARK + 32 + 1 + 24;
        let ranges = bits(stream, at, 16).unwrap();
        at += 16 + 16 * ranges.count_ones() as usize;
        assert_eq!(bits(stream, at, 3), Some(6), "tables");
        let count = bits(stream, at + 3, 15).unwrap();
        let more = u64::from((!mark.bits() << (64 - MARK) >> (64 - MARK)).count_ones()) + 1;
        out.0.extend((copied..at + 3).map(|at| bit(at) == 1));
        out.put(count + more, 15);
        at += 18;
        copied = at;
        for _ in 0..count {
            while bit(at) == 1 {
                at += 1;
            }
            at += 1;
        }
        out.0.extend((copied..at).map(|at| bit(at) == 1));
        out.put(mark.bits() << 1, MARK + 1);
        copied = at;
    }
    out.0
        .extend((copied..end + MARK + 32).map(|at| bit(at) == 1));
    out.bytes()
}

#[test]
fn a_mark_by_chance_is_none() {
    let long = text(12_000);
    let plain = packed(1, [&long[..]]);
    for mark in [Mark::Block, Mark::End] {
        let stream = with_false_marks(&plain, mark);
        assert!(stream.len() > plain.len());
        let joined = [&plain[..], &stream, &plain].concat();
        for (input, times) in [(&stream, 1), (&joined, 3)] {
            let want = (long.repeat(times), None);
            assert!(unpack(Packing::Bzip2, input) == want, "{mark:?} is valid");
            let got = on_threads(input, "false marks");
            assert!(got == want, "{mark:?}: {:?}", got.1);
        }
    }
}

#[test]
fn blocks_that_unpack_to_much_are_not_held() {
    let (zeros, lines) = (vec![0; 60 << 20], text(1000));
    let bomb = packed(9, [&lines[..], &zeros, &lines]);
    let (got, error) = together(Packing::Bzip2, &bomb, 3);
    assert_eq!(error, None);
    assert!(got == [&lines[..], &zeros, &lines].concat());
    // The same where the blocks behind it are damaged.
    let mut damaged = [&bomb[..], &bomb].concat();
    let end = damaged.len() - 1500;
    damaged[end] ^= 4;
    let (got, error) = together(Packing::Bzip2, &damaged, 3);
    let says = format!("that begins at byte {}: ", bomb.len());
    assert!(error.unwrap().contains(&says));
    assert!(got.len() >= 2 * lines.len() + zeros.len());
}
