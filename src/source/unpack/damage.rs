//! What is wrong with packed data, in the user's words.

use std::io;

use super::Packing;

/// What is wrong with the part that begins at byte `begun`, found at byte `at`.
pub(super) fn part_failed(packing: Packing, begun: u64, at: u64, error: &io::Error) -> io::Error {
    let (name, part) = (packing.name(), packing.part());
    let early = matches!(error.kind(), io::ErrorKind::UnexpectedEof);
    // Each block is checked before anything of it comes out.
    let checked = packing == Packing::Bzip2;
    damaged(if early {
        let holds = if checked {
            "results hold for what was unpacked before"
        } else {
            "results are of what was unpacked before, which nothing confirms"
        };
        format!("the {name} data is cut off at byte {at} ({holds}; the last line may be cut)")
    } else {
        let why = error.to_string();
        let why: String = why.chars().filter(|c| !c.is_control()).collect();
        if let Some(needs) = not_supported(&why) {
            return damaged(format!(
                "the {name} {part} that begins at byte {begun} {needs}, which is not supported \
                 (results hold for what comes before it; unpack it first)"
            ));
        }
        let holds = if checked {
            "results hold for what was unpacked before".to_string()
        } else {
            format!(
                "what was unpacked of this {part} may be wrong; results hold for what comes \
                     before it"
            )
        };
        format!(
            "the {name} data is damaged near byte {at}, in the {part} that begins at byte \
             {begun}: {why} ({holds})"
        )
    })
}

/// What a part needs that is in order and cannot be unpacked here all the same, by
/// the words of its decoder.
fn not_supported(why: &str) -> Option<&'static str> {
    let why = why.to_ascii_lowercase();
    let needs = [
        ("too much memory", "needs a window of more than 128 MiB"),
        ("memory limit", "needs more than 128 MiB of memory"),
        ("dictionary mismatch", "was packed with a dictionary"),
        ("dictionarynotsupported", "was packed with a dictionary"),
    ];
    let mut needs = needs.into_iter();
    needs.find_map(|(words, needs)| why.contains(words).then_some(needs))
}

/// What is wrong with packed data, as an error a reader can give.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Damaged(String);

/// What unpacked the data is gone without having said that it was done.
pub(in crate::source) fn stopped() -> io::Error {
    let why = "unpacking stopped unexpectedly, which is an error of this program (results hold \
               for what was unpacked before)";
    damaged(why.into())
}

pub(in crate::source) fn damaged(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Damaged(message))
}
