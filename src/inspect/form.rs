//! What records look like.

use crate::{
    header::Header,
    key::{self, Key, KeyOptions, Keys, Origin, Preset, RecordView},
};

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

    /// That of most of these lines.
    pub(super) fn of(lines: &[&[u8]]) -> Form {
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
        if most(&is_json) {
            Form::Json
        } else if most(&is_web()) {
            Form::Web
        } else if let Some(delimiter) = delimiter(&written) {
            Form::Csv(delimiter)
        } else if most(&is_logfmt) {
            Form::Logfmt
        } else if most(&is_syslog()) {
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

/// Two pairs at least, the first of them at the start.
fn is_logfmt(line: &[u8]) -> bool {
    let pairs = line.split(|b| *b == b' ').filter(|word| {
        let name = word
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.@-".contains(b));
        let name = name.count();
        name > 0 && word.get(name) == Some(&b'=')
    });
    let first = line.split(|b| *b == b' ').next().unwrap_or_default();
    first.contains(&b'=') && !first.starts_with(b"=") && pairs.count() >= 2
}

fn is_web() -> impl Fn(&[u8]) -> bool {
    having(Preset::Nginx, &["status", "method"], |values| {
        values[0].len() == 3 && values[0].iter().all(u8::is_ascii_digit)
    })
}

fn is_syslog() -> impl Fn(&[u8]) -> bool {
    let program = having(Preset::Syslog, &["host", "program"], |_| true);
    move |line| {
        let named = line.starts_with(b"<") || line.first().is_some_and(u8::is_ascii_uppercase);
        named && Header::of(line).start > 0 && program(line)
    }
}

/// Whether a record of this form has all these fields, and they are right.
fn having(
    preset: Preset,
    names: &[&str],
    right: impl Fn(&[&[u8]]) -> bool,
) -> impl Fn(&[u8]) -> bool {
    let names = names.iter().map(|name| Key::Named((*name).to_string()));
    let options = KeyOptions {
        preset: Some(preset),
        ..KeyOptions::default()
    };
    let keys = Keys::new(&names.collect::<Vec<_>>(), &options).expect("fields of the preset");
    move |content| {
        let mut reader = keys.reader(&Origin::default());
        let mut is = false;
        reader.record(RecordView::new(content, 1), false, |row| {
            let values: Option<Vec<&[u8]>> = (0..row.len()).map(|key| row.get(key)).collect();
            is = values.is_some_and(|values| right(&values));
        });
        is
    }
}

/// What parts the columns, if all lines have as many of it as the first, which
/// are names.
fn delimiter(lines: &[&[u8]]) -> Option<u8> {
    let [names, rows @ ..] = lines else {
        return None;
    };
    let count = key::delimiters;
    b",;\t|".iter().copied().find(|&delimiter| {
        let columns = count(names, delimiter);
        let mut parts = key::header(names, delimiter).into_iter();
        let is_name = |part: Vec<u8>| {
            part.iter().any(u8::is_ascii_alphabetic) && part.len() < 64 && !part.contains(&b'=')
        };
        let alike = rows
            .iter()
            .filter(|row| count(row, delimiter) >= columns)
            .count();
        columns > 0
            && parts.all(is_name)
            && rows.len() > 1
            && 10 * alike >= 9 * rows.len()
            && !rows.iter().any(|row| row == names)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(Form::of(&lines), want, "{text}");
        }
    }
}
