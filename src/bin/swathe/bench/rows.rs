//! What `swathe bench` has to say.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use swathe::report::{Align, Grid, Layout, Name};

use super::choice::Choice;

/// The answer.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct BenchBody {
    /// What was measured on.
    pub(crate) machine: Machine,
    /// The version of swathe.
    pub(crate) version: &'static str,
    /// The file; `null` for a generated one.
    pub(crate) path: Option<Name>,
    /// Its bytes.
    pub(crate) bytes: u64,
    /// How often each row was run after a first time that does not count.
    pub(crate) runs: usize,
    /// What was looked for.
    pub(crate) patterns: Choice,
    /// What is to be known about the numbers.
    pub(crate) notes: Vec<String>,
    /// What the machine can do.
    pub(crate) ceilings: Vec<Ceiling>,
    /// What was measured.
    pub(crate) rows: Vec<Row>,
    /// What a search took from a neighbour that computed on half of the cores.
    pub(crate) neighbours: Vec<Neighbour>,
}

/// A machine.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct Machine {
    /// The model of its processors.
    pub(crate) processor: String,
    /// How many cores this process may use.
    pub(crate) cores: usize,
    /// Bytes of memory.
    pub(crate) memory: u64,
    /// The kernel.
    pub(crate) system: String,
}

/// How fast so many threads do nothing but read.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct Ceiling {
    /// `memory` (memory that is in no file), `warm` (the file, from memory) or
    /// `cold` (the file, from its device).
    pub(crate) what: &'static str,
    /// Threads.
    pub(crate) threads: usize,
    /// 10^9 bytes in a second.
    pub(crate) gb_per_second: f64,
}

/// One workload done one way: medians over the runs.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct Row {
    /// The workload.
    pub(crate) workload: &'static str,
    /// What that does.
    pub(crate) what: &'static str,
    /// What did it.
    pub(crate) tool: String,
    /// Options that made another tool fastest.
    pub(crate) options: Vec<String>,
    /// How it read: `map`, `read`, or `null` for another tool.
    pub(crate) io: Option<&'static str>,
    /// Threads; `null` for another tool.
    pub(crate) threads: Option<usize>,
    /// `warm` if the file was in memory, else `cold`.
    pub(crate) cache: &'static str,
    /// Seconds.
    pub(crate) seconds: f64,
    /// 10^9 bytes of the file in a second.
    pub(crate) gb_per_second: f64,
    /// Seconds of all processors.
    pub(crate) cpu_seconds: f64,
    /// The most anonymous memory that was seen.
    pub(crate) peak_anonymous_bytes: u64,
    /// How much faster than one thread.
    pub(crate) speedup: Option<f64>,
    /// That for each thread.
    pub(crate) efficiency: Option<f64>,
    /// The share of the plain reading of as many threads.
    pub(crate) of_ceiling: Option<f64>,
    /// What limits it: `cpu`, `memory`, `disk`, `one thread` or `waiting`.
    pub(crate) limit: &'static str,
    /// How many times as long as the fastest row of swathe, for another tool.
    pub(crate) times_as_long: Option<f64>,
    /// Whether it gave the answer that swathe gave; `null` if that is swathe.
    pub(crate) same_answer: Option<bool>,
}

/// A search for the rare literal beside a neighbour: medians over the runs.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(crate) struct Neighbour {
    /// `warm` if the file was in memory, else `cold`.
    pub(crate) cache: &'static str,
    /// Whether it ran with `--gentle`.
    pub(crate) gentle: bool,
    /// Seconds it took.
    pub(crate) seconds: f64,
    /// The neighbour's speed meanwhile, as a share of that it had alone.
    pub(crate) keeps: f64,
    /// Processor seconds the neighbour lost by it.
    pub(crate) loses_seconds: f64,
    /// The share of the file that was in the page cache afterwards; `null` if it
    /// was there before, or that cannot be known.
    pub(crate) left_in_cache: Option<f64>,
}

/// What limits a run of so many threads.
pub(crate) fn limit(
    cold: bool,
    threads: usize,
    busy: f64,
    of_ceiling: Option<f64>,
) -> &'static str {
    let near = of_ceiling.is_some_and(|share| share >= 0.75);
    match () {
        // Reading alone takes nearly as long.
        () if cold && near => "disk",
        () if near => "memory",
        () if busy >= 0.8 * threads as f64 => "cpu",
        () if cold => "disk",
        () if threads > 1 && (0.8..1.2).contains(&busy) => "one thread",
        () => "waiting",
    }
}

