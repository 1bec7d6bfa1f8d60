//! Partials in files: merged in any grouping they give what one run gives, and
//! what is no whole partial of the same question is refused by its name.

use std::collections::BTreeSet;

use swathe::{
    error::Result,
    request::{
        CountRequest, Request, StatsRequest, TemplatesRequest, TimelineRequest, TopRequest,
        ValuesRequest, saved::Saved,
    },
};
use xxhash_rust::xxh3::xxh3_64;

use crate::program::Folder;

/// All commands that write partials, each with the options that change what is
/// kept.
pub(crate) const QUESTIONS: [&[&str]; 24] = [
    &["stats"],
    &["stats", "--top-longest", "2", "--by", "level"],
    &["stats", "--by", "field:1,field:2", "--record", "auto"],
    &["stats", "--line-ending", "lf", "--where", "field:1~a"],
    &["count", "-e", "o", "-e", "^$", "--name", "end=r$"],
    &["count", "--per-file", "--positions", "3", "-i", "-w", "FOO"],
    &["count", "-F", "ERROR", "--record", "auto", "--not", "bar"],
    &["count", "nothing like this"],
    &["top", r"(\w+)="],
    &["top", r"(\w)", "--all", "-k", "3"],
    &["top", "--by", "field:1,level", "--sort", "key"],
    &[
        "top",
        "--by",
        "level",
        "--distinct",
        "field:2",
        "--sum",
        "logfmt:n",
    ],
    &["top", "--by", "line", "--max-groups", "2"],
    &["top", "--by", "time:1h", "--since", "2026-11-01T00:00Z"],
    &["values", r"n=(\S+)"],
    &[
        "values", "--of", "logfmt:n", "--by", "level", "--sort", "p99",
    ],
    &[
        "values", r"(\d+)", "--all", "--unit", "none", "--and", "foo",
    ],
    &["values", "--of", "field:2", "--by", "field:1,time:1h"],
    &["timeline"],
    &["timeline", "-e", "foo", "-e", "bar", "--bucket", "1h"],
    &["timeline", "--by", "level", "--gaps-over", "10m"],
    &[
        "timeline",
        "--record",
        "auto",
        "--until",
        "2026-11-02T00:00Z",
    ],
    &["templates"],
    &["templates", "-k", "2", "--not", "foo"],
];

/// Inputs that have little in common.
pub(crate) fn inputs(folder: &Folder) -> [&'static str; 5] {
    folder.write(
        "a.log",
        "2026-11-01T10:00:00Z ERROR foo bar n=12\n  at foo\n\n\
         2026-11-01T11:30:00Z INFO foo n=3.5ms user=x\n",
    );
    folder.write(
        "b.log",
        b"2026-11-01T09:00:00Z WARN n=7\r\nfoo 5 \xff n=\xe2\x82\r\n\r\nERROR bar\r\nfoo",
    );
    folder.write("empty.log", "");
    folder.write(
        "c d.log",
        "foo 1 n=1\nfoo 2 n=2KiB\n\0bar 3 n=x\n2026-11-03T00:00:00Z ERROR late n=-1\n",
    );
    folder.write(
        "e.log",
        "Nov  2 01:02:03 host foo[12]: n=99 \u{4e2d}\u{6587}\n".repeat(9),
    );
    ["a.log", "b.log", "empty.log", "c d.log", "e.log"]
}

pub(crate) fn with<'a>(question: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [question, more].concat()
}

/// Writes the partial of each input; their names.
fn keep(folder: &Folder, question: &[&str], inputs: &[&str]) -> Vec<String> {
    let keep = |(i, input): (usize, &&str)| {
        let name = format!("{i}.partial");
        let said = folder.answer(&with(question, &["--partial", &name, input]));
        assert!(said.is_empty(), "a partial instead of an answer");
        name
    };
    inputs.iter().enumerate().map(keep).collect()
}

/// Every way to put brackets around the names, each merged to one partial.
fn groupings(folder: &Folder, names: &[String]) -> Vec<String> {
    if let [one] = names {
        return vec![one.clone()];
    }
    let mut all = Vec::new();
    for cut in 1..names.len() {
        let (front, back) = names.split_at(cut);
        for front in groupings(folder, front) {
            for back in groupings(folder, back) {
                let name = format!("({front}+{back})").replace(".partial", "");
                folder.answer(&["merge", "--partial", &name, &front, &back]);
                all.push(name);
            }
        }
    }
    all
}

