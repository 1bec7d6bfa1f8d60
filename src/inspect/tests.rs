use super::*;

fn look(text: &str) -> Inspection {
    let source = Source::from_bytes("x", text.as_bytes());
    inspect(&source, text.as_bytes(), &time::Options::default()).unwrap()
}

fn show(stamp: Option<Stamp>) -> Option<String> {
    stamp.map(|stamp| time::Zone::utc().show(stamp))
}

#[test]
fn a_log_of_messages() {
    let text = "2015-10-18 18:01:47,978 INFO [main] a.B: took 12ms\r\n\
                2015-10-18 18:01:48,978 ERROR [main] a.B: it broke\r\n\
                \tat a.b.C\r\n\
                \tat a.b.D\r\n\
                2015-10-18 18:01:49,978 INFO [main] a.B: took 3ms user=bob\r\n";
    let seen = look(text);
    assert_eq!(seen.encoding, "ascii");
    assert_eq!(seen.line_ending, Some(LineEnding::Crlf));
    assert_eq!(
        seen.lines,
        Some(LineCount {
            value: 5,
            error: None
        })
    );
    assert_eq!(seen.form, Form::Text);
    assert!((seen.lines_per_event - 5.0 / 3.0).abs() < 1e-9);
    assert_eq!(seen.levels, [Level::Info, Level::Error]);
    assert_eq!(seen.unit.as_deref(), Some("ms"));
    let time = seen.time.as_ref().unwrap();
    assert_eq!(
        show(time.first).as_deref(),
        Some("2015-10-18T18:01:47.978Z")
    );
    assert_eq!(show(time.last).as_deref(), Some("2015-10-18T18:01:49.978Z"));
    assert!(seen.sample.starts_with(b"2015-10-18 18:01:48,978 ERROR"));
    assert!(seen.sample.ends_with(b"\tat a.b.D"));
    let keys: Vec<&str> = seen.fields.iter().map(|field| &*field.key).collect();
    assert_eq!(keys, ["level", "thread", "logger", "logfmt:user"]);
    assert_eq!(
        seen.commands(b"my log"),
        [
            "swathe templates --record auto 'my log'",
            "swathe top --by level --record auto 'my log'",
            "swathe timeline --where 'level>=error' --record auto 'my log'",
            "swathe values '([0-9.]+ms)\\b' --record auto 'my log'",
            "swathe stats 'my log'",
        ]
    );
}

#[test]
fn fields_with_names() {
    let line = |i: u32| {
        format!(
            "{{\"ts\":{},\"level\":\"info\",\"a\":{{\"b.c\":\"x{}\"}},\"took_ms\":{i}}}\n",
            1_600_000_000 + i,
            i % 3
        )
    };
    let seen = look(&(0..30).map(line).collect::<String>());
    assert_eq!(seen.form, Form::Json);
    let field = |key: &str| seen.fields.iter().find(|field| field.key == key).unwrap();
    assert_eq!(field("json:a.b\\.c").distinct, 3);
    assert_eq!(field("json:a.b\\.c").example, b"x0");
    assert!(field("json:took_ms").numbers);
    assert_eq!(field("level").example, b"info");
    let commands = seen.commands(b"x.json");
    let values = "swathe values --of json:took_ms --by 'json:a.b\\.c' x.json".to_string();
    assert!(commands.contains(&values), "{commands:?}");
}

#[test]
fn lines_of_big_sources_are_estimated() {
    let line = "0123456789\n".repeat(1_000_000);
    let seen = look(&line);
    let lines = seen.lines.unwrap();
    assert!(lines.value.abs_diff(1_000_000) < 1000, "{lines:?}");
    assert!(lines.error.is_some_and(|error| error < 1.0), "{lines:?}");
    // Half the lines are twice as long.
    let uneven = line.clone() + &"0123456789012345678901\n".repeat(500_000);
    let lines = look(&uneven).lines.unwrap();
    let error = lines.error.unwrap();
    assert!(
        lines.value as f64 * (1.0 - error / 100.0) < 1_500_000.0,
        "{lines:?}"
    );
    assert!(
        lines.value as f64 * (1.0 + error / 100.0) > 1_500_000.0,
        "{lines:?}"
    );
}

#[test]
fn encodings() {
    for (bytes, want) in [
        (&b""[..], "ascii"),
        (b"a\n", "ascii"),
        ("\u{e4}\n".as_bytes(), "utf-8"),
        (b"\xe4\n", "unknown"),
        (b"a\0b\n", "binary"),
    ] {
        let source = Source::from_bytes("x", bytes);
        let seen = inspect(&source, bytes, &time::Options::default()).unwrap();
        assert_eq!(seen.encoding, want, "{bytes:?}");
    }
    assert_eq!(encoding(b"\xff\xfea\0", b"a"), "utf-16le");
}

#[test]
fn a_stream_is_looked_at_from_its_start() {
    let text = "2015-10-18 18:01:47,978 INFO up\n".repeat(100_000);
    let source = Source::from_reader("x", std::io::Cursor::new(text.into_bytes()));
    let seen = inspect(&source, b"", &time::Options::default()).unwrap();
    assert_eq!(seen.lines, None);
    assert_eq!(seen.time.unwrap().last, None);
    let source = Source::from_reader("x", std::io::Cursor::new(b"a\nb\n".to_vec()));
    let seen = inspect(&source, b"", &time::Options::default()).unwrap();
    assert_eq!(seen.lines.unwrap().value, 2);
    assert!(
        seen.commands(b"-x")
            .iter()
            .all(|command| command.ends_with(" ./-x"))
    );
}
