//! Files that change while they are scanned: no wrong result is published,
//! and it is said what happened.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    sync::mpsc,
};

use swathe::{
    ErrorKind, Result,
    chunk::{ChunkHandle, Feed, FeedOptions, Record},
    exec::{Commit, Executor, Flow, Stop, Turn},
    source::{MapPolicy, Source, SourceOptions, Verdict},
};

/// A file that goes when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Scratch {
        let path = std::env::temp_dir().join(format!("swathe-{name}-{}", std::process::id()));
        fs::write(&path, content).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Numbered lines of all lengths, none of them empty or with a zero in it.
fn text(len: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(len + 400);
    let mut i = 0;
    while text.len() < len {
        text.extend_from_slice(format!("line {i} ").as_bytes());
        text.resize(text.len() + i * i % 300, b'a' + (i % 26) as u8);
        text.push(b'\n');
        i += 1;
    }
    text
}

/// The smallest generator that will do (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// What was published: the bytes themselves, in order.
#[derive(Default)]
struct Published(Vec<u8>);

impl Commit<Option<Vec<u8>>> for Published {
    fn commit(&mut self, result: Option<Vec<u8>>) -> Flow {
        let Some(bytes) = result else {
            return Flow::Stop;
        };
        self.0.extend_from_slice(&bytes);
        Flow::Continue
    }
}

/// How a file is scanned while something happens to it.
#[derive(Clone, Copy, Debug)]
struct Run {
    map: MapPolicy,
    chunk: u64,
    threads: usize,
    /// The chunk at which it happens.
    at: u64,
    /// Whether that chunk is scanned only when it has happened; else
    /// meanwhile.
    after: bool,
}

/// Scans the file as every engine here does, publishing each chunk after it
/// was found intact. `change` runs in a thread of its own.
fn scan(path: &Path, run: Run, change: impl FnOnce() + Send) -> (Vec<u8>, Result<Verdict>) {
    let options = SourceOptions {
        map: run.map,
        ..SourceOptions::default()
    };
    let source = Source::open(path, &options).unwrap();
    let stop = Stop::new();
    let options = FeedOptions {
        size: run.chunk,
        record: Record::Line(b'\n'),
        range: None,
        look_ahead: false,
    };
    let mut feed = Feed::new(&source, options, &stop).unwrap();
    let (now, begin) = mpsc::sync_channel(1);
    let (done, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let published = std::thread::scope(|scope| {
        scope.spawn(move || {
            // Whatever ended the scan before that chunk, it happens.
            let _ = begin.recv();
            change();
            drop(done);
        });
        let look = |buffer: &mut Vec<u8>, piece: ChunkHandle<'_>, turn: Turn<'_, _, Published>| {
            if piece.chunk.index == run.at {
                now.send(()).unwrap();
                if run.after {
                    let _ = wait.lock().unwrap().recv();
                }
            }
            let bytes = match piece.fetch(buffer) {
                Ok(()) => piece.view(buffer).bytes.to_vec(),
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Shrank { .. }), "{error}");
                    return turn.deposit(None);
                }
            };
            turn.deposit(source.is_intact(piece.chunk.end).then_some(bytes));
        };
        let claim = || match feed.next_piece() {
            Ok(piece) => piece,
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Shrank { .. }), "{error}");
                None
            }
        };
        let published = Executor::new(run.threads)
            .run(&stop, claim, Vec::new, look, Published::default())
            .unwrap();
        drop(now);
        published.0
    });
    let verdict = source.verify_published(published.len() as u64);
    (published, verdict)
}

