use super::*;
use crate::time::{Format, Options};

fn holds(condition: &str, line: &str) -> bool {
    let condition: Where = condition.parse().unwrap();
    let options = KeyOptions {
        pattern: Some("id=([^ ]*)".into()),
        ..KeyOptions::default()
    };
    let conditions = Conditions::new(&[condition], &options).unwrap();
    let time = Format::detect(line.as_bytes(), &Options::default());
    let origin = Origin {
        time: time.as_ref(),
        ..Origin::default()
    };
    conditions.keys().prepare(&origin).unwrap();
    conditions
        .reader(&origin)
        .holds(RecordView::new(line.as_bytes(), 0))
}

#[test]
fn comparisons() {
    for (condition, line, want) in [
        ("field:1=a", "a b", true),
        ("field:1==a", "a b", true),
        ("field:1 = a", "a b", true),
        ("field:1=b", "a b", false),
        ("field:1!=b", "a b", true),
        ("field:1=10", "10.0", true),
        ("field:1>=500", "500", true),
        ("field:1>=500", "1000", true),
        ("field:1>=500", "99", false),
        ("field:1<500", "-1e3", true),
        ("field:1<5", "abc", false),
        ("field:1>5", "abc", false),
        ("field:1!=5", "abc", true),
        ("field:1=9007199254740993", "9007199254740992", false),
        ("field:1>=9007199254740993", "9007199254740992", false),
        ("field:1>0", "nan", false),
        ("field:1=\"a\"", "a", true),
        ("field:2~^4", "a 42", true),
        ("field:2~^4", "a 24", false),
        ("field:2!~^4", "a 24", true),
        // Numbers as everywhere else.
        ("field:1=100", "+100", true),
        ("field:1>=+100", "100", true),
        ("field:1>=1e3", "999", false),
        ("field:1>=1e3", "1000.5", true),
        ("field:1<1", ".5", true),
        ("field:1<=0", "-0.0", true),
        ("field:1>=0", "-0.0", true),
        ("field:1>=100", "100ms", false),
        ("json:a>=5", r#"{"a":" 5 "}"#, true),
        // What is quoted is text.
        ("field:1=\"10\"", "10.0", false),
        ("field:1='10'", "10", true),
        ("field:1>\"5\"", "10", true),
        ("json:a=\"a,b\"", r#"{"a":"a,b"}"#, true),
        ("json:a!=\"x && y=1\"", r#"{"a":"x && y=1"}"#, false),
        ("json:a~\"^x y$\"", r#"{"a":"x y"}"#, true),
        ("field:1~\"a\"|\"b\"", "\"b\"", true),
        ("field:1='say \"x\"'", "say", false),
        // Levels under any name.
        ("json:severity>=warn", r#"{"severity":"ERROR"}"#, true),
        ("json:severity>=warn", r#"{"severity":"info"}"#, false),
        ("json:severity>=warn", r#"{"severity":"xyz"}"#, false),
        ("level=\"error\"", "2026-11-23 10:00:00 ERROR x", true),
        // Times of intervals.
        ("time:5m>=2026-11-23T10:00Z", "2026-11-23 10:04:00 x", true),
        (
            "time:5m>='2026-11-23 10:05'",
            "2026-11-23 10:04:00 x",
            false,
        ),
        (
            "time:5m<2026-11-23T12:00:01+02:00",
            "2026-11-23 10:04:00 x",
            true,
        ),
        ("time:5m=2026-11-23T10:00", "2026-11-23 10:04:00 x", true),
        ("time:5m>=2026-11-23", "no time", false),
        // Nothing is said of what is not there, but that it is not so.
        ("field:2=", "a", false),
        ("field:2!=x", "a", true),
        ("field:2!~x", "a", true),
        ("field:2<1", "a", false),
        ("field:2~", "a", false),
        ("$1=7", "x id=7 y", true),
        ("$1=7", "nothing", false),
        ("$1!=7", "nothing", true),
        ("json:a.b>1", r#"{"a":{"b":2}}"#, true),
        ("level>=warn", "2026-11-23 10:00:00 ERROR x", true),
        ("level>=warn", "2026-11-23 10:00:00 INFO x", false),
        ("level=err", "2026-11-23 10:00:00 ERROR x", true),
    ] {
        assert_eq!(holds(condition, line), want, "{condition} on {line}");
    }
}

#[test]
fn what_is_no_condition() {
    for text in ["", "a", "field:1!5", "=5", "field:0=1", "a b=1"] {
        assert!(text.parse::<Where>().is_err(), "{text}");
    }
    let compiled = |text: &str| {
        let condition: Where = text.parse().unwrap();
        Conditions::new(&[condition], &KeyOptions::default())
    };
    assert!(compiled("field:1~(").is_err());
    assert!(compiled("level>loud").is_err());
    assert!(compiled("$1>1").is_err());
    let shown: Where = "field:1  >= 5".parse().unwrap();
    assert_eq!(shown.to_string(), "field:1>=5");
}

/// Made with the values of a record that are the same in any form.
#[test]
fn what_stands_in_a_record_is_read_as_what_is_written() {
    // Durations, in seconds, and whether they say it.
    let durations: [(&str, f64); 12] = [
        ("12ms", 0.012),
        ("1.5s", 1.5),
        ("900us", 0.0009),
        ("300µs", 0.0003),
        ("28m35.01s", 1715.01),
        ("1m30s", 90.0),
        ("1h2m", 3720.0),
        ("1.5min", 90.0),
        ("2 h", 7200.0),
        ("00:01:30", 90.0),
        ("1,500ms", 1.5),
        ("-3s", -3.0),
    ];
    let sizes = [
        ("512MB", 5.12e8),
        ("2GB", 2e9),
        ("900KB", 9e5),
        ("10KiB", 10240.0),
        ("5 kB", 5e3),
        ("1M", 1_048_576.0),
        ("1,024B", 1024.0),
    ];
    let numbers = [
        ("1,234.5", 1234.5),
        ("45%", 45.0),
        ("1e3", 1000.0),
        ("-7", -7.0),
        (".5", 0.5),
    ];
    let others = [
        "12,5", "0x1F", "NaN", "inf", "-", "", "1.2.3", "abc", "5 apples",
    ];
    let kinds = [&durations[..], &sizes[..], &numbers[..]];
    let signs = [
        ("<", [true, false, false]),
        ("<=", [true, true, false]),
        ("=", [false, true, false]),
        ("!=", [true, false, true]),
        (">=", [false, true, true]),
        (">", [false, false, true]),
    ];
    for (kind, values) in kinds.into_iter().enumerate() {
        for (right, number) in values {
            for (sign, wants) in signs {
                // A comma parts values, where one of several may be meant.
                let quoted = right.replace(',', "");
                let right = if sign.contains('=') { &quoted } else { *right };
                let condition = format!("csv:a{sign}{right}");
                let table = |value: &str| holds_below("a;b", &condition, &format!("{value};x"));
                for (of_kind, values) in kinds.into_iter().enumerate() {
                    for (value, mine) in values {
                        let got = table(value);
                        let at = mine.total_cmp(number) as i8 + 1;
                        let want = if of_kind == kind {
                            wants[usize::try_from(at).unwrap()]
                        } else if kind == 1 && of_kind == 2 && *value != "45%" {
                            // Sizes without a unit are bytes.
                            wants[usize::try_from(at).unwrap()]
                        } else {
                            sign == "!="
                        };
                        assert_eq!(got, want, "{condition} on {value}");
                    }
                }
                for value in others {
                    assert_eq!(table(value), sign == "!=", "{condition} on {value}");
                }
            }
        }
    }
}

fn holds_below(header: &str, condition: &str, line: &str) -> bool {
    let options = KeyOptions {
        delimiter: Some(b';'),
        ..KeyOptions::default()
    };
    let condition: Where = condition.parse().unwrap();
    let conditions = Conditions::new(&[condition], &options).unwrap();
    let origin = Origin {
        first_line: header.as_bytes(),
        ..Origin::default()
    };
    conditions.keys().prepare(&origin).unwrap();
    let record = RecordView::new(line.as_bytes(), header.len() as u64 + 1);
    conditions.reader(&origin).holds(record)
}

#[test]
fn times() {
    for (condition, value, want) in [
        ("csv:a>=2026-11-23T14:00", "2026-11-23T14:00:00Z", true),
        ("csv:a>=2026-11-23T14:00", "2026-11-23T13:59:59.9Z", false),
        (
            "csv:a>=2026-11-23T14:00",
            "23/Nov/2026:14:30:00 +0000",
            true,
        ),
        (
            "csv:a>2026-11-23T14:00Z",
            "2026-11-23T14:30:00+02:00",
            false,
        ),
        ("csv:a>2026-11-23", "1795444200", true),
        ("csv:a>2026-11-23", "1600000000.5", false),
        ("csv:a>2026-11-23", "Nov 24 14:30:00", false),
        ("csv:a>2026-11-23", "14:30:00", false),
        ("csv:a<2026-11-24", "2026-11-23", true),
        ("csv:a=2026-11-23T14:00:00,000", "2026-11-23 14:00:00", true),
        ("csv:a=2026-11-23", "2026-11-23", true),
        ("csv:a!=2026-11-23", "x", true),
        ("csv:a=\"2026-11-23T14:00\"", "2026-11-23T14:00:00", false),
        ("csv:a>14:02", "14:02:01", true),
        ("csv:a>14:02", "2026-11-23T14:02:00.5Z", true),
        ("csv:a>14:02", "2026-11-23T13:02:00Z", false),
        ("csv:a>14:02", "Nov 23 14:03:00", true),
        ("csv:a>14:02", "14:02", false),
        ("csv:a>14:02", "90000s", false),
        ("csv:a>14:02", "5ms", false),
        ("csv:a=14:02", "14:02", true),
        ("csv:a>00:01:30", "91s", true),
        ("csv:a>00:01:30", "00:02:00", true),
        ("csv:a>00:01:30", "2m", true),
        ("csv:a>100:00:00", "5d", true),
    ] {
        let got = holds_below("a;b", condition, &format!("{value};x"));
        assert_eq!(got, want, "{condition} on {value}");
    }
}

#[test]
fn lists_and_classes() {
    for (condition, value, want) in [
        ("csv:a=502,503", "503", true),
        ("csv:a=502,503", "502.0", true),
        ("csv:a=502,503", "502,503", false),
        ("csv:a=502, 503", "504", false),
        ("csv:a!=502,503", "503", false),
        ("csv:a!=502,503", "504", true),
        ("csv:a!=502,503", "", true),
        ("csv:a=a,\"b,c\"", "b,c", true),
        ("csv:a=\"b,c\",'d'", "d", true),
        ("csv:a=\"b,c\"", "b", false),
        ("csv:a=100ms,2s", "0.1s", true),
        ("csv:a=100ms,2s", "2000ms", true),
        ("csv:a=5xx,404", "404", true),
        ("csv:a=5xx", "500", true),
        ("csv:a=5xx", "599", true),
        ("csv:a=5xx", "600", false),
        ("csv:a=5xx", "5000", false),
        ("csv:a=5XX", "5xx", false),
        ("csv:a=50x", "509", true),
        ("csv:a=50x", "510", false),
        ("csv:a!=5xx", "200", true),
        ("csv:a!=5xx", "502", false),
        ("csv:a!=5xx", "-", true),
        ("csv:a=\"5xx\"", "5xx", true),
        ("csv:a=0x1F", "0x1F", true),
        ("csv:a=0x1F", "31", false),
        ("csv:a>1,234", "1,235", true),
        ("csv:a>1,234", "1,233.9", false),
    ] {
        let got = holds_below("a;b", condition, &format!("{value};x"));
        assert_eq!(got, want, "{condition} on {value}");
    }
}

#[test]
fn lists_of_levels_and_times_of_records() {
    for (condition, line, want) in [
        ("level=error,fatal", "2026-11-23 10:00:00 ERROR x", true),
        ("level=error,fatal", "2026-11-23 10:00:00 WARN x", false),
        ("level!=error,fatal", "2026-11-23 10:00:00 WARN x", true),
        ("level!=error,fatal", "2026-11-23 10:00:00 FATAL x", false),
        ("time>9:30", "2026-11-23 10:00:00 WARN x", true),
        ("time>=10:00:01", "2026-11-23 10:00:00 WARN x", false),
        ("time<2026-11-23T12:00+02:00", "2026-11-23 09:59:59 x", true),
        ("time:1h=10:00", "2026-11-23 10:59:59 x", true),
    ] {
        assert_eq!(holds(condition, line), want, "{condition} on {line}");
    }
}

#[test]
fn conditions_of_several() {
    let line = "a=1 b=2 s=x&&y r=p|q";
    for (condition, want) in [
        ("logfmt:a=1 && logfmt:b=2", true),
        ("logfmt:a=1&&logfmt:b=2", true),
        ("logfmt:a=1 && logfmt:b=3", false),
        ("logfmt:a=2 || logfmt:b=2", true),
        ("logfmt:a=2||logfmt:b=3", false),
        ("!logfmt:a=2", true),
        ("! logfmt:a=1", false),
        ("!!logfmt:a=1", true),
        ("!(logfmt:a=1 && logfmt:b=3)", true),
        ("(logfmt:a=1)", true),
        ("((logfmt:a=2) || (logfmt:b=2))", true),
        // && binds before ||.
        ("logfmt:a=1 || logfmt:a=2 && logfmt:b=3", true),
        ("(logfmt:a=1 || logfmt:a=2) && logfmt:b=3", false),
        ("logfmt:b=3 && logfmt:a=2 || logfmt:a=1", true),
        ("!logfmt:a=2 && logfmt:b=3", false),
        // What cannot be compared is not so, and its opposite is.
        ("logfmt:c>5", false),
        ("!logfmt:c>5", true),
        ("!(logfmt:s>5)", true),
        // What is no condition is a part of the text, or of the regex.
        ("logfmt:s=x&&y", true),
        ("logfmt:s=x&&y && logfmt:a=1", true),
        ("logfmt:s=\"x&&y\" && logfmt:a=1", true),
        ("logfmt:s~^x&&y$", true),
        ("logfmt:s~^x && logfmt:b=2", true),
        ("logfmt:s~\"^x\" && logfmt:b=3", false),
        ("line~no || logfmt:b=2", true),
        // An empty alternative is in every line.
        ("line~no such || text", true),
        ("line~(no || logfmt:b=2|x)", true),
        ("(logfmt:a~^(1|2)$ && logfmt:b~[)1-3])", true),
        ("(logfmt:a~\\d)", true),
        ("(logfmt:a~\\)) || logfmt:b=2", true),
        ("(logfmt:r='p|q')", true),
        ("(logfmt:a=1,3 && logfmt:b!=1,3)", true),
    ] {
        assert_eq!(holds(condition, line), want, "{condition}");
    }
}

#[test]
fn where_a_condition_ends_must_be_certain() {
    for (text, says) in [
        ("", "is no condition"),
        ("a=1 &&", "behind && there is no comparison"),
        ("a=1 && error", "behind && there is no comparison"),
        ("a=1 || (b)", "behind || there is no comparison"),
        ("a=1 and b = 2", "write && for and"),
        ("a>=1 OR b=2", "write || for OR"),
        ("a~x or b=2", "write || for or"),
        ("a~x&&b=2", "blanks"),
        ("a~x||b=2", "blanks"),
        ("(a=1", "is not closed"),
        ("!(a=1 && (b=2)", "is not closed"),
        ("(a=1) b=2", "write && or ||"),
        ("a~\"x\" && ", ""),
        ("(a=1))", "goes on with \")\""),
        ("()", "is no condition"),
        ("!", "is no condition"),
        ("a=1,", "is empty"),
        ("a=,1", "is empty"),
        ("a=1,000", "write a=1000"),
        ("a=1,\"x", "no partner"),
        ("a=x'", "no partner"),
        ("a=>5", "write a>=5"),
        ("a=1 && b=~5", "write b~5"),
    ] {
        let said = text.parse::<Where>().map_err(|error| error.to_string());
        match said {
            Ok(_) => assert!(says.is_empty(), "{text}"),
            Err(said) => assert!(!says.is_empty() && said.contains(says), "{text}: {said}"),
        }
    }
    for deep in ["(", "!", "(!"] {
        let deep = deep.repeat(100_000);
        let said = format!("{deep}a=1").parse::<Where>().unwrap_err();
        assert!(said.to_string().contains("stand in each other"));
    }
}

#[test]
fn what_bare_numbers_are_measured_in_may_be_known() {
    let holds = |condition: &str, unit: &str, value: &str| {
        let Where(form) = condition.parse().unwrap();
        let mut asked = Vec::new();
        form.each(&mut |one| asked.push(one));
        let test = Test::new(asked[0]).unwrap();
        let judged = test.judge(Some(value.as_bytes()), Unit::named(unit.as_bytes()));
        (judged.holds, judged.read)
    };
    for (condition, unit, value, want) in [
        ("a>100ms", "", "101", (false, false)),
        ("a>100ms", "ms", "101", (true, true)),
        ("a>100ms", "s", "0.5", (true, true)),
        ("a>100ms", "s", "0.05", (false, true)),
        ("a>100ms", "ms", "1s", (true, true)),
        ("a>100", "ms", "1s", (true, true)),
        ("a>100", "ms", "101", (true, true)),
        ("a>100", "ms", "0.05s", (false, true)),
        ("a=100", "ms", "0.1s", (true, true)),
        ("a>100", "", "1s", (false, false)),
        ("a>1K", "", "1025", (true, true)),
        ("a>1K", "KiB", "2", (true, true)),
        ("a>1K", "ms", "2000", (false, false)),
        ("a>00:01:30", "s", "91", (true, true)),
    ] {
        assert_eq!(
            holds(condition, unit, value),
            want,
            "{condition}, {unit}: {value}"
        );
    }
}

#[test]
fn a_condition_reads_back_as_it_is_shown() {
    for text in [
        "field:1>=5",
        "status=\"5xx\"",
        "a='say \"x\"'",
        "a!~^5",
        "a=",
        "a=1,\"b,c\",'\"'",
        "a=5xx && b~x|y || !c>5ms",
        "(a=1 || b=2) && !(c=3 && d=4)",
        "(a=1 && b=2) && !!c=3",
    ] {
        let condition: Where = text.parse().unwrap();
        assert_eq!(condition.to_string(), text);
    }
}

#[test]
fn what_no_record_had_is_known() {
    let conditions = ["json:a>5", "json:b=x", "json:c!=1", "json:d~z"].map(|c| c.parse().unwrap());
    let conditions = Conditions::new(&conditions, &KeyOptions::default()).unwrap();
    let origin = Origin::default();
    conditions.keys().prepare(&origin).unwrap();
    assert_eq!(conditions.unread(), []);
    let read = |line: &str| {
        let mut reader = conditions.reader(&origin);
        reader.holds(RecordView::new(line.as_bytes(), 0));
        let unread = conditions.unread();
        let unread = unread.iter().map(|u| format!("{} {:?}", u.key, u.why));
        unread.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        read(r#"{"a":"6ms"}"#),
        "json:a NotA(\"a plain number\"), json:b Absent, json:c Absent, json:d Absent"
    );
    assert_eq!(
        read(r#"{"b":"1","d":""}"#),
        "json:a NotA(\"a plain number\"), json:c Absent"
    );
    let odd = r#"json:a Odd("a plain number", [54, 109, 115])"#;
    assert_eq!(read(r#"{"a":1}"#), format!("{odd}, json:c Absent"));
    assert_eq!(read(r#"{"c":"x"}"#), odd);
}

#[test]
fn what_some_records_had_and_cannot_be_compared_is_known() {
    let told = |conditions: &[&str], lines: &[&str]| {
        let conditions: Vec<Where> = conditions.iter().map(|c| c.parse().unwrap()).collect();
        let conditions = Conditions::new(&conditions, &KeyOptions::default()).unwrap();
        let origin = Origin::default();
        conditions.keys().prepare(&origin).unwrap();
        let mut readers = [conditions.reader(&origin), conditions.reader(&origin)];
        for (at, line) in lines.iter().enumerate() {
            readers[at % 2].holds(RecordView::new(line.as_bytes(), 0));
        }
        let unread = conditions
            .unread()
            .into_iter()
            .map(|unread| match unread.why {
                UnreadWhy::Odd(wanted, least) => {
                    format!(
                        "{} {wanted} {}",
                        unread.key,
                        String::from_utf8(least).unwrap()
                    )
                }
                why => format!("{} {why:?}", unread.key),
            });
        unread.collect::<Vec<_>>().join(", ")
    };
    let lines = [
        "a=5ms b=x",
        "a=z c=1",
        "a=12,5",
        "a=",
        "a=-",
        "a=12ms b=7",
        "d=1",
    ];
    let reversed: Vec<&str> = lines.iter().rev().copied().collect();
    for (conditions, want) in [
        (
            &["logfmt:a>1ms"][..],
            "logfmt:a a duration with a unit 12,5",
        ),
        (&["logfmt:a=1ms"], "logfmt:a a duration with a unit 12,5"),
        (&["logfmt:a=1ms,x"], ""),
        (&["logfmt:b>1"], "logfmt:b a plain number x"),
        (&["logfmt:b=1"], ""),
        (&["logfmt:b=5xx"], ""),
        (&["logfmt:c>1"], ""),
        (
            &["logfmt:a>1ms && logfmt:b>1"],
            "logfmt:a a duration with a unit 12,5, logfmt:b a plain number x",
        ),
        (
            &["logfmt:c=1 || !logfmt:b>1", "logfmt:a~x"],
            "logfmt:b a plain number x",
        ),
        (
            &["logfmt:b>1s"],
            "logfmt:b NotA(\"a duration with a unit\")",
        ),
    ] {
        assert_eq!(told(conditions, &lines), want, "{conditions:?}");
        assert_eq!(told(conditions, &reversed), want, "{conditions:?}");
    }
}
