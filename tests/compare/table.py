#!/usr/bin/env python3
"""The whole comparison: every workload against the best of its peers.

    tests/compare/table.py --swathe target/release/swathe --rg rg --corpus app.log

Prints a Markdown table. For each row the answers must be equal first; then
the peers are tried once on the head of the file, and the fastest one runs in
turns with swathe on the whole. A ratio is the median over runs next to each
other, above 1 where swathe is faster; CPU is swathe's seconds through the
peer's. A peer that is not installed is left out, and said so. With --record
the figures are written as JSON too, with the machine and the versions.

Peers are given what makes them fastest: ripgrep is tried with and without
maps and Unicode, GNU tools run in the C locale.
"""

import argparse
import dataclasses
import datetime
import functools
import hashlib
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

import big

HEAD = 256 * big.MIB
# Of its threads, one only waits for the others.
HYPERGREP = [[], ["-j", "3"]]
RG = [[], ["--mmap"], ["--no-mmap"], ["--no-unicode"], ["--mmap", "--no-unicode"], ["-a", "--mmap"]]


@dataclasses.dataclass(frozen=True)
class Row:
    """A question: swathe's arguments, and the peers' by name. Words in braces
    are filled in; a peer of one string is a shell's command."""

    name: str
    ours: list
    peers: dict
    goal: float
    # Brings an answer of ours, and one of a peer, into the same form.
    answer: tuple = (None, None)
    # What swathe alone prints besides.
    same: bool = True


def search(name, goal, *flags, gnu=None):
    """A row in which all greps are asked the same."""
    peers = {"rg": ["{rg}", "--no-config", *flags, "{file}"], "ugrep": ["{ugrep}", *flags, "{file}"]}
    if gnu is not None:
        peers["grep"] = ["{grep}", *gnu, "{file}"]
    return Row(name, ["search", *flags, "{file}"], peers, goal)


def against_hypergrep(row):
    """The same question to hypergrep alone: its syntax and options differ, and it
    takes no files of patterns."""
    _, *options, pattern, _ = row.ours
    words = ["{hgrep}", "-I", "-M", "1000000", *options, "(?m)" + pattern, "{file}"]
    return dataclasses.replace(row, name=row.name + ", against hypergrep", peers={"hypergrep": words}, goal=1)


def many(name, goal, count, *flags):
    return search("%d literals%s, `-c`" % (count, "".join(" `%s`" % flag for flag in flags)), goal,
                  "-c", "-F", *flags, "-f", "{literals%d}" % count)  # fmt: skip


WC = "LC_ALL=C.UTF-8 wc"
TWENTY = ["req=%02x" % (n * 7) for n in range(16)] + ["timeout", "refused", "status=503", "latency=7ms"]
TOP = "grep -aoP 'user=\\K\\w+' {file} | sort | uniq -c | sort -k1,1nr -k2 | head -10 | awk '{{print $2, $1}}'"
DUCK = (
    "import duckdb; print('\\n'.join('%s %d' % row for row in duckdb.sql(\"select k, count(*) n from (select "
    "regexp_extract(line, 'user=(\\w+)', 1) k from read_csv('{file}', columns={{'line': 'VARCHAR'}}, delim='\\x01', "
    "quote='', escape='', header=false, auto_detect=false)) where k <> '' group by k order by n desc, k limit 10\")"
    ".fetchall()))"
)

