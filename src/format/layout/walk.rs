//! Going through a record by its layout.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use super::{Element, Field, Fit, Whole};
use crate::format::kind::{End, Kind, is_blank};

/// How often a part that may be missing is tried in one record: every such part may double
/// the work, and nobody's record shall take forever.
const TRIES: u32 = 256;

/// What is left of a layout: these elements, and behind them others.
#[derive(Clone, Copy)]
struct Rest<'a> {
    elements: &'a [Element],
    behind: Option<&'a Rest<'a>>,
}

impl<'a> Rest<'a> {
    fn first(self) -> Option<(&'a Element, Rest<'a>)> {
        match self.elements {
            [first, elements @ ..] => Some((
                first,
                Rest {
                    elements,
                    behind: self.behind,
                },
            )),
            [] => self.behind.and_then(|behind| behind.first()),
        }
    }
}

struct Walk<'r> {
    record: &'r [u8],
    wanted: Option<usize>,
    /// The record is gone through to the end of the layout.
    to_end: bool,
    /// Where the field stands that is wanted.
    found: Option<Range<usize>>,
    tries: u32,
}

/// Where the wanted field stands, from this place of the record and of the layout on.
pub(super) fn find(
    elements: &[Element],
    record: &[u8],
    at: usize,
    wanted: usize,
) -> Option<Range<usize>> {
    let mut walk = Walk {
        record,
        wanted: Some(wanted),
        to_end: false,
        found: None,
        tries: TRIES,
    };
    let rest = Rest {
        elements,
        behind: None,
    };
    walk.walk(rest, at);
    walk.found
}

/// Whether a record fits a layout, and where the wanted field stands; `None` if it does not.
pub(super) fn find_whole(elements: &[Element], record: &[u8], wanted: usize) -> Option<Whole> {
    let mut walk = Walk {
        record,
        wanted: Some(wanted),
        to_end: true,
        found: None,
        tries: TRIES,
    };
    let rest = Rest {
        elements,
        behind: None,
    };
    let end = walk.walk(rest, 0)?;
    of_end(record, end)?;
    Some(Whole { at: walk.found })
}

/// How a record fits a layout; `None` if it does not.
pub(super) fn fit(elements: &[Element], record: &[u8]) -> Option<Fit> {
    let mut walk = Walk {
        record,
        wanted: None,
        to_end: true,
        found: None,
        tries: TRIES,
    };
    let rest = Rest {
        elements,
        behind: None,
    };
    let end = walk.walk(rest, 0)?;
    of_end(record, end)
}

/// How a record fits whose layout ends here.
fn of_end(record: &[u8], end: usize) -> Option<Fit> {
    let left = record[end..].trim_ascii_end();
    match left.first() {
        None => Some(Fit::Whole),
        Some(byte) => (is_blank(*byte) || b",;|".contains(byte)).then_some(Fit::Front),
    }
}

impl Walk<'_> {
    /// Where the layout ends in the record; where the field that is wanted was found, the
    /// rest is not looked at.
    fn walk(&mut self, mut rest: Rest<'_>, mut at: usize) -> Option<usize> {
        while let Some((element, after)) = rest.first() {
            match element {
                Element::Text(text) => at = text_end(text, self.record, at)?,
                Element::End => at = is_end(self.record, at).then_some(at)?,
                Element::Field(field) => {
                    let end = self.end(field, after, at)?;
                    if self.wanted.is_some() && field.name == self.wanted {
                        self.found = Some(at..end);
                        if !self.to_end {
                            return Some(end);
                        }
                    }
                    at = end;
                }
                Element::Optional(inner) => {
                    let with = Rest {
                        elements: inner,
                        behind: Some(&after),
                    };
                    if self.tries > 0 && begins(with, self.record, at) {
                        self.tries -= 1;
                        let before = self.found.clone();
                        if let Some(end) = self.walk(with, at) {
                            return Some(end);
                        }
                        self.found = before;
                    }
                }
            }
            rest = after;
        }
        Some(at)
    }

    /// Where a field ends that begins here.
    fn end(&self, field: &Field, after: Rest<'_>, at: usize) -> Option<usize> {
        let record = self.record;
        if field.quoted {
            let end = closing(record, at)?;
            let fits = field.kind == Kind::Text || field.kind.end(&record[..end], at).is_some();
            return fits.then_some(end);
        }
        let limit = match field.kind.end(record, at)? {
            End::At(len) => return Some(at + len),
            End::Within(len) => at + len,
        };
        let (firsts, may_end) = starts(after);
        let mut from = at;
        if firsts.as_slice() == [b' '] || field.kind != Kind::Text {
            // It may be empty only where something other than a blank stands behind it.
            from += 1;
        }
        while let Some(found) = next(&firsts, record.get(from..limit)?) {
            if begins(after, record, from + found) {
                return Some(from + found);
            }
            from += found + 1;
        }
        let whole = limit == record.len() && may_end;
        let parted = field.kind != Kind::Text && begins(after, record, limit);
        let lone = field.kind != Kind::Text && after.first().is_none();
        (whole || parted || lone).then_some(limit)
    }
}

