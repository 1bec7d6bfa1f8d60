//! Going through a record by its layout.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use super::{Element, Field, Fit, Next, Whole};
use crate::format::kind::{End, Kind, begins_host, is_blank, number};

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
    #[inline]
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
    /// What stands behind the wanted field must stand there.
    strict: bool,
    /// Where the field stands that is wanted.
    found: Option<Range<usize>>,
    tries: u32,
}

/// Where the wanted field stands, from this place of the record and of the layout on; only
/// with what stands behind it if that is asked for.
pub(super) fn find(
    mut elements: &[Element],
    record: &[u8],
    mut at: usize,
    (wanted, strict): (usize, bool),
) -> Option<Range<usize>> {
    // As far as there is one way only.
    while let [element, rest @ ..] = elements {
        match element {
            Element::Text(text) => at = text_end(text, record, at)?,
            Element::Field(field) => {
                let end = match lone_end(field, record, at) {
                    Some(end) => end?,
                    None => break,
                };
                if field.name == Some(wanted) {
                    let after = Rest {
                        elements: rest,
                        behind: None,
                    };
                    let fits = !strict || follows(after, record, end);
                    return fits.then_some(at..end);
                }
                at = end;
            }
            Element::Optional(inner) if is_absent(inner, record, at) => {}
            Element::Optional(_) | Element::End => break,
        }
        elements = rest;
    }
    let mut walk = Walk {
        record,
        wanted: Some(wanted),
        to_end: false,
        strict,
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

/// Whether it takes one byte to see that a part which may be missing is missing here.
#[inline]
fn is_absent(inner: &[Element], record: &[u8], at: usize) -> bool {
    match inner.first() {
        Some(Element::Text(text)) => text[0] != b' ' && record.get(at) != Some(&text[0]),
        _ => false,
    }
}

/// Where a field ends that can only end in one place, whatever follows; `None` where others
/// must be looked at.
#[inline]
#[expect(
    clippy::option_option,
    reason = "that it is another's to say is no end"
)]
fn lone_end(field: &Field, record: &[u8], at: usize) -> Option<Option<usize>> {
    match field.kind {
        Kind::Text if field.quoted => Some(closing(record, at)),
        _ if field.quoted => None,
        Kind::Number => Some(number(record.get(at..)?).map(|len| at + len)),
        Kind::Word | Kind::Host | Kind::Path if field.next.is_blank() => {
            let front = *record.get(at)?;
            let begins = match field.kind {
                Kind::Host => begins_host(front),
                Kind::Path => front == b'/',
                _ => true,
            };
            if !begins {
                return Some(None);
            }
            let run = record.get(at..)?.iter().position(|b| is_blank(*b));
            let end = run.map_or(record.len(), |run| at + run);
            Some((end > at).then_some(end))
        }
        Kind::Time => Some(Kind::Time.end(record, at).and_then(|end| match end {
            End::At(len) => Some(at + len),
            End::Within(_) => None,
        })),
        _ => None,
    }
}

/// Whether a record fits a layout, and where the wanted field stands; `None` if it does not.
pub(super) fn find_whole(elements: &[Element], record: &[u8], wanted: usize) -> Option<Whole> {
    let mut walk = Walk {
        record,
        wanted: Some(wanted),
        to_end: true,
        strict: true,
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
        strict: true,
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
                        if !self.to_end {
                            let fits = !self.strict || follows(after, self.record, end);
                            self.found = fits.then_some(at..end);
                            return fits.then_some(end);
                        }
                        self.found = Some(at..end);
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
        let behind = &field.next;
        // What has no blank in it ends at the first.
        if behind.is_blank() && field.kind != Kind::Text {
            return Some(limit);
        }
        let mut from = at;
        if behind.as_slice() == [b' '] || field.kind != Kind::Text {
            // It may be empty only where something other than a blank stands behind it.
            from += 1;
        }
        while let Some(found) = next(*behind, record.get(from..limit)?) {
            if begins(after, record, from + found) {
                return Some(from + found);
            }
            from += found + 1;
        }
        let whole = limit == record.len() && behind.end;
        let parted = field.kind != Kind::Text && begins(after, record, limit);
        let lone = field.kind != Kind::Text && after.first().is_none();
        (whole || parted || lone).then_some(limit)
    }
}

/// Notes of each field what may stand directly behind it.
pub(super) fn set_next(elements: &mut [Element], behind: Next) {
    for at in 0..elements.len() {
        let (before, rest) = elements.split_at_mut(at + 1);
        match &mut before[at] {
            Element::Field(field) => field.next = starts(rest, behind),
            Element::Optional(inner) => set_next(inner, starts(rest, behind)),
            _ => {}
        }
    }
}

/// What elements may begin with, where this is behind them.
fn starts(elements: &[Element], behind: Next) -> Next {
    let mut next = Next::default();
    for element in elements {
        match element {
            Element::End => {
                next.end = true;
                return next;
            }
            Element::Text(text) => {
                next.add(text[0]);
                return next;
            }
            // It may begin with anything.
            Element::Field(_) => {
                next.any = true;
                return next;
            }
            Element::Optional(inner) => next.join(starts(inner, Next::default())),
        }
    }
    next.join(behind);
    next.end |= behind.end;
    next
}

impl Next {
    /// Nothing.
    pub(super) const END: Next = Next {
        bytes: [0; 3],
        len: 0,
        any: false,
        end: true,
    };

    fn add(&mut self, byte: u8) {
        if self.as_slice().contains(&byte) {
            return;
        }
        let len = usize::from(self.len);
        match self.bytes.get_mut(len) {
            Some(place) => {
                *place = byte;
                self.len += 1;
            }
            None => self.any = true,
        }
    }

    fn join(&mut self, other: Next) {
        self.any |= other.any;
        for byte in other.as_slice() {
            self.add(*byte);
        }
    }

    /// Whether it is a blank and nothing else.
    #[inline]
    fn is_blank(self) -> bool {
        self.len == 1 && self.bytes[0] == b' ' && !self.any && !self.end
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// Where one of the bytes stands next.
#[inline]
fn next(next: Next, text: &[u8]) -> Option<usize> {
    if next.any {
        return (!text.is_empty()).then_some(0);
    }
    match next.as_slice() {
        [b' '] => text.iter().position(|byte| is_blank(*byte)),
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
    // Most records have one blank where one is written.
    let behind = record.get(at..)?.strip_prefix(text);
    if let Some(behind) = behind
        && !(text.ends_with(b" ") && behind.first().is_some_and(|b| is_blank(*b)))
    {
        return Some(at + text.len());
    }
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
