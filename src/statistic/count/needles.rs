//! Bytes that every match of a regex must contain.

use regex_syntax::hir::{
    Hir, HirKind,
    literal::{ExtractKind, Extractor},
};

/// Longer needles find nothing that these do not.
const LONGEST: usize = 24;

/// More needles than this are as bad as none.
const MOST: usize = 48;

/// Several sets of needles; of each set, every match contains one at least.
/// The caller picks the set that is rarest. Empty if there is nothing to go by.
pub(super) fn required(hir: &Hir, fold: bool) -> Vec<Vec<Vec<u8>>> {
    let mut sets = Vec::new();
    collect(hir, &mut sets);
    for set in &mut sets {
        tidy(set, fold);
    }
    sets.retain(|set| set.len() <= MOST && set.iter().all(|needle| needle.len() > 1));
    sets.sort();
    sets.dedup();
    sets
}

/// Adds the sets of an expression that is part of every match.
fn collect(hir: &Hir, sets: &mut Vec<Vec<Vec<u8>>>) {
    sets.extend(prefixes(hir));
    match hir.kind() {
        HirKind::Capture(capture) => collect(&capture.sub, sets),
        HirKind::Repetition(repetition) if repetition.min > 0 => collect(&repetition.sub, sets),
        HirKind::Concat(parts) => {
            for part in parts {
                collect(part, sets);
            }
            for from in 1..parts.len() {
                sets.extend(prefixes(&Hir::concat(parts[from..].to_vec())));
            }
        }
        HirKind::Alternation(branches) => sets.extend(either(branches)),
        _ => {}
    }
}

/// The longest needles of each branch together.
fn either(branches: &[Hir]) -> Option<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for branch in branches {
        let mut sets = Vec::new();
        collect(branch, &mut sets);
        let shortest = |set: &Vec<Vec<u8>>| set.iter().map(Vec::len).min().unwrap_or(0).min(8);
        let best = sets
            .into_iter()
            .max_by_key(|set| (shortest(set), usize::MAX - set.len()))?;
        all.extend(best);
    }
    Some(all)
}

/// What a match of the expression can begin with, if that is a few literals
/// none of which is empty.
fn prefixes(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_total(400);
    let literals = extractor.extract(hir);
    let literals = literals.literals()?;
    let some = !literals.is_empty() && literals.iter().all(|literal| !literal.is_empty());
    some.then(|| literals.iter().map(|l| l.as_bytes().to_vec()).collect())
}

/// Cuts needles to size and drops those that another one stands for.
fn tidy(set: &mut Vec<Vec<u8>>, fold: bool) {
    for needle in set.iter_mut() {
        needle.truncate(LONGEST);
        if fold {
            for byte in needle {
                *byte |= 0x20;
            }
        }
    }
    set.sort();
    set.dedup();
    if set.len() > MOST / 3 {
        let shortest = set.iter().map(Vec::len).min().unwrap_or(0).max(8);
        for needle in set.iter_mut() {
            needle.truncate(shortest);
        }
        set.dedup();
    }
    // Sorted, so what begins with another comes right behind it.
    set.dedup_by(|later, earlier| later.starts_with(earlier));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str, fold: bool) -> Vec<Vec<String>> {
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.utf8(false).multi_line(true).case_insensitive(fold);
        let hir = parser.build().parse(pattern).unwrap();
        let text = |needle: Vec<u8>| String::from_utf8_lossy(&needle).into_owned();
        let sets = required(&hir, fold).into_iter();
        sets.map(|set| set.into_iter().map(text).collect())
            .collect()
    }

    #[test]
    fn sets_of_which_a_match_has_one() {
        for (pattern, set) in [
            ("abc", &["abc"][..]),
            ("ab[cd]", &["abc", "abd"]),
            (r"\d+ms took", &["ms took"]),
            ("x?foo|bar+", &["ba", "foo"]),
            ("(foo|bar)baz", &["barbaz", "foobaz"]),
            (r"\bfoo\b", &["foo"]),
            ("(?:foo.*)+", &["foo"]),
        ] {
            let sets = of(pattern, false);
            let found = sets
                .iter()
                .any(|s| set.iter().all(|n| s.iter().any(|m| m.starts_with(n))));
            assert!(found, "{pattern}: {sets:?}");
        }
        for pattern in ["", ".*", "[a-z]+", "a?", "(foo)?", "foo|", "x", r"\d+"] {
            assert!(of(pattern, false).is_empty(), "{pattern}");
        }
    }

    #[test]
    fn folded_needles_stand_for_both_cases() {
        let sets = of("task", true);
        let set = sets.iter().find(|set| set.contains(&"task".to_string()));
        let set = set.expect("the pattern itself");
        assert!(set.len() > 1, "the long s and the Kelvin sign: {set:?}");
        assert!(set.iter().all(|needle| !needle.contains('T')), "{set:?}");
    }
}
