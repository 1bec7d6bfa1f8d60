//! The first and the last timestamp of a source.

use crate::{
    chunk::{Feed, FeedOptions, Record},
    error::{ErrorKind, Result},
    exec::Stop,
    source::Source,
    statistic::Head,
    time::{Format, Options, Stamp},
};

/// How much is read at a time.
const BLOCK: u64 = 256 << 10;

/// The first timestamp of a source; `None` if none is found in its first
/// [`Head::BYTES`].
///
/// # Errors
/// When it cannot be read.
pub fn first_stamp(source: &Source, times: &Options) -> Result<Option<Stamp>> {
    let first = first_bytes(source)?;
    let Some(format) = format(source, &first, times)? else {
        return Ok(None);
    };
    let mut reader = format.reader();
    let mut at = 0;
    let mut lines = first.split_inclusive(|&b| b == b'\n');
    Ok(lines.find_map(|line| {
        at += line.len() as u64;
        reader.stamp_at(line, at - line.len() as u64)
    }))
}

/// The timestamp of the last line that has one. A source that has a length is
/// read from its end, a stream as a whole. What is written in another way than
/// in the first lines is not seen.
///
/// # Errors
/// When it cannot be read.
pub fn last_stamp(source: &Source, times: &Options) -> Result<Option<Stamp>> {
    let Some(len) = source.len() else {
        return last_of_stream(source, times);
    };
    let Some(format) = format(source, &[], times)? else {
        return Ok(None);
    };
    let mut reader = format.reader();
    let mut end = len;
    // A line that the last block began in the middle of.
    let mut rest = Vec::new();
    while end > 0 {
        let start = end - BLOCK.min(end);
        let mut block = vec![0; (end - start) as usize];
        source.read_at(&mut block, start)?;
        block.append(&mut rest);
        let whole = match block.iter().position(|&b| b == b'\n') {
            _ if start == 0 => 0,
            Some(newline) => newline + 1,
            None => block.len(),
        };
        let mut behind = start + block.len() as u64 + 1;
        let mut lines = block[whole..].rsplit(|&b| b == b'\n');
        let last = lines.find_map(|line| {
            behind -= line.len() as u64 + 1;
            reader.stamp_at(line, behind)
        });
        if last.is_some() {
            return Ok(last);
        }
        // The timestamp of a line is near its start.
        block.truncate(whole.min(Head::BYTES));
        rest = block;
        end = start;
    }
    Ok(None)
}

fn last_of_stream(source: &Source, times: &Options) -> Result<Option<Stamp>> {
    let (mut first, mut last) = (Vec::new(), None);
    let mut reader = None;
    let mut look = |reader: &mut crate::time::Reader, bytes: &[u8]| {
        let mut lines = bytes.rsplit(|&b| b == b'\n');
        if let Some(stamp) = lines.find_map(|line| reader.stamp(line)) {
            last = Some(stamp);
        }
    };
    each_piece(source, |bytes| {
        if let Some(reader) = &mut reader {
            look(reader, bytes);
            return true;
        }
        first.extend_from_slice(bytes);
        if first.len() >= Head::BYTES {
            let Ok(Some(format)) = format(source, &first, times) else {
                return false;
            };
            look(reader.insert(format.reader()), &first);
        }
        true
    })?;
    if reader.is_none()
        && let Some(format) = format(source, &first, times)?
    {
        look(&mut format.reader(), &first);
    }
    Ok(last)
}

/// How a source writes timestamps; `first` are the first bytes of a stream.
fn format(source: &Source, first: &[u8], times: &Options) -> Result<Option<Format>> {
    let times = times.of_source(source.name(), source.modified());
    let head = Head::of_source(source, (&times, true), None)?;
    Ok(head
        .unwrap_or_else(|| Head::of_with(first, &times, None))
        .time)
}

/// What a head is made of.
fn first_bytes(source: &Source) -> Result<Vec<u8>> {
    if let Some(len) = source.len() {
        let mut first = vec![0; len.min(Head::BYTES as u64) as usize];
        source.read_at(&mut first, 0)?;
        return Ok(first);
    }
    let mut first = Vec::new();
    each_piece(source, |bytes| {
        first.extend_from_slice(&bytes[..bytes.len().min(Head::BYTES)]);
        first.len() < Head::BYTES
    })?;
    Ok(first)
}

/// Looks at pieces for as long as wanted, up to where the source is damaged: that is met
/// again, and told, by who reads it.
fn each_piece(source: &Source, mut look: impl FnMut(&[u8]) -> bool) -> Result<()> {
    let options = FeedOptions {
        size: BLOCK,
        record: Record::default(),
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(source, options, &Stop::new())?;
    let mut buffer = Vec::new();
    loop {
        let piece = match feed.next_piece() {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::Damaged(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        match piece.fetch(&mut buffer) {
            Ok(()) if look(piece.view(&buffer).bytes) => {}
            Err(error) if !matches!(error.kind(), ErrorKind::Damaged(_)) => return Err(error),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn the_ends_of_every_kind_of_source() {
        let line = |second: u64| {
            format!(
                "2026-11-23T14:{:02}:{:02}Z {}\n",
                second / 60,
                second % 60,
                "x".repeat(500)
            )
        };
        let middle: String = (0..3000).map(|i| line(i % 3000)).collect();
        let tail = " at some place\n".repeat(40_000);
        let at = |text: &str| {
            text.parse::<crate::time::When>().map(|when| match when {
                crate::time::When::At(stamp) => stamp,
                _ => panic!("no instant"),
            })
        };
        for (text, ends) in [
            (String::new(), None),
            ("no time\n".into(), None),
            (line(5), Some((5, 5))),
            (format!("x\n{middle}{}", line(7)), Some((0, 7))),
            (format!("{middle}{}{tail}", line(3599)), Some((0, 3599))),
        ] {
            let stamp = |second: u64| at(line(second)[..20].trim()).unwrap();
            let want = ends.map(|(first, last)| (stamp(first), stamp(last)));
            let slice = || Source::from_bytes("x", text.as_bytes());
            let stream = || Source::from_reader("x", Cursor::new(text.clone().into_bytes()));
            for (one, other) in [(slice(), slice()), (stream(), stream())] {
                let first = first_stamp(&one, &Options::default()).unwrap();
                let last = last_stamp(&other, &Options::default()).unwrap();
                assert_eq!(first.zip(last), want, "{} bytes", text.len());
            }
        }
    }
}
