//! What a spec says: a title, and sections with the options of commands.

use std::{borrow::Cow, ffi::OsString, path::Path};

use swathe::{
    Error, ErrorKind, Result,
    report::printable,
    request::{ReportRequest, SectionRequest},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    asked::{Asked, Times},
    kinds::{KINDS, Kind},
};
use crate::cli::{flag::About, parse::Typed, usage};

/// Operands that stand for the inputs of the report. One that is taken for a
/// pattern tells that there is none. No file has such a name, so that what is in the
/// directory at hand does not matter.
const INPUTS: [&str; 2] = ["\0input", "\0input"];

/// The report that the file at `path` describes, with this content. `outer` are
/// the flags of the whole report that were typed.
///
/// # Errors
/// When it is no spec, with the line that is wrong.
pub(crate) fn parse(path: &Path, text: &str, outer: &Typed) -> Result<Asked> {
    let spec = Spec { path, text, outer };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        spec.wrong(at, error.message())
    })?;
    spec.report(table.get_ref())
}

/// A section with the options of its command as if they had been typed, with those of
/// the whole report that it does not have of its own.
///
/// # Errors
/// When they make no sense, in the words of the command.
fn section(
    kind: &Kind,
    title: Option<&str>,
    options: &[String],
    outer: &Typed,
) -> Result<(SectionRequest, Times), String> {
    let mut typed: Vec<OsString> = options.iter().map(OsString::from).collect();
    for name in ["tz", "record", "log-format", "delimiter"] {
        let flag = format!("--{name}=");
        let own = options.iter().any(|option| option.starts_with(&flag));
        let value = outer.get(name).and_then(|values| values.last());
        if let Some(value) = value.filter(|_| !own) {
            let mut option = OsString::from(flag);
            option.push(value);
            typed.push(option);
        }
    }
    typed.push("--".into());
    typed.extend(INPUTS.map(OsString::from));
    let asked = kind.ask(&typed);
    let asked = asked.map_err(|text| text.lines().next().unwrap_or_default().to_string())?;
    if asked.inputs.len() < INPUTS.len() {
        let needs = if kind.name == "count" {
            "needs what is counted: regexp = \"...\" or name = [\"NAME=PATTERN\"]"
        } else {
            "needs what is looked at: regexp = \"...\" with a capture, or a key such as \
             by = \"field:1\""
        };
        return Err(needs.into());
    }
    let section = SectionRequest {
        title: title.unwrap_or(kind.title).to_string(),
        select: asked.asked.selection().clone(),
        question: asked.question,
    };
    Ok((section, asked.asked.times()))
}

struct Spec<'a> {
    path: &'a Path,
    text: &'a str,
    outer: &'a Typed,
}

