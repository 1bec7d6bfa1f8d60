//! The laws of `swathe::statistic`, over every statistic there is.

use proptest::prelude::*;
use swathe::{
    key::{Key, KeyOptions, Keys},
    pattern::PatternOptions,
    statistic::{
        Any, Assign, Count, CountPattern, Head, Kind, RowLimit, Scan, Several, Shift, Statistic,
        Templates, Text, TextBy, Values, ValuesOptions, Wc, WireStatistic,
    },
};

use crate::{nasty, timed, top};

/// Checks the laws for every statistic. A new [`Kind`] does not compile until
/// it has a case here.
fn check_all(bytes: &[u8], cuts: &[usize]) {
    for kind in Kind::ALL {
        match kind {
            Kind::Wc => check(&wc(), bytes, cuts),
            Kind::Text => check(&Text { longest: 3 }, bytes, cuts),
            Kind::TextBy => check(&text_by(1 << 20), bytes, cuts),
            Kind::Count => check(&count(), bytes, cuts),
            Kind::Timeline => timed::check_laws(bytes, cuts),
            Kind::Top => top::check_laws(bytes, cuts),
            Kind::Values => check(&values(), bytes, cuts),
            Kind::Templates => {
                check(&Templates::default(), bytes, cuts);
                for max in [2, 3, 5, 8] {
                    check(&Templates { max }, bytes, cuts);
                }
            }
            Kind::Assign => check_assign(bytes, cuts),
            Kind::Set => {
                check(&(Text::default(), count()), bytes, cuts);
                check(&(wc(), Some(count()), None::<Text>), bytes, cuts);
                let any = [
                    (Any::Count(count()), false),
                    (Any::Text((Text { longest: 2 }, None)), true),
                    (Any::Templates(Templates { max: 5 }), false),
                    (Any::Values(values()), false),
                ];
                check(&Several::new(any), bytes, cuts);
            }
            Kind::Foreign(name) => unreachable!("{name} is not of this crate"),
        }
    }
}

/// By the templates of the same bytes, which are few or too many.
fn check_assign(bytes: &[u8], cuts: &[usize]) {
    for max in [3, 1000] {
        let templates = Templates { max };
        let head = Head::of(bytes);
        let scan = Scan::new(bytes, 0, &head);
        let partial = templates.scan_chunk(&mut templates.worker(&head), &scan);
        let answer = templates.finish(partial);
        check(&Assign::new(&answer), bytes, cuts);
    }
}

fn wc() -> Wc {
    Wc {
        newlines: true,
        words: true,
        chars: true,
        width: true,
    }
}

pub(crate) fn text_by(memory: u64) -> TextBy {
    let keys = Keys::new(&[Key::Field(1)], &KeyOptions::default()).unwrap();
    TextBy::new(keys, RowLimit::first(1000), memory)
}

fn values() -> Values {
    let options = KeyOptions {
        pattern: Some(r"(\S+)\s+(\S+)".into()),
        ..KeyOptions::default()
    };
    let keys = Keys::new(&[Key::Capture(1), Key::Capture(2)], &options).unwrap();
    Values::new(keys, ValuesOptions::default())
}

fn count() -> Count {
    let pattern = |pattern: &str| CountPattern {
        name: None,
        pattern: pattern.to_string(),
    };
    let patterns = ["foo", "o+", "bar|foo", "^", "nothing at all"].map(pattern);
    let count = Count::new(patterns.into(), &PatternOptions::default()).unwrap();
    count.in_parts(3)
}

/// One partial, and how many newlines it is of.
type Piece<S> = (<S as Statistic>::Partial, u64);

