//! How packed input ends, in every command: whole, cut, damaged, followed by
//! something else. What could be read is in the answer, which says that it is
//! not complete; from a file, a pipe and a redirected file alike.

use std::{
    fs::{self, File},
    io::{Read, Write as _},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::pack;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("swathe-ended-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Lines that have what every command looks for.
fn log(lines: u64) -> Vec<u8> {
    let mut text = Vec::new();
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    for i in 0..lines {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let (minute, second, user, took) = (i / 60 % 60, i % 60, state % 9, state >> 50);
        writeln!(
            text,
            "2026-03-12T14:{minute:02}:{second:02}Z INFO user=u{user} took={took}ms id={state:x}"
        )
        .unwrap();
    }
    text
}

/// What its own decoder gives of packed bytes, one byte at a time, so that none is
/// lost to the error behind it.
type Unpack = fn(&[u8]) -> Vec<u8>;

fn bytes_of(reader: impl Read) -> Vec<u8> {
    std::io::BufReader::with_capacity(1, reader)
        .bytes()
        .map_while(Result::ok)
        .collect()
}

/// Its decoder is at an end between two frames.
fn lz4_frames(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = lz4_flex::frame::FrameDecoder::new(bytes);
    let mut all = Vec::new();
    loop {
        let frame = bytes_of(&mut decoder);
        if frame.is_empty() {
            return all;
        }
        all.extend(frame);
    }
}

/// A container: its file, who packs, and what unpacks if that is known; `mark`: it
/// is recognised by its first bytes.
struct Container {
    file: &'static str,
    pack: fn(&[u8]) -> Vec<u8>,
    unpack: Option<Unpack>,
    mark: bool,
}

const fn container(
    file: &'static str,
    pack: fn(&[u8]) -> Vec<u8>,
    unpack: Option<Unpack>,
    mark: bool,
) -> Container {
    Container {
        file,
        pack,
        unpack,
        mark,
    }
}

const CONTAINERS: [Container; 10] = [
    container(
        "gzip",
        pack::gzip,
        Some(|b| bytes_of(flate2::bufread::MultiGzDecoder::new(b))),
        true,
    ),
    container(
        "bgzip",
        pack::bgzip,
        Some(|b| bytes_of(flate2::bufread::MultiGzDecoder::new(b))),
        true,
    ),
    container("zstd", pack::zstd, None, true),
    container("frames", pack::zstd_frames, None, true),
    container(
        "xz",
        pack::xz,
        Some(|b| bytes_of(liblzma::bufread::XzDecoder::new_multi_decoder(b))),
        true,
    ),
    container(
        "bzip2",
        pack::bzip2,
        Some(|b| bytes_of(bzip2::bufread::MultiBzDecoder::new(b))),
        true,
    ),
    container("lz4", pack::lz4, Some(lz4_frames), true),
    container("a.lzma", pack::lzma, None, false),
    container("a.br", pack::brotli, None, false),
    container("compress", pack::compress, None, true),
];

/// A way for packed bytes to end, and the exit code of a command that finds
/// something.
fn ends(container: &Container, text: &[u8]) -> Vec<(&'static str, Vec<u8>, i32)> {
    let packed = (container.pack)(text);
    let middle = packed.len() / 2;
    let mut damaged = packed.clone();
    for byte in &mut damaged[middle..middle + 8] {
        *byte ^= 0xff;
    }
    let mut all = vec![
        ("whole", packed.clone(), 0),
        ("cut", packed[..middle].to_vec(), 2),
        ("cut in its header", packed[..13].to_vec(), 2),
        ("followed", [&packed[..], b"garbage"].concat(), 2),
    ];
    // What lzma and compress make of changed bytes may be text as well.
    if container.mark && container.file != "compress" {
        all.push(("damaged", damaged, 2));
        all.push(("joined", packed.repeat(2), 0));
        let second = [&packed[..], &packed[..middle]].concat();
        all.push(("cut in its second part", second, 2));
        all.push((
            "damaged in its last checksum",
            {
                let mut bytes = packed;
                let last = bytes.len() - 3;
                bytes[last] ^= 0x55;
                bytes
            },
            2,
        ));
    }
    if container.file == "compress" {
        // It does not say where it ends.
        all.retain(|(how, ..)| *how == "whole");
    }
    all
}

/// The ways to hand input to a command.
const WAYS: [&str; 3] = ["file", "pipe", "redirected"];

/// The commands whose answers are looked at.
const COMMANDS: [&[&str]; 9] = [
    &["stats", "--format=json"],
    &["count", "-e", "user=u1", "--format=json"],
    &["top", r"user=(\w+)", "--format=json"],
    &["values", r"took=(\d+)", "--format=json"],
    &["timeline", "--format=json"],
    &["templates", "--format=json"],
    &["report", "--format=json"],
    &["diff", "--format=json"],
    &["stats", "--wc"],
];

/// A run of the program, its input handed in so.
fn run(scratch: &Scratch, arguments: &[&str], file: &str, way: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swathe"));
    command.current_dir(&scratch.0).args(arguments);
    match way {
        "file" => command.arg(file).stdin(Stdio::null()),
        "pipe" => command.arg("-").stdin(Stdio::piped()),
        _ => command
            .arg("-")
            .stdin(File::open(scratch.0.join(file)).unwrap()),
    };
    if arguments[0] == "diff" {
        command.arg("other.log");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let feeder = child.stdin.take().map(|mut stdin| {
        let mut bytes = File::open(scratch.0.join(file)).unwrap();
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut bytes, &mut stdin);
        })
    });
    let output = child.wait_with_output().unwrap();
    if let Some(feeder) = feeder {
        feeder.join().unwrap();
    }
    output
}

