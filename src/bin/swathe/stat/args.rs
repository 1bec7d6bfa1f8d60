//! What commands that answer are told comes to, and the flags that say it.

use std::ffi::OsStr;

use clap::Command;
use swathe::{
    Result,
    exec::Stop,
    key::Key,
    report::{Condition, Format},
    run::{self, Looks, SelectionPlan},
    source::SourceOptions,
    statistic::{LineEnding, RowLimit},
    walk::WalkOptions,
};

pub(crate) use super::shared::{Flag, Options, Shared};
use super::{
    keep, live, print, selecting,
    shared::{SharedFlag, shared},
};
use crate::{
    cli::{
        flag::Group,
        matching::Matching,
        parse::{Line, Operands},
        reading, value,
    },
    files::{
        self,
        choosing::{Binary, Choosing},
    },
    formats,
};

/// What it comes to here and now.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) threads: usize,
    pub(crate) chunk_size: u64,
    pub(crate) source: SourceOptions,
    pub(crate) line_ending: Option<LineEnding>,
    pub(crate) format: Format,
    pub(crate) messages: bool,
    /// Which files are read.
    pub(crate) files: Choosing,
    /// Members of archives are read one by one.
    pub(crate) archives: bool,
    /// Which records count.
    pub(crate) asked: SelectionPlan,
    /// What was seen of inputs before they are read.
    pub(crate) looks: Looks,
}

impl Common {
    /// What was told; what waits for input ends with `stop`.
    ///
    /// # Errors
    /// When it makes no sense.
    pub(crate) fn of(told: &Shared, stop: &Stop) -> Result<Common> {
        let reading = &told.reading;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = reading.threads(cores);
        // Whole words are a matter of the other patterns.
        let filters = Matching {
            boundary: None,
            ..told.matching
        };
        Ok(Common {
            threads,
            chunk_size: reading.chunk_size,
            source: SourceOptions {
                stop: stop.clone(),
                find_utf16: true,
                ..reading.source_options(false, threads)
            },
            line_ending: told.line_ending,
            format: print::format(told),
            archives: reading.archives.unwrap_or(true),
            messages: !reading.no_messages,
            files: Choosing {
                walk: WalkOptions {
                    // What is the letter of wc follows links without --wc, as everywhere.
                    follow: told.choosing.walk.follow
                        || (told.has("max-line-length") && !told.has("wc")),
                    ..told.choosing.walk.clone()
                },
                ..told.choosing.clone()
            },
            asked: SelectionPlan::new(told.words.clone(), filters.options())?
                .with_formats(formats::known()),
            looks: Looks::default(),
        })
    }

    /// How inputs are read.
    pub(crate) fn reading(&self) -> run::Reading {
        run::Reading {
            threads: self.threads,
            chunk_size: self.chunk_size,
            source: self.source.clone(),
            archives: self.archives,
            binary: self.files.binary != Binary::Recognised,
            looks: self.looks.clone(),
        }
    }

    /// What is needed to look at inputs before they are read.
    pub(crate) fn looks(&self) -> (&Looks, &SourceOptions) {
        (&self.looks, &self.source)
    }
}

/// The command line of a command with these flags of its own, and those of all.
pub(crate) fn line<O: 'static>(
    command: Command,
    operands: Operands,
    own: impl IntoIterator<Item = Flag<O>>,
) -> Line<Options<O>> {
    Line::new(command, operands, own.into_iter().chain(flags()))
}

/// The flags of all.
pub(crate) fn flags<O: 'static>() -> impl Iterator<Item = Flag<O>> {
    shared(Group::Records, selecting::flags(), |o| &mut o.words)
        .chain(shared(Group::Printing, printing(), |o| o))
        .chain(shared(Group::Files, files::flags::flags(), |o| {
            &mut o.choosing
        }))
        .chain(shared(Group::Reading, reading::flags(), |o| &mut o.reading))
        .chain(shared(Group::Reading, [line_ending()], |o| o))
}

