//! `swathe diff`: the same answer for the same sides, however they come.

use serde_json::Value;

use crate::{pack, program::Folder};

const SPEC: &str = r#"
[[section]]
kind = "stats"
[[section]]
kind = "levels"
[[section]]
kind = "timeline"
name = ["slow=latency=[0-9.]+s"]
[[section]]
kind = "count"
regexp = ["ERROR", "status=5"]
[[section]]
kind = "top"
title = "Services"
by = "field:4"
limit = 2
[[section]]
kind = "values"
title = "Latency"
regexp = 'service=\S+|(\w+)\[\d+\].*latency=(\S+)'
of = "$2"
by = "$1"
limit = 2
[[section]]
kind = "values"
title = "All latencies"
regexp = 'latency=(\S+)'
[[section]]
kind = "templates"
top = 3
where = ["level>=info"]
"#;

const FORMATS: [&str; 7] = ["text", "json", "jsonl", "csv", "tsv", "markdown", "html"];

/// A folder with the sample in two parts, and specs.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-data/app.log");
    let sample = std::fs::read(sample).unwrap();
    let third = sample.len() / 3;
    let cut = third + sample[third..].iter().position(|&b| b == b'\n').unwrap() + 1;
    folder.write("a.log", &sample[..cut]);
    let more = b"2026-11-24T10:00:00Z ERROR web-01 disk[1]: disk full \xff\n";
    folder.write("b.log", [&sample[cut..], &more.repeat(40)].concat());
    folder.write("all.toml", SPEC);
    folder
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_slice(&folder.answer(&arguments)).unwrap()
}

fn save(folder: &Folder, spec: &[&str], log: &str, to: &str) {
    let save = ["report", "--format", "json", "--output", to, log];
    folder.answer(&[&save, spec].concat());
}

