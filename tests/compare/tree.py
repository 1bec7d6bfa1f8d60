#!/usr/bin/env python3
"""Times swathe against ripgrep on a tree of many small files.

    tests/compare/tree.py --swathe target/release/swathe --rg rg --folder DIR [--large 3G]

DIR gets --files files of --size bytes in all, a generated log cut up at line
ends, a hundred to a folder; with --large a file of that size beside them, and
rows for both together. Everything is in the page cache. Answers come first:
the lines of `rg`, in any order, and the very bytes of `rg --sort path`. Runs
alternate, so that a slow moment hits all; what is printed is the median and
the least of the runs, and the median of the ratios of runs next to each
other, above 1 where swathe is faster. All write to a pipe that is emptied at
no cost.
"""

import argparse
import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

import big

IN_A_FOLDER = 100
ROWS = [
    ("rare literal, `-c`", ["-c", "ledger out of balance"]),
    ("literal that some files have, `-n`", ["-n", "declined"]),
]


def only_log(path, size, swathe, *options):
    """A generated log without the file of answers beside it."""
    big.log(path, size, swathe, *options)
    with contextlib.suppress(FileNotFoundError):
        os.remove(path + ".expected.json")
    return path


def make(folder, swathe, files, size):
    """The small files: a log cut into pieces of very different lengths."""
    done = os.path.join(folder, "small-%d-%d" % (files, size))
    if os.path.exists(done):
        return done
    log = only_log(os.path.join(folder, "whole.log"), size, swathe)
    pick = random.Random(1)
    shares = [pick.lognormvariate(0, 1) for _ in range(files)]
    made = done + ".part"
    shutil.rmtree(made, ignore_errors=True)
    with open(log, "rb") as whole:
        for number, share in enumerate(shares):
            below = os.path.join(made, "%03d" % (number // IN_A_FOLDER), "log-%05d.log" % number)
            os.makedirs(os.path.dirname(below), exist_ok=True)
            with open(below, "wb") as file:
                file.write(whole.read(int(size * share / sum(shares))) + whole.readline())
    os.remove(log)
    os.rename(made, done)
    return done


def warm(paths):
    """Reads all; how many files and bytes they are."""
    files = size = 0
    for path in paths:
        for folder, _, names in os.walk(path):
            for name in names:
                big.warm(os.path.join(folder, name))
                files, size = files + 1, size + os.path.getsize(os.path.join(folder, name))
    return files, size


def printed(command):
    done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode not in (0, 1):
        raise SystemExit("%s ended with %d" % (" ".join(command), done.returncode))
    return done.stdout


def run(command):
    """Seconds of one run: of the clock, and of processors."""
    start = time.perf_counter()
    with big.Drain() as drain:
        child = subprocess.Popen(command, stdout=drain.writer)
        drain.close_writer()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def measure(name, flags, paths, options):
    ours = [options.swathe, "search", "--threads=%d" % options.threads, *flags, *paths]
    ripgrep = [options.rg, "--no-config", "--threads=%d" % options.threads]
    commands = {"swathe": ours, "rg": [*ripgrep, *flags, *paths], "rg --sort path": [*ripgrep, "--sort", "path", *flags, *paths]}
    want = printed(ours)
    for other, same in (("rg", lambda text: sorted(text.splitlines())), ("rg --sort path", lambda text: text)):
        if same(printed(commands[other])) != same(want):
            raise SystemExit("%s: %s answers otherwise" % (name, other))
    times = {who: [] for who in commands}
    for number in range(options.rounds):
        for who in sorted(commands, reverse=number % 2 == 1):
            times[who].append(run(commands[who]))
    for who, taken in times.items():
        walls, cpus = [wall for wall, _ in taken], [cpu for _, cpu in taken]
        faster = statistics.median(wall / own for (wall, _), (own, _) in zip(taken, times["swathe"]))
        cells = ["%.3f s" % statistics.median(walls), "%.3f s" % min(walls), "%.3f s" % statistics.median(cpus)]
        print("| %s | %s | %s | %s |" % (name, who, " | ".join(cells), "" if who == "swathe" else "%.2fx" % faster), flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--folder", required=True, metavar="DIR")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--size", default="440M", help="of the small files together")
    parser.add_argument("--large", metavar="SIZE", help="a file of this size beside them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    for name in ("swathe", "rg"):
        found = shutil.which(getattr(options, name)) or parser.error("no such --%s" % name)
        setattr(options, name, os.path.abspath(found))
    return options


def main():
    options = arguments()
    os.makedirs(options.folder, exist_ok=True)
    trees = [[make(options.folder, options.swathe, options.files, big.size(options.size))]]
    if options.large:
        beside = os.path.join(options.folder, "large-%s" % options.large)
        only_log(os.path.join(beside, "large.log"), big.size(options.large), options.swathe, "--seed", "2")
        trees.append([*trees[0], beside])
    print("%s, %s; %s; %d threads; %d runs of each" % (
        big.version(options.swathe), big.version(options.rg), big.machine(), options.threads, options.rounds))  # fmt: skip
    for paths in trees:
        print("\n%d files, %.1f MB" % (lambda files, size: (files, size / 1e6))(*warm(paths)))
        print("\n| | program | median | least | CPU | swathe is faster |\n|%s" % ("---|" * 6))
        for name, flags in ROWS:
            measure(name, flags, paths, options)


if __name__ == "__main__":
    sys.exit(main())
