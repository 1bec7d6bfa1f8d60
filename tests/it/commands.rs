//! Random commands over random logs: the answer is the same to the byte however
//! the input is read, cut, packed, and shared among threads.
//!
//! `SWATHE_COMMANDS=100000 cargo test --test it commands::` asks so many, from
//! the seed in `SWATHE_SEED`; a failure names the seed that repeats it alone.

mod flags;
mod inputs;
mod questions;
mod random;
mod reading;

use std::{collections::BTreeSet, fmt::Write as _, process::Command, sync::Mutex};

use serde_json::Value;

use self::{
    flags::{ASKED, LEFT_OUT, SHARED, WAYS_OF_READING},
    inputs::input,
    questions::{Question, question},
    random::Random,
    reading::{Files, From, PACKINGS, Way},
};

/// How many commands are asked where nobody says; each in several ways.
const COMMANDS: u64 = 1200;

/// What a command came to.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Answer {
    exit: Option<i32>,
    out: Vec<u8>,
    messages: String,
}

fn ask(files: &Files, question: &Question, way: &Way) -> (Vec<String>, Answer) {
    let (args, output) = files.run(&question.args, question.files, way);
    let asks = |flag: &str| question.args.iter().any(|arg| arg == flag);
    let answer = Answer {
        exit: output.status.code(),
        out: if asks("--json") {
            timeless(&output.stdout)
        } else if asks("--stats") {
            without_seconds(&output.stdout)
        } else {
            output.stdout
        },
        messages: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    (args, answer)
}

/// The messages of `search --json` without the times they took.
fn timeless(out: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(out.len());
    for line in out.split_inclusive(|&b| b == b'\n') {
        let Ok(mut message) = serde_json::from_slice::<Value>(line) else {
            lines.extend_from_slice(line);
            continue;
        };
        let timed = ["/data/elapsed_total", "/data/stats/elapsed"].map(|place| {
            let time = message.pointer_mut(place);
            time.map(|time| *time = Value::Null)
        });
        if timed.iter().any(Option::is_some) {
            lines.extend_from_slice(message.to_string().as_bytes());
        } else {
            lines.extend_from_slice(line);
        }
    }
    lines
}

/// The lines of `search --stats` without those that say how long it took.
fn without_seconds(out: &[u8]) -> Vec<u8> {
    let lines = out.split_inclusive(|&b| b == b'\n').filter(|line| {
        let line = line.trim_ascii_end();
        !line.ends_with(b" seconds total") && !line.ends_with(b" seconds spent searching")
    });
    lines.flatten().copied().collect()
}

/// What is wrong with an answer, whatever the others are.
fn unfit(answer: &Answer) -> Option<&'static str> {
    if !matches!(answer.exit, Some(0..=3)) {
        return Some("the exit status is none of ours");
    }
    if answer.exit == Some(2) && answer.messages.is_empty() {
        return Some("an error without a message");
    }
    if answer.messages.contains("panicked") || answer.messages.contains("RUST_BACKTRACE") {
        return Some("a panic");
    }
    None
}

/// The ways of one question that have the same answer: the first is the plainest.
fn ways(question: &Question, binary: bool, len: usize, random: &mut Random) -> Vec<Vec<Way>> {
    let mut ways: Vec<Vec<Way>> = Vec::new();
    let mut files = vec![Way::plain(From::Read)];
    for from in [From::Map, From::Read] {
        files.push(Way::any(from, len, random));
    }
    files.push(Way::any(From::Map, len, random));
    // Whether a file is binary is judged by what of it has been read, as ripgrep does.
    if question.packable && !(binary && question.args[0] == "search") {
        let mut packed = || {
            let packing = random.below(PACKINGS.len() as u64) as usize;
            Way::any(From::Packed(packing), len, random)
        };
        if question.passes {
            ways.push(vec![packed(), packed()]);
        } else {
            files.push(packed());
        }
    }
    ways.insert(0, files);
    if question.files == 1 && question.args[0] != "diff" {
        let redirected = vec![
            Way::plain(From::Redirected),
            Way::any(From::Redirected, len, random),
        ];
        let piece: u64 = *random.pick(&[1 << 20, 1000, 13, 70_000]);
        let piece = piece.max(len as u64 / 5000 + 1);
        let packing = random.below(PACKINGS.len() as u64) as usize;
        let mut pipes = vec![
            Way::plain(From::Pipe(1 << 20)),
            Way::any(From::Pipe(piece), len, random),
        ];
        if question.packable && !(binary && question.args[0] == "search") {
            pipes.push(Way::any(From::PackedPipe(packing), len, random));
        }
        // Of standard input with NUL bytes, what is searched before it is called binary
        // is not the same for a file and a pipe; docs/ripgrep-differences.md says what is known.
        let apart = binary && question.args[0] == "search";
        if question.passes || apart {
            ways.push(redirected);
            ways.push(pipes);
        } else {
            pipes.extend(redirected);
            ways.push(pipes);
        }
    }
    ways
}

