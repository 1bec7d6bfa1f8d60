use proptest::prelude::*;

use super::*;

fn get<'r>(layout: &str, name: &str, record: &'r str) -> Option<&'r str> {
    let layout = Layout::parse(layout).unwrap();
    let (wanted, _) = layout.field(name).unwrap();
    let found = layout.cut(wanted, false).find(record.as_bytes())?;
    // The way from the front finds what is found by a jump.
    let walked = walk::find(&layout.elements, record.as_bytes(), 0, (wanted, false));
    if layout.fit(record.as_bytes()).is_some() {
        assert_eq!(walked, Some(found.clone()), "{name} of {record}");
    }
    Some(&record[found])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn fields_end_where_the_next_begins() {
    for (layout, name, record, want) in [
        ("{a} {b}", "a", "x y z", Some("x")),
        ("{a} {b}", "b", "x   y z", Some("y z")),
        ("{a} {b}", "a", "x", None),
        ("[{a}] {b:number}", "a", "[x] y] 12", Some("x] y")),
        (
            "{a} [{time}]",
            "a",
            "x [y] [2026-11-23 14:30:05]",
            Some("x [y]"),
        ),
        (
            "{time} {a}",
            "a",
            "2026-11-23 14:30:05,123 x y",
            Some("x y"),
        ),
        ("{level:level}{_:word} {a}", "a", "ERROR: x", Some("x")),
        (
            "{a:word}[?[{pid:number}]?]: {b}",
            "a",
            "sshd(x)[12]: y",
            Some("sshd(x)"),
        ),
        (
            "{a:word}[?[{pid:number}]?]: {b}",
            "pid",
            "sshd(x)[12]: y",
            Some("12"),
        ),
        (
            "{a:word}[?[{pid:number}]?]: {b}",
            "a",
            "kernel: a[1]: y",
            Some("kernel"),
        ),
        (
            "{a:word}[?[{pid:number}]?]: {b}",
            "pid",
            "kernel: a[1]: y",
            None,
        ),
        (
            "{a:word}[?[{pid:number}]?]: {b}",
            "b",
            "kernel: a[1]: y",
            Some("a[1]: y"),
        ),
        ("{a:word}: {b}", "a", "no tag: here", None),
        (
            "{a} \"{b}\"[? {c}?]",
            "b",
            r#"x "y \" z \\" w"#,
            Some(r#"y \" z \\"#),
        ),
        ("{a} \"{b}\"[? {c}?]", "c", r#"x "y \" z \\" w"#, Some("w")),
        ("{a} \"{b}\"[? {c}?]", "c", r#"x "y""#, None),
        ("{a}|{b}", "a", "|x", Some("")),
        ("{{{a}}}", "a", "{x}", Some("x")),
        (
            "{a}[? (took {b:duration})?]",
            "a",
            "done it (took 12ms)",
            Some("done it"),
        ),
        (
            "{a}[? (took {b:duration})?]",
            "b",
            "done it (took 12ms)",
            Some("12ms"),
        ),
        (
            "{a}[? (took {b:duration})?]",
            "a",
            "done it (took long)",
            Some("done it (took long)"),
        ),
    ] {
        assert_eq!(get(layout, name, record), want, "{layout} {name} {record}");
    }
}

#[test]
fn parts_of_a_field_are_all_of_it() {
    let parts = Layout::of_parts("{method:word}[? {url}[? {protocol:protocol}?]?]").unwrap();
    for (request, method, url, protocol) in [
        ("GET /a HTTP/1.1", Some("GET"), Some("/a"), Some("HTTP/1.1")),
        (
            "GET /a b c HTTP/1.1",
            Some("GET"),
            Some("/a b c"),
            Some("HTTP/1.1"),
        ),
        (
            "GET /a HTTP/1.1 b HTTP/1.1",
            Some("GET"),
            Some("/a HTTP/1.1 b"),
            Some("HTTP/1.1"),
        ),
        ("GET /a b", Some("GET"), Some("/a b"), None),
        ("-", Some("-"), None, None),
        ("", None, None, None),
    ] {
        let get = |name: &str| {
            let (wanted, _) = parts.field(name).unwrap();
            let found = parts.cut(wanted, false).find(request.as_bytes());
            found.map(|found| &request[found])
        };
        assert_eq!(
            (get("method"), get("url"), get("protocol")),
            (method, url, protocol),
            "{request}"
        );
    }
}

#[test]
fn what_is_no_layout_is_said() {
    for (layout, why) in [
        ("abc", "no field"),
        ("{a", "not closed"),
        ("a}", "stands alone"),
        ("[?{a}", "not closed by ?]"),
        ("{a}{b}", "nothing between"),
        ("[?{a}?]{b}", "nothing between"),
        ("{a} {a}", "two fields are called a"),
        ("{a:x}", "no kind"),
        ("{a b}", "no name"),
        ("{path}", "key of every record"),
    ] {
        let error = Layout::parse(layout).unwrap_err();
        assert!(error.contains(why), "{layout}: {error}");
    }
}

#[test]
fn many_parts_that_may_be_missing_end() {
    let layout = format!("{}{{z}} end", "[?{_:word} ?]".repeat(8));
    let layout = Layout::parse(&layout).unwrap();
    let record = "x ".repeat(2000);
    assert_eq!(layout.fit(record.as_bytes()), None);
}

proptest! {
    #[test]
    fn no_record_is_too_odd(record in r#"[a"\\ \[\]:\-1?/]{0,40}"#) {
        for layout in [
            r#"{a} {b:number} "{c}"[? {d}?]"#,
            "[?<{p:number}>?]{a:host} {b:word}[?[{c:number}]?]: {d}",
            "{a}[?:{b}?][?/{c}?]",
        ] {
            let layout = Layout::parse(layout).unwrap();
            let fit = layout.fit(record.as_bytes());
            for wanted in 0..layout.names().len() {
                let walked = walk::find(&layout.elements, record.as_bytes(), 0, (wanted, false));
                let found = layout.cut(wanted, false).find(record.as_bytes());
                if fit.is_some() && walked.is_some() {
                    prop_assert_eq!(found, walked);
                }
            }
        }
    }
}
