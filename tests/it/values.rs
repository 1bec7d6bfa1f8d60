//! `swathe::statistic::Values` against a reference that keeps every number, on
//! lines full of numbers.

use grep_matcher::{Captures as _, Matcher as _};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    key::{Key, KeyOptions, Keys},
    pattern::PatternOptions,
    progress::Silent,
    report::{StatsGroups, ValuesBody},
    source::Source,
    statistic::{RowLimit, Statistic, Values, ValuesAnswer, ValuesOptions, ValuesSort},
};

use crate::{laws, naive, stat_invariance::one_answer};

const PATTERN: &str = r"k=(\w*)(?: v=(\S*))?";

fn keys(by: &[&str]) -> Vec<Key> {
    by.iter().map(|key| key.parse().unwrap()).collect()
}

fn values(by: &[&str], options: ValuesOptions) -> Values {
    let mut all = keys(by);
    all.push(Key::Capture(2));
    let pattern = KeyOptions {
        pattern: Some(PATTERN.into()),
        ..KeyOptions::default()
    };
    Values::new(Keys::new(&all, &pattern).unwrap(), options)
}

/// Lines with keys and numbers; numbers are eighths, so that the reference can
/// add them up without rounding.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![
        8 => (-20i32..400).prop_map(|eighths| format!("{}", f64::from(eighths) / 8.0)),
        1 => (0i32..9).prop_map(|kib| format!("{kib}KiB")),
        1 => Just("none".to_string()),
        1 => Just(String::new()),
        1 => Just("1e400".to_string()),
    ];
    let end = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("")];
    let line =
        ("[abc]{0,2}", number, end, 0..10u8).prop_map(|(key, number, end, kind)| match kind {
            0 => format!("nothing here{end}"),
            1 => format!("k={key}{end}"),
            2 => format!("k={key} v={number} k=z v=7{end}"),
            3 => format!("\u{fffd}\0k={key} v={number}{end}"),
            _ => format!("k={key} v={number}{end}"),
        });
    vec(line, 0..60).prop_map(|lines| lines.concat().into_bytes())
}

