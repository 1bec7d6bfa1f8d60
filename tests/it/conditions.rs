//! Conditions and points in time mean the same in every command, or are
//! refused by all of them.

use crate::program::Folder;

/// Every command that selects records, with a filter in it.
fn commands(folder: &Folder, flag: &str, value: &str) -> Vec<Vec<String>> {
    let spec = format!("[[section]]\nkind = \"stats\"\n{flag} = {value:?}\n");
    folder.write("spec.toml", spec);
    let filter = format!("--{flag}={value}");
    let mut commands: Vec<Vec<String>> = [
        "search -c e",
        "count e",
        "stats",
        "top --by line",
        "values --of logfmt:size",
        "timeline",
        "templates",
        "report",
        "diff b.log",
    ]
    .iter()
    .map(|line| {
        let words = line.split(' ').map(String::from);
        let words = words.chain([filter.clone(), "a.log".to_string()]);
        words.collect()
    })
    .collect();
    commands.push(
        ["report", "--spec", "spec.toml", "a.log"]
            .map(String::from)
            .to_vec(),
    );
    commands
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let line = |i: u32| {
        let level = if i.is_multiple_of(3) { "ERROR" } else { "INFO" };
        format!("2026-03-12 14:0{i}:00,000 {level} took={i}ms size={i}00 name=\"a,b\" e\n")
    };
    let log: String = (0..10).map(line).collect();
    folder.write("a.log", &log);
    folder.write("b.log", &log);
    folder
}

