//! What the numbers of each kind of section mean.

/// A name and what is to be known, for a kind of section.
pub(super) fn of(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "stats" => (
            "Lines and lengths",
            "A line ends with a newline; what follows the last newline is a line too. Lengths are \
             bytes without the end of the line. A percentile is a length that occurs: p99 is the \
             smallest such that 99 % of the lines are not longer.",
        ),
        "levels" => (
            "Levels",
            "The level of a record is the one in its header, in the level member of JSON or in \
             level= of logfmt; the word error in a message is none. Words for the same thing are \
             one level: WARN, WARNING and wrn.",
        ),
        "timeline" => (
            "Time",
            "A line without a timestamp belongs to the one before it, so a stack trace is counted \
             when it was written. Lines before the first timestamp are counted apart. Buckets \
             without a line are shown as what they are.",
        ),
        "count" => (
            "Patterns",
            "Each pattern is counted as if it were alone: a line with two matches is one line and \
             two matches, and it can match several patterns. Matches do not overlap, and empty \
             ones do not count. Positions are equal parts of each file in bytes, one file laid \
             over the other.",
        ),
        "top" => (
            "Groups",
            "A record counts once, for its first match. Percent is of all that was counted, shown \
             or not. A dash is for records that have no such value.",
        ),
        "values" => (
            "Numbers",
            "A record has one number. Times are in seconds and sizes in bytes, whatever the unit \
             they were written in. The standard deviation is that of these numbers as a \
             population. A percentile is a number that occurs.",
        ),
        "templates" => (
            "Kinds of messages",
            "What lines of one kind have in common, with &lt;*&gt; for what varies; timestamp, host, \
             process, level and logger are left out. Every line has exactly one. The example is the \
             first line of its kind.",
        ),
        "diff" => (
            "Changes",
            "Counts are divided by all records of their side (per line) and by its seconds (per \
             second); a ratio is the rate after by the rate before. New is what was not there \
             before, gone what is not there any more, shifted what has a ratio that is great or \
             small enough. To be one of these, counts must also differ by as much as the overview \
             says, brought to the volume of the smaller side, and by more than what comes at \
             random does; what does not is few. A percentile needs as many numbers beyond it. \
             Kinds of messages are found in the lines of both sides together.",
        ),
        _ => return None,
    })
}

/// What holds for all of them.
pub(super) const ALL: &str = "Numbers are exact unless a note beside them says that they are \
    approximate, how they were found and how far they may be off. They do not depend on how the \
    files were read. Text of the input is shown as it was written: bytes that are not UTF-8 as \
    \\xNN, control characters as escapes, percent-encoded text undecoded; what is too long is cut, \
    and said to be.";
