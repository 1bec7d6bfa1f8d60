//! What records look like.

use crate::format::{LogFormat, delimiter_of, is_logfmt};

/// What the records of a source look like.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// A JSON object a line.
    Json,
    /// `name=value` pairs.
    Logfmt,
    /// The access log of a web server.
    Web,
    /// Lines of syslog.
    Syslog,
    /// Columns with a line of names above them, and what is between them.
    Csv(u8),
    /// Messages, with or without a header.
    Text,
    /// Nothing is known, since there is nothing.
    Empty,
}

impl Form {
    /// Its name in answers.
    pub fn name(&self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Logfmt => "logfmt",
            Form::Web => "web",
            Form::Syslog => "syslog",
            Form::Csv(_) => "csv",
            Form::Text => "text",
            Form::Empty => "empty",
        }
    }

    /// Whether every record is a line whose fields have names.
    pub(super) fn is_named(&self) -> bool {
        matches!(self, Form::Json | Form::Logfmt | Form::Web | Form::Csv(_))
    }

    /// That of most of these lines, which have this format.
    pub(super) fn of(lines: &[&[u8]], format: Option<&LogFormat>) -> Form {
        let written: Vec<&[u8]> = lines
            .iter()
            .copied()
            .filter(|line| !line.trim_ascii().is_empty())
            .collect();
        if written.is_empty() {
            return Form::Empty;
        }
        let most = |is: &dyn Fn(&[u8]) -> bool| {
            2 * written.iter().filter(|line| is(line)).count() > written.len()
        };
        let laid_out = format.is_some_and(LogFormat::has_layout);
        if most(&is_json) {
            Form::Json
        } else if format.is_some_and(LogFormat::is_access_log) {
            Form::Web
        } else if let Some(delimiter) = delimiter_of(&written).filter(|_| !laid_out) {
            Form::Csv(delimiter)
        } else if most(&is_logfmt) && !laid_out {
            Form::Logfmt
        } else if format.is_some_and(LogFormat::is_syslog) {
            Form::Syslog
        } else {
            Form::Text
        }
    }
}

fn is_json(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Formats;

    #[test]
    fn the_form_of_most_lines() {
        for (text, want) in [
            ("", Form::Empty),
            (" \n", Form::Empty),
            ("{\"a\":1}\n{\"a\":2}\n", Form::Json),
            ("a=1 b=2\na=3 b=\"x y\"\n", Form::Logfmt),
            (
                "10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 12\n",
                Form::Web,
            ),
            ("Jun 14 15:16:01 combo sshd[1]: failure\n", Form::Syslog),
            ("id,name\n1,a\n2,b\n", Form::Csv(b',')),
            ("id\tname\n1\ta\n2\tb\n", Form::Csv(b'\t')),
            ("\"id\";\"a, b\"\n1;\"2,5\"\n2;\"3,5\"\n", Form::Csv(b';')),
            ("2015-10-18 18:01:47,978 INFO [main] a.B: up\n", Form::Text),
            ("hello, world\nthis is text\nand more\n", Form::Text),
        ] {
            let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
            let format = Formats::default().detect(text.as_bytes());
            assert_eq!(Form::of(&lines, format.as_ref()), want, "{text}");
        }
    }
}
