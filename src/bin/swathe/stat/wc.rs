//! `stats --wc`: the columns of GNU `wc`, byte for byte.

use std::{
    ffi::OsStr,
    io::{self, Write},
    os::unix::ffi::OsStrExt,
};

use rustix::fs::{FileType, Stat};
use swathe::{
    Result,
    request::FilePartial,
    run::{Control, Input, over_all},
    source::Source,
    statistic::{Wc, WcCounts},
};

use super::{DONE, Session, TROUBLE, args::Common, files::tell_skipped};

/// Which columns are printed; their order is always this one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Columns {
    pub(crate) newlines: bool,
    pub(crate) words: bool,
    pub(crate) chars: bool,
    pub(crate) bytes: bool,
    pub(crate) width: bool,
}

impl Columns {
    /// What is printed if no column is asked for.
    const DEFAULT: Columns = Columns {
        newlines: true,
        words: true,
        chars: false,
        bytes: true,
        width: false,
    };

    /// These, or `wc`'s own if there is none among them.
    pub(crate) fn or_default(self) -> Columns {
        if self == Columns::default() {
            Columns::DEFAULT
        } else {
            self
        }
    }

    fn values(self, counts: &WcCounts) -> Vec<u64> {
        let all = [
            (self.newlines, counts.newlines),
            (self.words, counts.words),
            (self.chars, counts.chars),
            (self.bytes, counts.bytes),
            (self.width, counts.width),
        ];
        let asked = all.into_iter().filter(|(asked, _)| *asked);
        asked.map(|(_, count)| count).collect()
    }
}

/// Which rows are printed, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    pub(crate) columns: Columns,
    pub(crate) total: Total,
    /// Numbers are not set below each other.
    pub(crate) unaligned: bool,
    /// Inputs were named: standard input was, if it is one of them.
    pub(crate) named: bool,
}

/// When there is a row for all inputs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Total {
    /// If there are several.
    #[default]
    Auto,
    Always,
    /// And no other row.
    Only,
    Never,
}

/// The words for [`Total`].
pub(crate) const TOTALS: [(&str, Total); 4] = [
    ("auto", Total::Auto),
    ("always", Total::Always),
    ("only", Total::Only),
    ("never", Total::Never),
];

/// Prints a row for every input and, if there are several or it is wanted, their
/// total.
///
/// That of a file that could not be read to its end is of what could be read, as
/// with `wc`; one that cannot be opened has none.
pub(crate) fn run(
    Rows {
        columns,
        total,
        unaligned,
        named,
    }: Rows,
    inputs: &[Input],
    common: &Common,
    session: &mut Session<'_>,
) -> Result<u8> {
    let statistic = Wc {
        newlines: columns.newlines,
        words: columns.words,
        chars: columns.chars,
        width: columns.width,
    };
    let only_bytes = columns.values(&WcCounts::default()).len() == 1 && columns.bytes;
    let known = |source: &Source| {
        let bytes = source.len().filter(|_| only_bytes)?;
        Some(WcCounts {
            bytes,
            ..WcCounts::default()
        })
    };
    let width = if unaligned || total == Total::Only {
        1
    } else {
        number_width(columns, inputs)
    };
    let looks = common.looks();
    let inputs = &common.asked.ordered(inputs.to_vec(), looks)?;
    let scope = common.asked.scope(common.line_ending, inputs, looks)?;
    session.interrupt.answers();
    let (out, stop) = (&mut *session.out, session.stop);
    let mut control = Control {
        stop,
        progress: session.progress,
        complain: &mut *session.complain,
    };
    let row = |input: &Input, file: &FilePartial<WcCounts>| {
        if total != Total::Only {
            let member = (file.name != input.name()).then_some(file.name.as_os_str());
            let row = Row {
                values: &columns.values(&file.partial),
                name: member.or_else(|| operand(input, named)),
                interrupted: !file.complete && stop.is_set(),
            };
            row.write(width, out)?;
        }
        Ok(())
    };
    let reading = (&common.reading(), &scope);
    let all = over_all(&statistic, inputs, reading, &mut control, known, row)?;
    tell_skipped(&all.skipped, session);
    let wanted = match total {
        Total::Auto => inputs.len() > 1,
        Total::Always | Total::Only => true,
        Total::Never => false,
    };
    if wanted {
        let row = Row {
            values: &columns.values(&all.total),
            name: (total != Total::Only).then_some(OsStr::new("total")),
            interrupted: all.is_interrupted(),
        };
        row.write(width, session.out)?;
    }
    Ok(if all.errors.is_empty() { DONE } else { TROUBLE })
}

