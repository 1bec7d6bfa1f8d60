//! Several masks in a row as one, blanks as one space.

use super::{
    MASK,
    mask::{Atom, Kind},
};

/// How deep brackets may be nested between two masks that become one.
const MAX_DEPTH: usize = 8;

/// Appends the template that the atoms make.
pub(super) fn collapse(message: &[u8], atoms: &[Atom], template: &mut Vec<u8>) {
    let text = |atom: &Atom| &message[atom.start as usize..atom.end as usize];
    let mut at = 0;
    // What stays as it is, until it ends.
    let mut same = 0..0;
    while let Some(atom) = atoms.get(at) {
        let byte = message[atom.start as usize];
        at += 1;
        match atom.kind {
            Kind::Between if byte.is_ascii_whitespace() => {
                if byte == b' ' && !same.is_empty() && message[same.end - 1] != b' ' {
                    same.end += 1;
                    continue;
                }
                template.extend_from_slice(&message[std::mem::take(&mut same)]);
                space(template);
            }
            Kind::Word | Kind::Between => {
                if same.is_empty() {
                    same.start = atom.start as usize;
                }
                same.end = atom.end as usize;
            }
            Kind::Varies => {
                template.extend_from_slice(&message[std::mem::take(&mut same)]);
                at += row(message, &atoms[at..]);
                let closed = atoms.get(at).is_some_and(|next| text(next) == b">");
                // `<1 sec` is a number, `<1>` is one in brackets.
                if !closed && template.last() == Some(&b'<') {
                    template.pop();
                }
                template.extend_from_slice(MASK);
            }
        }
    }
    template.extend_from_slice(&message[same]);
    while template.last() == Some(&b' ') {
        template.pop();
    }
}

fn space(template: &mut Vec<u8>) {
    if !matches!(template.last(), None | Some(b' ')) {
        template.push(b' ');
    }
}

/// How many of the atoms behind a mask are part of it: other masks with only
/// punctuation before them, and brackets that hold nothing else.
fn row(message: &[u8], atoms: &[Atom]) -> usize {
    let mut open = [0u8; MAX_DEPTH];
    let (mut depth, mut row) = (0, 0);
    for (at, atom) in atoms.iter().enumerate() {
        let bytes = &message[atom.start as usize..atom.end as usize];
        match (atom.kind, bytes[0]) {
            (Kind::Varies, _) => {
                if depth == 0 {
                    row = at + 1;
                }
            }
            (Kind::Between, b'(' | b'[' | b'{') if depth < MAX_DEPTH => {
                open[depth] = bytes[0];
                depth += 1;
            }
            (Kind::Between, close @ (b')' | b']' | b'}')) => {
                let pair = depth.checked_sub(1).map(|last| (open[last], close));
                if !matches!(pair, Some((b'(', b')') | (b'[', b']') | (b'{', b'}'))) {
                    break;
                }
                depth -= 1;
                if depth == 0 {
                    row = at + 1;
                }
            }
            (Kind::Between, b',' | b';' | b':' | b'|') => {}
            (Kind::Between, byte) if byte.is_ascii_whitespace() => {}
            (Kind::Word, b'-' | b'/' | b'+' | b'*' | b'&' | b'@' | b'#') if bytes.len() == 1 => {}
            _ => break,
        }
    }
    row
}
