//! The log of a machine, as syslog writes it: no year, no fractions.

use super::{ACCENT, Facts, Kind, Known, Mark, Pen, RARE, TROUBLES, WORDS, known};
use crate::generate::text::{clock, padded};

pub(super) const FACTS: Facts = Facts {
    patterns: &PATTERNS,
    key: r"user (\S+) from",
    latency: r"took (\d+)ms",
    in_seconds: false,
    levels: false,
};

const PATTERNS: [Known; 7] = [
    known(Mark::Every, "node-"),
    known(Mark::Error, "Failed password"),
    TROUBLES,
    known(Mark::Retry, "retry="),
    RARE,
    WORDS,
    ACCENT,
];

const UNITS: [&str; 5] = ["backup", "logrotate", "certbot", "apt-daily", "fstrim"];

/// Writes the line. It has no stack.
pub(super) fn open(pen: &mut Pen<'_>, millis: u64, kind: Kind) -> u64 {
    pen.put("Nov 23 ");
    clock(pen.out, millis);
    pen.put(" ");
    pen.mark(Mark::Every, "node-");
    padded(pen.out, pen.random.below(24) + 1, 2);
    match pen.random.below(100) {
        0..60 => login(pen),
        60..85 => unit(pen),
        85..97 => query(pen, kind),
        _ => kernel(pen),
    }
    0
}

fn program(pen: &mut Pen<'_>, name: &str) {
    pen.put(" ");
    pen.put(name);
    pen.put("[");
    padded(pen.out, 300 + pen.random.below(30_000), 1);
    pen.put("]: ");
}

fn login(pen: &mut Pen<'_>) {
    program(pen, "sshd");
    if pen.random.one_in(30) {
        pen.mark(Mark::Error, "Failed password");
    } else {
        pen.put("Accepted publickey");
    }
    pen.put(" for user ");
    pen.user();
    pen.put(" from 10.0.");
    padded(pen.out, pen.random.below(8), 1);
    pen.put(".");
    padded(pen.out, pen.random.below(256), 1);
    pen.put(" port ");
    padded(pen.out, 1024 + pen.random.below(60_000), 1);
    pen.put(" ssh2");
}

fn unit(pen: &mut Pen<'_>) {
    program(pen, "systemd");
    let unit = pen.random.pick(&UNITS);
    pen.put(unit);
    pen.put(".service: done, took ");
    let latency = pen.latency();
    pen.number(u64::from(latency));
    pen.put("ms");
}

fn query(pen: &mut Pen<'_>, kind: Kind) {
    program(pen, "named");
    pen.put("resolving host-");
    padded(pen.out, pen.random.below(10_000), 1);
    pen.put(".example/A/IN");
    for attempt in 0..pen.random.below(3) {
        pen.put(" ");
        pen.mark(Mark::Retry, "retry=");
        pen.number(attempt + 1);
    }
    if pen.random.one_in(8) {
        pen.put(": connection ");
        pen.trouble();
    }
    if kind == Kind::Any && pen.random.one_in(200) {
        let length = 1000 + pen.random.below(3000);
        pen.payload(length);
    }
}

fn kernel(pen: &mut Pen<'_>) {
    pen.put(" kernel: [");
    padded(pen.out, pen.random.below(1_000_000), 1);
    pen.put(".");
    padded(pen.out, pen.random.below(1_000_000), 6);
    pen.put("] eth0: link up, 1000 Mbps, full duplex");
}
