#!/usr/bin/env python3
"""Times swathe against ripgrep, and `stats --wc -l` against `wc -l`.

    tests/compare/speed.py --swathe target/release/swathe --rg rg --size 4G

The log is generated and in the page cache. For each row the outputs must be
equal first. ripgrep then gets the options that make it fastest on that row.
Runs alternate, so that a slow moment hits all; what is printed is the median
of the ratios of runs next to each other, above 1 where swathe is faster. All
write to a pipe that is emptied at no cost, or to the file of --to. Exit code 1
if an output differs or, with --require, a row falls short.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import big


@dataclass(frozen=True)
class Row:
    """What is asked of both, and how much faster two threads should be."""

    name: str
    flags: tuple
    wanted: float
    against_wc: bool = False


ROWS = [
    Row("rare literal, `-c`", ("-c", "ledger out of balance"), 1.8),
    Row("literal on 2 % of lines, `-n`", ("-n", "ERROR"), 1.8),
    Row("`-i` of three words, `-c`", ("-c", "-i", "timeout|refused|declined"), 1.8),
    Row("literal on every line, `-n`", ("-n", "req="), 2.5),
    Row("`[A-Za-z]{30}`, `-c`", ("-c", "[A-Za-z]{30}"), 1.8),
    Row("count newlines, against `wc -l`", ("-l",), 2.5, against_wc=True),
]
# None of these changes an output here; which is fastest depends on the row.
FASTEST = [(), ("--mmap",), ("--no-mmap",), ("--no-unicode",), ("--mmap", "--no-unicode"), ("-a", "--mmap")]
MOST_CPU = 1.25


@dataclass(frozen=True)
class Time:
    """One run, in seconds."""

    wall: float
    cpu: float


def digest(command):
    """What a command prints, in short, and its exit code."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    found, length = hashlib.blake2b(), 0
    while piece := child.stdout.read1(big.MIB):
        found.update(piece)
        length += len(piece)
    return found.hexdigest(), length, child.wait()


def run(command, options):
    if options.to:
        # Emptied beforehand: freeing the last output is not this run's work.
        with open(options.to, "wb") as file:
            return timed(command, file, lambda: None)
    with big.Drain() as drain:
        return timed(command, drain.writer, drain.close_writer)


def timed(command, stdout, started):
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=stdout)
    started()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit("%s ended with %d" % (" ".join(command), child.returncode))
    return Time(wall, usage.ru_utime + usage.ru_stime)


def others(row, options):
    """The command to compare with: ripgrep at its fastest, or wc."""
    if row.against_wc:
        return ["wc", *row.flags, options.corpus]
    choices = [[options.rg, "--no-config", *extra, *row.flags, options.corpus] for extra in FASTEST]
    return min(choices, key=lambda command: min(run(command, options).wall for _ in range(2)))


def ours(row, threads, options):
    command = ["stats", "--wc"] if row.against_wc else ["search"]
    return [options.swathe, *command, "--threads=%d" % threads, *row.flags, options.corpus]


def measure(row, options):
    """The times of the other and of swathe by threads, round by round."""
    other = others(row, options)
    want = digest(other)
    commands = [other] + [ours(row, threads, options) for threads in options.threads]
    for command in commands[1:]:
        if digest(command) != want:
            raise SystemExit("%s: not what %s prints" % (" ".join(command), " ".join(other)))
    rounds = []
    for number in range(options.rounds):
        order = list(enumerate(commands))
        if number % 2:
            order.reverse()
        times = {place: run(command, options) for place, command in order}
        rounds.append([times[place] for place in range(len(commands))])
    chosen = [] if row.against_wc else other[2 : len(other) - len(row.flags) - 1]
    return rounds, want[1], chosen


def line(row, rounds, length, chosen, options):
    """A row of the table, and what falls short."""
    size = os.path.getsize(options.corpus)
    other = statistics.median(times[0].wall for times in rounds)
    cells = [row.name, in_bytes(length), "%.2f s" % other, " ".join(chosen) or "(none)"]
    short = []
    for place, threads in enumerate(options.threads, 1):
        wall = statistics.median(times[place].wall for times in rounds)
        ratio = statistics.median(times[0].wall / times[place].wall for times in rounds)
        cpu = statistics.median(times[place].cpu / times[0].cpu for times in rounds)
        cells += ["%.2f s, %.1f GB/s" % (wall, size / wall / 1e9), "%.2fx" % ratio, "%.2f" % cpu]
        wanted = row.wanted if threads > 1 else 1.0
        if ratio < wanted:
            short.append("%d threads: %.2fx, wanted %.1fx" % (threads, ratio, wanted))
        if threads == 2 and not row.against_wc and cpu > MOST_CPU:
            short.append("%d threads: %.2f of the CPU time, wanted %.2f" % (threads, cpu, MOST_CPU))
    return "| %s |" % " | ".join(cells), short


def in_bytes(length):
    return "%.1f MB" % (length / 1e6) if length >= 100_000 else "%d B" % length


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--size", default="4G")
    parser.add_argument("--corpus", metavar="FILE", help="made if absent; default target/compare/app-SIZE.log")
    parser.add_argument("--to", metavar="FILE", help="where outputs go; default a pipe")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--only", metavar="TEXT", help="rows whose name has this text")
    parser.add_argument("--require", action="store_true", help="fail if a row falls short")
    options = parser.parse_args()
    options.threads = [int(threads) for threads in options.threads.split(",")]
    for name in ("swathe", "rg"):
        found = shutil.which(getattr(options, name)) or parser.error("no such --%s" % name)
        setattr(options, name, os.path.abspath(found))
    options.corpus = options.corpus or "target/compare/app-%s.log" % options.size
    big.log(options.corpus, big.size(options.size), options.swathe)
    if options.to == os.devnull:
        parser.error("--to /dev/null is no fair output: programs may see it and stop early")
    return options


def main():
    options = arguments()
    print("%s, %s; `%s` of %d bytes in page cache; %s; median of %d paired runs" % (
        big.version(options.swathe), big.version(options.rg), os.path.basename(options.corpus),
        os.path.getsize(options.corpus), big.machine(), options.rounds))  # fmt: skip
    heads = ["row", "output", "other", "its options"]
    for threads in options.threads:
        heads += ["%d thread%s" % (threads, "s" * (threads > 1)), "faster", "CPU / other's"]
    print("\n| %s |\n|%s" % (" | ".join(heads), "---|" * len(heads)))
    missed = []
    for row in ROWS:
        if options.only and options.only not in row.name:
            continue
        text, short = line(row, *measure(row, options), options)
        print(text, flush=True)
        missed += ["%s: %s" % (row.name, reason) for reason in short]
    print()
    for reason in missed:
        print("falls short: " + reason)
    return 1 if missed and options.require else 0


if __name__ == "__main__":
    sys.exit(main())
