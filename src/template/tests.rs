use super::*;

fn template(line: &str) -> String {
    let mut masker = Masker::new();
    // Twice, so that nothing is left over from the line before.
    let _ = masker.template(b"x <*> 12 (3) y");
    let whole = masker.template(line.as_bytes()).to_vec();
    let mut appended = b"before".to_vec();
    mask_into(line.as_bytes(), &mut appended);
    assert_eq!(&appended[6..], whole);
    String::from_utf8(whole).unwrap()
}

#[test]
fn what_varies_is_masked() {
    for (line, want) in [
        ("", ""),
        ("  \t", ""),
        ("hello", "hello"),
        ("took 12 ms", "took <*>"),
        ("took 12 msx", "took <*> msx"),
        ("user=bob id=7", "user=bob id=<*>"),
        ("blk_38865049064139660 done", "<*> done"),
        ("to /etc/passwd now", "to <*> now"),
        ("and/or", "and/or"),
        ("GET http://a.b/c?d=e ok", "GET <*> ok"),
        ("rhost=example.com x", "rhost=<*> x"),
        ("see example.com x", "see example.com x"),
        ("to example.com:443 x", "to <*> x"),
        ("mask=ffffffff", "mask=<*>"),
        ("i:3, j:4", "i:<*>, j:<*>"),
        ("at Sun Jul 17 15:09:16 2005", "at <*>"),
        ("may be", "may be"),
        ("in May 2005", "in <*>"),
        ("00:1a:bc:de:f0:12 up", "<*> up"),
        ("Rect(1, 2 - 3, 4)", "Rect(<*>)"),
        ("0 bytes (1.2 KB) sent", "<*> sent"),
        ("from 1.2.3.4 (a1.b) at", "from <*> at"),
        ("from 1.2.3.4 () at", "from <*> at"),
        ("lifetime <1 sec", "lifetime <*>"),
        ("kernel<0>(0x0)::listen", "kernel<<*>>(<*>)::listen"),
        ("a  b\tc", "a b c"),
        ("x [1", "x [<*>"),
        ("x 1]", "x <*>]"),
        ("x (1 y)", "x (<*> y)"),
        ("2015-10-18 18:01:47,978 INFO [main] a.B: up 3", "up <*>"),
        (r#"{"level":"info","msg":"up 3"}"#, "up <*>"),
    ] {
        assert_eq!(template(line), want, "{line}");
    }
}

#[test]
fn a_long_message_is_cut() {
    let line = "word ".repeat(10_000);
    let template = template(&line);
    assert!(template.ends_with(" <*>"));
    assert!(template.len() < MAX_MESSAGE + 10);
    assert_eq!(template, super::tests::template(&line[..9000]));
}

#[test]
fn only_the_first_line_of_an_event_counts() {
    assert_eq!(template("it broke\n\tat a.b.C(C.java:12)"), "it broke");
}

#[test]
fn any_bytes_are_safe() {
    let line = b"\xff\xfe \x00\x01 a\xc3=1 <\xff> ((((((((((1)))))))))) \x80:::::1::::a ~/";
    for start in 0..line.len() {
        for end in start..=line.len() {
            let template = Masker::new().template(&line[start..end]).to_vec();
            assert!(!template.contains(&b'\n'));
        }
    }
}
