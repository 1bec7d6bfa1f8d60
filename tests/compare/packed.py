#!/usr/bin/env python3
"""Times `search -c` in packed logs against `rg -z` and `ugrep -z`.

    tests/compare/packed.py --swathe target/release/swathe --size 1G

The log is generated, packed by the usual tools and in the page cache. Counts
must be equal first. Runs alternate, so that a slow moment hits all; what is
printed is the median of the ratios of runs next to each other, above 1 where
swathe is faster; for data in parts also the ratio to swathe's own time on one
part. One more run is watched for the most anonymous memory it holds. Exit code
1 if a count differs or, with --require, a row falls short.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

import big
import memory

PATTERN = "ledger out of balance"
# A row, who packs, and how much faster than `rg -z`, `ugrep -z` and one part.
ROWS = [
    ("one.gz", ["gzip", "-6", "-c"], 2.5, 1.6, None),
    ("many.gz", ["bgzip", "-c"], None, None, ("one.gz", 1.8)),
    ("one.zst", ["zstd", "-q", "-c"], 1.1, None, None),
    ("many.zst", None, None, None, ("one.zst", 1.8)),
    ("one.xz", ["xz", "-1", "-T1", "-c"], None, None, None),
    ("one.bz2", ["bzip2", "-c"], 1.7, None, None),
    ("one.lz4", ["lz4", "-q", "-c"], None, None, None),
]
FRAME = 4 << 20
# The most anonymous memory, in MiB.
MOST = 150


def pack(log, path, packer):
    """Packs the log unless that was done."""
    if os.path.exists(path):
        return
    with open(path + ".part", "wb") as out, open(log, "rb") as source:
        if packer:
            subprocess.run(packer, stdin=source, stdout=out, check=True)
        else:
            while block := source.read(FRAME):
                out.write(subprocess.run(["zstd", "-q", "-c"], input=block, stdout=subprocess.PIPE, check=True).stdout)
    os.rename(path + ".part", path)


def run(command):
    """The count it prints, and seconds."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return done.stdout.strip(), time.perf_counter() - start


def peak(command):
    """The most MiB of anonymous memory it holds."""
    process, most = subprocess.Popen(command, stdout=subprocess.DEVNULL), 0
    while process.poll() is None:
        most = max(most, memory.anonymous(process.pid))
        time.sleep(0.01)
    return most / big.MIB


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--ugrep", default="ugrep", metavar="PATH")
    parser.add_argument("--size", default="1G", help="of the log")
    parser.add_argument("--corpus", metavar="FILE", help="made if absent; default target/compare/app-SIZE.log")
    parser.add_argument("--folder", default="target/compare/packed", help="of the packed logs; kept")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", metavar="TEXT", help="rows whose name has this text")
    parser.add_argument("--require", action="store_true", help="fail if a row falls short")
    options = parser.parse_args()
    swathe = os.path.abspath(shutil.which(options.swathe) or parser.error("no such --swathe"))
    log = options.corpus or "target/compare/app-%s.log" % options.size
    big.log(log, big.size(options.size), swathe)
    os.makedirs(options.folder, exist_ok=True)
    peers = {name: found for name in ("rg", "ugrep") if (found := shutil.which(getattr(options, name)))}
    own, bad = {}, 0
    print("| input | rg -z | ugrep -z | one part | seconds | peak MiB |\n|---|---|---|---|---|---|")
    for name, packer, rg_goal, ugrep_goal, part in ROWS:
        if (options.only and options.only not in name) or (packer and not shutil.which(packer[0])):
            continue
        path = os.path.join(options.folder, name)
        pack(log, path, packer)
        big.warm(path)
        commands = {"swathe": [swathe, "search", "--no-config", "-j%d" % options.threads, "-c", PATTERN, path]}
        for peer, program in peers.items():
            commands[peer] = [program, "-z", "-c", PATTERN, path]
        if part:
            commands["part"] = [*commands["swathe"][:-1], os.path.join(options.folder, part[0])]
        counts, times = {}, {key: [] for key in commands}
        for _ in range(options.runs):
            for key, command in commands.items():
                counts[key], seconds = run(command)
                times[key].append(seconds)
        if len(set(counts.values())) != 1:
            print("%s: counts differ: %s" % (name, counts))
            bad += 1
            continue
        cells = []
        for key, goal in (("rg", rg_goal), ("ugrep", ugrep_goal), ("part", part and part[1])):
            if key not in commands:
                cells.append("-")
                continue
            ratio = statistics.median(theirs / ours for theirs, ours in zip(times[key], times["swathe"]))
            short = goal is not None and ratio < goal
            bad += short and options.require
            cells.append("%.2fx%s" % (ratio, " (wanted %.1fx)" % goal if short else ""))
        own[name] = statistics.median(times["swathe"])
        held = peak(commands["swathe"])
        bad += held > MOST and options.require
        print("| %s | %s | %s | %s | %.2f | %.0f |" % (name, *cells, own[name], held), flush=True)
    print("\n" + big.machine())
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
