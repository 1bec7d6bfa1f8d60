use super::*;

fn answer(text: &str, max: usize) -> TemplatesAnswer {
    let templates = Templates { max };
    let head = Head::of(text.as_bytes());
    let scan = Scan::new(text.as_bytes(), 0, &head);
    templates.finish(templates.scan_chunk(&mut Masker::new(), &scan))
}

fn ids(answer: &TemplatesAnswer, text: &str) -> Vec<u32> {
    let assign = Assign::new(answer);
    let head = Head::of(text.as_bytes());
    let scan = Scan::new(text.as_bytes(), 0, &head);
    let assigned = assign.scan_chunk(&mut Masker::new(), &scan);
    assert!(
        assigned
            .iter()
            .map(|a| a.line)
            .eq(1..=assigned.len() as u64)
    );
    assigned.iter().map(|a| a.id).collect()
}

#[test]
fn every_line_is_of_one_template() {
    let text = "took 12 ms\n\nb\ntook 3 ms\r\nb\ntook 4";
    let answer = answer(text, 100);
    let rows = answer.templates.iter().map(|t| {
        let template = String::from_utf8(t.template.clone()).unwrap();
        (template, t.count, t.first.line, t.first.offset)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            ("took <*>".to_string(), 3, 1, 0),
            ("b".to_string(), 2, 3, 12),
            (String::new(), 1, 2, 11),
        ]
    );
    assert_eq!(answer.templates[0].example, b"took 12 ms");
    assert_eq!(answer.records, 6);
    assert_eq!(ids(&answer, text), [1, 3, 2, 1, 2, 1]);
    assert_eq!(ids(&answer, "never seen\n"), [0]);
}

#[test]
fn an_example_is_the_first_of_all_that_were_merged() {
    let text = "x user c y\nx user b y\nx user a y\n";
    let answer = answer(text, 100);
    assert_eq!(answer.templates.len(), 1);
    assert_eq!(answer.templates[0].template, b"x user <*> y");
    assert_eq!(answer.templates[0].example, b"x user c y");
}

#[test]
fn counts_stay_exact_when_there_are_too_many() {
    let word = |n: u32| {
        char::from(b'a' + (n % 26) as u8)
            .to_string()
            .repeat(1 + n as usize / 26)
    };
    let line = |n: u32| format!("the {} of {}", word(n % 60), word(n % 7));
    let text = (0..600).map(line).collect::<Vec<_>>().join("\n");
    for max in [2, 3, 10, 100] {
        let answer = answer(&text, max);
        assert!(answer.coarse);
        assert!(answer.templates.len() <= max);
        assert_eq!(answer.records, 600);
        let ids = ids(&answer, &text);
        for (id, template) in (1..).zip(&answer.templates) {
            let count = ids.iter().filter(|known| **known == id).count() as u64;
            assert_eq!(count, template.count);
        }
    }
    assert!(!answer(&text, 1000).coarse);
}
