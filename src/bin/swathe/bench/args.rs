//! The command line of `swathe bench`.

use std::path::PathBuf;

use clap::Command;
use swathe::report::Format;

use super::workload::Workload;
use crate::cli::{
    flag::{self, Choices, Group, of},
    parse::{Line, Operands},
    reading::{self, Reading},
    value,
};

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

/// What its flags say.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) reading: Reading,
    pub(crate) format: Option<Format>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) probe: Option<Probe>,
    size: Option<u64>,
    threads: Vec<usize>,
    io: Vec<&'static str>,
    cache: Vec<&'static str>,
    workloads: Vec<Workload>,
    against: Vec<&'static str>,
    runs: Option<usize>,
    neighbour: bool,
    quick: bool,
}

/// What this command calls itself with, to measure the machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Probe {
    Read,
    Memory,
}

const PROBES: [(&str, Probe); 2] = [("read", Probe::Read), ("memory", Probe::Memory)];

const FORMATS: [(&str, Format); 3] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("html", Format::Html),
];

type Flag = flag::Flag<Told>;

/// The command line.
pub(crate) fn line() -> Line<Told> {
    let command = Command::new("bench")
        .about("Measure throughput on your own file, or a generated one, and say what limits it")
        .before_help(EXAMPLES)
        .after_long_help(MORE);
    let operands = Operands {
        most: 1,
        ..Operands::any("PATH", "The file to measure on; without it a generated log")
    };
    let progress = of(Group::Own, [reading::progress()], |o: &mut Told| {
        &mut o.reading
    });
    Line::new(command, operands, flags().into_iter().chain(progress))
}

fn flags() -> Vec<Flag> {
    let mut all = rows();
    all.extend([
        Flag::one(
            "--runs N",
            "Count so many runs of each (3)",
            value::number::<usize>,
            |o| &mut o.runs,
        )
        .brief(),
        Flag::on(
            "--neighbour",
            "Measure what a search takes from other programs",
            |o| &mut o.neighbour,
        )
        .brief()
        .more(
            "Those that compute meanwhile, with and without --gentle. Default: without --quick \
             and --workload.",
        ),
        Flag::on(
            "--quick",
            "A few workloads on a small file, in seconds",
            |o| &mut o.quick,
        )
        .brief(),
        Flag::choice("--format FORMAT", "Answer as", &FORMATS, |o| &mut o.format).brief(),
        Flag::one(
            "--output FILE",
            "Write the answer to FILE, whole or not at all",
            value::path,
            |o| &mut o.output,
        )
        .brief(),
        Flag::choice("--probe WHAT", "", &PROBES, |o| &mut o.probe),
    ]);
    all
}

/// What is measured, in which ways.
fn rows() -> Vec<Flag> {
    /// Of a flag that takes several of a few words.
    fn words<T: Clone + 'static>(
        written: &'static str,
        help: &'static str,
        known: Vec<(&'static str, T)>,
        field: fn(&mut Told) -> &mut Vec<T>,
    ) -> Flag {
        let choices = Choices::Of(known.iter().map(|(name, _)| *name).collect());
        let read = move |v: &_| value::list(v, |word| value::choice(word, &known));
        Flag::one(written, help, read, field).among(choices).brief()
    }
    let same = |names: &[&'static str]| names.iter().map(|name| (*name, *name)).collect();
    let workloads = Workload::ALL.map(|(name, workload, _)| (name, workload));
    vec![
        Flag::one(
            "--size SIZE",
            "Generate so many bytes (1G, with --quick 256M)",
            value::positive_size,
            |o| &mut o.size,
        )
        .brief(),
        Flag::one(
            "-j --threads N,...",
            "Numbers of threads (1, 2, 4 ... all cores)",
            |v| value::list(v, value::threads),
            |o| &mut o.threads,
        )
        .brief(),
        words(
            "--io HOW,...",
            "Ways to read",
            same(&["map", "read"]),
            |o| &mut o.io,
        )
        .more("Default: map and read, with --quick map."),
        words(
            "--cache STATE,...",
            "With the file in memory or not",
            same(&["warm", "cold"]),
            |o| &mut o.cache,
        )
        .more("Default: both, with --quick warm."),
        words(
            "--workload NAME,...",
            "What to do with the file",
            workloads.to_vec(),
            |o| &mut o.workloads,
        )
        .more("Default: all."),
        words(
            "--against TOOL,...",
            "Tools to compare with",
            same(&["rg", "grep", "ugrep", "wc"]),
            |o| &mut o.against,
        )
        .more("If they are there and can do it."),
    ]
}

/// What the flags say of a file, where there are so many cores.
pub(crate) fn asked(told: &Told, path: Option<PathBuf>, cores: usize) -> Asked {
    let quick = told.quick;
    let mut threads = told.threads.clone();
    if threads.is_empty() {
        threads = std::iter::successors(Some(1), |n| Some(n * 2))
            .take_while(|n| *n < cores)
            .collect();
        threads.push(cores);
    }
    threads.retain(|threads| *threads > 0);
    threads.sort_unstable();
    threads.dedup();
    let io: &[&str] = match (&told.io[..], quick) {
        ([], true) => &["map"],
        ([], false) => &["map", "read"],
        (chosen, _) => chosen,
    };
    let ways = ["map", "read"].into_iter();
    let wanted = &told.workloads;
    let workloads = match (wanted.is_empty(), quick) {
        (true, true) => Workload::QUICK.to_vec(),
        (all, _) => Workload::ALL
            .iter()
            .map(|(_, workload, _)| *workload)
            .filter(|workload| all || wanted.contains(workload))
            .collect(),
    };
    let in_cache = |state: &str, usual| match &told.cache[..] {
        [] => usual,
        chosen => chosen.contains(&state),
    };
    Asked {
        neighbour: told.neighbour || (wanted.is_empty() && !quick),
        path,
        size: told.size.unwrap_or(if quick { 256 << 20 } else { 1 << 30 }),
        threads,
        io: ways.filter(|way| io.contains(way)).collect(),
        warm: in_cache("warm", true),
        cold: in_cache("cold", !quick),
        workloads,
        against: told.against.iter().map(ToString::to_string).collect(),
        runs: told.runs.unwrap_or(3).max(1),
    }
}
