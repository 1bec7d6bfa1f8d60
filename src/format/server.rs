//! The formats of access logs as web servers are told them.
//!
//! nginx: <https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format>; Apache:
//! <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats>.

use std::fmt::Write;

/// A format file that is put together.
#[derive(Default)]
struct File {
    layout: String,
    fields: String,
    names: Vec<String>,
}

/// A field with the name that it has in every format, what it holds, and the unit.
type Known = (&'static str, &'static str, &'static str);

impl File {
    /// Text as it stands.
    fn text(&mut self, char: char) {
        match char {
            '{' => self.layout.push_str("{{"),
            '}' => self.layout.push_str("}}"),
            char => self.layout.push(char),
        }
    }

    /// A field that the server calls `own`. The first of a common name has it; every other
    /// keeps its own.
    fn field(&mut self, own: &str, (common, kind, unit): Known) {
        let own = own.to_ascii_lowercase().replace('-', "_");
        let free = |name: &str| !name.is_empty() && !self.names.iter().any(|n| n == name);
        let name = if free(common) {
            common.to_string()
        } else {
            let mut name = own.clone();
            let mut number = 2;
            while !free(&name) {
                name = format!("{own}_{number}");
                number += 1;
            }
            name
        };
        write!(self.layout, "{{{name}:{kind}}}").expect("a string takes all");
        writeln!(self.fields, "[fields.{name:?}]").expect("a string takes all");
        if !unit.is_empty() {
            writeln!(self.fields, "unit = {unit:?}").expect("a string takes all");
        }
        if name != own && !own.is_empty() {
            writeln!(self.fields, "aliases = [{own:?}]").expect("a string takes all");
        }
        match name.as_str() {
            "request" => self.fields.push_str(REQUEST),
            "url" => self.fields.push_str(URL),
            _ => {}
        }
        self.names.push(name);
    }

    fn done(mut self, title: &str) -> Result<String, String> {
        if self.names.is_empty() {
            return Err("it names no field".into());
        }
        if self.names.iter().any(|name| name == "request") {
            write!(self.fields, "[fields.url]\n{URL}").expect("a string takes all");
        }
        let layout = self.layout.replace('\\', "\\\\").replace('"', "\\\"");
        Ok(format!(
            "title = {title:?}\nlayout = \"{layout}\"\n{}",
            self.fields
        ))
    }
}

/// The parts of a request.
const REQUEST: &str = "layout = \"{method:word}[? {url}[? {protocol:protocol}?]?]\"\n";

/// The parts of a URL.
const URL: &str = "layout = \"{endpoint}[??{query}?]\"\n";

/// The format file of what nginx has behind `log_format`: with that word and a name, and as
/// several quoted texts, or not.
///
/// # Errors
/// What cannot be read of it.
pub(super) fn nginx(text: &str) -> Result<String, String> {
    let text = unquoted(text, "log_format", '\'');
    let mut file = File::default();
    let mut rest = text.as_str();
    while let Some(char) = rest.chars().next() {
        let Some(named) = rest.strip_prefix('$') else {
            file.text(char);
            rest = &rest[char.len_utf8()..];
            continue;
        };
        let braced = named.strip_prefix('{');
        let inside = braced.unwrap_or(named);
        let len = inside
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(inside.len());
        let name = &inside[..len];
        if name.is_empty() {
            return Err("a $ stands alone".into());
        }
        rest = &inside[len..];
        if braced.is_some() {
            rest = rest.strip_prefix('}').ok_or("a ${ is not closed")?;
        }
        file.field(name, of_nginx(name));
    }
    file.done("log_format of nginx")
}

fn of_nginx(name: &str) -> Known {
    match name {
        "remote_addr" => ("client", "host", ""),
        "remote_user" => ("user", "text", ""),
        "time_local" | "time_iso8601" | "msec" => ("time", "time", ""),
        "request" => ("request", "text", ""),
        "request_method" => ("method", "word", ""),
        "request_uri" | "uri" => ("url", "text", ""),
        "server_protocol" => ("protocol", "word", ""),
        "status" => ("status", "number", ""),
        "body_bytes_sent" | "bytes_sent" => ("bytes", "number", ""),
        "request_length" => ("", "number", ""),
        "http_referer" => ("referer", "text", ""),
        "http_user_agent" => ("agent", "text", ""),
        "request_time" => ("duration", "duration", "s"),
        "host" | "http_host" | "server_name" => ("vhost", "text", ""),
        "server_port" | "remote_port" => ("port", "number", ""),
        "pid" => ("pid", "number", ""),
        _ => ("", "text", ""),
    }
}

/// The format file of what Apache has behind `LogFormat`: with that word and a name, or not.
///
/// # Errors
/// What cannot be read of it.
pub(super) fn apache(text: &str) -> Result<String, String> {
    let text = unquoted(text, "LogFormat", '"');
    let mut file = File::default();
    let mut rest = text.as_str();
    while let Some(char) = rest.chars().next() {
        let Some(behind) = rest.strip_prefix('%') else {
            file.text(char);
            rest = &rest[char.len_utf8()..];
            continue;
        };
        if let Some(behind) = behind.strip_prefix('%') {
            file.text('%');
            rest = behind;
            continue;
        }
        // `%!400,501{...}i`: for which answers it is written.
        let modified = |c: char| c.is_ascii_digit() || "!,<>".contains(c);
        let directive = behind.trim_start_matches(modified);
        let (argument, behind) = match directive.strip_prefix('{') {
            Some(inside) => inside.split_once('}').ok_or("a %{ is not closed")?,
            None => ("", directive),
        };
        let letter = behind.chars().next().ok_or("a % stands alone")?;
        rest = &behind[letter.len_utf8()..];
        if letter == '^' {
            rest = rest.get(2..).ok_or("a %^ stands alone")?;
        }
        let (own, known) = of_apache(letter, argument)?;
        if letter == 't' && argument.is_empty() {
            file.text('[');
            file.field(own, known);
            file.text(']');
        } else {
            file.field(own, known);
        }
    }
    file.done("LogFormat of Apache")
}

/// The name of what a directive writes, and what it is.
fn of_apache(letter: char, argument: &str) -> Result<(&str, Known), String> {
    Ok(match (letter, argument) {
        ('h', _) => ("remote_host", ("client", "host", "")),
        ('a', _) => ("remote_addr", ("client", "host", "")),
        ('A', _) => ("local_addr", ("", "host", "")),
        ('l', _) => ("ident", ("ident", "word", "")),
        ('u', _) => ("remote_user", ("user", "text", "")),
        ('t', _) => ("time", ("time", "time", "")),
        ('r', _) => ("request", ("request", "text", "")),
        ('s', _) => ("status", ("status", "number", "")),
        ('b' | 'B' | 'O', _) => ("bytes_sent", ("bytes", "number", "")),
        ('I', _) => ("bytes_received", ("", "number", "")),
        ('S', _) => ("bytes_transferred", ("", "number", "")),
        ('D', _) | ('T', "us") => ("time_taken", ("duration", "duration", "us")),
        ('T', "ms") => ("time_taken", ("duration", "duration", "ms")),
        ('T', _) => ("time_taken", ("duration", "duration", "s")),
        ('v' | 'V', _) => ("server_name", ("vhost", "host", "")),
        ('p', _) => ("port", ("port", "number", "")),
        ('m', _) => ("method", ("method", "word", "")),
        ('U', _) => ("url_path", ("endpoint", "text", "")),
        ('q', _) => ("query", ("query", "text", "")),
        ('H', _) => ("protocol", ("protocol", "word", "")),
        ('P', _) => ("pid", ("pid", "number", "")),
        ('f', _) => ("filename", ("file", "text", "")),
        ('k', _) => ("keepalive", ("", "number", "")),
        ('X', _) => ("connection", ("", "word", "")),
        ('L', _) => ("log_id", ("", "word", "")),
        ('R', _) => ("handler", ("", "word", "")),
        ('i', "Referer" | "Referrer" | "referer") => ("http_referer", ("referer", "text", "")),
        ('i', "User-Agent" | "User-agent" | "user-agent") => {
            ("http_user_agent", ("agent", "text", ""))
        }
        ('i', "Host") => ("http_host", ("vhost", "text", "")),
        ('i' | 'o' | 'C' | 'e' | 'n' | '^', name) if !name.is_empty() => (name, ("", "text", "")),
        (letter, _) => return Err(format!("%{letter} is no directive that is known")),
    })
}

/// The text of a line of a configuration: what stands between its quotes, put together.
fn unquoted(text: &str, word: &str, quote: char) -> String {
    let text = text.trim().trim_end_matches(';').trim_end();
    let Some(behind) = text.strip_prefix(word) else {
        return match text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            Some(inside) if !inside.contains(quote) => inside.to_string(),
            Some(_) if quote == '\'' => between(text, quote),
            _ => text.replace("\\\"", "\""),
        };
    };
    between(behind, quote)
}

