#!/usr/bin/env python3
"""Cuts a large file short while swathe reads it, at random moments.

    tests/compare/truncate.py --swathe target/release/swathe --size 3G --moments 50

A second file is given too. Whatever the moment: no end by a signal; if the cut
was noticed, exit code 2, a message with the name and both sizes, everything printed
a beginning of the right answer (no count of a search; of statistics that of the lines
that could be read, at least those that the message promises), and the other file's
result there. If it was not, because the file was read before or opened
after, the answer must be the right one of the whole or of the shorter file.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import big

LINE = 64
EVERY = 1024  # One line in so many has the word that is searched.
BLOCK_LINES = big.MIB // LINE
BIG, OTHER = "big.log", "other.log"
OTHER_LINES = ["a needle", "nothing", "another needle"]


def block():
    """A mebibyte of lines of equal length, a hit in the first of EVERY."""
    rows = []
    for number in range(BLOCK_LINES):
        word = "needle" if number % EVERY == 0 else "filler"
        rows.append(("%s in line %06d of a block" % (word, number)).ljust(LINE - 1, ".") + "\n")
    return "".join(rows).encode()


class Answers:
    """What is true of the first `length` bytes of the large file."""

    def __init__(self, length, content):
        self.lines = -(-length // LINE)
        rows = []
        for number in range(0, self.lines, EVERY):
            start = number % BLOCK_LINES * LINE
            text = content[start : start + min(LINE - 1, length - number * LINE)]
            if b"needle" in text:
                rows.append(b"%s:%d:%s\n" % (BIG.encode(), number + 1, text))
        self.hits = len(rows)
        self.printed = b"".join(rows)


def other_rows(numbered):
    rows = [(n, text) for n, text in enumerate(OTHER_LINES, 1) if "needle" in text]
    return "".join("%s:%d:%s\n" % (OTHER, n, text) for n, text in rows).encode()


def check_search(answers, stdout, failed, intact):
    """What is wrong with the output of `search -n`."""
    mine = other_rows(True)
    if not stdout.endswith(mine):
        return "the other file's lines are missing"
    printed = stdout[: len(stdout) - len(mine)]
    if not failed:
        return None if printed in [a.printed for a in answers] else "a wrong answer called complete"
    if printed and not printed.endswith(b"\n"):
        return "the last line is not whole"
    if not answers[0].printed.startswith(printed):
        return "what is printed is no beginning of the right answer"
    promised = -(-(intact // LINE) // EVERY)
    if printed.count(b"\n") < promised:
        return "says %d bytes hold, but lacks lines before that" % intact
    return None


def check_last(answers, stdout, failed, _):
    """What is wrong with the output of `search -n --last 5`."""
    mine = other_rows(True)
    if not stdout.endswith(mine):
        return "the other file's lines are missing"
    rows = stdout[: len(stdout) - len(mine)].splitlines(True)
    if failed:
        there = set(answers[0].printed.splitlines(True))
        return None if set(rows) <= there else "a line that was never there"
    right = [a.printed.splitlines(True)[-3:] for a in answers]
    return None if rows in right else "a wrong answer called complete"


def check_counts(answers, stdout, failed, _):
    mine = b"%s:2\n" % OTHER.encode()
    rows = [b"%s:%d\n" % (BIG.encode(), a.hits) if a.hits else b"" for a in answers]
    right = [mine] if failed else [row + mine for row in rows]
    return None if stdout in right else "printed %r" % stdout[:200]


def check_count(answers, stdout, failed, intact):
    found = json.loads(stdout)
    lines, total = found["patterns"][0]["lines"], found["lines_total"]
    begin = -(-(total - 3) // EVERY) + 2
    if failed and lines != begin:
        return "%d lines match of a beginning of %d lines, which has %d" % (lines, total - 3, begin)
    return check_json(answers, found, failed, total, intact)


def check_stats(answers, stdout, failed, intact):
    found = json.loads(stdout)
    rows = {row["path"]: row["complete"] for row in found["files"]}
    if rows.get(BIG, False) is failed or rows.get(OTHER) is not True:
        return "rows say complete: %r" % rows
    return check_json(answers, found, failed, found["total"]["lines"], intact)


def check_json(answers, found, failed, total, intact):
    """What is wrong with an answer in JSON over so many lines of both files."""
    if found["complete"] is failed:
        return "says complete: %s" % found["complete"]
    if failed and [e["path"] for e in found["errors"]] != [BIG]:
        return "errors are %r" % found["errors"]
    lines = total - len(OTHER_LINES)
    if failed:
        least, most = intact // LINE, answers[0].lines
        return None if least <= lines <= most else "%d lines, not %d to %d" % (lines, least, most)
    right = [a.lines for a in answers]
    return None if lines in right else "%d lines, right is %r" % (lines, right)


COMMANDS = [
    (["search", "-n", "needle", BIG, OTHER], check_search),
    (["search", "-c", "needle", BIG, OTHER], check_counts),
    (["search", "-n", "-a", "-U", r"needle[^\n]*\n", BIG, OTHER], check_search),
    (["search", "-c", "-a", "-U", r"needle[^\n]*\n", BIG, OTHER], check_counts),
    (["search", "-n", "--last", "5", "needle", BIG, OTHER], check_last),
    (["count", "--format", "json", "-e", "needle", BIG, OTHER], check_count),
    (["stats", "--format", "json", BIG, OTHER], check_stats),
]


def fault(check, answers, child, stdout, stderr, sizes):
    """What is wrong with a run during which the file was cut."""
    status = child.returncode
    if status < 0:
        return "ended by signal %d" % -status
    if status not in (0, 2):
        return "ended with %d" % status
    intact = 0
    if status == 2:
        said = [int(number) for number in re.findall(r"\d+", stderr)]
        if BIG not in stderr or not set(sizes) <= set(said):
            return "the message lacks the name or a size: %r" % stderr
        holds = re.search(r"before byte (\d+)", stderr)
        intact = int(holds[1]) if holds else 0
    elif stderr:
        return "says %r but ends with 0" % stderr
    try:
        return check(answers, stdout, status == 2, intact)
    except (ValueError, KeyError, IndexError, TypeError) as e:
        return "its JSON lacks something: %r: %r" % (e, stdout[:200])


def start(swathe, arguments, threads, folder):
    command = [swathe, arguments[0], "--threads=%d" % threads, *arguments[1:]]
    out, err = open(os.path.join(folder, "out"), "w+b"), open(os.path.join(folder, "err"), "w+b")
    return subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, stdin=subprocess.DEVNULL), out, err


def end(child, out, err):
    child.wait()
    texts = []
    for file in (out, err):
        file.seek(0)
        texts.append(file.read())
        file.close()
    return texts[0], texts[1].decode(errors="replace")


def cut_to(rng, size):
    page = os.sysconf("SC_PAGE_SIZE")
    return rng.choice([
        0, rng.randrange(size), rng.randrange(size) // page * page,
        size - rng.randrange(1, 2 * page), rng.randrange(big.MIB),
    ])  # fmt: skip


def moment(options, rng, content, whole, durations, number):
    """Cuts once; returns whether it was noticed, and what is wrong."""
    arguments, check = COMMANDS[number % len(COMMANDS)]
    threads = rng.randrange(1, 5)
    length, path = cut_to(rng, options.size), os.path.join(options.folder, BIG)
    child, out, err = start(options.swathe, arguments, threads, options.folder)
    delay = rng.random() * durations[number % len(COMMANDS)]
    time.sleep(delay)
    os.truncate(path, length)
    stdout, stderr = end(child, out, err)
    answers = [whole, Answers(length, content)]
    wrong = fault(check, answers, child, stdout, stderr, (options.size, length))
    with open(path, "r+b") as file:
        file.seek(length)
        big.extend(file, content, options.size)
    if wrong:
        wrong = "%s --threads=%d, cut to %d after %.3f s: %s" % (" ".join(arguments), threads, length, delay, wrong)
    return child.returncode == 2, wrong


def durations(options, whole):
    """How long each command takes undisturbed; its answer must be right."""
    found = []
    for arguments, check in COMMANDS:
        best = None
        for _ in range(2):
            began = time.monotonic()
            child, out, err = start(options.swathe, arguments, 2, options.folder)
            stdout, stderr = end(child, out, err)
            best = min(best or 1e9, time.monotonic() - began)
            wrong = fault(check, [whole], child, stdout, stderr, ())
            if wrong or child.returncode:
                raise SystemExit("undisturbed %s: %s" % (" ".join(arguments), wrong or stderr))
        found.append(best)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--size", default="3G")
    parser.add_argument("--moments", type=int, default=50, help="cuts that were noticed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dir", metavar="DIR", help="where the file goes (a file system with room)")
    options = parser.parse_args()
    options.swathe = os.path.abspath(shutil.which(options.swathe) or parser.error("no such --swathe"))
    options.size = big.size(options.size)
    rng, content = random.Random(options.seed), block()
    noticed = missed = failed = 0
    with tempfile.TemporaryDirectory(prefix="swathe-truncate-", dir=options.dir) as options.folder:
        big.repeated(os.path.join(options.folder, BIG), content, options.size)
        with open(os.path.join(options.folder, OTHER), "w") as file:
            file.write("".join(line + "\n" for line in OTHER_LINES))
        whole = Answers(options.size, content)
        times = durations(options, whole)
        # Some cuts come too early or too late to be noticed; those are
        # checked too, but the wanted number is of those that were noticed.
        for number in range(options.moments * 6):
            seen, wrong = moment(options, rng, content, whole, times, number)
            noticed, missed = noticed + seen, missed + (not seen)
            if wrong:
                failed += 1
                print("FAIL " + wrong, flush=True)
            if noticed >= options.moments:
                break
    print("%d cuts noticed, %d before or after reading" % (noticed, missed))
    print("%d passed, %d failed" % (noticed + missed - failed, failed))
    return 1 if failed or noticed < options.moments else 0


if __name__ == "__main__":
    sys.exit(main())
