//! The columns of GNU `wc`, byte for byte.

use std::{
    ffi::OsStr,
    io::{self, Write},
    os::unix::ffi::OsStrExt,
};

use rustix::fs::{FileType, Stat};

use crate::{source::Input, statistic::WcCounts};

/// Which columns are printed; their order is always this one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct WcColumns {
    /// `\n` bytes.
    pub newlines: bool,
    /// Words.
    pub words: bool,
    /// Characters.
    pub chars: bool,
    /// Bytes.
    pub bytes: bool,
    /// Columns of the widest line.
    pub width: bool,
}

impl WcColumns {
    /// What is printed if no column is asked for.
    const DEFAULT: WcColumns = WcColumns {
        newlines: true,
        words: true,
        chars: false,
        bytes: true,
        width: false,
    };

    /// These, or `wc`'s own if there is none among them.
    #[must_use]
    pub fn or_default(self) -> WcColumns {
        if self == WcColumns::default() {
            WcColumns::DEFAULT
        } else {
            self
        }
    }

    /// The numbers of these columns, in their order.
    pub fn values(self, counts: &WcCounts) -> Vec<u64> {
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

/// The counts of an input.
#[derive(Clone, Copy, Debug)]
pub struct WcRow<'a> {
    /// Those of the columns that are printed.
    pub values: &'a [u64],
    /// What it is called, if that is printed.
    pub name: Option<&'a OsStr>,
    /// They are of what was read up to an interrupt.
    pub interrupted: bool,
}

impl WcRow<'_> {
    /// Writes the row, each number set right in a column of this width.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, width: usize, out: &mut dyn Write) -> io::Result<()> {
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
pub fn wc_width(columns: WcColumns, inputs: &[Input]) -> usize {
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
        assert_eq!(WcColumns::default().or_default().values(&counts), [1, 2, 4]);
        let some = WcColumns {
            width: true,
            chars: true,
            ..WcColumns::default()
        };
        assert_eq!(some.or_default().values(&counts), [3, 5]);
    }

    #[test]
    fn rows_as_wc_writes_them() {
        let row = |values: &[u64], width, name: Option<&str>| {
            let mut out = Vec::new();
            let row = WcRow {
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
