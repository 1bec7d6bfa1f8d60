//! Standard input in its forms. Since a process has only one, this binary
//! runs itself with one of the ignored tests.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
};

use swathe::{
    ErrorKind,
    chunk::{Feed, FeedOptions, Record},
    exec::Stop,
    source::{MapPolicy, Source, SourceOptions},
};

const TEXT: &str = "skipped\nfirst\nsecond\n";
const REST: &[u8] = b"first\nsecond\n";

/// Runs one of the tests below with this standard input.
fn run(test: &str, stdin: impl Into<Stdio>) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([&format!("stdin::{test}"), "--exact", "--ignored"])
        .stdin(stdin)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{test}: {said}");
}

fn options() -> SourceOptions {
    SourceOptions {
        map: MapPolicy::Guarded,
        ..SourceOptions::default()
    }
}

fn content(source: &Source) -> Vec<u8> {
    let options = FeedOptions {
        size: 1 << 20,
        record: Record::Line(b'\n'),
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(source, options, &Stop::new()).unwrap();
    let (mut all, mut buffer) = (vec![], vec![]);
    while let Some(piece) = feed.next_piece().unwrap() {
        piece.fetch(&mut buffer).unwrap();
        all.extend_from_slice(piece.view(&buffer).bytes);
    }
    all
}

#[test]
fn a_redirected_file_is_a_file() {
    let path = std::env::temp_dir().join(format!("swathe-stdin-{}", std::process::id()));
    fs::write(&path, TEXT).unwrap();
    let mut file = File::open(&path).unwrap();
    file.read_exact(&mut [0; TEXT.len() - REST.len()]).unwrap();
    run("is_the_rest_of_a_file", file.try_clone().unwrap());
    // Who reads there next finds nothing: it was all read.
    let mut rest = String::new();
    file.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    fs::remove_file(path).unwrap();
}

#[test]
#[ignore = "needs a standard input of its own"]
fn is_the_rest_of_a_file() {
    let source = Source::stdin(&options()).unwrap();
    assert_eq!(source.name(), Path::new("<stdin>"));
    assert_eq!(source.len(), Some(REST.len() as u64));
    assert_eq!(source.as_slice().is_some(), cfg!(target_os = "linux"));
    assert_eq!(content(&source), REST);
    assert!(source.identity().is_some() && source.verify().is_ok());
    let again = Source::stdin(&options()).unwrap();
    assert_eq!(content(&again), b"", "it is at its end");
}

#[test]
fn a_pipe_is_a_stream() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(REST).unwrap();
    drop(writer);
    run("is_a_pipe", reader);
}

#[test]
#[ignore = "needs a standard input of its own"]
fn is_a_pipe() {
    let source = Source::stdin(&options()).unwrap();
    assert_eq!(source.len(), None);
    assert_eq!(content(&source), REST);
    assert!(source.is_intact(u64::MAX) && source.verify().is_ok());
}

#[test]
fn what_stands_for_standard_input_is_read() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(REST).unwrap();
    drop(writer);
    run("is_read_by_name", reader);
}

#[test]
#[ignore = "needs a standard input of its own"]
fn is_read_by_name() {
    let source = Source::open("/dev/stdin", &options()).unwrap();
    assert_eq!(content(&source), REST);
}

#[test]
fn a_directory_is_refused() {
    run("is_a_directory", File::open("/").unwrap());
}

#[test]
#[ignore = "needs a standard input of its own"]
fn is_a_directory() {
    let error = Source::stdin(&options()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Directory), "{error}");
    assert_eq!(error.path(), Some(Path::new("<stdin>")));
}

/// How large the pipe on standard input is when the program has ended.
#[cfg(target_os = "linux")]
fn pipe_after(args: &[&str]) -> usize {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let kept = reader.try_clone().unwrap();
    writer.write_all(TEXT.as_bytes()).unwrap();
    drop(writer);
    let mut program = Command::new(env!("CARGO_BIN_EXE_swathe"));
    let output = program.args(args).stdin(reader).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    rustix::pipe::fcntl_getpipe_size(kept).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_is_made_larger_where_it_is_read() {
    let (own, _writer) = std::io::pipe().unwrap();
    let usual = rustix::pipe::fcntl_getpipe_size(&own).unwrap();
    // Who has many pipes already gets no larger ones.
    let larger = rustix::pipe::fcntl_setpipe_size(&own, 1 << 20).unwrap_or(usual);
    for args in [&["search", "-c", "first", "-"][..], &["stats"]] {
        assert_eq!(pipe_after(args), larger, "{args:?}");
    }
    // What a loop of the shell reads, say.
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for args in [&["search", "-c", "swathe", other][..], &["stats", other]] {
        assert_eq!(pipe_after(args), usual, "{args:?}");
    }
}