impl Spec<'_> {
    fn report(&self, table: &DeTable<'_>) -> Result<Asked> {
        let (mut title, mut sections) = (None, Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "title" => title = Some(self.text_of(value, "title")?),
                "section" => {
                    let Some(array) = value.get_ref().as_array() else {
                        return Err(self.wrong(
                            key.span().start,
                            "write [[section]] with two brackets: there can be many",
                        ));
                    };
                    for one in array {
                        sections.push(self.section(one)?);
                    }
                }
                other => return Err(self.unknown(key, other, &["title", "section"])),
            }
        }
        if sections.is_empty() {
            return Err(self.wrong(
                0,
                "has no [[section]]; swathe report --print-spec writes an example",
            ));
        }
        let (sections, times) = sections.into_iter().unzip();
        let title = title.map_or_else(|| ReportRequest::TITLE.to_string(), Cow::into_owned);
        Ok(Asked {
            request: ReportRequest { title, sections },
            times,
        })
    }

    fn section(&self, value: &Spanned<DeValue<'_>>) -> Result<(SectionRequest, Times)> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            return Err(self.wrong(at, "a section is a table: write [[section]]"));
        };
        let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let Some(kind) = table.get("kind") else {
            return Err(self.no_kind(at, table, &kinds.join(", ")));
        };
        let name = self.text_of(kind, "kind")?;
        let Some(known) = Kind::named(&name) else {
            let nearest = nearest(&name, &kinds);
            let what = format!(
                "there is no kind {:?}; {nearest}there are {}",
                printable(name.as_bytes()),
                kinds.join(", ")
            );
            return Err(self.wrong(kind.span().start, &what));
        };
        let title = table.get("title").map(|title| self.text_of(title, "title"));
        let title = title.transpose()?;
        let options = known.options();
        let mut typed = Vec::new();
        // In the order of the file, as on a command line.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            if name == "kind" || name == "title" {
                continue;
            }
            let Some(option) = options.iter().find(|flag| flag.is_called(name)) else {
                return Err(self.no_option(key, name, known, &options));
            };
            self.option(option, option.long, value, &mut typed)?;
        }
        section(known, title.as_deref(), &typed, self.outer)
            .map_err(|why| self.wrong(at, &format!("this section of kind {}: {why}", known.name)))
    }

    /// Appends an option as it would be typed.
    fn option(
        &self,
        option: &About,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        typed: &mut Vec<String>,
    ) -> Result<()> {
        let at = value.span().start;
        let flag = option.value.is_none();
        match (value.get_ref(), flag) {
            (DeValue::Boolean(true), true) => typed.push(format!("--{name}")),
            (DeValue::Boolean(false), true) => {}
            (_, true) => return Err(self.wrong(at, &format!("{name} is true or false"))),
            (DeValue::Array(all), false) => {
                let all: Vec<Cow<'_, str>> = all
                    .iter()
                    .map(|one| self.scalar(one, name))
                    .collect::<Result<_>>()?;
                if name == "by" {
                    typed.push(format!("--by={}", all.join(",")));
                } else if option.repeats || all.len() == 1 {
                    typed.extend(all.iter().map(|one| format!("--{name}={one}")));
                } else {
                    return Err(self.wrong(at, &format!("{name} takes one value, not a list")));
                }
            }
            (_, false) => typed.push(format!("--{name}={}", self.scalar(value, name)?)),
        }
        Ok(())
    }

    fn scalar<'v>(&self, value: &'v Spanned<DeValue<'_>>, name: &str) -> Result<Cow<'v, str>> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Cow::Borrowed(text)),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().into()),
            DeValue::Float(number) => Ok(number.as_str().into()),
            DeValue::Datetime(time) => Ok(time.to_string().into()),
            _ => Err(self.wrong(
                value.span().start,
                &format!("{name} takes text or a number"),
            )),
        }
    }

    fn text_of<'v>(&self, value: &'v Spanned<DeValue<'_>>, name: &str) -> Result<Cow<'v, str>> {
        let text = value.get_ref().as_str();
        text.map(Cow::Borrowed)
            .ok_or_else(|| self.wrong(value.span().start, &format!("{name} is text: \"...\"")))
    }

    /// A section has no kind, perhaps since its key is not spelled so.
    fn no_kind(&self, at: usize, table: &DeTable<'_>, kinds: &str) -> Error {
        let options: Vec<About> = KINDS.iter().flat_map(Kind::options).collect();
        let known = |name: &str| {
            let mut options = options.iter();
            name == "title" || options.any(|option| option.is_called(name))
        };
        let unknown = table.keys().filter(|key| !known(key.get_ref()));
        let Some(key) = unknown.min_by_key(|key| key.span().start) else {
            return self.wrong(at, &format!("this section has no kind; there are {kinds}"));
        };
        let name = key.get_ref().as_ref();
        let mut names: Vec<&str> = options.iter().map(|option| option.long).collect();
        names.extend(["kind", "title"]);
        let what = format!(
            "unknown key {:?}; {}this section has no kind; there are {kinds}",
            printable(name.as_bytes()),
            nearest(name, &names),
        );
        self.wrong(key.span().start, &what)
    }

    fn no_option(
        &self,
        key: &Spanned<Cow<'_, str>>,
        name: &str,
        kind: &Kind,
        options: &[About],
    ) -> Error {
        if kind.knows(name) {
            let what = format!(
                "{name} is no option of a section; it is one of the whole report: \
                 give it on the command line"
            );
            return self.wrong(key.span().start, &what);
        }
        let mut names: Vec<&str> = options.iter().map(|option| option.long).collect();
        names.extend(["kind", "title"]);
        names.sort_unstable();
        self.unknown(key, name, &names)
    }

    fn unknown(&self, key: &Spanned<Cow<'_, str>>, name: &str, known: &[&str]) -> Error {
        let what = format!(
            "unknown key {:?}; {}there are {}",
            printable(name.as_bytes()),
            nearest(name, known),
            known.join(", ")
        );
        self.wrong(key.span().start, &what)
    }

    fn wrong(&self, at: usize, what: &str) -> Error {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.split(|&b| b == b'\n').count();
        let what = what.trim_end().replace('\n', " ");
        let path = printable(self.path.as_os_str().as_encoded_bytes());
        Error::new(ErrorKind::Config(format!("{path}: line {line}: {what}")))
    }
}