/// The answer without what a pipe cannot know, and its file under one name.
fn alike(value: &mut Value, file: &str) {
    match value {
        Value::Object(members) => {
            // A saved report has the name in its partial too.
            members.remove("bytes_on_disk");
            members.remove("partial");
            members.values_mut().for_each(|member| alike(member, file));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| alike(item, file)),
        Value::String(text) => {
            let from = format!("<stdin>{}", file.find(':').map_or("", |at| &file[at..]));
            if *text == from || text == "<stdin>" {
                *text = file.to_string();
            }
        }
        _ => {}
    }
}

/// How many lines an answer is about.
fn lines_of(command: &str, answer: &Value) -> u64 {
    let number = |value: &Value| value.as_u64().unwrap();
    match command {
        "stats" => number(&answer["total"]["lines"]),
        "count" => number(&answer["lines_total"]),
        "top" | "values" => number(&answer["matched"]) + number(&answer["unmatched_lines"]),
        "timeline" => {
            let buckets = answer["buckets"].as_array().unwrap().iter();
            let lines: u64 = buckets.map(|bucket| number(&bucket["lines"])).sum();
            lines + number(&answer["unparsed_lines"])
        }
        "templates" => number(&answer["records"]),
        "report" => {
            let mut sections = answer["sections"].as_array().unwrap().iter();
            let stats = sections.find(|section| section["kind"] == "stats");
            number(&stats.unwrap()["total"]["lines"])
        }
        "diff" => number(&answer["before"]["records"]),
        _ => unreachable!("{command}"),
    }
}

/// A line without an end is one too.
fn count_lines(text: &[u8]) -> u64 {
    text.split_inclusive(|byte| *byte == b'\n').count() as u64
}