/// Asks one question of one log in some ways. Returns whether it made sense, or
/// what is wrong.
fn check(seed: u64) -> Result<bool, String> {
    let mut random = Random::new(seed);
    let inputs = [input(&mut random), input(&mut random)];
    let question = question(inputs[0].kind, &mut random);
    let binary = inputs[..question.files].iter().any(|input| input.binary);
    let files = Files::new(&format!("commands-{seed}"), &inputs);
    let mut plainest: Vec<Answer> = Vec::new();
    for ways in ways(&question, binary, files.bytes(), &mut random) {
        let mut first: Option<(Vec<String>, Answer)> = None;
        for way in &ways {
            let (args, answer) = ask(&files, &question, way);
            if let Some(wrong) = unfit(&answer) {
                return Err(format!("{wrong}: {args:?} {way:?}: {answer:?}"));
            }
            let (args_of_first, first) = first.get_or_insert((args.clone(), answer.clone()));
            if *first != answer {
                let mut wrong = String::new();
                let _ = writeln!(wrong, "two answers\n{args_of_first:?} {:?}", ways[0].from);
                let _ = writeln!(wrong, "{args:?} {:?}", way.from);
                let _ = write!(wrong, "{}", difference(first, &answer));
                return Err(wrong);
            }
        }
        plainest.extend(first.map(|(_, answer)| answer));
    }
    // Of a name, standard input and a file have their own.
    if let ([file, stdin], true) = (&plainest[..], question.nameless && !question.passes) {
        let same = |answer: &Answer| {
            let text = String::from_utf8_lossy(&answer.out).into_owned();
            (answer.exit, text.replace("<stdin>", "a.log"))
        };
        let (file_is, stdin_is) = (same(file), same(stdin));
        let judged_alike = !(binary && question.args[0] == "search");
        if file_is != stdin_is && judged_alike {
            let both = difference(file, stdin);
            return Err(format!(
                "a file and standard input\n{:?}\n{both}",
                question.args
            ));
        }
    }
    files.remove();
    Ok(plainest[0].exit != Some(2))
}

/// Where two answers part.
fn difference(one: &Answer, other: &Answer) -> String {
    let (a, b) = (
        String::from_utf8_lossy(&one.out),
        String::from_utf8_lossy(&other.out),
    );
    let (a_len, b_len) = (a.len(), b.len());
    let cut = |text: &str, from: usize| -> String { text.chars().skip(from).take(160).collect() };
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let from = same.saturating_sub(40);
    format!(
        "exit {:?} and {:?}, {a_len} and {b_len} bytes, character {same}:\n  {:?}\n  {:?}\nmessages:\n  {:?}\n  {:?}",
        one.exit,
        other.exit,
        cut(&a, from),
        cut(&b, from),
        one.messages,
        other.messages
    )
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_command_depends_on_how_its_input_is_read() {
    let commands = number("SWATHE_COMMANDS").unwrap_or(COMMANDS);
    let first = number("SWATHE_SEED").unwrap_or(1);
    let next = Mutex::new(first..first + commands);
    let wrong: Mutex<Vec<String>> = Mutex::default();
    let made_sense = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.lock().expect("no panic").next();
                    let Some(seed) = seed else { return };
                    match check(seed) {
                        Ok(sense) => *made_sense.lock().expect("no panic") += u64::from(sense),
                        Err(what) => {
                            let what = format!("SWATHE_SEED={seed} SWATHE_COMMANDS=1: {what}");
                            wrong.lock().expect("no panic").push(what);
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no panic");
    let count = wrong.len();
    assert!(count == 0, "{count} of {commands}\n{}", wrong.join("\n\n"));
    let made_sense = made_sense.into_inner().expect("no panic");
    assert!(
        commands < 100 || made_sense * 10 > commands * 7,
        "only {made_sense} of {commands} commands made sense"
    );
}

/// A flag nobody asks for by chance is one nobody has thought of here.
#[test]
fn every_flag_is_asked_for_or_left_out_for_a_reason() {
    let mut forgotten = BTreeSet::new();
    for (command, asked) in ASKED {
        let help = Command::new(env!("CARGO_BIN_EXE_swathe"))
            .args([command, "--help"])
            .output()
            .expect("the program runs");
        let help = String::from_utf8(help.stdout).expect("UTF-8");
        for line in help.lines().map(str::trim_start) {
            let Some(at) = line.find("--").filter(|_| line.starts_with('-')) else {
                continue;
            };
            // A flag stands alone or behind its letter.
            if !(at == 0 || (at == 4 && line.as_bytes()[2] == b',')) {
                continue;
            }
            let name = line[at + 2..]
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
                .next()
                .unwrap_or_default();
            // The partner that takes a flag back is known with it.
            let taken_back = name.strip_prefix("no-").unwrap_or(name);
            let known = [asked, SHARED, WAYS_OF_READING]
                .into_iter()
                .chain(LEFT_OUT.map(|(names, _)| names))
                .flat_map(str::split_whitespace)
                .any(|flag| flag == name || flag == taken_back);
            if !known {
                forgotten.insert(format!("{command} --{name}"));
            }
        }
    }
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
