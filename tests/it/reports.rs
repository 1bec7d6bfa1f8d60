//! `swathe report`: sections are what the commands say alone, and reports that
//! were saved merge to what one run says.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Every kind of section, by the log of the sample.
const SPEC: &str = r#"
title = "All kinds"
[[section]]
kind = "stats"
top-longest = 7
[[section]]
kind = "stats"
title = "By level"
by = "level"
[[section]]
kind = "levels"
[[section]]
kind = "timeline"
by = "level"
name = ["slow=latency=[0-9.]+s"]
[[section]]
kind = "count"
regexp = ["ERROR", "status=5"]
name = ["retries=retry=[0-9]"]
positions = 10
[[section]]
kind = "count"
title = "Of each file"
regexp = ["user=u1"]
per-file = true
[[section]]
kind = "top"
title = "Services"
by = "field:4"
distinct = "field:3"
where = ["level>=info"]
[[section]]
kind = "top"
title = "Users"
regexp = 'user=(\w+)'
limit = 5
[[section]]
kind = "values"
title = "Latency"
regexp = 'latency=(\S+)'
[[section]]
kind = "values"
title = "Bytes by method"
regexp = '(GET|POST|PUT) .*bytes=(\d+)'
of = "$2"
by = "$1"
not = ["billing"]
[[section]]
kind = "templates"
top = 12
"#;

struct Scratch(PathBuf);

impl Scratch {
    /// A folder with the sample in two files, and the spec.
    fn new(name: &str) -> Scratch {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench-data/app.log");
        let sample = fs::read(sample).unwrap();
        let middle = sample.len() / 2;
        let cut = middle + sample[middle..].iter().position(|&b| b == b'\n').unwrap() + 1;
        fs::write(dir.join("a.log"), &sample[..cut]).unwrap();
        fs::write(
            dir.join("b.log"),
            [&sample[cut..], b"bad \xff\nno end"].concat(),
        )
        .unwrap();
        fs::write(dir.join("all.toml"), SPEC).unwrap();
        Scratch(dir)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_swathe"))
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .unwrap()
    }

    fn stdout(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        output.stdout
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--format", "json"]].concat();
        serde_json::from_slice(&self.stdout(&arguments)).unwrap()
    }

    fn save(&self, arguments: &[&str], to: &str) {
        let arguments = [arguments, &["--format", "json", "--output", to]].concat();
        assert!(self.stdout(&arguments).is_empty());
    }