/// What the input was called on the command line.
fn operand(input: &Input, named: bool) -> Option<&OsStr> {
    match input.path() {
        Some(path) => Some(path.as_os_str()),
        None => named.then_some(OsStr::new("-")),
    }
}

/// The counts of an input.
struct Row<'a> {
    values: &'a [u64],
    name: Option<&'a OsStr>,
    /// They are of what was read up to an interrupt.
    interrupted: bool,
}

impl Row<'_> {
    fn write(&self, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let values = self.values.iter();
        let cells: Vec<_> = values.map(|value| format!("{value:width$}")).collect();
        let mut row = cells.join(" ").into_bytes();
        if let Some(name) = self.name {
            row.push(b' ');
            row.extend(quoted(name.as_bytes()));
        }
        if self.interrupted {
            row.extend(b" (interrupted)");
        }
        row.push(b'\n');
        out.write_all(&row)
    }
}

/// A name as the shell would read it back, if it spans lines.
fn quoted(name: &[u8]) -> Vec<u8> {
    if !name.contains(&b'\n') {
        return name.to_vec();
    }
    let mut quoted = vec![b'\''];
    for &byte in name {
        match byte {
            b'\n' => quoted.extend(b"'$'\\n''"),
            b'\'' => quoted.extend(b"'\\''"),
            _ => quoted.push(byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

/// How wide every column is: enough for the bytes of all regular files, and
/// at least 7 if something else is among them. One number of one input is
/// not set at all.
fn number_width(columns: Columns, inputs: &[Input]) -> usize {
    let columns = columns.values(&WcCounts::default()).len();
    if inputs.len() == 1 && columns == 1 {
        return 1;
    }
    let stats: Vec<_> = inputs.iter().map(stat).collect();
    width_of(&stats)
}

fn stat(input: &Input) -> Option<Stat> {
    match input.path() {
        Some(path) => rustix::fs::stat(path).ok(),
        None => rustix::fs::fstat(io::stdin()).ok(),
    }
}

fn width_of(stats: &[Option<Stat>]) -> usize {
    let is_file = |stat: &&Stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    let known = || stats.iter().flatten();
    let sizes = known().filter(is_file);
    let total: u64 = sizes.map(|stat| stat.st_size.unsigned_abs()).sum();
    let least = if known().all(|stat| is_file(&stat)) {
        1
    } else {
        7
    };
    total.to_string().len().max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_asked_for_in_their_order() {
        let counts = WcCounts {
            newlines: 1,
            words: 2,
            chars: 3,
            bytes: 4,
            width: 5,
        };
        assert_eq!(Columns::default().or_default().values(&counts), [1, 2, 4]);
        let some = Columns {
            width: true,
            chars: true,
            ..Columns::default()
        };
        assert_eq!(some.or_default().values(&counts), [3, 5]);
    }

    #[test]
    fn rows_as_wc_writes_them() {
        let row = |values: &[u64], width, name: Option<&str>| {
            let mut out = Vec::new();
            let row = Row {
                values,
                name: name.map(OsStr::new),
                interrupted: false,
            };
            row.write(width, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(row(&[1, 2, 3], 3, Some("a b")), "  1   2   3 a b\n");
        assert_eq!(row(&[12], 1, None), "12\n");
        assert_eq!(row(&[1], 1, Some("a\nb'c")), "1 'a'$'\\n''b'\\''c'\n");
    }

    #[test]
    fn width_is_that_of_all_bytes() {
        let of = |path: &str| rustix::fs::stat(path).ok();
        assert_eq!(width_of(&[]), 1);
        assert_eq!(width_of(&[of("/")]), 7);
        assert_eq!(width_of(&[of("/no such file")]), 1);
        let this = of(file!()).unwrap();
        assert_eq!(
            width_of(&[Some(this), None]),
            this.st_size.to_string().len()
        );
        assert_eq!(width_of(&[Some(this), of("/")]), 7);
    }
}
