//! How the answer of a statistic leaves: `--format` and `--output`.

use std::{
    ffi::OsString,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use clap::{Arg, ArgMatches, Command, parser::ValueSource, value_parser};
use serde::Serialize;
use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    report::{Format, Layout, Report, Tabular, Timing, printable},
    run::Input,
};

use super::{Session, drawn::Drawn, live, usage, whole_file};
use crate::output::Output;

/// Gives the command the flags.
pub(crate) fn add(command: Command) -> Command {
    command.args([
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .default_value("text")
            .hide_default_value(true)
            .help_heading("Reading and printing")
            .help("text json jsonl csv tsv markdown html prometheus")
            .long_help("text (default), json, jsonl, csv, tsv, markdown, html or prometheus"),
        Arg::new("output")
            .long("output")
            .value_name("FILE")
            .value_parser(value_parser!(OsString))
            .help_heading("Reading and printing")
            .help("Write the answer to FILE, whole or not at all")
            .long_help(
                "Write the answer to FILE, whole or not at all. Without --format its name says \
                 the format: .txt .json .jsonl .csv .tsv .md .html .prom",
            ),
    ])
}

/// The format that was asked for, or what the name of the output says.
///
/// # Errors
/// When there is none of that name.
pub(crate) fn format(matches: &ArgMatches) -> Result<Format> {
    let name = matches.get_one::<String>("format");
    let name = name.map_or("text", String::as_str);
    if matches.value_source("format") != Some(ValueSource::CommandLine) {
        let output = matches.get_one::<OsString>("output").map(Path::new);
        if let Some(format) = output.and_then(Format::of_file) {
            return Ok(format);
        }
    }
    let known = Format::ALL.iter().find(|(known, _)| *known == name);
    known.map(|(_, format)| *format).ok_or_else(|| {
        let known = Format::ALL.map(|(known, _)| known).join(", ");
        usage(format!("unknown --format {name:?}; there are {known}"))
    })
}

/// The last line of an answer for people that was interrupted.
const INTERRUPTED: &str = "interrupted: this is the answer for what was read up to then";

/// The last line of an answer for people to which more is to come.
const SO_FAR: &[u8] = b"so far: more is to come\n";

/// Writes answers where and as they were asked for.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    output: Option<PathBuf>,
    /// The output is a folder of files.
    folder: bool,
    messages: bool,
    layout: Layout,
    /// Answers are shown while input is read.
    live: bool,
    /// The answer that is redrawn on a terminal; there is none yet if it has no lines.
    drawn: Mutex<Option<Drawn>>,
}

impl Printer {
    /// What the flags say about answers of this kind to these inputs.
    ///
    /// # Errors
    /// When the format is unknown or the answer cannot be had in it, or the
    /// output is an input or could not be written.
    pub(crate) fn new<B: Tabular>(matches: &ArgMatches, inputs: &[Input]) -> Result<Printer> {
        let format = format(matches)?;
        if format == Format::Prometheus && !B::METRICS {
            return Err(usage(
                "this command has no numbers to watch; use --format json or csv",
            ));
        }
        let output = matches.get_one::<OsString>("output");
        let output = output.map(PathBuf::from);
        let output = output.filter(|path| !whole_file::is_stdout(path));
        let one_table = matches!(format, Format::Csv | Format::Tsv);
        let folder = B::SEVERAL && one_table && output.as_deref().is_some_and(is_folder);
        if let Some(path) = output.as_ref().filter(|_| !folder) {
            whole_file::check("--output", path, inputs, Some(matches))?;
        }
        let live = live::parse(matches)?.is_some();
        if live && format == Format::Html && output.is_none() {
            return Err(usage(
                "pages cannot follow one another; name the file to replace (--output FILE) with \
                 --every",
            ));
        }
        let redraws = live && output.is_none() && format != Format::Json;
        Ok(Printer {
            format,
            layout: Layout {
                rows: rows(matches),
                ..match output {
                    Some(_) => Layout::default(),
                    None => of_terminal(),
                }
            },
            output,
            folder,
            messages: !matches!(matches.try_get_one::<bool>("no-messages"), Ok(Some(true))),
            live,
            drawn: Mutex::new(redraws.then(Drawn::on_terminal).flatten()),
        })
    }

