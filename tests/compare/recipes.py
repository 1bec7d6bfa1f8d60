#!/usr/bin/env python3
"""Checks the answers of docs/guide.md with other tools, or by reading the logs.

    tests/compare/recipes.py [--swathe PATH] [--write]

`cargo test` checks that the commands of the guide print what it says; this
checks that it is true: every question is answered once more with awk, grep,
sort and uniq, or in a few lines of Python that know nothing of swathe. With
--write the guide gets what the commands print first.
"""

import argparse
import collections
import datetime
import gzip
import json
import math
import pathlib
import re
import shlex
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
LOGS = DOCS / "guide"
CHECKS = {}


def check(heading):
    def add(function):
        CHECKS[heading] = function
        return function

    return add


def shell(command):
    done = subprocess.run(["bash", "-c", command], cwd=LOGS, check=True, capture_output=True, text=True)
    return done.stdout


def lines(name):
    if name.endswith(".gz"):
        return gzip.open(LOGS / name, "rt").read().splitlines()
    return (LOGS / name).read_text().splitlines()


WORKER = ["worker.log.2.gz", "worker.log.1", "worker.log"]
WEB = re.compile(r'(\S+) \S+ \S+ \[([^]]+)\] "(\S+) (\S+) [^"]*" (\d+) (\d+) "[^"]*" "([^"]*)" (\S+)')


def web():
    for line in lines("access.log"):
        host, time, _, url, status, size, agent, took = WEB.fullmatch(line).groups()
        yield {
            "host": host,
            "time": datetime.datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z"),
            "url": url,
            "endpoint": url.split("?")[0],
            "status": int(status),
            "bytes": int(size),
            "agent": agent,
            "took": float(took),
            "line": line,
        }


def events():
    return [json.loads(line) for line in lines("events.jsonl")]


def service():
    """Its events: a list of lines each."""
    all = []
    for line in lines("service.log"):
        if re.match(r"\d{4}-", line):
            all.append([])
        all[-1].append(line)
    return all


def bucket(time, minutes):
    return time.replace(minute=time.minute // minutes * minutes, second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def percentile(numbers, p):
    return sorted(numbers)[max(math.ceil(len(numbers) * p), 1) - 1]


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-12)


def same(got, want):
    assert got == want, f"{got}\n  is not\n{want}"


def groups(answer, *fields):
    """Key and numbers of each group."""
    return [(row["key"], *(row[field] for field in fields)) for row in answer["groups"]]


def grouped(rows, key):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def check_values(answer, wanted):
    """Numbers of each group, against all of them."""
    got = {json.dumps(row["key"]): row for row in answer["groups"]}
    same(sorted(got), sorted(json.dumps(key) for key in wanted))
    for key, numbers in wanted.items():
        row = got[json.dumps(key)]
        same(row["count"], len(numbers))
        assert near(row["sum"], math.fsum(numbers)) and near(row["mean"], math.fsum(numbers) / len(numbers)), key
        for field, p in [("min", 0), ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)]:
            same((key, field, row[field]), (key, field, percentile(numbers, p)))


@check("What is this file, and what can I ask about it?")
def _(answer):
    row = answer["files"][0]
    same(row["lines"]["value"], int(shell("wc -l < service.log")))
    same(row["bytes"], int(shell("wc -c < service.log")))
    same(row["time"]["first"], "2026-11-23T" + shell("head -1 service.log")[11:23].replace(",", ".") + "Z")
    assert near(row["lines_per_event"], len(lines("service.log")) / len(service()))


@check("How long do requests take, per endpoint?")
def _(answer):
    by = grouped(web(), lambda row: row["endpoint"])
    check_values(answer, {key: [row["took"] for row in rows] for key, rows in by.items()})


@check("What is the p99 of one endpoint, every five minutes?")
def _(answer):
    rows = [row for row in web() if row["endpoint"] == "/api/orders"]
    by = grouped(rows, lambda row: bucket(row["time"], 5))
    check_values(answer, {tuple(["/api/orders", key]): [row["took"] for row in rows] for key, rows in by.items()})


@check("What share of the requests failed, minute by minute?")
def _(answer):
    # The awk everybody has in a drawer.
    program = r"""{ split($4, t, ":"); m = t[2] ":" t[3]; all[m]++; if ($9 ~ /^5/) bad[m]++ }
                  END { for (m in all) if (m >= "10:08" && m < "10:15") print m, all[m], bad[m] + 0 }"""
    want = shell(f"awk '{program}' access.log | sort")
    got = "".join(f"{row['start'][11:16]} {row['lines']} {row['patterns'][0]}\n" for row in answer["buckets"])
    same(got, want)


