//! Which sections of two reports are about the same.

use super::refuse;
use crate::{
    error::Result,
    report::{Warning, printable},
    request::SectionRequest,
};

/// The places of sections of one kind and title that ask the same. What has no
/// such partner is warned of.
///
/// # Errors
/// When there is none at all.
pub(super) fn pairs(
    before: &[SectionRequest],
    after: &[SectionRequest],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<(usize, usize)>> {
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    let mut free: Vec<usize> = (0..after.len()).collect();
    let mut warn = |message: String| warnings.push(Warning::plain("section", message));
    for (a, section) in before.iter().enumerate() {
        let same = |&at: &usize| {
            let other: &SectionRequest = &after[at];
            other.question.kind() == section.question.kind() && other.title == section.title
        };
        let Some(place) = free.iter().position(same) else {
            left.push(format!("{} only before", named(section)));
            continue;
        };
        let b = free.remove(place);
        match section.differs_from(&after[b]) {
            None => pairs.push((a, b)),
            Some(what) => warn(format!(
                "{} asks something else on each side ({what}), so it is not compared",
                named(section)
            )),
        }
    }
    let others = free
        .iter()
        .map(|&b| format!("{} only after", named(&after[b])));
    left.extend(others);
    if pairs.is_empty() {
        let list = |all: &[SectionRequest]| all.iter().map(named).collect::<Vec<_>>().join(", ");
        return refuse(format!(
            "the sides have no section in common: there is {} before and {} after; \
             make both with the same --spec",
            list(before),
            list(after)
        ));
    }
    if !left.is_empty() {
        warn(format!("not compared: {}", left.join(", ")));
    }
    // A timeline that counts no more than lines, or levels, says what others do.
    let of_all = pairs
        .iter()
        .filter(|(a, b)| before[*a].counts_all() && after[*b].counts_all());
    let kinds: Vec<&str> = of_all.map(|(a, _)| before[*a].question.kind()).collect();
    pairs.retain(|(a, _)| {
        let says = before[*a].says_as_much_as();
        says.is_none_or(|other| !kinds.contains(&other))
    });
    Ok(pairs)
}

fn named(section: &SectionRequest) -> String {
    let title = printable(section.title.as_bytes());
    format!("{} {title:?}", section.question.kind())
}
