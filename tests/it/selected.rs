//! Every statistic over selected records, and of records of many lines, against
//! what that means.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{partials::with, program::Folder};

/// Numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1;
        (self.0 >> 33) as usize % bound
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// A line of a log: its time in seconds since November began, what it says, and
/// its end.
#[derive(Clone, Debug)]
struct Line {
    time: Option<usize>,
    says: Vec<u8>,
    end: &'static [u8],
}

impl Line {
    fn content(&self) -> Vec<u8> {
        let stamp = self.time.map_or_else(String::new, |second| {
            let (minute, second) = (second / 60, second % 60);
            format!("2026-11-01T10:{minute:02}:{second:02}Z ")
        });
        [stamp.as_bytes(), &self.says].concat()
    }

    fn bytes(&self) -> Vec<u8> {
        [&self.content()[..], self.end].concat()
    }

    fn has(&self, text: &str) -> bool {
        let content = self.content();
        content.windows(text.len()).any(|w| w == text.as_bytes())
    }
}

const PIECES: [&[u8]; 13] = [
    b"foo",
    b"bar",
    b" ",
    b" ",
    b"\t",
    b"n=5 ",
    b"n=2.5ms ",
    b"user=x ",
    b"\0",
    b"\xff",
    b"\r",
    "\u{4e2d}".as_bytes(),
    &[b'z'; 70],
];

/// The first line has a time; the last may have no end.
fn log(numbers: &mut Numbers) -> Vec<Line> {
    let crlf = numbers.below(2) == 0;
    let count = 1 + numbers.below(40);
    let mut lines: Vec<Line> = Vec::new();
    for at in 0..count {
        let timed = at == 0 || numbers.below(5) < 2;
        let pieces = numbers.below(5);
        let mut says = Vec::new();
        if timed {
            says.extend_from_slice(numbers.of(&[&b"ERROR "[..], b"INFO ", b"foo "]));
        }
        for _ in 0..pieces {
            says.extend_from_slice(numbers.of(&PIECES));
        }
        // Which end lines have is decided by the first.
        says.push(b'.');
        let other = at > 0 && numbers.below(6) == 0;
        lines.push(Line {
            time: timed.then(|| numbers.below(600)),
            says,
            end: if crlf == other { b"\n" } else { b"\r\n" },
        });
    }
    if numbers.below(2) == 0
        && let Some(last) = lines.last_mut()
    {
        last.end = b"";
    }
    lines
}

fn text(lines: &[Line]) -> Vec<u8> {
    lines.iter().flat_map(Line::bytes).collect()
}

fn first_field(content: &[u8]) -> Option<&[u8]> {
    let space = |b: &u8| b" \t\x0b\x0c\r".contains(b);
    content.split(space).find(|field| !field.is_empty())
}

/// A choice of lines, as flags and as what they mean.
type Filter = (&'static [&'static str], fn(&Line, Option<usize>) -> bool);

/// What a line says is judged by itself, when it was by the last time so far.
const FILTERS: [Filter; 7] = [
    (&["--and", "foo"], |line, _| line.has("foo")),
    (&["--not", "bar"], |line, _| !line.has("bar")),
    (&["--and", "foo", "--not", "n=5"], |line, _| {
        line.has("foo") && !line.has("n=5")
    }),
    (&["--where", "field:1=foo."], |line, _| {
        first_field(&line.content()) == Some(b"foo.")
    }),
    (&["--since", "2026-11-01T10:02:00Z"], |_, now| {
        now.is_some_and(|now| now >= 120)
    }),
    (&["--until", "2026-11-01T10:05:00Z"], |_, now| {
        now.is_some_and(|now| now < 300)
    }),
    (
        &[
            "--since",
            "2026-11-01T10:01:00Z",
            "--until",
            "2026-11-01T10:08:00Z",
            "--not",
            "zz",
        ],
        |line, now| now.is_some_and(|now| (60..480).contains(&now)) && !line.has("zz"),
    ),
];

