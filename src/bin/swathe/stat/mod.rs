//! What the commands that compute statistics share.

pub(crate) mod args;
pub(crate) mod command;
mod drawn;
pub(crate) mod entry;
pub(crate) mod fail_if;
pub(crate) mod files;
pub(crate) mod input;
pub(crate) mod keep;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod merge;
pub(crate) mod patterns;
pub(crate) mod print;
pub(crate) mod resume;
pub(crate) mod saved_file;
pub(crate) mod selecting;
mod session;
pub(crate) mod shared;
#[cfg(test)]
mod tests;
pub(crate) mod wc;
pub(crate) mod wc_list;
pub(crate) mod whole_file;

pub(crate) use session::{DONE, FAILED, NOTHING, Session, TROUBLE, usage};

use swathe::{
    Result,
    request::Scope,
    run::{self, Gathered, Input, Live, Way},
    statistic::Statistic,
};

use self::args::Common;

/// Runs a statistic over all inputs; what is left out as binary is said.
///
/// # Errors
/// When threads cannot be started.
pub(crate) fn gather<S: Statistic>(
    first: &S,
    inputs: &[Input],
    (common, scope): (&Common, &Scope),
    session: &mut Session<'_>,
    (way, live): (Way, Option<&Live<'_, S::Partial>>),
) -> Result<Gathered<S>> {
    session.interrupt.answers();
    let reading = common.reading();
    let ground = (&reading, scope);
    let gathered = run::gather(first, inputs, ground, &mut session.control(), (way, live))?;
    files::tell_skipped(&gathered.collected.skipped, session);
    Ok(gathered)
}
