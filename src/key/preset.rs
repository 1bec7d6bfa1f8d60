//! Fields by name of records in well-known forms.

use std::ops::Range;

use memchr::memchr;

use super::field::between_spaces;

/// A field of an access log: the common log format, and what the combined one
/// has behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Web {
    Host,
    Ident,
    User,
    Time,
    Request,
    Method,
    Url,
    /// The URL without its query.
    Endpoint,
    Protocol,
    Status,
    Bytes,
    Referer,
    Agent,
}

/// A field of a line of syslog.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Syslog {
    Host,
    Program,
    Pid,
    Message,
}

impl Web {
    /// The names of the fields, for messages.
    pub(super) const NAMES: &str = "host, ident, user, time, request, method, url, endpoint, \
                                    protocol, status, bytes, referer and agent";

    pub(super) fn named(name: &str) -> Option<Web> {
        Some(match name {
            "host" | "client" | "ip" | "remote_addr" => Web::Host,
            "ident" => Web::Ident,
            "user" | "remote_user" => Web::User,
            "time" | "time_local" => Web::Time,
            "request" => Web::Request,
            "method" => Web::Method,
            "url" | "uri" | "request_uri" => Web::Url,
            "endpoint" => Web::Endpoint,
            "protocol" => Web::Protocol,
            "status" => Web::Status,
            "bytes" | "size" | "body_bytes_sent" => Web::Bytes,
            "referer" | "referrer" | "http_referer" => Web::Referer,
            "agent" | "user_agent" | "http_user_agent" => Web::Agent,
            _ => return None,
        })
    }

    pub(super) fn find(self, record: &[u8]) -> Option<Range<usize>> {
        match self {
            Web::Host => return between_spaces(record, 1),
            Web::Ident => return between_spaces(record, 2),
            _ => {}
        }
        let open = find(record, 0, b'[')?;
        if self == Web::User {
            // A name may hold spaces: it ends where the time begins.
            let start = between_spaces(record, 2)?.end + 1;
            return (start < open).then(|| start..open - 1);
        }
        let close = find(record, open, b']')?;
        if self == Web::Time {
            return Some(open + 1..close);
        }
        let request = quoted(record, close)?;
        match self {
            Web::Request => return Some(request),
            Web::Method | Web::Url | Web::Endpoint | Web::Protocol => {
                return self.in_request(record, request);
            }
            _ => {}
        }
        let status = word(record, request.end + 1)?;
        if self == Web::Status {
            return Some(status);
        }
        let bytes = word(record, status.end)?;
        if self == Web::Bytes {
            return Some(bytes);
        }
        let referer = quoted(record, bytes.end)?;
        if self == Web::Referer {
            return Some(referer);
        }
        quoted(record, referer.end + 1)
    }

    /// A part of `METHOD URL PROTOCOL`.
    fn in_request(self, record: &[u8], request: Range<usize>) -> Option<Range<usize>> {
        let method = word(&record[..request.end], request.start)?;
        if self == Web::Method {
            return Some(method);
        }
        let url = word(&record[..request.end], method.end)?;
        match self {
            Web::Url => Some(url),
            Web::Endpoint => {
                let query = memchr(b'?', &record[url.clone()]);
                Some(url.start..query.map_or(url.end, |i| url.start + i))
            }
            _ => word(&record[..request.end], url.end),
        }
    }
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
            data = find(record, data, b']')? + 1;
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

fn find(record: &[u8], from: usize, byte: u8) -> Option<usize> {
    memchr(byte, record.get(from..)?).map(|i| from + i)
}

/// The next run of bytes other than spaces.
fn word(record: &[u8], from: usize) -> Option<Range<usize>> {
    let range = between_spaces(record.get(from..)?, 1)?;
    Some(from + range.start..from + range.end)
}

/// What the next quotes hold; `\"` does not end it.
fn quoted(record: &[u8], from: usize) -> Option<Range<usize>> {
    let start = find(record, from, b'"')? + 1;
    let mut end = find(record, start, b'"')?;
    while end > start && record[end - 1] == b'\\' {
        end = find(record, end + 1, b'"')?;
    }
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMBINED: &str = r#"10.0.0.1 - john doe [10/Oct/2026:13:55:36 -0700] "GET /a/b?q=1 HTTP/1.1" 200 2326 "http://x/\"y" "Mozilla/5.0 (X11)""#;

    #[test]
    fn fields_of_an_access_log() {
        for (name, want) in [
            ("host", "10.0.0.1"),
            ("ident", "-"),
            ("user", "john doe"),
            ("time", "10/Oct/2026:13:55:36 -0700"),
            ("request", "GET /a/b?q=1 HTTP/1.1"),
            ("method", "GET"),
            ("url", "/a/b?q=1"),
            ("endpoint", "/a/b"),
            ("protocol", "HTTP/1.1"),
            ("status", "200"),
            ("bytes", "2326"),
            ("referer", r#"http://x/\"y"#),
            ("agent", "Mozilla/5.0 (X11)"),
        ] {
            let field = Web::named(name).unwrap();
            let got = field.find(COMBINED.as_bytes()).map(|r| &COMBINED[r]);
            assert_eq!(got, Some(want), "{name}");
            for end in 0..COMBINED.len() {
                field.find(&COMBINED.as_bytes()[..end]);
            }
        }
        let common = r#"::1 - - [t] "-" 400 0"#;
        let get = |field: Web| field.find(common.as_bytes()).map(|r| &common[r]);
        assert_eq!(get(Web::User), Some("-"));
        assert_eq!(get(Web::Url), None);
        assert_eq!(get(Web::Status), Some("400"));
        assert_eq!(get(Web::Agent), None);
    }

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
