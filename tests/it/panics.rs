//! A panic in what a user of the library hands in, to read from or to write to,
//! ends the run and goes on in its caller; nothing hangs.

use std::{
    io::{self, Read, Write},
    sync::mpsc,
    time::Duration,
};

use swathe::{
    exec::{Executor, Stop},
    fold::{Fold, FoldOptions},
    pattern::PatternOptions,
    print::PrintOptions,
    progress::Silent,
    search::{Mode, Run, Search, SearchOptions},
    source::{Source, SourceOptions},
    statistic::Wc,
};

use crate::pack;

/// Whether it panics. It must end in time, which it does not where somebody waits
/// for what will never come.
fn panics(run: impl FnOnce() + Send + 'static) -> bool {
    let (over, wait) = mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        let _over = over;
        run();
    });
    let ended = wait.recv_timeout(Duration::from_mins(1));
    assert_eq!(ended, Err(mpsc::RecvTimeoutError::Disconnected), "it hangs");
    thread.join().is_err()
}

/// Takes so many writes, and panics then.
struct Takes(usize);

impl Write for Takes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        assert!(self.0 > 0, "meant to");
        self.0 -= 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives its bytes, and panics then.
struct Gives(io::Cursor<Vec<u8>>);

impl Read for Gives {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.0.read(buffer)?;
        assert!(got > 0, "meant to");
        Ok(got)
    }
}

fn search(source: &Source, out: &mut (dyn Write + Send), threads: usize, mode: Mode) {
    let patterns = PatternOptions::default().compile(&["1"]).unwrap();
    let options = SearchOptions {
        mode,
        chunk_size: 20_000,
        ..SearchOptions::default()
    };
    let mut run = Run {
        executor: &Executor::new(threads),
        out,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let print = PrintOptions {
        byte_offset: true,
        ..PrintOptions::default()
    };
    let _ = Search::new(patterns, options).run(&mut run, source, &print);
}

#[test]
fn a_writer_that_panics() {
    let text = pack::text(30_000);
    for threads in [1, 2, 4] {
        for takes in [0, 1, 3] {
            let text = text.clone();
            let panicked = panics(move || {
                let source = Source::from_bytes("x", text);
                search(&source, &mut Takes(takes), threads, Mode::Standard);
            });
            assert!(panicked, "{threads} {takes}");
        }
    }
}

#[test]
fn a_reader_that_panics() {
    let text = pack::text(30_000);
    let packed = [text.clone(), pack::gzip(&text), pack::zstd_frames(&text)];
    for bytes in packed {
        for threads in [1, 2, 4] {
            for part in [0, 100, bytes.len() / 2, bytes.len()] {
                for statistic in [false, true] {
                    let bytes = bytes[..part].to_vec();
                    let panicked = panics(move || {
                        let reader = Gives(io::Cursor::new(bytes));
                        let options = SourceOptions::default();
                        let source = Source::from_reader_with("x", reader, &options);
                        if statistic {
                            fold(&source, threads);
                        } else {
                            search(&source, &mut io::sink(), threads, Mode::Count);
                        }
                    });
                    assert!(panicked, "{threads} {part}");
                }
            }
        }
    }
}

fn fold(source: &Source, threads: usize) {
    let fold = Fold {
        executor: &Executor::new(threads),
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions {
            chunk_size: 20_000,
            ..FoldOptions::default()
        },
    };
    let wc = Wc {
        newlines: true,
        words: true,
        chars: true,
        width: true,
    };
    let _ = fold.run(&wc, source);
}
