#!/usr/bin/env python3
"""Measures the peak of anonymous memory, which must stay under a limit
whatever the size of the file, the density of matches or the length of lines.

    tests/compare/memory.py --swathe target/release/swathe

Mapped pages of the input are the page cache's and not counted. Rows that
would print for hours are cut off after --seconds.
"""

import argparse
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import big

# Seconds between two looks at a process.
INTERVAL = 0.002


def rows(log, line, lines, long_lines):
    """What to run: a name, the arguments, and a file to pipe in."""
    needle = "needle"
    return [
        ("dense output, -n", ["search", "-n", "req=", log], None),
        ("a row for every byte", ["search", "--vimgrep", "-e", ".", log], None),
        ("JSON of every line", ["search", "--json", "req=", log], None),
        ("context everywhere", ["search", "-C", "3", "ERROR", log], None),
        ("rare literal, -c", ["search", "-c", "ledger out of balance", log], None),
        ("stats", ["stats", log], None),
        ("count", ["count", "-e", "ERROR", "-e", "[0-9]+ms", log], None),
        ("dense output from a pipe", ["search", "-n", "req="], log),
        ("stats from a pipe", ["stats", "-"], log),
        ("one long line, -c", ["search", "-c", needle, line], None),
        ("one long line, printed", ["search", needle, line], None),
        ("one long line, inverted", ["search", "-n", "-v", "nowhere", line], None),
        ("one long line, its matches", ["search", "-o", "-b", needle, line], None),
        ("one long line, stats", ["stats", line], None),
        ("one long line, count", ["count", needle, line], None),
        *giant("from a pipe", needle, [], line),
        ("lines of 7 MB from a pipe, -n", ["search", "-n", needle], lines),
        ("lines of 30 MB from a pipe, -n", ["search", "-n", needle], long_lines),
        ("lines of 30 MB from a pipe, stats", ["stats", "-"], long_lines),
    ]


def giant(how, needle, path, source):
    """Rows over one long line that cannot be mapped: it goes to a temporary
    file, whose pages are no anonymous memory unless it lies on a tmpfs."""
    return [
        ("one long line %s, -c" % how, ["search", "-c", needle, *path], source),
        ("one long line %s, printed" % how, ["search", needle, *path], source),
        ("one long line %s, its matches" % how, ["search", "-o", "-b", needle, *path], source),
        ("one long line %s, inverted" % how, ["search", "-n", "-v", "nowhere", *path], source),
        ("one long line %s, regex" % how, ["search", "-c", "need[a-z]+ lorem", *path], source),
        ("one long line %s, stats" % how, ["stats", *(path or ["-"])], source),
        ("one long line %s, count" % how, ["count", needle, *(path or ["-"])], source),
    ]


# How packed logs are made, and bombs: zeros that pack to next to nothing.
PACKERS = {
    "gzip": ["gzip", "-1", "-c"],
    "bgzip": ["bgzip", "-c"],
    "zstd": ["zstd", "-q", "-c"],
    "long window of zstd": ["zstd", "-q", "--long=27", "-c"],
    "xz": ["xz", "-1", "-T2", "-c"],
    "bzip2": ["bzip2", "-1", "-c"],
    "lz4": ["lz4", "-q", "-c"],
}


def packed(folder, log, log_bytes, bomb_bytes):
    """Rows over packed logs and bombs, which are made one by one."""
    for name, packer in PACKERS.items():
        if not shutil.which(packer[0]):
            continue
        for what, source, limit in (("log", log, log_bytes), ("bomb", "/dev/zero", bomb_bytes)):
            path = os.path.join(folder, "packed")
            with open(path, "wb") as out:
                head = subprocess.Popen(["head", "-c", str(limit), source], stdout=subprocess.PIPE)
                subprocess.run(packer, stdin=head.stdout, stdout=out, check=True)
                head.stdout.close()
                head.wait()
            pattern = "ERROR" if what == "log" else "nowhere"
            yield "%s, %s" % (name, what), ["search", "-a", "-c", pattern, path], None
            if what == "log":
                yield "%s, %s, piped" % (name, what), ["search", "-c", pattern], path
                yield "%s, %s, stats" % (name, what), ["stats", path], None


