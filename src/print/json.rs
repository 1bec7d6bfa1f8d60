//! Lines as programs read them: ripgrep's JSON Lines.

use std::{io, io::Write as _, sync::Arc};

use bstr::{B, ByteVec as _};
use grep_matcher::Match;

use super::{
    End, Kind, Line, LineSetup, Out, PrintOptions, Tally,
    decimal::Decimal,
    json_text::put_data,
    replacer::Replacer,
    spans::{Finder, Scope},
    totals::Seconds,
};

/// Prints every line as one JSON object on a line of its own.
#[derive(Clone, Debug)]
pub struct JsonPrinter {
    print: Arc<PrintOptions>,
    invert: bool,
    finder: Finder,
    replacer: Replacer,
    /// The name as JSON.
    path: Vec<u8>,
    /// What stands before the text of a line that was selected.
    match_lead: Vec<u8>,
    /// What stands before the text of one that was not.
    context_lead: Vec<u8>,
    pub(super) tally: Tally,
}

impl JsonPrinter {
    pub(super) fn new(setup: LineSetup) -> JsonPrinter {
        let mut path = vec![];
        match &setup.print.path {
            Some(name) => {
                put_data(&Vec::from_path_lossy(name), &mut path)
                    .expect("a vector takes every byte");
            }
            None => path.extend_from_slice(b"null"),
        }
        let lead = |kind| {
            let opening = [B("{\"type\":\""), kind, b"\",\"data\":{\"path\":"].concat();
            [&opening, &*path, b",\"lines\":"].concat()
        };
        JsonPrinter {
            match_lead: lead(b"match"),
            context_lead: lead(b"context"),
            print: Arc::clone(&setup.print),
            invert: setup.invert,
            finder: Finder::new(setup),
            replacer: Replacer::default(),
            path,
            tally: Tally::default(),
        }
    }

    pub(super) fn wants_matches(&self) -> bool {
        !self.invert
    }

    pub(super) fn matched<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        self.message(line, Kind::Match, out)
    }

    pub(super) fn context<O: Out>(&mut self, line: &Line<'_>, out: &mut O) -> io::Result<()> {
        self.message(line, Kind::Context, out)
    }

    fn message<O: Out>(&mut self, line: &Line<'_>, kind: Kind, out: &mut O) -> io::Result<()> {
        let JsonPrinter {
            finder, replacer, ..
        } = self;
        let (scope, lead) = match kind {
            Kind::Match => (Some(finder.around(line)), &self.match_lead),
            Kind::Context => (self.invert.then(|| finder.alone(line)), &self.context_lead),
        };
        let mut out = Counted { out, bytes: 0 };
        out.put(lead)?;
        put_data(line.text(), &mut out)?;
        out.put(b",\"line_number\":")?;
        match line.number {
            Some(number) => out.put(Decimal::new(number).as_bytes())?,
            None => out.put(b"null")?,
        }
        out.put(b",\"absolute_offset\":")?;
        out.put(Decimal::new(line.offset).as_bytes())?;
        out.put(b",\"submatches\":[")?;
        let found = match (scope, &self.print.replacement) {
            (None, _) => 0,
            (Some(scope), None) => submatches(line.text(), scope, &mut out)?,
            (Some(scope), Some(template)) => {
                replaced_submatches(line.text(), scope, replacer, template, &mut out)?
            }
        };
        out.put(b"]}}\n")?;
        self.tally.printed += out.bytes;
        if kind == Kind::Match {
            self.tally.matches += found;
        }
        Ok(())
    }

    pub(super) fn pass(&mut self, line: &Line<'_>) {
        self.tally.matches += self.finder.around(line).spans().count() as u64;
    }

    pub(super) fn begin<O: Out>(&mut self, out: &mut O) -> io::Result<()> {
        let message = [
            B("{\"type\":\"begin\",\"data\":{\"path\":"),
            &self.path,
            b"}}\n",
        ]
        .concat();
        self.tally.printed += message.len() as u64;
        out.put(&message)
    }

    pub(super) fn finish<O: Out>(&mut self, end: &End, out: &mut O) -> io::Result<()> {
        let mut message = b"{\"type\":\"end\",\"data\":{\"path\":".to_vec();
        message.extend_from_slice(&self.path);
        match end.binary_offset {
            Some(offset) => write!(message, ",\"binary_offset\":{offset}")?,
            None => message.extend_from_slice(b",\"binary_offset\":null"),
        }
        let stats = &end.stats;
        write!(
            message,
            ",\"stats\":{{\"elapsed\":{{\"secs\":{},\"nanos\":{},\"human\":\"{}s\"}},\
             \"searches\":{},\"searches_with_match\":{},\"bytes_searched\":{},\
             \"bytes_printed\":{},\"matched_lines\":{},\"matches\":{}}}}}}}",
            end.elapsed.as_secs(),
            end.elapsed.subsec_nanos(),
            Seconds(end.elapsed),
            stats.searches,
            stats.searches_with_match,
            stats.bytes_searched,
            stats.bytes_printed,
            stats.matched_lines,
            stats.matches,
        )?;
        message.push(b'\n');
        out.put(&message)
    }
}

fn submatches<O: Out>(text: &[u8], scope: Scope<'_>, out: &mut O) -> io::Result<u64> {
    let mut found = 0;
    for span in scope.spans() {
        put_submatch(found, text, span, None, out)?;
        found += 1;
    }
    Ok(found)
}

fn replaced_submatches<O: Out>(
    text: &[u8],
    scope: Scope<'_>,
    replacer: &mut Replacer,
    template: &[u8],
    out: &mut O,
) -> io::Result<u64> {
    let mut found = 0;
    let mut walk = scope.walk();
    while let Some(span) = replacer.step(&mut walk, &scope, template) {
        put_submatch(found, text, span, Some(replacer.text()), out)?;
        found += 1;
    }
    Ok(found)
}

fn put_submatch<O: Out>(
    index: u64,
    text: &[u8],
    span: Match,
    replacement: Option<&[u8]>,
    out: &mut O,
) -> io::Result<()> {
    out.put(if index == 0 {
        b"{\"match\":"
    } else {
        b",{\"match\":"
    })?;
    put_data(&text[span], out)?;
    if let Some(replacement) = replacement {
        out.put(b",\"replacement\":")?;
        put_data(replacement, out)?;
    }
    out.put(b",\"start\":")?;
    out.put(Decimal::new(span.start() as u64).as_bytes())?;
    out.put(b",\"end\":")?;
    out.put(Decimal::new(span.end() as u64).as_bytes())?;
    out.put(b"}")
}

/// Counts what passes through.
struct Counted<'a, O> {
    out: &'a mut O,
    bytes: u64,
}

impl<O: Out> Out for Counted<'_, O> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        self.out.put(bytes)
    }
}
