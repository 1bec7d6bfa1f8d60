//! Partials whose checksum is right, though nobody gathered what they hold:
//! each is refused by its name or answered.

use swathe::{
    Error,
    report::{Format, Layout, Report},
    request::{
        Collected, CountRequest, ReportRequest, Request, StatsRequest, TemplatesRequest,
        TimelineRequest, TopRequest, ValuesRequest,
        saved::{PartialOf, Saved},
    },
};

use crate::{
    bodies::forged_diff::compared,
    partials::{QUESTIONS, inputs, replaced, sealed, with},
    program::Folder,
    upgrade::{PARTIALS, file, log, payload, with_payload},
};

/// How many forgeries of each partial are tried.
const TRIES: usize = 120;

/// The greatest number, as it stands in a payload.
const GREATEST: [u8; 9] = [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// Numbers that are the same every time.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1;
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// The body of a partial with some changes behind its header.
pub(crate) fn changed(mut body: Vec<u8>, numbers: &mut Numbers) -> Vec<u8> {
    let header = body.iter().position(|&b| b == b'\n').unwrap() + 1;
    for _ in 0..=numbers.below(3) {
        let at = header + numbers.below(body.len() - header);
        let byte = body[at];
        match numbers.below(7) {
            0 => body[at] ^= 1,
            1 => body[at] ^= 0xff,
            2 => body[at] = 0,
            3 => body[at] = numbers.below(256) as u8,
            4 => drop(body.splice(at..=at, GREATEST)),
            5 => drop(body.remove(at)),
            _ => body.insert(at, byte),
        }
        if body.len() == header {
            break;
        }
    }
    body
}

struct Forger<'a, R: Request> {
    name: &'a str,
    request: R,
    statistic: R::Statistic,
    whole: Collected<PartialOf<R>>,
    refused: usize,
    numbers: Numbers,
}

impl<R: Request> Forger<'_, R> {
    fn forge(&mut self, partial: &[u8]) {
        for _ in 0..TRIES {
            let forged = sealed(partial, |body| changed(body, &mut self.numbers));
            let saved = Saved::open("x.partial".as_ref(), &forged).unwrap();
            match saved.gathered::<R>(&self.statistic) {
                Err(error) => self.is_named(&error),
                Ok(collected) => self.answers(collected),
            }
        }
        assert!(self.refused > TRIES / 10, "{}: all is taken", self.name);
    }

    /// Every field of the payload with what may stand in its place.
    fn forge_each(&mut self, partial: &[u8]) {
        let mut all = 0;
        for (place, way) in payload(partial).places(2) {
            for forgery in payload(partial).at(&way).forgeries() {
                all += 1;
                let what = format!("{} {place}: {forgery:?}", self.name);
                let forged = with_payload(partial, |tree| *tree.at(&way) = forgery);
                let saved = Saved::open("x.partial".as_ref(), &forged).expect(&what);
                match saved.gathered::<R>(&self.statistic) {
                    Err(error) => self.is_named(&error),
                    Ok(collected) => self.answers(collected),
                }
            }
        }
        let refused = all / 2..all;
        assert!(refused.contains(&self.refused), "{} of {all}", self.refused);
    }

    fn is_named(&mut self, error: &Error) {
        assert_eq!(error.path(), Some("x.partial".as_ref()), "{error}");
        self.refused += 1;
    }

    /// By itself, and merged with others.
    fn answers(&mut self, forged: Collected<PartialOf<R>>) {
        let mut merged = self.whole.clone();
        for later in [&forged, &forged, &self.whole] {
            merged.append(&self.statistic, later.clone());
        }
        let mut formats = vec![Format::Json, Format::Text];
        if self.numbers.below(16) == 0 {
            formats.extend(Format::ALL.map(|(_, format)| format));
        }
        for collected in [forged, merged] {
            let body = self.request.body(collected.finish(&self.statistic));
            let report = Report::new(R::COMMAND, vec![], body);
            for &format in &formats {
                let shown = report.to_format(format, &Layout::default());
                assert!(shown.is_ok() || format == Format::Prometheus);
            }
        }
    }
}

/// Forges bytes, or each field.
fn forge<R: Request>(name: &str, partial: &[u8], each: bool) {
    let saved = Saved::open("x.partial".as_ref(), partial).unwrap();
    let (request, _, statistic) = saved.request::<R>().unwrap();
    let mut forger = Forger {
        name,
        request,
        whole: saved.gathered::<R>(&statistic).unwrap(),
        statistic,
        refused: 0,
        numbers: Numbers(name.len() as u64),
    };
    if each {
        forger.forge_each(partial);
    } else {
        forger.forge(partial);
    }
}

