//! `--resume STATE`: only what is new in files since the last run.

use serde_json::json;
use swathe::{
    Error,
    pattern::Engine,
    request::state::Asked,
    run::{Input, resume::SearchResumption},
};

use super::job::Job;
use crate::{cli::parse::Typed, messages, stat::whole_file};

/// What the flag says; nothing if it is not given. The inner error is that of
/// the state.
///
/// # Errors
/// When an input cannot be gone on with, or is the state.
pub(super) fn open(job: &Job) -> Result<Result<Option<SearchResumption>, Error>, String> {
    let Some(path) = &job.extensions.resume else {
        return Ok(Ok(None));
    };
    if job.inputs.contains(&Input::Stdin) {
        return Err(
            "--resume goes on with files, and standard input is none\nname the files to search"
                .to_string(),
        );
    }
    let named: Vec<_> = job.inputs.iter().map(Input::name).collect();
    let named: Vec<_> = named
        .into_iter()
        .map(|path| Input::Path(path.to_path_buf()))
        .collect();
    whole_file::check("--resume", path, &named, &Typed::new())
        .map_err(|error| error.to_string())?;
    let mut tell = |error: &Error| {
        if !job.reading.no_messages {
            messages::say(error.path(), error);
        }
    };
    Ok(SearchResumption::open(path, asked(job), &mut tell).map(Some))
}

/// What a state belongs to: which lines are selected, and not how they are shown.
/// The range of time is that of each run, since a line is judged once.
fn asked(job: &Job) -> Asked {
    let words = &job.extensions.words;
    let range = job.extensions.range;
    Asked::other(
        "search",
        json!({
            "patterns": job.patterns,
            "pattern_options": job.pattern_options,
            "pcre2": job.engine == Engine::Pcre2,
            "invert_match": job.search.invert,
            "and": words.and,
            "not": words.not,
            "where": words.conditions,
            "preset": words.format,
            "delimiter": words.delimiter.map(char::from),
            "record": words.record.as_deref().unwrap_or("line"),
            "record_max": words.record_max,
            "range": range.map(|range| [range.first, range.last]),
        }),
    )
}