@check("How many errors has each host in each minute, as CSV?")
def _(answer):
    want = shell(r"""awk '$9 >= 500 { split($4, t, ":"); print t[2] ":" t[3], $1 }' access.log | LC_ALL=C sort | uniq -c""")
    got = "".join(f"{count:7} {key[0][11:16]} {key[1]}\n" for key, count in groups(answer, "count"))
    same(got, want)


@check("Which status codes are there?")
def _(answer):
    want = shell("awk '{ print $9 }' access.log | sort | uniq -c | sort -k1,1nr -k2")
    same("".join(f"{count:7} {key}\n" for key, count in groups(answer, "count")), want)


@check("Who transfers most?")
def _(answer):
    want = shell("awk '{ sum[$1] += $10 } END { for (h in sum) print sum[h], h }' access.log | sort -nr | head -3")
    same("".join(f"{total:.0f} {key}\n" for key, total in groups(answer, "sum")), want)


@check("Which were the slowest requests?")
def _(answer):
    want = sorted(web(), key=lambda row: -row["took"])[:3]
    same([row["max"] for row in answer["groups"]], [row["took"] for row in want])
    same(sorted(row["key"][1] for row in answer["groups"]), sorted(row["host"] for row in want))


@check("Which requests took more than 1.2 seconds?")
def _(answer):
    want = shell("awk '$NF > 1.2' access.log | LC_ALL=C sort")
    same("".join(f"{key}\n" for key, in groups(answer)), want)


@check("Which programs ask, and from how many addresses?")
def _(answer):
    by = grouped(web(), lambda row: row["agent"])
    want = sorted((key, len(rows), len({row["host"] for row in rows})) for key, rows in by.items())
    same(sorted(groups(answer, "count", "distinct")), want)


@check("How many users were there each day?")
def _(answer):
    by = grouped(events(), lambda row: row["time"][:10])
    want = [(f"{day}T00:00:00Z", len({row["user"]["id"] for row in rows})) for day, rows in sorted(by.items())]
    same(groups(answer, "distinct"), want)


@check("Which errors do the JSON logs have?")
def _(answer):
    rows = [row for row in events() if row["level"] == "error"]
    want = collections.Counter((row["level"], row["message"]) for row in rows)
    same({tuple(key): count for key, count in groups(answer, "count")}, dict(want))


@check("How do services compare, as a table for a ticket?")
def _(answer):
    by = grouped(events(), lambda row: row["service"])
    check_values(answer, {key: [row["ms"] for row in rows] for key, rows in by.items()})


@check("How many exceptions of each kind?")
def _(answer):
    want = shell(r"grep -oE '^[a-zA-Z.]+(Exception|Error)' service.log | sort | uniq -c | sort -nr")
    same("".join(f"{count:7} {key}\n" for key, count in groups(answer, "count")), want)


@check("How many events are stack traces, each counted once?")
def _(answer):
    all = ["\n".join(event) for event in service()]
    for row in answer["patterns"]:
        same((row["lines"], row["matches"]), (sum(row["pattern"] in e for e in all), sum(e.count(row["pattern"]) for e in all)))
    same(answer["lines_total"], len(all))
    same(answer["lines_any"], sum("ERROR" in e or "Exception" in e for e in all))


KINDS = [r"request \d+ done", "cache miss", "connection from", r"request \d+ failed"]


@check("What kinds of messages are there?")
def _(answer):
    all = [event[0] for event in service()]
    want = sorted((sum(bool(re.search(kind, line)) for line in all) for kind in KINDS), reverse=True)
    same([row["count"] for row in answer["templates"]], want)


@check("Which kinds of messages are new?")
def _(answer):
    kinds = ["started", "gave up", "finished", "is full", "panic"]
    all = [(name, line) for name in WORKER for line in lines(name)]
    want = {kind: next(row for row in all if kind in row[1]) for kind in kinds}
    got = [(row["example"]["path"], row["example"]["text"]) for row in answer["templates"]]
    same(sorted(got), sorted(want.values()))
    new = shell("grep -vhE '(started|finished|gave up)' worker.log").splitlines()
    same([text for path, text in got if path == "worker.log"], new)


@check("What is new since yesterday?")
def _(answer):
    before, after = (shell(f"cut -d: -f4- {name}").splitlines() for name in ("worker.log.1", "worker.log"))
    same((answer["before"]["records"], answer["after"]["records"]), (len(before), len(after)))
    words = lambda lines: {" ".join(re.sub(r"[0-9]+", "N", line).split()[:3]) for line in lines if not re.search("^ job", line)}
    flagged = [row for section in answer["sections"] for row in section["rows"] if row["flag"] in ("new", "gone")]
    same({row["flag"]: row["key"].split()[0] for row in flagged}, {"new": "panic:", "gone": "error:"})
    same(len(words(after) - words(before)), answer["new"])
    same(len(words(before) - words(after)), answer["gone"])


