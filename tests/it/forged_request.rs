//! Saved reports and partials in which what was asked is forged, one field after the
//! other: each is refused by its name, or can be read, merged, compared and scanned
//! with. Their checksums are right.

use serde_json::{Value, json};
use swathe::{
    diff::{DiffOptions, Side, diff},
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    progress::Silent,
    report::{Format, Layout, Report},
    request::{
        CountRequest, ReportRequest, Request, Scope, StatsRequest, TemplatesRequest,
        TimelineRequest, TopRequest, ValuesRequest, saved::Saved, saved_report,
    },
    select::{Filtered, Selector},
    source::Source,
    time::Stamp,
};

use crate::{
    partials::{QUESTIONS, inputs, sealed, with},
    program::Folder,
    upgrade::{payload, with_payload},
};

const LOG: &str = "2026-11-01T10:00:00Z ERROR foo bar n=12\n  at foo\n\n\
    2026-11-01T11:30:00Z INFO foo n=3.5ms user=x\n\
    2026-11-03T00:00:00Z ERROR late n=-1\nfoo 2 n=2KiB";

const SPEC: &str = r#"
title = "All"
[[section]]
kind = "stats"
[[section]]
kind = "stats"
by = "level"
[[section]]
kind = "count"
regexp = ["foo", "n=[0-9]"]
where = "level=error"
[[section]]
kind = "top"
by = ["level", "field:1"]
distinct = "field:2"
sum = "logfmt:n"
limit = 3
[[section]]
kind = "values"
of = "logfmt:n"
by = "time:1h"
since = "2026-11-01T00:00Z"
[[section]]
kind = "timeline"
by = "level"
bucket = "1h"
gaps-over = "10m"
[[section]]
kind = "templates"
[[section]]
kind = "levels"
"#;

/// What stands in the place of a value.
fn replacements() -> Vec<Value> {
    vec![
        json!(0),
        json!(1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!("x\u{0}("),
        json!("x".repeat(300)),
        json!(2.5),
        json!({}),
        json!(""),
        json!(null),
        json!([]),
    ]
}

/// The places of all values in it, as JSON pointers.
fn places(at: &str, value: &Value, all: &mut Vec<String>) {
    all.push(at.to_string());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(&format!("{at}/{name}"), member, all);
            }
        }
        Value::Array(elements) => {
            for (number, element) in elements.iter().enumerate() {
                places(&format!("{at}/{number}"), element, all);
            }
        }
        _ => {}
    }
}

/// The same with each value of what was asked replaced by each other, and its place.
fn forgeries(partial: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut lines = partial.splitn(3, |&b| b == b'\n');
    let header = lines.nth(1).expect("a header");
    let header: Value = serde_json::from_slice(header).expect("a header is JSON");
    let mut all = Vec::new();
    for part in ["request", "scope"] {
        places(&format!("/{part}"), &header[part], &mut all);
    }
    let mut forged = Vec::new();
    for place in all {
        for replacement in replacements() {
            let mut changed = header.clone();
            let value = changed.pointer_mut(&place).expect("a place");
            if *value == replacement {
                continue;
            }
            let what = format!("{place}: {replacement}");
            *value = replacement;
            let bytes = with_header(partial, &changed);
            forged.push((what, bytes));
        }
        for renamed in [None, Some("renamed")] {
            let mut changed = header.clone();
            let (parent, name) = place.rsplit_once('/').expect("a place");
            let Some(Value::Object(members)) = changed.pointer_mut(parent) else {
                continue;
            };
            let member = members.remove(&name.replace("~1", "/").replace("~0", "~"));
            members.extend(renamed.map(str::to_string).zip(member));
            let bytes = with_header(partial, &changed);
            forged.push((format!("{place}: {renamed:?}"), bytes));
        }
    }
    forged
}

fn with_header(partial: &[u8], header: &Value) -> Vec<u8> {
    sealed(partial, |body| {
        let end = body.iter().position(|&b| b == b'\n').expect("a header");
        [header.to_string().as_bytes(), &body[end..]].concat()
    })
}

/// Uses it for all it is good for, every so often in every format; false if it is
/// refused, by its name.
fn is_used<R: Request>(number: usize, bytes: &[u8], executor: &Executor) -> bool {
    let name = "x.partial".as_ref();
    let read = Saved::open(name, bytes).and_then(|saved| {
        let (request, scope, statistic) = saved.request::<R>()?;
        let collected = saved.gathered::<R>(&statistic)?;
        Ok((request, scope, statistic, collected))
    });
    let (request, scope, statistic, mut collected) = match read {
        Ok(read) => read,
        Err(error) => {
            assert_eq!(error.path(), Some(name), "{error}");
            return false;
        }
    };
    if let Ok(scanned) = scan(&statistic, &scope, executor) {
        collected.append(&statistic, scanned);
    }
    let body = request.body(collected.finish(&statistic));
    let report = Report::new(R::COMMAND, vec![], body);
    let mut formats = vec![Format::Json, Format::Text];
    if number.is_multiple_of(32) {
        formats.extend(Format::ALL.map(|(_, format)| format));
    }
    for format in formats {
        let shown = report.to_format(format, &Layout::default());
        assert!(shown.is_ok() || format == Format::Prometheus);
    }
    true
}

