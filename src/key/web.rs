//! Fields by name of access logs.
//!
//! Most of a line is what a client sent, who may want to be told wrong. What can be
//! relied on is what the server writes around it: a `"` that a client sent comes
//! escaped, and so does a backslash.

use std::{
    net::{IpAddr, Ipv6Addr},
    ops::Range,
};

use memchr::{memchr, memchr_iter, memrchr};

use super::field::{find, word};

/// A field of an access log: the common log format, with or without a virtual host
/// in front, and what the combined one has behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Web {
    /// The virtual host, where a line begins with it.
    Site,
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

impl Web {
    /// The names of the fields, for messages.
    pub(super) const NAMES: &str = "host, ident, user, time, request, method, url, endpoint, \
                                    protocol, status, bytes, referer, agent and vhost";

    pub(super) fn named(name: &str) -> Option<Web> {
        Some(match name {
            "vhost" | "virtual_host" | "server_name" => Web::Site,
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
            Web::Site | Web::Host | Web::Ident => return self.in_front(record),
            _ => {}
        }
        let request = request(record)?;
        match self {
            Web::User | Web::Time => {
                let time = time(record, request.start)?;
                if self == Web::Time {
                    return Some(time);
                }
                // A name may hold spaces: it ends where the time begins.
                let range = Web::Ident.in_front(record)?.end + 1..time.start.checked_sub(2)?;
                return (range.start <= range.end).then_some(range);
            }
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

    /// A part of `VHOST HOST IDENT`.
    fn in_front(self, record: &[u8]) -> Option<Range<usize>> {
        let first = word(record, 0)?;
        let second = word(record, first.end);
        let ident = second.clone().unwrap_or(0..0);
        let has_site = &record[ident.clone()] != b"-" && begins_with_site(record, &first, &ident);
        let (site, host, ident) = if has_site {
            (Some(first), second, word(record, ident.end))
        } else {
            (None, Some(first), second)
        };
        match self {
            Web::Site => site,
            Web::Host => host,
            _ => ident,
        }
    }

    /// A part of `METHOD URL PROTOCOL`.
    fn in_request(self, record: &[u8], request: Range<usize>) -> Option<Range<usize>> {
        let text = &record[..request.end];
        let method = word(text, request.start)?;
        if self == Web::Method {
            return Some(method);
        }
        let first = word(text, method.end)?;
        let last = memrchr(b' ', text.trim_ascii_end()).map_or(first.start, |i| i + 1);
        let last = last..text.trim_ascii_end().len();
        // The URL is all in between, since some servers let spaces in it pass.
        let protocol =
            (last.start > first.start && is_protocol(&text[last.clone()])).then_some(last);
        if self == Web::Protocol {
            return protocol;
        }
        let end = protocol.map_or(text.len(), |protocol| protocol.start);
        let url = first.start..text[..end].trim_ascii_end().len();
        if self == Web::Url {
            return Some(url);
        }
        let query = memchr(b'?', &record[url.clone()]);
        Some(url.start..query.map_or(url.end, |i| url.start + i))
    }
}

/// What the quotes behind the time hold.
///
/// They are the first that are not escaped: a user of the name `""` has them too, but
/// the time comes behind it.
fn request(record: &[u8]) -> Option<Range<usize>> {
    let open = memchr_iter(b'"', record).find(|&quote| {
        let before = &record[..quote];
        if before.ends_with(b"] ") {
            return true;
        }
        let is_user = before.ends_with(b"\"") || record[quote + 1..].starts_with(b"\" [");
        !is_user && !is_escaped(record, quote) && memchr(b']', before).is_some()
    })?;
    quoted(record, open)
}

/// What the brackets before a request hold: times hold no brackets, and names may.
fn time(record: &[u8], request: usize) -> Option<Range<usize>> {
    let close = memrchr(b']', &record[..request])?;
    Some(memrchr(b'[', &record[..close])? + 1..close)
}

/// What the next quotes hold.
fn quoted(record: &[u8], from: usize) -> Option<Range<usize>> {
    let start = find(record, from, b'"')? + 1;
    let end = memchr_iter(b'"', &record[start..]).find(|i| !is_escaped(&record[start..], *i))?;
    Some(start..start + end)
}

/// Whether the byte at `at` is escaped: a backslash before it may be so itself.
fn is_escaped(text: &[u8], at: usize) -> bool {
    let backslashes = text[..at].iter().rev().take_while(|b| **b == b'\\');
    backslashes.count() % 2 == 1
}

fn is_protocol(word: &[u8]) -> bool {
    let name = word.iter().take_while(|b| b.is_ascii_uppercase()).count();
    name > 0 && matches!(word[name..], [b'/', digit, ..] if digit.is_ascii_digit())
}

/// Whether the first word is a virtual host, and the second who asked it.
fn begins_with_site(record: &[u8], first: &Range<usize>, second: &Range<usize>) -> bool {
    // `HOST IDENT USER [TIME]` has three words, and a virtual host makes it four.
    let third = word(record, second.end);
    let fourth = third.and_then(|third| word(record, third.end));
    let time = request(record).and_then(|request| time(record, request.start));
    let is_before = |fourth: Range<usize>| time.is_none_or(|time| fourth.start + 1 < time.start);
    if !fourth.is_some_and(is_before) || is_address(&record[first.clone()]) {
        return false;
    }
    let port = record[first.clone()]
        .rsplit(|b| *b == b':')
        .next()
        .unwrap_or_default();
    let has_port =
        port.len() < first.len() && !port.is_empty() && port.iter().all(u8::is_ascii_digit);
    has_port || is_address(&record[second.clone()])
}

/// Whether this is the address of a machine: `192.0.2.1`, `[2001:db8::7]`, `fe80::1%eth0`.
fn is_address(word: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(word) else {
        return false;
    };
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let bare = bare.unwrap_or(text);
    bare.parse::<IpAddr>().is_ok()
        || bare
            .split_once('%')
            .is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// Lines as servers write them, by what is to be found: clients choose much of it.
    #[test]
    fn what_a_client_sends_shifts_no_field() {
        let time = "29/Sep/2026:20:02:02 +0200";
        for (front, host, user, request, status) in [
            ("192.0.2.8 - -", "192.0.2.8", "-", r"GET /x\\", "404"),
            (
                "192.0.2.8 - -",
                "192.0.2.8",
                "-",
                r#"GET /x\\\" 200 1 \""#,
                "404",
            ),
            ("[::1] - -", "[::1]", "-", "GET / HTTP/1.1", "200"),
            ("[::1] - \"\"", "[::1]", "\"\"", "GET / HTTP/1.1", "200"),
            ("::1 - a [x]", "::1", "a [x]", "", "400"),
            (
                "::1 - a [x] \\\"GET\\\" 200",
                "::1",
                "a [x] \\\"GET\\\" 200",
                "-",
                "408",
            ),
            ("h - [bob]", "h", "[bob]", "-", "408"),
            (
                "v.example:443 ::1 - bob",
                "::1",
                "bob",
                "GET /] HTTP/1.1",
                "500",
            ),
            (
                "v.example 192.0.2.1 - b o b",
                "192.0.2.1",
                "b o b",
                "GET /[",
                "500",
            ),
            (
                "v.example:80 client.example - -",
                "client.example",
                "-",
                "GET /",
                "500",
            ),
            ("fe80::1 frank - x", "fe80::1", "- x", "GET /", "500"),
            ("fe80::a%enp0s8 - -", "fe80::a%enp0s8", "-", "GET /", "500"),
            ("192.0.2.1:4711 - -", "192.0.2.1:4711", "-", "GET /", "500"),
        ] {
            for end in ["", " \"-\" \"agent [x] \\\\\""] {
                let line = format!("{front} [{time}] \"{request}\" {status} 10{end}");
                let get = |field: Web| field.find(line.as_bytes()).map(|r| &line[r]);
                assert_eq!(get(Web::Host), Some(host), "{line}");
                assert_eq!(get(Web::User), Some(user), "{line}");
                assert_eq!(get(Web::Time), Some(time), "{line}");
                assert_eq!(get(Web::Request), Some(request), "{line}");
                assert_eq!(get(Web::Status), Some(status), "{line}");
                assert_eq!(get(Web::Bytes), Some("10"), "{line}");
            }
        }
    }

    #[test]
    fn the_parts_of_a_request() {
        for (request, method, url, protocol) in [
            ("GET /a HTTP/1.1", Some("GET"), Some("/a"), Some("HTTP/1.1")),
            (
                "GET /a b c HTTP/1.1",
                Some("GET"),
                Some("/a b c"),
                Some("HTTP/1.1"),
            ),
            ("GET /a b", Some("GET"), Some("/a b"), None),
            ("GET HTTP/1.1", Some("GET"), Some("HTTP/1.1"), None),
            ("GET", Some("GET"), None, None),
            ("", None, None, None),
            ("-", Some("-"), None, None),
            ("PRI * HTTP/2.0", Some("PRI"), Some("*"), Some("HTTP/2.0")),
        ] {
            let line = format!("h - - [t] \"{request}\" 200 1");
            let get = |field: Web| field.find(line.as_bytes()).map(|r| &line[r]);
            assert_eq!(get(Web::Method), method, "{request}");
            assert_eq!(get(Web::Url), url, "{request}");
            assert_eq!(get(Web::Protocol), protocol, "{request}");
        }
    }

    /// As Apache writes what a client sent (`\"`, `\\`), or nginx (`\x22`, `\x5C`).
    fn escaped(text: &str, apache: bool) -> String {
        let mut into = String::new();
        for char in text.chars() {
            match char {
                '"' | '\\' if apache => into.extend(['\\', char]),
                '"' => into.push_str("\\x22"),
                '\\' => into.push_str("\\x5C"),
                _ => into.push(char),
            }
        }
        into
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn every_field_is_given_back(
            site in proptest::option::of("[a-z]{1,4}(:[0-9]{1,3})?"),
            host in r"([1-9][0-9]?\.){3}[0-9]|\[::[0-9a-f]{1,3}\]|fe80::[1-9](%eth0)?",
            user in r#"-|[a" \\\[\]0-9/:-]{0,12}[a"\\\[\]]"#,
            request in r#"[G/" \\\[\]?-]{0,16}"#,
            referer in r#"[h" \\\[\]]{0,8}"#,
            status in "[1-5][0-9]{2}",
            apache: bool,
        ) {
            let user = match user.trim_start() {
                "" => "\"\"".to_string(),
                user => escaped(user, apache),
            };
            let (request, referer) = (escaped(&request, apache), escaped(&referer, apache));
            let time = "29/Sep/2026:20:02:02 +0200";
            let front = site.as_ref().map_or(String::new(), |site| format!("{site} "));
            let line = format!(
                "{front}{host} - {user} [{time}] \"{request}\" {status} 17 \"{referer}\" \"{request}\""
            );
            for (field, want) in [
                (Web::Host, &host[..]),
                (Web::Ident, "-"),
                (Web::User, &user),
                (Web::Time, time),
                (Web::Request, &request),
                (Web::Status, &status),
                (Web::Bytes, "17"),
                (Web::Referer, &referer),
                (Web::Agent, &request),
            ] {
                let got = field.find(line.as_bytes()).map(|r| &line[r]);
                prop_assert_eq!(got, Some(want), "{:?} of {}", field, line);
            }
            let got = Web::Site.find(line.as_bytes()).map(|r| &line[r]);
            prop_assert_eq!(got, site.as_deref(), "{}", line);
        }

        #[test]
        fn no_line_is_too_odd(line in r#"[a"\\ \[\]:-]{0,40}"#) {
            for field in [Web::Site, Web::Host, Web::User, Web::Time, Web::Url, Web::Agent] {
                field.find(line.as_bytes());
            }
        }
    }
}
