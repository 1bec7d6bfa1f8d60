//! What a program asks with one call: the same as the commands say, ended early, and with
//! what cannot be read.

use std::{ops::ControlFlow, process::Command};

use swathe::{
    FoundLine, Query, Search,
    exec::Stop,
    request::TopRequest,
    walk::{Rules, WalkOptions},
};

use crate::program::Folder;

/// Files of all sizes: some read side by side, one by all threads, one packed.
fn folder(name: &str) -> (Folder, Vec<std::path::PathBuf>) {
    let folder = Folder::new(name);
    let line = |i: usize| format!("{i} user=u{} {}\n", i % 7, "x".repeat(i % 90));
    let text = |lines: usize| (0..lines).map(line).collect::<String>();
    folder.write("empty.log", "");
    folder.write("a.log", text(50));
    folder.write("b.log", text(3000));
    folder.write("large.log", text(200_000));
    folder.write("c.log.gz", crate::pack::gzip(text(500).as_bytes()));
    let names = ["empty.log", "a.log", "b.log", "large.log", "c.log.gz"];
    let paths = names.iter().map(|name| folder.path(name)).collect();
    (folder, paths)
}

#[test]
fn lines_are_those_of_the_command() {
    let (folder, paths) = folder("facade-lines");
    for (context, flags) in [(0, &["-n"][..]), (2, &["-n", "-C2"])] {
        let mut command = vec!["search", "-z", "-H", "-b", "user=u3 x{80}$"];
        command.extend(flags);
        command.extend(["empty.log", "a.log", "b.log", "large.log", "c.log.gz"]);
        let want = String::from_utf8(folder.run(&command, b"").stdout).unwrap();
        let want: Vec<&str> = want.lines().filter(|line| *line != "--").collect();
        for threads in [1, 3] {
            let mut got = Vec::new();
            let search = Search::new("user=u3 x{80}$")
                .context(context)
                .threads(threads);
            let found = search.run(&paths, |line| {
                got.push(shown(&line));
                ControlFlow::Continue(())
            });
            let found = found.unwrap();
            assert!(found.errors.is_empty(), "{:?}", found.errors);
            assert_eq!(got, want);
            let selected = want
                .iter()
                .filter(|line| line.contains(":user=") || is_match(line));
            assert_eq!(found.lines, selected.count() as u64);
        }
    }
}

/// A line as `search -H -n -b` prints it.
fn shown(line: &FoundLine) -> String {
    let by = if line.selected { ':' } else { '-' };
    let name = line.path.file_name().unwrap().to_str().unwrap();
    let text = String::from_utf8_lossy(&line.text);
    if line.selected {
        let found: Vec<&str> = line.matches.iter().map(|m| &text[m.clone()]).collect();
        assert!(
            found.len() == 1 && found[0].starts_with("user=u3 "),
            "{line:?}"
        );
    }
    format!("{name}{by}{}{by}{}{by}{text}", line.number, line.offset)
}

fn is_match(line: &str) -> bool {
    line.split(".log")
        .nth(1)
        .is_some_and(|rest| rest.trim_start_matches(".gz").starts_with(':'))
}

#[test]
fn folders_are_gone_through_where_it_is_said_how() {
    let folder = Folder::new("facade-folders");
    std::fs::create_dir_all(folder.path("logs/a")).unwrap();
    folder.write("logs/b.log", "one\ntwo x\n");
    folder.write("logs/a/c.log", "x\n");
    folder.write("logs/a/c.txt", "x\n");
    folder.write("logs/.hidden", "x\n");
    folder.write("logs/binary.log", "a\0b\nx\n");
    let logs = folder.path("logs");
    let found = |search: Search| {
        let mut lines = Vec::new();
        let found = search.run([&logs], |line| {
            let path = line.path.strip_prefix(&logs).unwrap();
            lines.push(format!("{}:{}", path.display(), line.number));
            ControlFlow::Continue(())
        });
        (lines, found.unwrap())
    };
    let options = WalkOptions {
        globs: vec!["*.log".into()],
        ..WalkOptions::default()
    };
    let rules = Rules::new(&options, &logs).unwrap();
    for threads in [1, 3] {
        let search = Search::new("x").threads(threads);
        let (lines, all) = found(search.clone().folders(rules.clone()));
        assert_eq!(lines, ["a/c.log:1", "b.log:2"]);
        assert_eq!((all.lines, all.errors.len()), (2, 0));
        let (lines, all) = found(search);
        assert_eq!((lines.len(), all.errors.len()), (0, 1));
    }
}

