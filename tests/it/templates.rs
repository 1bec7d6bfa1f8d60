//! Templates against a table built line by line, however the input is cut.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use swathe::{
    report::TemplatesBody,
    statistic::Templates,
    template::{mask_into, merge},
};

use crate::{
    nasty,
    stat_invariance::{SIZES, one_answer},
};

/// The rows as `swathe templates` has them, by one pass over the lines.
fn naive(bytes: &[u8], crlf: bool) -> Value {
    let mut offset = 0;
    let mut lines = vec![];
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let mut content = line.strip_suffix(b"\n").unwrap_or(line);
        if crlf {
            content = content.strip_suffix(b"\r").unwrap_or(content);
        }
        let mut mask = vec![];
        mask_into(content, &mut mask);
        lines.push((mask, offset, content.to_vec()));
        offset += line.len();
    }
    let mut masks: Vec<&[u8]> = lines.iter().map(|line| &*line.0).collect();
    masks.sort_unstable();
    masks.dedup();
    let merged = merge(&masks);
    let texts = merged.which.iter();
    let texts = texts.map(|&at| merged.texts[at as usize].clone());
    let merged: BTreeMap<&[u8], Vec<u8>> = masks.iter().copied().zip(texts).collect();
    let mut groups: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (i, (mask, ..)) in lines.iter().enumerate() {
        groups.entry(&merged[&**mask]).or_default().push(i);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_or(Value::Null, Value::from);
    let rows = (1..).zip(&groups).map(|(id, (template, of))| {
        let (_, offset, content) = &lines[of[0]];
        let shown = &content[..content.len().min(Templates::EXAMPLE)];
        json!({"id": id, "template": text(template), "count": of.len(),
            "line": of[0] + 1, "offset": offset, "text": text(shown)})
    });
    json!({"templates": rows.collect::<Vec<_>>(), "records": lines.len()})
}

/// The same of the answer; what is no text is not compared.
fn plain(json: &str) -> Value {
    let body: Value = serde_json::from_str(json).unwrap();
    let text = |value: &Value| value.as_str().map_or(Value::Null, Value::from);
    let rows = body["templates"].as_array().unwrap().iter().map(|row| {
        let example = &row["example"];
        json!({"id": row["id"], "template": text(&row["template"]), "count": row["count"],
            "line": example["line"], "offset": example["offset"], "text": text(&example["text"])})
    });
    json!({"templates": rows.collect::<Vec<_>>(), "records": body["records"]})
}

fn check(bytes: &[u8], sizes: &[u64]) {
    let json = |answer| {
        let body = TemplatesBody::new(answer, usize::MAX, &["x"]);
        serde_json::to_string(&body).unwrap()
    };
    let newline = bytes.iter().take(65536).position(|b| *b == b'\n');
    let crlf = newline.is_some_and(|at| at > 0 && bytes[at - 1] == b'\r');
    let got = plain(&one_answer(&Templates::default(), bytes, sizes, json));
    assert_eq!(
        got,
        naive(bytes, crlf),
        "{}",
        bytes[..bytes.len().min(2000)].escape_ascii()
    );
    // Too many templates: another answer, but still one.
    for max in [2, 5] {
        one_answer(&Templates { max }, bytes, sizes, json);
    }
}

#[test]
fn templates_of_hand_picked_inputs() {
    for bytes in nasty::hand_picked() {
        let many = bytes.len() > 10_000;
        check(&bytes, if many { &[4096, 0] } else { &SIZES });
    }
}

/// Lines of a log, more or less.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::select(vec![
        "",
        "2015-10-18 18:01:47,978 INFO [main] a.B: ",
        "Jun 14 15:16:01 combo sshd[19939]: ",
        "ERROR ",
    ]);
    let word = prop::sample::select(vec![
        "took", "12", "user", "for", "bob", "eve", "joe", "ann", "/etc/x", "id=7", "(3)", "<*>", "",
    ]);
    let line = (header, prop::collection::vec(word, 0..6));
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    (prop::collection::vec(line, 0..30), end, any::<bool>()).prop_map(|(lines, end, last)| {
        let lines = lines
            .into_iter()
            .map(|(header, words)| header.to_string() + &words.join(" "));
        let mut text = lines.collect::<Vec<_>>().join(end);
        if last {
            text.push_str(end);
        }
        text.into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn templates_of_random_bytes(bytes in nasty::small()) {
        check(&bytes, &[1, 64, 0]);
    }

    #[test]
    fn templates_of_random_logs(bytes in log()) {
        check(&bytes, &SIZES);
    }
}
