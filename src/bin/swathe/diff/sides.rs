//! Both sides: read back where they were saved, gathered where they are logs.

use swathe::{Result, diff::Side, report::ErrorRow, request::Request as _, run::Way};

use super::operand::Operand;
use crate::{
    report::{Asked, asked, look, open_saved},
    stat::{
        Session,
        args::{Common, Shared},
        files, gather, saved_file, usage,
    },
};

/// Options that say how logs are read, and mean nothing for saved reports.
const OF_LOGS: [&str; 5] = ["spec", "since", "until", "order", "line-ending"];

/// Of these, those that a saved report has on its own, and logs that are
/// compared with it as well, unless they are given.
const OF_RECORDS: [&str; 11] = [
    "and",
    "not",
    "where",
    "record",
    "record-max",
    "tz",
    "time-format",
    "base-year",
    "base-date",
    "log-format",
    "delimiter",
];

/// Both sides, and how many bytes were gone through.
#[derive(Debug)]
pub(crate) struct Sides {
    pub(crate) both: [Side; 2],
    pub(crate) bytes: u64,
}

/// Reads what was saved, and gathers what was not; `None` if nothing of a side
/// could be read, which is said already.
///
/// # Errors
/// When a saved report is damaged, or options make no sense.
pub(crate) fn read(
    operands: &[Operand; 2],
    told: &Shared,
    common: &Common,
    session: &mut Session<'_>,
) -> Result<Option<Sides>> {
    let [a, b] = operands;
    let mut known = [saved(a, common, session)?, saved(b, common, session)?];
    let of_logs = OF_LOGS.into_iter().chain(OF_RECORDS);
    if known.iter().all(Option::is_some)
        && let Some(flag) = told.first_typed(of_logs)
    {
        return Err(usage(format!(
            "--{flag} belongs to the runs that saved the reports; leave it out"
        )));
    }
    let model = known.iter().flatten().next().cloned();
    let request = match known.iter().flatten().next() {
        Some(model) if told.spec.is_none() => Asked {
            times: Vec::new(),
            request: model.request.clone(),
        },
        _ => {
            let seen = look(told, std::slice::from_ref(&a.input), common, session.stop);
            asked(told, seen.as_ref())?
        }
    };
    let mut bytes = 0;
    for (operand, known) in operands.iter().zip(&mut known) {
        if known.is_some() {
            continue;
        }
        let common = match &model {
            Some(other) => {
                let mut common = common.clone();
                common.asked = common.asked.like(&other.scope, &|flag| told.has(flag));
                if !told.has("line-ending") {
                    common.line_ending = other.scope.line_ending;
                }
                common
            }
            None => common.clone(),
        };
        let (side, read) = scanned(operand, &request, common, session)?;
        bytes += read;
        if side.collected.sources.is_empty() && !side.collected.errors.is_empty() {
            return Ok(None);
        }
        *known = Some(side);
    }
    Ok(match known {
        [Some(before), Some(after)] => Some(Sides {
            both: [before, after],
            bytes,
        }),
        _ => None,
    })
}

/// What was saved, if that is what the operand is. A log that can be read only
/// once is held open.
fn saved(operand: &Operand, common: &Common, session: &mut Session<'_>) -> Result<Option<Side>> {
    let input = &operand.input;
    // What cannot be opened is told when it would be read as a log; of a directory, its
    // files are.
    if input.path().is_some_and(std::path::Path::is_dir) {
        return Ok(None);
    }
    let Ok(source) = common.looks.look(input, &common.source) else {
        return Ok(None);
    };
    let Some(file) = saved_file::if_saved(&source, session.stop)? else {
        if input.reads_once() {
            common.looks.keep_open(input, source);
        }
        return Ok(None);
    };
    if operand.window.is_some() {
        return Err(usage(format!(
            "{}: a saved report has no single lines left to choose by time; name the log itself",
            operand.name()
        )));
    }
    let (request, scope, collected) = open_saved(file)?;
    Ok(Some(Side {
        request,
        scope,
        collected,
    }))
}

/// One pass over a log, as a report that is saved makes it.
fn scanned(
    operand: &Operand,
    asked: &Asked,
    mut common: Common,
    session: &mut Session<'_>,
) -> Result<(Side, u64)> {
    if let Some(window) = operand.window {
        if asked.needs_ends() {
            return Err(usage(format!(
                "{}: a section of the spec has times that count from the start or the end of the \
                 log, which is not that of the range; write them out (2026-11-23 14:30), or leave out the \
                 range",
                operand.name()
            )));
        }
        common.asked = common.asked.between(window.since, window.until);
    }
    let named = vec![operand.input.clone()];
    let expanded = files::expand(named, &common, session)?;
    let inputs = common.asked.ordered(expanded.inputs, common.looks())?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks());
    let scope = scope.map_err(|error| usage(format!("{}: {error}", operand.name())))?;
    let request = asked.of(&inputs, &common)?;
    let statistic = request.statistic()?;
    let way = Way {
        per_file: false,
        one_pass: true,
    };
    let gathered = gather(&statistic, &inputs, (&common, &scope), session, (way, None))?;
    let mut collected = gathered.collected;
    let errors: Vec<ErrorRow> = expanded.errors;
    collected.errors.splice(0..0, errors);
    let side = Side {
        request,
        scope,
        collected,
    };
    Ok((side, gathered.bytes))
}
