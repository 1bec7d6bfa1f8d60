//! `top` against a map that holds everything, at any bound on memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    sync::atomic::{AtomicU64, Ordering},
};

use grep_matcher::{Captures as _, Matcher as _};
use proptest::prelude::*;
use serde_json::Value;
use swathe::{
    exec::{Executor, Stop},
    fold::{Ending, Fold, FoldOptions},
    key::{Key, KeyOptions, Keys},
    pattern::PatternOptions,
    progress::{Progress, Silent},
    source::Source,
    statistic::{
        Inexact, Plain, Rich, RowLimit, Top, TopAnswer, TopGroup, TopOptions, TopSort, TopValue,
        ValueKeys,
    },
};

use crate::{laws, naive, nasty, program::Folder};

const REGEX: &str = "(o+|[a-z]a)r?( )?";

/// What is asked, in a form the reference understands as well.
#[derive(Clone, Debug)]
struct Asked {
    keys: &'static str,
    regex: bool,
    options: TopOptions,
}

impl Asked {
    fn top<V: TopValue>(&self) -> Top<V> {
        let options = KeyOptions {
            pattern: self.regex.then(|| REGEX.into()),
            ..KeyOptions::default()
        };
        let mut keys = Key::list(self.keys).unwrap();
        let by = keys.len();
        keys.extend([Key::Field(2), Key::Field(-1)]);
        let value = ValueKeys {
            distinct: Some(by),
            sum: Some(by + 1),
        };
        Top::new(
            Keys::new(&keys, &options).unwrap(),
            by,
            value,
            self.options.clone(),
        )
    }
}

fn questions() -> Vec<Asked> {
    let mut all = Vec::new();
    for (keys, regex) in [
        ("field:1", false),
        ("line", false),
        ("field:1,field:2", false),
        ("$1", true),
        ("$2", true),
        ("$0,field:1,$2", true),
    ] {
        for max_groups in [None, Some(1), Some(3)] {
            for (sort, every) in [(TopSort::Count, false), (TopSort::Key, true)] {
                all.push(Asked {
                    keys,
                    regex,
                    options: TopOptions {
                        limit: RowLimit::first(2),
                        sort,
                        all: every,
                        // Small where it matters: sketches are written out.
                        memory: if max_groups.is_some() {
                            1 << 13
                        } else {
                            1 << 26
                        },
                        max_groups,
                    },
                });
            }
        }
    }
    all
}

type KeyValues = Vec<Option<Vec<u8>>>;

/// What each group has: its count, and the values of its second field.
#[derive(Default)]
struct Counted {
    count: u64,
    seconds: BTreeSet<Vec<u8>>,
}

/// All groups, and how many lines have one, slowly.
fn all_groups(bytes: &[u8], asked: &Asked) -> (BTreeMap<KeyValues, Counted>, u64) {
    let crlf = naive::is_crlf(bytes);
    let options = PatternOptions {
        crlf,
        ..PatternOptions::default()
    };
    let regex = options.compile(&[REGEX]).unwrap().matcher();
    let (mut groups, mut matched) = (BTreeMap::<KeyValues, Counted>::new(), 0);
    for line in naive::lines(bytes, crlf) {
        let space = |b: &u8| b" \t\x0b\x0c\r".contains(b);
        let fields = line.content.split(space).filter(|field| !field.is_empty());
        let fields: Vec<Vec<u8>> = fields.map(<[u8]>::to_vec).collect();
        let mut rows = Vec::new();
        if asked.regex {
            let (mut at, mut captures) = (0, regex.new_captures().unwrap());
            while at <= line.content.len()
                && regex.captures_at(line.content, at, &mut captures).unwrap()
            {
                let whole = captures.get(0).unwrap();
                let of = |i| captures.get(i).map(|m| line.content[m].to_vec());
                rows.push([of(0), of(1), of(2)]);
                at = whole.end();
                if !asked.options.all {
                    break;
                }
            }
        } else {
            rows.push([None, None, None]);
        }
        matched += u64::from(!rows.is_empty());
        for row in rows {
            let key = asked.keys.split(',').map(|key| match key {
                "field:1" => fields.first().cloned(),
                "field:2" => fields.get(1).cloned(),
                "line" => Some(line.content.to_vec()),
                capture => row[usize::from(capture.as_bytes()[1] - b'0')].clone(),
            });
            let group = groups.entry(key.collect()).or_default();
            group.count += 1;
            group.seconds.extend(fields.get(1).cloned());
        }
    }
    (groups, matched)
}

