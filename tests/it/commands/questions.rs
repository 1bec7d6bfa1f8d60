//! Command lines made from a seed, without what says how input is read.

use super::{inputs::Kind, random::Random};

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) args: Vec<String>,
    /// How many files it is asked of.
    pub(super) files: usize,
    /// Another answer is right where input can be read only once.
    pub(super) passes: bool,
    /// What the answer says of files is the same however they are stored.
    pub(super) packable: bool,
    /// It is the answer's words alone, without the width of a name.
    pub(super) nameless: bool,
}

impl Question {
    fn of(command: &str) -> Question {
        Question {
            args: vec![command.to_string()],
            files: 1,
            passes: false,
            packable: true,
            nameless: false,
        }
    }

    fn flag(&mut self, flag: &str) {
        self.args.push(flag.to_string());
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "literals and numbers are given, which nobody wants to borrow"
    )]
    fn set(&mut self, flag: &str, value: impl ToString) {
        self.args.push(format!("{flag}={}", value.to_string()));
    }
}

const PATTERNS: [&str; 22] = [
    "error",
    "ERROR|FATAL",
    "user",
    r"user=u(\d+)",
    r"\d{3}",
    "^",
    "$",
    r"^\s*at ",
    "[a-z]+",
    r"(\w+)=(\w+)",
    r"ms.?\d+",
    "caf\u{e9}",
    "\u{4e2d}",
    "timeout",
    "z{5}",
    r"\bGET\b",
    ".",
    "nothing at all",
    r"[^ ]+$",
    r"\S+@\S+",
    "u7",
    r"(?i)warn",
];

const LITERALS: [&str; 8] = [
    "error",
    "user=u1",
    "ERROR",
    "at com",
    "ms",
    "timeout",
    "\u{e9}",
    "2026-11-0",
];

const REGEXES: [&str; 10] = [
    r"user=(\w+)",
    r"(\d+)",
    r"\d+",
    r"(\w+)=(\w+)",
    r"latency=(\S+)ms",
    r"ms=(\d+)",
    r"k=(\w+)",
    r"(ERROR|WARN)",
    r"host=?(\w+)",
    r"\b(u\d)\d*",
];

/// Any question that makes sense of such a log.
pub(super) fn question(kind: Kind, random: &mut Random) -> Question {
    let mut question = match random.below(20) {
        0..6 => search(random),
        6..8 => count(random),
        8..11 => top(kind, random),
        11..13 => values(kind, random),
        13..15 => timeline(kind, random),
        15..16 => templates(random),
        16..18 => stats(kind, random),
        18..19 => report(random),
        _ => diff(random),
    };
    select(kind, &mut question, random);
    // A pipe was never last written, which a year may be taken from.
    question.passes |= kind == Kind::Syslog;
    question
}

fn some(flags: &[&str], one_in: u64, question: &mut Question, random: &mut Random) {
    for flag in flags {
        if random.one_in(one_in) {
            question.flag(flag);
        }
    }
}

/// Flags of a search that go with most others.
const OFTEN: [&str; 7] = ["-i", "-w", "-v", "-n", "-b", "--column", "-a"];

const SELDOM: [&str; 12] = [
    "-S",
    "-x",
    "-H",
    "-I",
    "--heading",
    "--trim",
    "--crlf",
    "--no-unicode",
    "--stop-on-nonmatch",
    "--binary",
    "-0",
    "--null-data",
];

/// What a search prints of what it finds.
fn mode(q: &mut Question, random: &mut Random) {
    match random.below(14) {
        0 => q.flag("-c"),
        1 => q.flag("--count-matches"),
        2 => q.flag("-l"),
        3 => q.flag("--files-without-match"),
        4 => q.flag("--json"),
        5 => q.flag("-o"),
        6 => q.flag("--vimgrep"),
        7 => q.flag("--count-total"),
        8 => q.set("--replace", "<$1$0>"),
        9 => q.flag("--passthru"),
        10 => {
            q.flag("-U");
            some(&["--multiline-dotall"], 3, q, random);
        }
        11 => q.flag("-q"),
        _ => {}
    }
}

