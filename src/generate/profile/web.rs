//! The access log of a web server: the combined format, and how long it took.

use super::{
    ACCENT, Facts, Known, METHODS, Mark, Pen, RARE, RESOURCES, STATUS, TROUBLES, WORDS, known,
};
use crate::generate::{
    distribution::scrambled,
    text::{clock, number, padded, put},
};

pub(super) const FACTS: Facts = Facts {
    patterns: &PATTERNS,
    key: r"^(\S+)",
    latency: r"rt=(\d+\.\d{3})",
    in_seconds: true,
    levels: false,
};

const PATTERNS: [Known; 7] = [
    known(Mark::Every, r"HTTP/1\.1"),
    TROUBLES,
    known(Mark::ServerError, r#"" 5[0-9][0-9] "#),
    known(Mark::Retry, r"retry="),
    RARE,
    WORDS,
    ACCENT,
];

const PAGES: [&str; 5] = ["cart", "search", "help", "account", "news"];
const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "curl/8.14.1",
    "bot/2.1 (+http://bot.example/about)",
];

/// The address of a client.
pub(super) fn address(out: &mut Vec<u8>, rank: u32) {
    let host = u64::from(scrambled(rank));
    put(out, "10.");
    number(out, host >> 12);
    put(out, ".");
    number(out, host >> 6 & 63);
    put(out, ".");
    number(out, host & 63);
}

/// Writes the line. It has no stack.
pub(super) fn open(pen: &mut Pen<'_>, millis: u64) -> u64 {
    let rank = pen.world.zipf.draw(pen.random);
    (pen.said.keyed, pen.said.key) = (true, Some(rank));
    address(pen.out, rank);
    pen.put(" - ");
    if pen.random.one_in(200) {
        pen.mark(Mark::Accent, "Zoë");
        pen.said.no_characters += 1;
    } else {
        pen.put("-");
    }
    pen.put(" [23/Nov/2026:");
    clock(pen.out, millis);
    pen.put(" +0000] \"");
    let method = pen.random.pick(&METHODS);
    pen.put(method);
    pen.put(" /");
    let resource = pen.random.pick(&RESOURCES);
    pen.put(resource);
    pen.put("/");
    padded(pen.out, pen.random.below(1_000_000), 1);
    if pen.random.one_in(20) {
        pen.put("?");
        pen.mark(Mark::Retry, "retry=");
        padded(pen.out, 1 + pen.random.below(3), 1);
    }
    pen.put(" ");
    pen.mark(Mark::Every, "HTTP/1.1");
    if pen.random.one_in(50) {
        pen.mark(Mark::ServerError, "\" 5");
        padded(pen.out, pen.random.below(5), 2);
    } else {
        pen.put("\" ");
        let status = pen.random.pick(&STATUS);
        pen.number(status);
    }
    pen.put(" ");
    padded(pen.out, pen.random.below(200_000), 1);
    pen.put(" \"https://shop.example/");
    let page = pen.random.pick(&PAGES);
    pen.put(page);
    if pen.random.one_in(100) {
        pen.put("?q=");
        pen.trouble();
    }
    pen.put("\" \"");
    let agent = pen.random.pick(&AGENTS);
    pen.put(agent);
    pen.put("\" rt=");
    let latency = u64::from(pen.latency());
    pen.number(latency / 1000);
    pen.put(".");
    padded(pen.out, latency % 1000, 3);
    0
}
