//! Every mode of a search over a file that changes meanwhile: nothing that the file
//! never held is published, and it is said what happened.
//!
//! The change comes at a certain point, and not at some time: before the search looks
//! at the opened file, or when it writes for the first time.

use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use swathe::{
    ErrorKind,
    chunk::Record,
    exec::{Executor, Stop},
    format::Formats,
    pattern::PatternOptions,
    print::PrintOptions,
    progress::Silent,
    search::{Mode, Nul, Outcome, Run, Search, SearchOptions},
    select::{Selection, Selector},
    source::{MapPolicy, Source, SourceOptions},
    time::{self, Stamp},
};

/// 2026-11-23T14:00:00Z.
const START: i64 = 1_795_442_400;

/// Lines with a time, each unlike all others, and some that belong to the one before.
fn text(word: &str) -> Vec<u8> {
    let mut text = String::new();
    for i in 0..24_000 {
        let (minute, second) = (i / 60 % 60, i % 60);
        writeln!(
            text,
            "2026-11-23T14:{minute:02}:{second:02}Z {word} {i:05} {}",
            "x".repeat(i % 50)
        )
        .unwrap();
        if i % 5 == 0 {
            writeln!(text, "  at {word} {i:05}").unwrap();
        }
    }
    text.into_bytes()
}

/// A search of any mode.
struct Asked {
    name: &'static str,
    search: Search,
    print: PrintOptions,
    /// Lines are printed, which hold as far as they came; else one answer is.
    lines: bool,
}

/// A row: its name, the pattern, and what makes it unlike a plain search.
type Row = (&'static str, &'static str, fn(&mut Wanted));

#[derive(Default)]
struct Wanted {
    options: SearchOptions,
    print: PrintOptions,
    spans: bool,
    since: bool,
}

/// A pattern whose matches span lines.
const SPANS: &str = r"Z \w+ \d{4}[05] x*\n  at \w+ \d+";

const ROWS: [Row; 22] = [
    ("lines", "Z", |_| {}),
    ("-n", "Z", |w| w.options.line_number = true),
    ("-v", "at", |w| w.options.invert = true),
    ("-o", r"\d{5}", |w| w.print.only_matching = true),
    ("-C2", "25 x", |w| {
        (w.options.before, w.options.after) = (2, 2);
    }),
    ("-n -C1", "[02468] x", |w| {
        w.options.line_number = true;
        (w.options.before, w.options.after) = (1, 1);
    }),
    ("-n -B40", "at", |w| {
        w.options.line_number = true;
        w.options.before = 40;
    }),
    ("--passthru", "25 x", |w| w.options.passthru = true),
    ("-c", "Z", |w| w.options.mode = Mode::Count),
    ("--count-matches", "x", |w| {
        w.options.mode = Mode::CountMatches;
    }),
    ("-l", "23999", |w| w.options.mode = Mode::FilesWithMatches),
    ("-L", "nothing", |w| {
        w.options.mode = Mode::FilesWithoutMatch;
    }),
    ("--json", "Z", |w| w.options.mode = Mode::Json),
    ("--record auto", "at", |w| {
        w.options.record = Record::auto(Record::MAX);
    }),
    ("--since", "Z", |w| w.since = true),
    ("-U", SPANS, |w| w.spans = true),
    ("-U -v", SPANS, |w| {
        (w.spans, w.options.invert) = (true, true);
    }),
    ("-U -o", SPANS, |w| {
        (w.spans, w.print.only_matching) = (true, true);
    }),
    ("-U -C2", SPANS, |w| {
        (w.spans, w.options.before, w.options.after) = (true, 2, 2);
    }),
    ("-U -c", SPANS, |w| {
        (w.spans, w.options.mode) = (true, Mode::Count);
    }),
    ("-U -l", r"(?s)Z.*23999", |w| {
        (w.spans, w.options.mode) = (true, Mode::FilesWithMatches);
    }),
    ("-U --json", SPANS, |w| {
        (w.spans, w.options.mode) = (true, Mode::Json);
    }),
];

fn asked((name, pattern, change): Row, chunk_size: u64) -> Asked {
    let mut wanted = Wanted::default();
    // What the file never held would be printed.
    wanted.options.nul = Nul::Text;
    wanted.options.chunk_size = chunk_size;
    change(&mut wanted);
    let options = PatternOptions {
        multi_line: wanted.spans,
        ..PatternOptions::default()
    };
    let patterns = options.compile(&[pattern]).unwrap();
    assert_eq!(patterns.spans_lines(), wanted.spans, "{name}");
    let lines = matches!(wanted.options.mode, Mode::Standard | Mode::Json);
    let named = wanted.options.mode != Mode::Standard;
    let mut search = Search::new(patterns, wanted.options);
    if wanted.since {
        let selection = Selection {
            since: Some(Stamp::new(START + 60, 0).unwrap()),
            ..Selection::default()
        };
        let selector = Arc::new(Selector::new(selection).unwrap());
        search = search.filtered(selector, time::Options::default(), Formats::default());
    }
    wanted.print.path = named.then(|| PathBuf::from("log"));
    Asked {
        name,
        search,
        print: wanted.print,
        lines,
    }
}

/// An output that lets something happen before the first bytes get out.
struct Output<'c> {
    bytes: Vec<u8>,
    change: Option<&'c (dyn Fn() + Sync)>,
}

