//! How each pattern is found.

use std::sync::OnceLock;

use regex_syntax::hir::Hir;

use super::{CountPattern, finder::Finder, needles::required};
use crate::{
    error::Result,
    pattern::{
        Case, PatternOptions,
        many::{Layout, Plain, Wanted, parse},
    },
};

/// With fewer patterns each is compiled at once, which finds mistakes early;
/// of more, those that are bytes and nothing else wait until they are needed.
const EAGER: usize = 64;

/// A literal that is longer is compiled at once: it might be refused.
const SURELY_COMPILES: usize = 1000;

/// A sample of text must have this size to be worth tuning for.
const SAMPLE: usize = 256 << 10;

/// All patterns, as they are found in lines that end in one way.
#[derive(Debug)]
pub(super) struct Plans {
    options: PatternOptions,
    patterns: Vec<Plan>,
    /// Those the filter can find.
    wanted: Vec<Wanted>,
    fold: bool,
    /// Whether one of them is [`Plain::exotic`].
    pub(super) exotic: bool,
    /// What the filter goes by where the text is known, and where it is not.
    tuned: OnceLock<Layout>,
    rough: OnceLock<Layout>,
}

/// One pattern.
#[derive(Debug)]
pub(super) struct Plan {
    source: String,
    /// What it stands for, if that is bytes.
    pub(super) plain: Option<Plain>,
    /// Whether case is of no account.
    pub(super) caseless: bool,
    finder: OnceLock<Finder>,
}

impl Plans {
    pub(super) fn new(patterns: &[CountPattern], options: &PatternOptions) -> Result<Plans> {
        let mut plans = Vec::with_capacity(patterns.len());
        let mut wanted = Vec::new();
        for (id, pattern) in (0..).zip(patterns) {
            let plan = Plan::new(&pattern.pattern, options);
            if patterns.len() <= EAGER || plan.may_be_refused(options) {
                plan.compile(options)?;
            }
            let sets = plan.sets(options);
            if patterns.len() > 1 && !sets.is_empty() {
                wanted.push(Wanted {
                    pattern: id,
                    sets,
                    literal: plan.is_literal(),
                });
            }
            plans.push(plan);
        }
        Ok(Plans {
            options: options.clone(),
            fold: plans.iter().any(|plan| plan.caseless),
            exotic: plans
                .iter()
                .any(|plan| plan.plain.as_ref().is_some_and(|plain| plain.exotic)),
            patterns: plans,
            wanted,
            tuned: OnceLock::new(),
            rough: OnceLock::new(),
        })
    }

    /// How to go about lines like these.
    pub(super) fn layout(&self, lines: &[u8]) -> &Layout {
        if let Some(layout) = self.tuned.get() {
            return layout;
        }
        if lines.len() >= SAMPLE {
            return self.tuned.get_or_init(|| self.lay_out(lines));
        }
        self.rough.get_or_init(|| self.lay_out(b""))
    }

    fn lay_out(&self, sample: &[u8]) -> Layout {
        let mut layout = Layout::new(&self.wanted, self.fold, sample);
        let mut wanted = self.wanted.iter().map(|wanted| wanted.pattern).peekable();
        for id in 0..self.patterns.len() as u32 {
            if wanted.next_if_eq(&id).is_none() {
                layout.alone.push(id);
            }
        }
        layout
    }

    #[inline]
    pub(super) fn pattern(&self, id: u32) -> &Plan {
        &self.patterns[id as usize]
    }

    /// What finds the pattern alone.
    pub(super) fn finder(&self, id: u32) -> &Finder {
        let plan = self.pattern(id);
        plan.finder.get_or_init(|| {
            plan.compiled(&self.options)
                .expect("a short literal compiles; all else was compiled before")
        })
    }
}

impl Plan {
    fn new(pattern: &str, options: &PatternOptions) -> Plan {
        let plain = Plain::new(pattern, options);
        Plan {
            source: pattern.to_string(),
            caseless: plain
                .as_ref()
                .map_or(options.case != Case::Sensitive, |plain| plain.caseless),
            plain,
            finder: OnceLock::new(),
        }
    }

    /// Whether the bytes as they are can be searched for.
    fn is_literal(&self) -> bool {
        let plain = self.plain.as_ref();
        !self.caseless && plain.is_some_and(|plain| plain.around.is_none())
    }

    fn may_be_refused(&self, options: &PatternOptions) -> bool {
        let plain = self.plain.as_ref();
        plain.is_none_or(|plain| plain.bytes.len() > SURELY_COMPILES)
            || options.size_limit.is_some()
    }

    fn compile(&self, options: &PatternOptions) -> Result<()> {
        let finder = self.compiled(options)?;
        self.finder.get_or_init(|| finder);
        Ok(())
    }

    fn compiled(&self, options: &PatternOptions) -> Result<Finder> {
        if self.is_literal()
            && let Some(plain) = &self.plain
        {
            return Ok(Finder::literal(&plain.bytes));
        }
        let patterns = options.compile(&[&self.source])?;
        let hir = parse(&self.source, options, false);
        let properties = hir.as_ref().map(Hir::properties);
        let longest = properties.map(regex_syntax::hir::Properties::maximum_len);
        // Whether an empty match is one between words may be decided by bytes
        // before the line: behind a stray continuation byte at its start the
        // engine looks back past the line end.
        let may_be_empty = properties.is_none_or(|p| p.minimum_len() == Some(0));
        let words =
            options.boundary.is_some() || properties.is_none_or(|p| p.look_set().contains_word());
        Ok(Finder::Regex {
            patterns,
            always_empty: self.source.is_empty() || longest == Some(Some(0)),
            line_by_line: may_be_empty && words,
        })
    }

    /// Sets of needles of which a match contains one.
    fn sets(&self, options: &PatternOptions) -> Vec<Vec<Vec<u8>>> {
        match &self.plain {
            Some(plain) if plain.bytes.len() > 1 => vec![vec![plain.bytes.clone()]],
            Some(_) => Vec::new(),
            None => {
                // For smart case both cases will do: what is found is searched.
                let hir = parse(&self.source, options, self.caseless);
                hir.map_or_else(Vec::new, |hir| required(&hir, self.caseless))
            }
        }
    }
}
