//! A template taken apart again: words, masks and the bytes between words.

use super::{MASK, words::SPLIT};

/// The tokens of a template: [`MASK`], words, single bytes between them.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'t> {
    rest: &'t [u8],
}

impl<'t> Tokens<'t> {
    pub(super) fn new(template: &'t [u8]) -> Tokens<'t> {
        Tokens { rest: template }
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let first = *self.rest.first()?;
        let len = if self.rest.starts_with(MASK) {
            MASK.len()
        } else if SPLIT[usize::from(first)] {
            1
        } else {
            let end = self.rest.iter().position(|b| SPLIT[usize::from(*b)]);
            end.unwrap_or(self.rest.len())
        };
        let (token, rest) = self.rest.split_at(len);
        self.rest = rest;
        Some(token)
    }
}

/// Whether a token is a byte between words.
pub(super) fn is_between(token: &[u8]) -> bool {
    matches!(token, [byte] if SPLIT[usize::from(*byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_whole_template() {
        for template in [&b""[..], b"a b", b"<*> b=<*>, (c)", b"<<*>>", b"<*", b"<"] {
            let tokens: Vec<&[u8]> = Tokens::new(template).collect();
            assert_eq!(tokens.concat(), template);
        }
        let tokens: Vec<&[u8]> = Tokens::new(b"k=<*> x.").collect();
        assert_eq!(tokens, [&b"k"[..], b"=", b"<*>", b" ", b"x."]);
    }
}
