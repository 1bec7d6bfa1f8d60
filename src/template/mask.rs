//! One line, masked.

use memchr::memchr;

use super::{
    MASK, MAX_MESSAGE,
    collapse::collapse,
    words::{self, Beside, Look, SPLIT},
};
use crate::header::{Header, HeaderMemo};

/// A word, or one byte between words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Atom {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: Kind,
}

/// What an [`Atom`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A byte between words.
    Between,
    /// A word that stays.
    Word,
    /// A word that varies.
    Varies,
}

/// Makes templates of lines; keeps its memory from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    atoms: Vec<Atom>,
    template: Vec<u8>,
}

/// Appends the template of a line without its terminator.
///
/// Whoever has many lines is faster with a [`Masker`].
pub fn mask_into(line: &[u8], template: &mut Vec<u8>) {
    template.extend(Masker::default().template(line));
}

impl Masker {
    /// One without memory yet.
    pub fn new() -> Masker {
        Masker::default()
    }

    /// The template of a line without its terminator: its message without the
    /// [`Header`], with [`MASK`] where lines differ.
    ///
    /// Masked are words that hold a digit, paths and addresses, dotted names
    /// where values stand, dates and units beside numbers; several in a row
    /// become one mask. The same line gives the same template everywhere; a
    /// line of nothing but white space gives an empty one.
    pub fn template(&mut self, line: &[u8]) -> &[u8] {
        self.template_mut(line)
    }

    /// The template of a line, to be changed.
    pub(crate) fn template_mut(&mut self, line: &[u8]) -> &mut Vec<u8> {
        // An event of several lines is what its first line says.
        let line = memchr(b'\n', line).map_or(line, |end| &line[..end]);
        let header = Header::of(line);
        self.mask(header.message(line))
    }

    /// The template of a line at this absolute offset, whose header may have been
    /// read before.
    pub(crate) fn template_by(
        &mut self,
        headers: &HeaderMemo,
        offset: u64,
        line: &[u8],
    ) -> &mut Vec<u8> {
        let line = memchr(b'\n', line).map_or(line, |end| &line[..end]);
        let header = headers.of(offset, line);
        self.mask(header.message(line))
    }

    fn mask(&mut self, message: &[u8]) -> &mut Vec<u8> {
        let message = message.trim_ascii();
        let cut = message.len() > MAX_MESSAGE;
        let message = &message[..message.len().min(MAX_MESSAGE)];
        self.atoms.clear();
        self.template.clear();
        split(message, &mut self.atoms);
        neighbours(message, &mut self.atoms);
        collapse(message, &self.atoms, &mut self.template);
        if cut {
            self.template.extend(b" ");
            self.template.extend(MASK);
        }
        &mut self.template
    }
}

/// Cuts the message into atoms, each word judged by its look.
fn split(message: &[u8], atoms: &mut Vec<Atom>) {
    let mut at = 0;
    while at < message.len() {
        let start = at;
        let kind = if SPLIT[usize::from(message[at])] {
            at += 1;
            Kind::Between
        } else {
            let (len, kind) = word(message, at);
            at += len;
            kind
        };
        atoms.push(Atom {
            start: start as u32,
            end: at as u32,
            kind,
        });
    }
}

/// How long the word is that starts here, and whether it varies.
fn word(message: &[u8], at: usize) -> (usize, Kind) {
    let rest = &message[at..];
    let (len, class) = words::word(rest);
    let colon = rest.get(len) == Some(&b':');
    let long = words::path(rest, len).or_else(|| {
        let number = colon && rest[0].is_ascii_hexdigit();
        number.then(|| words::colons(rest))?
    });
    if let Some(len) = long {
        return (len, Kind::Varies);
    }
    let varies = match words::look(&rest[..len], class) {
        Look::Varies => true,
        Look::Plain => false,
        // `rhost=example.com`, `example.com:443`.
        Look::Dotted => {
            let port = rest.get(len + 1).is_some_and(u8::is_ascii_digit);
            at > 0 && message[at - 1] == b'=' || colon && port
        }
    };
    (len, if varies { Kind::Varies } else { Kind::Word })
}

/// Finds the words that vary because of what stands beside them.
fn neighbours(message: &[u8], atoms: &mut [Atom]) {
    // Backwards, so that a weekday before a month before a number is seen.
    let mut next = false;
    for i in (0..atoms.len()).rev() {
        let varies = match atoms[i].kind {
            Kind::Between => continue,
            Kind::Varies => true,
            // Only beside what varies; most words are not.
            Kind::Word if next || before(atoms, i).0 => {
                let text = &message[atoms[i].start as usize..atoms[i].end as usize];
                match words::beside(text) {
                    Some(Beside::Day) => next,
                    Some(Beside::Month) => true,
                    Some(Beside::Unit) => {
                        before(atoms, i) == (true, 1)
                            && message[atoms[i - 1].start as usize] == b' '
                    }
                    None => false,
                }
            }
            Kind::Word => false,
        };
        if varies {
            atoms[i].kind = Kind::Varies;
        }
        next = varies;
    }
}

/// Whether the word before this one varies, and how many atoms lie between.
fn before(atoms: &[Atom], i: usize) -> (bool, usize) {
    let before = atoms[..i].iter().rev();
    let between = before.take_while(|atom| atom.kind == Kind::Between).count();
    let varies = between < i && atoms[i - between - 1].kind == Kind::Varies;
    (varies, between)
}
