use super::*;

fn split(line: &str) -> (Option<&'static str>, &str) {
    let header = Header::of(line.as_bytes());
    let message = std::str::from_utf8(header.message(line.as_bytes())).unwrap();
    (header.level.map(Level::name), message)
}

/// A line, its level and its message.
type Case = (&'static str, Option<&'static str>, &'static str);

const LOGGERS: &[Case] = &[
    (
        "2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop.App: Created it",
        Some("info"),
        "Created it",
    ),
    (
        "2015-07-29 17:41:44,747 - INFO  [Q[myid=1]/0:0:0:Fast@774] - Notification 3200",
        Some("info"),
        "Notification 3200",
    ),
    (
        "081109 203615 148 WARN dfs.DataNode$Packet: Packet 1 for block",
        Some("warn"),
        "Packet 1 for block",
    ),
    (
        "17/06/09 20:10:40 INFO executor.Backend: Registered for [TERM, HUP]",
        Some("info"),
        "Registered for [TERM, HUP]",
    ),
    (
        "- 1117838570 2005.06.03 R02-M1-N0-C:J12 2005-06-03-15.42.50.675872 R02-M1-N0-C:J12 RAS KERNEL INFO cache error corrected",
        Some("info"),
        "cache error corrected",
    ),
    (
        "03-17 16:13:38.811  1702  2395 D WindowManager: printed app",
        Some("debug"),
        "printed app",
    ),
    (
        "20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579",
        None,
        "onStandStepChanged 3579",
    ),
    (
        "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: failure; uid=0",
        None,
        "failure; uid=0",
    ),
    (
        "Jul  1 09:00:55 host-10 com.apple.launchd[1] (com.apple.ql[71041]): Endpoint up",
        None,
        "Endpoint up",
    ),
    (
        "Jul  9 12:16:49 combo kernel: Total of 1 processors",
        None,
        "Total of 1 processors",
    ),
    (
        "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond(pam_unix)[2915]: session closed",
        None,
        "session closed",
    ),
    (
        "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok",
        Some("notice"),
        "workerEnv.init() ok",
    ),
    (
        "[10.30 16:49:06] chrome.exe - proxy.cse:5070 open",
        None,
        "proxy.cse:5070 open",
    ),
    (
        "[10.30 16:49:06] chrome.exe *64 - proxy.cse:5070 open",
        None,
        "proxy.cse:5070 open",
    ),
    (
        "2016-09-28 04:30:30, Info                  CBS    Loaded Stack",
        Some("info"),
        "Loaded Stack",
    ),
    (
        "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO nova.wsgi.server [req-3810 - - -] 10.1 \"GET",
        Some("info"),
        "10.1 \"GET",
    ),
    (
        "134681 node-246 unix.hw state_change.unavailable 1077804742 1 Component State",
        None,
        "1 Component State",
    ),
    (
        "10.0.0.1 - bob [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200",
        None,
        "\"GET / HTTP/1.0\" 200",
    ),
    (
        "2020/01/01 10:00:00 [error] 12#12: *1 open() failed",
        Some("error"),
        "*1 open() failed",
    ),
    (
        "2020-01-01 10:00:00.000  INFO 1234 --- [           main] o.s.b.Foo   : Started",
        Some("info"),
        "Started",
    ),
    (
        "2020-01-01 10:00:00,123 - mymodule - ERROR - it broke",
        Some("error"),
        "it broke",
    ),
    (
        "[2020-01-01T00:00:00Z WARN  my::module] slow",
        Some("warn"),
        "slow",
    ),
    (
        "2020-01-01T00:00:00.000Z  INFO my::module: started",
        Some("info"),
        "started",
    ),
    (
        "<134>Oct 11 22:14:15 mymachine su[1]: failed",
        Some("info"),
        "failed",
    ),
    (
        "<34>1 2003-10-11T22:14:15.003Z host su - ID47 [a@1 b=\"c\"] failed for",
        Some("fatal"),
        "failed for",
    ),
    (
        "E0102 15:04:05.678901    1234 file.go:12] it broke",
        Some("error"),
        "it broke",
    ),
    (
        "[    1.234567] usb 1-1: new device",
        None,
        "usb 1-1: new device",
    ),
    ("ERROR: no such file", Some("error"), "no such file"),
    ("WARNING:root:careful", Some("warn"), "root:careful"),
    ("ERROR:root:404", Some("error"), "root:404"),
    (
        "INFO | 2026-11-23 14:30:05 | main | started up",
        Some("info"),
        "main | started up",
    ),
];

#[test]
fn the_headers_of_loggers() {
    for (line, level, message) in LOGGERS {
        assert_eq!(split(line), (*level, *message), "{line}");
    }
}

#[test]
fn named_fields() {
    for (line, level, message) in [
        (
            r#"{"ts":1.5,"level":"warn","msg":"user \"bob\" gone","n":[1,{"msg":"x"}]}"#,
            Some("warn"),
            r#"user \"bob\" gone"#,
        ),
        (r#"{"level":30,"message":"up"}"#, Some("info"), "up"),
        (
            r#"{"a":{"level":"error"},"severity":"ERROR"}"#,
            Some("error"),
            r#"{"a":{"level":"error"},"severity":"ERROR"}"#,
        ),
        (r#"{"level":"err"#, None, r#"{"level":"err"#),
        ("{", None, "{"),
        (
            "time=2020-01-01T00:00:00Z level=info msg=\"it is up\" n=3",
            Some("info"),
            "it is up",
        ),
        ("ts=1 lvl=eror message=hello x=1", None, "hello"),
        (
            "2020-01-01 10:00:00 level=error code=7",
            Some("error"),
            "level=error code=7",
        ),
    ] {
        assert_eq!(split(line), (level, message), "{line}");
    }
}

#[test]
fn what_has_no_header() {
    for line in [
        "",
        " ",
        "hello",
        "an error: nothing else",
        "Error while reading",
        "\tat com.foo.Bar(Bar.java:12)",
        "Caused by: java.io.IOException",
        "connection at 2015-10-18 18:01:47 refused",
        "[section]",
        "12 files",
        "2015-10-18 18:01:47",
        "-",
        "[",
        "<1",
        "<999>x",
    ] {
        assert_eq!(split(line), (None, line), "{line}");
    }
}

#[test]
fn any_bytes_are_safe() {
    let lines: [&[u8]; 6] = [
        b"\xff\xfe[\x00]",
        b"{\"\\",
        b"{\"level\":\"\\\"",
        b"Jun 14 15:16:01",
        b"<34>1 ",
        b"[2020-01-01 INFO",
    ];
    for line in lines {
        for end in 0..=line.len() {
            let header = Header::of(&line[..end]);
            assert!(header.start <= header.end && header.end <= end);
        }
    }
}

#[test]
fn the_level_alone_is_that_of_the_header() {
    for line in [
        "2026-11-23T00:00:00.019Z INFO web-03 gateway[6540]: req=1 msg=x level=error",
        "2026-11-23T00:00:00.019Z web-03 gateway[6540]: req=1 msg=x level=error",
        "level=warn msg=\"level=error\"",
        "lvl=warn level=error",
        "severity=notice",
        "xlevel=error level=",
        "  level=error indented",
        r#"{"msg":"m","level":"error"}"#,
        " {\"level\":\"warn\"}",
        "error: no such file",
        "no level",
        "\n",
        "",
    ] {
        let line = line.as_bytes();
        assert_eq!(level::of(line), Header::of(line).level, "{line:?}");
    }
}

/// Lines that say the level in a way of their own, and what is left of them as the message.
const OTHERS: &[Case] = &[
    (
        "W20261123 14:30:07.654321 12345 storage_engine.cc:310] no space",
        Some("warn"),
        "no space",
    ),
    (
        "11-23 14:30:07.250 E/Two Words( 1234): FATAL EXCEPTION: main",
        Some("error"),
        "FATAL EXCEPTION: main",
    ),
    ("D/dalvikvm(17): GC: done", Some("debug"), "GC: done"),
    (
        "kern  :err   : [Mon Nov 23 14:30:06 2026] sdb: I/O error",
        Some("error"),
        "I/O error",
    ),
    (
        "<Nov 23, 2026 2:30:07 PM GMT> <Notice> <Server> <BEA-000365> <up>",
        Some("notice"),
        "<Server> <BEA-000365> <up>",
    ),
    (
        "[2026-11-23 14:30:05] production.ERROR: cannot add item {}",
        Some("error"),
        "cannot add item {}",
    ),
    (
        "2026-11-23 14:30:06.001 CET [99] bob@shop ERROR:  relation: none",
        Some("error"),
        "relation: none",
    ),
    (
        "2026-11-23 14:30:06.001 CET [99] bob@shop LOG:  ERROR:  x",
        None,
        "ERROR:  x",
    ),
    (
        "2026-11-23 14:30:07 UTC [1]: [7-1] user=bob,app=a - b,client=[local] FATAL:  no",
        Some("fatal"),
        "no",
    ),
    (
        "2026-07-02 14:36:45.889 UTC,\"a\",\"s\",10,\"192.0.2.1:5\",\"6672\",2,\"SELECT\",2026-07-02 14:26:22 UTC,28/2,0,ERROR,42P01,\"no \"\"x\"\", y\",,,\"z\"",
        Some("error"),
        "no \"\"x\"\", y",
    ),
    (
        "2026-11-23 14:30:05,web1,ERROR,it broke, badly",
        Some("error"),
        "it broke, badly",
    ),
    (
        "Error,11/23/2026 3:30:05 PM,Disk,7,None,bad block",
        Some("error"),
        "Disk,7,None,bad block",
    ),
    (
        "14:30:05.123 request_id=abc [info] GET /",
        Some("info"),
        "GET /",
    ),
    (
        "2026-11-23T14:30:05Z E! [outputs.influxdb] no",
        Some("error"),
        "no",
    ),
    ("::error file=a.js,line=1::no", Some("error"), "no"),
    (
        "foo.c:12:5: error: expected",
        Some("error"),
        "error: expected",
    ),
];

#[test]
fn levels_in_ways_of_their_own() {
    for (line, level, message) in OTHERS {
        assert_eq!(split(line), (*level, *message), "{line}");
    }
}

/// Whatever is cut off or replaced, the header is within the line, and the level asked for alone
/// is the same.
#[test]
fn damaged_headers_are_safe() {
    for (line, ..) in LOGGERS.iter().chain(OTHERS) {
        let check = |bytes: &[u8]| {
            let header = Header::of(bytes);
            let within = header.start <= header.end && header.end <= bytes.len();
            assert!(within, "{bytes:?}");
            assert_eq!(level::of(bytes), header.level, "{bytes:?}");
        };
        for at in 0..line.len() {
            check(&line.as_bytes()[..at]);
            for byte in *b" [](<>:,\"|/=9aE\xff" {
                let mut bytes = line.as_bytes().to_vec();
                bytes[at] = byte;
                check(&bytes);
            }
        }
    }
}