ROWS = [
    search("rare literal, `-c`", 2, "-c", "ledger out of balance", gnu=["-aFc", "ledger out of balance"]),
    search("literal on 2 % of lines, `-n`", 2.5, "-n", "ERROR", gnu=["-aFn", "ERROR"]),
    search("literal on every line, `-n`", 4, "-n", "req=", gnu=["-aFn", "req="]),
    search("`-i` of three words, `-c`", 2, "-c", "-i", "timeout|refused|declined"),
    search("`-w` literal, `-c`", 1.8, "-c", "-w", "timeout", gnu=["-acw", "timeout"]),
    search("`-i` Unicode word, `-c`", 1.8, "-c", "-i", "straße"),
    search("`[A-Za-z]{30}`, `-c`", 6, "-c", "[A-Za-z]{30}"),
    search("IP, `-o`", 4, "-o", r"\d+\.\d+\.\d+\.\d+"),
    search("IP, `-c`", 1.8, "-c", r"\d+\.\d+\.\d+\.\d+"),
    search("`[0-9a-f]{8}-[0-9a-f]{4}`, `-c`", 1.8, "-c", "[0-9a-f]{8}-[0-9a-f]{4}"),
    search(r"`(\w+)=(\d+)`, `-c`", 1.8, "-c", r"(\w+)=(\d+)"),
    search(r"`\w+@\w+\.com`, `-c`", 1.8, "-c", r"\w+@\w+\.com"),
    many("", 1.8, 100),
    many("", 3, 500),
    many("", 1.8, 500, "-w"),
    many("", 1.8, 500, "-i"),
    many("", 1.8, 500, "-i", "-w"),
    many("", 1.8, 10000),
    many("", 1.8, 10000, "-i"),
    Row("newlines", ["stats", "--wc", "-l", "{file}"], {"wc": WC + " -l {file}"}, 2.5),
    Row("`stats`, all fields", ["stats", "{file}"], {"wc": WC + " -lwmcL {file}"}, 15, same=False),
    Row("20 literals counted, against twenty runs", ["count", "--format", "csv", *[w for p in TWENTY for w in ("-e", p)], "-F", "{file}"],
        {"rg": "for p in %s; do {rg} --no-config --mmap -acF -e $p {file}; done" % " ".join(TWENTY)}, 8, same=False),  # fmt: skip
    Row("20 literals counted, against one alternation", ["count", "--format", "csv", *[w for p in TWENTY for w in ("-e", p)], "-F", "{file}"],
        {"rg": ["{rg}", "--no-config", "--mmap", "-acF", *[w for p in TWENTY for w in ("-e", p)], "{file}"]}, 1, same=False),  # fmt: skip
    Row("`top` of a capture, against a pipeline", ["top", r"user=(\w+)", "--format", "csv", "{file}"], {"grep | sort": TOP}, 10,
        (r"(?m)^user=?,?([\w]+),(\d+)", r"(?m)^(\w+) (\d+)$"), same=False),  # fmt: skip
    Row("`top` of a capture, against DuckDB", ["top", r"user=(\w+)", "--format", "csv", "{file}"], {"duckdb": [sys.executable, "-c", DUCK]}, 3, same=False),
]
ROWS += [against_hypergrep(row) for row in ROWS if row.ours[0] == "search" and "-f" not in row.ours]


def literals(folder, corpus):
    """Files of literals: users, of whom some are there."""
    pick, files = random.Random(1), {}
    for count in (100, 500, 10000):
        path = os.path.join(folder, "literals-%d" % count)
        with open(path, "w") as file:
            file.writelines("user=u%d\n" % pick.randrange(10**6) for _ in range(count))
        files["literals%d" % count] = path
    return files


class Time:
    def __init__(self, wall, cpu):
        self.wall, self.cpu = wall, cpu


@functools.cache
def terminal():
    """A terminal for standard input: hypergrep would read anything else
    instead of the file it is given."""
    return os.openpty()[1]


