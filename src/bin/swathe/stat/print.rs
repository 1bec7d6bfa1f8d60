//! How the answer of a statistic leaves: `--format` and `--output`.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use swathe::{
    Error, ErrorKind, Result,
    exec::Stop,
    report::{Format, Layout, Report, Tabular, Timing, printable},
    run::Input,
};

use super::{
    Session,
    drawn::Drawn,
    live,
    shared::{Shared, SharedFlag},
    usage, whole_file,
};
use crate::{cli::value, output::Output};

/// In which format it is.
pub(crate) fn format_flag() -> SharedFlag {
    SharedFlag::choice("--format FORMAT", "Answer as", &Format::ALL, |o| {
        &mut o.format
    })
    .brief()
}

/// Where it goes.
pub(crate) fn output_flag() -> SharedFlag {
    SharedFlag::one(
        "--output FILE",
        "Write the answer to FILE, whole or not at all",
        value::path,
        |o| &mut o.output,
    )
    .brief()
    .more("Without --format its name says the format: .txt .json .jsonl .csv .tsv .md .html .prom")
}

/// The format that was asked for, or what the name of the output says.
pub(crate) fn format(told: &Shared) -> Format {
    let named = || told.output.as_deref().and_then(Format::of_file);
    told.format.or_else(named).unwrap_or(Format::Text)
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
    /// When the answer cannot be had in the format, or the output is an input or could not be written.
    pub(crate) fn new<B: Tabular>(told: &Shared, inputs: &[Input]) -> Result<Printer> {
        let format = format(told);
        if format == Format::Prometheus && !B::METRICS {
            return Err(usage(
                "this command has no numbers to watch; use --format json or csv",
            ));
        }
        let output = told.output.clone();
        let output = output.filter(|path| !whole_file::is_stdout(path));
        let one_table = matches!(format, Format::Csv | Format::Tsv);
        let folder = B::SEVERAL && one_table && output.as_deref().is_some_and(is_folder);
        if let Some(path) = output.as_ref().filter(|_| !folder) {
            whole_file::check("--output", path, inputs, &told.typed)?;
        }
        let live = live::asked(told)?.is_some();
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
                rows: told.page_rows,
                ..match output {
                    Some(_) => Layout::default(),
                    None => of_terminal(),
                }
            },
            output,
            folder,
            messages: !told.reading.no_messages,
            live,
            drawn: Mutex::new(redraws.then(Drawn::on_terminal).flatten()),
        })
    }

    /// Whether the answer is rows and nothing else, so that what must be known to read
    /// them is said beside it.
    pub(crate) fn is_bare(&self) -> bool {
        self.format.is_for_programs() && self.format != Format::Json
    }

    /// Writes the answer.
    ///
    /// # Errors
    /// When it cannot be had in this format, or cannot be written.
    pub(crate) fn write<B: Serialize + Tabular>(
        &self,
        report: &Report<B>,
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
        let rendered = self.render(report)?;
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

    /// The answer in the format that was asked for.
    ///
    /// # Errors
    /// When it cannot be had in this format.
    pub(crate) fn render<B: Serialize + Tabular>(&self, report: &Report<B>) -> Result<Vec<u8>> {
        if self.format != Format::Text {
            return report.to_format(self.format, &self.layout);
        }
        let mut text = report.to_text(&self.layout);
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
            Some(path) => swathe::whole_file::write(path, answer)?,
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

    /// Writes the answer so far. Whoever cannot be
    /// shown it any more ends the run.
    pub(crate) fn show<B: Serialize + Tabular>(
        &self,
        report: Report<B>,
        output: &Output,
        stop: &Stop,
    ) {
        let report = Report {
            complete: false,
            ..report
        };
        if self.try_to_show(&report, output).is_err() {
            stop.set();
        }
    }

    fn try_to_show<B: Serialize + Tabular>(
        &self,
        report: &Report<B>,
        output: &Output,
    ) -> Result<()> {
        if let (true, Some(path)) = (self.folder, &self.output) {
            let files = report.to_files(self.format).unwrap_or_default();
            return put_files(path, &files, self.format);
        }
        let mut answer = self.render(report)?;
        if self.format == Format::Text {
            answer.extend_from_slice(SO_FAR);
        }
        if let Some(path) = &self.output {
            return swathe::whole_file::write(path, &answer);
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
    let written = swathe::whole_file::write_all(&files.collect::<Vec<_>>());
    if written.is_err() && made {
        // It stays if there is something in it.
        let _ = std::fs::remove_dir(folder);
    }
    written
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
    fn the_name_of_the_output_says_the_format() {
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
            let mut told = Shared {
                output: Some(name.into()),
                ..Shared::default()
            };
            assert_eq!(format(&told), want, "{name}");
            told.format = Some(Format::Csv);
            assert_eq!(format(&told), Format::Csv);
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