fn search(random: &mut Random) -> Question {
    let mut q = Question::of("search");
    if random.one_in(8) {
        q.flag("-F");
        for _ in 0..random.within(1..4) {
            q.set("--regexp", random.pick(&LITERALS));
        }
    } else {
        for _ in 0..if random.one_in(6) { 3 } else { 1 } {
            q.set("--regexp", random.pick(&PATTERNS));
        }
    }
    some(&OFTEN, 5, &mut q, random);
    some(&SELDOM, 20, &mut q, random);
    mode(&mut q, random);
    for context in ["-A", "-B", "-C"] {
        if random.one_in(5) {
            q.set(context, random.below(4));
        }
    }
    let bound = random.within(1..9);
    match random.below(12) {
        0 => q.set("--max-count", bound),
        1 => q.set("--first", bound),
        2 => q.set("--last", bound),
        3 => q.set("--range", format!("{bound}..{}", bound + random.below(60))),
        _ => {}
    }
    if random.one_in(12) {
        q.set("--color", "always");
    }
    if random.one_in(20) {
        q.set("--max-columns", 30);
        some(&["--max-columns-preview"], 2, &mut q, random);
    }
    if random.one_in(20) {
        q.set("--context-separator", "~~");
    }
    some(&["--include-zero"], 10, &mut q, random);
    some(&["--stats"], 5, &mut q, random);
    q.files = if random.one_in(3) { 2 } else { 1 };
    // Messages of JSON and statistics say how much was printed, names included.
    let counts_bytes = |arg: &String| arg == "--json" || arg == "--stats";
    q.nameless = q.files == 1 && !q.args.iter().any(counts_bytes);
    q
}

fn format(formats: &[&str], q: &mut Question, random: &mut Random) {
    let format = *random.pick(formats);
    q.nameless = matches!(format, "json" | "jsonl" | "csv" | "tsv");
    q.set("--format", format);
}

const FORMATS: [&str; 9] = [
    "json",
    "json",
    "json",
    "text",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    "prometheus",
];

fn count(random: &mut Random) -> Question {
    let mut q = Question::of("count");
    let fixed = random.one_in(4);
    if fixed {
        q.flag("-F");
    }
    for _ in 0..random.within(1..5) {
        let of: &[&str] = if fixed { &LITERALS } else { &PATTERNS };
        q.set("--regexp", random.pick(of));
    }
    some(&["-i", "-S", "-w", "-x", "--per-file"], 6, &mut q, random);
    if random.one_in(6) {
        q.set("--positions", random.within(1..9));
        q.passes = true;
    }
    if random.one_in(8) {
        q.set("--name", "n=user");
    }
    format(&FORMATS, &mut q, random);
    q
}

fn key(kind: Kind, random: &mut Random) -> String {
    let own: &[&str] = match kind {
        Kind::Json => &[
            "json:level",
            "json:user.id",
            "json:host",
            "json:ms",
            "json:missing",
        ],
        Kind::Logfmt => &[
            "logfmt:level",
            "logfmt:host",
            "logfmt:user",
            "logfmt:ms",
            "logfmt:msg",
        ],
        Kind::Csv => &["csv:level", "csv:host", "csv:ms", "csv:a, b", "csv:time"],
        Kind::Access => &["field:1", "field:3", "field:9"],
        Kind::Keys => &["field:3", "logfmt:k", "field:3", "field:4"],
        _ => &["field:2", "field:3", "field:4", "field:5", "logfmt:user"],
    };
    let any = ["level", "time:1m", "time:1h", "field:1", "path", "template"];
    let key = if random.one_in(3) {
        random.pick(&any)
    } else {
        random.pick(own)
    };
    (*key).to_string()
}

fn by(kind: Kind, q: &mut Question, random: &mut Random) {
    let mut keys = vec![key(kind, random)];
    if random.one_in(4) {
        keys.push(key(kind, random));
    }
    // A name in a list may hold no comma.
    keys.retain(|key| !key.contains(','));
    if keys.is_empty() {
        keys.push("level".to_string());
    }
    q.set("--by", keys.join(","));
}

/// Room for all groups, for some of them, or for hardly one.
fn bounds(q: &mut Question, random: &mut Random) {
    match random.below(10) {
        0 => q.set("--memory", random.within(300..9000)),
        1 => q.set("--memory", format!("{}K", random.within(10..900))),
        2 => q.set("--max-groups", random.within(1..300)),
        _ => return,
    }
    q.passes = true;
}

