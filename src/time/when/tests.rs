use super::*;

const END: &str = "2026-11-23T14:30:05.000000500Z";

fn known() -> Known {
    Known {
        start: Stamp::new(1_795_436_405, 0), // 2026-11-23T12:20:05Z
        end: Stamp::new(1_795_444_205, 500),
        now: Stamp::new(1_800_000_000, 0).unwrap(), // 2027-01-15T08:00:00Z
    }
}

fn utc(text: &str, zone: &str) -> String {
    let when: When = text.parse().unwrap();
    let zone = Zone::named(zone).unwrap();
    Zone::utc().show(when.resolve(&zone, &known()).unwrap())
}

/// Whether the instant needs the start, and the end, of the input.
fn needs(when: &When) -> (bool, bool) {
    (when.needs_start(), when.needs_end())
}

#[test]
fn points_in_time_that_need_nothing_else() {
    for (text, want) in [
        ("2026-11-23T14:30:00Z", "2026-11-23T14:30:00Z"),
        ("2026-11-23T14:30:00.5+01:00", "2026-11-23T13:30:00.500Z"),
        ("2026-11-23T14:30:00,123", "2026-11-23T13:30:00.123Z"),
        ("2026-11-23T14:30Z", "2026-11-23T14:30:00Z"),
        ("2026-11-23T14:30+02:00", "2026-11-23T12:30:00Z"),
        ("2026-11-23 14:30", "2026-11-23T13:30:00Z"),
        ("  2026-11-23 14:30:05 ", "2026-11-23T13:30:05Z"),
        ("2026-11-23 14:30:05 +0000", "2026-11-23T14:30:05Z"),
        ("2026/11/23 14:30", "2026-11-23T13:30:00Z"),
        ("[2026-11-23 14:30:05]", "2026-11-23T13:30:05Z"),
        ("2026-11-23", "2026-11-22T23:00:00Z"),
        ("20261123T143000Z", "2026-11-23T14:30:00Z"),
        ("20261123 143000", "2026-11-23T13:30:00Z"),
        ("20261123", "2026-11-22T23:00:00Z"),
        ("23/Nov/2026:14:30:00 +0000", "2026-11-23T14:30:00Z"),
        ("[23/Nov/2026:14:30:00 +0100]", "2026-11-23T13:30:00Z"),
        ("23/Nov/2026:14:30", "2026-11-23T13:30:00Z"),
        ("23/Nov/2026", "2026-11-22T23:00:00Z"),
        ("Nov 23 2026 14:30", "2026-11-23T13:30:00Z"),
        ("november 23, 2026", "2026-11-22T23:00:00Z"),
        ("23 November 2026 14:30", "2026-11-23T13:30:00Z"),
        ("Mon, 23 Nov 2026 14:30:00 GMT", "2026-11-23T14:30:00Z"),
        ("Mon Nov 23 14:30:00 2026", "2026-11-23T13:30:00Z"),
        ("Mon Nov 23 14:30:00 UTC 2026", "2026-11-23T14:30:00Z"),
        // Since 1970, in whatever unit.
        ("1795444205", "2026-11-23T14:30:05Z"),
        ("1795444205.25", "2026-11-23T14:30:05.250Z"),
        ("1795444205250", "2026-11-23T14:30:05.250Z"),
        ("1795444205000001", "2026-11-23T14:30:05.000001Z"),
        ("1795444205000000001", "2026-11-23T14:30:05.000000001Z"),
        ("@1795444205", "2026-11-23T14:30:05Z"),
        ("@1795444205.5", "2026-11-23T14:30:05.500Z"),
        ("@86400", "1970-01-02T00:00:00Z"),
        ("@1795444205250", "2026-11-23T14:30:05.250Z"),
        // From the clock, which shows 9:00 in Berlin.
        ("2h ago", "2027-01-15T06:00:00Z"),
        ("90m ago", "2027-01-15T06:30:00Z"),
        ("2 hours ago", "2027-01-15T06:00:00Z"),
        ("10 min ago", "2027-01-15T07:50:00Z"),
        ("1 Day 2 Hours Ago", "2027-01-14T06:00:00Z"),
        ("1d12h ago", "2027-01-13T20:00:00Z"),
        ("now", "2027-01-15T08:00:00Z"),
        ("now-10m", "2027-01-15T07:50:00Z"),
        ("now + 1 hour", "2027-01-15T09:00:00Z"),
        ("today", "2027-01-14T23:00:00Z"),
        ("today 9:30", "2027-01-15T08:30:00Z"),
        ("yesterday", "2027-01-13T23:00:00Z"),
        ("Yesterday at 14:00", "2027-01-14T13:00:00Z"),
    ] {
        assert_eq!(utc(text, "Europe/Berlin"), want, "{text}");
        assert_eq!(needs(&text.parse().unwrap()), (false, false), "{text}");
    }
}

