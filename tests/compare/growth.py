#!/usr/bin/env python3
"""How cost grows: with the size of the file, the threads, the number of
patterns, how many lines match, how long lines are; and beyond memory.

    tests/compare/growth.py --swathe target/release/swathe --folder DIR [--largest 4G]

Prints Markdown tables: milliseconds of what is small, else GB/s, of the best of
some runs with the file in page cache. What is printed goes into a pipe that is
emptied at no cost. Files are made in DIR, which must have room for twice the
largest. With --limit 1G (as root, where control groups for memory are
mounted) the largest file is also read from the disk by a process that may use
that much memory, page cache included, next to one that may use all; runs
alternate.
"""

import argparse
import contextlib
import os
import subprocess
import time

import big

LITERAL = "ledger out of balance"
GROUPS = ["/sys/fs/cgroup/memory/swathe-growth", "/sys/fs/cgroup/swathe-growth"]
LIMITS = ["memory.limit_in_bytes", "memory.max"]
PARTS = ["size", "patterns", "density", "length", "memory"]


def seconds(command, group=None):
    """One run, which must do what it was asked: one that fails is fast."""
    start = time.perf_counter()
    with big.Drain() as drain:
        child = subprocess.Popen(command, stdout=drain.writer, preexec_fn=lambda: join(group))
        drain.close_writer()
        status = child.wait()
    if status not in (0, 1):
        raise SystemExit("%s ended with %d" % (" ".join(command), status))
    return time.perf_counter() - start


def best(command, runs):
    return min(seconds(command) for _ in range(runs))


def join(group):
    if group:
        with open(os.path.join(group, "cgroup.procs"), "w") as file:
            file.write(str(os.getpid()))


def table(heads, rows):
    print("\n| %s |\n|%s" % (" | ".join(heads), "---|" * len(heads)))
    for row in rows:
        print("| %s |" % " | ".join(row), flush=True)


def rate(size, took):
    return "%.1f GB/s" % (size / took / 1e9) if size >= 1 << 24 else "%.1f ms" % (took * 1e3)


def sized(options):
    """The sizes there are, each with its file: a head of the largest."""
    whole = os.path.join(options.folder, "growth.log")
    big.log(whole, options.largest, options.swathe)
    at = big.MIB
    while at < options.largest:
        path = os.path.join(options.folder, "growth-%d.log" % at)
        if not os.path.exists(path):
            with open(path, "wb") as file:
                subprocess.run(["head", "-c", str(at), whole], stdout=file, check=True)
        big.warm(path)
        yield at, path
        at *= 8
    big.warm(whole)
    yield options.largest, whole


def by_size(options, files):
    questions = [
        ("rare literal `-c`", ["search", "-c", LITERAL]),
        ("dense `-n`", ["search", "-n", "req="]),
        ("`stats`", ["stats"]),
        ("`top` of a capture", ["top", r"user=(\w+)"]),
    ]
    rows = []
    for size, path in files:
        cells = ["%d MB" % (size >> 20)]
        for _, words in questions:
            for threads in options.threads:
                command = [options.swathe, *words, "--threads=%d" % threads, path]
                cells.append(rate(size, best(command, options.runs)))
        rows.append(cells)
    heads = ["size"] + ["%s, %d" % (name, n) for name, _ in questions for n in options.threads]
    print("\n## Size and threads")
    table(heads, rows)


def by_patterns(options, path, size):
    rows = []
    for count in (1, 10, 100, 1000, 10_000, 100_000):
        words = os.path.join(options.folder, "growth-patterns-%d" % count)
        with open(words, "w") as file:
            file.writelines("user=u%d\n" % (n * 7919 % 10**6) for n in range(count))
        cells = ["{:,}".format(count)]
        for command in (["search", "-c", "-F", "-f", words], ["count", "-F", "-f", words]):
            cells.append(rate(size, best([options.swathe, *command, path], options.runs)))
        rows.append(cells)
    print("\n## Number of literals")
    table(["literals", "`search -c`", "`count`"], rows)


