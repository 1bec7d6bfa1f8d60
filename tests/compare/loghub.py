#!/usr/bin/env python3
"""How well `swathe templates` groups the lines of annotated logs.

    tests/compare/loghub.py DIR [--swathe PATH] [--goal 0.80]

DIR holds the samples of https://github.com/logpai/loghub: a folder for each
log with NAME_2k.log and NAME_2k.log_structured.csv. The raw lines are given to
`swathe templates --assign`; nobody tells it where the header of a line ends.

The accuracy of a log is the share of its lines whose group is exactly the group
of lines with the same annotated EventId (grouping accuracy, as in the loghub
papers). The logs are not part of this repository; without them there is
nothing to do, and this says so.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
from collections import defaultdict


def truth(path):
    """The annotated event of each line."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return [row["EventId"] for row in csv.DictReader(file)]


def assigned(swathe, path):
    """The template of each line, as swathe has it."""
    command = [swathe, "templates", "--assign", str(path)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()]
    numbers = [int(number) for number, _ in rows]
    assert numbers == list(range(1, len(rows) + 1)), f"{path}: lines are not numbered 1, 2, ..."
    return [template for _, template in rows]


def groups(labels):
    """The lines of each label."""
    lines = defaultdict(list)
    for line, label in enumerate(labels):
        lines[label].append(line)
    return lines


def accuracy(want, got):
    """The share of lines that are in exactly the group they belong in."""
    wanted = groups(want)
    right = [lines for lines in groups(got).values() if wanted[want[lines[0]]] == lines]
    return sum(map(len, right)) / len(want)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--swathe", default="swathe")
    parser.add_argument("--goal", type=float, default=0.80)
    options = parser.parse_args()
    logs = sorted(options.dir.glob("*/*_2k.log"))
    if not logs:
        print(f"{options.dir}: no */*_2k.log there; nothing was checked")
        return 0
    print(f"{'log':12} {'accuracy':>8} {'gap':>6} {'groups':>7} {'annotated':>9}")
    scores = []
    for log in logs:
        annotations = log.with_name(log.name + "_structured.csv")
        if not annotations.exists():
            print(f"{log.parent.name:12} has no annotations")
            continue
        want, got = truth(annotations), assigned(options.swathe, log)
        if len(want) != len(got):
            sys.exit(f"{log}: {len(want)} annotated lines, but {len(got)} from swathe")
        score = accuracy(want, got)
        scores.append(score)
        counts = len(set(got)), len(set(want))
        print(f"{log.parent.name:12} {score:8.4f} {1 - score:6.4f} {counts[0]:7} {counts[1]:9}")
    if not scores:
        print("nothing was checked")
        return 0
    mean = sum(scores) / len(scores)
    print(f"{'mean':12} {mean:8.4f} {1 - mean:6.4f}   goal {options.goal:.2f}")
    return 0 if mean >= options.goal else 1


if __name__ == "__main__":
    sys.exit(main())
