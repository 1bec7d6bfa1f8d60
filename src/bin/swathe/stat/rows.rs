//! `-k`: how many rows an answer has.

use clap::{Arg, ArgMatches, parser::ValueSource};
use swathe::{report::Format, request::Request, statistic::RowLimit};

/// The name of the flag's matches.
const LIMIT: &str = "limit";

/// The flag, which shows `usual` rows to people.
pub(crate) fn arg(usual: &'static str, help: &str) -> Arg {
    Arg::new(LIMIT)
        .short('k')
        .long("limit")
        .value_name("N")
        .value_parser(rows)
        .default_value(usual)
        .help(format!("{help} (0 or all: all of them)"))
        .long_help(format!(
            "{help}; 0 or all for all of them. Without it, json, jsonl, csv, tsv and prometheus \
             have all."
        ))
}

fn rows(text: &str) -> Result<RowLimit, String> {
    match text {
        "all" => Ok(RowLimit::ALL),
        text => text
            .parse()
            .map(RowLimit::first)
            .map_err(|_| "it is a number, or all".into()),
    }
}

/// What was typed.
pub(crate) fn parse(matches: &ArgMatches) -> RowLimit {
    let typed = matches.value_source(LIMIT) == Some(ValueSource::CommandLine);
    let rows = matches.get_one(LIMIT).copied().filter(|_| typed);
    rows.unwrap_or_default()
}

/// What is asked where the answer has this format: programs get all rows if nobody
/// said how many.
pub(crate) fn of_format<R: Request>(request: &R, format: Format) -> R {
    let mut request = request.clone();
    if format.is_for_programs() {
        for limit in request.row_limits() {
            *limit = limit.or_all();
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_all() {
        assert_eq!(rows("all"), Ok(RowLimit::ALL));
        assert_eq!(rows("0"), Ok(RowLimit::ALL));
        assert_eq!(rows("7"), Ok(RowLimit::first(7)));
        for wrong in ["", "-1", "ALL", "1.5", "some"] {
            assert!(rows(wrong).is_err(), "{wrong}");
        }
    }
}
