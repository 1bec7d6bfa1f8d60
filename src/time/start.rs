//! Which lines begin an event, each judged alone.

use memchr::memchr;

use super::{
    Place, Shape,
    detect::{stamped_name, starts_with_field},
    place::{Locator, anywhere, behind_columns, is_telling, start},
    shape::shape_at,
};
use crate::visible::Visible;

/// Whether an event begins with this line, given without its end: it starts
/// with a timestamp of any shape that can be found by looking, is a line of a
/// web server's log, starts with `{"`, or names its fields and one of them is a time. What
/// Docker wraps in JSON goes on with the line before where it is indented.
///
/// Before the timestamp may stand `[`, `(`, a quote, syslog's `<34>1 `, the name of a
/// level, a word that no sentence begins with (`[pod/foo]`, `1234:M`), or anything
/// without white space and with punctuation in front of the timestamp (`t[2026-…`). It is
/// judged by this line alone, so that every cut of a source judges it alike.
pub fn starts_event(line: &[u8]) -> bool {
    if Visible::is_needed(line) {
        let mut visible = Visible::default();
        visible.fill(line);
        return !Visible::is_needed(&visible.bytes) && starts_event(&visible.bytes);
    }
    match line.first() {
        None | Some(b' ' | b'\t' | b'\r' | b'}') => return false,
        Some(b'{') => {
            let inside = line[1..].iter().find(|b| !matches!(b, b' ' | b'\t'));
            return inside == Some(&b'"') && !wraps_indented(line);
        }
        Some(_) => {}
    }
    let text = &line[start(line)..];
    if shape_at(text).is_some() || Shape::TimeOfDay.front(text).is_some() {
        return true;
    }
    let head = &line[..line.len().min(256)];
    follows_level(head) || follows_word(head) || names_time(head) || {
        let locator = Locator::new(&Place::Bracket);
        let clf = locator.locate(head, |at| Shape::Clf.front(&head[at..]));
        clf.is_some()
    }
}

/// Whether the line is an indented one as Docker keeps it: `{"log":"\tat …`.
fn wraps_indented(line: &[u8]) -> bool {
    let text = line.strip_prefix(br#"{"log":""#);
    text.is_some_and(|text| {
        [b" ", &br"\t"[..], br"\u0009"]
            .iter()
            .any(|s| text.starts_with(s))
    })
}

/// Behind the name of a level, and maybe a thread in brackets, stands a timestamp.
fn follows_level(head: &[u8]) -> bool {
    let first = head.iter().take_while(|&&b| b != b' ').count();
    let capitals = |b: &u8| b.is_ascii_uppercase() || b"-[]:,|".contains(b);
    if first > 12 || !head[..first].iter().all(capitals) {
        return false;
    }
    let mut behind = behind_columns(head, 1).unwrap_or(head.len());
    // The name of a thread may have spaces.
    if head.get(behind) == Some(&b'[') && shape_at(&head[behind + 1..]).is_none() {
        let close = memchr(b']', &head[behind..]);
        behind += close.map_or(0, |close| close + 1);
        behind += head[behind..].iter().take_while(|b| **b == b' ').count();
    }
    shape_at(&head[behind..][start(&head[behind..])..]).is_some()
}

/// The first word is none of a sentence, and a timestamp follows within or behind it.
fn follows_word(head: &[u8]) -> bool {
    if let Some(rest) = head.strip_prefix(b"# Time: ") {
        return shape_at(rest).is_some();
    }
    let first = head
        .iter()
        .take_while(|&&b| b != b' ' && b != b'\t')
        .count();
    let word = &head[..first];
    let telling = |at: usize| shape_at(&head[at..]).is_some_and(|shape| is_telling(&shape));
    if anywhere(head)
        .take_while(|at| *at <= first.min(64))
        .any(|at| at > 0 && telling(at))
    {
        return true;
    }
    // `web-1  | 2026-…`, `https 2026-…`.
    let barred = head[first..].trim_ascii_start().starts_with(b"|");
    let odd = barred
        || matches!(word, b"http" | b"https" | b"ws" | b"wss" | b"grpcs")
        || matches!(word.first(), Some(b'[' | b'<' | b'-' | b'*'))
        || word.iter().any(u8::is_ascii_digit);
    let behind = behind_columns(head, if barred { 2 } else { 1 });
    odd && behind.is_some_and(telling)
}

/// The line names its fields, and one of them is a time.
fn names_time(head: &[u8]) -> bool {
    starts_with_field(head) && stamped_name(head).is_some()
}