def packed_line(folder, line, needle):
    """Rows over the long line, packed."""
    for name in ("gzip", "zstd"):
        path = os.path.join(folder, "packed-line")
        if not shutil.which(name):
            continue
        with open(path, "wb") as out:
            subprocess.run([*PACKERS[name], line], stdout=out, check=True)
        yield from giant("in " + name, needle, [path], None)


def anonymous(pid):
    """Bytes of anonymous and shared memory a process holds; 0 once it ended."""
    total = 0
    try:
        with open("/proc/%d/status" % pid) as file:
            for row in file:
                if row.startswith(("RssAnon:", "RssShmem:")):
                    total += int(row.split()[1]) << 10
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def watch(command, source, seconds):
    """Peak of memory, bytes printed, seconds, exit code or None if cut off."""
    feeder = subprocess.Popen(["cat", source], stdout=subprocess.PIPE) if source else None
    stdin = feeder.stdout if feeder else subprocess.DEVNULL
    start, peak, cut = time.monotonic(), 0, False
    with big.Drain() as drain:
        child = subprocess.Popen(command, stdin=stdin, stdout=drain.writer)
        drain.close_writer()
        if feeder:
            feeder.stdout.close()
        while child.poll() is None:
            peak = max(peak, anonymous(child.pid))
            if not cut and time.monotonic() - start > seconds:
                cut = True
                child.send_signal(signal.SIGTERM)
            time.sleep(INTERVAL)
    if feeder:
        feeder.wait()
    return peak, drain.bytes, time.monotonic() - start, None if cut else child.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--size", default="4G", help="of the log")
    parser.add_argument("--corpus", metavar="FILE", help="made if absent; default target/compare/app-SIZE.log")
    parser.add_argument("--line", default="2G", help="length of the long line")
    parser.add_argument("--limit", default="100M")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--packed", default="1G", help="bytes of the log that are packed; 0 for no packed rows")
    parser.add_argument("--bomb", default="64M", help="zeros in a bomb, which are one line")
    parser.add_argument("--only", metavar="TEXT", help="rows whose name has this text")
    options = parser.parse_args()
    swathe = os.path.abspath(shutil.which(options.swathe) or parser.error("no such --swathe"))
    log = options.corpus or "target/compare/app-%s.log" % options.size
    big.log(log, big.size(options.size), swathe)
    limit, over = big.size(options.limit), 0
    print("| row | peak | printed | seconds | exit |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="swathe-memory-") as folder:
        block = (b"lorem ipsum dolor sit amet " * 40000)[: big.MIB - 10] + b" a needle "
        line = big.repeated(os.path.join(folder, "line"), block, big.size(options.line), b"\nshort\n")
        lines, long_lines = (
            big.repeated(os.path.join(folder, "lines-%d" % size), block * size + b"\n", 1 << 30, b"")
            for size in (7, 30)
        )
        all_rows = rows(log, line, lines, long_lines)
        if big.size(options.packed):
            giants = packed_line(folder, line, "needle")
            all_rows = itertools.chain(all_rows, giants, packed(folder, log, big.size(options.packed), big.size(options.bomb)))
        for name, arguments, source in all_rows:
            if options.only and options.only not in name:
                continue
            command = [swathe, arguments[0], "--threads=%d" % options.threads, *arguments[1:]]
            peak, printed, seconds, status = watch(command, source, options.seconds)
            end = "cut off" if status is None else str(status)
            wrong = peak > limit or status not in (0, 1, None)
            over += wrong
            print("| %s | %.1f MB%s | %.1f MB | %.1f | %s |" % (
                name, peak / big.MIB, " (too much)" if peak > limit else "", printed / 1e6, seconds, end),
                flush=True)  # fmt: skip
    print("\n%s" % ("%d rows fail" % over if over else "all rows under %s" % options.limit))
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
