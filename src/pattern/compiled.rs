//! Patterns as the regex engine has them, compiled when they are first needed.
//!
//! Where a prefilter knows all about a match, or literals are looked for
//! together, the engine may never be asked. To compile a Unicode class takes
//! longer than to search a hundred megabytes for it, and ten thousand literals
//! without case longer than a gigabyte.

use std::sync::{Arc, OnceLock};

use grep_regex::{RegexMatcher, RegexMatcherBuilder};

use super::{Boundary, Case, PatternOptions};
use crate::error::{Error, ErrorKind, Result};

/// What is compiled later is known to compile.
const SURE: &str = "patterns that are small and were parsed are compiled";

/// A compiled pattern with caches of its own. A clone of the `Arc` it is in
/// shares them.
#[derive(Debug)]
pub(super) struct Compiled {
    recipe: Arc<Recipe>,
    own: OnceLock<RegexMatcher>,
}

/// What all that are of the same patterns share.
#[derive(Debug)]
struct Recipe {
    options: PatternOptions,
    patterns: Vec<String>,
    regex: OnceLock<RegexMatcher>,
}

impl Compiled {
    /// Compiles them now.
    ///
    /// # Errors
    /// As [`PatternOptions::compile`].
    pub(super) fn now<P: AsRef<str>>(options: &PatternOptions, patterns: &[P]) -> Result<Compiled> {
        let regex = compile(options, patterns)?;
        Ok(Compiled {
            own: OnceLock::new(),
            recipe: Arc::new(Recipe {
                options: options.clone(),
                patterns: Vec::new(),
                regex: OnceLock::from(regex),
            }),
        })
    }

    /// Compiles them when they are needed: they must be known to compile.
    pub(super) fn later<P: AsRef<str>>(options: &PatternOptions, patterns: &[P]) -> Compiled {
        let patterns = patterns.iter().map(|pattern| pattern.as_ref().to_string());
        Compiled {
            own: OnceLock::new(),
            recipe: Arc::new(Recipe {
                options: options.clone(),
                patterns: patterns.collect(),
                regex: OnceLock::new(),
            }),
        }
    }

    /// The compiled form with caches of its own.
    pub(super) fn own(&self) -> Compiled {
        Compiled {
            recipe: self.recipe.clone(),
            own: OnceLock::new(),
        }
    }

    #[inline]
    pub(super) fn get(&self) -> &RegexMatcher {
        self.own.get_or_init(|| self.recipe.get().clone())
    }
}

impl Recipe {
    #[cold]
    fn get(&self) -> &RegexMatcher {
        self.regex
            .get_or_init(|| compile(&self.options, &self.patterns).expect(SURE))
    }
}

fn compile<P: AsRef<str>>(options: &PatternOptions, patterns: &[P]) -> Result<RegexMatcher> {
    let mut builder = RegexMatcherBuilder::new();
    builder
        .multi_line(true)
        .unicode(options.unicode)
        .octal(false);
    builder.fixed_strings(options.fixed_strings);
    match options.case {
        Case::Sensitive => builder.case_insensitive(false),
        Case::Insensitive => builder.case_insensitive(true),
        Case::Smart => builder.case_smart(true),
    };
    match options.boundary {
        Some(Boundary::Line) => builder.whole_line(true),
        Some(Boundary::Word) => builder.word(true),
        None => &mut builder,
    };
    if options.multi_line {
        builder.dot_matches_new_line(options.dot_all);
        if options.crlf {
            builder.crlf(true).line_terminator(None);
        }
    } else {
        builder
            .line_terminator(Some(b'\n'))
            .dot_matches_new_line(false);
        if options.crlf {
            builder.crlf(true);
        }
        if options.null_data {
            builder.line_terminator(Some(0));
        }
    }
    if let Some(limit) = options.size_limit {
        builder.size_limit(limit);
    }
    if let Some(limit) = options.dfa_size_limit {
        builder.dfa_size_limit(limit);
    }
    if options.ban_nul {
        builder.ban_byte(Some(0));
    }
    builder
        .build_many(patterns)
        .map_err(|e| Error::new(ErrorKind::Pattern(e.to_string())))
}

/// Whether patterns that parse one by one do so as the engine has them: each in
/// a group, of which a comment would take the end. Bounds that somebody asked
/// for are for the engine to check.
pub(super) fn parses_together<P: AsRef<str>>(options: &PatternOptions, patterns: &[P]) -> bool {
    // Groups in groups have a bound as well.
    const LONGEST: usize = 200;
    let plain = |pattern: &P| {
        let pattern = pattern.as_ref();
        pattern.len() <= LONGEST && !pattern.contains('#')
    };
    let bounds = options.size_limit.is_some() || options.dfa_size_limit.is_some();
    !bounds && (options.fixed_strings || patterns.iter().all(plain))
}