/// All that stands between such quotes, where a backslash escapes one.
fn between(text: &str, quote: char) -> String {
    let (mut inside, mut is_inside) = (String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\\' && is_inside && matches!(chars.peek(), Some('"' | '\'' | '\\')) {
            inside.extend(chars.next());
        } else if char == quote {
            is_inside = !is_inside;
        } else if is_inside {
            inside.push(char);
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use crate::format::LogFormat;

    fn fields(format: &str, line: &str) -> Vec<(String, String)> {
        let format = LogFormat::typed(format).unwrap();
        let values = format.values(line.as_bytes());
        let text = |value: Vec<u8>| String::from_utf8(value).unwrap();
        values
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect()
    }

    fn get<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map_or("(none)", |(_, value)| value)
    }

    #[test]
    fn log_format_of_nginx() {
        let line = r#"2001:db8::7 - a b [23/Nov/2026:14:30:05 +0000] "GET /a?x=1 HTTP/2.0" 200 12 "-" "curl \x22" rt=0.024 ut="0.001, 0.020""#;
        for format in [
            r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time ut="$upstream_response_time""#,
            "log_format  main  escape=default '$remote_addr - $remote_user [$time_local] \"$request\" '\n  '$status ${body_bytes_sent} \"$http_referer\" \"$http_user_agent\" rt=$request_time ut=\"$upstream_response_time\"';",
        ] {
            let found = fields(format, line);
            for (name, want) in [
                ("client", "2001:db8::7"),
                ("user", "a b"),
                ("method", "GET"),
                ("endpoint", "/a"),
                ("query", "x=1"),
                ("protocol", "HTTP/2.0"),
                ("status", "200"),
                ("bytes", "12"),
                ("agent", r"curl \x22"),
                ("duration", "0.024"),
                ("upstream_response_time", "0.001, 0.020"),
            ] {
                assert_eq!(get(&found, name), want, "{name}");
            }
        }
    }

    #[test]
    fn log_format_of_apache() {
        let line =
            r#"h.example - bob [23/Nov/2026:14:30:05 +0000] "POST /a HTTP/1.1" 503 - "-" "x" 1234"#;
        for format in [
            r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D"#,
            r#"LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D" timed"#,
        ] {
            let found = fields(format, line);
            for (name, want) in [
                ("client", "h.example"),
                ("user", "bob"),
                ("time", "23/Nov/2026:14:30:05 +0000"),
                ("url", "/a"),
                ("status", "503"),
                ("bytes", "-"),
                ("referer", "-"),
                ("duration", "1234"),
            ] {
                assert_eq!(get(&found, name), want, "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_format_is_said() {
        for (format, why) in [
            ("hello", "is no format"),
            ("$", "stands alone"),
            ("%Z", "%Z is no directive"),
            ("%{x", "not closed"),
            ("$a$b", "nothing between them"),
            ("{a}{b}", "nothing between them"),
            ("{a", "not closed"),
            ("{a:b} c", "no kind of field"),
        ] {
            let error = LogFormat::typed(format).unwrap_err().to_string();
            assert!(error.contains(why), "{format}: {error}");
        }
    }
}