def run(command, answer=False):
    """One run, its output to a pipe that is emptied at no cost, or digested."""
    environment = {**os.environ, "LC_ALL": "C"}
    if answer:
        child = subprocess.Popen(command, stdin=terminal(), stdout=subprocess.PIPE, env=environment)
        found = hashlib.blake2b()
        while piece := child.stdout.read1(big.MIB):
            found.update(piece)
        child.wait()
        return found.hexdigest()
    start = time.perf_counter()
    with big.Drain() as drain:
        child = subprocess.Popen(command, stdin=terminal(), stdout=drain.writer, env=environment)
        drain.close_writer()
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
    return Time(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def command_of(words, names):
    if isinstance(words, str):
        return ["sh", "-c", words.format(**names)]
    return [re.sub(r"^\{(\w+)\}$", lambda m: names[m[1]], w) if not w.startswith("import ") else w.format(**names) for w in words]


def peers_of(row, names):
    """Each peer's commands that are there."""
    for name, words in row.peers.items():
        if name not in names["there"]:
            continue
        if name == "rg" and not isinstance(words, str) and "--mmap" not in words:
            for extra in RG:
                yield name, [*words[:2], *extra, *words[2:]]
        elif name == "hypergrep":
            for extra in HYPERGREP:
                yield name, [*words[:1], *extra, *words[1:]]
        else:
            yield name, words


def best(row, names):
    """The peer that is fastest on the head of the file, of those with our answer."""
    head = {**names, "file": names["head"]}
    want = run([names["swathe"], *command_of(row.ours, head)], True) if row.same else None
    chosen = None
    for name, words in peers_of(row, names):
        command = command_of(words, head)
        if want is not None and run(command, True) != want:
            print("note: %s: %s answers otherwise, left out" % (row.name, name), file=sys.stderr)
            continue
        took = min(run(command).wall for _ in range(2))
        if chosen is None or took < chosen[0]:
            chosen = (took, name, words)
    return chosen


def measure(row, names, options):
    found = best(row, names)
    if found is None:
        return None
    _, name, words = found
    peer = command_of(words, names)
    ours = [[names["swathe"], *command_of(row.ours, names), "--threads=%d" % n] for n in options.threads]
    if row.same and len({run(c, True) for c in [peer, *ours]}) != 1:
        raise SystemExit("%s: answers differ on the whole file" % row.name)
    rounds = []
    for number in range(options.rounds):
        order = list(enumerate([peer, *ours]))
        if number % 2:
            order.reverse()
        if options.cold:
            times = {}
            for place, command in order:
                big.cool(options.corpus)
                times[place] = run(command)
        else:
            times = {place: run(command) for place, command in order}
        rounds.append(times)
    size = os.path.getsize(options.corpus)
    figures = {"row": row.name, "peer": name, "goal": row.goal}
    figures["peer_seconds"] = statistics.median(r[0].wall for r in rounds)
    for place, threads in enumerate(options.threads, 1):
        wall = statistics.median(r[place].wall for r in rounds)
        figures["%d" % threads] = {
            "gb_per_second": round(size / wall / 1e9, 2),
            "faster": round(statistics.median(r[0].wall / r[place].wall for r in rounds), 2),
            "cpu": round(statistics.median(r[place].cpu / r[0].cpu for r in rounds), 2),
        }
    return figures


def text(figures, threads):
    cells = [figures["row"], figures["peer"], "%.2f s" % figures["peer_seconds"]]
    for n in threads:
        f = figures["%d" % n]
        cells += ["%.1f GB/s" % f["gb_per_second"], "%.2fx" % f["faster"], "%.2f" % f["cpu"]]
    reached = figures["%d" % threads[-1]]["faster"] >= figures["goal"]
    return "| %s | %s%s |" % (" | ".join(cells), figures["goal"], "" if reached else ", missed")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--hgrep", default="hgrep", metavar="PATH", help="hypergrep; built from its source, if it is there")
    parser.add_argument("--corpus", required=True, metavar="FILE", help="made if absent")
    parser.add_argument("--size", default="4G")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--only", metavar="TEXT", help="rows whose name has this text")
    parser.add_argument("--cold", action="store_true", help="drop the file from the page cache before each run")
    parser.add_argument("--record", metavar="FILE", help="write the figures as JSON")
    options = parser.parse_args()
    options.threads = [int(n) for n in options.threads.split(",")]
    return options


def main():
    options = arguments()
    names = {n: shutil.which(getattr(options, n, None) or n) for n in ("swathe", "rg", "hgrep", "ugrep", "grep")}
    for tool in ("swathe", "rg"):
        if not names[tool]:
            raise SystemExit("no such --%s" % tool)
    names["swathe"] = os.path.abspath(names["swathe"])
    there = {n for n in ("rg", "ugrep", "grep") if names[n]} | {"wc", "grep | sort"}
    there |= {"hypergrep"} if names["hgrep"] else set()
    if subprocess.run([sys.executable, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode == 0:
        there.add("duckdb")
    folder = os.path.join(os.path.dirname(os.path.abspath(options.corpus)), "table")
    os.makedirs(folder, exist_ok=True)
    big.log(options.corpus, big.size(options.size), names["swathe"])
    head = os.path.join(folder, "head.log")
    with open(options.corpus, "rb") as whole, open(head, "wb") as file:
        part = whole.read(HEAD)
        file.write(part[: part.rfind(b"\n") + 1])
    names.update(there=there, head=head, file=options.corpus, **literals(folder, options.corpus))
    versions = [big.version(names[n]) for n in ("swathe", "rg", "ugrep", "grep") if names[n]]
    versions += ["hypergrep " + big.version(names["hgrep"])] if names["hgrep"] else []
    cache = "not in page cache" if options.cold else "in page cache"
    about = "%s; %d bytes, %s; %s; median of %d paired runs" % (
        ", ".join(versions), os.path.getsize(options.corpus), cache, big.machine(), options.rounds)  # fmt: skip
    print(about)
    if options.cold:
        print("the device brings %.2f GB/s: goals are those of files in memory" % (big.read_cold(options.corpus, 2) / 1e9))
    for missing in {"rg", "hypergrep", "ugrep", "grep", "duckdb"} - there:
        print("not installed, left out: %s" % missing)
    heads = ["", "best peer", "it takes"]
    for n in options.threads:
        heads += ["%d thread%s" % (n, "s" * (n > 1)), "faster", "CPU"]
    print("\n| %s | goal |\n|%s" % (" | ".join(heads), "---|" * (len(heads) + 1)))
    rows = []
    for row in ROWS:
        if options.only and options.only not in row.name:
            continue
        figures = measure(row, names, options)
        if figures:
            rows.append(figures)
            print(text(figures, options.threads), flush=True)
    if options.record:
        record = {"date": datetime.date.today().isoformat(), "about": about, "rows": rows}
        with open(options.record, "w") as file:
            json.dump(record, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    sys.exit(main())