/// What it prints, whether or not it has found something.
fn printed(folder: &Folder, arguments: &[&str]) -> String {
    text(&folder.answer(arguments))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn saved_or_read_now_is_the_same() {
    let folder = folder("diff-saved");
    let filters: &[&str] = &["--not", "billing", "--record", "auto"];
    for (spec, more) in [
        (&["--spec", "all.toml"][..], &[][..]),
        (&["--spec", "all.toml"], filters),
        (&[], &["--since", "2026-11-23T03:00Z"]),
    ] {
        let asked = [spec, more].concat();
        save(&folder, &asked, "a.log", "a.json");
        save(&folder, &asked, "b.log", "b.json");
        for format in FORMATS {
            let format: &[&str] = &["--format", format];
            let read = printed(
                &folder,
                &[&["diff", "a.log", "b.log"], format, &asked].concat(),
            );
            let saved = printed(&folder, &[&["diff", "a.json", "b.json"], format].concat());
            assert_eq!(saved, read, "{format:?} {asked:?}");
            // What was asked of the one is asked of the other; a range of time
            // is that of each.
            let range: &[&str] = if spec.is_empty() { more } else { &[] };
            for sides in [["a.json", "b.log"], ["a.log", "b.json"]] {
                let mixed = [&["diff"], &sides[..], format, range].concat();
                assert_eq!(printed(&folder, &mixed), read, "{mixed:?}");
            }
        }
    }
}

/// The name says nothing: what was saved is told by its first bytes, unpacked.
#[test]
fn what_was_saved_may_be_packed_or_piped() {
    let folder = folder("diff-packed");
    let spec = ["--spec", "all.toml"];
    let partial = ["report", "--partial", "a.partial", "a.log"];
    folder.answer(&[&partial[..], &spec].concat());
    save(&folder, &spec, "a.log", "a.json");
    save(&folder, &spec, "b.log", "b.json");
    let a = folder.read("a.json");
    folder.write("a.gz", pack::gzip(&a));
    folder.write("a.zst", pack::zstd(&folder.read("a.partial")));
    let plain = printed(&folder, &["diff", "a.json", "b.json"]);
    for before in ["a.gz", "a.zst", "-"] {
        for after in ["b.json", "b.log"] {
            let output = folder.run(&["diff", before, after], &a);
            assert_eq!(text(&output.stderr), "", "{before}");
            assert_eq!(text(&output.stdout), plain, "{before} {after}");
        }
    }
    // A log that can be read only once is one all the same.
    let output = folder.run(&["diff", "a.json", "-"], &folder.read("b.log"));
    let told = text(&output.stdout).replace("<stdin>", "b.log");
    assert_eq!(told, plain);

    let plain = printed(&folder, &["report", "--from", "a.json"]);
    for from in ["a.gz", "a.zst", "-"] {
        let output = folder.run(&["report", "--from", from], &a);
        assert_eq!(text(&output.stdout), plain, "{from}");
    }
    let plain = printed(&folder, &["merge", "a.partial"]);
    assert_eq!(printed(&folder, &["merge", "a.zst"]), plain);
    folder.write("cut.gz", &pack::gzip(&a)[..2000]);
    for args in [
        &["report", "--from", "cut.gz"][..],
        &["diff", "cut.gz", "b.log"],
    ] {
        let output = folder.run(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("swathe: cut.gz: "), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn threads_and_chunks_do_not_matter() {
    let folder = folder("diff-ways");
    let diff = [
        "diff", "--spec", "all.toml", "--floor", "2", "a.log", "b.log",
    ];
    let plain = json(&folder, &diff);
    assert!(plain["new"].as_u64().unwrap() > 0, "{plain}");
    for way in [["1", "1000"], ["3", "77777"], ["2", "1"]] {
        let way = ["--threads", way[0], "--chunk-size", way[1]];
        assert_eq!(json(&folder, &[&diff[..], &way].concat()), plain, "{way:?}");
    }
    let read = json(&folder, &[&diff[..], &["--io", "read"]].concat());
    assert_eq!(read, plain);
}

#[test]
fn a_log_against_itself_is_unchanged() {
    let folder = folder("diff-itself");
    for more in [&[][..], &["--spec", "all.toml"], &["--per", "second"]] {
        let diff = [
            "diff",
            "b.log",
            "b.log",
            "--fail-on",
            "1.00001",
            "--floor",
            "0",
        ];
        let answer = json(&folder, &[&diff[..], more].concat());
        for flag in ["new", "gone", "shifted", "few"] {
            assert_eq!(answer[flag], 0, "{flag} {more:?}");
        }
        assert!(answer["unchanged"].as_u64().unwrap() > 5);
        assert_eq!(answer["warnings"], Value::Array(Vec::new()));
    }
}

#[test]
fn the_other_way_round_is_the_inverse() {
    let folder = folder("diff-inverse");
    let ask = |a: &str, b: &str| {
        json(
            &folder,
            &[
                "diff", "--spec", "all.toml", "--floor", "3", a, b, "--all", "-k0",
            ],
        )
    };
    let (there, back) = (ask("a.log", "b.log"), ask("b.log", "a.log"));
    for (one, other) in [("new", "gone"), ("shifted", "shifted"), ("few", "few")] {
        assert_eq!(there[one], back[other], "{one}");
    }
    assert!(there["new"].as_u64().unwrap() > 0);
    let scores = |answer: &Value| -> Vec<(String, String)> {
        let sections = answer["sections"].as_array().unwrap().iter();
        let rows = sections.flat_map(|section| section["rows"].as_array().unwrap());
        let mut rows: Vec<_> = rows
            .map(|row| (row["key"].to_string(), row["score"].to_string()))
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(scores(&there), scores(&back));
}

/// Rows that a report does not show are compared all the same: none is new
/// because others are more frequent.
#[test]
fn what_a_report_does_not_show_is_compared_too() {
    let folder = Folder::new("diff-hidden");
    let log = |first: &str| {
        let mut log = format!("{first} x\n").repeat(100);
        for key in 0..50 {
            log += &format!("key{key} x\n").repeat(20);
        }
        log
    };
    folder.write("a.log", log("one"));
    folder.write("b.log", log("other"));
    folder.write(
        "r.toml",
        "[[section]]\nkind = \"top\"\nby = \"field:1\"\nlimit = 1\n",
    );
    save(&folder, &["--spec", "r.toml"], "a.log", "a.json");
    let answer = json(&folder, &["diff", "a.json", "b.log"]);
    let counts = ["new", "gone", "shifted", "unchanged"].map(|flag| answer[flag].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 0, 50]);
    let rows = answer["sections"][0]["rows"].as_array().unwrap();
    assert_eq!(rows[0]["key"], "one");
    assert_eq!(rows[1]["key"], "other");
}

#[test]
fn sections_of_different_specs() {
    let folder = folder("diff-specs");
    let spec = |name: &str, text: &str| folder.write(name, text);
    spec(
        "1.toml",
        "[[section]]\nkind = \"levels\"\n[[section]]\nkind = \"top\"\nby = \"field:4\"\nlimit = 3\n\
         [[section]]\nkind = \"top\"\ntitle = \"Other\"\nby = \"field:2\"\n",
    );
    spec(
        "2.toml",
        "[[section]]\nkind = \"top\"\nby = \"field:4\"\n[[section]]\nkind = \"top\"\ntitle = \"Other\"\n\
         by = \"field:3\"\n[[section]]\nkind = \"stats\"\n",
    );
    spec("3.toml", "[[section]]\nkind = \"templates\"\n");
    for name in ["1", "2", "3"] {
        let spec = format!("{name}.toml");
        save(
            &folder,
            &["--spec", &spec],
            "a.log",
            &format!("{name}.json"),
        );
    }
    let answer = json(&folder, &["diff", "1.json", "2.json"]);
    let sections = answer["sections"].as_array().unwrap();
    assert_eq!(sections.len(), 1);
    assert_eq!(sections[0]["keys"][0], "field:4");
    let warnings = answer["warnings"].to_string();
    for text in [
        "top \\\\\\\"Other\\\\\\\" asks something else on each side (by)",
        "levels \\\\\\\"Levels\\\\\\\" only before",
        "stats \\\\\\\"Summary\\\\\\\" only after",
    ] {
        let text = text.replace("\\\\\\\"", "\\\"");
        assert!(warnings.contains(&text), "{text}: {warnings}");
    }
    let refused = |arguments: &[&str]| {
        let said = folder.run(arguments, b"");
        assert_eq!(said.status.code(), Some(2), "{arguments:?}");
        assert!(said.stdout.is_empty());
        String::from_utf8(said.stderr).unwrap()
    };
    let said = refused(&["diff", "1.json", "3.json"]);
    assert!(said.contains("no section in common"), "{said}");
    let said = refused(&["diff", "1.json", "2.json", "--where", "level=error"]);
    assert!(said.contains("--where belongs to the runs"), "{said}");
    save(
        &folder,
        &["--spec", "1.toml", "--record", "auto"],
        "b.log",
        "r.json",
    );
    let said = refused(&["diff", "1.json", "r.json"]);
    assert!(said.contains("use one --record"), "{said}");
    save(
        &folder,
        &["--spec", "1.toml", "--and", "billing"],
        "b.log",
        "f.json",
    );
    let answer = json(&folder, &["diff", "1.json", "f.json"]);
    let warnings = answer["warnings"].to_string();
    assert!(
        warnings.contains("different records: all and and billing"),
        "{warnings}"
    );
}

#[test]
fn damaged_saved_reports_are_refused_by_name() {
    let folder = folder("diff-damaged");
    save(&folder, &[], "a.log", "a.json");
    let whole = String::from_utf8(folder.read("a.json")).unwrap();
    let at = whole.find("\"partial\":\"").unwrap() + 400;
    let mut flipped = whole.clone().into_bytes();
    flipped[at] = if flipped[at] == b'A' { b'B' } else { b'A' };
    folder.write("flipped.json", flipped);
    folder.write("cut.json", &whole[..at]);
    folder.write("without.json", whole.replace("\"partial\":", "\"other\":"));
    for name in ["flipped.json", "cut.json", "without.json"] {
        for sides in [[name, "b.log"], ["b.log", name]] {
            let said = folder.run(&["diff", sides[0], sides[1]], b"");
            assert_eq!(said.status.code(), Some(2), "{sides:?}");
            assert!(said.stdout.is_empty(), "{sides:?}");
            let text = String::from_utf8(said.stderr).unwrap();
            assert!(text.starts_with(&format!("swathe: {name}: ")), "{text}");
        }
    }
}

#[test]
fn text_fits_and_csv_can_be_a_folder() {
    let folder = folder("diff-forms");
    let diff = [
        "diff", "--spec", "all.toml", "a.log", "b.log", "--all", "-k0",
    ];
    let text = printed(&folder, &diff);
    for line in text.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
    let csv = ["--format", "csv", "--output", "tables/"];
    folder.answer(&[&diff[..], &csv].concat());
    let groups = String::from_utf8(folder.read("tables/06-services-groups.csv")).unwrap();
    assert!(
        groups.starts_with("flag,before,after,per_line,per_second,score,field:4\n"),
        "{groups}"
    );
    assert!(groups.lines().count() > 3);
}

#[test]
fn one_side_comes_through_a_pipe() {
    let folder = folder("diff-pipe");
    let piped = folder.run(
        &["diff", "-", "b.log", "--format", "json"],
        &folder.read("a.log"),
    );
    assert!(piped.status.success());
    let mut piped: Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(piped["before"]["sources"][0], "<stdin>");
    piped["before"]["sources"][0] = "a.log".into();
    // An example of what is gone is on the side before.
    let read = json(&folder, &["diff", "a.log", "b.log"]).to_string();
    assert_eq!(piped.to_string().replace("<stdin>", "a.log"), read);
    let both = folder.run(&["diff", "-", "-"], b"x");
    assert_eq!(both.status.code(), Some(2));
}