impl BenchBody {
    /// The form for people.
    pub(crate) fn text(&self, layout: &Layout) -> String {
        // Writing to a string cannot fail.
        let mut out = String::new();
        let machine = &self.machine;
        let path = self
            .path
            .as_ref()
            .map(|path| path.as_path().display().to_string());
        let _ = write!(
            out,
            "swathe {} on {}, {} cores, {:.0} GiB, {}\n{} of {:.3} GB; medians of {}\n",
            self.version,
            machine.processor,
            machine.cores,
            machine.memory as f64 / f64::from(1 << 30),
            machine.system,
            path.unwrap_or_else(|| "a generated log".to_string()),
            self.bytes as f64 / 1e9,
            self.runs,
        );
        let _ = write!(
            out,
            "looked for: rare '{}', common '{}', in any case '{}', regex '{}', key '{}' ({})\n\n",
            self.patterns.rare,
            self.patterns.common,
            self.patterns.alternation(),
            self.patterns.regex,
            self.patterns.key,
            self.patterns.from,
        );
        let mut ceilings = Grid::new([Align::Left, Align::Right, Align::Right]);
        ceilings.words(&["THE MACHINE", "THREADS", "GB/S"]);
        for row in &self.ceilings {
            let what = match row.what {
                "memory" => "reads memory",
                "warm" => "reads the file from memory",
                _ => "reads the file from its device",
            };
            ceilings.row([
                what.to_string(),
                row.threads.to_string(),
                format!("{:.2}", row.gb_per_second),
            ]);
        }
        ceilings.render(&mut out, "", layout);
        out.push('\n');
        self.grid().render(&mut out, "", layout);
        if !self.neighbours.is_empty() {
            out.push('\n');
            self.neighbours_grid().render(&mut out, "", layout);
        }
        for note in &self.notes {
            let _ = writeln!(out, "{note}");
        }
        out
    }

    fn neighbours_grid(&self) -> Grid {
        let mut grid = Grid::new([
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Right,
        ]);
        grid.words(&[
            "BESIDE A NEIGHBOUR",
            "CACHE",
            "SECONDS",
            "IT KEEPS",
            "IT LOSES",
            "LEFT IN CACHE",
        ]);
        for row in &self.neighbours {
            let left = row.left_in_cache;
            grid.row([
                if row.gentle { "rare --gentle" } else { "rare" }.to_string(),
                row.cache.to_string(),
                format!("{:.3}", row.seconds),
                format!("{:.0} %", row.keeps * 100.0),
                format!("{:.3} CPU s", row.loses_seconds),
                left.map(|left| format!("{:.0} %", left * 100.0))
                    .unwrap_or_default(),
            ]);
        }
        grid
    }

    fn grid(&self) -> Grid {
        let mut columns = vec![Align::Left; 4];
        columns.extend([Align::Right; 8]);
        columns.push(Align::Left);
        let mut grid = Grid::new(columns);
        grid.words(&[
            "WORKLOAD",
            "TOOL",
            "IO",
            "CACHE",
            "THREADS",
            "SECONDS",
            "GB/S",
            "SPEED-UP",
            "EFFICIENCY",
            "OF CEILING",
            "CPU S",
            "MEMORY",
            "LIMIT",
        ]);
        let percent = |share: Option<f64>| share.map(|share| format!("{:.0} %", share * 100.0));
        for row in &self.rows {
            let other = row.times_as_long.map(|times| match row.same_answer {
                Some(false) => "another answer".to_string(),
                _ => format!("{times:.2}x as long"),
            });
            grid.row([
                row.workload.to_string(),
                row.tool.clone(),
                row.io.unwrap_or_default().to_string(),
                row.cache.to_string(),
                row.threads
                    .map(|threads| threads.to_string())
                    .unwrap_or_default(),
                format!("{:.3}", row.seconds),
                format!("{:.2}", row.gb_per_second),
                row.speedup
                    .map(|speedup| format!("{speedup:.2}x"))
                    .unwrap_or_default(),
                percent(row.efficiency).unwrap_or_default(),
                percent(row.of_ceiling).unwrap_or_default(),
                format!("{:.3}", row.cpu_seconds),
                format!(
                    "{:.1} MiB",
                    row.peak_anonymous_bytes as f64 / f64::from(1 << 20)
                ),
                other.unwrap_or_else(|| row.limit.to_string()),
            ]);
        }
        grid
    }
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn limits() {
        for (cold, threads, busy, of_ceiling, want) in [
            (false, 2, 1.9, Some(0.9), "memory"),
            (false, 2, 1.9, Some(0.3), "cpu"),
            (false, 1, 0.98, None, "cpu"),
            (true, 2, 0.4, Some(0.95), "disk"),
            (true, 2, 1.9, Some(0.5), "cpu"),
            (true, 2, 0.4, None, "disk"),
            (false, 4, 1.0, Some(0.2), "one thread"),
            (false, 4, 2.0, Some(0.2), "waiting"),
        ] {
            assert_eq!(limit(cold, threads, busy, of_ceiling), want);
        }
    }
}