/// What every command says of this file, which unpacks to `text`.
fn check(scratch: &Scratch, file: &str, (what, ways): (&str, &[&str]), text: &[u8], code: i32) {
    let lines = count_lines(text);
    let mut messages: Vec<Vec<u8>> = Vec::new();
    for arguments in COMMANDS {
        let mut first: Option<Value> = None;
        for way in ways {
            let ran = run(scratch, arguments, file, way);
            let said = String::from_utf8_lossy(&ran.stderr).replace("<stdin>", file);
            // Beside what is wrong with the file it may be said why an answer is empty.
            let about = format!("swathe: {file}: ");
            let said: String = said
                .split_inclusive('\n')
                .filter(|line| line.starts_with(&about))
                .collect();
            let what = format!("{what}, {arguments:?}, {way}: {said}");
            // Where no pattern matches, that is what the exit code says.
            let found = if code == 0 && arguments[0] == "count" && lines == 0 {
                1
            } else {
                code
            };
            assert_eq!(ran.status.code(), Some(found), "{what}");
            assert_eq!(said.lines().count(), usize::from(code == 2), "{what}");
            messages.push(said.into_bytes());
            if arguments.contains(&"--wc") {
                let row = String::from_utf8(ran.stdout).unwrap();
                let mut numbers = row.split_whitespace().map(str::parse::<usize>);
                let newlines = bytecount::count(text, b'\n');
                assert_eq!(numbers.next(), Some(Ok(newlines)), "{what}: {row}");
                assert_eq!(numbers.nth(1), Some(Ok(text.len())), "{what}: {row}");
                continue;
            }
            let mut answer: Value = serde_json::from_slice(&ran.stdout).expect(&what);
            alike(&mut answer, file);
            assert_eq!(answer["complete"], code == 0, "{what}");
            let errors = answer["errors"].as_array().unwrap();
            assert_eq!(errors.len(), usize::from(code == 2), "{what}");
            assert_eq!(lines_of(arguments[0], &answer), lines, "{what}");
            if arguments[0] == "stats" {
                assert_eq!(answer["total"]["bytes"], text.len() as u64, "{what}");
                assert_eq!(answer["files"][0]["bytes"], text.len() as u64, "{what}");
                assert_eq!(answer["files"][0]["complete"], code == 0, "{what}");
            }
            match &first {
                Some(first) => assert_eq!(answer, *first, "{what}"),
                None => first = Some(answer),
            }
        }
    }
    assert!(
        messages.windows(2).all(|two| two[0] == two[1]),
        "{what}: {:?}",
        messages
            .iter()
            .map(|m| String::from_utf8_lossy(m).into_owned())
            .collect::<Vec<_>>()
    );
}

/// What a search prints of a file, which is what could be read: all of it is one
/// record, behind which a NUL byte is put.
fn printed(scratch: &Scratch, file: &str, more: &[&str]) -> Vec<u8> {
    let arguments = [&["search", "--no-config", "-aNI", "--null-data", ""], more].concat();
    let mut printed = run(scratch, &arguments, file, "file").stdout;
    assert_eq!(printed.pop().unwrap_or(0), 0);
    printed
}

fn walk(name: &str, containers: &[Container]) {
    let scratch = Scratch::new(name);
    let text = log(6000);
    fs::write(scratch.0.join("other.log"), &text).unwrap();
    for container in containers {
        let file = container.file;
        for (how, bytes, code) in ends(container, &text) {
            fs::write(scratch.0.join(file), &bytes).unwrap();
            let got = printed(&scratch, file, &[]);
            let what = format!("{file} {how}");
            let reference = match container.unpack {
                // What the library gives of a block that does not match its checksum is
                // not what was packed.
                Some(unpack) if file != "bzip2" || !how.starts_with("damaged") => unpack(&bytes),
                _ => got.clone(),
            };
            // A byte that comes with an error is lost on who reads one by one.
            let lost = got.len().saturating_sub(reference.len());
            assert!(
                got.starts_with(&reference) && lost <= usize::from(how.starts_with("damaged")),
                "{what}: {} {}",
                got.len(),
                reference.len()
            );
            if file == "bzip2" || !how.starts_with("damaged") {
                assert!(text.repeat(2).starts_with(&got), "{what}");
            }
            let least = match how {
                "cut in its header" => 0,
                "cut" | "damaged" => 1,
                _ => text.len() * 9 / 10,
            };
            assert!(got.len() >= least, "{what}: {}", got.len());
            let ways = if container.mark {
                &WAYS[..]
            } else {
                &WAYS[..1]
            };
            check(&scratch, file, (&what, ways), &got, code);
        }
    }
}

#[test]
fn gzip_and_bgzip() {
    walk("gzip", &CONTAINERS[..2]);
}

#[test]
fn zstd() {
    walk("zstd", &CONTAINERS[2..4]);
}

#[test]
fn xz_and_bzip2() {
    walk("xz", &CONTAINERS[4..6]);
}

#[test]
fn the_others() {
    walk("others", &CONTAINERS[6..]);
}