/// The groups that are shown, in their order.
fn best<'g>(
    groups: &'g BTreeMap<KeyValues, Counted>,
    asked: &Asked,
) -> Vec<(&'g KeyValues, &'g Counted)> {
    let mut want: Vec<_> = groups.iter().collect();
    // A missing value comes last.
    let order = |key: &KeyValues| -> Vec<_> {
        let order = |v: &Option<Vec<u8>>| (v.is_none(), v.clone());
        key.iter().map(order).collect()
    };
    want.sort_by_key(|(key, _)| order(key));
    if asked.options.sort == TopSort::Count {
        want.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
    }
    want.truncate(asked.options.limit.bound(usize::MAX));
    want
}

/// Whether it is, and for a reason: a key is too long, or so few groups are counted at a
/// time that it takes too many passes.
fn said_to_be_inexact(
    answer: &TopAnswer,
    groups: &BTreeMap<KeyValues, Counted>,
    asked: &Asked,
) -> bool {
    match answer.inexact {
        Some(Inexact::TooLong(keys)) => {
            let long = |key: &Option<Vec<u8>>| key.as_ref().is_some_and(|key| key.len() > 1000);
            assert!(keys > 0 && groups.keys().any(|key| key.iter().any(long)));
            true
        }
        Some(Inexact::Estimated { .. }) => {
            assert!(answer.passes >= 64 && asked.options.max_groups == Some(1));
            true
        }
        _ => false,
    }
}

fn check(bytes: &[u8], asked: &Asked, executors: &[Executor], sizes: &[u64]) {
    let (groups, matched) = all_groups(bytes, asked);
    let counted: u64 = groups.values().map(|group| group.count).sum();
    let want = best(&groups, asked);
    let mut streamed: Option<TopAnswer> = None;
    for &chunk_size in sizes {
        for executor in executors {
            let fold = Fold {
                executor,
                stop: &Stop::new(),
                progress: &Silent,
                options: FoldOptions {
                    chunk_size,
                    ..FoldOptions::default()
                },
            };
            let said = format!(
                "{asked:?}, chunks of {chunk_size}, {} threads",
                executor.threads()
            );
            let source = Source::from_bytes("x", bytes);
            let (answer, _) = fold.passes(asked.top::<Rich>(), &source).unwrap();
            assert_eq!(answer.matched, matched, "{said}");
            assert_eq!(answer.counted, counted, "{said}");
            if said_to_be_inexact(&answer, &groups, asked) {
                continue;
            }
            assert_eq!(answer.inexact, None, "{said}");
            let got: Vec<_> = answer
                .groups
                .iter()
                .map(|group| (&group.key, group.count, group.value.unwrap().distinct))
                .collect();
            let exact = |group: &TopGroup| group.value.unwrap().distinct_estimated.is_none();
            assert!(answer.groups.iter().all(exact), "{said}");
            let want: Vec<_> = want
                .iter()
                .map(|(key, group)| (*key, group.count, group.seconds.len() as u64))
                .collect();
            assert_eq!(got, want, "{said}");
            if answer.distinct_error.is_none() {
                assert_eq!(answer.distinct, groups.len() as u64, "{said}");
            } else {
                assert!(asked.options.max_groups.is_some());
            }
            let stream = Source::from_reader("x", Cursor::new(bytes.to_vec()));
            let (answer, _) = fold.passes(asked.top::<Rich>(), &stream).unwrap();
            assert_eq!(
                *streamed.get_or_insert_with(|| answer.clone()),
                answer,
                "{said}"
            );
        }
    }
    let Some(answer) = streamed else { return };
    assert_eq!((answer.counted, answer.matched), (counted, matched));
    match answer.inexact {
        None => assert!(answer.groups.len() == want.len()),
        Some(Inexact::Estimated { .. }) => {
            for group in answer.groups.iter().filter(|group| group.exact) {
                assert_eq!(groups[&group.key].count, group.count);
            }
        }
        Some(other) => panic!("{other:?}"),
    }
}

