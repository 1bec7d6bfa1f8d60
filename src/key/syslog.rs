//! Fields by name of lines of syslog.

use std::ops::Range;

use memchr::{memchr, memchr3};

use super::field::{find, word};

/// A field of a line of syslog.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Syslog {
    Host,
    Program,
    Pid,
    Message,
}

impl Syslog {
    /// The names of the fields, for messages.
    pub(super) const NAMES: &str = "host, program, pid and message";

    pub(super) fn named(name: &str) -> Option<Syslog> {
        Some(match name {
            "host" | "hostname" => Syslog::Host,
            "program" | "app" | "tag" | "process" => Syslog::Program,
            "pid" | "procid" => Syslog::Pid,
            "message" | "msg" => Syslog::Message,
            _ => return None,
        })
    }

    pub(super) fn find(self, record: &[u8]) -> Option<Range<usize>> {
        let (mut at, mut structured) = (0, false);
        if record.first() == Some(&b'<') {
            at = find(record, 0, b'>')? + 1;
            // Behind the priority RFC 5424 has its version.
            if record.get(at..at + 2) == Some(b"1 ") {
                at += 2;
                structured = true;
            }
        }
        let first = word(record, at)?;
        let is_month = record[first.clone()].len() == 3 && !record[first.start].is_ascii_digit();
        let time = if is_month {
            let day = word(record, first.end)?;
            word(record, day.end)?
        } else {
            first
        };
        let host = word(record, time.end)?;
        if self == Syslog::Host {
            return Some(host);
        }
        if structured {
            self.structured(record, host.end)
        } else {
            self.plain(record, host.end)
        }
    }

    /// `APP PROCID MSGID [DATA] MESSAGE`, where `-` stands for nothing.
    fn structured(self, record: &[u8], at: usize) -> Option<Range<usize>> {
        let something = |range: Range<usize>| (&record[range.clone()] != b"-").then_some(range);
        let program = word(record, at)?;
        if self == Syslog::Program {
            return something(program);
        }
        let pid = word(record, program.end)?;
        if self == Syslog::Pid {
            return something(pid);
        }
        let id = word(record, pid.end)?;
        let mut data = word(record, id.end)?.start;
        if record[data] != b'[' {
            return Some((data + 2).min(record.len())..record.len());
        }
        while record.get(data) == Some(&b'[') {
            data = element_end(record, data)?;
        }
        Some((data + 1).min(record.len())..record.len())
    }

    /// `PROGRAM[PID]: MESSAGE`.
    fn plain(self, record: &[u8], at: usize) -> Option<Range<usize>> {
        let start = (at + 1).min(record.len());
        let colon = find(record, start, b':');
        let tag = start..colon.unwrap_or(start);
        let is_tag = !tag.is_empty() && memchr(b' ', &record[tag.clone()]).is_none();
        let open = find(&record[..tag.end], start, b'[').filter(|_| is_tag);
        match self {
            Syslog::Message if is_tag => {
                let message = tag.end + 1;
                let space = usize::from(record.get(message) == Some(&b' '));
                Some(message + space..record.len())
            }
            Syslog::Message => Some(start..record.len()),
            Syslog::Pid => {
                let open = open?;
                Some(open + 1..find(&record[..tag.end], open, b']')?)
            }
            _ => is_tag.then(|| start..open.unwrap_or(tag.end)),
        }
    }
}

/// Where a `[ID NAME="VALUE"]` ends that begins at `at`; in a value `\"`, `\\` and `\]`
/// are escaped, and a `]` in quotes is text.
fn element_end(record: &[u8], mut at: usize) -> Option<usize> {
    let mut quoted = false;
    loop {
        at += memchr3(b'"', b'\\', b']', record.get(at..)?)? + 1;
        match record[at - 1] {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn fields_of_syslog() {
        use Syslog::{Host, Message, Pid, Program};
        for (line, field, want) in [
            (
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; x",
                Host,
                Some("combo"),
            ),
            (
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; x",
                Program,
                Some("sshd(pam_unix)"),
            ),
            (
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; x",
                Pid,
                Some("19939"),
            ),
            (
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; x",
                Message,
                Some("authentication failure; x"),
            ),
            (
                "Jun  4 15:16:01 combo kernel: a: b",
                Program,
                Some("kernel"),
            ),
            ("Jun  4 15:16:01 combo kernel: a: b", Pid, None),
            ("Jun  4 15:16:01 combo kernel: a: b", Message, Some("a: b")),
            ("Jun  4 15:16:01 combo no tag: here", Program, None),
            (
                "Jun  4 15:16:01 combo no tag: here",
                Message,
                Some("no tag: here"),
            ),
            ("2026-11-23T01:02:03Z web cron[7]: run", Host, Some("web")),
            ("2026-11-23T01:02:03Z web cron[7]: run", Pid, Some("7")),
            (
                "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
                Program,
                Some("su"),
            ),
            (
                "<34>1 2003-10-11T22:14:15.003Z host.example su 12 ID47 - the message",
                Program,
                Some("su"),
            ),
            (
                "<34>1 2003-10-11T22:14:15.003Z host.example su - ID47 - the message",
                Pid,
                None,
            ),
            (
                "<34>1 2003-10-11T22:14:15.003Z host.example su - ID47 - the message",
                Message,
                Some("the message"),
            ),
            (
                r#"<1>1 2003-10-11T22:14:15Z h a 1 m [x y="z"][q] hello"#,
                Message,
                Some("hello"),
            ),
            (
                r#"<1>1 2003-10-11T22:14:15Z h a 1 m [x y="\"] \\"] hello"#,
                Message,
                Some("hello"),
            ),
            (
                r#"<1>1 2003-10-11T22:14:15Z h a 1 m [x y="a \] b]"] hello"#,
                Message,
                Some("hello"),
            ),
            ("", Host, None),
            ("<34", Host, None),
        ] {
            let got = field.find(line.as_bytes()).map(|r| &line[r]);
            assert_eq!(got, want, "{line} {field:?}");
            for end in 0..line.len() {
                field.find(&line.as_bytes()[..end]);
            }
        }
    }
}
