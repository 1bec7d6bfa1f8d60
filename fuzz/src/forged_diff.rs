//! A saved report that anyone may have written is refused by its name, or can be compared
//! with a log: `swathe diff FORGED log`.

use std::path::Path;

use swathe::{
    Error,
    diff::{DiffOptions, Side, diff},
    exec::Stop,
    fold::{Fold, FoldOptions},
    progress::Silent,
    report::{Format, Layout, Report},
    request::{Collected, FilePartial, ReportRequest, Scope, saved::Saved},
    select::{Filtered, Selector},
    source::Source,
    statistic::Statistic,
    time::Stamp,
};

use super::{
    Bytes, EXECUTORS,
    saved::{BODIES, TEXT, changed, header_len, sealed},
    tree::Node,
};

/// What comes of the text, read as the scope says; `None` if it cannot be.
pub(crate) fn scanned<S: Statistic>(
    statistic: &S,
    scope: &Scope,
    text: &str,
) -> Option<Collected<S::Partial>> {
    let selector = Selector::new(scope.selection.clone()).ok()?;
    let fold = Fold {
        executor: &EXECUTORS[0],
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size: 64,
            line_ending: scope.line_ending,
            record: scope.record.clone(),
            times: scope.times.options(Stamp::from_nanos(0)),
            ..FoldOptions::default()
        },
    };
    let filtered = Filtered::new(statistic, &selector);
    let folded = fold.run(&filtered, &Source::from_bytes("log", text)).ok()?;
    let mut collected = Collected::nothing(statistic);
    let file = FilePartial {
        name: "log".into(),
        complete: true,
        grew: false,
        bytes_on_disk: None,
        cut_records: 0,
        partial: folded.part.partial.settled(),
    };
    collected.add(statistic, file, true);
    Some(collected)
}

/// Compares a saved report with the text, either way round.
///
/// # Errors
/// When it is refused.
pub(crate) fn compared(name: &Path, bytes: &[u8], text: &str, swapped: bool) -> Result<(), Error> {
    let saved = Saved::open(name, bytes)?;
    let (request, scope, statistic) = saved.request::<ReportRequest>()?;
    let collected = saved.gathered::<ReportRequest>(&statistic)?;
    let Some(other) = scanned(&statistic, &scope, text) else {
        return Ok(());
    };
    let mut sides = [collected, other].map(|collected| Side {
        request: request.clone(),
        scope: scope.clone(),
        collected,
    });
    if swapped {
        sides.reverse();
    }
    let [before, after] = sides;
    // What cannot be compared is an error.
    if let Ok(body) = diff(before, after, &DiffOptions::default()) {
        let report = Report::new("diff", vec![], body);
        for format in [Format::Json, Format::Text, Format::Html] {
            report
                .to_format(format, &Layout::default())
                .expect("a format for all");
        }
    }
    Ok(())
}

/// The payload with some values replaced, as the data says.
fn replaced(body: &[u8], data: &mut Bytes<'_>) -> Vec<u8> {
    let header = header_len(body);
    let mut tree = Node::read(&body[header..]);
    for _ in 0..=data.byte() % 3 {
        let places = tree.places(3);
        let [high, low, which] = data.array();
        let place = usize::from(high) << 8 | usize::from(low);
        let (_, way) = &places[place % places.len()];
        let node = tree.at(way);
        let forgeries = node.forgeries();
        *node = forgeries[usize::from(which) % forgeries.len()].clone();
    }
    [&body[..header], &tree.write()].concat()
}

/// Checks it for a report with changes that are made of these bytes.
pub(crate) fn run(data: &[u8]) {
    let mut data = Bytes(data);
    let name = Path::new("x.json");
    let report = BODIES.last().expect("a report").clone();
    let how = data.byte();
    let body = match how % 4 {
        0 => changed(report, &mut data),
        _ => replaced(&report, &mut data),
    };
    let refused = compared(name, &sealed("partial", &body), TEXT, how >= 0x80);
    if let Err(error) = refused {
        assert_eq!(error.path(), Some(name), "{error}");
    }
}