@check("What changed during the outage, and is it enough to stop a release?")
def _(text):
    codes = lambda times: set(shell(f"grep -E '2026:10:({times}):' access.log | cut -d '\"' -f3").split()[::2])
    new = codes("1[012]") - codes("0[0-9]")
    assert "502" in new and text.endswith("3\n"), new


@check("Where does it occur first, in a set of rotated files?")
def _(answer):
    row = answer["patterns"][0]
    want = shell("zgrep -n 'disk .* is full' worker.log.2.gz worker.log.1 worker.log | head -1").split(":")
    same([row["first"]["path"], row["first"]["line"]], [want[0], int(want[1])])


@check("And what stands around it?")
def _(text):
    same(text, shell("zgrep -Hn -C1 'disk .* is full' worker.log.1"))


@check("How long do jobs take, on each host, over all rotated files?")
def _(answer):
    by = collections.defaultdict(list)
    for name in WORKER:
        for line in lines(name):
            if found := re.search(r"finished in (\d+)s", line):
                by[line.split()[3]].append(int(found[1]))
    check_values(answer, by)


@check("When was it busy, and when silent for more than 30 seconds?")
def _(answer):
    times = [datetime.datetime.strptime(event[0][:23], "%Y-%m-%d %H:%M:%S,%f") for event in service()]
    want = collections.Counter(bucket(time, 5) for time in times)
    same({row["start"]: row["lines"] for row in answer["buckets"]}, dict(want))
    times.sort()
    gaps = [(b - a).total_seconds() for a, b in zip(times, times[1:]) if (b - a).total_seconds() > 30]
    same([row["seconds"] for row in answer["gaps"]], sorted(gaps, reverse=True))


@check("How many errors were there in the last five minutes of the log?")
def _(answer):
    stamp = lambda line: datetime.datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f")
    last = max(stamp(event[0]) for event in service())
    late = [event[0] for event in service() if stamp(event[0]) >= last - datetime.timedelta(minutes=5)]
    same(answer["patterns"][0]["lines"], sum("ERROR" in line for line in late))


@check("How many lines of each level, and how long are they?")
def _(answer):
    by = grouped(service(), lambda event: event[0].split()[2].lower())
    for row in answer["groups"]:
        text = [line for event in by[row["key"]] for line in event]
        same((row["lines"], row["line_length"]["max"]), (len(text), max(map(len, text))))
        same(row["words"], sum(len(line.split()) for line in text))
    same(len(answer["groups"]), len(by))


@check("Wake me if there are more than ten errors")
def _(text):
    errors = int(shell("grep -c ERROR service.log"))
    assert text.endswith("3\n") == (errors > 10), errors


def recipes():
    """The heading and the command of each question."""
    heading, found = None, []
    for line in (DOCS / "guide.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("$ "):
            found.append((heading, line[2:]))
    return found


def run(swathe, command):
    """What a command of the guide prints."""
    command = command.replace("swathe", shlex.quote(swathe), 1)
    done = subprocess.run(["bash", "-c", command], cwd=LOGS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


def write(swathe):
    text, inside = [], False
    for line in (DOCS / "guide.md").read_text().splitlines(keepends=True):
        inside = line == "```console\n" if line.startswith("```") else inside
        if inside and not line.startswith(("```", "$ ")):
            continue
        text.append(line)
        if inside and line.startswith("$ "):
            text.append(run(swathe, line[2:].rstrip("\n")))
    (DOCS / "guide.md").write_text("".join(text))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--swathe", default="swathe")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.swathe = str(pathlib.Path(options.swathe).resolve()) if "/" in options.swathe else options.swathe
    if options.write:
        write(options.swathe)
    wrong = 0
    all = recipes()
    for heading in {heading for heading, _ in all} ^ set(CHECKS):
        wrong += 1
        print(f"WRONG: {heading}: a recipe without a check, or a check without a recipe")
    for heading, command in all:
        plain = command.startswith("swathe search") or "echo $?" in command
        command = command if plain else re.sub(r" --format \w+", "", command) + " --format json"
        printed = run(options.swathe, command)
        try:
            CHECKS[heading](printed if plain else json.loads(printed))
            print(f"ok: {heading}")
        except (AssertionError, KeyError, ValueError, IndexError) as error:
            wrong += 1
            print(f"WRONG: {heading}\n  {command}\n  {type(error).__name__}: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
