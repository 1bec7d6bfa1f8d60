//! Records in, rows out.

use memchr::memchr;

use super::{RecordView, Row, cut::Cutter, record::Slot, search::Search};
use crate::line::{Lines, line_start};

/// Reads the keys of records; each thread has its own.
#[derive(Debug)]
pub struct KeyReader {
    search: Option<Search>,
    cutter: Cutter,
    slots: Vec<Slot>,
    crlf: bool,
}

impl KeyReader {
    pub(super) fn new(
        keys: usize,
        search: Option<Search>,
        cutter: Cutter,
        crlf: bool,
    ) -> KeyReader {
        KeyReader {
            search,
            cutter,
            slots: vec![Slot::Missing; keys],
            crlf,
        }
    }

    /// True if every record has one row, since there is no regex.
    pub fn is_of_every_record(&self) -> bool {
        self.search.is_none()
    }

    /// Shows the rows of one record: one without a regex; with one that of
    /// the first match, or of all that are not empty. Returns whether there
    /// was any.
    pub fn record(
        &mut self,
        record: RecordView<'_>,
        all: bool,
        mut row: impl FnMut(&Row<'_>),
    ) -> bool {
        if self.cutter.is_header(record.offset, record.content) {
            return false;
        }
        let mut show = |cutter: &Cutter, slots: &[Slot], at: usize| {
            row(&Row {
                bytes: record.content,
                scratch: &cutter.scratch,
                slots,
                offset: record.offset + at as u64,
            });
        };
        let Some(search) = &mut self.search else {
            self.cutter.cut(record, 0, &mut self.slots);
            show(&self.cutter, &self.slots, 0);
            return true;
        };
        let (mut at, mut any) = (0, false);
        while let Some((start, end)) = search.next(record.content, at, &mut self.slots) {
            at = end + usize::from(start == end);
            if all && start == end {
                continue;
            }
            if !any {
                self.cutter.cut(record, 0, &mut self.slots);
                any = true;
            }
            show(&self.cutter, &self.slots, start);
            if !all {
                break;
            }
        }
        any
    }

    /// The values of one record whether the regex matches or not: captures are
    /// those of the first match, and missing without one.
    pub fn values<'a>(&'a mut self, record: RecordView<'a>) -> Row<'a> {
        self.slots.fill(Slot::Missing);
        if !self.cutter.is_header(record.offset, record.content) {
            if let Some(search) = &mut self.search {
                search.next(record.content, 0, &mut self.slots);
            }
            self.cutter.cut(record, 0, &mut self.slots);
        }
        Row {
            bytes: record.content,
            scratch: &self.cutter.scratch,
            slots: &self.slots,
            offset: record.offset,
        }
    }

    /// Shows the rows of whole lines, each of them a record. Returns how many
    /// records had any.
    ///
    /// Each line has the rows that [`record`](KeyReader::record) gives it, but lines
    /// without a match are passed over together.
    pub fn lines(
        &mut self,
        whole: RecordView<'_>,
        all: bool,
        mut row: impl FnMut(&Row<'_>),
    ) -> u64 {
        if self.search.is_none() {
            return self.every_line(whole, row);
        }
        let RecordView {
            content: lines,
            offset,
            headers,
        } = whole;
        let (mut at, mut line_end, mut matched) = (0, 0, 0);
        self.cutter.see_comments(lines);
        if self.cutter.is_header(offset, lines) {
            at = memchr(b'\n', lines).map_or(lines.len() + 1, |i| i + 1);
        }
        let Some(search) = &mut self.search else {
            return 0;
        };
        if !all
            && self.cutter.is_idle()
            && let Some(rest) = lines.get(at..)
        {
            let scratch = &self.cutter.scratch;
            let offset = offset + at as u64;
            let (some, upto) = search.firsts(rest, &mut self.slots, |slots, start| {
                row(&Row {
                    bytes: rest,
                    scratch,
                    slots,
                    offset: offset + start as u64,
                });
            });
            (matched, at) = (some, at + upto);
        }
        while let Some((start, end)) = search.next(lines, at, &mut self.slots) {
            if all && start == end {
                at = end + 1;
                continue;
            }
            if matched == 0 || start >= line_end {
                if self.cutter.has_comments() && lines[line_start(lines, start, b'\n')] == b'#' {
                    let behind = memchr(b'\n', &lines[end..]);
                    at = behind.map_or(lines.len() + 1, |i| end + i + 1);
                    continue;
                }
                matched += 1;
                // One behind the end if the line has no terminator.
                line_end = memchr(b'\n', &lines[end..]).map_or(lines.len() + 1, |i| end + i + 1);
                if !self.cutter.is_idle() {
                    let base = line_start(lines, start, b'\n');
                    let content = content(&lines[base..line_end - 1], self.crlf);
                    let offset = offset + base as u64;
                    let record = RecordView {
                        content,
                        offset,
                        headers,
                    };
                    self.cutter.cut(record, base, &mut self.slots);
                }
            }
            row(&Row {
                bytes: lines,
                scratch: &self.cutter.scratch,
                slots: &self.slots,
                offset: offset + start as u64,
            });
            at = if all { end } else { line_end };
        }
        matched
    }

    fn every_line(&mut self, whole: RecordView<'_>, mut row: impl FnMut(&Row<'_>)) -> u64 {
        let RecordView {
            content: lines,
            offset,
            headers,
        } = whole;
        let mut records = 0;
        for range in Lines::new(lines, b'\n') {
            let offset = offset + range.start as u64;
            let line = &lines[range.clone()];
            if self.cutter.is_header(offset, line) {
                continue;
            }
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let record = RecordView {
                content: content(line, self.crlf),
                offset,
                headers,
            };
            self.cutter.cut(record, 0, &mut self.slots);
            row(&Row {
                bytes: record.content,
                scratch: &self.cutter.scratch,
                slots: &self.slots,
                offset,
            });
            records += 1;
        }
        records
    }
}

/// A line without its terminator, the `\r` of a `\r\n` as well.
fn content(line: &[u8], crlf: bool) -> &[u8] {
    match line.strip_suffix(b"\r") {
        Some(content) if crlf => content,
        _ => line,
    }
}