fn rows(q: &mut Question, random: &mut Random) {
    if random.one_in(2) {
        q.set("-k", random.pick(&["1", "2", "5", "30", "3000"]));
    }
}

fn top(kind: Kind, random: &mut Random) -> Question {
    let mut q = Question::of("top");
    let regex = random.one_in(2);
    if regex {
        q.set("--regexp", random.pick(&REGEXES));
        some(&["--all"], 6, &mut q, random);
        patterns(&mut q, random);
    }
    if !regex || random.one_in(4) {
        by(kind, &mut q, random);
    }
    if random.one_in(3) {
        q.set("--distinct", key(kind, random));
    }
    if random.one_in(4) {
        q.set("--sum", key(kind, random));
    }
    if random.one_in(4) {
        q.set("--sort", random.pick(&["count", "key"]));
    }
    rows(&mut q, random);
    bounds(&mut q, random);
    format(&FORMATS, &mut q, random);
    q
}

fn values(kind: Kind, random: &mut Random) -> Question {
    let mut q = Question::of("values");
    if random.one_in(4) {
        q.set("--of", key(kind, random));
    } else {
        q.set("--regexp", random.pick(&REGEXES));
        some(&["--all"], 4, &mut q, random);
        patterns(&mut q, random);
    }
    if random.one_in(2) {
        by(kind, &mut q, random);
    }
    if random.one_in(3) {
        q.set("--unit", random.pick(&["auto", "none", "time", "size"]));
    }
    if random.one_in(3) {
        q.set(
            "--sort",
            random.pick(&["count", "sum", "max", "p99", "key"]),
        );
    }
    if random.one_in(6) {
        q.flag("--exact");
        q.passes = true;
    }
    rows(&mut q, random);
    bounds(&mut q, random);
    format(&FORMATS, &mut q, random);
    q
}

fn timeline(kind: Kind, random: &mut Random) -> Question {
    let mut q = Question::of("timeline");
    for _ in 0..random.below(3) {
        q.set("--regexp", random.pick(&PATTERNS));
    }
    if random.one_in(8) {
        q.set("--name", "n=user");
    }
    if random.one_in(2) {
        by(kind, &mut q, random);
        rows(&mut q, random);
        if random.one_in(3) {
            q.set("--memory", format!("{}K", random.within(4..400)));
            q.passes = true;
        }
    }
    if random.one_in(2) {
        q.set("--bucket", random.pick(&["1m", "10m", "1h", "1d", "auto"]));
    }
    if random.one_in(5) {
        q.set("--gaps-over", random.pick(&["1s", "1m", "1h"]));
    }
    patterns(&mut q, random);
    format(&FORMATS, &mut q, random);
    q
}

fn templates(random: &mut Random) -> Question {
    let mut q = Question::of("templates");
    if random.one_in(3) {
        q.flag("--assign");
        q.passes = true;
        q.files = 1;
        return q;
    }
    rows(&mut q, random);
    if random.one_in(3) {
        q.set("--max-templates", random.within(1..20));
    }
    format(&FORMATS, &mut q, random);
    q
}

fn stats(kind: Kind, random: &mut Random) -> Question {
    let mut q = Question::of("stats");
    if random.one_in(3) {
        q.flag("--wc");
        some(&["-l", "-w", "-m", "-c", "-L"], 2, &mut q, random);
        q.files = random.within(1..3) as usize;
        // Columns are as wide as what files take on the disk, and wider for a pipe.
        q.packable = false;
        q.passes = true;
        return q;
    }
    if random.one_in(2) {
        q.set("--top-longest", random.below(9));
    }
    if random.one_in(3) {
        by(kind, &mut q, random);
        rows(&mut q, random);
        if random.one_in(3) {
            q.set("--memory", random.within(300..90_000));
            q.passes = true;
        }
    }
    format(&FORMATS, &mut q, random);
    // What a file takes on the disk is part of the answer.
    q.packable = false;
    q.passes = true;
    q
}