def by_density(options, size):
    rows = []
    path = os.path.join(options.folder, "growth-density.log")
    miss, hit = (b"a line %s of some sixty bytes, as logs are..\n" % words for words in (b"without it,", b"with NEEDLE,"))
    for every in (0, 1000, 100, 10, 2, 1):
        block = b"".join(hit if every and n % every == 0 else miss for n in range(1000))
        big.repeated(path, block, size)
        cells = ["none" if not every else "1 in %d" % every]
        for flags in (["-c"], ["-n"], ["-o"]):
            command = [options.swathe, "search", *flags, "NEEDLE", path]
            cells.append(rate(size, best(command, options.runs)))
        rows.append(cells)
    print("\n## How many lines match")
    table(["lines that match", "`-c`", "`-n`", "`-o`"], rows)


def by_length(options, size):
    rows = []
    path = os.path.join(options.folder, "growth-length.log")
    for length in (1, 10, 100, 1000, 10_000, 1_000_000, 100_000_000):
        line = (b"0123456789abcdef" * (length // 16 + 1))[: length - 1] + b"\n"
        big.repeated(path, line * max(1, min(1000, 1_000_000 // length)), size)
        cells = ["{:,}".format(length)]
        for words in (["search", "-c", "NEEDLE"], ["search", "-c", "-v", "NEEDLE"], ["stats"]):
            cells.append(rate(size, best([options.swathe, *words, path], options.runs)))
        rows.append(cells)
    print("\n## Length of lines")
    table(["bytes a line", "rare literal `-c`", "`-v -c`", "`stats`"], rows)


def hand_down(parent):
    """Has groups below limit memory, where that must be said (version 2)."""
    control = os.path.join(parent, "cgroup.subtree_control")
    if os.path.exists(control):
        with open(control, "w") as file:
            file.write("+memory")


@contextlib.contextmanager
def limited(limit):
    """A control group of so much memory, if that can be had."""
    for group, name in zip(GROUPS, LIMITS):
        parent = os.path.dirname(group)
        if os.path.exists(os.path.join(parent, "cgroup.procs")):
            try:
                hand_down(parent)
                os.makedirs(group, exist_ok=True)
                with open(os.path.join(group, name), "w") as file:
                    file.write(str(limit))
            except OSError:
                continue
            try:
                yield group
            finally:
                os.rmdir(group)
            return
    yield None


def beyond_memory(options, path, size):
    print("\n## Larger than memory")
    with limited(options.limit) as group:
        if group is None:
            print("\nNo control group of memory could be made here (root, and a mounted controller, are needed).")
            return
        rows = []
        for name, words in (("rare literal `-c`", ["search", "-c", LITERAL]), ("`stats`", ["stats"])):
            times = {None: [], group: []}
            # Once without being counted: a virtual machine is given its memory
            # when it first uses it.
            for turn in range(options.runs + 1):
                for where, taken in times.items():
                    big.cool(path)
                    took = seconds([options.swathe, *words, path], where)
                    taken.extend([took] if turn else [])
            rows.append([name, *(rate(size, min(taken)) for taken in times.values())])
        table(["read from the disk", "all memory", "%d MB of memory" % (options.limit >> 20)], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--folder", required=True, metavar="DIR")
    parser.add_argument("--largest", default="4G")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", metavar="SIZE")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,...", help="some of: %(default)s")
    options = parser.parse_args()
    options.threads = [int(n) for n in options.threads.split(",")]
    options.largest = big.size(options.largest)
    options.swathe = os.path.abspath(options.swathe)
    only = options.only.split(",")
    if not set(only) <= set(PARTS):
        parser.error("--only takes some of %s" % ", ".join(PARTS))
    os.makedirs(options.folder, exist_ok=True)
    print("%s; %s; best of %d runs, in page cache" % (big.version(options.swathe), big.machine(), options.runs))
    files = list(sized(options))
    size, path = next((f for f in reversed(files) if f[0] <= 1 << 30), files[-1])
    if "size" in only:
        by_size(options, files)
    if "patterns" in only:
        by_patterns(options, path, size)
    if "density" in only:
        by_density(options, min(size, 1 << 29))
    if "length" in only:
        by_length(options, min(size, 1 << 29))
    if "memory" in only and options.limit:
        options.limit = big.size(options.limit)
        beyond_memory(options, files[-1][1], files[-1][0])


if __name__ == "__main__":
    main()
