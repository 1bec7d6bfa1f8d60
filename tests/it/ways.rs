//! Every question of the command line, in every way there is to read its
//! input: the JSON is the same to the byte.

use crate::{
    partials::QUESTIONS,
    program::{Folder, is_of_content},
};

const CHUNKS: [&str; 4] = ["1", "7", "64", "0"];
const THREADS: [&str; 4] = ["1", "2", "3", "8"];

/// Bytes that have broken counters, among lines that all questions are about.
fn log() -> Vec<u8> {
    let mut log = Vec::new();
    for (i, level) in ["ERROR", "INFO", "WARN", "INFO"].iter().enumerate() {
        log.extend(
            format!("2026-11-01T1{i}:0{i}:00.5Z {level} foo bar n={i}.5ms user=x\n").bytes(),
        );
        log.extend(b"  at foo\n\n\0\xff bar n=7 \xe2\x82\n");
        log.extend(format!("2026-11-01T0{i}:00:00Z {level} \u{4e2d} FOO n=-{i}\n").bytes());
    }
    log.extend(b"foo = 3 n=2KiB\nlast bar\r");
    log
}

/// Each line feed of the same with a carriage return before it.
fn with_crlf(log: &[u8]) -> Vec<u8> {
    let mut crlf = Vec::new();
    for &byte in log {
        if byte == b'\n' {
            crlf.push(b'\r');
        }
        crlf.push(byte);
    }
    crlf
}

#[test]
fn no_way_of_reading_changes_an_answer() {
    let folder = Folder::new("ways");
    let logs = [("lf.log", log()), ("crlf.log", with_crlf(&log()))];
    for (name, bytes) in &logs {
        folder.write(name, bytes);
    }
    for question in QUESTIONS {
        // A pipe has no size, and can be read only once.
        let from_pipe = !question
            .iter()
            .any(|arg| ["--positions", "--max-groups"].contains(arg));
        for (name, bytes) in &logs {
            let mut first: Option<String> = None;
            for (chunk, threads) in CHUNKS.iter().flat_map(|c| THREADS.map(|t| (c, t))) {
                let chunk = format!("--chunk-size={chunk}");
                let threads = format!("--threads={threads}");
                // The default is none.
                let chunk = Some(chunk.as_str()).filter(|chunk| *chunk != "--chunk-size=0");
                let flags: Vec<&str> = chunk
                    .into_iter()
                    .chain([threads.as_str(), "--format=json"])
                    .collect();
                for io in ["--io=map", "--io=read", "-"] {
                    let asked = [question, &flags, &[io]].concat();
                    let said = if io == "-" {
                        if !from_pipe {
                            continue;
                        }
                        folder.run(&asked, bytes)
                    } else {
                        folder.run(&[&asked[..], &[name]].concat(), b"")
                    };
                    let text = String::from_utf8(said.stdout).expect("UTF-8");
                    let text = text.replace("<stdin>", name);
                    let messages = String::from_utf8_lossy(&said.stderr);
                    let is_fine = messages.lines().all(is_of_content);
                    assert!(text.starts_with('{') && is_fine, "{asked:?}: {messages}");
                    let first = first.get_or_insert_with(|| text.clone());
                    assert_eq!(*first, text, "{asked:?} of {name}");
                }
            }
        }
    }
}