/// What comes of a log that is read with the same scope.
fn scan<S: swathe::statistic::Statistic>(
    statistic: &S,
    scope: &Scope,
    executor: &Executor,
) -> swathe::Result<swathe::request::Collected<S::Partial>> {
    let selector = Selector::new(scope.selection.clone())?;
    let fold = Fold {
        executor,
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size: 16,
            line_ending: scope.line_ending,
            record: scope.record.clone(),
            times: scope.times.options(Stamp::from_nanos(0)),
            ..FoldOptions::default()
        },
    };
    let filtered = Filtered::new(statistic, &selector);
    let folded = fold.run(&filtered, &Source::from_bytes("log", LOG))?;
    let mut collected = swathe::request::Collected::nothing(statistic);
    let file = swathe::request::FilePartial {
        name: "log".into(),
        complete: true,
        grew: false,
        bytes_on_disk: None,
        cut_records: 0,
        partial: folded.part.partial.settled(),
    };
    collected.add(statistic, file, true);
    Ok(collected)
}

fn all_used<R: Request>(name: &str, partial: &[u8], executor: &Executor) -> usize {
    let forged = forgeries(partial);
    let used = forged.iter().enumerate();
    let used = used.filter(|(number, (_, bytes))| is_used::<R>(*number, bytes, executor));
    let (used, all) = (used.count(), forged.len());
    assert!(
        all > 100 && used > 0 && used < all,
        "{name}: {used} of {all}"
    );
    all
}

#[test]
fn partials_of_forged_questions_are_refused_or_used() {
    let folder = Folder::new("forged-questions");
    let inputs = inputs(&folder);
    let executor = Executor::new(1);
    let mut all = 0;
    for question in QUESTIONS {
        let asked = with(question, &["--partial", "-"]);
        let partial = folder.answer(&with(&asked, &inputs));
        let name = question.join(" ");
        all += match question[0] {
            "stats" => all_used::<StatsRequest>(&name, &partial, &executor),
            "count" => all_used::<CountRequest>(&name, &partial, &executor),
            "top" => all_used::<TopRequest>(&name, &partial, &executor),
            "values" => all_used::<ValuesRequest>(&name, &partial, &executor),
            "timeline" => all_used::<TimelineRequest>(&name, &partial, &executor),
            "templates" => all_used::<TemplatesRequest>(&name, &partial, &executor),
            other => panic!("{other} is in the list of questions and not here"),
        };
    }
    assert!(all > 5000, "{all}");
}

fn side(bytes: &[u8]) -> Option<Side> {
    let saved = Saved::open("x.json".as_ref(), bytes).ok()?;
    let (request, scope, statistic) = saved.request::<ReportRequest>().ok()?;
    let collected = saved.gathered::<ReportRequest>(&statistic).ok()?;
    Some(Side {
        request,
        scope,
        collected,
    })
}

/// Reports whose answers are forged, of those that are not refused.
fn forged_answers(partial: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut used = Vec::new();
    for (place, way) in payload(partial).places(1) {
        for forgery in payload(partial).at(&way).forgeries() {
            let what = format!("{place}: {forgery:?}");
            let forged = with_payload(partial, |tree| *tree.at(&way) = forgery);
            if side(&forged).is_some() {
                used.push((what, forged));
            }
        }
    }
    used
}

/// How many of the forged reports that are not refused go through the program.
const TRIES: usize = 12;

#[test]
fn forged_reports_are_refused_or_used() {
    let folder = Folder::new("forged-reports");
    folder.write("spec", SPEC);
    folder.write("log", LOG);
    let asked = ["report", "--spec=spec", "--record=auto", "--and=o", "log"];
    let whole = folder.answer(&with(&asked, &["--format=json"]));
    let partial = saved_report::extract("whole".as_ref(), whole.clone()).expect("a partial");
    folder.write("whole", whole);
    let executor = Executor::new(1);
    let mut used = Vec::new();
    for (number, (what, bytes)) in forgeries(&partial).into_iter().enumerate() {
        if !is_used::<ReportRequest>(number, &bytes, &executor) {
            continue;
        }
        let both = [side(&bytes), side(&partial)].map(|side| side.expect("it was read"));
        let [mut before, mut after] = both;
        if number.is_multiple_of(2) {
            std::mem::swap(&mut before, &mut after);
        }
        // What cannot be compared is an error.
        let _ = diff(before, after, &DiffOptions::default());
        used.push((what, bytes));
    }
    assert!(used.len() > 4 * TRIES, "{}", used.len());
    // What is scanned is cut by what the scope says: all of that.
    let (scope, asked): (Vec<_>, Vec<_>) = used
        .into_iter()
        .partition(|(what, _)| what.starts_with("/scope/record"));
    let step = asked.len() / TRIES;
    let answers = forged_answers(&partial);
    assert!(answers.len() > 4 * TRIES, "{}", answers.len());
    let answers = answers.iter().step_by(answers.len() / TRIES);
    let asked = asked.iter().step_by(step);
    for (what, bytes) in scope.iter().chain(asked).chain(answers) {
        let json = json!({"schema": 1, "command": "report", "partial": saved_report::embed(bytes)});
        folder.write("forged", json.to_string());
        folder.write("part", bytes);
        for args in [
            &["diff", "forged", "log"][..],
            &["diff", "log", "forged"],
            &["diff", "forged", "whole"],
            &["report", "--from", "forged"],
            &["report", "--from", "forged", "whole", "--format=json"],
            &["merge", "part", "part"],
        ] {
            let output = folder.run(args, b"");
            let said = String::from_utf8_lossy(&output.stderr);
            let code = output.status.code();
            assert!(
                matches!(code, Some(0..=3)),
                "{args:?} {what}: {code:?} {said}"
            );
            assert!(!said.contains("panicked"), "{args:?} {what}: {said}");
            assert!(
                code != Some(2) || said.starts_with("swathe: "),
                "{args:?} {what}: {said}"
            );
        }
    }
}
