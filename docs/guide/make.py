#!/usr/bin/env python3
"""Makes the logs of the user guide: the same bytes every time.

    docs/guide/make.py      # writes beside itself
"""

import datetime
import gzip
import json
import pathlib

HERE = pathlib.Path(__file__).parent
START = datetime.datetime(2026, 11, 23, 10, 0, 0)


class Random:
    """A generator of numbers that is the same in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % n

    def of(self, *choices):
        """One of them; the first half as often as all others together, and so on."""
        at = 0
        while at + 1 < len(choices) and self.below(2):
            at += 1
        return choices[at]


def access():
    """A web server's log, 25 minutes of it; how long a request took stands last."""
    random, at = Random(7), START
    for _ in range(300):
        at += datetime.timedelta(seconds=random.below(10))
        client = f"10.0.0.{random.of(21, 7, 40, 33, 12, 99)}"
        path = random.of("/", "/api/orders", "/api/users", "/login", "/static/app.js", "/api/report")
        query = f"?page={random.below(40)}" if path == "/api/orders" else ""
        method = "POST" if path == "/login" else "GET"
        bad = 10 <= (at - START).seconds // 60 < 13
        status = random.of(200, 200, 304, 404, 401) if not bad else random.of(502, 200, 502, 503)
        size = 0 if status == 304 else random.below(9000) + 200
        took = (random.below(40) + 1) * (40 if path == "/api/report" else 6 if path.startswith("/api") else 1)
        took *= 5 if bad else 1
        agent = random.of("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "Googlebot/2.1")
        yield (
            f'{client} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{method} {path}{query} HTTP/1.1" '
            f'{status} {size} "-" "{agent}" {took / 1000:.3f}\n'
        )


def events():
    """JSON events of a shop over three days."""
    random, at = Random(11), START - datetime.timedelta(days=1)
    for _ in range(220):
        at += datetime.timedelta(seconds=random.below(1800))
        level = random.of("info", "info", "debug", "warn", "error")
        message = {
            "error": random.of("payment declined", "database timeout", "payment declined: card expired"),
            "warn": random.of("slow query", "retrying"),
        }.get(level, random.of("order placed", "item viewed", "cart updated"))
        event = {
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.{random.below(1000):03}Z",
            "level": level,
            "service": random.of("shop", "pay", "stock"),
            "message": message,
            "user": {"id": f"u{random.below(30)}"},
            "ms": random.below(400) * (9 if message in ("slow query", "database timeout") else 1),
        }
        yield json.dumps(event) + "\n"


TRACES = [
    ("java.sql.SQLTimeoutException: no answer in 5 s", ["Pool.take(Pool.java:88)", "Orders.load(Orders.java:31)"]),
    ("java.lang.NullPointerException", ["Cart.total(Cart.java:17)", "Checkout.run(Checkout.java:52)", "Main.main(Main.java:9)"]),
]  # fmt: skip


def service():
    """A Java service: one event a line, but for stack traces."""
    random, at = Random(5), START
    for i in range(90):
        at += datetime.timedelta(seconds=random.below(20))
        if i == 60:
            at += datetime.timedelta(seconds=95)
        stamp = f"{at:%Y-%m-%d %H:%M:%S},{random.below(1000):03}"
        if random.below(9) == 0:
            what, frames = TRACES[random.below(3) // 2]
            yield f"{stamp} ERROR [worker-{random.below(4)}] request {random.below(9999)} failed\n{what}\n"
            yield "".join(f"\tat com.example.{frame}\n" for frame in frames)
        else:
            level = random.of("INFO", "DEBUG", "INFO", "WARN")
            text = random.of(
                f"request {random.below(9999)} done in {random.below(300)}ms",
                f"cache miss for key item:{random.below(500)}",
                f"connection from 10.0.0.{random.below(250)} accepted",
            )
            yield f"{stamp} {level} [worker-{random.below(4)}] {text}\n"


def rotated():
    """Syslog of a worker in three files, the oldest packed; it has no year."""
    random, at = Random(3), START - datetime.timedelta(hours=12)
    for i in range(150):
        at += datetime.timedelta(seconds=random.below(600))
        host = random.of("web-1", "web-2", "web-3")
        text = random.of(
            f"job {1000 + i} started",
            f"job {1000 + i} finished in {random.below(90) + 1}s",
            f"error: job {1000 + i} gave up after {random.below(4) + 1} tries",
        )
        if i == 70:
            text = "error: disk /var/spool is full"
        if i == 125:
            text = "panic: queue lost 3 entries"
        yield f"{at:%b} {at.day:>2} {at:%H:%M:%S} {host} worker[{200 + i // 50}]: {text}\n"


def main():
    for name, lines in [("access.log", access()), ("events.jsonl", events()), ("service.log", service())]:
        (HERE / name).write_text("".join(lines))
    lines = list(rotated())
    with gzip.GzipFile(HERE / "worker.log.2.gz", "wb", mtime=0) as file:
        file.write("".join(lines[:60]).encode())
    (HERE / "worker.log.1").write_text("".join(lines[60:110]))
    (HERE / "worker.log").write_text("".join(lines[110:]))


if __name__ == "__main__":
    main()
