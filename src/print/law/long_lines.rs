//! A long line goes out as it is: what is written points into it.

use std::{io, ops::Range, sync::Arc};

use grep_printer::ColorSpecs;

use crate::{
    pattern::PatternOptions,
    print::{Line, LinePrinter, LineSetup, Out, PrintOptions},
};

/// Checks that nothing but pieces of one slice is long.
struct Pieces {
    of: Range<*const u8>,
    bytes: Vec<u8>,
    long: usize,
}

impl Out for Pieces {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let piece = bytes.as_ptr_range();
        if bytes.len() > 100 {
            assert!(self.of.start <= piece.start && piece.end <= self.of.end);
            self.long += bytes.len();
        }
        self.bytes.put(bytes)
    }
}

fn print(print: PrintOptions, printer: fn(LineSetup) -> LinePrinter) {
    let patterns = PatternOptions::default().compile(&["foo+"]).unwrap();
    let mut printer = printer(LineSetup {
        matcher: patterns.matcher(),
        shortcut: patterns.shortcut(),
        terminator: patterns.line_terminator(),
        invert: false,
        anchored: false,
        records: false,
        stats: true,
        print: Arc::new(print),
    });
    let side = "x".repeat(10_000);
    let text = format!("{side}foo{side}\"foooo{side}\n");
    let line = Line {
        haystack: text.as_bytes(),
        range: 0..text.len(),
        offset: 7,
        number: Some(3),
        matches: None,
    };
    let mut out = Pieces {
        of: text.as_bytes().as_ptr_range(),
        bytes: vec![],
        long: 0,
    };
    printer.matched(&line, &mut out).unwrap();
    assert!(out.long >= 30_000, "{}", out.long);
    assert_eq!(printer.take_matches(), 2);
    assert_eq!(printer.take_matches(), 0);
    assert!(printer.take_printed() >= text.len() as u64);
    assert_eq!(printer.take_printed(), 0);
}

#[test]
fn a_long_line_is_not_copied() {
    let path = PrintOptions {
        path: Some("a".into()),
        trim: true,
        max_columns: Some(1_000_000),
        ..PrintOptions::default()
    };
    let color = PrintOptions {
        colors: Some(ColorSpecs::default_with_color()),
        column: true,
        ..path.clone()
    };
    for options in [PrintOptions::default(), path, color] {
        print(options.clone(), LinePrinter::standard);
        print(options, LinePrinter::json);
    }
}

#[test]
fn printers_go_to_their_workers() {
    fn sent<T: Send + Clone>() {}
    sent::<LinePrinter>();
}
