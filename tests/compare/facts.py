#!/usr/bin/env python3
"""Statistics of real logs against wc, grep, sort and uniq.

    tests/compare/facts.py DIR [--swathe PATH]

DIR holds logs, in folders or not (loghub's samples, /var/log); of each file

* `stats` has wc's newlines, bytes, characters and longest line. Words are
  maximal runs of bytes that are not white space of ASCII, counted by tr here:
  wc's own depend on its version and the locale;
* `count` has `grep -c` and `grep -o | wc -l` of several patterns, one run for
  all of them, and the line numbers of `grep -n`;
* `top` and `values` have `sort | uniq -c` and the sum awk computes.

Without files there is nothing to do, and this says so.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

PATTERNS = ["error", "[0-9]{3}", "INFO|WARN", r"\bfor\b", "^[A-Z]", "[a-z]$"]
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


def shell(command, path):
    command = ["bash", "-c", command, "bash", str(path)]
    return subprocess.run(command, capture_output=True, env=ENVIRONMENT).stdout.decode(errors="replace")


def swathe(options, *arguments):
    command = [options.swathe, *arguments, "--format", "json"]
    return json.loads(subprocess.run(command, capture_output=True).stdout)


def without_cr(path):
    """The shell's words for the file without carriage returns at line ends,
    if its first line has one: as swathe takes it."""
    with open(path, "rb") as file:
        crlf = file.readline().endswith(b"\r\n")
    return "sed 's/\\r$//' \"$1\"" if crlf else 'cat "$1"'


def compare(options, path):
    """What differs."""
    differ, text = [], without_cr(path)

    def same(what, got, want):
        if got != want:
            differ.append(f"{what}: {got}, not {want}")

    row = swathe(options, "stats", str(path))["total"]
    wc = [int(shell(f"{command} \"$1\"", path).split()[0]) for command in ["wc -l", "wc -c"]]
    same("newlines and bytes", [row["newlines"], row["bytes"]], wc)
    same("chars", row["chars"], int(shell('wc -m < "$1"', path)))
    words = shell("LC_ALL=C tr -s ' \\t\\r\\v\\f' '\\n' < \"$1\" | LC_ALL=C grep -a -c .", path)
    same("words", row["words"], int(words))
    longest = shell(f"{text} | LC_ALL=C awk '{{ if (length($0) > m) m = length($0) }} END {{ print m + 0 }}'", path)
    same("longest", row["line_length"]["max"], int(longest))
    flags = [flag for pattern in PATTERNS for flag in ("-e", pattern)]
    for found in swathe(options, "count", *flags, str(path))["patterns"]:
        grep = f"{text} | grep -a -E @ -e '{found['pattern']}'"
        same(f"lines of {found['pattern']}", found["lines"], int(shell(grep.replace("@", "-c", 1), path)))
        same(f"matches of {found['pattern']}", found["matches"], int(shell(grep.replace("@", "-o", 1) + " | wc -l", path)))
        numbers = shell(grep.replace("@", "-n", 1) + " | cut -d: -f1", path).split()
        ends = [found["first"]["line"], found["last"]["line"]] if found["first"] else []
        same(f"first and last of {found['pattern']}", ends, [int(n) for n in numbers[:1] + numbers[-1:]])
    counts = shell(f"{text} | LC_ALL=C grep -a -oE '^[A-Za-z0-9]+' | LC_ALL=C sort | uniq -c", path)
    want = {key: int(count) for count, key in (line.split() for line in counts.splitlines())}
    top = swathe(options, "top", "^([A-Za-z0-9]+)", "-k", "1000000", str(path))
    same("top", {row["key"]: row["count"] for row in top["groups"]}, want)
    if want:
        best = sorted(want.items(), key=lambda row: (-row[1], row[0]))
        same("order of top", [(row["key"], row["count"]) for row in top["groups"]], best)
    numbers = shell(f"{text} | LC_ALL=C grep -a -oE '=[0-9]{{1,9}}\\b' | cut -c2-", path).split()
    groups = swathe(options, "values", r"=([0-9]{1,9})(?-u:\b)", "--all", "--unit", "none", str(path))["groups"]
    got = [(row["count"], row["sum"], row["max"]) for row in groups if row["count"]]
    want = [(len(numbers), float(sum(map(int, numbers))), float(max(map(int, numbers))))] if numbers else []
    same("values", got, want)
    return differ


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--swathe", default="swathe")
    options = parser.parse_args()
    logs = [path for path in sorted(options.dir.rglob("*")) if path.is_file() and re.search(r"\.(log|jsonl)", path.name)]
    logs = [path for path in logs if not re.search(r"\.(csv|gz|xz|zst)$", path.name)]
    if not logs:
        print(f"{options.dir}: no *.log or *.jsonl there; nothing was compared")
        return 0
    counts = collections.Counter()
    for path in logs:
        differ = compare(options, path)
        counts["differ" if differ else "equal"] += 1
        print(f"{'ok' if not differ else 'WRONG'}: {path.relative_to(options.dir)}")
        for what in differ:
            print(f"  {what[:600]}")
    print(f"{counts['equal']} files equal, {counts['differ']} differ")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