const QUESTIONS: [&[&str]; 10] = [
    &["stats"],
    &["stats", "--by", "field:1"],
    &["count", "-e", "foo", "-e", "o+", "-e", "^$", "-e", r"\.$"],
    &["count", "-F", "-i", "FOO"],
    &["top", r"(\w+)="],
    &["top", r"(o+|z)", "--all", "--sort", "key"],
    &["top", "--by", "field:1,level", "--distinct", "field:-1"],
    &["values", r"n=(\S+)", "--by", "level"],
    &["values", r"n=([0-9.]+)", "--all"],
    &["templates"],
];

/// One of the ways to read an input.
fn one_way(numbers: &mut Numbers) -> Vec<&'static str> {
    let mut way = vec![
        numbers.of(&["--threads=1", "--threads=2", "--threads=3", "--threads=8"]),
        numbers.of(&["--io=map", "--io=read"]),
    ];
    way.extend(["--chunk-size=1", "--chunk-size=7", "--chunk-size=64"].get(numbers.below(4)));
    way
}

fn answer(folder: &Folder, asked: &[&str], name: &str, piped: bool) -> Value {
    let asked = with(asked, &["--format=json"]);
    let out = if piped {
        folder.run(&with(&asked, &["-"]), &folder.read(name)).stdout
    } else {
        folder.answer(&with(&asked, &[name]))
    };
    serde_json::from_slice(&out).unwrap_or_else(|_| panic!("{asked:?}"))
}

/// Takes out where something was, which is another place in the selection.
fn without_places(value: &mut Value) {
    const PLACES: [&str; 12] = [
        "line",
        "offset",
        "path",
        "since",
        "until",
        "bytes_on_disk",
        "final_newline",
        "files",
        "record",
        "first",
        "last",
        "example",
    ];
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !PLACES.contains(&key.as_str()) || value.is_null());
            map.retain(|key, _| !PLACES.contains(&key.as_str()));
            map.values_mut().for_each(without_places);
        }
        Value::Array(all) => all.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// The lines that a filter selects.
fn selected(lines: &[Line], filter: &Filter) -> Vec<Line> {
    let mut now = None;
    let selects = |line: &&Line| {
        now = line.time.or(now);
        filter.1(line, now)
    };
    lines.iter().filter(selects).cloned().collect()
}

#[test]
fn selected_lines_are_as_if_there_were_no_others() {
    let folder = Folder::new("selected");
    let mut numbers = Numbers(7);
    for _ in 0..14 {
        let lines = log(&mut numbers);
        let ending = if lines[0].end == b"\r\n" {
            "--line-ending=crlf"
        } else {
            "--line-ending=lf"
        };
        folder.write("all", text(&lines));
        for filter in FILTERS.iter().step_by(1 + numbers.below(2)) {
            folder.write("some", text(&selected(&lines, filter)));
            for question in QUESTIONS.iter().skip(numbers.below(3)).step_by(3) {
                let asked = with(question, &[ending]);
                let mut want = answer(&folder, &asked, "some", false);
                without_places(&mut want);
                let asked = with(&with(&asked, filter.0), &one_way(&mut numbers));
                let mut got = answer(&folder, &asked, "all", numbers.below(4) == 0);
                without_places(&mut got);
                let text = String::from_utf8_lossy(&text(&lines)).into_owned();
                assert_eq!(got, want, "{asked:?} of {text:?}");
            }
        }
    }
}

/// When each selected line was; and how often time goes back from one that has
/// a time to the next. A line without belongs to the one before it, selected
/// or not.
fn times(lines: &[Line], filter: &Filter) -> (Vec<(Option<usize>, Line)>, u64) {
    let (mut now, mut told, mut before, mut back) = (None, true, None, 0);
    let mut all = Vec::new();
    for line in lines {
        if line.time.is_some() {
            (now, told) = (line.time, false);
        }
        if filter.1(line, now) {
            if !told {
                back += u64::from(before > now);
                (before, told) = (now, true);
            }
            all.push((now, line.clone()));
        }
    }
    (all, back)
}

