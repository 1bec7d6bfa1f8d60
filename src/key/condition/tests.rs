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

/// Every comparison with every form of right side, for every kind of key: it
/// is made, or it is an error that says what to write instead.
#[test]
#[expect(clippy::too_many_lines, reason = "most of them are a table")]
fn no_comparison_is_taken_for_another() {
    let keys = [
        ("field:1", ""),
        ("json:a.b", ""),
        ("logfmt:took", ""),
        ("$1", ""),
        ("status", ""),
        ("level", "levels"),
        ("time:5m", "times"),
        ("path", "text"),
        ("line", "text"),
    ];
    // What is said of = and of < where it is an error; of levels, times, and
    // text, if it is not the same.
    let values = [
        ("500", ("", ""), ""),
        ("+100", ("", ""), ""),
        ("1e3", ("", ""), ""),
        ("-.5", ("", ""), ""),
        ("\"500\"", ("", ""), ""),
        ("100ms", ("has a unit", "has a unit"), ""),
        ("1.5s", ("has a unit", "has a unit"), ""),
        ("1M", ("has a unit", "1048576"), ""),
        ("3 KiB", ("has a unit", "3072"), ""),
        ("5xx", ("^5..$", "500"), ""),
        ("40X", ("^40.$", "400"), ""),
        ("502,503", ("^(502|503)$", "no number"), ""),
        ("a.b, c", ("^(this|that)$", "no number"), ""),
        ("abc", ("", "no number"), ""),
        ("", ("", "no number"), ""),
        ("0x1f", ("", "no number"), ""),
        ("1,000", ("^(1|000)$", "no number"), ""),
        ("\"a,b\"", ("", "no number"), ""),
        ("'5xx'", ("", "write"), ""),
        ("error", ("", ""), "levels"),
        ("\"Warning\"", ("", ""), "levels"),
        ("2026-11-23T14:30Z", ("", "--since"), "times"),
        ("23/Nov/2026:14:30:00 +0000", ("", "--since"), "times"),
        ("Nov 23 14:30", ("", "--since"), ""),
        ("\"abc", ("no partner", "no number"), ""),
        ("abc'", ("no partner", "no number"), ""),
        ("1 && b=2", ("two conditions", "two conditions"), ""),
        ("1 and b = 2", ("two conditions", "two conditions"), ""),
        ("a || b>2", ("two conditions", "two conditions"), ""),
        (">5", ("no comparison", "no comparison"), ""),
        ("~^5", ("no comparison", "no comparison"), ""),
    ];
    let mut tried = 0;
    for (key, kind) in keys {
        for (value, (equal, less), of_kind) in values {
            for sign in ["=", "==", "!=", "<", "<=", ">", ">="] {
                let text = format!("{key} {sign} {value}");
                let condition = text.parse::<Where>();
                let made = condition.as_ref().map(Test::new);
                let said = match made {
                    Ok(Ok(_)) => String::new(),
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                let mut want = if sign.contains(['<', '>']) {
                    less
                } else {
                    equal
                };
                let of_form = condition.is_err();
                match kind {
                    _ if of_form => {}
                    "" if of_kind == "levels" || kind == of_kind => {}
                    "levels" => want = if of_kind == kind { "" } else { "is no level" },
                    "times" => {
                        want = if of_kind == kind {
                            ""
                        } else {
                            "compares times"
                        }
                    }
                    "text" if sign.contains(['<', '>']) => want = "compares numbers",
                    _ => {}
                }
                let as_wanted = if want.is_empty() {
                    said.is_empty()
                } else {
                    said.contains(want)
                };
                assert!(as_wanted, "{text}: {said:?} is not {want:?}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 9 * 31 * 7);
}

#[test]
fn a_condition_reads_back_as_it_is_shown() {
    for text in [
        "field:1>=5",
        "status=\"5xx\"",
        "a='say \"x\"'",
        "a!~^5",
        "a=",
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
    assert_eq!(read(r#"{"a":1}"#), "json:c Absent");
    assert_eq!(read(r#"{"c":"x"}"#), "");
}