impl io::Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if let Some(change) = self.change.take() {
            change();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a search writes and comes to if this happens when it writes first.
fn run(
    asked: &Asked,
    source: &Source,
    threads: usize,
    change: Option<&(dyn Fn() + Sync)>,
) -> (Vec<u8>, Outcome) {
    let mut out = Output {
        bytes: Vec::new(),
        change,
    };
    let mut run = Run {
        executor: &Executor::new(threads),
        out: &mut out,
        stop: &Stop::new(),
        progress: &Silent,
        written: false,
    };
    let outcome = asked
        .search
        .run_as(&mut run, source, &asked.print, Nul::Text);
    let outcome = outcome.expect("what is written is kept");
    (out.bytes, outcome)
}

/// A file of this test's own, gone when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(content: &[u8]) -> Scratch {
        let name = format!("swathe-torn-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What happens to a file.
#[derive(Clone, Copy, Debug)]
enum Change {
    CutTo(u64),
    /// Cut, and written anew up to a shorter size, as by `copytruncate`.
    Regrown,
    /// Other lines of the same lengths.
    Rewritten,
    Grown,
}

impl Change {
    fn to(self, path: &Path) {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        match self {
            Change::CutTo(len) => file.set_len(len).unwrap(),
            Change::Regrown => fs::write(path, vec![b'z'; 300_000]).unwrap(),
            Change::Rewritten => {
                std::os::unix::fs::FileExt::write_all_at(&file, &text("new"), 0).unwrap();
                // Whatever the clock of the file system.
                let later = SystemTime::now() + Duration::from_secs(5);
                file.set_modified(later).unwrap();
            }
            Change::Grown => {
                let mut file = OpenOptions::new().append(true).open(path).unwrap();
                io::Write::write_all(&mut file, b"2026-11-23T14:00:01Z more\n").unwrap();
            }
        }
    }
}

/// Output without what depends on time.
fn comparable(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !line.contains(r#""type":"end""#))
        .collect()
}

fn check(
    asked: &Asked,
    (change, late): (Change, bool),
    (bytes, outcome): (&[u8], &Outcome),
    right: &[&str],
    what: &str,
) {
    assert!(!bytes.contains(&0), "{what}: a byte that was never there");
    let said = comparable(bytes);
    match (change, outcome.failure.as_ref().map(swathe::Error::kind)) {
        (Change::Grown, None) => return assert!(said == right[0], "{what}: another answer"),
        (Change::CutTo(_) | Change::Regrown, Some(ErrorKind::Shrank { .. }))
        | (Change::Rewritten, Some(ErrorKind::Modified { .. })) => {}
        // All of it was out before.
        (_, None) if late && said == right[0] => return,
        (_, failure) => panic!("{what}: {failure:?}"),
    }
    if !asked.lines {
        assert_eq!(said, "", "{what}: half an answer");
    } else if matches!(change, Change::Rewritten) {
        let ever: std::collections::HashSet<&str> =
            right.iter().flat_map(|answer| answer.lines()).collect();
        assert!(said.lines().all(|line| ever.contains(line)), "{what}");
    } else {
        let whole = said.is_empty() || said.ends_with('\n');
        assert!(
            whole && right[0].starts_with(&said),
            "{what}: no beginning of it"
        );
    }
}

#[test]
fn no_mode_publishes_what_the_file_never_held() {
    let (old, new) = (text("old"), text("new"));
    let len = old.len() as u64;
    let changes = [
        Change::CutTo(0),
        Change::CutTo(len / 3),
        Change::CutTo(len / 2 / 4096 * 4096),
        Change::Regrown,
        Change::Rewritten,
        Change::Grown,
    ];
    let (mut cases, mut short) = (0, 0);
    for (row, chunk) in ROWS
        .into_iter()
        .zip([64 << 10, 300_000].into_iter().cycle())
    {
        let asked = asked(row, chunk);
        let answer = |bytes: &[u8]| {
            let source = Source::from_bytes("log", bytes);
            comparable(&run(&asked, &source, 1, None).0)
        };
        let right = [answer(&old), answer(&new)];
        assert!(!right[0].is_empty(), "{}: nothing to find", asked.name);
        let right = right.each_ref().map(String::as_str);
        for (change, map, early) in changes.into_iter().flat_map(|change| {
            let maps = [MapPolicy::Guarded, MapPolicy::Never];
            maps.into_iter()
                .flat_map(move |map| [false, true].map(|early| (change, map, early)))
        }) {
            if !early && !asked.lines {
                // When it writes first, it has all it needs.
                continue;
            }
            let file = Scratch::new(&old);
            let options = SourceOptions {
                map,
                ..SourceOptions::default()
            };
            let source = Source::open(&file.0, &options).unwrap();
            let happen = || change.to(&file.0);
            let late: Option<&(dyn Fn() + Sync)> = if early { None } else { Some(&happen) };
            if early {
                happen();
            }
            let threads = 1 + cases % 3;
            let (bytes, outcome) = run(&asked, &source, threads, late);
            let what = format!("{}, {change:?}, {map:?}, early: {early}", asked.name);
            check(&asked, (change, !early), (&bytes, &outcome), &right, &what);
            short += usize::from(bytes.len() < right[0].len());
            cases += 1;
        }
    }
    assert!(short > cases / 3, "{short} of {cases} were cut short");
}
