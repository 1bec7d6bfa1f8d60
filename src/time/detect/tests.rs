use super::*;
use crate::time::starts_event;

fn utc() -> Options {
    Options::default()
}

/// `date -u -d TEXT +%s.%N` of the timestamps in lines as they are in the wild.
const LINES_OF_LOGS: &[(&str, &str, &str)] = &[
    ("2026-11-23T14:30:05Z x", "iso", "2026-11-23T14:30:05Z"),
    (
        "2026-11-23T14:30:05.123+02:00 x",
        "iso",
        "2026-11-23T12:30:05.123Z",
    ),
    (
        "2026-11-23T14:30:05.123456789-0530",
        "iso",
        "2026-11-23T20:00:05.123456789Z",
    ),
    (
        "2015-10-18 18:01:47,978 INFO [main]",
        "iso",
        "2015-10-18T18:01:47.978Z",
    ),
    (
        "2015-07-29 17:41:44,747 - INFO  [QuorumPeer",
        "iso",
        "2015-07-29T17:41:44.747Z",
    ),
    (
        "2016-09-28 04:30:30, Info                  CBS",
        "iso",
        "2016-09-28T04:30:30Z",
    ),
    ("2026-11-23 14:30:05 +0100 x", "iso", "2026-11-23T13:30:05Z"),
    (
        "2026-11-23 14:30:05 UTC [12]",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    (
        "2026/11/23 14:30:05 [error] 12#12: *1",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    (
        "[2026-11-23 14:30:05.5] x",
        "iso",
        "2026-11-23T14:30:05.500Z",
    ),
    (
        "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO",
        "iso",
        "2017-05-16T00:00:00.008Z",
    ),
    (
        "<34>1 2003-10-11T22:14:15.003Z mymachine su",
        "iso",
        "2003-10-11T22:14:15.003Z",
    ),
    (
        "web_1  | 2026-11-23T14:30:05Z x",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    (
        "[INFO] 2026-11-23 14:30:05 x",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    ("20261123T143005Z x", "basic", "2026-11-23T14:30:05Z"),
    (
        "20171223-22:15:29:606|Step_LSC|30002312",
        "compact",
        "2017-12-23T22:15:29.606Z",
    ),
    (
        "20171224-0:0:1:6|Step_LSC",
        "compact",
        "2017-12-24T00:00:01.600Z",
    ),
    (
        "081109 203615 148 INFO dfs.DataNode",
        "short_basic",
        "2008-11-09T20:36:15Z",
    ),
    (
        "17/06/09 20:10:40 INFO executor.Coarse",
        "short_date",
        "2017-06-09T20:10:40Z",
    ),
    (
        "03-17 16:13:38.811  1702  2395 D Window",
        "month_day",
        "2026-03-17T16:13:38.811Z",
    ),
    (
        "[10.30 16:49:06] chrome.exe - proxy",
        "month_day",
        "2026-10-30T16:49:06Z",
    ),
    (
        "Jun 14 15:16:01 combo sshd(pam_unix)[1]",
        "syslog",
        "2026-06-14T15:16:01Z",
    ),
    (
        "Jul  1 09:00:55 calvisitor kernel[0]",
        "syslog",
        "2026-07-01T09:00:55Z",
    ),
    (
        "<13>Dec 10 06:55:46 LabSZ sshd[24200]",
        "syslog",
        "2025-12-10T06:55:46Z",
    ),
    (
        "Jun 14 2005 15:16:01: %ASA",
        "month_day_year",
        "2005-06-14T15:16:01Z",
    ),
    (
        "[Sun Dec 04 04:47:44 2005] [notice] x",
        "ctime",
        "2005-12-04T04:47:44Z",
    ),
    (
        "[Wed Oct 11 14:32:52.123456 2000] [core]",
        "ctime",
        "2000-10-11T14:32:52.123456Z",
    ),
    (
        "Sun Dec  4 04:47:44 UTC 2005",
        "ctime",
        "2005-12-04T04:47:44Z",
    ),
    (
        "1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326",
        "clf",
        "2000-10-10T20:55:36Z",
    ),
    (
        "[::1] - a b [10/Oct/2000:13:55:36 +0000] \"GET",
        "clf",
        "2000-10-10T13:55:36Z",
    ),
    (
        "12 Jun 2020 10:11:12.123 # Server",
        "day_month",
        "2020-06-12T10:11:12.123Z",
    ),
    (
        "23-Nov-2026 14:30:05.123 INFO [main]",
        "day_month",
        "2026-11-23T14:30:05.123Z",
    ),
    (
        "Mon, 12 Jun 2020 10:11:12 GMT x",
        "day_month",
        "2020-06-12T10:11:12Z",
    ),
    (
        "I0523 14:30:05.123456  1 main.go:1] x",
        "klog",
        "2026-05-23T14:30:05.123456Z",
    ),
    (
        "- 1117838570 2005.06.03 R02-M1-N0 2005-06-03-15.42.50.675872 R02",
        "epoch_s",
        "2005-06-03T22:42:50Z",
    ),
    (
        "134681 node-246 unix.hw state_change.unavailable 1077804742 1 Component",
        "epoch_s",
        "2004-02-26T14:12:22Z",
    ),
    (
        "1286536309.450    180 192.168.0.224 TCP_MISS/200",
        "epoch_s",
        "2010-10-08T11:11:49.450Z",
    ),
    ("1700000000123 x", "epoch_ms", "2023-11-14T22:13:20.123Z"),
    (
        "1700000000123456 x",
        "epoch_us",
        "2023-11-14T22:13:20.123456Z",
    ),
    (
        "1700000000123456789 x",
        "epoch_ns",
        "2023-11-14T22:13:20.123456789Z",
    ),
    (
        "{\"level\":\"info\",\"ts\":1700000000.25,\"msg\":\"x\"}",
        "epoch_s",
        "2023-11-14T22:13:20.250Z",
    ),
    (
        "{\"msg\":\"x\",\"timestamp\": \"2026-11-23T14:30:05Z\"}",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    (
        "{\"@timestamp\":\"2026-11-23T14:30:05.1Z\"}",
        "iso",
        "2026-11-23T14:30:05.100Z",
    ),
    (
        "{\"time\":1700000000123,\"pid\":1}",
        "epoch_ms",
        "2023-11-14T22:13:20.123Z",
    ),
    (
        "level=info ts=2026-11-23T14:30:05Z msg=x",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    (
        "time=\"2026-11-23T14:30:05Z\" level=info",
        "iso",
        "2026-11-23T14:30:05Z",
    ),
    // 23:59:60 is a leap second.
    ("2016-12-31T23:59:60Z x", "iso", "2017-01-01T00:00:00Z"),
];

#[test]
fn timestamps_of_logs_as_they_are() {
    let options = Options {
        // 2026-11-24.
        modified: Some(1_795_478_400),
        ..utc()
    };
    for (line, shape, want) in LINES_OF_LOGS {
        let first = format!("{line}\n");
        let format = Format::detect(first.as_bytes(), &options)
            .unwrap_or_else(|| panic!("nothing found in {line}"));
        assert_eq!(format.name(), *shape, "{line}");
        let stamp = format.parse(line.as_bytes());
        let shown = stamp.map(|stamp| format.zone.show(stamp));
        assert_eq!(shown.as_deref(), Some(*want), "{line}");
        let sent = serde_json::to_string(&format).unwrap();
        assert_eq!(serde_json::from_str::<Format>(&sent).unwrap(), format);
    }
}

/// The page that lists the ways in which timestamps are written has them all, with samples
/// that are read so.
#[test]
fn the_page_lists_every_shape() {
    let page = include_str!("../../../docs/timestamps.md");
    for shape in &crate::time::shape::ALL {
        let row = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .find(|line| line.contains(&format!("`{}`", shape.name())));
        let row = row.unwrap_or_else(|| panic!("{} is not listed", shape.name()));
        if shape.is_counted() || *shape == Shape::TimeOfDay {
            continue;
        }
        let samples = row.rsplit_once(" | ").map_or("", |(_, samples)| samples);
        for sample in samples.split('`').skip(1).step_by(2) {
            let sample = sample.replace("\\|", "|");
            let line = format!("{sample} x\n");
            let options = Options {
                modified: Some(1_795_478_400),
                ..utc()
            };
            let found = Format::detect(line.as_bytes(), &options);
            let found = found.map(|format| format.name().to_string());
            assert_eq!(found.as_deref(), Some(shape.name()), "{sample}");
        }
    }
}

#[test]
fn what_is_no_timestamp() {
    for line in [
        "",
        "\n",
        "foo",
        "2026-13-23T14:30:05Z",
        "2026-11-31T14:30:05Z",
        "2026-02-29T14:30:05Z",
        "2026-11-23T24:30:05Z",
        "2026-11-23T14:30:051",
        "2026-11-23",
        "1.2.3.4",
        "0100000000",
        "12345678901",
        "Jux 14 15:16:01",
        "    at 2026-11-x",
        "{\"a\":1}",
        "[",
        "<",
        "<34>",
        "\u{feff}",
    ] {
        let format = Format::detect(line.as_bytes(), &utc());
        let found = format.and_then(|format| format.parse(line.as_bytes()));
        assert_eq!(found, None, "{line:?}");
        assert!(
            !starts_event(line.as_bytes()) || line.starts_with('{'),
            "{line}"
        );
    }
}

#[test]
fn the_most_frequent_format_is_chosen() {
    let text = "# 2026-11-23 14:30:05 started\n\
        Jun 14 15:16:01 a\n\
        Jun 14 15:16:02 b\n\
        \tat foo\n";
    let format = Format::detect(text.as_bytes(), &utc()).unwrap();
    assert_eq!((&format.place, format.name()), (&Place::Start, "syslog"));
    // Of equals the first.
    let text = "1700000000 a\nJun 14 15:16:01 a\n";
    assert_eq!(
        Format::detect(text.as_bytes(), &utc()).unwrap().name(),
        "epoch_s"
    );
}

#[test]
fn a_reader_says_of_a_line_what_the_line_says() {
    let mut lines: Vec<&str> = LINES_OF_LOGS.iter().map(|(line, ..)| *line).collect();
    lines.extend([
        "2026-11-23T14:30:0",
        "2026-11-23T14:30:05",
        "2026-11-23T14:30:055",
        "2026-11-23T14:30:05+0100",
        "20171224-0:0:1:6",
        "20171224-0:0:12:6",
        "20171224-0:0:1",
        "11/23/2026 9:30 x",
        "11/23/2026 9:30:05 x",
        "23/11/2026 9:30",
        "23/11/2026 9:30:05",
        "Nov 23, 2026 9:30 PM",
        "Nov 23, 2026 9:30:05 PM",
        "23 Nov 2026 9:30 x",
        "23 Nov 2026 9:30:05 x",
        "2026 Nov 23 9:30",
        "2026 Nov 23 9:30:05",
    ]);
    let cases = [
        include_str!("../../../tests/fixtures/lines.jsonl"),
        include_str!("../../../tests/fixtures/more-lines.jsonl"),
    ];
    let cases: Vec<serde_json::Value> = cases
        .into_iter()
        .flat_map(str::lines)
        .map(|case| serde_json::from_str(case).unwrap())
        .collect();
    let of_cases = cases
        .iter()
        .flat_map(|case| case["lines"].as_array().unwrap());
    lines.extend(of_cases.filter_map(|line| line.as_str()));
    for example in &lines {
        let Some(format) = Format::detect(example.as_bytes(), &utc()) else {
            continue;
        };
        let mut reader = format.reader();
        for line in lines.iter().chain([example]).chain(lines.iter().rev()) {
            let alone = format.find(line.as_bytes());
            assert_eq!(reader.find(line.as_bytes()), alone, "{example} then {line}");
        }
    }
}

#[test]
fn a_zone_counts_where_the_timestamp_names_none() {
    let options = Options {
        zone: Zone::named("Europe/Berlin").unwrap(),
        ..utc()
    };
    for (line, want) in [
        ("2026-07-01T14:30:05 x", 1_782_909_005),
        ("2026-07-01T14:30:05Z x", 1_782_916_205),
        ("1782916205 x", 1_782_916_205),
    ] {
        let format = Format::detect(line.as_bytes(), &options).unwrap();
        assert_eq!(
            format.parse(line.as_bytes()).unwrap().second(),
            want,
            "{line}"
        );
    }
}

#[test]
fn where_events_begin() {
    for (line, ..) in LINES_OF_LOGS {
        let elsewhere = ["134681"];
        let starts = !elsewhere.iter().any(|start| line.starts_with(start));
        assert_eq!(starts_event(line.as_bytes()), starts, "{line}");
    }
    for line in [
        "INFO 2026-11-23 14:30:05 x",
        "W, [2026-11-23T14:30:05.12 #1] WARN",
    ] {
        assert!(starts_event(line.as_bytes()), "{line}");
    }
    for line in [
        "",
        "  at com.example.Foo",
        "java.lang.Exception: 2026-11-23 14:30:05",
        "at 2026-11-23 14:30:05 it broke",
        "}",
        "{",
        "Caused by: x",
        "... 12 more",
    ] {
        assert!(!starts_event(line.as_bytes()), "{line}");
    }
}