    /// Whether the answer is rows and nothing else, so that what must be known to read
    /// them is said beside it.
    pub(crate) fn is_bare(&self) -> bool {
        self.format.is_for_programs() && self.format != Format::Json
    }

    /// Writes the answer; `text` is its form for people.
    ///
    /// # Errors
    /// When it cannot be had in this format, or cannot be written.
    pub(crate) fn write<B: Serialize + Tabular>(
        &self,
        report: &Report<B>,
        text: impl FnOnce(&Report<B>, &Layout) -> String,
        session: &mut Session<'_>,
    ) -> Result<()> {
        self.say(&report.body, session);
        if let (true, Some(path)) = (self.folder, &self.output) {
            if self.keeps_old(path, session) {
                return Ok(());
            }
            let files = report.to_files(self.format).unwrap_or_default();
            return put_files(path, &files, self.format);
        }
        let rendered = self.render(report, text)?;
        self.put(&rendered, session)
    }

    /// Says what must be known to read the numbers, where the format has no place
    /// for it.
    fn say<B: Tabular>(&self, body: &B, session: &mut Session<'_>) {
        let rows_only = matches!(
            self.format,
            Format::Csv | Format::Tsv | Format::JsonLines | Format::Prometheus
        );
        if rows_only && self.messages {
            for warning in body.warnings().iter().filter(|w| w.is_of_answer()) {
                (session.complain)(&usage(printable(warning.message.as_bytes())));
            }
        }
    }

    /// The answer in the format that was asked for; `text` is its form for
    /// people.
    ///
    /// # Errors
    /// When it cannot be had in this format.
    pub(crate) fn render<B: Serialize + Tabular>(
        &self,
        report: &Report<B>,
        text: impl FnOnce(&Report<B>, &Layout) -> String,
    ) -> Result<Vec<u8>> {
        if self.format != Format::Text {
            return report.to_format(self.format, &self.layout);
        }
        let mut text = text(report, &self.layout);
        let timing = report.timing.iter().map(Timing::note);
        let interrupted = report.interrupted.then(|| INTERRUPTED.to_string());
        let notes = report.selected.notes().into_iter().chain(timing);
        for note in notes.chain(interrupted) {
            text.push_str(&note);
            text.push('\n');
        }
        Ok(text.into_bytes())
    }

    /// Writes what was rendered.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn put(&self, answer: &[u8], session: &mut Session<'_>) -> Result<()> {
        match &self.output {
            None => {
                if let Some(drawn) = &mut *self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
                {
                    session.out.write_all(&drawn.wiped())?;
                }
                session.out.write_all(answer)?;
            }
            Some(path) if self.keeps_old(path, session) => {}
            Some(path) => whole_file::write(path, answer)?,
        }
        Ok(())
    }

    /// Whether a file stays as it is, which is said: what an interrupt left of the
    /// answer does not replace a whole one.
    fn keeps_old(&self, path: &Path, session: &mut Session<'_>) -> bool {
        let keeps = session.stop.is_set() && !self.live;
        if keeps {
            let why = "is not written, since the run was interrupted";
            (session.complain)(&Error::at(path, ErrorKind::Config(why.into())));
        }
        keeps
    }

    /// Writes the answer so far; `text` is its form for people. Whoever cannot be
    /// shown it any more ends the run.
    pub(crate) fn show<B: Serialize + Tabular>(
        &self,
        report: Report<B>,
        text: impl FnOnce(&Report<B>, &Layout) -> String,
        output: &Output,
        stop: &Stop,
    ) {
        let report = Report {
            complete: false,
            ..report
        };
        if self.try_to_show(&report, text, output).is_err() {
            stop.set();
        }
    }

    fn try_to_show<B: Serialize + Tabular>(
        &self,
        report: &Report<B>,
        text: impl FnOnce(&Report<B>, &Layout) -> String,
        output: &Output,
    ) -> Result<()> {
        if let (true, Some(path)) = (self.folder, &self.output) {
            let files = report.to_files(self.format).unwrap_or_default();
            return put_files(path, &files, self.format);
        }
        let mut answer = self.render(report, text)?;
        if self.format == Format::Text {
            answer.extend_from_slice(SO_FAR);
        }
        if let Some(path) = &self.output {
            return whole_file::write(path, &answer);
        }
        if let Some(drawn) = &mut *self.drawn.lock().unwrap_or_else(PoisonError::into_inner) {
            answer = drawn.again(&answer);
        } else if self.format != Format::Json {
            answer.push(b'\n');
        }
        let mut output = output.clone();
        output.write_all(&answer)?;
        output.flush()?;
        Ok(())
    }
}