#[test]
fn every_statistic_is_asked() {
    let folder = Folder::new("partials-all");
    let said = folder.run(&["schema"], b"").stderr;
    let said = String::from_utf8(said).unwrap();
    let (_, names) = said.trim().split_once("there are ").expect("names");
    // What has a schema and no partial, or is made of those below.
    let others = [
        "bench",
        "diff",
        "generate",
        "inspect",
        "report",
        "report-spec",
    ];
    let known: BTreeSet<_> = names
        .split(", ")
        .filter(|name| !others.contains(name))
        .collect();
    let asked: BTreeSet<_> = QUESTIONS.iter().map(|question| question[0]).collect();
    assert_eq!(asked, known);
}

#[test]
fn any_grouping_is_one_run() {
    let folder = Folder::new("partials-groupings");
    let inputs = inputs(&folder);
    for question in QUESTIONS {
        let names = keep(&folder, question, &inputs);
        // A run that has no room left asks the files once more; a partial cannot.
        let one_pass = !question.contains(&"--max-groups");
        let mut partials = vec![];
        if question.len() == 1 {
            // Fourteen ways to put five together; four at a time elsewhere.
            partials = groupings(&folder, &names);
            assert_eq!(partials.len(), 14);
        }
        let pairs = ["01", "23"].map(|pair| {
            let name = format!("{pair}.partial");
            let of = |i| names[usize::from(pair.as_bytes()[i] - b'0')].as_str();
            folder.answer(&["merge", "--partial", &name, of(0), of(1)]);
            name
        });
        for format in ["json", "text", "csv"] {
            // What was estimated is said beside a table.
            let format = ["--format", format, "--no-messages"];
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let flat = folder.answer(&with(&with(&["merge"], &format), &names));
            if one_pass {
                let asked = with(&with(question, &format), &inputs);
                assert_eq!(text(&flat), text(&folder.answer(&asked)), "{asked:?}");
            }
            let pairs = [&pairs[0], &pairs[1], names[4]];
            let paired = folder.answer(&with(&with(&["merge"], &format), &pairs));
            assert_eq!(text(&flat), text(&paired), "{question:?} in pairs");
            for partial in &partials {
                let asked = with(&with(&["merge"], &format), &[partial]);
                assert_eq!(text(&flat), text(&folder.answer(&asked)), "{asked:?}");
            }
        }
        // Nothing is lost on the way to a partial and back.
        folder.answer(&["merge", "--partial", "again", &names[0]]);
        assert!(
            folder.read("again") == folder.read(&names[0]),
            "{question:?}"
        );
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_partial_goes_through_pipes() {
    let folder = Folder::new("partials-pipes");
    let inputs = inputs(&folder);
    for question in QUESTIONS.iter().step_by(3) {
        let partial = folder.answer(&with(question, &["--partial", "-", inputs[0]]));
        folder.answer(&with(question, &["--partial", "file", inputs[0]]));
        assert!(partial == folder.read("file"), "{question:?}");
        folder.answer(&with(question, &["--partial", "second", inputs[1]]));
        let merged = folder.run(&["merge", "-", "second", "--format", "json"], &partial);
        let wanted = folder.answer(&["merge", "file", "second", "--format", "json"]);
        assert_eq!(text(&merged.stdout), text(&wanted));
        // What was read from a pipe keeps its name.
        let log = folder.read(inputs[1]);
        let piped = folder.run(&with(question, &["--partial", "-"]), &log);
        let merged = folder.run(&["merge", "--format=json", "-"], &piped.stdout);
        let direct = folder.run(&with(question, &["--format=json"]), &log);
        assert_eq!(text(&merged.stdout), text(&direct.stdout));
    }
}

#[test]
fn merge_by_source_answers_for_each() {
    let folder = Folder::new("partials-source");
    let inputs = inputs(&folder);
    for question in QUESTIONS.iter().step_by(5) {
        let names = keep(&folder, question, &inputs[..2]);
        let merged = folder.answer(&[
            "merge",
            "--by=source",
            "--format=json",
            &names[0],
            &names[1],
        ]);
        let merged = text(&merged);
        for (i, line) in merged.lines().enumerate() {
            let alone = text(&folder.answer(&with(question, &["--format=json", inputs[i]])));
            let source = format!("\"source\":\"{}\",", names[i]);
            assert!(line.contains(&source), "{line}");
            assert_eq!(line.replacen(&source, "", 1), alone.trim_end());
        }
        assert_eq!(merged.lines().count(), 2);
        let shown = folder.answer(&["merge", "--by=source", &names[0], &names[1]]);
        let of = |i: usize| text(&folder.answer(&with(question, &[inputs[i]])));
        let wanted = format!("{}\n{}\n{}\n{}", names[0], of(0), names[1], of(1));
        assert_eq!(text(&shown), wanted);
    }
}

/// Every place, or of a sketch, which is large, a few.
fn some_places(from: usize, to: usize) -> impl Iterator<Item = usize> {
    let step = if to < 20_000 { 1 } else { to / 10 };
    (from..to).step_by(step)
}

/// Reads it as what it says it is.
fn decode(saved: &Saved<'_>) -> Result<()> {
    fn of<R: Request>(saved: &Saved<'_>) -> Result<()> {
        let (.., statistic) = saved.request::<R>()?;
        saved.gathered::<R>(&statistic).map(drop)
    }
    match saved.command() {
        "stats" => of::<StatsRequest>(saved),
        "count" => of::<CountRequest>(saved),
        "top" => of::<TopRequest>(saved),
        "values" => of::<ValuesRequest>(saved),
        "timeline" => of::<TimelineRequest>(saved),
        "templates" => of::<TemplatesRequest>(saved),
        other => panic!("{other} is in the list of questions and not here"),
    }
}

fn opened(bytes: &[u8]) -> Result<()> {
    decode(&Saved::open("x.partial".as_ref(), bytes)?)
}

#[test]
fn damage_anywhere_is_an_error_that_names_the_file() {
    let folder = Folder::new("partials-damaged");
    let inputs = inputs(&folder);
    let refused = |bytes: &[u8], what: &str| match opened(bytes) {
        Ok(()) => panic!("{what} was taken"),
        Err(error) => assert_eq!(error.path(), Some("x.partial".as_ref()), "{error}"),
    };
    for question in QUESTIONS {
        let whole = folder.answer(&with(question, &["--partial", "-", inputs[1]]));
        opened(&whole).unwrap();
        let some = some_places(0, whole.len());
        for at in some {
            refused(&whole[..at], &format!("{question:?} cut at {at}"));
            for flip in [1, 0x1b, 0x20, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                refused(&damaged, &format!("{question:?} with {flip:#x} at {at}"));
            }
        }
        refused(&[&whole[..], b"\n"].concat(), "more than a partial");
        refused(&[&whole[..], &whole].concat(), "two partials in one file");
    }
}

/// The partial with other content, and a checksum that is right about it.
pub(crate) fn sealed(partial: &[u8], change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let end = partial.iter().position(|&b| b == b'\n').unwrap() + 1;
    let first = std::str::from_utf8(&partial[..end]).unwrap();
    let content = first.split(' ').nth(2).unwrap();
    let body = change(partial[end..].to_vec());
    let header = body.iter().position(|&b| b == b'\n').map_or(0, |at| at + 1);
    let first = format!(
        "swathe-saved 1 {content} {:016x} {header} {}\n",
        xxh3_64(&body),
        body.len() - header
    );
    [first.as_bytes(), &body].concat()
}

/// The same with something else in the first place that holds this.
pub(crate) fn replaced(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = body.windows(from.len()).position(|w| w == from.as_bytes());
    let at = at.expect("it is there");
    [&body[..at], to.as_bytes(), &body[at + from.len()..]].concat()
}

/// Files that do not belong to one that is called right, each under its own name.
fn write_what_does_not_belong(folder: &Folder) {
    let inputs = inputs(folder);
    folder.answer(&["count", "foo", "--partial", "right", inputs[0]]);
    folder.answer(&[
        "count",
        "foo",
        "-i",
        "--partial",
        "other options",
        inputs[0],
    ]);
    folder.answer(&["count", "bar", "--partial", "other pattern", inputs[0]]);
    folder.answer(&["count", "foo", "--and=x", "--partial", "filter", inputs[0]]);
    folder.answer(&["stats", "--partial", "other command", inputs[0]]);
    let right = folder.read("right");
    let other = |from: &str, to: &str| sealed(&right, |body| replaced(&body, from, to));
    folder.write("unknown command", other("\"count\"", "\"guess\""));
    folder.write("newer format", text(&right).replacen(" 1 ", " 3 ", 1));
    folder.write("old format", "swathe-partial 1 0123456789abcdef 2 1\n{}\n");
    folder.answer(&["count", "foo", "--resume=a state", inputs[0]]);
    folder.write(
        "unknown option",
        other("\"positions\"", "\"wise\":1,\"positions\""),
    );
    folder.write("unknown field", other("several", "severax"));
    let mut flipped = right.clone();
    *flipped.last_mut().unwrap() ^= 1;
    folder.write("flipped", flipped);
    folder.write("cut", &right[..right.len() - 3]);
}

#[test]
fn what_does_not_belong_is_refused_by_name() {
    let folder = Folder::new("partials-foreign");
    write_what_does_not_belong(&folder);
    for (name, why) in [
        ("a.log", "is no partial of swathe"),
        ("empty.log", "is no partial of swathe"),
        ("missing", "No such file"),
        (
            "other options",
            "with other options than right (options differs)",
        ),
        (
            "other pattern",
            "with other options than right (patterns differs)",
        ),
        (
            "filter",
            "with other options than right (selection differs)",
        ),
        (
            "other command",
            "is a partial of swathe stats, but right is one of swathe count",
        ),
        ("unknown command", "is a partial of swathe guess"),
        (
            "newer format",
            "is written in format 3, and this swathe reads up to 1 (use a newer swathe)",
        ),
        (
            "old format",
            "was written by a swathe whose files no other version reads",
        ),
        ("a state", "is a state; --resume goes on with it"),
        (
            "unknown option",
            "with other options than right (wise differs)",
        ),
        (
            "unknown field",
            "has \"severax\" in it, which this swathe does not know (use a newer swathe)",
        ),
        ("flipped", "is damaged (its checksum does not match)"),
        ("cut", "is cut short by 3 bytes"),
    ] {
        let output = folder.run(&["merge", "right", name], b"");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(output.stdout.is_empty(), "{name}");
        let start = format!("swathe: {name}: ");
        assert!(
            said.starts_with(&start) && said.contains(why),
            "{name}: {said}"
        );
    }
}

/// The format counts, and not the version of the program.
#[test]
fn what_another_version_wrote_is_merged() {
    let folder = Folder::new("partials-version");
    let inputs = inputs(&folder);
    folder.answer(&["count", "foo", "--partial", "one", inputs[0]]);
    folder.answer(&["count", "foo", "--partial", "two", inputs[1]]);
    let one = folder.read("one");
    let version = format!("\"swathe\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let newer = "\"swathe\":\"99.0.0\"";
    let other = sealed(&one, |body| replaced(&body, &version, newer));
    folder.write("other", other);
    let merged = folder.answer(&["merge", "other", "two"]);
    assert_eq!(
        text(&merged),
        text(&folder.answer(&["merge", "one", "two"]))
    );
    // An option it does not know may mean anything.
    let wise = "\"wise\":true,\"positions\"";
    let forged = sealed(&one, |body| replaced(&body, "\"positions\"", wise));
    folder.write("forged", forged);
    let output = folder.run(&["merge", "forged"], b"");
    assert_eq!(
        text(&output.stderr),
        "swathe: forged: has \"wise\" in it, which this swathe does not know \
         (use a newer swathe)\n"
    );
}

/// An input that could not be read is still missing after a merge.
#[test]
fn errors_are_kept() {
    let folder = Folder::new("partials-errors");
    let inputs = inputs(&folder);
    let output = folder.run(&["stats", "--partial", "one", "missing", inputs[0]], b"");
    assert_eq!(output.status.code(), Some(2));
    folder.answer(&["stats", "--partial", "two", inputs[1]]);
    let merged = folder.run(&["merge", "one", "two", "--format", "json"], b"");
    assert_eq!(merged.status.code(), Some(2));
    let asked = ["stats", "missing", inputs[0], inputs[1], "--format=json"];
    let direct = folder.run(&asked, b"");
    assert_eq!(text(&merged.stdout), text(&direct.stdout));
    assert!(text(&merged.stdout).contains("\"complete\":false"));
}

/// What is saved of a report is the same whether one run has made it or several.
#[test]
fn merged_reports_can_be_read_back() {
    let folder = Folder::new("partials-reports");
    let inputs = inputs(&folder);
    folder.write(
        "spec",
        "[[section]]\nkind = 'stats'\n[[section]]\nkind = 'top'\nby = 'level'\n\
         [[section]]\nkind = 'templates'\n",
    );
    let report = ["report", "--spec=spec"];
    let json = with(&report, &["--format=json"]);
    let one = folder.answer(&with(&json, &inputs));
    let names = keep(&folder, &with(&report, &["--format=json"]), &inputs);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let merged = folder.answer(&with(&["merge", "--format=json"], &names));
    assert!(merged == one, "as one run has it, to the byte");
    folder.write("merged", merged);
    let back = folder.answer(&["report", "--from", "merged", "--format=json"]);
    assert!(back == one, "and as it is read back");
    folder.answer(&["diff", "merged", "a.log"]);
}
