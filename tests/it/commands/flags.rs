//! Which flags of the commands are asked for by chance, and which are not.

/// The flags of each command that are asked for by chance; a test holds them
/// against the commands' own help.
pub(super) const ASKED: [(&str, &str); 9] = [
    (
        "search",
        "invert-match max-count stop-on-nonmatch multiline multiline-dotall crlf null-data \
         no-unicode count include-zero count-matches files-with-matches files-without-match json \
         quiet range count-total first last line-number column byte-offset with-filename \
         no-filename heading null vimgrep after-context before-context context passthru \
         only-matching replace trim max-columns max-columns-preview context-separator color stats",
    ),
    ("count", "name per-file positions"),
    (
        "top",
        "by all limit sort distinct sum memory max-groups exact",
    ),
    (
        "values",
        "by all of unit limit sort memory max-groups exact",
    ),
    ("timeline", "name bucket by limit gaps-over memory"),
    ("templates", "limit top assign max-templates"),
    (
        "stats",
        "top-longest wc by limit memory lines words chars bytes max-line-length",
    ),
    ("report", "rows title spec"),
    ("diff", "ratio floor per limit all rows title spec"),
];

/// The same in every command: what is looked for, and which records count.
pub(super) const SHARED: &str = "regexp fixed-strings ignore-case smart-case word-regexp \
    line-regexp and not where since until record record-max tz base-year order format log-format \
    delimiter text binary";

/// Varied by the ways of reading.
pub(super) const WAYS_OF_READING: &str = "threads chunk-size io mmap";

/// Flags that are not asked for by chance, and why.
pub(super) const LEFT_OUT: [(&str, &str); 7] = [
    (
        "glob iglob glob-case-insensitive type type-not type-add type-clear type-list follow \
         max-depth max-filesize one-file-system hidden unrestricted ignore ignore-dot \
         ignore-exclude ignore-files ignore-global ignore-parent ignore-vcs require-git \
         ignore-messages ignore-file ignore-file-case-insensitive files-from files0-from files total sort sortr \
         sort-files",
        "which files are read, not how: cases `walk` and `stats`",
    ),
    (
        "help version debug trace timing progress messages config print-spec pcre2-version \
         gentle",
        "says something of the run, or nothing of the input",
    ),
    (
        "output partial resume from fail-if fail-on file every",
        "reads or writes something of its own: `partials`, `resume`, `search_resume`, `reports`, `live`",
    ),
    (
        "encoding line-ending decompress search-zip archives pre pre-glob max-decompressed",
        "what the bytes are: `archives`, `preprocessing`, `stat_invariance`, cases `bytes`",
    ),
    (
        "pcre2 engine auto-hybrid-regex pcre2-unicode regex-size-limit dfa-size-limit",
        "which engine searches: `parity`",
    ),
    (
        "pretty colors line-buffered block-buffered hyperlink-format hostname-bin path-separator \
         field-match-separator field-context-separator raw case-sensitive",
        "how a line is dressed: cases `formats`",
    ),
    (
        "time-format base-date",
        "how timestamps are written: cases `timeline`",
    ),
];