#[test]
fn an_iterator_may_be_dropped_at_any_time() {
    let (_folder, paths) = folder("facade-dropped");
    for taken in [0, 1, 300, 5000] {
        let lines = swathe::search(&paths, "user=").unwrap();
        let first: Vec<FoundLine> = lines.take(taken).map(Result::unwrap).collect();
        assert_eq!(first.len(), taken);
    }
    let all = swathe::search(&paths, "user=").unwrap();
    assert_eq!(all.count(), 50 + 3000 + 200_000 + 500);
}

#[test]
fn who_breaks_gets_no_more_lines() {
    let (_folder, paths) = folder("facade-broken");
    for most in [1, 60, 4000] {
        let mut seen = 0;
        let search = Search::new("user=").threads(3);
        search
            .run(&paths, |_| {
                seen += 1;
                if seen == most {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap();
        assert_eq!(seen, most);
    }
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_found() {
    let (folder, mut paths) = folder("facade-errors");
    paths.insert(1, folder.path("missing.log"));
    paths.push(folder.path("."));
    let lines: Vec<_> = swathe::search(&paths, "user=u1 ").unwrap().collect();
    let said = |error: &swathe::Error| format!("{}: {error}", error.path().unwrap().display());
    let errors = lines.iter().filter_map(|line| line.as_ref().err());
    let errors: Vec<String> = errors.map(said).collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[0].contains("missing.log") && errors[1].contains("directory"),
        "{errors:?}"
    );
    assert!(lines.len() > 1000);
    assert!(swathe::search(&paths, "(").is_err());
    let report = swathe::top(&paths, "logfmt:user").unwrap();
    assert!(!report.complete && report.errors.len() == 2);
    assert_eq!(report.body.groups.len(), 7);
    assert!(swathe::top(&paths, "nonsense:").is_err());
}

#[test]
fn reports_are_those_of_the_command() {
    let (folder, paths) = folder("facade-reports");
    let names = ["empty.log", "a.log", "b.log", "large.log", "c.log.gz"];
    let command = [
        &["top", "--by", "logfmt:user", "--format", "json"][..],
        &names,
    ]
    .concat();
    let want: serde_json::Value =
        serde_json::from_slice(&folder.run(&command, b"").stdout).unwrap();
    for threads in [1, 4] {
        let request = TopRequest::by(&["logfmt:user".parse().unwrap()]);
        let report = Query::new(request).threads(threads).run(&paths).unwrap();
        let got: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        assert_eq!(got["groups"], want["groups"]);
    }
    let report = swathe::count(&paths, ["user=u1", "x{89}"]).unwrap();
    assert_eq!(
        report.body.patterns[0].lines,
        swathe::search(&paths, "user=u1").unwrap().count() as u64
    );
    let stop = Stop::new();
    stop.set();
    let request = TopRequest::by(&["logfmt:user".parse().unwrap()]);
    let report = Query::new(request).until(&stop).run(&paths).unwrap();
    assert!(report.interrupted && !report.complete);
}

#[test]
fn examples_run() {
    let (folder, _) = folder("facade-examples");
    let run = |name: &str, arguments: &[&str]| {
        // Built with the tests, beside them.
        let tests = std::env::current_exe().unwrap();
        let built = tests
            .parent()
            .unwrap()
            .parent()
            .unwrap()
            .join("examples")
            .join(name);
        let output = Command::new(built)
            .args(arguments)
            .current_dir(folder.path("."))
            .output();
        let output = output.expect("cargo test builds examples, cargo test --test it does not");
        assert!(output.status.success(), "{name}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let found = run("search", &["^7 ", "a.log", "b.log"]);
    assert_eq!(
        found,
        "a.log:8: 7 user=u0 xxxxxxx\nb.log:8: 7 user=u0 xxxxxxx\n"
    );
    let counts = run("count", &["user=u1", "user=u9", "--", "a.log"]);
    assert_eq!(counts, "7 user=u1\n0 user=u9\n");
    assert!(run("top", &["logfmt:user", "a.log"]).starts_with("8 "));
    assert!(run("cancel", &["user=u1", "a.log"]).starts_with("7 lines in "));
    // A run goes on from file to file.
    assert_eq!(run("own_statistic", &["u", "a.log", "b.log"]), "3050\n");
    assert_eq!(run("own_statistic", &["user=u3", "a.log", "b.log"]), "1\n");
}
