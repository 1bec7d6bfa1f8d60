//! `templates --assign`: the template of each line.

use std::{io::Write as _, ops::Range};

use swathe::{
    Error, ErrorKind, Result,
    exec::Executor,
    fold::{Ending, Fold, FoldOptions, Folded},
    request::{Request as _, Scope, TemplatesRequest},
    run::{Input, Way},
    select::{Filtered, FilteredPartial, Selector},
    source::Source,
    statistic::{Assign, Assigned, Shift, Statistic as _},
};

use super::{DONE, Session, TROUBLE, args::Common, gather, usage};

/// What is read and remembered at a time.
const PART: u64 = 64 << 20;

/// Finds the templates of all inputs, reads these again and prints the number
/// of every line with that of its template, behind its name if there are
/// several inputs; the number is what the process exits with.
///
/// # Errors
/// When an input can be read only once, or the answer cannot be written.
pub(crate) fn run(
    request: &TemplatesRequest,
    inputs: Vec<Input>,
    common: &Common,
    session: &mut Session<'_>,
) -> Result<u8> {
    let mut archives = inputs.iter().filter(|_| common.archives);
    if let Some(archive) = archives.find(|input| input.is_archive(&common.source)) {
        return Err(usage(format!(
            "--assign reads its input twice, which members of archives cannot be; extract those \
             of {} first",
            archive.name().display()
        )));
    }
    for input in &inputs {
        // What cannot be opened is said when the templates are looked for.
        let opened = common.looks.look(input, &common.source);
        if opened.is_ok_and(|source| source.len().is_none()) {
            return Err(usage(format!(
                "--assign reads its input twice, which {} cannot be; name an uncompressed file",
                input.name().display()
            )));
        }
    }
    let inputs = common.asked.ordered(inputs, common.looks())?;
    let scope = common
        .asked
        .scope(common.line_ending, &inputs, common.looks())?;
    let selector = Selector::new(scope.selection.clone())?;
    let statistic = request.statistic()?;
    let way = (Way::default(), None);
    let gathered = gather(&statistic, &inputs, (common, &scope), session, way)?;
    let mut whole = gathered.collected.errors.is_empty();
    let failed = gathered.collected.files;
    let read = gathered.collected.sources;
    let answer = statistic.finish(gathered.collected.total);
    let assign = Assign::new(&answer);
    let executor = Executor::new(common.threads);
    for input in &inputs {
        let is_it = |name: &std::path::PathBuf| name == input.name();
        // What changed while it was read has no lines that are known.
        if !read.iter().any(is_it) || failed.iter().any(|file| is_it(&file.name)) {
            continue;
        }
        let source = match common.looks.look(input, &common.source) {
            Ok(source) => source,
            Err(error) => {
                if common.messages {
                    (session.complain)(&error);
                }
                whole = false;
                continue;
            }
        };
        let again = Again {
            executor: &executor,
            assign: &assign,
            source: &source,
            common,
            scope: &scope,
            selector: &selector,
            name: (inputs.len() > 1).then(|| input.name().as_os_str().as_encoded_bytes()),
        };
        whole &= again.print(session)?;
    }
    Ok(if whole { DONE } else { TROUBLE })
}

/// One input, read for the second time.
struct Again<'a> {
    executor: &'a Executor,
    assign: &'a Assign<'a>,
    source: &'a Source,
    common: &'a Common,
    scope: &'a Scope,
    selector: &'a Selector,
    name: Option<&'a [u8]>,
}

impl Again<'_> {
    /// Prints its lines; false if not all of them could be.
    fn print(&self, session: &mut Session<'_>) -> Result<bool> {
        let len = self.source.len().unwrap_or(0);
        // What is chosen by time can depend on lines far before.
        let part = if self.selector.is_everything() {
            PART
        } else {
            len
        };
        let (mut start, mut lines) = (0, 0);
        while start < len {
            let end = len.min(start.saturating_add(part));
            let folded = self.part(start..end, session)?;
            let (newlines, mut assigned) = (folded.part.newlines, folded.part.partial.settled());
            self.assign.shift(&mut assigned, Shift::lines(lines));
            lines += newlines;
            self.write(&assigned, session)?;
            let changed = assigned.iter().any(|line| line.id == 0);
            let error = match folded.ending {
                Ending::Complete { .. } if changed => {
                    Error::at(self.source.name(), ErrorKind::Modified { size: len })
                }
                Ending::Complete { .. } => {
                    start = end;
                    continue;
                }
                Ending::Failed(error) => error,
                Ending::Stopped => return Ok(false),
            };
            if self.common.messages {
                (session.complain)(&error);
            }
            return Ok(false);
        }
        Ok(true)
    }

    /// The lines that start in this range and were chosen.
    fn part(
        &self,
        range: Range<u64>,
        session: &Session<'_>,
    ) -> Result<Folded<FilteredPartial<Vec<Assigned>>>> {
        let fold = Fold {
            executor: self.executor,
            stop: session.stop,
            progress: session.progress,
            options: FoldOptions {
                chunk_size: self.common.chunk_size,
                line_ending: self.scope.line_ending,
                record: self.scope.record.clone(),
                times: self.scope.times_now(),
                range: Some(range),
                ..FoldOptions::default()
            },
        };
        fold.run(&Filtered::new(self.assign, self.selector), self.source)
    }

    fn write(&self, lines: &[Assigned], session: &mut Session<'_>) -> Result<()> {
        let mut text = Vec::with_capacity(lines.len() * 12);
        for Assigned { line, id } in lines {
            if let Some(name) = self.name {
                text.extend(name);
                text.push(b':');
            }
            writeln!(text, "{line}\t{id}")?;
        }
        session.out.write_all(&text)?;
        Ok(())
    }
}