/// `did you mean ...?`, if something is near.
fn nearest(name: &str, known: &[&str]) -> String {
    let near = usage::nearest(name, known.iter().copied());
    near.map_or(String::new(), |near| format!("did you mean {near}? "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::EXAMPLE;

    fn parsed(text: &str) -> Result<ReportRequest, String> {
        let asked = parse(Path::new("r.toml"), text, &Typed::new());
        asked
            .map(|asked| asked.request)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_example_is_a_spec() {
        let request = parsed(EXAMPLE).unwrap();
        assert_eq!(request.title, "Application log");
        let kinds: Vec<&str> = request.sections.iter().map(|s| s.question.kind()).collect();
        for kind in KINDS {
            assert!(kinds.contains(&kind.name), "{}", kind.name);
        }
        assert_eq!(request.sections[5].select.conditions, ["level=error"]);
    }

    /// Specs, and what is said of them.
    const WRONG: &[(&str, &[&str])] = &[
        ("title = 1\n", &["line 1", "title is text"]),
        ("a = \n", &["line 1"]),
        (
            "titel = \"x\"\n",
            &["line 1", "unknown key \"titel\"", "did you mean title?"],
        ),
        ("title = \"x\"\n", &["no [[section]]"]),
        ("[section]\nkind = \"top\"\n", &["two brackets"]),
        ("[[section]]\ntitle = \"x\"\n", &["line 1", "no kind"]),
        (
            "[[section]]\ntitle = \"x\"\nkidn = \"top\"\n",
            &[
                "line 3",
                "unknown key \"kidn\"",
                "did you mean kind?",
                "no kind",
            ],
        ),
        (
            "[[section]]\nby = \"level\"\nlimt = 3\n",
            &["line 3", "unknown key \"limt\"", "did you mean limit?"],
        ),
        (
            "[[sectoin]]\nkind = \"top\"\n",
            &["line 1", "unknown key \"sectoin\"", "did you mean section?"],
        ),
        (
            "[[section]]\nkind = \"top\"\nzzz = 1\n",
            &["line 3", "unknown key \"zzz\"", "there are"],
        ),
        (
            "\n[[section]]\nkind = \"tpo\"\n",
            &["line 3", "did you mean top?"],
        ),
        (
            "[[section]]\nkind = \"top\"\nby = \"level\"\nlimt = 3\n",
            &["line 4", "unknown key \"limt\"", "did you mean limit?"],
        ),
        (
            "[[section]]\nkind = \"stats\"\norder = \"time\"\n",
            &["line 3", "whole report"],
        ),
        (
            "[[section]]\nkind = \"stats\"\nsince = \"soon\"\n",
            &["line 1", "no point in time"],
        ),
        (
            "[[section]]\nkind = \"stats\"\nwc = true\n",
            &["line 3", "wc"],
        ),
        ("[[section]]\nkind = \"top\"\n", &["line 1", "regexp"]),
        ("[[section]]\nkind = \"count\"\n", &["line 1", "regexp"]),
        (
            "[[section]]\nkind = \"timeline\"\nbucket = \"soon\"\n",
            &["line 1", "soon"],
        ),
        (
            "[[section]]\nkind = \"count\"\nregexp = [\"a\"]\nignore-case = 1\n",
            &["line 4", "true or false"],
        ),
        (
            "[[section]]\nkind = \"templates\"\ntop = [1, 2]\n",
            &["line 3", "one value"],
        ),
    ];

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, want) in WRONG {
            let error = parsed(text).unwrap_err();
            for want in *want {
                assert!(error.contains(want), "{text}: {error}");
            }
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn options_as_on_the_command_line() {
        let text = "[[section]]\nkind = \"top\"\nby = [\"level\", \"path\"]\nlimit = 7\n\
                    and = \"x\"\n[[section]]\nkind = \"count\"\nignore-case = true\n\
                    regexp = [\"--a\", \"b\"]\n";
        let request = parsed(text).unwrap();
        let json = serde_json::to_value(&request).unwrap();
        let top = &json["sections"][0]["question"]["top"];
        assert_eq!(top["by"].as_array().unwrap().len(), 2);
        assert_eq!(top["options"]["limit"], 7);
        assert_eq!(json["sections"][0]["select"]["and"][0], "x");
        let count = &json["sections"][1]["question"]["count"];
        assert_eq!(count["patterns"][0]["pattern"], "--a");
        assert_eq!(count["patterns"][1]["pattern"], "b");
    }
}