/// A bound on what is unpacked holds to the byte, and is said where it is met.
#[test]
fn no_more_is_unpacked_than_is_allowed() {
    let scratch = Scratch::new("bound");
    let text = log(2500);
    fs::write(scratch.0.join("other.log"), &text).unwrap();
    for container in &CONTAINERS {
        let file = container.file;
        fs::write(scratch.0.join(file), (container.pack)(&text)).unwrap();
        for most in [1, 5000, text.len() - 1, text.len(), text.len() + 1] {
            let size = most.to_string();
            let bound = ["--max-decompressed", &size];
            let printed = printed(&scratch, file, &bound);
            let want = &text[..most.min(text.len())];
            assert!(printed == want, "{file} {most}");
            let arguments = [&["stats", "--format=json"][..], &bound].concat();
            let ways = if container.mark {
                &WAYS[..]
            } else {
                &WAYS[..1]
            };
            for way in ways {
                let ran = run(&scratch, &arguments, file, way);
                let said = String::from_utf8(ran.stderr).unwrap();
                let what = format!("{file} {most} {way}: {said}");
                let whole = most >= text.len();
                assert_eq!(ran.status.code(), Some(if whole { 0 } else { 2 }), "{what}");
                assert_eq!(said.contains("--max-decompressed"), !whole, "{what}");
                let answer: Value = serde_json::from_slice(&ran.stdout).expect(&what);
                assert_eq!(answer["total"]["bytes"], want.len() as u64, "{what}");
                assert_eq!(answer["complete"], whole, "{what}");
            }
        }
    }
}

/// A condition is judged by what could be read, and said; that not all could be read
/// is what the exit code says.
#[test]
fn a_condition_sees_what_could_be_read() {
    let scratch = Scratch::new("condition");
    let packed = pack::gzip(&log(2500));
    for (len, code) in [(packed.len(), 3), (packed.len() / 2, 2)] {
        fs::write(scratch.0.join("a.gz"), &packed[..len]).unwrap();
        let arguments = ["count", "-e", "user=u1", "--fail-if", "matches_total>10"];
        let ran = run(&scratch, &arguments, "a.gz", "file");
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(
            said.contains("--fail-if matches_total>10: it is "),
            "{said}"
        );
        assert_eq!(ran.status.code(), Some(code), "{said}");
    }
}

/// Of a file that is cut while a statistic goes through it, what was found intact
/// before is in the answer, and the message says how far that is.
#[test]
fn of_a_plain_file_that_is_cut_what_was_intact_counts() {
    use swathe::{
        ErrorKind,
        exec::{Executor, Stop},
        fold::{Ending, Fold, FoldOptions},
        progress::Progress,
        source::{MapPolicy, Source, SourceOptions},
        statistic::Wc,
    };

    /// Cuts the file when so many chunks were scanned.
    struct Cut(PathBuf, std::sync::atomic::AtomicU64, u64);

    impl Progress for Cut {
        fn advance(&self, _: u64) {
            use std::sync::atomic::Ordering::Relaxed;
            if self.1.fetch_add(1, Relaxed) == self.2 {
                let file = File::options().write(true).open(&self.0).unwrap();
                file.set_len(10).unwrap();
            }
        }
    }

    let scratch = Scratch::new("plain");
    let text = log(20_000);
    let path = scratch.0.join("a.log");
    for map in [MapPolicy::Never, MapPolicy::Guarded] {
        for threads in [1, 3] {
            for at in [0, 1, 5] {
                fs::write(&path, &text).unwrap();
                let options = SourceOptions {
                    map,
                    ..SourceOptions::default()
                };
                let source = Source::open(&path, &options).unwrap();
                let progress = Cut(path.clone(), 0.into(), at);
                let fold = Fold {
                    executor: &Executor::new(threads),
                    stop: &Stop::new(),
                    progress: &progress,
                    options: FoldOptions {
                        chunk_size: 100_000,
                        ..FoldOptions::default()
                    },
                };
                let wc = Wc {
                    newlines: true,
                    words: true,
                    chars: true,
                    width: false,
                };
                let folded = fold.run(&wc, &source).unwrap();
                let upto = folded.part.bytes as usize;
                let newlines = bytecount::count(&text[..upto], b'\n') as u64;
                assert_eq!(folded.part.partial.newlines, newlines);
                assert_eq!(folded.part.partial.bytes, upto as u64);
                let Ending::Failed(error) = folded.ending else {
                    panic!("{:?}", folded.ending);
                };
                let ErrorKind::Shrank { intact, .. } = error.kind() else {
                    panic!("{error}");
                };
                assert_eq!(*intact, upto as u64);
                if threads == 1 {
                    assert_eq!(upto / 100_000, at as usize, "{upto}");
                }
            }
        }
    }
}
