//! What a report says where nobody said what it should.

use clap::ArgMatches;
use swathe::{
    Result,
    request::{ReportRequest, SectionRequest},
};

use super::{
    TITLE,
    asked::{Asked, Times},
    kinds::Kind,
    spec,
};
use crate::stat::usage;

/// A section as it would be written: kind, title, options.
type Line = (&'static str, &'static str, &'static [&'static str]);

const FIRST: &[Line] = &[("stats", "Summary", &["--top-longest=10"])];

/// Sections of a log that programs write.
const PLAIN: &[Line] = &[
    ("levels", "Levels", &[]),
    ("timeline", "Lines over time", &["--by=level"]),
];

/// Sections of the access log of a web server.
const WEB: &[Line] = &[
    ("timeline", "Requests over time", &[]),
    ("top", "Status codes", &["--by=status"]),
    ("top", "Requests", &["--by=url"]),
    ("top", "Clients", &["--by=host"]),
    ("values", "Bytes sent", &["--of=bytes"]),
];

const LAST: &[Line] = &[("templates", "Messages", &["--top=25"])];

/// The report, and what its preset adds.
///
/// # Errors
/// When the preset is unknown.
pub(crate) fn report(outer: &ArgMatches) -> Result<Asked> {
    let preset = outer.get_one::<String>("preset").map(String::as_str);
    let web = matches!(preset, Some("nginx" | "apache"));
    let lines = FIRST
        .iter()
        .chain(if web { WEB } else { PLAIN })
        .chain(LAST);
    let section = |&(kind, title, options): &Line| -> Result<(SectionRequest, Times)> {
        let kind = Kind::named(kind).ok_or_else(|| usage(format!("no kind {kind}")))?;
        let options = options.iter().map(ToString::to_string).collect();
        spec::section(kind, Some(title), options, outer).map_err(usage)
    };
    let sections: Vec<_> = lines.map(section).collect::<Result<_>>()?;
    let (sections, times) = sections.into_iter().unzip();
    Ok(Asked {
        request: ReportRequest {
            title: TITLE.into(),
            sections,
        },
        times,
    })
}
