//! The log of a service: one event a line, and stack traces.

use super::{
    ACCENT, Facts, Kind, Known, Level, METHODS, Mark, Pen, RARE, RESOURCES, SERVICES, STATUS,
    TROUBLES, WORDS, known,
};
use crate::generate::text::{clock, hex, padded};

pub(super) const FACTS: Facts = Facts {
    patterns: &PATTERNS,
    key: r"user=(\S+)",
    latency: r"latency=(\d+)ms",
    in_seconds: false,
    levels: true,
};

const PATTERNS: [Known; 9] = [
    known(Mark::Every, "req="),
    known(Mark::Error, "ERROR"),
    TROUBLES,
    known(Mark::ServerError, "status=5[0-9][0-9]"),
    known(Mark::Retry, "retry="),
    known(Mark::Frame, r"\tat com\.example\."),
    RARE,
    WORDS,
    ACCENT,
];

/// Class and method of a line of a stack trace; no word has thirty letters.
const CALLS: [(&str, &str); 6] = [
    ("orders.OrderService", "close"),
    ("billing.InvoiceStore", "load"),
    ("http.RequestHandler", "handle"),
    ("db.ConnectionPool", "acquire"),
    ("util.RetryPolicy", "run"),
    ("auth.SessionFilter", "doFilter"),
];

/// Writes the first line; what comes back is how many calls its stack has.
pub(super) fn open(pen: &mut Pen<'_>, millis: u64, kind: Kind) -> u64 {
    pen.put("2026-11-23T");
    clock(pen.out, millis);
    pen.put(".");
    padded(pen.out, millis % 1000, 3);
    pen.put("Z ");
    let level = pen.level();
    match level {
        Level::Error => pen.mark(Mark::Error, "ERROR"),
        Level::Warn => pen.put("WARN"),
        Level::Debug => pen.put("DEBUG"),
        Level::Info => pen.put("INFO"),
    }
    pen.put(" web-");
    padded(pen.out, pen.random.below(24) + 1, 2);
    pen.put(" ");
    let service = pen.random.pick(&SERVICES);
    pen.put(service);
    pen.put("[");
    padded(pen.out, 1000 + pen.random.below(30_000), 1);
    pen.put("]: ");
    pen.mark(Mark::Every, "req=");
    hex(pen.out, pen.random.next());
    pen.put(" user=");
    pen.user();
    match level {
        Level::Error | Level::Warn => trouble(pen),
        Level::Debug => cache(pen, kind),
        Level::Info => access(pen),
    }
    if level == Level::Error && kind == Kind::Any && pen.random.one_in(4) {
        2 + pen.random.below(12)
    } else {
        0
    }
}

fn access(pen: &mut Pen<'_>) {
    pen.put(" ");
    let method = pen.random.pick(&METHODS);
    pen.put(method);
    pen.put(" /api/v");
    padded(pen.out, 1 + pen.random.below(3), 1);
    pen.put("/");
    let resource = pen.random.pick(&RESOURCES);
    pen.put(resource);
    pen.put("/");
    padded(pen.out, pen.random.below(1_000_000), 1);
    pen.put(" ");
    if pen.random.one_in(100) {
        pen.mark(Mark::ServerError, "status=5");
        padded(pen.out, pen.random.below(5), 2);
    } else {
        pen.put("status=");
        let status = pen.random.pick(&STATUS);
        pen.number(status);
    }
    pen.put(" bytes=");
    padded(pen.out, pen.random.below(60_000), 1);
    pen.put(" latency=");
    let latency = pen.latency();
    pen.number(u64::from(latency));
    pen.put("ms");
}

fn cache(pen: &mut Pen<'_>, kind: Kind) {
    let found = pen.random.pick(&["hit", "hit", "hit", "miss"]);
    pen.put(" cache=");
    pen.put(found);
    pen.put(" key=session:");
    hex(pen.out, pen.random.next());
    pen.put(" age=");
    padded(pen.out, pen.random.below(3600), 1);
    pen.put("s");
    if kind == Kind::Any && pen.random.one_in(100) {
        let length = 1000 + pen.random.below(7000);
        pen.payload(length);
    }
}

fn trouble(pen: &mut Pen<'_>) {
    pen.put(" upstream=10.0.");
    padded(pen.out, pen.random.below(8), 1);
    pen.put(".");
    padded(pen.out, pen.random.below(256), 1);
    for attempt in 0..pen.random.below(4) {
        pen.put(" ");
        pen.mark(Mark::Retry, "retry=");
        pen.number(attempt + 1);
    }
    pen.put(" msg=\"");
    if pen.random.one_in(8) {
        pen.put("connection ");
        pen.trouble();
    } else {
        let message = pen.random.pick(&["slow reply", "queue is long"]);
        pen.put(message);
    }
    pen.put("\"");
}

/// Writes a stack trace of so many calls, and sometimes an empty line.
pub(super) fn trace(pen: &mut Pen<'_>, calls: u64) {
    if calls == 0 {
        return;
    }
    let end = pen.world.terminator;
    pen.put("java.lang.IllegalStateException: item ");
    padded(pen.out, pen.random.below(1_000_000), 1);
    pen.put(" is closed");
    pen.put(end);
    for _ in 0..calls {
        pen.mark(Mark::Frame, "\tat com.example.");
        let (class, method) = pen.random.pick(&CALLS);
        pen.put(class);
        pen.put(".");
        pen.put(method);
        pen.put("(");
        pen.put(class.rsplit('.').next().unwrap_or(class));
        pen.put(".java:");
        padded(pen.out, 10 + pen.random.below(900), 1);
        pen.put(")");
        pen.put(end);
    }
    if pen.random.one_in(4) {
        pen.put(end);
    }
}
