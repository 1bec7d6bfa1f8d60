use super::*;

#[test]
fn next_start_of_a_line() {
    let r = Record::Line(b'\n');
    let h = b"ab\n\ncd\n";
    let got: Vec<_> = (0..=h.len()).map(|at| r.next_start(h, 0, at)).collect();
    let want = [
        Some(0),
        Some(3),
        Some(3),
        Some(3),
        Some(4),
        None,
        None,
        None,
    ];
    assert_eq!(got, want);
}

#[test]
fn last_border_of_a_stream() {
    let r = Record::Line(b'\n');
    assert_eq!(r.last_border(b"ab", 0), None);
    assert_eq!(r.last_border(b"ab\ncd", 0), Some(3));
    assert_eq!(r.last_border(b"ab\n", 0), Some(3));
    let r = Record::regex("^x", 1000).unwrap();
    assert_eq!(r.last_border(b"xab\nab\nx", 0), None, "may go on");
    assert_eq!(r.last_border(b"xab\nx\nab\nab", 0), Some(4));
}

/// Where records start, as the definition says it.
fn naive(h: &[u8], max: u64) -> Vec<usize> {
    let lines: Vec<usize> = (0..h.len())
        .filter(|&i| i == 0 || h[i - 1] == b'\n')
        .collect();
    let natural = |&p: &usize| h[p] == b'x';
    let is_start = |&p: &usize| {
        let multiple = p as u64 / max * max;
        let first = multiple > 0 && !lines.iter().any(|&l| l as u64 >= multiple && l < p);
        let near = |&&l: &&usize| l < p && l as u64 + max >= p as u64;
        p == 0 || natural(&p) || (first && !lines.iter().filter(near).any(natural))
    };
    lines.iter().copied().filter(is_start).collect()
}

#[test]
fn records_of_many_lines_start_where_the_definition_says() {
    let text = |seed: usize, len: usize| -> Vec<u8> {
        let mut state = seed as u64 * 7919 + 1;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 33
        };
        (0..len)
            .map(|_| match next() % 12 {
                0..3 => b'\n',
                3 if seed.is_multiple_of(3) => b'x',
                _ => b'a',
            })
            .collect()
    };
    for seed in 0..60 {
        for max in [1, 3, 8, 20, 1000] {
            let h = text(seed, 160);
            let r = Record::regex("^x", max).unwrap();
            let starts = naive(&h, max);
            for at in 0..=h.len() {
                let want = starts.iter().copied().find(|&start| start >= at);
                assert_eq!(r.next_start(&h, 0, at), want, "max {max} at {at} in {h:?}");
            }
            // From any record on, without what precedes it.
            for &start in &starts {
                for at in start..h.len() {
                    let want = starts.iter().copied().find(|&s| s >= at);
                    let got = r.next_start(&h[start..], start as u64, at - start);
                    assert_eq!(got.map(|got| got + start), want, "{max} {start} {at}");
                }
            }
            // From any window that is told its ends.
            let Record::Lines(rule) = &r else {
                unreachable!()
            };
            for from in 0..h.len() {
                let ends = Ends {
                    base: from as u64,
                    front: false,
                    back: true,
                };
                for at in from..h.len() {
                    let want = starts.iter().copied().find(|&s| s >= at);
                    match rule.next(&h[from..], ends, at - from) {
                        Next::At(got) => assert_eq!(Some(got + from), want),
                        Next::Nowhere => assert_eq!(None, want),
                        Next::Before => {}
                        Next::Behind => panic!("nothing is behind"),
                    }
                }
            }
        }
    }
}

#[test]
fn a_record_is_plain_data() {
    for record in [
        Record::Line(b'\n'),
        Record::auto(Record::MAX),
        Record::regex(r"^\d+ ", 100).unwrap(),
    ] {
        let sent = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&sent).unwrap(), record);
    }
    assert!(Record::regex("(", 1).is_err());
}
