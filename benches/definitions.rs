//! What is measured, and what must come out before it is.
//!
//! The haystack is the sample of `bench-data`, repeated. Its README says where
//! the sample is kind; numbers here compare one version of this crate with
//! another and promise nothing for other files.

use swathe::pattern::{Case, PatternOptions, Patterns};

/// One thing to look for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    /// The name in reports.
    pub(crate) name: &'static str,
    /// Why it is worth measuring.
    pub(crate) why: &'static str,
    /// What to look for, any of them.
    pub(crate) patterns: &'static [&'static str],
    /// Whether case does not matter.
    pub(crate) ignore_case: bool,
    /// How many lines of one copy of the sample match.
    pub(crate) expected: u64,
}

/// All that is measured, the cheapest first.
pub(crate) const DEFINITIONS: [Definition; 10] = [
    Definition {
        name: "literal-nowhere",
        why: "the speed of looking, with nothing found",
        patterns: &["nowhere to be found"],
        ignore_case: false,
        expected: 0,
    },
    Definition {
        name: "literal-rare",
        why: "the usual search of a log: a text on one line in 170",
        patterns: &["ledger out of balance"],
        ignore_case: false,
        expected: 8,
    },
    Definition {
        name: "literal-some",
        why: "a level on two lines in a hundred",
        patterns: &["ERROR"],
        ignore_case: false,
        expected: 25,
    },
    Definition {
        name: "literal-every",
        why: "a text on every event: finding lines and their numbers is the work",
        patterns: &["req="],
        ignore_case: false,
        expected: 1243,
    },
    Definition {
        name: "literal-any-case",
        why: "a word in any case, found by three or four of its letters",
        patterns: &["exception"],
        ignore_case: true,
        expected: 9,
    },
    Definition {
        name: "no-ascii",
        why: "characters that are none of ASCII, which most lines do not have",
        patterns: &[r"[^\x00-\x7F]"],
        ignore_case: false,
        expected: 6,
    },
    Definition {
        name: "literals-any-case",
        why: "a handful of words in any case",
        patterns: &["timeout|refused|declined"],
        ignore_case: true,
        expected: 18,
    },
    Definition {
        name: "literals-many",
        why: "more words than fit a vector register's tricks",
        patterns: &[
            "ledger out of balance",
            "panic",
            "segfault",
            "out of memory",
            "deadlock",
            "disk full",
            "corrupt",
            "overflow",
            "connection",
            "queue is long",
            "certificate",
            "unreachable",
        ],
        ignore_case: false,
        expected: 66,
    },
    Definition {
        name: "regex-with-literal",
        why: "a regex whose literal finds candidates",
        patterns: &["status=5[0-9][0-9]"],
        ignore_case: false,
        expected: 8,
    },
    Definition {
        name: "regex-without-literal",
        why: "a regex with nothing to look for first: the automaton's own speed",
        patterns: &["[A-Za-z]{30}"],
        ignore_case: false,
        expected: 8,
    },
];

impl Definition {
    /// The compiled patterns.
    pub(crate) fn compile(&self) -> Patterns {
        let options = PatternOptions {
            case: if self.ignore_case {
                Case::Insensitive
            } else {
                Case::Sensitive
            },
            ..PatternOptions::default()
        };
        options
            .compile(self.patterns)
            .unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// Refuses to measure what finds something else than it should.
    pub(crate) fn check(&self, found: u64, copies: u64) {
        let wanted = self.expected * copies;
        assert_eq!(found, wanted, "{} ({})", self.name, self.why);
    }
}

/// So many copies of the sample.
pub(crate) fn haystack(copies: u64) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bench-data/app.log");
    let sample = std::fs::read(path).expect("the sample");
    sample.repeat(usize::try_from(copies).expect("a few copies"))
}