fn report(random: &mut Random) -> Question {
    let mut q = Question::of("report");
    if random.one_in(2) {
        q.set("--spec", "spec.toml");
    }
    if random.one_in(3) {
        q.set("--rows", random.within(1..30));
    }
    if random.one_in(5) {
        q.set("--title", "a title");
    }
    format(
        &["json", "text", "csv", "markdown", "prometheus", "html"],
        &mut q,
        random,
    );
    q.files = random.within(1..3) as usize;
    q.packable = false;
    // What a report asks unasked may depend on a name.
    q.nameless = false;
    q
}

fn diff(random: &mut Random) -> Question {
    let mut q = Question::of("diff");
    q.files = 2;
    for (flag, values) in [
        ("--ratio", ["1.5", "2", "4"]),
        ("--floor", ["1", "10", "100"]),
        ("--per", ["line", "second", "line"]),
        ("--limit", ["1", "5", "100"]),
    ] {
        if random.one_in(3) {
            q.set(flag, random.pick(&values));
        }
    }
    if random.one_in(3) {
        q.set("--spec", "spec.toml");
    }
    if random.one_in(5) {
        q.set("--title", "a title");
    }
    some(&["--all"], 3, &mut q, random);
    format(&["json", "text", "csv", "markdown"], &mut q, random);
    q.packable = false;
    q
}

/// How the patterns of a command are read.
fn patterns(q: &mut Question, random: &mut Random) {
    some(&["-i", "-w"], 8, q, random);
    some(&["-S", "-x", "-F"], 30, q, random);
}

/// Which records count.
fn select(kind: Kind, q: &mut Question, random: &mut Random) {
    if random.one_in(8) {
        q.set("--and", random.pick(&PATTERNS));
    }
    if random.one_in(10) {
        q.set("--not", random.pick(&PATTERNS));
    }
    if random.one_in(8) {
        let key = key(kind, random);
        // Of a path, a file and standard input have their own.
        q.nameless &= key != "path";
        let condition = condition(&key, random);
        q.set("--where", condition);
    }
    if random.one_in(7) {
        let day = random.within(1..21);
        q.set(
            "--since",
            random.pick(&[format!("2026-11-{day:02}"), "12:30".into(), "end-2h".into()]),
        );
        q.passes |= !q.args.last().is_some_and(|since| since.contains("2026"));
    }
    if random.one_in(7) {
        let day = random.within(4..27);
        q.set(
            "--until",
            random.pick(&[
                format!("2026-11-{day:02}T08:00Z"),
                "23:10".into(),
                "end-1m".into(),
            ]),
        );
        q.passes |= !q.args.last().is_some_and(|until| until.contains("2026"));
    }
    if random.one_in(25) {
        q.set("--delimiter", random.pick(&[",", " ", "="]));
    }
    if random.one_in(25) {
        let preset = match kind {
            Kind::Json => "json",
            Kind::Logfmt => "logfmt",
            Kind::Access => "nginx",
            _ => "syslog",
        };
        q.set("--log-format", preset);
    }
    some(&["--text", "--binary"], 40, q, random);
    let record = random.pick(&["line", "auto", r"^\d", "^{"]);
    if random.one_in(6) {
        q.set("--record", record);
        if random.one_in(4) {
            q.set("--record-max", random.within(50..5000));
        }
    }
    if random.one_in(20) {
        q.set("--tz", random.pick(&["Europe/Berlin", "-05:00", "UTC"]));
    }
    if random.one_in(20) {
        q.set("--base-year", 2025);
    }
    if q.files > 1 && random.one_in(6) {
        q.set("--order", random.pick(&["path", "time"]));
        q.passes = true;
    }
}

/// A condition about a key, or about two things.
fn condition(key: &str, random: &mut Random) -> String {
    let mut one = || match random.below(11) {
        0 => format!("{key}>={}", random.below(900)),
        1 => format!("{key}~^.[a-z0-9]"),
        2 => format!("{key}!=x"),
        3 => format!("{key}<{}", random.below(900)),
        4 => format!("{key}>{}ms", random.below(900)),
        5 => format!("{key}<={}K", random.below(900)),
        6 => format!("{key}={}xx,404,x", random.within(1..6)),
        7 => format!("{key}!={}", random.below(900)),
        8 => format!("time>{:02}:30", random.below(24)),
        _ => "level=error,warn".to_string(),
    };
    let (first, second) = (one(), one());
    match random.below(5) {
        0 => format!("{first} && !({second})"),
        1 => format!("!{first} || {second}"),
        _ => first,
    }
}
