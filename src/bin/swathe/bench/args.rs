//! The command line of `swathe bench`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};

use super::workload::Workload;
use crate::stat::size::parse_positive_size;

const EXAMPLES: &str = "\
Examples:
  swathe bench app.log
  swathe bench --quick --against rg,grep,wc
  swathe bench --size 4G --cache warm --threads 1,2,4 --format html --output bench.html";

const MORE: &str = "\
Every run is a process of its own that prints into a pipe. Each row is run once before it counts,
then rows take turns, and medians are told. What other tools answer must equal what swathe answers;
of several ways to call a tool the fastest is taken. Without PATH a log is generated (see swathe
generate) in a file without a name, which is gone when this process is, however it ends.

LIMIT says what a run waits for: memory or disk where reading alone takes nearly as long, cpu where
its threads were busy throughout, one thread where only one of several was, else waiting.

A cold run starts with the file taken out of the page cache. What the device or a hypervisor keeps
in memory of its own is not emptied by that.";

/// What is to be measured.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: Option<PathBuf>,
    pub(crate) size: u64,
    pub(crate) threads: Vec<usize>,
    pub(crate) io: Vec<&'static str>,
    pub(crate) cold: bool,
    pub(crate) warm: bool,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) against: Vec<String>,
    pub(crate) runs: usize,
    pub(crate) neighbour: bool,
}

/// The command line.
pub(crate) fn command() -> Command {
    let flag =
        |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let list = |name: &'static str, value: &'static str| flag(name, value).value_delimiter(',');
    Command::new("bench")
        .about("Measure throughput on your own file, or a generated one, and say what limits it")
        .before_help(EXAMPLES)
        .after_long_help(MORE)
        .args([
            Arg::new("path")
                .value_name("PATH")
                .value_parser(value_parser!(OsString))
                .help("The file to measure on [default: a generated log]"),
            flag("size", "SIZE")
                .value_parser(parse_positive_size)
                .help("Generate so many bytes [default: 1G, with --quick 256M]"),
            list("threads", "N,...")
                .short('j')
                .value_parser(value_parser!(usize))
                .help("Numbers of threads [default: 1, 2, 4 ... up to the cores there are]"),
            list("io", "HOW,...")
                .value_parser(PossibleValuesParser::new(["map", "read", "auto"]))
                .help("Ways to read [default: map,read; with --quick auto]"),
            list("cache", "STATE,...")
                .value_parser(PossibleValuesParser::new(["warm", "cold"]))
                .help("With the file in memory, or not [default: warm,cold; with --quick warm]"),
            list("workload", "NAME,...")
                .value_parser(PossibleValuesParser::new(
                    Workload::ALL.map(|(name, ..)| name),
                ))
                .help("What to do with the file [default: all]"),
            list("against", "TOOL,...")
                .value_parser(PossibleValuesParser::new(["rg", "grep", "ugrep", "wc"]))
                .help("Tools to compare with, if they are there and can do it"),
            flag("runs", "N")
                .value_parser(value_parser!(usize))
                .help("Count so many runs of each [default: 3]"),
            Arg::new("neighbour")
                .long("neighbour")
                .action(ArgAction::SetTrue)
                .help(
                    "Measure what a search takes from programs that compute meanwhile, with and \
                     without --gentle [default: without --quick and --workload]",
                ),
            Arg::new("quick")
                .long("quick")
                .action(ArgAction::SetTrue)
                .help("A few workloads on a small file, in seconds"),
            flag("format", "FORMAT")
                .value_parser(PossibleValuesParser::new(["text", "json", "html"]))
                .hide_possible_values(true)
                .default_value("text")
                .help("text, json or html"),
            flag("output", "FILE")
                .value_parser(value_parser!(OsString))
                .help("Write the answer to FILE, whole or not at all"),
            flag("progress", "WHEN")
                .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
                .hide_possible_values(true)
                .default_value("auto")
                .hide_short_help(true)
                .help("Show how far it has come: auto, always, never"),
            // What this command calls itself with, to measure the machine.
            flag("probe", "WHAT")
                .value_parser(PossibleValuesParser::new(["read", "memory"]))
                .hide(true),
        ])
}

/// What the flags say, where there are so many cores.
pub(crate) fn asked(matches: &ArgMatches, cores: usize) -> Asked {
    let quick = matches.get_flag("quick");
    let strings = |name: &str| -> Vec<String> {
        matches
            .get_many::<String>(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    };
    let mut threads: Vec<usize> = matches
        .get_many("threads")
        .into_iter()
        .flatten()
        .copied()
        .collect();
    if threads.is_empty() {
        threads = std::iter::successors(Some(1), |n| Some(n * 2))
            .take_while(|n| *n < cores)
            .collect();
        threads.push(cores);
    }
    threads.retain(|threads| *threads > 0);
    threads.sort_unstable();
    threads.dedup();
    let chosen = strings("io");
    let ways = ["auto", "map", "read"];
    let io: Vec<&str> = ways
        .into_iter()
        .filter(|way| chosen.iter().any(|name| name == way))
        .collect();
    let cache = strings("cache");
    let wanted = strings("workload");
    let workloads = match (wanted.is_empty(), quick) {
        (true, true) => Workload::QUICK.to_vec(),
        (true, false) => Workload::ALL.map(|(_, workload, _)| workload).to_vec(),
        _ => {
            let all = Workload::ALL.into_iter();
            all.filter(|(name, ..)| wanted.iter().any(|one| one == name))
                .map(|(_, workload, _)| workload)
                .collect()
        }
    };
    let neighbour = matches.get_flag("neighbour") || (wanted.is_empty() && !quick);
    Asked {
        neighbour,
        path: matches.get_one::<OsString>("path").map(PathBuf::from),
        size: matches
            .get_one("size")
            .copied()
            .unwrap_or(if quick { 256 << 20 } else { 1 << 30 }),
        threads,
        io: match (io.is_empty(), quick) {
            (true, true) => vec!["auto"],
            (true, false) => vec!["map", "read"],
            _ => io,
        },
        warm: cache.is_empty() || cache.iter().any(|state| state == "warm"),
        cold: if cache.is_empty() {
            !quick
        } else {
            cache.iter().any(|state| state == "cold")
        },
        workloads,
        against: strings("against"),
        runs: matches.get_one("runs").copied().unwrap_or(3).max(1),
    }
}
