//! `--resume` and logs that rotate, against a model that knows each line: whatever
//! happens between two runs, a line is told once, or a message says that something was
//! missed.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use crate::program::Folder;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// How rotated files are called.
#[derive(Clone, Copy, Debug)]
enum Names {
    Numbers,
    Dates,
}

/// A log, those who write and rotate it, and what was told of it.
struct Model {
    folder: Folder,
    random: Random,
    names: Names,
    /// Whether runs count lines, or print them.
    counts: bool,
    /// Rotated files, the oldest first.
    rotated: Vec<String>,
    /// Seconds that have passed, and days.
    clock: u64,
    lines: u64,
    /// Lines that have ended, or whose file was rotated.
    written: BTreeSet<u64>,
    /// A line that has not ended.
    open: Option<u64>,
    told: BTreeSet<u64>,
    counted: usize,
    /// Lines of which a run has said that it has missed something.
    lost: usize,
    /// No whole line was in the log at the last run.
    empty: bool,
    /// So many of the latest rotated files are not removed: of a log that was empty, and
    /// was then copied and cut, nobody can know that there was a copy.
    guarded: usize,
    /// What was done, for whoever looks why it fails.
    done: Vec<String>,
}

impl Model {
    fn new(seed: u64) -> Model {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..4 {
            random.below(2);
        }
        let names = [Names::Numbers, Names::Dates][random.below(2) as usize];
        let folder = Folder::new(&format!("rotation-{seed}"));
        folder.write("log", "");
        let mut model = Model {
            folder,
            counts: random.below(3) == 0,
            random,
            names,
            rotated: Vec::new(),
            clock: 0,
            lines: 0,
            written: BTreeSet::new(),
            open: None,
            told: BTreeSet::new(),
            counted: 0,
            lost: 0,
            empty: true,
            guarded: 0,
            done: Vec::new(),
        };
        // What was rotated before the first run is none of its business.
        model.touch("log");
        model.run();
        model
    }

    /// Gives a file the time that it is, which is another for everything that is done.
    fn touch(&self, name: &str) {
        let base = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let file = File::options().append(true).open(self.folder.path(name));
        file.and_then(|file| file.set_modified(base + Duration::from_secs(self.clock)))
            .unwrap();
    }

    fn append(&mut self) {
        let mut text = String::new();
        if let Some(open) = self.open.take() {
            self.written.insert(open);
            text.push('\n');
        }
        for _ in 0..self.random.below(4) {
            writeln!(text, "line {}", self.lines).unwrap();
            self.written.insert(self.lines);
            self.lines += 1;
        }
        if self.random.below(4) == 0 {
            write!(text, "line {}", self.lines).unwrap();
            self.open = Some(self.lines);
            self.lines += 1;
        }
        self.folder.append("log", text);
        self.touch("log");
    }

    /// The name for what is rotated now; those before get others.
    fn new_name(&mut self) -> String {
        if let Names::Dates = self.names {
            return format!("log-{}", 20_260_000 + self.clock);
        }
        let mut moved = Vec::new();
        let all = std::mem::take(&mut self.rotated);
        for name in all {
            let end = if name.strip_suffix(".gz").is_some() {
                ".gz"
            } else {
                ""
            };
            let number: u64 = name["log.".len()..name.len() - end.len()].parse().unwrap();
            let new = format!("log.{}{end}", number + 1);
            self.folder.rename(&name, &new);
            moved.push(new);
        }
        self.rotated = moved;
        "log.1".to_string()
    }

    fn rotate(&mut self) {
        let name = self.new_name();
        self.folder.rename("log", &name);
        self.rotated.push(name);
        self.guarded += usize::from(self.guarded > 0);
        self.written.extend(self.open.take());
        if self.random.below(2) == 0 {
            self.folder.write("log", "");
            self.touch("log");
        }
    }

    fn copy_and_cut(&mut self) {
        let name = self.new_name();
        self.folder.write(&name, self.folder.read("log"));
        self.touch(&name);
        self.rotated.push(name);
        self.guarded += usize::from(self.guarded > 0 || self.empty);
        self.written.extend(self.open.take());
        File::create(self.folder.path("log")).unwrap();
        self.clock += 1;
        self.touch("log");
    }

