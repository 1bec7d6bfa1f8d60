//! What commands answer about a generated file.

use schemars::JsonSchema;
use serde::Serialize;

use super::Options;

/// The exact answers, in the terms of the commands that give them.
///
/// They are counted where the text is made, never by searching it, so that they
/// can judge what searches.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Expected {
    /// The version of this form.
    pub schema: u32,
    /// `generate`.
    pub command: &'static str,
    /// The options that make this file.
    pub made: Made,
    /// As `swathe stats` has them, as all that follow up to `line_length`.
    pub bytes: u64,
    /// `\n` bytes.
    pub newlines: u64,
    /// Lines.
    pub lines: u64,
    /// Lines that start an event, which is what `--record auto` counts.
    pub events: u64,
    /// Words.
    pub words: u64,
    /// Characters.
    pub chars: u64,
    /// Lines without content.
    pub empty_lines: u64,
    /// Lines of nothing but white space.
    pub blank_lines: u64,
    /// Lines that end with `\r\n`.
    pub crlf_lines: u64,
    /// Zero bytes.
    pub nul_bytes: u64,
    /// Lines that are not valid UTF-8.
    pub invalid_utf8_lines: u64,
    /// The last line has its terminator.
    pub final_newline: bool,
    /// `lf` or `crlf`.
    pub line_ending: &'static str,
    /// The first of the longest lines.
    pub longest_line: LongLine,
    /// How long lines are, without their terminators.
    pub line_length: LineLength,
    /// `swathe count` of each of these patterns.
    pub patterns: Vec<Found>,
    /// The rare text and where it is.
    pub needles: Needles,
    /// `swathe top` of this regex.
    pub top: Top,
    /// `swathe values --unit none` of this regex.
    pub values: Values,
    /// `swathe top --by level`; `null` where events do not say it.
    pub levels: Option<Levels>,
    /// `swathe timeline --bucket 1h`.
    pub timeline: Timeline,
}

/// The options that make a file.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Made {
    /// `--profile`.
    pub profile: &'static str,
    /// `--size`.
    pub size: u64,
    /// `--seed`.
    pub seed: u64,
    /// `--crlf`.
    pub crlf: bool,
    /// `--needles`.
    pub needles: u64,
    /// `--invalid`.
    pub invalid: f64,
    /// `--nul`.
    pub nul: f64,
    /// `--long-lines`.
    pub long_lines: f64,
}

impl Made {
    pub(super) fn new(options: &Options) -> Made {
        Made {
            profile: options.profile.name(),
            size: options.size,
            seed: options.seed,
            crlf: options.crlf,
            needles: options.needles,
            invalid: options.invalid,
            nul: options.nul,
            long_lines: options.long_lines,
        }
    }
}

/// A long line.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct LongLine {
    /// Bytes without the terminator.
    pub length: u64,
    /// Its number, from 1.
    pub line: u64,
    /// Where it starts.
    pub offset: u64,
}

/// How long lines are.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct LineLength {
    /// The shortest.
    pub min: u64,
    /// The longest.
    pub max: u64,
    /// The mean.
    pub mean: f64,
    /// The smallest length that half of the lines do not exceed.
    pub p50: u64,
    /// The length that 90 % of the lines do not exceed.
    pub p90: u64,
    /// The length that 99 % of the lines do not exceed.
    pub p99: u64,
    /// The length that 99.9 % of the lines do not exceed.
    pub p999: u64,
}

/// What is found of a pattern.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Found {
    /// A regex.
    pub pattern: &'static str,
    /// Whether case does not matter.
    pub ignore_case: bool,
    /// Lines with a match.
    pub lines: u64,
    /// Matches.
    pub matches: u64,
    /// The first match.
    pub first: Option<Place>,
    /// The first match in the last line that has one.
    pub last: Option<Place>,
}

/// Where a match is.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Place {
    /// The number of the line, from 1.
    pub line: u64,
    /// Where it starts.
    pub offset: u64,
}

impl From<(u64, u64)> for Place {
    fn from((line, offset): (u64, u64)) -> Place {
        Place { line, offset }
    }
}

/// The planted texts.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Needles {
    /// The text.
    pub text: &'static str,
    /// How many there are.
    pub count: u64,
    /// How many of them are in `places`: the first ones.
    pub listed: u64,
    /// Where they are.
    pub places: Vec<Place>,
}

/// The most frequent keys.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Top {
    /// Its first group is the key.
    pub regex: &'static str,
    /// Lines with a key.
    pub matched: u64,
    /// Lines without.
    pub unmatched_lines: u64,
    /// Different keys.
    pub distinct: u64,
    /// Lines with a key that is not listed.
    pub other: u64,
    /// The keys that come first.
    pub groups: Vec<KeyCount>,
}

/// A key.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct KeyCount {
    /// The key.
    pub key: String,
    /// Lines that have it.
    pub count: u64,
}

/// Latencies, in the unit they are written in.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Values {
    /// Its first group is the number.
    pub regex: &'static str,
    /// How many there are.
    pub count: u64,
    /// What they come to.
    pub sum: f64,
    /// The smallest.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The smallest number such that half of them are not greater.
    pub p50: Option<f64>,
    /// The number that 90 % do not exceed.
    pub p90: Option<f64>,
    /// The number that 95 % do not exceed.
    pub p95: Option<f64>,
    /// The number that 99 % do not exceed.
    pub p99: Option<f64>,
    /// The number that 99.9 % do not exceed.
    pub p999: Option<f64>,
}

/// Lines by level.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Levels {
    /// Lines that say debug.
    pub debug: u64,
    /// Lines that say info.
    pub info: u64,
    /// Lines that say warn.
    pub warn: u64,
    /// Lines that say error.
    pub error: u64,
    /// Lines that say nothing: those of stacks.
    pub none: u64,
}

/// Lines by hour.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Timeline {
    /// Seconds of a bucket.
    pub bucket_seconds: u64,
    /// What a year that is not written is (`--base-year`).
    pub base_year: u64,
    /// What `errors` counts; `null` if nothing.
    pub pattern: Option<&'static str>,
    /// The first timestamp.
    pub first: String,
    /// The last one.
    pub last: String,
    /// Lines before the first timestamp.
    pub unparsed_lines: u64,
    /// Lines whose timestamp is before that of the line before.
    pub out_of_order: u64,
    /// The hours from the first to the last timestamp.
    pub buckets: Vec<Bucket>,
}

/// One hour.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Bucket {
    /// When it begins.
    pub start: String,
    /// Its lines.
    pub lines: u64,
    /// Those that match the pattern.
    pub errors: u64,
}