fn line_ending() -> SharedFlag {
    let endings = [
        ("auto", None),
        ("lf", Some(LineEnding::Lf)),
        ("crlf", Some(LineEnding::Crlf)),
    ];
    SharedFlag::choice("--line-ending ENDING", "What ends a line", &endings, |o| {
        &mut o.line_ending
    })
    .more("A \\r before a \\n is content (lf) or not (crlf); auto looks at the first line.")
}

fn printing() -> Vec<SharedFlag> {
    vec![
        print::format_flag(),
        print::output_flag(),
        keep::flag(),
        SharedFlag::each(
            "--fail-if COND",
            "Exit with 3 if a number is so: 'errors>10'",
            |v| Condition::parse(value::text(v)?),
            |o| &mut o.fail_if,
        )
        .brief()
        .more(
            "A number of the JSON, by its name or path, or a pattern by its name. Of an input \
             that could not be read to its end, what could be read is judged, and said on \
             standard error; the exit code is 2 then.",
        ),
        live::flag(),
        SharedFlag::on("--timing", "Say how long it took", |o| &mut o.timing)
            .more("With the threads and the version."),
    ]
}

/// What groups are by.
pub(crate) fn by<O: 'static>(help: &'static str) -> Flag<O> {
    Flag::<O>::setting("--by KEY[,KEY]...", help, |o: &mut Options<O>, v| {
        let keys = Key::list(value::text(v.unwrap_or_default())?);
        o.shared.by.extend(keys.map_err(|error| error.to_string())?);
        Ok(())
    })
    .repeats()
    .brief()
    .more("A record without the key is in a group of its own, null.")
}

/// How many rows the answer has; `written` is its name.
pub(crate) fn limit<O: 'static>(written: &'static str, help: &'static str) -> Flag<O> {
    Flag::<O>::one(written, help, rows, |o| &mut o.shared.limit)
        .brief()
        .more(
            "0 or all for all of them. Without it, json, jsonl, csv, tsv and prometheus have all.",
        )
}

fn rows(value: &OsStr) -> std::result::Result<RowLimit, String> {
    match value::text(value)? {
        "all" => Ok(RowLimit::ALL),
        _ => value::number(value).map(RowLimit::first),
    }
}

/// How much memory groups take.
pub(crate) fn memory<O: 'static>() -> Flag<O> {
    Flag::<O>::one(
        "--memory SIZE",
        "Keep groups in at most SIZE (1G)",
        value::positive_size,
        |o| &mut o.shared.memory,
    )
    .more(
        "What is not merged yet included; the rest takes more passes. The program takes some \
         25 MB beside, and two chunks for each thread.",
    )
}

/// How many groups are kept at once.
pub(crate) fn max_groups<O: 'static>() -> Flag<O> {
    Flag::<O>::one(
        "--max-groups N",
        "Keep at most N groups at once",
        value::within(1, u64::MAX),
        |o| &mut o.shared.max_groups,
    )
    .more("Default: as many as fit into --memory.")
}

/// Where a run ended that the next one goes on from.
pub(crate) fn resume<O: 'static>(help: &'static str) -> Flag<O> {
    Flag::<O>::one("--resume STATE", help, value::path, |o| {
        &mut o.shared.resume
    })
    .brief()
    .more("STATE is a file, made by the first run, which reads everything. See below.")
}

/// What a document of several answers is asked and called.
pub(crate) fn document<O: 'static>(spec: &'static str, title: &'static str) -> [Flag<O>; 3] {
    [
        Flag::<O>::one("--spec FILE", spec, value::path, |o| &mut o.shared.spec).brief(),
        Flag::<O>::one("--title TEXT", title, value::string, |o| {
            &mut o.shared.title
        }),
        Flag::<O>::one(
            "--rows N",
            "Show at most N rows of a table in HTML (100)",
            value::within(1, usize::MAX),
            |o| &mut o.shared.page_rows,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_rows_or_all() {
        let rows = |text: &str| rows(OsStr::new(text));
        assert_eq!(rows("all"), Ok(RowLimit::ALL));
        assert_eq!(rows("0"), Ok(RowLimit::ALL));
        assert_eq!(rows("7"), Ok(RowLimit::first(7)));
        for wrong in ["", "-1", "ALL", "1.5", "some"] {
            assert!(rows(wrong).is_err(), "{wrong}");
        }
    }
}