fn forge_as(command: &str, name: &str, partial: &[u8], each: bool) {
    match command {
        "stats" => forge::<StatsRequest>(name, partial, each),
        "count" => forge::<CountRequest>(name, partial, each),
        "top" => forge::<TopRequest>(name, partial, each),
        "values" => forge::<ValuesRequest>(name, partial, each),
        "timeline" => forge::<TimelineRequest>(name, partial, each),
        "templates" => forge::<TemplatesRequest>(name, partial, each),
        "report" => forge::<ReportRequest>(name, partial, each),
        other => panic!("{other} is in the list of questions and not here"),
    }
}

#[test]
fn forged_partials_are_refused_or_answered() {
    let folder = Folder::new("forged");
    let inputs = inputs(&folder);
    for question in QUESTIONS.into_iter().chain([&["report"][..]]) {
        // A sketch of nothing is large without.
        let small = if question.contains(&"--max-groups") {
            &["--memory", "8K"][..]
        } else {
            &[]
        };
        let question = with(question, small);
        let name = question.join(" ");
        let asked = with(&question, &["--partial", "-"]);
        let partial = folder.answer(&with(&asked, &inputs));
        forge_as(question[0], &name, &partial, false);
    }
}

#[test]
fn every_field_of_a_partial_may_be_forged() {
    for (name, args) in PARTIALS {
        let partial = file(1, &format!("{name}.partial"));
        forge_as(args[0], name, &partial, true);
    }
}

/// `swathe diff FORGED log` scans with what the report says.
#[test]
fn every_field_of_a_report_may_be_forged() {
    let (report, name) = (file(1, "report.partial"), "x.json".as_ref());
    let log = log(85..95);
    let (mut number, mut refused) = (0, 0);
    for (place, way) in payload(&report).places(1) {
        for forgery in payload(&report).at(&way).forgeries() {
            number += 1;
            let what = format!("{place}: {forgery:?}");
            let forged = with_payload(&report, |tree| *tree.at(&way) = forgery);
            if let Err(error) = compared(name, &forged, &log, number % 2 == 0) {
                assert_eq!(error.path(), Some(name), "{what}: {error}");
                refused += 1;
            }
        }
    }
    assert!(
        (number / 2..number).contains(&refused),
        "{refused} of {number}"
    );
}

/// What a length says is believed only as far as there are bytes for it.
#[test]
fn a_forged_length_takes_no_memory() {
    let partial = file(1, "top.partial");
    let lengths = [0x5b, 0x7b, 0x9b, 0xbb].map(|kind| [&[kind][..], &[0x7f; 8]].concat());
    let saved = Saved::open("x.partial".as_ref(), &partial).unwrap();
    let (.., statistic) = saved.request::<TopRequest>().unwrap();
    for at in 0..partial.len() {
        for length in &lengths {
            let forged = sealed(&partial, |mut body| {
                let header = body.iter().position(|&b| b == b'\n').unwrap() + 1;
                if header + at < body.len() {
                    body.splice(header + at..=header + at, length.iter().copied());
                }
                body
            });
            let saved = Saved::open("x.partial".as_ref(), &forged).unwrap();
            let _ = saved.gathered::<TopRequest>(&statistic);
        }
    }
}

/// What is asked stands in the header, which anyone may have written too.
#[test]
fn a_forged_question_is_refused() {
    let folder = Folder::new("forged-question");
    let inputs = inputs(&folder);
    let asked = [
        "count",
        "--positions",
        "3",
        "foo",
        "--partial",
        "-",
        inputs[0],
    ];
    let partial = folder.answer(&asked);
    for (from, to) in [
        ("\"positions\":3", "\"positions\":4000000000"),
        ("\"size_limit\":null", "\"size_limit\":9000000000"),
        ("\"dfa_size_limit\":null", "\"dfa_size_limit\":9000000000"),
    ] {
        let forged = sealed(&partial, |body| replaced(&body, from, to));
        let saved = Saved::open("x.partial".as_ref(), &forged).unwrap();
        let error = saved.request::<CountRequest>().map(drop).unwrap_err();
        assert_eq!(error.path(), Some("x.partial".as_ref()), "{error}");
    }
}
