//! From stored bytes to the text that is looked at.
//!
//! What the first three bytes decide, and the decoder, are ripgrep's: UTF-16
//! with a byte order mark becomes UTF-8, a named encoding is overruled by a
//! byte order mark, and what cannot be decoded becomes U+FFFD.

use std::io::{self, Cursor, Read};

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::{Encoding, SourceOptions};

/// How many bytes decide.
pub(super) const HEAD: usize = 3;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";
const UTF16LE_BOM: &[u8] = b"\xFF\xFE";
const UTF16BE_BOM: &[u8] = b"\xFE\xFF";

/// What is to be done with the bytes of a source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plan {
    /// They are what is looked at.
    Keep,
    /// So are those after a byte order mark of this length.
    Skip(usize),
    /// They must be decoded.
    Decode,
}

impl Plan {
    /// What to do with bytes that begin with `head`; `None` if that takes
    /// more of them, which is so only while all of `head` may be part of a
    /// byte order mark. `ended`: there are no more.
    pub(super) fn new(head: &[u8], ended: bool, options: &SourceOptions) -> Option<Plan> {
        if matches!(options.encoding, Encoding::Raw) {
            return Some(Plan::Keep);
        }
        let marks = [UTF8_BOM, UTF16LE_BOM, UTF16BE_BOM];
        if head.len() < HEAD && !ended && marks.iter().any(|bom| bom.starts_with(head)) {
            return None;
        }
        let utf16 = head.starts_with(UTF16LE_BOM) || head.starts_with(UTF16BE_BOM);
        Some(match options.encoding {
            Encoding::Named(_) => Plan::Decode,
            // Two bytes that are a mark and nothing else: ripgrep's decoder
            // drops them and takes them for no mark at the same time.
            _ if utf16 && head.len() < HEAD => {
                if options.strip_bom {
                    Plan::Skip(head.len())
                } else {
                    Plan::Keep
                }
            }
            _ if utf16 => Plan::Decode,
            _ if options.strip_bom && head.starts_with(UTF8_BOM) => Plan::Skip(UTF8_BOM.len()),
            _ => Plan::Keep,
        })
    }
}

/// Decodes `head`, which [`Plan`] was made from, and what `rest` gives.
pub(super) fn decoder(
    head: Vec<u8>,
    rest: Box<dyn Read + Send>,
    options: &SourceOptions,
) -> io::Result<Box<dyn Read + Send>> {
    let named = match options.encoding {
        Encoding::Named(encoding) => Some(encoding),
        _ => None,
    };
    // Large enough that one read takes all of the head: what waits in the
    // decoder is then always in its own buffer.
    let buffer = vec![0; head.len().max(64 << 10)];
    let hesitate = head.len() < HEAD;
    let reader = Resumed {
        head: Cursor::new(head),
        hesitate,
        rest,
    };
    let decoder = DecodeReaderBytesBuilder::new()
        .encoding(named)
        .utf8_passthru(true)
        .strip_bom(true)
        .bom_override(true)
        .bom_sniffing(true)
        .build_with_buffer(reader, buffer)?;
    Ok(Box::new(decoder))
}

/// Bytes that were read already, then the rest.
struct Resumed {
    head: Cursor<Vec<u8>>,
    /// The decoder first tries to see three bytes and would wait for them.
    /// When fewer have come and are known to be no mark, it is told once that
    /// there are no more.
    hesitate: bool,
    rest: Box<dyn Read + Send>,
}

impl Read for Resumed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.head.read(buffer)?;
        if got > 0 || std::mem::take(&mut self.hesitate) {
            return Ok(got);
        }
        self.rest.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encoding, whether to strip, the head, whether it ended; the plan.
    type Row<'a> = (Encoding, bool, &'a [u8], bool, Option<Plan>);

    #[test]
    fn the_first_bytes_decide_and_no_more_of_them_than_needed() {
        use Encoding::{Auto, Named, Raw};
        let latin = Named(encoding_rs::WINDOWS_1252);
        let rows: &[Row<'_>] = &[
            (Auto, true, b"", false, None),
            (Auto, true, b"", true, Some(Plan::Keep)),
            (Auto, true, b"a", false, Some(Plan::Keep)),
            (Auto, true, b"\xEF", false, None),
            (Auto, true, b"\xEF\n", false, Some(Plan::Keep)),
            (Auto, true, b"\xEF\xBB", false, None),
            (Auto, true, b"\xEF\xBB", true, Some(Plan::Keep)),
            (Auto, true, b"\xEF\xBB\xBF", false, Some(Plan::Skip(3))),
            (Auto, false, b"\xEF\xBB\xBF", false, Some(Plan::Keep)),
            (Auto, true, b"\xFF", false, None),
            (Auto, true, b"\xFF\xFE", false, None),
            (Auto, true, b"\xFF\xFE", true, Some(Plan::Skip(2))),
            (Auto, false, b"\xFF\xFE", true, Some(Plan::Keep)),
            (Auto, false, b"\xFF\xFEa", false, Some(Plan::Decode)),
            (Auto, true, b"\xFE\xFF\0", false, Some(Plan::Decode)),
            (Raw, true, b"\xFE\xFF\0", false, Some(Plan::Keep)),
            (Raw, true, b"", false, Some(Plan::Keep)),
            (Raw, true, b"\xEF\xBB\xBF", false, Some(Plan::Keep)),
            (latin, true, b"", false, None),
            (latin, true, b"", true, Some(Plan::Decode)),
            (latin, true, b"\n", false, Some(Plan::Decode)),
            (latin, true, b"\xEF\xBB", false, None),
            (latin, true, b"\xEF\xBB\xBF", false, Some(Plan::Decode)),
        ];
        for &(encoding, strip_bom, head, ended, want) in rows {
            let options = SourceOptions {
                encoding,
                strip_bom,
                ..SourceOptions::default()
            };
            let got = Plan::new(head, ended, &options);
            assert_eq!(got, want, "{encoding:?} {strip_bom} {head:x?} {ended}");
        }
    }
}
