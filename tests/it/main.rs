//! The one integration-test binary.

/// Search against ripgrep's own libraries: same bytes, every chunk size,
/// thread count and way of reading.
mod parity;

/// Members of tar and zip.
mod archives;
/// What `swathe bench` measures, and how it ends.
mod bench;
/// Filters, ranges and records of a search, against what they mean.
mod beyond;
/// What the fuzz targets check.
#[path = "../../fuzz/src/bodies.rs"]
mod bodies;
/// The bounds within statistics, and what is kept at them.
mod bounds;
/// Pages of reports in a browser, which is installed where it is missing.
mod browser;
/// The command line, by the cases of `tests/cases`.
mod cases;
/// Standard streams that are closed or full from the start.
mod closed;
/// Random commands, each in many ways of reading.
mod commands;
/// Conditions and points in time, the same in every command.
mod conditions;
/// Packed input that is cut, changed, joined.
mod damage;
/// What has changed between two sides.
mod diff;
/// How packed input ends, in every command.
mod ended;
/// What a program asks with one call.
mod facade;
/// Partials that anyone may have written.
mod forged;
/// What was asked, forged in every field.
mod forged_request;
/// Every format of every command, of input that ends in every way.
mod formats;
/// The formats of records that come with swathe, and those of one's own.
mod formats_known;
/// The fuzz targets' checks over random bytes.
mod fuzzed;
/// Generated logs are answered as the generator says.
mod generate;
/// Lines that are too long to be held in memory.
mod giant;
/// What the guard of a map does to a process, each in a process of its own.
#[cfg(target_os = "linux")]
mod guard;
/// The commands of the user guide.
mod guide;
/// What `swathe inspect` advises can be done.
mod inspect;
/// The order of results, over a model of threads.
mod interleaved;
/// Ctrl-C and SIGTERM: what was read is answered, and marked.
mod interrupted;
/// The laws every statistic obeys, over a register of all of them.
mod laws;
/// The layers, the length of files, where unsafe code may be.
mod layering;
/// What a line says of its time and its level, and where records begin.
mod lines;
/// What the documents point to is there.
mod links;
/// Answers while input goes on.
mod live;
mod logs;
/// Fields of those logs, by their names alone.
mod logs_fields;
/// Many small files are read side by side.
mod many_files;
/// Many patterns in one pass count as if each ran alone.
mod many_patterns;
/// How much memory is taken, and what is said where there is none.
#[cfg(target_os = "linux")]
mod memory;
/// What the statistics mean, written down slowly.
mod naive;
/// Inputs that have broken line counters.
mod nasty;
/// What operands are taken for, and what is said of an empty answer.
mod operands;
/// Files that answers are written to.
mod output_files;
/// Text packed in every way.
mod pack;
/// Panics in what a user of the library hands in.
mod panics;
/// Partials in files, merged.
mod partials;
/// Programs that are run on files before these are searched.
mod preprocessing;
/// The built program, run in a folder of its own.
mod program;
/// What a program can name of the library, as it is listed.
mod public_api;
/// Reports: their sections, their formats, and merging saved ones.
mod reports;
/// Going on with files that grow, rotate, and are written over.
mod resume;
/// Going on with logs that rotate, against a model that knows each line.
mod rotation;
/// How many rows answers have: some for people, all for programs.
mod row_limits;
/// The sample of `bench-data` and its known answers.
mod sample;
/// Answers as JSON, against what `swathe schema` says of them.
mod schema;
/// Searching what is new in files that grow, rotate, and are written over.
mod search_resume;
/// Selected records, and records of many lines.
mod selected;
/// Every format at every width.
mod shapes;
/// Statistics do not depend on chunks, threads or the kind of source.
mod stat_invariance;
/// States that no run has left, and those another run has.
mod states;
/// Standard input in its forms.
mod stdin;
/// Templates against a table built line by line.
mod templates;
/// What reaches a terminal.
#[cfg(target_os = "linux")]
mod terminal;
/// Logs with timestamps: the timeline, records of many lines, selected records.
mod timed;
/// Timelines by key, with many keys and little memory.
mod timeline_by;
/// Records by key.
mod top;
/// Every mode of a search over files that change.
mod torn;
/// Modes of the program over a file that changes while it prints.
mod torn_program;
/// Files that change while they are scanned.
mod truncation;
/// Inputs that are looked at more than once.
mod twice;
/// Files that versions before this one have saved.
mod upgrade;
/// Numbers in records, against a reference that keeps them all.
mod values;
/// Every question in every way of reading.
mod ways;