fn check_timeline(folder: &Folder, numbers: &mut Numbers, lines: &[Line], filter: &Filter) {
    let asked = [
        "timeline",
        "--bucket=1m",
        "--by=field:2",
        "-k99",
        "-e",
        "foo",
    ];
    let asked = with(&with(&asked, filter.0), &one_way(numbers));
    let got = answer(folder, &asked, "all", numbers.below(4) == 0);
    let (all, back) = times(lines, filter);
    let said = String::from_utf8_lossy(&text(lines)).into_owned();
    let said = format!("{asked:?} of {said:?}:\n{got}");
    let timed: Vec<(usize, &Line)> = all
        .iter()
        .filter_map(|(time, line)| Some(((*time)?, line)))
        .collect();
    let unparsed = all.len() - timed.len();
    assert_eq!(got["unparsed_lines"], unparsed, "{said}");
    assert_eq!(got["out_of_order"], back, "{said}");
    let minutes = timed.iter().map(|(time, _)| time / 60);
    let (first, last) = (minutes.clone().min(), minutes.max());
    let buckets = got["buckets"].as_array().unwrap();
    let (Some(first), Some(last)) = (first, last) else {
        assert!(buckets.is_empty(), "{said}");
        return;
    };
    assert_eq!(buckets.len(), last - first + 1, "{said}");
    let mut groups: BTreeMap<Vec<u8>, Vec<u64>> = BTreeMap::new();
    for (minute, bucket) in (first..).zip(buckets) {
        let within: Vec<&Line> = timed
            .iter()
            .filter(|(time, _)| time / 60 == minute)
            .map(|(_, line)| *line)
            .collect();
        let hits = within.iter().filter(|line| line.has("foo")).count();
        let want = json!({
            "start": format!("2026-11-01T10:{minute:02}:00Z"),
            "lines": within.len(),
            "patterns": [hits],
        });
        assert_eq!(*bucket, want, "{said}");
        for line in within {
            let content = line.content();
            let space = |b: &u8| b" \t\x0b\x0c\r".contains(b);
            let mut fields = content.split(space).filter(|field| !field.is_empty());
            let key = fields.nth(1).unwrap_or(b"(none)");
            let counts = groups.entry(key.to_vec()).or_default();
            counts.resize(buckets.len(), 0);
            counts[minute - first] += 1;
        }
    }
    let shown = got["by"]["groups"].as_array().unwrap();
    assert_eq!(shown.len(), groups.len(), "{said}");
    for group in shown {
        let key = match &group["key"] {
            Value::String(key) => key.clone().into_bytes(),
            Value::Null => b"(none)".to_vec(),
            _ => continue,
        };
        let want = &groups[&key];
        assert_eq!(group["buckets"], json!(want), "{said}");
        assert_eq!(group["lines"], want.iter().sum::<u64>(), "{said}");
    }
}

#[test]
fn timelines_of_selected_lines_by_key() {
    let folder = Folder::new("selected-timeline");
    let mut numbers = Numbers(11);
    for _ in 0..60 {
        let lines = log(&mut numbers);
        folder.write("all", text(&lines));
        let everything: Filter = (&[], |_, _| true);
        for filter in [&everything, &FILTERS[numbers.below(FILTERS.len())]] {
            check_timeline(&folder, &mut numbers, &lines, filter);
        }
    }
}

/// A line with a time and those behind it, up to the next; what comes before the
/// first is one as well.
fn events(lines: &[Line]) -> Vec<&[Line]> {
    let starts = (1..lines.len()).filter(|at| lines[*at].time.is_some());
    let borders: Vec<usize> = [0].into_iter().chain(starts).chain([lines.len()]).collect();
    borders
        .windows(2)
        .map(|pair| &lines[pair[0]..pair[1]])
        .collect()
}

