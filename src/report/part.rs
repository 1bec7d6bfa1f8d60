//! One answer among several, as the formats take it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Card, Chart, Table, Tabular};

/// One answer, made ready for every format that is not JSON.
#[derive(Clone, Debug)]
pub struct Part {
    /// What was asked: the name of a command.
    pub kind: &'static str,
    /// What it is called.
    pub title: String,
    /// Which records it is about, where that is not all.
    pub only: Vec<String>,
    /// The numbers for programs.
    pub tables: Vec<Table>,
    /// The numbers for people.
    pub for_people: Vec<Table>,
    /// What there is to see.
    pub charts: Vec<Chart>,
    /// The numbers that should be seen first.
    pub cards: Vec<Card>,
}

impl Part {
    /// The answer of a body to a question of this kind, called by its kind.
    pub fn of(body: &impl Tabular, kind: &'static str) -> Part {
        Part {
            kind,
            title: kind.to_string(),
            only: Vec::new(),
            tables: body.tables(),
            for_people: body.tables_of_a_part(),
            charts: body.charts(),
            cards: body.cards(),
        }
    }
}

/// Flags that a report has itself, so that what names them can be done as it is said.
const OF_REPORTS: [&str; 8] = [
    "--base-year",
    "--format",
    "--record",
    "--record-max",
    "--since",
    "--time-format",
    "--timing",
    "--until",
];

/// What a command says of its own flags, for a report: there they are options of the
/// sections of a spec.
pub(crate) fn of_a_spec(said: &str) -> String {
    let mut out = String::new();
    for (at, word) in said.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let (open, bare) = word.split_at(usize::from(word.starts_with('(')));
        let end = bare.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '=');
        let (flag, rest) = bare.split_at(end.unwrap_or(bare.len()));
        let is_flag = flag.strip_prefix("--").filter(|name| !name.is_empty());
        let is_own = OF_REPORTS.contains(&flag) || at > 0 && out.ends_with("swathe top ");
        match is_flag.filter(|_| !is_own) {
            Some(name) => {
                out.push_str(open);
                out.push_str(name);
                out.push_str(" in a spec");
                out.push_str(rest);
            }
            None => out.push_str(word),
        }
    }
    out
}

/// Something odd about the input or the numbers.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Warning {
    /// What it is about, one word for programs: `invalid_utf8`.
    pub about: &'static str,
    /// How much of it there is, where that can be counted.
    pub count: Option<u64>,
    /// What is odd, as a sentence.
    pub message: String,
}

impl Warning {
    /// So much of something.
    pub fn counted(about: &'static str, count: u64, message: impl Into<String>) -> Warning {
        Warning {
            about,
            count: Some(count),
            message: message.into(),
        }
    }

    /// Whether it is about the answer, and not about the input: what must be known
    /// to read the numbers in a format that has no place to say it.
    pub fn is_of_answer(&self) -> bool {
        matches!(self.about, "not_exact" | "wider_buckets")
    }

    /// Something that cannot be counted.
    pub fn plain(about: &'static str, message: impl Into<String>) -> Warning {
        Warning {
            about,
            count: None,
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_no_flag_it_does_not_have() {
        for (said, want) in [
            ("nothing odd", "nothing odd"),
            ("(--time-format says how)", "(--time-format says how)"),
            ("(--top=0 shows all)", "(top=0 in a spec shows all)"),
            (
                "more than --memory allows",
                "more than memory in a spec allows",
            ),
            (
                "with (--unit) -- or - none",
                "with (unit in a spec) -- or - none",
            ),
            (
                "(swathe top --by KEY counts all)",
                "(swathe top --by KEY counts all)",
            ),
        ] {
            assert_eq!(of_a_spec(said), want);
        }
    }
}