pub(crate) fn check<S: WireStatistic>(s: &S, bytes: &[u8], cuts: &[usize]) {
    let mut head = Head::of(bytes);
    head.len = Some(bytes.len() as u64);
    s.prepare(&head).unwrap();
    let scan = |from: usize, to: usize| -> Piece<S> {
        let scan = Scan::new(&bytes[from..to], from as u64, &head);
        (s.scan_chunk(&mut s.worker(&head), &scan), scan.newlines())
    };
    let name = s.kind().name();
    let text = |partial: &S::Partial| serde_json::to_string(partial).unwrap();
    let whole = scan(0, bytes.len());

    let identity = merged(s, (s.identity(), 0), &whole);
    assert_eq!(text(&identity.0), text(&whole.0), "{name}: identity before");
    let identity = merged(s, whole.clone(), &(s.identity(), 0));
    assert_eq!(text(&identity.0), text(&whole.0), "{name}: identity behind");
    let nothing = s.scan_chunk(&mut s.worker(&head), &Scan::new(b"", 0, &head));
    assert_eq!(text(&nothing), text(&s.identity()), "{name}: nothing");

    let mut borders: Vec<usize> = cuts.iter().map(|&cut| line_at(bytes, cut)).collect();
    borders.extend([0, bytes.len()]);
    borders.sort_unstable();
    let pieces: Vec<Piece<S>> = borders.windows(2).map(|b| scan(b[0], b[1])).collect();
    let left = pieces
        .iter()
        .fold((s.identity(), 0), |all, piece| merged(s, all, piece));
    assert_eq!(text(&left.0), text(&whole.0), "{name}: cut at {borders:?}");
    let right = pieces.iter().rev().fold((s.identity(), 0), |all, piece| {
        merged(s, piece.clone(), &all)
    });
    assert_eq!(text(&right.0), text(&whole.0), "{name}: associativity");

    let mut tree = pieces.clone();
    while tree.len() > 1 {
        let pair = |pair: &[Piece<S>]| match pair {
            [one] => one.clone(),
            pair => merged(s, pair[0].clone(), &pair[1]),
        };
        tree = tree.chunks(2).map(pair).collect();
    }
    assert_eq!(text(&tree[0].0), text(&whole.0), "{name}: as a tree");

    // As a filter calls it: several times for one chunk.
    let (mut parts, mut worker) = (s.identity(), s.worker(&head));
    let chunk = Scan::new(bytes, 0, &head);
    for (border, pair) in borders.windows(2).enumerate() {
        let before = pieces[..border].iter().map(|piece| piece.1).sum();
        s.scan(
            &mut worker,
            &chunk.part(pair[0]..pair[1], before),
            &mut parts,
        );
    }
    assert_eq!(
        text(&parts),
        text(&whole.0),
        "{name}: in parts, {borders:?}"
    );

    for piece in &pieces {
        let sent: S::Partial = serde_json::from_str(&text(&piece.0)).unwrap();
        assert_eq!(text(&sent), text(&piece.0), "{name}: read back");
        let (mut a, mut b) = (piece.0.clone(), sent);
        s.merge(&mut a, whole.0.clone());
        s.merge(&mut b, whole.0.clone());
        assert_eq!(text(&a), text(&b), "{name}: merged after reading back");
    }
    check_shift(s, &pieces);
}

fn check_shift<S: WireStatistic>(s: &S, pieces: &[Piece<S>]) {
    let text = |partial: &S::Partial| serde_json::to_string(partial).unwrap();
    let shifted = |partial: &S::Partial, by: Shift| {
        let mut partial = partial.clone();
        s.shift(&mut partial, by);
        partial
    };
    let name = s.kind().name();
    let by = |sources, lines, bytes| Shift {
        sources,
        lines,
        bytes,
    };
    let (one, two, both) = (by(1, 20, 300), by(4, 50, 600), by(5, 70, 900));
    for (partial, _) in pieces {
        assert_eq!(
            text(&shifted(partial, Shift::default())),
            text(partial),
            "{name}: by nothing"
        );
        let twice = shifted(&shifted(partial, one), two);
        assert_eq!(text(&twice), text(&shifted(partial, both)), "{name}: twice");
    }
    for pair in pieces.windows(2) {
        let (mut plain, mut moved) = (pair[0].0.clone(), shifted(&pair[0].0, one));
        s.merge(&mut plain, pair[1].0.clone());
        s.merge(&mut moved, shifted(&pair[1].0, one));
        assert_eq!(
            text(&moved),
            text(&shifted(&plain, one)),
            "{name}: shift of a merge"
        );
    }
}

/// The later piece behind the earlier one.
fn merged<S: WireStatistic>(s: &S, earlier: Piece<S>, later: &Piece<S>) -> Piece<S> {
    let (mut partial, newlines) = earlier;
    let mut behind = later.0.clone();
    s.shift(&mut behind, Shift::lines(newlines));
    s.merge(&mut partial, behind);
    (partial, newlines + later.1)
}

/// The first start of a line at or after `at`, or the end.
fn line_at(bytes: &[u8], at: usize) -> usize {
    let at = at.min(bytes.len());
    if at == 0 {
        return 0;
    }
    let newline = bytes[at - 1..].iter().position(|&b| b == b'\n');
    newline.map_or(bytes.len(), |i| at + i)
}

#[test]
fn the_laws_hold_for_hand_picked_inputs() {
    for bytes in nasty::hand_picked() {
        check_all(&bytes, &[]);
        check_all(&bytes, &[1, 2, 5, 70_000, 150_000]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_wherever_the_cuts_are(
        bytes in nasty::small(),
        cuts in prop::collection::vec(0usize..400, 0..6),
    ) {
        check_all(&bytes, &cuts);
    }
}
