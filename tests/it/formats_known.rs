//! The formats of records that come with swathe: what is written about them, and what the
//! program makes of them.

use std::{fmt::Write as _, fs, path::Path};

use swathe::format::{FieldInfo, Formats, Kind, LogFormat};

use crate::program::Folder;

const HEAD: &str = "\
# The formats that swathe knows

Made from the files in `formats/`; `SWATHE_WRITE=1 cargo test --test it formats_known` writes it
anew. How a format is written, and one of your own: [formats.md](formats.md).
";

fn described(field: &FieldInfo) -> String {
    let kind = match (field.kind, &field.unit) {
        (Kind::Text, _) => String::new(),
        (kind, None) => format!(" ({})", kind.name()),
        (kind, Some(unit)) => format!(" ({}, {unit})", kind.name()),
    };
    format!("`{}`{kind}", field.name)
}

fn page() -> String {
    let mut page = HEAD.to_string();
    let formats = Formats::default();
    for format in formats.all() {
        let _ = write!(page, "\n## {}\n\n{}.", format.name(), format.title());
        if !format.aliases().is_empty() {
            let _ = write!(page, " Also called {}.", format.aliases().join(", "));
        }
        let fields = format.fields();
        let fields: Vec<String> = fields.iter().map(described).collect();
        if !fields.is_empty() {
            let _ = write!(page, "\n\nFields: {}.", fields.join(", "));
        }
        let sample = |sample: &&swathe::format::Sample| !sample.fields.is_empty();
        if let Some(sample) = format.samples().iter().find(sample) {
            let _ = write!(page, "\n\n```text\n{}\n```", sample.line);
        }
        page.push('\n');
    }
    page
}

#[test]
fn all_are_listed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/format-list.md");
    let page = page();
    if std::env::var_os("SWATHE_WRITE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == page,
        "SWATHE_WRITE=1 writes it anew"
    );
}

#[test]
fn all_kinds_are_explained() {
    let error = LogFormat::typed("{a:nothing} b").unwrap_err().to_string();
    let (_, kinds) = error.split_once("there are ").unwrap();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md"));
    let page = page.unwrap();
    for kind in kinds.trim().split(", ") {
        assert!(page.contains(&format!("`{kind}`")), "{kind}");
    }
}

/// Formats that users ask for by these names.
const ASKED_FOR: &str = "\
    nginx apache combined common access-timed access-vhost caddy traefik envoy iis \
    cloudfront alb s3-access haproxy-http haproxy-tcp squid varnish nginx-error apache-error \
    apache-error-22 php php-fpm syslog syslog-5424 journald-json docker-json cri kubectl \
    stern compose klog glog logrus zap slog-json zerolog pino bunyan winston log4j logback \
    spring-boot java-util-logging tomcat weblogic python-logging loguru gunicorn uvicorn \
    rails laravel serilog dotnet-console tracing postgresql postgresql-csv postgresql-json \
    mysql-error mysql-slow mongodb redis cassandra kafka elasticsearch rabbitmq zookeeper \
    hadoop hdfs spark gelf ecs opentelemetry aws-lambda vpc-flow audit cisco-asa fortigate \
    logcat windows-cbs dmesg cron sshd json logfmt csv";

#[test]
fn there_are_those_that_users_ask_for() {
    let formats = Formats::default();
    for name in ASKED_FOR.split_whitespace() {
        assert!(formats.named(name).is_ok(), "{name}");
    }
}

/// What is shown of a format is a format file that is right, and one in the folder of one's
/// own is a format as any other.
#[test]
fn a_format_of_ones_own() {
    let folder = Folder::new("formats-own");
    let shown = folder.run(&["formats", "show", "access-timed"], b"");
    folder.write("mine.toml", &shown.stdout);
    let tested = folder.run(&["formats", "test", "mine.toml"], b"");
    assert!(tested.status.success(), "{tested:?}");
    assert!(String::from_utf8_lossy(&tested.stdout).contains("all as they should be"));

    folder.write(
        "bad.toml",
        "title = \"x\"\nlayout = '{a} {b:number}'\n[[samples]]\nline = 'x 1'\n[samples.fields]\nb = '2'\n",
    );
    let tested = folder.run(&["formats", "test", "bad.toml"], b"");
    assert_eq!(tested.status.code(), Some(2));
    let said = String::from_utf8_lossy(&tested.stderr).into_owned();
    assert!(
        said.contains("bad.toml: sample 1: b is \"1\", not \"2\""),
        "{said}"
    );

    folder.write(
        "queue.toml",
        "title = \"x\"\nlayout = '{time} <{queue}> {took:duration} {message}'\n",
    );
    folder.write(
        "a.log",
        "2026-11-23T14:30:05Z <mail> 12ms a\n2026-11-23T14:30:06Z <mail> 2s b\n",
    );
    let by = [
        "top",
        "--format",
        "csv",
        "--by",
        "queue",
        "--log-format",
        "queue.toml",
        "a.log",
    ];
    let answer = folder.run(&by, b"");
    assert_eq!(
        answer.stdout, b"queue,count,percent\nmail,2,100\n",
        "{answer:?}"
    );
}

/// A format decides by the same bytes whatever way they are read, and so does what is found.
#[test]
fn no_way_of_reading_changes_a_field() {
    let folder = Folder::new("formats-ways");
    let mut text = String::new();
    for i in 0..3000 {
        let _ = writeln!(
            text,
            "192.0.2.{} - u{} [23/Nov/2026:14:30:{:02} +0000] \"GET /{} HTTP/1.1\" {} {}",
            i % 7,
            i % 3,
            i % 60,
            i % 11,
            200 + i % 5,
            i * 13
        );
        if i % 50 == 0 {
            text.push_str("a line of another kind\n");
        }
    }
    folder.write("a.log", &text);
    let question = [
        "top",
        "--format",
        "json",
        "--by",
        "client,status",
        "--where",
        "bytes>100",
    ];
    let answer = |more: &[&str], stdin: &[u8]| {
        let output = folder.run(&[&question[..], more].concat(), stdin);
        let text = String::from_utf8(output.stdout).unwrap();
        let (_, groups) = text.split_once("\"groups\"").expect("groups");
        groups.to_string()
    };
    let want = answer(&["-j1", "a.log"], b"");
    for more in [
        &["-j2", "--chunk-size", "1K", "a.log"][..],
        &["-j3", "--chunk-size", "100", "--io", "read", "a.log"],
        &["--io", "map", "a.log"],
    ] {
        assert_eq!(answer(more, b""), want, "{more:?}");
    }
    assert_eq!(answer(&["-"], text.as_bytes()), want);
}
