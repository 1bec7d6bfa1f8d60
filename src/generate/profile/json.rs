//! JSON Lines: an object a line, stacks in a member.

use super::{
    ACCENT, Facts, Kind, Known, Level, METHODS, Mark, Pen, RARE, RESOURCES, SERVICES, STATUS,
    TROUBLES, WORDS, known,
};
use crate::generate::text::{clock, hex, padded};

pub(super) const FACTS: Facts = Facts {
    patterns: &PATTERNS,
    key: r#""user":"([^"]*)""#,
    latency: r#""latency_ms":(\d+)"#,
    in_seconds: false,
    levels: true,
};

const PATTERNS: [Known; 8] = [
    known(Mark::Every, r#""req":"#),
    known(Mark::Error, r#""level":"error""#),
    TROUBLES,
    known(Mark::ServerError, r#""status":5[0-9][0-9]"#),
    known(Mark::Frame, r"\\tat com\.example\."),
    RARE,
    WORDS,
    ACCENT,
];

/// Writes all but the closing brace. Its stack is on the same line.
pub(super) fn open(pen: &mut Pen<'_>, millis: u64, kind: Kind) -> u64 {
    pen.put("{\"time\":\"2026-11-23T");
    clock(pen.out, millis);
    pen.put(".");
    padded(pen.out, millis % 1000, 3);
    pen.put("Z\",");
    let level = pen.level();
    if level == Level::Error {
        pen.mark(Mark::Error, "\"level\":\"error\"");
    } else {
        pen.put("\"level\":\"");
        pen.put(Level::NAMES[level as usize]);
        pen.put("\"");
    }
    pen.put(",\"host\":\"web-");
    padded(pen.out, pen.random.below(24) + 1, 2);
    pen.put("\",\"service\":\"");
    let service = pen.random.pick(&SERVICES);
    pen.put(service);
    pen.put("\",");
    pen.mark(Mark::Every, "\"req\":");
    pen.put("\"");
    hex(pen.out, pen.random.next());
    pen.put("\",\"user\":\"");
    pen.user();
    pen.put("\"");
    match level {
        Level::Error | Level::Warn => trouble(pen, level, kind),
        Level::Debug => {
            pen.put(",\"msg\":\"cache hit\",\"age\":");
            padded(pen.out, pen.random.below(3600), 1);
            if kind == Kind::Any && pen.random.one_in(100) {
                let length = 1000 + pen.random.below(7000);
                pen.payload(length);
            }
        }
        Level::Info => access(pen),
    }
    0
}

fn access(pen: &mut Pen<'_>) {
    pen.put(",\"msg\":\"");
    let method = pen.random.pick(&METHODS);
    pen.put(method);
    pen.put(" /api/");
    let resource = pen.random.pick(&RESOURCES);
    pen.put(resource);
    pen.put("/");
    padded(pen.out, pen.random.below(1_000_000), 1);
    pen.put("\",");
    if pen.random.one_in(100) {
        pen.mark(Mark::ServerError, "\"status\":5");
        padded(pen.out, pen.random.below(5), 2);
    } else {
        pen.put("\"status\":");
        let status = pen.random.pick(&STATUS);
        pen.number(status);
    }
    pen.put(",\"bytes\":");
    padded(pen.out, pen.random.below(60_000), 1);
    pen.put(",\"latency_ms\":");
    let latency = pen.latency();
    pen.number(u64::from(latency));
}

fn trouble(pen: &mut Pen<'_>, level: Level, kind: Kind) {
    pen.put(",\"msg\":\"");
    if pen.random.one_in(8) {
        pen.put("connection ");
        pen.trouble();
    } else {
        let message = pen.random.pick(&["slow reply", "queue is long"]);
        pen.put(message);
    }
    pen.put("\"");
    if level == Level::Error && kind == Kind::Any && pen.random.one_in(4) {
        pen.put(",\"stack\":\"IllegalStateException");
        for _ in 0..2 + pen.random.below(12) {
            pen.put("\\n");
            pen.mark(Mark::Frame, "\\tat com.example.");
            pen.put("orders.OrderService.close(OrderService.java:");
            padded(pen.out, 10 + pen.random.below(900), 1);
            pen.put(")");
        }
        pen.put("\"");
    }
}
