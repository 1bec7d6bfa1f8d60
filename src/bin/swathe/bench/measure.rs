//! Runs rows in turns and takes medians.

use std::ffi::OsString;

use swathe::{Error, ErrorKind, Result};

use super::{
    args::Asked,
    child::{self, Call, Printed, Run},
    choice::Choice,
    file::Measured,
    rows::{Ceiling, Neighbour, Row, limit},
    workload::Workload,
};
use crate::{messages, session::Session};

/// A file of which more than this is still in memory is not cold.
const COLD: f64 = 0.02;

/// One measurement on its way.
pub(crate) struct Bench<'a> {
    pub(super) file: &'a Measured,
    pub(super) asked: &'a Asked,
    pub(super) choice: &'a Choice,
    pub(super) session: &'a Session,
    /// This program.
    pub(super) own: OsString,
    pub(crate) notes: Vec<String>,
    pub(crate) ceilings: Vec<Ceiling>,
    pub(crate) rows: Vec<Row>,
    pub(crate) neighbours: Vec<Neighbour>,
}

/// Something that is run again and again.
struct Contender {
    call: Call,
    tool: String,
    options: Vec<String>,
    way: Option<(&'static str, usize)>,
    same_answer: Option<bool>,
    runs: Vec<Run>,
}

impl<'a> Bench<'a> {
    /// # Errors
    /// When this program does not know where it is.
    pub(crate) fn new(
        file: &'a Measured,
        asked: &'a Asked,
        choice: &'a Choice,
        session: &'a Session,
    ) -> Result<Bench<'a>> {
        Ok(Bench {
            file,
            asked,
            choice,
            session,
            own: std::env::current_exe()?.into_os_string(),
            notes: Vec::new(),
            ceilings: Vec::new(),
            rows: Vec::new(),
            neighbours: Vec::new(),
        })
    }

    /// Measures everything; false if it was interrupted.
    ///
    /// # Errors
    /// When a run of swathe fails.
    pub(crate) fn all(&mut self, cores: usize) -> Result<bool> {
        let caches: Vec<bool> = [(self.asked.warm, false), (self.asked.cold, true)]
            .into_iter()
            .filter_map(|(wanted, cold)| wanted.then_some(cold))
            .collect();
        self.say("what the machine can do");
        for &threads in &self.asked.threads {
            self.ceiling("memory", threads)?;
            for &cold in &caches {
                self.ceiling(if cold { "cold" } else { "warm" }, threads)?;
            }
        }
        let against = self.asked.against.clone();
        for tool in against {
            if child::run(&Call::new(&tool, &["--version"])).is_err() {
                self.note(format!(
                    "{tool} is not on the PATH, so it is not compared with"
                ));
            }
        }
        for &workload in &self.asked.workloads {
            for &cold in &caches {
                if self.session.interrupt.signal().is_some() {
                    return Ok(false);
                }
                self.workload(workload, cold)?;
            }
        }
        if self.asked.neighbour {
            self.neighbours(cores, &caches)?;
        }
        Ok(self.session.interrupt.signal().is_none())
    }