/// Whether this names a folder: one that is there, or is to be there.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Writes a file for each table, all or none. A folder that was made for them goes with
/// them.
fn put_files(folder: &Path, files: &[(String, Vec<u8>)], format: Format) -> Result<()> {
    let made = !folder.exists();
    std::fs::create_dir_all(folder).map_err(|error| Error::at(folder, ErrorKind::Io(error)))?;
    let ending = if format == Format::Tsv { "tsv" } else { "csv" };
    let files = files.iter().map(|(name, content)| {
        let path = folder.join(format!("{name}.{ending}"));
        (path, content.as_slice())
    });
    let written = whole_file::write_all(&files.collect::<Vec<_>>());
    if written.is_err() && made {
        // It stays if there is something in it.
        let _ = std::fs::remove_dir(folder);
    }
    written
}

/// How many rows of a table a page has at most, where the command can say.
fn rows(matches: &ArgMatches) -> Option<usize> {
    let rows = matches.try_get_one::<u32>("rows").ok().flatten();
    rows.and_then(|&rows| usize::try_from(rows).ok())
}

/// The layout for whoever reads standard output: fitted to a terminal, as wide
/// as it gets for a file or another program.
pub(crate) fn of_terminal() -> Layout {
    if !std::io::stdout().is_terminal() {
        return Layout::default();
    }
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
    let columns = size.map(|size| usize::from(size.ws_col));
    Layout {
        width: columns.filter(|columns| *columns > 0),
        ascii: !shows_unicode(|name| std::env::var(name).ok()),
        ..Layout::default()
    }
}

/// Whether the locale says UTF-8, or nothing.
fn shows_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
    let Some(locale) = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set) else {
        return true;
    };
    let locale = locale.to_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_name() {
        let format = |name: &str| {
            let command = add(Command::new("x").no_binary_name(true));
            let matches = command.try_get_matches_from(["--format", name]).unwrap();
            format(&matches).map_err(|error| error.to_string())
        };
        assert_eq!(format("csv"), Ok(Format::Csv));
        assert_eq!(format("jsonl"), Ok(Format::JsonLines));
        assert_eq!(format("html"), Ok(Format::Html));
        for unknown in ["htm", "yaml", ""] {
            assert!(
                format(unknown).unwrap_err().contains("markdown"),
                "{unknown}"
            );
        }
    }

    #[test]
    fn the_name_of_the_output_says_the_format() {
        let format = |arguments: &[&str]| {
            let command = add(Command::new("x").no_binary_name(true));
            format(&command.try_get_matches_from(arguments).unwrap()).unwrap()
        };
        for (name, want) in [
            ("a.html", Format::Html),
            ("a.HTM", Format::Html),
            ("b/a.json", Format::Json),
            ("a.jsonl", Format::JsonLines),
            ("a.csv", Format::Csv),
            ("a.tsv", Format::Tsv),
            ("a.md", Format::Markdown),
            ("a.prom", Format::Prometheus),
            ("a.txt", Format::Text),
            ("a.log", Format::Text),
            ("html", Format::Text),
            (".html", Format::Text),
            ("-", Format::Text),
        ] {
            assert_eq!(format(&["--output", name]), want, "{name}");
            assert_eq!(format(&["--output", name, "--format=csv"]), Format::Csv);
        }
    }

    #[test]
    fn the_first_variable_decides() {
        let locale = |all: &'static str, ctype: &'static str, lang: &'static str| {
            shows_unicode(|name| {
                let value = match name {
                    "LC_ALL" => all,
                    "LC_CTYPE" => ctype,
                    _ => lang,
                };
                Some(value.to_string())
            })
        };
        assert!(locale("", "", ""));
        assert!(locale("", "", "en_US.UTF-8"));
        assert!(locale("C.utf8", "", "C"));
        assert!(!locale("C", "", "en_US.UTF-8"));
        assert!(!locale("", "de_DE.ISO-8859-1", ""));
    }
}
