//! How a record of a known format looks: text that stands as it is, and fields between.
//!
//! A layout is written `{client} {ident} {user} [{time}] "{request}" {status:number}`. A blank
//! stands for one or more blanks or tabs. A field ends where its [`Kind`] says it does, else
//! where the text behind it first stands so that the next field fits there; at the end of a
//! layout it is the rest of the record. In quotes a backslash escapes a quote and itself.
//! `[?` and `?]` enclose what may be missing as a whole; `{_}` is passed over.

mod parse;
mod walk;

use std::ops::Range;

pub(super) use parse::is_name;

use super::Kind;

/// How a record looks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Layout {
    elements: Vec<Element>,
    /// The names of the fields, in the order in which they stand.
    names: Vec<String>,
}

/// A part of a layout.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Element {
    /// Text as it is; a blank stands for one or more.
    Text(Vec<u8>),
    Field(Field),
    /// What may be missing as a whole.
    Optional(Vec<Element>),
    /// Nothing follows but blanks.
    End,
}

/// A field of a layout.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Field {
    /// Which of the names it has, if any.
    name: Option<usize>,
    kind: Kind,
    /// Quotes stand around it.
    quoted: bool,
    /// What may stand directly behind it.
    next: Next,
}

/// What may stand directly behind a field.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Next {
    /// The bytes with which it may begin.
    bytes: [u8; 3],
    len: u8,
    /// It may begin with any byte.
    any: bool,
    /// It may be nothing.
    end: bool,
}

/// How a record fits a layout.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Fit {
    /// As far as the layout goes, and more fields follow.
    Front,
    /// From its first byte to its last.
    Whole,
}

/// A record that fits a whole layout.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    /// Where the wanted field stands, if the record has it.
    pub(super) at: Option<Range<usize>>,
}

/// What cuts one field out of records.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    layout: Layout,
    wanted: usize,
    strict: bool,
    /// Text with a quote that no field before it can hold, and what follows it: the field
    /// is looked for from there.
    jump: Option<(Vec<u8>, usize)>,
}

impl Layout {
    /// The names of its fields, in the order in which they stand.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The kind of a field, and the number of its name.
    pub(super) fn field(&self, name: &str) -> Option<(usize, Kind)> {
        let wanted = self.names.iter().position(|known| known == name)?;
        let kind = kind_of(&self.elements, wanted);
        Some((wanted, kind.unwrap_or_default()))
    }

    /// Sets what a field holds where the layout does not say so.
    pub(super) fn set_kind(&mut self, name: &str, kind: Kind) {
        if let Some(wanted) = self.names.iter().position(|known| known == name) {
            set_kind(&mut self.elements, wanted, kind);
        }
    }

    /// How much it tells of a record that it fits, in bytes of text.
    pub(super) fn weight(&self) -> usize {
        weight(&self.elements)
    }

    /// What cuts out the field of this number; only with what stands behind it, where records
    /// may have other layouts.
    pub(super) fn cut(&self, wanted: usize, strict: bool) -> Cut {
        Cut {
            strict,
            jump: self.jump(wanted),
            layout: self.clone(),
            wanted,
        }
    }

    /// The first text that ends with a quote, where it stands before the field and no field
    /// before it is in quotes: who writes such a log escapes the quotes of others in them.
    fn jump(&self, wanted: usize) -> Option<(Vec<u8>, usize)> {
        let at = self.elements.iter().position(|element| match element {
            Element::Text(text) => text.contains(&b'"'),
            Element::Field(field) => field.quoted,
            Element::Optional(_) | Element::End => false,
        })?;
        let Element::Text(text) = &self.elements[at] else {
            return None;
        };
        let quoteless = |element: &Element| !has_quotes(element);
        let behind = kind_of(&self.elements[at + 1..], wanted).is_some();
        let is_jump = text.len() > 1 && text.ends_with(b"\"") && !text.contains(&b' ')
            || text.ends_with(b" \"") && text.len() > 2 && !text[..text.len() - 2].contains(&b' ');
        let unique = memchr::memchr_iter(b'"', text).count() == 1;
        (is_jump && unique && behind && self.elements[..at].iter().all(quoteless))
            .then(|| (text.clone(), at + 1))
    }
}

impl Cut {
    /// Whether a record fits the whole layout, and where the field stands in it.
    pub(super) fn find_whole(&self, record: &[u8]) -> Option<Whole> {
        walk::find_whole(&self.layout.elements, record, self.wanted)
    }

    /// Where the field stands; `None` if the record has none, or does not fit as far.
    pub(super) fn find(&self, record: &[u8]) -> Option<Range<usize>> {
        let elements = &self.layout.elements;
        match &self.jump {
            None => walk::find(elements, record, 0, (self.wanted, self.strict)),
            Some((text, from)) => {
                let quotes = memchr::memchr_iter(b'"', record);
                let mut ends = quotes.map(|quote| quote + 1);
                let at = ends.find(|end| ends_with_blanks(&record[..*end], text))?;
                walk::find(&elements[*from..], record, at, (self.wanted, self.strict))
            }
        }
    }
}

/// Whether a record so far ends with a text whose blank stands for one or more.
fn ends_with_blanks(record: &[u8], text: &[u8]) -> bool {
    if record.ends_with(text) {
        return true;
    }
    let mut at = record.len();
    for byte in text.iter().rev() {
        if *byte == b' ' {
            let blanks = record[..at]
                .iter()
                .rev()
                .take_while(|b| super::kind::is_blank(**b));
            let blanks = blanks.count();
            if blanks == 0 {
                return false;
            }
            at -= blanks;
        } else if record[..at].last() == Some(byte) {
            at -= 1;
        } else {
            return false;
        }
    }
    true
}

fn has_quotes(element: &Element) -> bool {
    match element {
        Element::Text(text) => text.contains(&b'"'),
        Element::Field(field) => field.quoted,
        Element::Optional(inner) => inner.iter().any(has_quotes),
        Element::End => false,
    }
}

fn kind_of(elements: &[Element], wanted: usize) -> Option<Kind> {
    elements.iter().find_map(|element| match element {
        Element::Field(field) if field.name == Some(wanted) => Some(field.kind),
        Element::Optional(inner) => kind_of(inner, wanted),
        _ => None,
    })
}

fn set_kind(elements: &mut [Element], wanted: usize, kind: Kind) {
    for element in elements {
        match element {
            Element::Field(field) if field.name == Some(wanted) && field.kind == Kind::Text => {
                field.kind = kind;
            }
            Element::Optional(inner) => set_kind(inner, wanted, kind),
            _ => {}
        }
    }
}

fn weight(elements: &[Element]) -> usize {
    let of = |element: &Element| match element {
        Element::Text(text) => text.len(),
        Element::Field(field) => field.kind.weight(),
        // A record need not have it.
        Element::Optional(inner) => weight(inner) / 4,
        Element::End => 0,
    };
    elements.iter().map(of).sum()
}

#[cfg(test)]
mod tests;