/// Events, and how many have something in one of their lines.
struct Events<'a> {
    folder: &'a Folder,
    lines: &'a [Line],
    all: Vec<&'a [Line]>,
}

impl Events<'_> {
    fn having(&self, what: &str) -> usize {
        let has = |event: &&&[Line]| event.iter().any(|line| line.has(what));
        self.all.iter().filter(has).count()
    }

    fn ask(&self, numbers: &mut Numbers, question: &[&str]) -> Value {
        let start = r"--record=^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ";
        let record = numbers.of(&["--record=auto", start]);
        let asked = with(&with(question, &[record]), &one_way(numbers));
        answer(self.folder, &asked, "all", numbers.below(4) == 0)
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&text(self.lines)).into_owned()
    }

    /// What `stats` and `count` say.
    fn check_lines(&self, numbers: &mut Numbers) {
        let (total, said) = (self.all.len(), self.said());
        let got = self.ask(numbers, &["stats"]);
        assert_eq!(got["total"]["records"], total, "{said:?}");
        assert_eq!(got["total"]["lines"], self.lines.len(), "{said:?}");
        let got = self.ask(numbers, &["stats", "--by=path"]);
        assert_eq!(got["groups"][0]["records"], total, "{said:?}");
        // Selected by whole records.
        let got = self.ask(numbers, &["stats", "--and=foo"]);
        let selected = self.all.iter().filter(|e| e.iter().any(|l| l.has("foo")));
        let lines: usize = selected.map(|event| event.len()).sum();
        assert_eq!(got["total"]["records"], self.having("foo"), "{said:?}");
        assert_eq!(got["total"]["lines"], lines, "{said:?}");
        let got = self.ask(numbers, &["count", "-efoo", "-ebar"]);
        let counts = [0, 1].map(|at| &got["patterns"][at]["lines"]);
        let want = ["foo", "bar"].map(|what| json!(self.having(what)));
        assert_eq!(counts, [&want[0], &want[1]], "{said:?}");
        assert_eq!(got["lines_total"], total, "{said:?}");
    }

    /// What the others say.
    fn check_groups(&self, numbers: &mut Numbers) {
        let (total, said) = (self.all.len(), self.said());
        let sum = |rows: &Value, name: &str| -> u64 {
            let rows = rows.as_array().unwrap().iter();
            rows.map(|row| row[name].as_u64().unwrap()).sum()
        };
        let got = self.ask(numbers, &["top", "foo"]);
        assert_eq!(got["matched"], self.having("foo"), "{said:?}");
        assert_eq!(sum(&got["groups"], "count"), self.having("foo") as u64);
        let got = self.ask(numbers, &["values", "n=([0-9.]+)"]);
        let having = self.having("n=");
        assert_eq!(got["matched"], having, "{said:?}");
        assert_eq!(got["unmatched_lines"], total - having, "{said:?}");
        let got = self.ask(numbers, &["templates"]);
        assert_eq!(sum(&got["templates"], "count"), total as u64, "{said:?}");
        let got = self.ask(numbers, &["timeline", "--bucket=1h", "-efoo"]);
        let unparsed = got["unparsed_lines"].as_u64().unwrap();
        let all = sum(&got["buckets"], "lines") + unparsed;
        assert_eq!(all, total as u64, "{said:?}");
    }
}

#[test]
fn records_of_many_lines_count_once() {
    let folder = Folder::new("selected-records");
    let mut numbers = Numbers(13);
    for _ in 0..40 {
        let mut lines = log(&mut numbers);
        if numbers.below(2) == 0 && lines.len() > 1 {
            // What comes before the first time is a record too.
            lines[0].time = None;
            lines[1].time.get_or_insert(1);
        }
        folder.write("all", text(&lines));
        let events = Events {
            folder: &folder,
            lines: &lines,
            all: events(&lines),
        };
        events.check_lines(&mut numbers);
        events.check_groups(&mut numbers);
    }
}