/// The number of a text, in eighths.
fn eighths(text: &str) -> Option<i64> {
    if let Some(kib) = text.strip_suffix("KiB") {
        return kib.parse::<i64>().ok().map(|kib| kib * 1024 * 8);
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some((number * 8.0) as i64)
}

/// Groups with their numbers, and how often there was none; in the order of
/// their keys.
fn groups(bytes: &[u8], by: bool, all: bool) -> Vec<(Option<String>, Vec<i64>, u64)> {
    let crlf = naive::is_crlf(bytes);
    let regex = PatternOptions::default().compile(&[PATTERN]).unwrap();
    let regex = regex.matcher();
    let mut groups: Vec<(Option<String>, Vec<i64>, u64)> = Vec::new();
    for line in naive::lines(bytes, crlf) {
        let mut captures = regex.new_captures().unwrap();
        let mut at = 0;
        while regex.captures_at(line.content, at, &mut captures).unwrap() {
            let text = |i: usize| {
                let found = &line.content[captures.get(i)?];
                Some(String::from_utf8(found.to_vec()).unwrap())
            };
            if let Some(value) = text(2) {
                let key = if by { text(1) } else { None };
                let place = groups.iter().position(|group| group.0 == key);
                let place = place.unwrap_or_else(|| {
                    groups.push((key, vec![], 0));
                    groups.len() - 1
                });
                match eighths(&value) {
                    Some(number) => groups[place].1.push(number),
                    None => groups[place].2 += 1,
                }
            }
            if !all {
                break;
            }
            at = captures.get(0).unwrap().end();
        }
    }
    groups.sort();
    groups
}

fn naive_row((key, numbers, not_a_number): &(Option<String>, Vec<i64>, u64)) -> Value {
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let n = sorted.len();
    let of = |eighths: i64| eighths as f64 / 8.0;
    let percentile = |thousandths: usize| {
        let rank = (n * thousandths).div_ceil(1000).max(1);
        sorted.get(rank - 1).map(|&number| of(number))
    };
    let sum: i64 = sorted.iter().sum();
    let squares: i128 = sorted.iter().map(|&x| i128::from(x) * i128::from(x)).sum();
    let variance = n as i128 * squares - i128::from(sum) * i128::from(sum);
    let some = |number: f64| (n > 0).then_some(number);
    json!({
        "key": key,
        "count": n,
        "not_a_number": not_a_number,
        "sum": of(sum),
        "min": sorted.first().map(|&x| of(x)),
        "max": sorted.last().map(|&x| of(x)),
        "mean": some(sum as f64 / (8 * n) as f64),
        "stddev": some((variance as f64 / (64 * n * n) as f64).sqrt()),
        "p50": percentile(500),
        "p90": percentile(900),
        "p95": percentile(950),
        "p99": percentile(990),
        "p999": percentile(999),
    })
}

fn row_of(row: &Value) -> Value {
    let mut row = row.clone();
    let histogram = row.as_object_mut().unwrap().remove("histogram").unwrap();
    let rows = histogram.as_array().unwrap().iter();
    let count: u64 = rows.map(|row| row[2].as_u64().unwrap()).sum();
    assert_eq!(json!(count), row["count"]);
    row
}

fn body(answer: ValuesAnswer, by: &[&str]) -> String {
    serde_json::to_string(&ValuesBody::new(answer, &keys(by), &Key::Capture(2))).unwrap()
}

fn check(bytes: &[u8], by: &[&str], all: bool) {
    let options = ValuesOptions {
        all,
        sort: ValuesSort::Key,
        limit: RowLimit::first(100),
        ..ValuesOptions::default()
    };
    let statistic = values(by, options);
    let got = one_answer(&statistic, bytes, &[1, 7, 64, 0], |answer| body(answer, by));
    let got: Value = serde_json::from_str(&got).unwrap();
    let rows: Vec<_> = got["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(row_of)
        .collect();
    let groups = groups(bytes, !by.is_empty(), all);
    let mut want: Vec<_> = groups.iter().map(naive_row).collect();
    if by.is_empty() && want.is_empty() {
        want.push(naive_row(&(None, vec![], 0)));
    }
    assert_eq!(json!(rows), through_text(&json!(want)));
    assert_eq!(got["distinct"], json!(groups.len()));
    let lines = naive::lines(bytes, false).len() as u64;
    let records = got["matched"].as_u64().unwrap() + got["unmatched_lines"].as_u64().unwrap();
    assert_eq!(records, lines);
}

/// As it is read back: 4.0 and 4 are one number there.
fn through_text(value: &Value) -> Value {
    serde_json::from_str(&value.to_string()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_answer_and_the_right_one(bytes in lines(), all in any::<bool>()) {
        check(&bytes, &[], all);
        check(&bytes, &["$1"], all);
    }

    #[test]
    fn groups_of_lines(bytes in lines()) {
        check_groups(&bytes);
    }

    #[test]
    fn the_laws_hold_for_numbers(bytes in lines(), cuts in vec(0usize..400, 0..5)) {
        let few = ValuesOptions { max_groups: Some(3), ..ValuesOptions::default() };
        laws::check(&values(&["$1"], few), &bytes, &cuts);
        laws::check(&values(&[], ValuesOptions::default()), &bytes, &cuts);
        laws::check(&laws::text_by(1000), &bytes, &cuts);
    }
}

/// `stats --by`: the numbers of a key are those of a text of its lines.
fn check_groups(bytes: &[u8]) {
    let statistic = laws::text_by(1 << 30);
    let by = keys(&["field:1"]);
    let got = one_answer(&statistic, bytes, &[1, 64, 0], |answer| {
        serde_json::to_string(&StatsGroups::new(answer, &by, false)).unwrap()
    });
    let got: Value = serde_json::from_str(&got).unwrap();
    let crlf = naive::is_crlf(bytes);
    let mut texts: Vec<(Option<Vec<u8>>, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let is_space = |b: &u8| b.is_ascii_whitespace() || *b == 0x0b;
        let mut fields = line.split(is_space).filter(|field| !field.is_empty());
        let key = fields.next().map(<[u8]>::to_vec);
        match texts.iter_mut().find(|text| text.0 == key) {
            Some(text) => text.1.extend(line),
            None => texts.push((key, line.to_vec())),
        }
    }
    let groups = got["groups"].as_array().unwrap();
    assert_eq!(groups.len(), texts.len());
    for group in groups {
        let key = match &group["key"] {
            Value::String(key) => Some(key.clone().into_bytes()),
            Value::Null => None,
            // The generator's only text that is no UTF-8 is not a key here.
            other => panic!("{other}"),
        };
        let text = texts
            .iter()
            .find(|text| text.0 == key)
            .expect("a group of the reference");
        let mut want = naive::stats(&text.1, crlf, 0);
        let want = want.as_object_mut().unwrap();
        for other in ["final_newline", "line_ending", "longest_lines"] {
            want.remove(other);
        }
        want.insert("key".into(), group["key"].clone());
        assert_eq!(*group, through_text(&json!(want)));
    }
    assert_eq!(got["other"], json!(0));
}

/// The answer after as many passes as the statistic wants.
fn all_passes(statistic: Values, bytes: &[u8]) -> ValuesAnswer {
    let fold = Fold {
        executor: &Executor::new(2),
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size: 5000,
            ..FoldOptions::default()
        },
    };
    let (answer, ending) = fold
        .passes(statistic, &Source::from_bytes("x", bytes))
        .unwrap();
    assert!(ending.is_complete());
    answer
}

#[test]
fn groups_that_do_not_fit_are_looked_at_in_more_passes() {
    let line = |i: u32| format!("k={} v={}\n", i * i % 1009, f64::from(i % 97) / 8.0);
    let text: String = (0..20_000).map(line).collect();
    for sort in [
        ValuesSort::Count,
        ValuesSort::Sum,
        ValuesSort::Max,
        ValuesSort::P99,
        ValuesSort::Key,
    ] {
        let options = |max_groups| ValuesOptions {
            max_groups,
            sort,
            limit: RowLimit::first(7),
            ..ValuesOptions::default()
        };
        let one = all_passes(values(&["$1"], options(None)), text.as_bytes());
        let many = all_passes(values(&["$1"], options(Some(60))), text.as_bytes());
        assert_eq!(one.passes, 1);
        assert!(many.passes > 5 && many.kept_one_in == 1);
        assert_eq!(one.groups, many.groups);
        assert_eq!((one.distinct, one.other), (many.distinct, many.other));
    }
}

#[test]
fn exact_percentiles_of_more_numbers_than_fit() {
    let line = |i: u32| format!("k={} v={}\n", i % 3, f64::from(i * 7919 % 100_003) / 8.0);
    let text: String = (0..100_000).map(line).collect();
    let answer = |exact, sort| {
        let options = ValuesOptions {
            exact,
            sort,
            limit: RowLimit::first(2),
            ..ValuesOptions::default()
        };
        all_passes(values(&["$1"], options), text.as_bytes())
    };
    for sort in [ValuesSort::Key, ValuesSort::P99] {
        let (close, exact) = (answer(false, sort), answer(true, sort));
        assert!(close.groups.iter().all(|group| !group.numbers.exact));
        assert!(exact.groups.iter().all(|group| group.numbers.exact));
        assert_eq!((close.passes, exact.passes), (1, 2));
        let mut want: Vec<_> = groups(text.as_bytes(), true, false)
            .iter()
            .map(naive_row)
            .collect();
        if sort == ValuesSort::P99 {
            let p99 = |row: &Value| row["p99"].as_f64().unwrap();
            want.sort_by(|a, b| p99(b).total_cmp(&p99(a)));
        }
        let got = body(exact, &["$1"]);
        let got: Value = serde_json::from_str(&got).unwrap();
        let got: Vec<_> = got["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(row_of)
            .collect();
        assert_eq!(json!(got), through_text(&json!(want[..2])));
        for (close, exact) in close.groups.iter().zip(&want) {
            if close.key[0].as_deref() != exact["key"].as_str().map(str::as_bytes) {
                continue;
            }
            let (p50, want) = (
                close.numbers.percentiles[0].unwrap(),
                exact["p50"].as_f64().unwrap(),
            );
            assert!((p50 - want).abs() <= want * 0.008, "{p50} {want}");
        }
    }
}

#[test]
fn what_is_left_out_is_said() {
    let line = |i: u32| format!("k={i} v={i}\n");
    let text = (0..1000).map(line).collect::<Vec<_>>().concat();
    let options = ValuesOptions {
        max_groups: Some(100),
        ..ValuesOptions::default()
    };
    let statistic = values(&["$1"], options);
    let fold = Fold {
        executor: &Executor::new(1),
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions::default(),
    };
    let source = Source::from_reader("x", std::io::Cursor::new(text));
    let folded = fold.run(&statistic, &source).unwrap();
    let answer = statistic.finish(folded.part.partial);
    assert!(answer.kept_one_in >= 8 && answer.distinct_error.is_some());
    assert!(
        (500..2000).contains(&answer.distinct),
        "{}",
        answer.distinct
    );
    let body: Value = serde_json::from_str(&body(answer, &["$1"])).unwrap();
    assert_eq!(body["exact"], json!(false));
    assert!(body["error"].as_str().unwrap().contains("one of"));
}
