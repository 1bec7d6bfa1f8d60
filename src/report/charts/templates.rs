//! Templates to look at.

use super::Card;
use crate::report::TemplatesBody;

impl TemplatesBody {
    pub(in crate::report) fn to_see_first(&self) -> Vec<Card> {
        let first = self.templates.first();
        let note = first.map_or(String::new(), |first| {
            format!("the first is {:.1}% of all", first.percent)
        });
        vec![Card::new("Kinds of messages", self.distinct, note)]
    }
}
