use sha2::{Digest as _, Sha256};

use super::*;
use crate::report::{Cell, Column, Part, Selected, Table, Unit, Warning, to_base64};

#[test]
fn the_policy_names_the_script_and_the_style() {
    let hash = |text: &str| format!("sha256-{}", to_base64(&Sha256::digest(text)));
    assert_eq!(SCRIPT_HASH, hash(SCRIPT), "SCRIPT_HASH must be this");
    assert_eq!(STYLE_HASH, hash(STYLE), "STYLE_HASH must be this");
    assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
}

fn part(rows: usize) -> Part {
    let columns = [
        Column::label("key"),
        Column::measure("count").bar(),
        Column::detail("percent").unit(Unit::Percent),
        Column::detail("text").data_only(),
    ];
    let mut table = Table::new("groups", columns);
    for row in 0..rows {
        table.row([
            Cell::from(format!("<key {row}>")),
            Cell::Count(row as u64),
            Cell::Number(1.5),
            Cell::from("\"quoted\" </td>"),
        ]);
    }
    table.note("a <note>");
    Part {
        kind: "top",
        title: "Keys & values".into(),
        only: vec!["where a<b".into()],
        tables: vec![table.clone()],
        for_people: vec![table],
        charts: Vec::new(),
        cards: Vec::new(),
    }
}

fn shown(parts: &[Part], rows: usize) -> String {
    let page = Page {
        title: "A <title>",
        parts,
        warnings: &[Warning::plain("x", "look <here>")],
        errors: &["no.log: gone".to_string()],
        selected: &Selected::default(),
        skipped: &[("binary".to_string(), 2)],
        timing: None,
        json: "{\"a\":\"</script>\"}\n",
    };
    write(&page, rows)
}

#[test]
fn a_page_is_all_there_is() {
    let page = shown(&[part(12_345)], 100);
    assert!(page.contains("showing 100 of 12,345"));
    assert_eq!(page.matches("<th scope=\"row\"><details>").count(), 100);
    // Sums are those of all rows.
    assert!(page.contains("76,193,340"));
    assert!(page.contains("Keys &amp; values") && page.contains("&lt;key 7&gt;"));
    assert!(page.contains("A &lt;title&gt;") && page.contains("look &lt;here&gt;"));
    assert!(page.contains("no.log: gone") && page.contains("only records: where a&lt;b"));
    for outside in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("</script>").count(), 2);
}

#[test]
fn what_every_page_has_is_small() {
    assert!(shown(&[part(1)], 100).len() < 40_000);
}
