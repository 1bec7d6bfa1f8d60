//! Which files are searched, and by which filters.

use std::sync::Arc;

use swathe::{
    harmless,
    pattern::PatternOptions,
    run::{Order, SelectionPlan},
    search::Search,
    select::Selector,
    walk::Event,
};

use super::job::Job;
use crate::formats;

/// A search with its filters.
pub(super) struct Chosen {
    pub(super) search: Search,
    /// What judges lines.
    pub(super) selector: Option<Arc<Selector>>,
    /// The files, if they had to be known beforehand.
    pub(super) files: Option<Vec<Event>>,
}

/// Gives the search its filters, and the files in their order where they must
/// be known beforehand.
///
/// # Errors
/// When a filter does not compile, or an input that can be read only once must
/// be looked at first.
pub(super) fn choose(job: &Job, search: Search) -> Result<Chosen, String> {
    let words = &job.extensions.words;
    if job.extensions.of_lines().is_none() && words.order == Order::Given {
        return Ok(Chosen {
            search,
            selector: None,
            files: None,
        });
    }
    let say = |error: swathe::Error| match error.path() {
        Some(path) => format!("{}: {error}", harmless::name(path)),
        None => error.to_string(),
    };
    let looks = (&job.looks, &job.source_options);
    let options = PatternOptions {
        fixed_strings: job.pattern_options.fixed_strings,
        case: job.pattern_options.case,
        unicode: job.pattern_options.unicode,
        ..PatternOptions::default()
    };
    let groups = words.conditions.iter().any(|text| text.contains('$'));
    let mut asked = SelectionPlan::new(words.clone(), options).map_err(say)?;
    if !words.conditions.is_empty() {
        asked = asked.with_formats(formats::known());
    }
    if let [pattern] = &*job.patterns
        && groups
    {
        asked.with_regex(Some(pattern));
    }
    let (mut files, mut events) = (Vec::new(), None);
    if asked.looks_first() {
        let mut all = Vec::new();
        for event in job.files() {
            match event {
                Event::File(input) => files.push(input),
                trouble @ Event::Trouble(_) => all.push(trouble),
            }
        }
        files = asked.ordered(files, looks).map_err(say)?;
        all.extend(files.iter().cloned().map(Event::File));
        events = Some(all);
    }
    let scope = asked.scope(None, &files, looks);
    let scope = scope.map_err(say)?;
    let times = scope.times_now();
    let formats = scope.formats;
    let search = search.by_record(scope.record);
    if scope.selection.is_everything() {
        return Ok(Chosen {
            search,
            selector: None,
            files: events,
        });
    }
    let selector = Arc::new(Selector::new(scope.selection).map_err(say)?);
    Ok(Chosen {
        search: search.filtered(selector.clone(), times, formats),
        selector: Some(selector),
        files: events,
    })
}
