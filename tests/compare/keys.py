#!/usr/bin/env python3
"""Very many keys in little memory: `swathe top` on a file and on a pipe.

    tests/compare/keys.py [--swathe PATH] [--keys 50000000] [--memory 256M] [--folder DIR]

Makes a log in which that many keys occur once and forty occur often, the 20th
hardly more often than the 21st. It is known by construction how often, so no
other tool is needed. Checked are

* on a file: the top 20 are exact, the number of keys is right within 2 %;
* on a pipe: what is not exact says so, and no count is further off than said;
* on a pipe with --exact: an error, exit 2, and no answer;
* the memory of the process: never more than --memory and a little for threads.

The log (1 GB for 50 million keys) is made in DIR and removed at the end.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
# What does not hold groups: code, threads with a chunk each, the answer.
BESIDE = 64 << 20
BATCH = 100_000


def often(keys):
    """Keys that occur often, and how often; the 20th and the 21st are close."""
    base = max(keys // 10_000, 50)
    counts = {f"often{i:02}": base * (60 - i) for i in range(20)}
    least = min(counts.values())
    counts |= {f"close{i:02}": least - 1 - i for i in range(20)}
    return counts


def write(path, keys):
    """Writes the log; the keys in an order that has nothing to do with them."""
    counts = often(keys)
    stock = [key for key, count in counts.items() for _ in range(count)]
    # Spread over the whole log: every so many lines one that occurs often.
    step, at = 7_919, 0
    while len(stock) % step == 0:
        step += 2
    bits = max((keys - 1).bit_length(), 1)
    size, factor = 1 << bits, 0x9E3779B1
    every = max(keys // len(stock), 1)
    with open(path, "w") as file:
        done = 0
        number = 0
        while done < keys:
            lines = []
            while done < keys and len(lines) < BATCH:
                # Odd, so that every number below `size` comes once.
                key = number * factor % size
                number += 1
                if key >= keys:
                    continue
                lines.append(f"u{key:08x} bytes={key % 1000}\n")
                done += 1
                if done % every == 0 and at < len(stock):
                    lines.append(f"{stock[at * step % len(stock)]} bytes=1\n")
                    at += 1
            file.write("".join(lines))
        file.write("".join(f"{stock[i * step % len(stock)]} bytes=1\n" for i in range(at, len(stock))))
    return counts


def anonymous(pid):
    """The memory a process has of its own, in bytes."""
    try:
        with open(f"/proc/{pid}/status") as status:
            rows = [line for line in status if line.startswith("RssAnon:")]
    except FileNotFoundError:
        return 0
    return int(rows[0].split()[1]) << 10 if rows else 0


def run(command, stdin=None):
    """Exit code, standard output, messages, most memory, seconds."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    most, over = [0], threading.Event()

    def watch():
        while not over.wait(0.02):
            most[0] = max(most[0], anonymous(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, messages = process.communicate()
    over.set()
    watcher.join()
    return process.returncode, out, messages.decode(), most[0], time.monotonic() - start


class Checks:
    def __init__(self):
        self.failed = 0

    def that(self, holds, what):
        print(f"{'ok' if holds else 'WRONG'}: {what}", flush=True)
        self.failed += not holds


def check_file(checks, command, path, counts, keys):
    code, out, messages, most, seconds = run([*command, "--format", "json", str(path)])
    answer = json.loads(out)
    wanted = sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:20]
    got = [(row["key"], row["count"]) for row in answer["groups"]]
    checks.that(code == 0 and not messages, f"a file: exit {code} {messages}")
    checks.that(got == wanted, "the top 20 are exact")
    checks.that(answer.get("exact", True), "and the answer says so")
    all_keys = keys + len(counts)
    off = abs(answer["distinct"] - all_keys) / all_keys
    how = answer.get("distinct_method", "exactly")
    checks.that(off <= 0.02, f"distinct: {answer['distinct']} is {off:.2%} off ({how})")
    lines = keys + sum(counts.values())
    rest = answer["other"] + sum(count for _, count in got)
    checks.that(rest == lines == answer["matched"], f"all {lines} lines are in the groups or in other")
    checks.that(answer["passes"] >= 1, f"it says how often it read the file: {answer['passes']} times")
    return most, seconds


def check_pipe(checks, command, path, counts, keys):
    with open(path, "rb") as file:
        pipe = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
        code, out, messages, most, seconds = run([*command, "--format", "json"], stdin=pipe.stdout)
    answer = json.loads(out)
    checks.that(code == 0 and not messages, f"a pipe: exit {code} {messages}")
    checks.that(answer["exact"] is False, f"it says that it is not exact: {answer['method']}, {answer['error']}")
    all_keys = keys + len(counts)
    off = abs(answer["distinct"] - all_keys) / all_keys
    checks.that(off <= 0.02, f"distinct: {answer['distinct']} is {off:.2%} off")
    exact = sum(1 for row in answer["groups"] if row.get("count_exact", row.get("exact", True)))
    true = sum(1 for row in answer["groups"] if counts.get(row["key"], 1) == row["count"])
    worst = max(abs(counts.get(row["key"], 1) - row["count"]) for row in answer["groups"])
    known = sum(row["key"] in counts for row in answer["groups"])
    checks.that(true >= exact, f"{exact} counts are said to be exact, {true} are; the worst is {worst} off")
    checks.that(known == len(answer["groups"]), f"{known} of {len(answer['groups'])} groups occur often")
    return most, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--swathe", default="swathe")
    parser.add_argument("--keys", type=int, default=50_000_000)
    parser.add_argument("--memory", default="256M")
    parser.add_argument("--folder", type=pathlib.Path)
    options = parser.parse_args()
    checks = Checks()
    bound = int(options.memory[:-1]) * UNITS[options.memory[-1]] + BESIDE
    command = [options.swathe, "top", "--by", "field:1", "--memory", options.memory]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = pathlib.Path(folder, "keys.log")
        counts = write(path, options.keys)
        size = path.stat().st_size
        print(f"{size} bytes, {options.keys + len(counts)} keys")
        for name, check in [("file", check_file), ("pipe", check_pipe)]:
            most, seconds = check(checks, command, path, counts, options.keys)
            checks.that(most <= bound, f"{name}: {most >> 20} MiB at most (--memory {options.memory})")
            print(f"{name}: {seconds:.1f} s, {size / seconds / 1e9:.2f} GB/s")
        with open(path, "rb") as file:
            pipe = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
            code, out, messages, _, _ = run([*command, "--exact"], stdin=pipe.stdout)
        checks.that(code == 2 and not out and "--exact" in messages, f"a pipe with --exact: exit {code}, {messages}")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
