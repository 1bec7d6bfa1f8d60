//! The bytes that are looked at.

use crate::{
    chunk::{Feed, FeedOptions, Record},
    error::{Error, Result},
    exec::Stop,
    source::Source,
};

/// How much is read from the start.
pub(super) const FIRST: u64 = 256 << 10;

/// How much is read from the end.
const LAST: u64 = 256 << 10;

/// The two ends of a source.
#[derive(Debug)]
pub(super) struct Glance {
    /// The first bytes; whole lines, unless one is longer than all of it.
    pub(super) first: Vec<u8>,
    /// `first` is all there is.
    pub(super) whole: bool,
    /// The last bytes of what is longer and can be read from its end.
    last: Vec<u8>,
    /// Why nothing more could be read.
    pub(super) error: Option<Error>,
}

impl Glance {
    /// # Errors
    /// When nothing of the source can be read.
    pub(super) fn new(source: &Source) -> Result<Glance> {
        let Some(len) = source.len() else {
            return of_stream(source);
        };
        let mut first = read(source, 0..len.min(FIRST))?;
        let whole = first.len() as u64 == len;
        if !whole {
            to_whole_lines(&mut first);
        }
        let last = if whole {
            Ok(Vec::new())
        } else {
            read(source, len.saturating_sub(LAST)..len)
        };
        let (last, error) =
            last.map_or_else(|error| (Vec::new(), Some(error)), |last| (last, None));
        Ok(Glance {
            first,
            whole,
            last,
            error,
        })
    }

    /// The last bytes; nothing if they were not read.
    pub(super) fn tail(&self) -> &[u8] {
        if self.whole { &self.first } else { &self.last }
    }
}

/// Some bytes of a source that has a length.
pub(super) fn read(source: &Source, range: std::ops::Range<u64>) -> Result<Vec<u8>> {
    let mut bytes = vec![0; (range.end - range.start) as usize];
    source.read_at(&mut bytes, range.start)?;
    Ok(bytes)
}

fn of_stream(source: &Source) -> Result<Glance> {
    let options = FeedOptions {
        size: FIRST,
        record: Record::default(),
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(source, options, &Stop::new())?;
    let (mut first, mut buffer, mut whole) = (Vec::new(), Vec::new(), true);
    let error = loop {
        let piece = match feed.next_piece() {
            Ok(Some(piece)) => piece,
            Ok(None) => break None,
            Err(error) if first.is_empty() => return Err(error),
            Err(error) => {
                whole = false;
                break Some(error);
            }
        };
        if first.len() as u64 >= FIRST {
            whole = false;
            break None;
        }
        piece.fetch(&mut buffer)?;
        first.extend_from_slice(piece.view(&buffer).bytes);
    };
    if first.len() as u64 > FIRST {
        first.truncate(FIRST as usize);
        whole = false;
    }
    if !whole {
        to_whole_lines(&mut first);
    }
    Ok(Glance {
        first,
        whole,
        last: Vec::new(),
        error,
    })
}

/// Drops the line that the end of the bytes cuts off, if it is not all.
fn to_whole_lines(bytes: &mut Vec<u8>) {
    if let Some(newline) = memchr::memrchr(b'\n', bytes) {
        bytes.truncate(newline + 1);
    }
}