fn executors() -> [Executor; 2] {
    [1, 3].map(Executor::new)
}

#[test]
fn hand_picked_inputs_at_any_bound() {
    let executors = executors();
    for bytes in nasty::hand_picked() {
        let sizes = if bytes.len() > 10_000 {
            &[0][..]
        } else {
            &[1, 7, 0]
        };
        // Of a large input the interesting part is its lines, not all of them.
        let step = if bytes.len() > 10_000 { 7 } else { 1 };
        for asked in questions().iter().step_by(step) {
            check(&bytes, asked, &executors, sizes);
        }
    }
}

/// Keys with counts that fall off, far more of them than fit.
fn skewed() -> Vec<u8> {
    let mut text = Vec::new();
    for i in 0..20_000u32 {
        let key = match i % 7 {
            0..3 => i % 3,
            3 => i % 50,
            _ => i,
        };
        text.extend(format!("key{key} {} x\n", i % 5).bytes());
    }
    text
}

#[test]
fn few_passes_suffice_where_some_keys_come_often() {
    let (text, executors) = (skewed(), executors());
    let asked = |max_groups| Asked {
        keys: "field:1",
        regex: false,
        options: TopOptions {
            limit: RowLimit::first(5),
            max_groups: Some(max_groups),
            memory: 1 << 22,
            ..TopOptions::default()
        },
    };
    let passes = |max_groups| {
        check(&text, &asked(max_groups), &executors, &[10_000, 0]);
        let fold = Fold {
            executor: &executors[0],
            stop: &Stop::new(),
            progress: &Silent,
            options: FoldOptions::default(),
        };
        let source = Source::from_bytes("x", text.clone());
        let top: Top<Plain> = asked(max_groups).top();
        fold.passes(top, &source).unwrap().0.passes
    };
    assert_eq!([100_000, 1000].map(passes), [1, 2]);
    assert!(passes(100) < 10);
}

#[test]
fn a_stream_of_too_many_keys_is_estimated() {
    let text = skewed();
    let top = || {
        let keys = Keys::new(&[Key::Field(1)], &KeyOptions::default()).unwrap();
        let options = TopOptions {
            limit: RowLimit::first(3),
            max_groups: Some(100),
            memory: 1 << 20,
            ..TopOptions::default()
        };
        Top::<Plain>::new(keys, 1, ValueKeys::default(), options)
    };
    let fold = Fold {
        executor: &Executor::new(2),
        stop: &Stop::new(),
        progress: &Silent,
        options: FoldOptions::default(),
    };
    let source = Source::from_reader("x", Cursor::new(text.clone()));
    let (answer, _) = fold.passes(top(), &source).unwrap();
    let Some(Inexact::Estimated { too_high_by, .. }) = answer.inexact else {
        panic!("{:?}", answer.inexact);
    };
    let exact = fold
        .passes(top(), &Source::from_bytes("x", text))
        .unwrap()
        .0;
    let keys = |answer: &TopAnswer| -> BTreeSet<KeyValues> {
        answer
            .groups
            .iter()
            .map(|group| group.key.clone())
            .collect()
    };
    assert_eq!(keys(&answer), keys(&exact));
    for group in &answer.groups {
        let exact = exact
            .groups
            .iter()
            .find(|other| other.key == group.key)
            .unwrap();
        let range = exact.count..=exact.count + too_high_by;
        assert!(range.contains(&group.count), "{group:?} is {exact:?}");
    }
    let off = answer.distinct.abs_diff(exact.distinct.max(1)) as f64;
    assert!(off / exact.distinct as f64 <= 4.0 * answer.distinct_error.unwrap());
}

/// Ends a run when so many bytes were seen.
struct Ends<'s> {
    left: AtomicU64,
    stop: &'s Stop,
}

impl Progress for Ends<'_> {
    fn advance(&self, bytes: u64) {
        let left = self.left.load(Ordering::Relaxed).saturating_sub(bytes);
        self.left.store(left, Ordering::Relaxed);
        if left == 0 {
            self.stop.set();
        }
    }
}