    /// Says on a terminal what is done now.
    pub(super) fn say(&self, what: &str) {
        use std::io::IsTerminal as _;
        if std::io::stderr().is_terminal() {
            self.session
                .meter
                .beside(|| messages::say(None, format!("measuring {what}")));
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn ceiling(&mut self, what: &'static str, threads: usize) -> Result<()> {
        let probe = if what == "memory" { "memory" } else { "read" };
        let call = Call::new(&self.own, &["bench", "--probe", probe, "--threads"])
            .with(threads.to_string());
        let call = if what == "memory" {
            call
        } else {
            call.with(&self.file.path)
        };
        let mut rates = Vec::new();
        for run in 0..=self.asked.runs {
            self.prepare(what == "cold");
            let text = Self::run(&call, false)?.printed.head;
            let text = String::from_utf8_lossy(&text).into_owned();
            let numbers: Vec<f64> = text
                .split_whitespace()
                .filter_map(|n| n.parse().ok())
                .collect();
            // The first one brings the file into memory.
            if let ([bytes, seconds], true) = (&numbers[..], run > 0) {
                rates.push(bytes / seconds.max(1e-9) / 1e9);
            }
        }
        self.ceilings.push(Ceiling {
            what,
            threads,
            gb_per_second: median(rates),
        });
        Ok(())
    }

    /// Takes the file out of memory for a cold run.
    pub(super) fn prepare(&mut self, cold: bool) {
        if !cold {
            return;
        }
        match self.file.cool() {
            None => self.note(
                "whether the file was out of memory before cold runs cannot be told here".into(),
            ),
            Some(left) if left > COLD => self.note(format!(
                "the file could not be made cold: {:.0} % of it stayed in memory \
                 (a file system in memory, or another program that maps it)",
                left * 100.0
            )),
            Some(_) => {}
        }
    }

    pub(super) fn run(call: &Call, may_find_nothing: bool) -> Result<Run> {
        let at = |error| Error::at(&call.program, ErrorKind::Io(error));
        let run = child::run(call).map_err(at)?;
        match run.status {
            Some(0) => Ok(run),
            Some(1) if may_find_nothing => Ok(run),
            status => {
                let status =
                    status.map_or("a signal".to_string(), |status| format!("status {status}"));
                let arguments: Vec<_> =
                    call.arguments.iter().map(|a| a.to_string_lossy()).collect();
                Err(Error::at(
                    &call.program,
                    ErrorKind::Config(format!(
                        "ended with {status} when called with {}",
                        arguments.join(" ")
                    )),
                ))
            }
        }
    }

    fn workload(&mut self, workload: Workload, cold: bool) -> Result<()> {
        let cache = if cold { "cold" } else { "warm" };
        self.say(&format!("{}, {cache}", workload.name()));
        let mut all = self.ours(workload);
        let answer = self.reference(workload)?;
        all.extend(self.others(workload, &answer));
        for round in 0..=self.asked.runs {
            let mut order: Vec<usize> = (0..all.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                if self.session.interrupt.signal().is_some() {
                    return Ok(());
                }
                self.prepare(cold);
                let run = Self::run(&all[at].call, workload.may_find_nothing())?;
                // The first round does not count.
                if round > 0 {
                    all[at].runs.push(run);
                }
            }
        }
        self.enter(workload, cold, all);
        Ok(())
    }

    fn ours(&self, workload: Workload) -> Vec<Contender> {
        let mut all = Vec::new();
        let arguments = workload.arguments(self.choice);
        for &io in &self.asked.io {
            for &threads in &self.asked.threads {
                let mut call = Call::new(&self.own, &[]);
                call.arguments.extend(arguments.iter().map(OsString::from));
                let call = call
                    .with(format!("--io={io}"))
                    .with(format!("--threads={threads}"));
                all.push(Contender {
                    call: call.with("--").with(&self.file.path),
                    tool: "swathe".to_string(),
                    options: Vec::new(),
                    way: Some((io, threads)),
                    same_answer: None,
                    runs: Vec::new(),
                });
            }
        }
        all
    }

    /// What others must print.
    fn reference(&self, workload: Workload) -> Result<Printed> {
        let arguments = match workload {
            // The same numbers in the form that wc gives them.
            Workload::Stats => vec![
                "stats".to_string(),
                "--wc".to_string(),
                "-lwmcL".to_string(),
            ],
            _ => workload.arguments(self.choice),
        };
        let mut call = Call::new(&self.own, &[]);
        call.arguments.extend(arguments.iter().map(OsString::from));
        let call = call.with("--").with(&self.file.path);
        Ok(Self::run(&call, workload.may_find_nothing())?.printed)
    }

    /// Each other tool in its fastest way, if it gives the same answer in it.
    fn others(&mut self, workload: Workload, answer: &Printed) -> Vec<Contender> {
        let mut all = Vec::new();
        for tool in self.asked.against.clone() {
            let ways = workload.others(&tool, self.choice).into_iter();
            let tried = ways.filter_map(|call| {
                let whole = call.clone().with("--").with(&self.file.path);
                // Once to bring the file into memory, once to see.
                child::run(&whole).ok()?;
                let run = child::run(&whole).ok()?;
                matches!(run.status, Some(0 | 1)).then_some((call, whole, run))
            });
            let best = tried.min_by(|(.., a), (.., b)| a.wall.total_cmp(&b.wall));
            let Some((call, whole, run)) = best else {
                continue;
            };
            let same = run.printed == *answer;
            if !same {
                self.note(format!(
                    "{tool} gives another answer to '{}' and is not measured there",
                    workload.name()
                ));
                continue;
            }
            let flags = call
                .arguments
                .iter()
                .map(|a| a.to_string_lossy().into_owned());
            all.push(Contender {
                call: whole,
                tool,
                options: flags
                    .take_while(|flag| flag.starts_with('-'))
                    .take(6)
                    .collect(),
                way: None,
                same_answer: Some(same),
                runs: Vec::new(),
            });
        }
        all
    }

    fn enter(&mut self, workload: Workload, cold: bool, all: Vec<Contender>) {
        let cache = if cold { "cold" } else { "warm" };
        let from = self.rows.len();
        for one in all {
            let of = |what: fn(&Run) -> f64| median(one.runs.iter().map(what).collect());
            let (seconds, cpu) = (of(|run| run.wall), of(|run| run.cpu));
            let rate = self.file.size as f64 / seconds.max(1e-9) / 1e9;
            let threads = one.way.map(|(_, threads)| threads);
            let ceiling = self
                .ceilings
                .iter()
                .find(|row| row.what == cache && threads.is_none_or(|n| n == row.threads));
            let of_ceiling = ceiling.map(|row| rate / row.gb_per_second.max(1e-9));
            self.rows.push(Row {
                workload: workload.name(),
                what: workload.what(),
                tool: one.tool,
                options: one.options,
                io: one.way.map(|(io, _)| io),
                threads,
                cache,
                seconds,
                gb_per_second: rate,
                cpu_seconds: cpu,
                peak_anonymous_bytes: one.runs.iter().map(|run| run.memory).max().unwrap_or(0),
                speedup: None,
                efficiency: None,
                of_ceiling,
                limit: limit(
                    cold,
                    threads.unwrap_or(1),
                    cpu / seconds.max(1e-9),
                    of_ceiling,
                ),
                times_as_long: None,
                same_answer: one.same_answer,
            });
        }
        let rows = &mut self.rows[from..];
        let ours: Vec<Row> = rows
            .iter()
            .filter(|row| row.threads.is_some())
            .cloned()
            .collect();
        let best = ours
            .iter()
            .map(|row| row.seconds)
            .fold(f64::INFINITY, f64::min);
        for row in rows {
            match row.threads {
                Some(threads) => {
                    let single = ours
                        .iter()
                        .find(|one| one.io == row.io && one.threads == Some(1));
                    row.speedup = single.map(|one| one.seconds / row.seconds);
                    row.efficiency = row.speedup.map(|speedup| speedup / threads as f64);
                }
                None => row.times_as_long = Some(row.seconds / best),
            }
        }
    }
}

/// The middle one, or the mean of the two in the middle; 0 of none.
pub(super) fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    match all.len() {
        0 => 0.0,
        n if n % 2 == 1 => all[n / 2],
        n => f64::midpoint(all[n / 2 - 1], all[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn medians() {
        for (all, want) in [
            (vec![], 0.0),
            (vec![3.0, 1.0, 2.0], 2.0),
            (vec![4.0, 1.0], 2.5),
        ] {
            assert_eq!(median(all).to_bits(), f64::to_bits(want));
        }
    }
}
