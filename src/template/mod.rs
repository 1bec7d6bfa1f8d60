//! What kind of line a line is: its message with what varies masked.
//!
//! [`mask_into`] turns one line into its template, without looking at any
//! other; so templates can be counted like any other key, in any order.

use crate::header::Header;

/// Appends the template of a line without its terminator: its message with
/// every token that holds a digit replaced by `<*>`.
///
/// The same line gives the same template everywhere; an empty line, and one of
/// white space, gives an empty one.
pub fn mask_into(line: &[u8], template: &mut Vec<u8>) {
    let message = &line[Header::of(line).message..];
    let mut rest = message.trim_ascii();
    while !rest.is_empty() {
        let end = rest.iter().position(|b| SPLIT.contains(b));
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        if token.iter().any(u8::is_ascii_digit) {
            template.extend(b"<*>");
        } else {
            template.extend(token);
        }
        let end = after.iter().position(|b| !SPLIT.contains(b));
        let (between, after) = after.split_at(end.unwrap_or(after.len()));
        template.extend(between);
        rest = after;
    }
}

const SPLIT: &[u8] = b" \t=,;()[]{}\"'";
