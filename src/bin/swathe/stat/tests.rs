//! What is read of inputs that were looked at before.

use std::{fs, path::Path};

use clap::Command;
use swathe::{
    Error,
    exec::Stop,
    progress::Silent,
    run::{Input, Way},
    statistic::Wc,
};

use super::{Session, args, gather};
use crate::{
    cli::parse::{Operands, Parsed},
    output::{Output, Policy, Shown},
    signals::Interrupt,
};

/// What happens to the second of two inputs between the look for the end and reading.
type Change = fn(&Path);

const LINE: &str = "2026-11-23T14:00:00Z a\n";

#[test]
fn what_is_read_is_what_was_looked_at() {
    let dir = std::env::temp_dir().join(format!("swathe-looks-{}", std::process::id()));
    let (one, other) = (dir.join("a"), dir.join("b"));
    let cases: [(&str, bool, Change, Option<&str>); 6] = [
        ("nothing", true, |_| {}, None),
        (
            "grew",
            true,
            |path| fs::write(path, LINE.repeat(9)).unwrap(),
            None,
        ),
        (
            "cut",
            true,
            |path| fs::write(path, LINE).unwrap(),
            Some("file shrank from"),
        ),
        (
            "replaced",
            true,
            |path| {
                let new = path.with_extension("new");
                fs::write(&new, LINE.repeat(9)).unwrap();
                fs::rename(new, path).unwrap();
            },
            Some("file was replaced"),
        ),
        ("missing", false, |_| {}, Some("No such file")),
        // A look that failed is no reason to answer as if there had been none.
        (
            "missing at first",
            false,
            |path| fs::write(path, LINE.repeat(2)).unwrap(),
            Some("No such file"),
        ),
    ];
    for args in [&["--since", "end-1m"][..], &["--order", "time"]] {
        for (name, there, change, want) in cases {
            let _ = fs::remove_dir_all(&dir);
            fs::create_dir_all(&dir).unwrap();
            fs::write(&one, LINE).unwrap();
            if there {
                fs::write(&other, LINE.repeat(2)).unwrap();
            }
            let (lines, said) = gathered(args, [&one, &other], change);
            let what = format!("{args:?}, {name}: {said:?}");
            match want {
                None => assert!(lines == 3 && said.is_empty(), "{what}"),
                Some(want) => {
                    assert!(lines == 1 && said.len() == 1, "{what}");
                    assert!(said[0].contains(want), "{what}");
                }
            }
        }
    }
    fs::remove_dir_all(&dir).unwrap();
}

/// How many lines are counted, and what is said.
fn gathered(args: &[&str], paths: [&Path; 2], change: Change) -> (u64, Vec<String>) {
    let line = args::line::<()>(Command::new("count"), Operands::FILES, []);
    let typed: Vec<_> = args.iter().map(std::ffi::OsString::from).collect();
    let Ok(Parsed::Given(given)) = line.parse(&typed) else {
        panic!("{args:?}")
    };
    let told = args::Options::from(given);
    let common = args::Common::of(&told.shared, &Stop::new()).unwrap();
    let inputs = paths.map(|path| Input::Path(path.to_path_buf())).to_vec();
    let inputs = common.asked.ordered(inputs, common.looks()).unwrap();
    let scope = common.asked.scope(None, &inputs, common.looks()).unwrap();
    change(paths[1]);
    let mut said = Vec::new();
    let mut complain = |error: &Error| said.push(error.to_string());
    let (mut out, stop) = (Vec::new(), Stop::new());
    let stdout = Output::stdout(Policy::Blocks, b'\n', Shown::AsWritten);
    let mut session = Session {
        out: &mut out,
        output: &stdout,
        complain: &mut complain,
        stop: &stop,
        interrupt: &Interrupt::default(),
        progress: &Silent,
    };
    let wc = Wc {
        newlines: true,
        ..Wc::default()
    };
    let gathered = gather(
        &wc,
        &inputs,
        (&common, &scope),
        &mut session,
        (Way::default(), None),
    );
    let collected = gathered.unwrap().collected;
    assert_eq!(collected.errors.len(), said.len());
    (collected.total.newlines, said)
}