#[test]
fn a_pass_that_is_interrupted_leaves_what_those_before_it_know() {
    let text = skewed();
    let top = |sort| {
        let keys = Keys::new(&[Key::Field(1)], &KeyOptions::default()).unwrap();
        let options = TopOptions {
            limit: RowLimit::first(200),
            max_groups: Some(100),
            memory: 1 << 20,
            sort,
            ..TopOptions::default()
        };
        Top::<Plain>::new(keys, 1, ValueKeys::default(), options)
    };
    let executor = Executor::new(1);
    let options = FoldOptions {
        chunk_size: 10_000,
        ..FoldOptions::default()
    };
    for sort in [TopSort::Count, TopSort::Key] {
        let stop = Stop::new();
        let silent = Fold {
            executor: &executor,
            stop: &stop,
            progress: &Silent,
            options: options.clone(),
        };
        let once = Source::from_reader("x", Cursor::new(text.clone()));
        let (known, _) = silent.passes(top(sort), &once).unwrap();
        let ends = Ends {
            left: AtomicU64::new(text.len() as u64 * 3 / 2),
            stop: &stop,
        };
        let source = Source::from_bytes("x", text.clone());
        let ended = Fold {
            progress: &ends,
            ..silent
        };
        let (answer, ending) = ended.passes(top(sort), &source).unwrap();
        assert!(matches!(ending, Ending::Stopped), "{ending:?}");
        assert!(answer.inexact.is_some());
        assert_eq!(format!("{answer:?}"), format!("{known:?}"));
    }
}

/// The laws, for every question.
pub(crate) fn check_laws(bytes: &[u8], cuts: &[usize]) {
    for asked in questions()
        .iter()
        .step_by(if cuts.is_empty() { 1 } else { 5 })
    {
        laws::check(&asked.top::<Plain>(), bytes, cuts);
        laws::check(&asked.top::<Rich>(), bytes, cuts);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_inputs_at_any_bound(bytes in nasty::small()) {
        let executors = executors();
        for asked in questions().iter().step_by(3) {
            check(&bytes, asked, &executors, &[1, 64]);
        }
    }
}

/// What the first pass does not keep cannot be among the first: then it is the
/// only one, and exact.
#[test]
fn one_pass_that_suffices_is_exact() {
    let folder = Folder::new("top-one-pass");
    let mut single = 0;
    for name in 0..24 {
        let hot = format!("hot{name}\n").repeat(50);
        folder.write("x.log", format!("{hot}a\nb\nc\nd\n{hot}"));
        let args = "top --by=line -k1 --max-groups=2 --memory=4K --format=json x.log";
        let args: Vec<&str> = args.split(' ').collect();
        let found: Value = serde_json::from_slice(&folder.answer(&args)).unwrap();
        let best = &found["groups"][0];
        assert_eq!(
            (&best["key"], &best["count"]),
            (&format!("hot{name}").into(), &100.into())
        );
        assert_eq!(found["exact"], true, "{found}");
        single += usize::from(found["passes"] == 1);
    }
    assert!(
        single > 2,
        "{single} of 24 hot keys are kept by the first pass"
    );
}

#[test]
fn a_redirected_file_is_read_as_often_as_it_takes() {
    let folder = Folder::new("top-redirected");
    let lines = (0..60_000).map(|i| format!("req={} end\n", i * 7919 % 50_021));
    folder.write("a.log", lines.collect::<String>());
    let args = ["top", "req=(\\d+)", "--memory", "300K", "--format", "json"];
    let by_name = folder.run(&[&args[..], &["a.log"]].concat(), b"");
    let mut file = std::fs::File::open(folder.path("a.log")).unwrap();
    let redirected = std::process::Command::new(env!("CARGO_BIN_EXE_swathe"))
        .args(args)
        .arg("-")
        .stdin(file.try_clone().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&redirected.stderr);
    assert!(redirected.status.success(), "{said}");
    let answer = |bytes: &[u8]| -> Value { serde_json::from_slice(bytes).unwrap() };
    let (want, got) = (answer(&by_name.stdout), answer(&redirected.stdout));
    assert!(want["passes"].as_u64() > Some(1), "{want}");
    for part in ["groups", "passes", "distinct", "counted"] {
        assert_eq!(got[part], want[part], "{part}");
    }
    // Who reads there next finds nothing: it was all read.
    assert_eq!(std::io::Read::read(&mut file, &mut [0; 9]).unwrap(), 0);
}