/// The bytes with which what is left of a layout may begin, and whether it may be empty.
fn starts(rest: Rest<'_>) -> (Firsts, bool) {
    let mut firsts = Firsts::default();
    let may_end = add_starts(rest, &mut firsts);
    (firsts, may_end)
}

fn add_starts(rest: Rest<'_>, firsts: &mut Firsts) -> bool {
    match rest.first() {
        None | Some((Element::End, _)) => true,
        Some((Element::Text(text), _)) => {
            firsts.add(text[0]);
            false
        }
        // It may begin with anything.
        Some((Element::Field(_), _)) => {
            firsts.any = true;
            false
        }
        Some((Element::Optional(inner), after)) => {
            let with = Rest {
                elements: inner,
                behind: Some(&after),
            };
            let first = add_starts(with, firsts);
            add_starts(after, firsts) || first
        }
    }
}

/// Bytes to look for.
#[derive(Default)]
struct Firsts {
    bytes: [u8; 3],
    len: usize,
    any: bool,
}

impl Firsts {
    fn add(&mut self, byte: u8) {
        if self.as_slice().contains(&byte) {
            return;
        }
        if self.len == self.bytes.len() {
            self.any = true;
            return;
        }
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Where one of them stands next.
fn next(firsts: &Firsts, text: &[u8]) -> Option<usize> {
    if firsts.any {
        return (!text.is_empty()).then_some(0);
    }
    match firsts.as_slice() {
        [b' '] => memchr2(b' ', b'\t', text),
        [a] => memchr(*a, text),
        [b' ', a] | [a, b' '] => memchr3(b' ', b'\t', *a, text),
        [a, b] => memchr2(*a, *b, text),
        [a, b, c] if ![a, b, c].contains(&&b' ') => memchr3(*a, *b, *c, text),
        all => text
            .iter()
            .position(|byte| all.contains(byte) || *byte == b'\t'),
    }
}

/// Whether what is left of a layout can begin here: its text stands here, and the field
/// behind it fits there.
fn begins(rest: Rest<'_>, record: &[u8], at: usize) -> bool {
    match rest.first() {
        None => at == record.len(),
        Some((Element::End, _)) => is_end(record, at),
        Some((Element::Text(text), after)) => {
            text_end(text, record, at).is_some_and(|at| field_begins(after, record, at))
        }
        Some((Element::Field(_), _)) => field_begins(rest, record, at),
        Some((Element::Optional(inner), after)) => {
            let with = Rest {
                elements: inner,
                behind: Some(&after),
            };
            begins(with, record, at) || begins(after, record, at)
        }
    }
}

/// Whether the next field fits here; one that says itself where it ends has what follows
/// it there.
fn field_begins(rest: Rest<'_>, record: &[u8], at: usize) -> bool {
    match rest.first() {
        Some((Element::Field(field), after)) => match field.kind.end(record, at) {
            None => false,
            Some(_) if field.quoted => true,
            Some(End::Within(_)) => true,
            Some(End::At(len)) => follows(after, record, at + len),
        },
        Some((Element::Optional(inner), after)) => {
            let with = Rest {
                elements: inner,
                behind: Some(&after),
            };
            field_begins(with, record, at) || field_begins(after, record, at)
        }
        _ => true,
    }
}

/// Whether the text of what is left stands here.
fn follows(rest: Rest<'_>, record: &[u8], at: usize) -> bool {
    match rest.first() {
        None => record
            .get(at)
            .is_none_or(|b| is_blank(*b) || b",;|".contains(b)),
        Some((Element::End, _)) => is_end(record, at),
        Some((Element::Text(text), _)) => text_end(text, record, at).is_some(),
        Some((Element::Field(_), _)) => true,
        Some((Element::Optional(inner), after)) => {
            let with = Rest {
                elements: inner,
                behind: Some(&after),
            };
            follows(with, record, at) || follows(after, record, at)
        }
    }
}

/// Whether nothing but blanks follows.
fn is_end(record: &[u8], at: usize) -> bool {
    record
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|b| is_blank(*b)))
}

/// Where a text ends that stands here, whose blanks stand for one or more.
#[inline]
fn text_end(text: &[u8], record: &[u8], mut at: usize) -> Option<usize> {
    for byte in text {
        if *byte == b' ' {
            let blanks = record.get(at..)?.iter().take_while(|b| is_blank(**b));
            let blanks = blanks.count();
            if blanks == 0 {
                return None;
            }
            at += blanks;
        } else if record.get(at) == Some(byte) {
            at += 1;
        } else {
            return None;
        }
    }
    Some(at)
}

/// Where the quote stands that ends the text which begins here: one that is not escaped.
fn closing(record: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let end = at + memchr2(b'"', b'\\', record.get(at..)?)?;
        if record[end] == b'"' {
            return Some(end);
        }
        at = end + 2;
    }
}