    fn error(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const FORMATS: [&str; 7] = [
    "text",
    "json",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    "prometheus",
];

#[test]
fn saved_reports_merge_to_what_one_run_says() {
    let scratch = Scratch::new("merge");
    let filtered = ["--and", "status=", "--since", "2026-11-23T02:00Z"];
    for (spec, more) in [
        (&["--spec", "all.toml"][..], &[][..]),
        (&["--spec", "all.toml"], &filtered),
        (&[], &[]),
        (&[], &["--record", "auto"]),
    ] {
        let report: &[&str] = &[&["report"], spec, more].concat();
        scratch.save(&[report, &["a.log"]].concat(), "a.json");
        scratch.save(&[report, &["b.log"]].concat(), "b.json");
        for format in FORMATS {
            let end: &[&str] = &["--format", format];
            let one = scratch.stdout(&[report, end, &["a.log", "b.log"]].concat());
            let merged = ["report", "--from", "a.json", "b.json"];
            let merged = scratch.stdout(&[&merged[..], end].concat());
            assert_eq!(
                String::from_utf8_lossy(&merged),
                String::from_utf8_lossy(&one),
                "{format} {report:?}"
            );
            let alone = scratch.stdout(&[report, end, &["a.log"]].concat());
            let shown = scratch.stdout(&[&["report", "--from", "a.json"], end].concat());
            assert!(alone == shown, "{format} shown again");
        }
    }
}

#[test]
fn a_merged_report_is_saved_like_any_other() {
    let scratch = Scratch::new("again");
    let report = ["report", "--spec", "all.toml"];
    for (file, to) in [
        ("a.log", "1.json"),
        ("b.log", "2.json"),
        ("a.log", "3.json"),
    ] {
        scratch.save(&[&report[..], &[file]].concat(), to);
    }
    scratch.save(&["report", "--from", "2.json", "3.json"], "23.json");
    let grouped = scratch.stdout(&["report", "--from", "1.json", "23.json"]);
    let flat = scratch.stdout(&["report", "--from", "1.json", "2.json", "3.json"]);
    assert!(grouped == flat);
    // The same as partials of any other command.
    for (file, to) in [
        ("a.log", "1.partial"),
        ("b.log", "2.partial"),
        ("a.log", "3.partial"),
    ] {
        let end = ["--partial", to, file];
        scratch.stdout(&[&report[..], &end].concat());
    }
    let merged = scratch.stdout(&["merge", "1.partial", "2.partial", "3.partial"]);
    assert!(merged == flat);
    let mixed = scratch.stdout(&["report", "--from", "1.partial", "23.json"]);
    assert!(mixed == flat);
}

#[test]
fn threads_and_chunks_do_not_matter() {
    let scratch = Scratch::new("ways");
    let report = [
        "report", "--spec", "all.toml", "a.log", "b.log", "--format", "json",
    ];
    let plain = scratch.stdout(&report);
    for way in [["1", "1000"], ["3", "77777"], ["2", "1"]] {
        let way = ["--threads", way[0], "--chunk-size", way[1]];
        assert!(
            scratch.stdout(&[&report[..], &way].concat()) == plain,
            "{way:?}"
        );
    }
}

/// The command that asks what each section of [`SPEC`] asks.
const ALONE: [&[&str]; 11] = [
    &["stats", "--top-longest", "7"],
    &["stats", "--by", "level"],
    &["top", "--by", "level"],
    &[
        "timeline",
        "--by",
        "level",
        "--name",
        "slow=latency=[0-9.]+s",
    ],
    &[
        "count",
        "-e",
        "ERROR",
        "-e",
        "status=5",
        "--name",
        "retries=retry=[0-9]",
        "--positions",
        "10",
    ],
    &["count", "-e", "user=u1", "--per-file"],
    &[
        "top",
        "--by",
        "field:4",
        "--distinct",
        "field:3",
        "--where",
        "level>=info",
    ],
    &["top", "-e", r"user=(\w+)", "-k", "5"],
    &["values", "-e", r"latency=(\S+)"],
    &[
        "values",
        "-e",
        r"(GET|POST|PUT) .*bytes=(\d+)",
        "--of",
        "$2",
        "--by",
        "$1",
        "--not",
        "billing",
    ],
    &["templates", "-k", "12"],
];

#[test]
fn a_section_says_what_its_command_says() {
    let scratch = Scratch::new("alone");
    let report = scratch.json(&["report", "--spec", "all.toml", "a.log", "b.log"]);
    let sections = report["sections"].as_array().unwrap();
    assert_eq!(sections.len(), ALONE.len());
    for (section, alone) in sections.iter().zip(ALONE) {
        let said = scratch.json(&[alone, &["a.log", "b.log"]].concat());
        if section["kind"] == "levels" {
            let levels = section["levels"].as_array().unwrap();
            let groups = said["groups"].as_array().unwrap();
            assert_eq!(levels.len(), groups.len());
            for group in groups {
                let level = levels
                    .iter()
                    .find(|row| row["level"] == group["key"])
                    .unwrap();
                assert_eq!(
                    (&level["count"], &level["percent"]),
                    (&group["count"], &group["percent"])
                );
            }
            continue;
        }
        assert_eq!(section["kind"], said["command"]);
        let envelope = ["schema", "command", "complete", "errors", "skipped"];
        for (name, value) in said.as_object().unwrap() {
            if !envelope.contains(&name.as_str()) {
                assert_eq!(&section[name], value, "{alone:?}: {name}");
            }
        }
    }
    let about: Vec<&str> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["about"].as_str().unwrap())
        .collect();
    assert_eq!(
        about,
        ["invalid_utf8", "mixed_encodings", "no_final_newline"]
    );
}

#[test]
fn what_needs_more_passes_has_them_and_is_saved_as_it_was_before() {
    let scratch = Scratch::new("passes");
    let spec = "[[section]]\nkind = \"top\"\nregexp = 'user=(\\w+)'\nmax-groups = 50\n\
                [[section]]\nkind = \"stats\"\n[[section]]\nkind = \"levels\"\n";
    fs::write(scratch.0.join("few.toml"), spec).unwrap();
    let report = ["report", "--spec", "few.toml", "a.log", "b.log"];
    let json = scratch.json(&report);
    let top = scratch.json(&["top", r"user=(\w+)", "a.log", "b.log"]);
    let alone = scratch.json(&["top", r"user=(\w+)", "--max-groups", "50", "a.log", "b.log"]);
    assert!(alone["passes"].as_u64() > Some(1));
    assert_eq!(json["sections"][0]["passes"], alone["passes"]);
    assert_eq!(json["sections"][0]["groups"], top["groups"]);
    let stats = scratch.json(&["stats", "a.log", "b.log"]);
    assert_eq!(json["sections"][1]["files"], stats["files"]);
    assert_eq!(json["sections"][1]["total"], stats["total"]);
    assert_eq!(json["sections"][2]["records"], stats["total"]["lines"]);
    // What was saved is that of the first pass, as for a stream.
    scratch.save(&report, "ab.json");
    let partial = ["--partial", "ab.partial"];
    scratch.stdout(&[&report[..], &partial].concat());
    assert!(
        scratch.stdout(&["report", "--from", "ab.json"])
            == scratch.stdout(&["merge", "ab.partial"])
    );
}

#[test]
fn reports_of_fields_merge_where_the_fields_are_the_same() {
    let scratch = Scratch::new("fields");
    let log = |name: &str, from: u32, key: &str| {
        let line = |i: u32| {
            let (kind, took) = (i % 3, i * 7 % 100);
            format!(
                "{{\"ts\":{},\"{key}\":\"k{kind}\",\"took_ms\":{took}}}\n",
                1_600_000_000 + i
            )
        };
        let text: String = (from..from + 200).map(line).collect();
        fs::write(scratch.0.join(name), text).unwrap();
    };
    log("a.log", 0, "service");
    log("b.log", 150, "service");
    log("c.log", 0, "method");
    for name in ["a", "b", "c"] {
        let saved = format!("{name}.json");
        scratch.save(&["report", &format!("{name}.log")], &saved);
    }
    for format in FORMATS {
        let end: &[&str] = &["--format", format];
        let one = scratch.stdout(&[&["report", "a.log", "b.log"], end].concat());
        let merged = ["report", "--from", "a.json", "b.json"];
        let merged = scratch.stdout(&[&merged[..], end].concat());
        let [merged, one] = [merged, one].map(|text| String::from_utf8(text).unwrap());
        assert_eq!(merged, one, "{format}");
        assert!(one.contains("By service"), "{format}: {one}");
    }
    // The first alone says what is asked of both.
    let other = scratch.json(&["report", "a.log", "c.log"]);
    assert_eq!(other["sections"][2]["title"], "By service");
    let said = scratch.error(&["report", "--from", "a.json", "c.json"]);
    assert!(
        said.contains("c.json: was made with other options than a.json"),
        "{said}"
    );
}

#[test]
fn what_is_no_saved_report_is_refused_by_name() {
    let scratch = Scratch::new("damaged");
    scratch.save(&["report", "a.log"], "good.json");
    let good = fs::read(scratch.0.join("good.json")).unwrap();
    let refused = |name: &str, bytes: &[u8], why: &str| {
        fs::write(scratch.0.join(name), bytes).unwrap();
        let said = scratch.error(&["report", "--from", "good.json", name]);
        assert!(said.contains(name) && said.contains(why), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    };
    refused("short.json", &good[..good.len() - 9], "cut short");
    refused("text.json", b"ERROR not a report\n", "no saved report");
    refused("empty.json", b"", "no saved report");
    let at = good
        .windows(11)
        .position(|w| w == b"\"partial\":\"")
        .unwrap()
        + 11;
    for place in [at + 40, at + 200, usize::midpoint(at, good.len())] {
        let mut damaged = good.clone();
        damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
        refused("flipped.json", &damaged, "damaged");
    }
    let mut damaged = good.clone();
    damaged[at + 100] = b'*';
    refused("starred.json", &damaged, "base 64");
    scratch.save(&["count", "ERROR", "a.log"], "count.json");
    let count = fs::read(scratch.0.join("count.json")).unwrap();
    refused("count.json", &count, "swathe count");
    scratch.save(&["report", "--spec", "all.toml", "a.log"], "other.json");
    let other = fs::read(scratch.0.join("other.json")).unwrap();
    refused("other.json", &other, "other options");
    let said = scratch.error(&["report", "--from", "good.json", "--and", "x"]);
    assert!(said.contains("--and"), "{said}");
}

#[test]
fn numbers_are_the_same_in_every_format() {
    let scratch = Scratch::new("formats");
    let report = ["report", "--spec", "all.toml", "a.log", "b.log", "--format"];
    let format = |name: &str| {
        String::from_utf8_lossy(&scratch.stdout(&[&report[..], &[name]].concat())).into_owned()
    };
    let json: Value = serde_json::from_str(&format("json")).unwrap();
    let lines = json["sections"][0]["total"]["lines"].as_u64().unwrap();
    let errors = json["sections"][4]["patterns"][0]["lines"]
        .as_u64()
        .unwrap();
    let csv = format("csv");
    assert!(csv.starts_with("section,kind,table,row,column,value\n"));
    assert!(csv.contains(&format!("Summary,stats,total,1,lines,{lines}\n")));
    assert!(csv.contains(&format!("Patterns,count,patterns,1,lines,{errors}\n")));
    let metrics = format("prometheus");
    assert!(
        metrics.contains(&format!(
            "swathe_stats_total_lines{{section=\"Summary\"}} {lines}\n"
        )),
        "{metrics}"
    );
    assert!(
        metrics.contains(&format!(
            "{{section=\"Patterns\",id=\"1\",pattern=\"ERROR\"}} {errors}\n"
        )),
        "{metrics}"
    );
    let names: Vec<&str> = metrics
        .lines()
        .filter_map(|l| l.strip_prefix("# TYPE "))
        .collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "a metric is described once");
    let people = format!("{},{:03}", lines / 1000, lines % 1000);
    for format in [format("text"), format("markdown")] {
        assert!(format.contains("Summary") && format.contains(&people));
    }
}

/// The flags that a text names, but for those of a command line it gives.
fn flags(text: &str) -> Vec<String> {
    let text = text.split_once("</head>").map_or(text, |(_, body)| body);
    let text = text.split("<script").next().unwrap_or_default();
    let text = text.replace("swathe top --by", "");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_flag = |word: &&str| {
        let name = word.strip_prefix("--").unwrap_or_default();
        *word == "-k" || name.starts_with(|c: char| c.is_ascii_lowercase())
    };
    words.filter(is_flag).map(String::from).collect()
}

/// What an answer advises can be done.
#[test]
fn flags_that_answers_name_are_those_of_the_command() {
    let scratch = Scratch::new("flags");
    fs::write(
        scratch.0.join("none.log"),
        "no time\nand 12 apples\nand 1 tree\n",
    )
    .unwrap();
    let spec = "[[section]]\nkind = \"top\"\nby = \"field:3\"\nmax-groups = 2\nlimit = 1\n\
                [[section]]\nkind = \"templates\"\ntop = 1\n\
                [[section]]\nkind = \"values\"\nregexp = '(\\S+)$'\nby = \"field:2\"\nlimit = 1\n";
    fs::write(scratch.0.join("few.toml"), spec).unwrap();
    let runs: &[&[&str]] = &[
        &["report", "a.log", "b.log"],
        &["report", "none.log"],
        &["report", "--spec", "all.toml", "a.log", "b.log"],
        &["report", "--spec", "few.toml", "a.log", "none.log"],
        &["diff", "a.log", "b.log"],
        &["diff", "-k", "1", "--spec", "few.toml", "a.log", "none.log"],
        &["templates", "-k", "1", "a.log"],
        &["timeline", "none.log"],
        &["timeline", "--by", "field:3", "a.log"],
        &[
            "top",
            "--by",
            "field:3",
            "-k",
            "1",
            "--max-groups",
            "2",
            "a.log",
        ],
        &["values", "--of", "field:3", "none.log", "a.log"],
        &["stats", "a.log", "b.log"],
        &["inspect", "none.log"],
    ];
    let mut named = 0;
    for arguments in runs {
        let help = scratch.stdout(&[arguments[0], "--help"]);
        let help = String::from_utf8(help).unwrap();
        for format in ["text", "markdown", "html"] {
            let output = scratch.run(&[arguments, &["--format", format][..]].concat());
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            for flag in flags(&said) {
                named += 1;
                let is_there = help
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                    .any(|word| word == flag);
                assert!(is_there, "{arguments:?} as {format} names {flag}");
            }
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn csv_can_be_a_folder_of_files() {
    let scratch = Scratch::new("folder");
    let report = [
        "report", "--spec", "all.toml", "a.log", "--format", "csv", "--output", "out/",
    ];
    assert!(scratch.stdout(&report).is_empty());
    let mut names: Vec<String> = fs::read_dir(scratch.0.join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert!(
        names.contains(&"03-levels-levels.csv".to_string()),
        "{names:?}"
    );
    assert!(
        names.contains(&"08-users-groups.csv".to_string()),
        "{names:?}"
    );
    let users = fs::read(scratch.0.join("out/08-users-groups.csv")).unwrap();
    let alone = [
        "top",
        "-e",
        r"user=(\w+)",
        "-k",
        "5",
        "--format",
        "csv",
        "a.log",
    ];
    assert!(users == scratch.stdout(&alone));
    let said = scratch.error(&[
        "top", "--by", "level", "a.log", "--format", "csv", "--output", "out",
    ]);
    assert!(said.contains("directory"), "{said}");
}
