//! What goes beyond ripgrep.

use crate::{
    cli::{
        flag::{Flag, Group},
        value,
    },
    search::low::Low,
};

pub(super) fn flags() -> Vec<Flag<Low>> {
    Flag::grouped(Group::Beyond, counts())
}

fn counts() -> Vec<Flag<Low>> {
    vec![
        Flag::switch(
            "count-total",
            "Print one count over all files",
            |low: &mut Low, on| {
                low.beyond.count_total = on;
            },
        )
        .no("no-count-total")
        .more(
            "With -o or --count-matches: of matches. It is printed even if it is zero. A file \
             that could not be read to its end is not in it.",
        ),
        Flag::value(
            "first",
            "N",
            "Stop after N lines over all files",
            |low: &mut Low, v| {
                low.beyond.first = Some(value::number(v)?);
                Ok(())
            },
        )
        .more(
            "The first N lines that match, with their context, in the order of the files; \
             nothing is read for more. -m counts in each file, this over all.",
        ),
    ]
}