#[test]
fn what_is_no_condition_is_refused_by_every_command() {
    let folder = folder("conditions-refused");
    let mut tried = 0;
    for (condition, says) in [
        ("logfmt:size>=1xx", "write logfmt:size>=100"),
        ("logfmt:size=1,000", "write logfmt:size=1000"),
        ("logfmt:took>12,5", "write logfmt:took>12.5"),
        ("logfmt:took>0x1F", "is no number"),
        ("logfmt:took>NaN", "is no number"),
        ("logfmt:took>1.2.3", "is no number"),
        ("logfmt:took>Nov 23 14:30", "has no year"),
        ("logfmt:size>1 && fast", "behind && there is no comparison"),
        ("level>=error and logfmt:size>3", "write && for and"),
        ("(level>=error || logfmt:size>3", "is not closed"),
        ("line~x||level=warn", "write blanks around it"),
        ("level>=loud", "is no level"),
        ("level=502", "is no level"),
        ("logfmt:name>b", "is no number"),
        ("logfmt:name=\"a", "no partner"),
        ("time:1m>=yesterday", "compares times"),
        ("line>5", "--range"),
        ("path>=a.log", "path is text"),
        ("logfmt:size=>5", "write logfmt:size>=5"),
    ] {
        for command in commands(&folder, "where", condition) {
            let output = folder.run(&command, b"");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
            assert!(said.contains(says), "{command:?}: {said}");
            assert_eq!(said.lines().count(), 1, "{command:?}: {said}");
            assert!(output.stdout.is_empty(), "{command:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, 19 * 10);
}

#[test]
fn conditions_select_the_same_in_every_command() {
    let folder = folder("conditions-same");
    for (condition, want) in [
        ("logfmt:size>=+500", 5),
        ("logfmt:size>=5e2", 5),
        ("logfmt:size=\"500\"", 1),
        ("logfmt:took=\"5ms\"", 1),
        ("logfmt:name=\"a,b\"", 10),
        ("logfmt:name='a,b'", 10),
        ("logfmt:size~^(100|200)$", 2),
        ("level>=error", 4),
        ("level=\"Error\"", 4),
        ("time:1m>=2026-03-12T14:08Z", 2),
        ("time:1m<'2026-03-12 14:08'", 8),
        ("logfmt:took>5", 0),
        ("logfmt:took>5ms", 4),
        ("logfmt:took>=0.005s", 5),
        ("logfmt:took=5ms, 0.007 s", 2),
        ("logfmt:size>=0.5kB", 5),
        ("logfmt:size=1xx,300", 2),
        ("logfmt:size!=100,2xx", 8),
        ("level=error && logfmt:size>500", 2),
        ("level=error || logfmt:size>500", 6),
        ("!(level=error || logfmt:size>500)", 4),
        ("time>=14:08", 2),
        ("time<2026-03-12T14:02Z", 2),
    ] {
        for command in commands(&folder, "where", condition) {
            let json = ["--format=json".to_string()];
            let search = command[0] == "search";
            let more = if search { &[][..] } else { &json };
            let output = folder.run(&[&command[..], more].concat(), b"");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                matches!(output.status.code(), Some(0 | 1)),
                "{command:?}: {said}"
            );
            // The only thing to say is that nothing could be compared.
            assert_eq!(
                said.is_empty(),
                want > 0 || command[0] == "diff",
                "{command:?}: {said}"
            );
            let text = String::from_utf8(output.stdout).unwrap();
            let lines = match command[0].as_str() {
                "search" => text.trim().parse().unwrap_or(0),
                "count" | "top" | "stats" => {
                    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
                    let lines = match command[0].as_str() {
                        "count" => &answer["lines_total"],
                        "top" => &answer["matched"],
                        _ => &answer["total"]["lines"],
                    };
                    lines.as_u64().unwrap()
                }
                _ => want,
            };
            assert_eq!(lines, want, "{command:?}");
        }
    }
}

/// The order of what is joined, and how a file is read, decide nothing: not of the
/// answer, and not of what is said.
#[test]
fn the_order_of_conditions_decides_nothing() {
    let folder = Folder::new("conditions-order");
    folder.write("a.log", mixed());
    let one = "logfmt:took>100ms";
    let two = "logfmt:mem>=1MB";
    let three = "level=warn,error";
    let four = "logfmt:status=5xx";
    let orders = [
        [
            format!("{one} && ({two} || !{three})"),
            format!("(!{three} || {two}) && {one}"),
            format!("!(!({two} || !{three}) || !{one})"),
            format!("{one} && {two} || !{three} && {one}"),
        ],
        [
            format!("{four} || {one} && {two} && {three}"),
            format!("{three} && {two} && {one} || {four}"),
            format!("{four} || !(!{one} || !{two} || !{three})"),
            format!("({four} || {one}) && ({two} || {four}) && ({four} || {three})"),
        ],
    ];
    let ways = [
        &["-j1"][..],
        &["-j3", "--chunk-size=256"],
        &["-j2", "--chunk-size=1K", "--io=read"],
    ];
    for forms in orders {
        let mut answers = Vec::new();
        for form in &forms {
            for way in ways {
                let args = [&["search", "-n", "--where", form, "", "a.log"], way].concat();
                let output = folder.run(&args, b"");
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                let mut said: Vec<String> = said.lines().map(String::from).collect();
                said.sort();
                answers.push((String::from_utf8_lossy(&output.stdout).into_owned(), said));
            }
        }
        let (found, said) = &answers[0];
        assert!(found.lines().count() > 20 && !said.is_empty(), "{said:?}");
        for (answer, form) in answers.iter().zip(forms.iter().flat_map(|f| [f; 3])) {
            assert_eq!(answer, &answers[0], "{form}");
        }
    }
    // What holds and what does not are all there is, and several conditions are one.
    let lines = |args: &[&str]| {
        let output = folder.run(&[&["search", "-n", "", "a.log"], args].concat(), b"");
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    for condition in [one, two, three, four] {
        let not = format!("!{condition}");
        let both = lines(&["--where", condition]) + lines(&["--where", &not]);
        assert_eq!(both, mixed().lines().count(), "{condition}");
    }
    let joined = format!("{one} && {three}");
    assert_eq!(
        lines(&["--where", one, "--where", three]),
        lines(&["--where", &joined])
    );
}

/// Lines with values of all kinds, some of which are none.
fn mixed() -> String {
    let line = |i: usize| {
        let took = ["12ms", "1.5s", "900us", "1m30s", "12,5", "101ms", "-"][i % 7];
        let mem = ["512KB", "2GB", "900", "10MiB", "lots"][i % 5];
        let level = ["INFO", "WARN", "ERROR", "DEBUG"][i % 4];
        let status = [200, 404, 500, 503, 302, 200][i * 7 / 3 % 6];
        format!("2026-03-12 14:00:00 {level} took={took} mem={mem} status={status}\n")
    };
    (0..500).map(line).collect()
}

/// `values` and conditions read the same text as the same number, or as none.
#[test]
fn values_and_conditions_read_alike() {
    let folder = Folder::new("conditions-alike");
    let mut tried = 0;
    let file = |name: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(root.join("tests/fixtures/logs").join(name)).unwrap()
    };
    for (name, key) in [
        ("took.log", "took"),
        ("units.log", "took"),
        ("mem.log", "mem"),
    ] {
        for line in file(name).lines() {
            folder.write("one.log", format!("{line}\n"));
            let of = format!("logfmt:{key}");
            let answer = folder.run(&["values", "--format=json", "--of", &of, "one.log"], b"");
            let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
            let numbers = &answer["groups"][0];
            let number = numbers["max"].as_f64().filter(|_| numbers["count"] == 1);
            let unit = match answer["unit"].as_str() {
                Some("seconds") => "s",
                Some("bytes") => "B",
                _ => "",
            };
            for (sign, want) in [(">=", true), ("<=", true), (">", false), ("<", false)] {
                let right = number.unwrap_or(0.0);
                let condition = format!("{of}{sign}{right}{unit}");
                let output =
                    folder.run(&["search", "-c", "--where", &condition, "", "one.log"], b"");
                let found = output.stdout.starts_with(b"1");
                assert_eq!(
                    found,
                    want && number.is_some(),
                    "{line}: {condition}: {answer}"
                );
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 4 * (5 + 17 + 3));
}

#[test]
fn points_in_time_are_the_same_in_every_command() {
    // Goes by the clock, so that how many lines there are is not known.
    const CLOCK: u64 = u64::MAX;
    let folder = folder("conditions-times");
    for (since, want) in [
        ("14:05", Some(5)),
        ("14:05:00", Some(5)),
        ("2026-03-12T14:05:00,000", Some(5)),
        ("20260312T140500Z", Some(5)),
        ("12/Mar/2026:14:05:00 +0000", Some(5)),
        ("[12/Mar/2026:15:05:00 +0100]", Some(5)),
        ("Mar 12 14:05", Some(5)),
        ("Mar 12 14:05:30", Some(4)),
        ("March 12 2026 14:05", Some(5)),
        ("1773324300", Some(5)),
        ("1773324300000", Some(5)),
        ("@1773324300000000", Some(5)),
        ("start+5m", Some(5)),
        ("start + 5 min", Some(5)),
        ("end-4min", Some(5)),
        ("end - 4 minutes", Some(5)),
        ("2026-03-12", Some(10)),
        ("2 hours ago", Some(CLOCK)),
        ("now", Some(CLOCK)),
        ("yesterday 14:00", Some(CLOCK)),
        ("today", Some(CLOCK)),
        ("soon", None),
        ("5m", None),
        ("14:65", None),
        ("03/12 14:05", None),
        ("end+5m", None),
    ] {
        for command in commands(&folder, "since", since) {
            let output = folder.run(&command, b"");
            let said = String::from_utf8_lossy(&output.stderr);
            let code = output.status.code();
            let Some(want) = want else {
                assert_eq!(code, Some(2), "{command:?}: {said}");
                assert!(
                    said.contains("is no point in time; write"),
                    "{command:?}: {said}"
                );
                continue;
            };
            assert!(matches!(code, Some(0 | 1)), "{command:?}: {said}");
            if command[0] == "search" && want != CLOCK {
                let text = String::from_utf8(output.stdout).unwrap();
                assert_eq!(text.trim().parse().unwrap_or(0), want, "{command:?}");
            }
        }
    }
}

#[test]
fn a_reversed_range_is_refused_by_every_command() {
    let folder = folder("conditions-reversed");
    for (since, until) in [
        ("14:05", "14:02"),
        ("23:00", "1:00"),
        ("2026-03-12 14:05", "2026-03-12 14:02"),
        ("end-2m", "start+2m"),
        ("now", "1h ago"),
        ("14:05", "14:05"),
    ] {
        let until_flag = format!("--until={until}");
        for mut command in commands(&folder, "since", since) {
            if command[1] == "--spec" {
                let spec = format!(
                    "[[section]]\nkind = \"stats\"\nsince = {since:?}\nuntil = {until:?}\n"
                );
                folder.write("spec.toml", spec);
            } else {
                command.push(until_flag.clone());
            }
            let output = folder.run(&command, b"");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
            let says = said.contains("ends before it begins") && said.matches('Z').count() >= 2;
            assert!(says, "{command:?}: {said}");
        }
    }
    let said = folder.run(&["diff", "a.log@14:05..14:02", "a.log"], b"");
    let said = String::from_utf8_lossy(&said.stderr);
    assert!(said.contains("write the dates"), "{said}");
}