    fn pack(&mut self) {
        let plain: Vec<usize> = (0..self.rotated.len())
            .filter(|&at| self.rotated[at].strip_suffix(".gz").is_none())
            .collect();
        if plain.is_empty() {
            return;
        }
        let at = plain[self.random.below(plain.len() as u64) as usize];
        let name = self.rotated[at].clone();
        let packed = format!("{name}.gz");
        let modified = fs::metadata(self.folder.path(&name)).unwrap().modified();
        let to = File::create(self.folder.path(&packed)).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(to, flate2::Compression::fast());
        encoder.write_all(&self.folder.read(&name)).unwrap();
        let to = encoder.finish().unwrap();
        to.set_modified(modified.unwrap()).unwrap();
        fs::remove_file(self.folder.path(&name)).unwrap();
        self.rotated[at] = packed;
    }

    fn remove_oldest(&mut self) {
        if self.rotated.len() > self.guarded {
            let name = self.rotated.remove(0);
            fs::remove_file(self.folder.path(&name)).unwrap();
        }
    }

    fn run(&mut self) {
        if !self.folder.path("log").exists() {
            return;
        }
        let args: &[&str] = if self.counts {
            &[
                "count", "line", "--format", "csv", "--resume", "state", "log",
            ]
        } else {
            &["search", "line", "--resume", "state", "log"]
        };
        let output = self.folder.run(args, b"");
        self.empty = !self.folder.read("log").contains(&b'\n');
        self.guarded = 0;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let text = String::from_utf8(output.stdout).unwrap();
        let what = format!("{:?}\n{:#?}\n{said}{text}", self.names, self.done);
        if self.counts {
            let row = text.lines().nth(1).unwrap_or_default();
            self.counted += row.split(',').nth(3).unwrap().parse::<usize>().unwrap();
        } else {
            for line in text.lines() {
                let line = line.strip_prefix("line ").expect("a line").parse().unwrap();
                assert!(self.written.contains(&line), "{line} is not whole: {what}");
                assert!(self.told.insert(line), "{line} twice: {what}");
            }
            self.counted = self.told.len();
        }
        let told = self.counted + self.lost;
        if said.is_empty() {
            assert_eq!(told, self.written.len(), "{what}");
        } else {
            assert!(told <= self.written.len(), "{what}");
            self.lost = self.written.len() - self.counted;
        }
    }

    fn step(&mut self) {
        self.clock += 10;
        let there = self.folder.path("log").exists();
        let (what, act): (&str, fn(&mut Model)) = match self.random.below(12) {
            0..4 => ("run", Model::run),
            7 | 8 if there => ("rotate", Model::rotate),
            9 if there => ("copy and cut", Model::copy_and_cut),
            10 => ("pack", Model::pack),
            11 => ("remove the oldest", Model::remove_oldest),
            _ => ("append", Model::append),
        };
        act(self);
        let files = self.rotated.join(" ");
        let written = self.written.len();
        self.done.push(format!("{what}: {written} lines, {files}"));
    }
}

/// Goes through so many sequences, a few at a time; gives how many lines were told, and
/// how many were said to be missed.
fn walk(seeds: std::ops::Range<u64>) -> (u64, u64) {
    let (next, end) = (AtomicU64::new(seeds.start), seeds.end);
    let (told, lost) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let mut model = Model::new(seed);
                    for _ in 0..14 {
                        model.step();
                    }
                    model.append();
                    model.run();
                    told.fetch_add(model.counted as u64, Ordering::Relaxed);
                    lost.fetch_add(model.lost as u64, Ordering::Relaxed);
                }
            });
        }
    });
    (told.into_inner(), lost.into_inner())
}

#[test]
fn every_line_is_told_once_or_said_to_be_missed() {
    let (told, lost) = walk(0..300);
    assert!(
        told > 1500 && lost > 0 && lost * 5 < told,
        "{told} told, {lost} lost"
    );
}

#[test]
#[ignore = "takes minutes"]
fn every_line_of_very_many_sequences_is_told_once_or_said_to_be_missed() {
    let (told, lost) = walk(1000..30_000);
    assert!(lost * 5 < told, "{told} told, {lost} lost");
}