#[test]
fn points_in_time_that_are_counted_from_the_input() {
    for (text, want, from_start) in [
        ("15:30", "2026-11-23T14:30:00Z", false),
        ("9:30", "2026-11-23T08:30:00Z", false),
        ("15:30:06", "2026-11-22T14:30:06Z", false),
        ("15:30:05", "2026-11-23T14:30:05Z", false),
        ("end-2h", "2026-11-23T12:30:05.000000500Z", false),
        ("end - 1d12h", "2026-11-22T02:30:05.000000500Z", false),
        ("end-90min", "2026-11-23T13:00:05.000000500Z", false),
        ("end", END, false),
        ("Nov 23 14:30", "2026-11-23T13:30:00Z", false),
        ("Nov  3 14:30:05", "2026-11-03T13:30:05Z", false),
        ("Nov 23", "2026-11-22T23:00:00Z", false),
        // A day behind the end is still of its year.
        ("Nov 24 14:30", "2026-11-24T13:30:00Z", false),
        ("Dec 24 14:30", "2025-12-24T13:30:00Z", false),
        ("start", "2026-11-23T12:20:05Z", true),
        ("start+1h", "2026-11-23T13:20:05Z", true),
        ("Start + 10 min", "2026-11-23T12:30:05Z", true),
    ] {
        assert_eq!(utc(text, "Europe/Berlin"), want, "{text}");
        let when: When = text.parse().unwrap();
        assert_eq!(needs(&when), (from_start, !from_start), "{text}");
        let nothing = Known {
            start: None,
            end: None,
            ..known()
        };
        assert_eq!(when.resolve(&Zone::utc(), &nothing), None, "{text}");
    }
}

#[test]
fn a_range_ends_behind_its_beginning() {
    for (since, until, want) in [
        (
            "14:00",
            "15:00",
            "2026-11-23T14:00:00Z 2026-11-23T15:00:00Z",
        ),
        (
            "14:00",
            "14:30",
            "2026-11-23T14:00:00Z 2026-11-23T14:30:00Z",
        ),
        (
            "15:00",
            "16:00",
            "2026-11-22T15:00:00Z 2026-11-22T16:00:00Z",
        ),
        (
            "13:00",
            "end",
            "2026-11-23T13:00:00Z 2026-11-23T14:30:05.000000500Z",
        ),
        ("Nov 22 23:00", "Nov 23 25:00", ""),
        (
            "Nov 22 23:00",
            "Nov 23 01:00",
            "2026-11-22T23:00:00Z 2026-11-23T01:00:00Z",
        ),
        (
            "start+1h",
            "end-1h",
            "2026-11-23T13:20:05Z 2026-11-23T13:30:05.000000500Z",
        ),
    ] {
        let Ok(until) = until.parse() else {
            assert_eq!(want, "");
            continue;
        };
        let (a, b) = range((since.parse().ok(), Some(until)), &Zone::utc(), &known()).unwrap();
        let shown = [a, b].map(|stamp| Zone::utc().show(stamp.unwrap()));
        assert_eq!(shown.join(" "), want, "{since} {until:?}");
    }
    for (since, until, says) in [
        (
            "14:05",
            "14:02",
            "since 2026-11-23T14:05:00Z until 2026-11-23T14:02:00Z",
        ),
        // Of one day, also where the last such times are of two.
        (
            "15:00",
            "14:00",
            "since 2026-11-22T15:00:00Z until 2026-11-22T14:00:00Z",
        ),
        ("23:00", "1:00", "over midnight"),
        ("14:00", "14:00", "ends before it begins"),
        (
            "2026-11-23",
            "2026-11-22",
            "since 2026-11-23T00:00:00Z until 2026-11-22T00:00:00Z",
        ),
        ("end-1h", "end-2h", "ends before it begins"),
        ("now", "2h ago", "ends before it begins"),
        ("end", "start", "ends before it begins"),
    ] {
        let bounds = (since.parse().ok(), until.parse().ok());
        let said = range(bounds, &Zone::utc(), &known())
            .unwrap_err()
            .to_string();
        assert!(said.contains(says), "{since}..{until}: {said}");
    }
}

#[test]
fn what_is_no_point_in_time() {
    for text in [
        "",
        "x",
        "14",
        "14:3",
        "24:00",
        "14:60",
        "14:30:5",
        "1:2:3:4",
        "2h",
        "ago",
        "end-",
        "end-2",
        "end+2h",
        "start-1h",
        "ending",
        "starts",
        "2026-11-31",
        "2026-11-23T14:30:00ZZ",
        "2026-11-23 14:30 foo",
        "-2h ago",
        "5M ago",
        "\u{fc} ago",
        "99999999999w ago",
        "2 moons ago",
        "today 25:00",
        "todays",
        "@",
        "@x",
        "@-5",
        "@1795444205250.5",
        "@99999999999999999999",
        "Foo 23 14:30",
        "Nov 32",
        // Which is the day?
        "11/12/13",
        "03/04 14:30",
        "03-04",
        "260304 14:30:00",
    ] {
        assert!(
            text.parse::<When>().is_err(),
            "{text}: {:?}",
            text.parse::<When>()
        );
    }
}

#[test]
fn durations() {
    for (text, want) in [
        ("90s", Some(90)),
        ("5m", Some(300)),
        ("1d12h", Some(129_600)),
        ("1w", Some(604_800)),
        ("10 min", Some(600)),
        ("1 hour 30 minutes", Some(5400)),
        ("1h 30m", Some(5400)),
        ("5", None),
        ("5M", None),
        ("m", None),
        ("", None),
        ("1.5h", None),
    ] {
        assert_eq!(duration(text), want, "{text}");
    }
}
