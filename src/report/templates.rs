//! The rows of `swathe templates`.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{
    Card, Cell, Column, Name, Table, Tabular, Unit, Warning, grouped, name::serialize_bytes,
};
use crate::statistic::TemplatesAnswer;

/// What `swathe templates` has to say.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TemplatesBody {
    /// The most frequent templates.
    pub templates: Vec<TemplateRow>,
    /// How many different ones there are.
    pub distinct: u64,
    /// All records.
    pub records: u64,
    /// Records of the templates that are not shown.
    pub other: u64,
    /// There were too many templates to tell all of them apart. Counts are
    /// exact all the same, but some templates are of records that differ in
    /// more than their values.
    pub coarse: bool,
}

/// One kind of record.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct TemplateRow {
    /// Its place among all templates, from 1.
    pub id: u64,
    /// What its records have in common, `<*>` where they differ.
    #[serde(serialize_with = "text_or_bytes")]
    #[schemars(with = "Name")]
    pub template: Vec<u8>,
    /// How many there are.
    pub count: u64,
    /// Their share of all records, in percent.
    pub percent: f64,
    /// The first of them.
    pub example: ExampleRow,
}

/// A record as it stands in a file.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct ExampleRow {
    /// The file.
    pub path: Name,
    /// The number of its first line, from 1.
    pub line: u64,
    /// The offset of that line in bytes.
    pub offset: u64,
    /// The record; a long one is cut.
    #[serde(serialize_with = "text_or_bytes")]
    #[schemars(with = "Name")]
    pub text: Vec<u8>,
}

fn text_or_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serialize_bytes(bytes, serializer)
}

impl TemplatesBody {
    /// The first `limit` rows of an answer. `sources` are the
    /// names of the sources that positions speak of.
    pub fn new(
        answer: TemplatesAnswer,
        limit: usize,
        sources: &[impl AsRef<Path>],
    ) -> TemplatesBody {
        let (distinct, records) = (answer.templates.len() as u64, answer.records);
        let shown = (1..).zip(answer.templates).take(limit);
        let rows = shown.filter_map(|(id, template)| {
            let path = sources.get(template.first.source as usize)?;
            Some(TemplateRow {
                id,
                template: template.template,
                count: template.count,
                percent: 100.0 * template.count as f64 / records as f64,
                example: ExampleRow {
                    path: Name::from(path.as_ref()),
                    line: template.first.line,
                    offset: template.first.offset,
                    text: template.example,
                },
            })
        });
        let templates: Vec<TemplateRow> = rows.collect();
        TemplatesBody {
            other: records - templates.iter().map(|row| row.count).sum::<u64>(),
            templates,
            distinct,
            records,
            coarse: answer.coarse,
        }
    }
}

impl Tabular for TemplatesBody {
    fn tables(&self) -> Vec<Table> {
        let mut table = Table::new(
            "templates",
            [
                Column::detail("id"),
                Column::measure("count").bar(),
                Column::detail("percent").unit(Unit::Percent),
                Column::label("template"),
                Column::detail("path").data_only(),
                Column::detail("line").data_only(),
                Column::detail("offset").data_only(),
                Column::detail("text").data_only(),
            ],
        );
        for row in &self.templates {
            table.row([
                row.id.into(),
                row.count.into(),
                row.percent.into(),
                Cell::from(row.template.as_slice()),
                Cell::from(&row.example.path),
                row.example.line.into(),
                row.example.offset.into(),
                Cell::from(row.example.text.as_slice()),
            ]);
        }
        table.note(format!(
            "{} of {}",
            counted(self.distinct, "template"),
            counted(self.records, "record")
        ));
        if self.other > 0 {
            let hidden = self.distinct - self.templates.len() as u64;
            table.note(format!(
                "not shown: {} of {} (--top=0 shows all)",
                counted(hidden, "template"),
                counted(self.other, "record")
            ));
        }
        if self.coarse {
            table.note(
                "there were too many templates to tell all apart; some are of unlike records \
                 (--max-templates tells more apart)",
            );
        }
        vec![table]
    }

    fn warnings(&self) -> Vec<Warning> {
        let message = "there were too many templates to tell all of them apart";
        let coarse = self
            .coarse
            .then(|| Warning::plain("coarse_templates", message));
        coarse.into_iter().collect()
    }

    fn cards(&self) -> Vec<Card> {
        self.to_see_first()
    }
}

fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(count))
}