#[test]
fn a_file_that_is_cut_gives_no_wrong_result() {
    let text = text(2 << 20);
    let len = text.len() as u64;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut cuts = vec![0, 1, 4095, 4096, 4097, len / 2, len - 4096, len - 1];
    cuts.extend((0..60).map(|_| random.below(len)));
    let (mut early, mut scans) = (0, 0);
    for (i, cut) in cuts.into_iter().enumerate() {
        for map in [MapPolicy::Guarded, MapPolicy::Never] {
            let chunk = [1000, 4096, 64 << 10, 300_000][i % 4];
            let run = Run {
                map,
                chunk,
                threads: 1 + i % 3,
                at: random.below(len / chunk / 2),
                after: i % 2 == 0,
            };
            let file = Scratch::new("cut", &text);
            let writer = OpenOptions::new().write(true).open(&file.0).unwrap();
            let (published, verdict) = scan(&file.0, run, || writer.set_len(cut).unwrap());
            let end = published.len();
            assert!(published == text[..end], "cut to {cut}, {run:?}");
            let error = verdict.unwrap_err();
            assert!(
                matches!(*error.kind(), ErrorKind::Shrank { from, to, intact }
                    if from == len && to == cut && intact == end as u64),
                "cut to {cut}, {run:?}: {error}"
            );
            if run.after {
                // Everything from that chunk on was looked at too late.
                assert!(end as u64 <= (run.at + 1) * chunk + 400, "{end}, {run:?}");
            }
            early += usize::from(end < text.len());
            scans += 1;
        }
    }
    assert!(
        early >= scans / 2,
        "{early} of {scans} scans were cut short"
    );
}

#[test]
fn a_file_that_is_cut_and_grows_again_gives_no_wrong_result() {
    let text = text(1 << 20);
    for map in [MapPolicy::Guarded, MapPolicy::Never] {
        for (at, threads) in [(0, 1), (3, 1), (3, 3)] {
            let run = Run {
                map,
                chunk: 50_000,
                threads,
                at,
                after: true,
            };
            // As a logger does that goes on after `copytruncate`.
            let file = Scratch::new("regrown", &text);
            let (published, verdict) = scan(&file.0, run, || {
                fs::write(&file.0, vec![b'z'; 600_000]).unwrap();
            });
            assert!(published == text[..published.len()], "{run:?}");
            assert!(published.len() < text.len());
            let error = verdict.unwrap_err();
            // Other workers may have looked before it had grown again.
            assert!(
                matches!(*error.kind(), ErrorKind::Shrank { to, intact, .. }
                    if to <= 600_000 && intact == published.len() as u64),
                "{run:?}: {error}"
            );
        }
    }
}

/// Something that happens to the file of this name.
type Change<'a> = &'a (dyn Fn(&Path) + Sync);

#[test]
fn what_is_no_cut_is_told_apart() {
    let text = text(1 << 20);
    let append = |path: &Path| {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        std::io::Write::write_all(&mut file, b"one more line\n").unwrap();
    };
    let rename = |path: &Path| {
        let old = path.with_extension("old");
        fs::rename(path, &old).unwrap();
        fs::write(path, "a new log\n").unwrap();
        fs::remove_file(old).unwrap();
    };
    let rewrite = |path: &Path| {
        // So that the time differs on a file system with a coarse clock.
        std::thread::sleep(std::time::Duration::from_millis(10));
        let file = OpenOptions::new().write(true).open(path).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"LINE", 500_000).unwrap();
    };
    let changes: [(&str, Change<'_>); 3] =
        [("grew", &append), ("same", &rename), ("modified", &rewrite)];
    for (want, change) in changes {
        for map in [MapPolicy::Guarded, MapPolicy::Never] {
            for threads in [1, 3] {
                let file = Scratch::new("changed", &text);
                let run = Run {
                    map,
                    chunk: 50_000,
                    threads,
                    at: 4,
                    after: true,
                };
                let (published, verdict) = scan(&file.0, run, || change(&file.0));
                assert_eq!(published.len(), text.len(), "{want}, {run:?}");
                let got = match verdict {
                    Ok(Verdict { grew: true }) => "grew",
                    Ok(_) => "same",
                    Err(error) => match error.kind() {
                        ErrorKind::Modified { size } if *size == text.len() as u64 => "modified",
                        _ => panic!("{want}, {run:?}: {error}"),
                    },
                };
                assert_eq!(got, want, "{run:?}");
                if want != "modified" {
                    assert!(published == text, "{want}, {run:?}");
                }
            }
        }
    }
}
