//! What is measured, and what other tools do the same.

use super::{child::Call, choice::Choice};

/// One thing to do with a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Workload {
    Newlines,
    Rare,
    Common,
    Many,
    IgnoreCase,
    Regex,
    Stats,
    Count,
    Top,
    Timeline,
}

impl Workload {
    /// All of them by name, and what they do.
    pub(crate) const ALL: [(&'static str, Workload, &'static str); 10] = [
        (
            "newlines",
            Workload::Newlines,
            "count lines (stats --wc -l)",
        ),
        (
            "rare",
            Workload::Rare,
            "count the lines with a rare literal (search -c)",
        ),
        (
            "common",
            Workload::Common,
            "print and number the lines with a common literal (search -n)",
        ),
        (
            "many",
            Workload::Many,
            "count the lines with one of 100 literals (search -c)",
        ),
        (
            "ignore-case",
            Workload::IgnoreCase,
            "count the lines with one of three words in any case (search -c -i)",
        ),
        (
            "regex",
            Workload::Regex,
            "count the lines that match a regex without a literal (search -c)",
        ),
        (
            "stats",
            Workload::Stats,
            "everything about lines, words and characters (stats)",
        ),
        (
            "count",
            Workload::Count,
            "count four patterns, each by itself (count)",
        ),
        ("top", Workload::Top, "the most frequent keys (top)"),
        ("timeline", Workload::Timeline, "lines over time (timeline)"),
    ];

    /// Those of `--quick`.
    pub(crate) const QUICK: [Workload; 4] = [
        Workload::Newlines,
        Workload::Rare,
        Workload::Common,
        Workload::Regex,
    ];

    pub(crate) fn name(self) -> &'static str {
        Workload::ALL[self as usize].0
    }

    pub(crate) fn what(self) -> &'static str {
        Workload::ALL[self as usize].2
    }

    /// The arguments of swathe, without how it reads and the file.
    pub(crate) fn arguments(self, choice: &Choice) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        match self {
            Workload::Newlines => words(&["stats", "--wc", "-l"]),
            Workload::Rare => words(&["search", "-c", "--include-zero", "-F", "-e", &choice.rare]),
            Workload::Common => words(&["search", "-n", "-F", "-e", &choice.common]),
            Workload::Many => {
                let mut all = words(&["search", "-c", "--include-zero", "-F"]);
                all.extend(choice.many.iter().map(|literal| format!("-e{literal}")));
                all
            }
            Workload::IgnoreCase => words(&[
                "search",
                "-c",
                "--include-zero",
                "-i",
                "-e",
                &choice.alternation(),
            ]),
            Workload::Regex => words(&["search", "-c", "--include-zero", "-e", &choice.regex]),
            Workload::Stats => words(&["stats", "--format=json"]),
            Workload::Count => {
                let mut all = words(&["count", "--format=json", "-e", &choice.common]);
                all.extend(choice.words.iter().map(|word| format!("-e{word}")));
                all
            }
            Workload::Top => words(&["top", "--format=json", &choice.key]),
            Workload::Timeline => words(&["timeline", "--format=json"]),
        }
    }

    /// Whether status 1 only says that nothing was found.
    pub(crate) fn may_find_nothing(self) -> bool {
        !matches!(self, Workload::Newlines | Workload::Stats)
    }

    /// What another tool is called with to the same end, in all the ways that
    /// may be its fastest; none if it cannot do this.
    pub(crate) fn others(self, tool: &str, choice: &Choice) -> Vec<Call> {
        let ways: &[&[&str]] = match tool {
            "rg" => &[
                &["--no-config"],
                &["--no-config", "--mmap"],
                &["--no-config", "--no-mmap"],
            ],
            "ugrep" => &[&[], &["-U"], &["-U", "--mmap"]],
            _ => &[&[]],
        };
        let Some(arguments) = self.of_tool(tool, choice) else {
            return Vec::new();
        };
        let call = |way: &&[&str]| {
            let mut call = Call::new(tool, way);
            call.arguments.extend(arguments.iter().map(Into::into));
            call.locale = Some(match (tool, self) {
                // Its characters are those of the locale; its patterns here are bytes.
                ("wc", Workload::Stats) | ("ugrep", _) => "C.UTF-8",
                _ => "C",
            });
            call
        };
        ways.iter().map(call).collect()
    }

    fn of_tool(self, tool: &str, choice: &Choice) -> Option<Vec<String>> {
        let words =
            |words: &[&str]| Some(words.iter().map(ToString::to_string).collect::<Vec<_>>());
        if tool == "wc" {
            return match self {
                Workload::Newlines => words(&["-l"]),
                Workload::Stats => words(&["-lwmcL"]),
                _ => None,
            };
        }
        let zero: &[&str] = if tool == "rg" {
            &["--include-zero"]
        } else {
            &[]
        };
        let extended = if tool == "rg" { "-s" } else { "-E" };
        let mut all = match self {
            Workload::Rare => words(&["-c", "-F", "-e", &choice.rare]),
            Workload::Common => return words(&["-n", "-F", "-e", &choice.common]),
            Workload::Many => {
                let mut all = words(&["-c", "-F"])?;
                all.extend(choice.many.iter().map(|literal| format!("-e{literal}")));
                Some(all)
            }
            Workload::IgnoreCase => words(&["-c", extended, "-i", "-e", &choice.alternation()]),
            Workload::Regex => words(&["-c", extended, "-e", &choice.regex]),
            _ => None,
        }?;
        all.splice(0..0, zero.iter().map(ToString::to_string));
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_are_in_the_order_of_their_names() {
        for (name, workload, _) in Workload::ALL {
            assert_eq!(workload.name(), name);
        }
    }

    #[test]
    fn others_do_what_they_can() {
        let choice = Choice::generated();
        for (tool, workload, ways) in [
            ("rg", Workload::Rare, 3),
            ("grep", Workload::Regex, 1),
            ("wc", Workload::Rare, 0),
            ("wc", Workload::Stats, 1),
            ("rg", Workload::Top, 0),
        ] {
            assert_eq!(
                workload.others(tool, &choice).len(),
                ways,
                "{tool} {workload:?}"
            );
        }
    }
}
