//! Whether two sections ask the same, whatever they show of the answer.

use serde_json::Value;

use super::{Question, ReportRequest, Request as _, SectionRequest};
use crate::{key::Key, select::Selection, statistic::RowLimit};

/// The fields of a question of each kind that change what is counted; the
/// others choose what is kept and shown of it. Patterns have names of their
/// own.
const ASKED: [(&str, &[&str]); 5] = [
    ("count", &["options"]),
    ("top", &["by", "keys", "options/all"]),
    (
        "values",
        &["of", "by", "keys", "options/all", "options/unit"],
    ),
    ("timeline", &["by", "keys", "pattern_options"]),
    ("stats", &["by/by", "by/keys"]),
];

impl ReportRequest {
    /// The request for all groups and templates, and not only the first.
    #[must_use]
    pub fn with_all_groups(&self) -> ReportRequest {
        let mut all = self.clone();
        for limit in all.row_limits() {
            *limit = RowLimit::ALL;
        }
        all
    }
}

impl SectionRequest {
    /// In what this section asks something else than another, in a word;
    /// `None` if both ask the same, be it of other times. How much is shown of the answer does not
    /// matter, nor which patterns are counted: each has a row of its own.
    pub fn differs_from(&self, other: &SectionRequest) -> Option<String> {
        let kind = self.question.kind();
        if kind != other.question.kind() {
            return Some("kind".into());
        }
        let timeless = |section: &SectionRequest| Selection {
            since: None,
            until: None,
            ..section.select.clone()
        };
        if timeless(self) != timeless(other) {
            return Some("and, not, where".into());
        }
        let [mine, others] = [self, other].map(|section| {
            let question = serde_json::to_value(&section.question);
            question.expect("a question is plain data")
        });
        let asked = ASKED.iter().find(|(name, _)| *name == kind);
        let fields = asked.map_or(&[][..], |(_, fields)| fields);
        let at = |json: &Value, field: &str| json.pointer(&format!("/{kind}/{field}")).cloned();
        let differs = fields
            .iter()
            .find(|field| at(&mine, field) != at(&others, field));
        differs.map(|field| field.rsplit('/').next().unwrap_or(field).replace('_', " "))
    }

    /// Whether it is about all records, and their sum stands in the answer.
    pub fn counts_all(&self) -> bool {
        let grouped = matches!(&self.question, Question::Stats(request) if request.by.is_some());
        self.select.is_everything() && !grouped
    }

    /// The kind of section that has all its counts too: of a timeline of all
    /// lines `stats`, of one by level `levels`.
    pub fn says_as_much_as(&self) -> Option<&'static str> {
        let Question::Timeline(request) = &self.question else {
            return None;
        };
        let options = &request.options;
        let plain = options.patterns.is_empty() && self.select.is_everything();
        match options.by.as_slice() {
            [] if plain => Some("stats"),
            [Key::Level] if plain => Some("levels"),
            _ => None,
        }
    }
}
