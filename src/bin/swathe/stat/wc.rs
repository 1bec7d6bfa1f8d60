//! `stats --wc`: the columns of GNU `wc`, byte for byte.

use std::ffi::OsStr;

use swathe::{
    Result,
    report::{WcColumns, WcRow, wc_width},
    request::FilePartial,
    run::{Input, over_all},
    source::Source,
    statistic::{Wc, WcCounts},
};

use super::{DONE, Session, TROUBLE, args::Common, files::tell_skipped};

/// Which rows are printed, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    pub(crate) columns: WcColumns,
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
        wc_width(columns, inputs)
    };
    let looks = common.looks();
    let inputs = &common.asked.ordered(inputs.to_vec(), looks)?;
    let scope = common.asked.scope(common.line_ending, inputs, looks)?;
    session.interrupt.answers();
    let stop = session.stop;
    let (out, mut control) = session.out_and_control();
    let row = |input: &Input, file: &FilePartial<WcCounts>| {
        if total != Total::Only {
            let member = (file.name != input.name()).then_some(file.name.as_os_str());
            let row = WcRow {
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
        let row = WcRow {
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
