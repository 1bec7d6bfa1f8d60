#!/usr/bin/env python3
"""Compares `swathe search` with ripgrep on random command lines and inputs.

    tests/compare/ripgrep.py --swathe target/release/swathe --rg rg --cases 1000

Each case is a random set of flags, patterns and unkind inputs. ripgrep runs
once, swathe at several chunk sizes and thread counts; standard output must be
the same byte for byte, the exit code the same, and a message on standard
error on both sides or on none. Exempt, as in the documentation: NUL bytes on
standard input, times, and `bytes_searched` after an early stop.

A case depends on its seed and number alone: `--only N` runs it again. What
fails is made small, saved to `--save` and printed with a command to copy.
"""

import argparse
import collections
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

import case as cases
from shrink import report, shrink

# More output than any case is meant to have: the program is ended by a signal
# and, if it is ripgrep, the case left out.
MOST_OUTPUT = 256 << 20


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first case")
    parser.add_argument("--only", type=int, metavar="N", help="this case alone")
    parser.add_argument("--all-combinations", action="store_true", help="every chunk size with every thread count")
    parser.add_argument("--extended", action="store_true", help="also flags that came later")
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time")
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="start no case after this")
    parser.add_argument("--max-failures", type=int, default=20, metavar="N")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--save", default=os.path.join(tempfile.gettempdir(), "swathe-compare-failures"), metavar="DIR")
    options = parser.parse_args()
    for name in ("swathe", "rg"):
        found = shutil.which(getattr(options, name))
        if not found:
            parser.error("%s is not a program (give --%s PATH)" % (getattr(options, name), name))
        setattr(options, name, os.path.abspath(found))
    return options


def begin():
    """What each process of the pool does first."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    for name in ("RIPGREP_CONFIG_PATH", "SWATHE_CONFIG_PATH", "NO_COLOR"):
        os.environ.pop(name, None)
    os.environ["TERM"] = "xterm"


def check(options, number):
    """Runs one case; returns what there is to tell about it."""
    rng = random.Random("%d:%d" % (options.seed, number))
    case = cases.generate(rng, options.extended)
    largest = max(len(data) for _, data in case.files)
    combos = cases.combos(rng, largest)
    if options.all_combinations:
        combos = [cases.Combo(size, threads) for size in cases.CHUNK_SIZES for threads in range(1, 5)]
    with cases.Scratch(case) as scratch:
        want = scratch.run(case, cases.rg_command(case, options))
        if want.status is None or want.status < 0:
            return "skipped", case.kinds, None
        for combo in combos:
            got = scratch.run(case, cases.swathe_command(case, combo, options))
            found = cases.difference(case, want, got)
            if found:
                return "failed", case.kinds, failure(options, number, case, combo, found)
    outcome = {0: "matched", 1: "nothing matched"}.get(want.status, "refused")
    return outcome, case.kinds, len(combos)


def failure(options, number, case, combo, found):
    kind, description = found
    title = "FAIL case %d of seed %d: %s" % (number, options.seed, description)
    if not options.no_shrink:
        case = shrink(case, combo, options, kind)
    folder = os.path.join(options.save, "seed-%d-case-%d" % (options.seed, number))
    return report(case, combo, options, kind, folder, title)


def run(options, tell):
    numbers = iter(range(options.first, options.first + options.cases))
    if options.only is not None:
        numbers = iter([options.only])
    end = time.monotonic() + options.time_limit if options.time_limit else None
    outcomes, kinds, runs = collections.Counter(), collections.Counter(), 0
    with ProcessPoolExecutor(options.jobs, initializer=begin) as pool:
        pending = set()
        while True:
            more = outcomes["failed"] < options.max_failures and (
                end is None or time.monotonic() < end
            )
            while more and len(pending) < options.jobs * 2:
                number = next(numbers, None)
                if number is None:
                    break
                pending.add(pool.submit(check, options, number))
            if not pending:
                return outcomes, kinds, runs
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                outcome, inputs, more_to_tell = future.result()
                outcomes[outcome] += 1
                kinds.update(inputs)
                if outcome == "failed":
                    tell(more_to_tell)
                elif outcome != "skipped":
                    runs += more_to_tell


def main():
    options = arguments()
    started = time.monotonic()
    outcomes, kinds, runs = run(options, lambda text: print(text, flush=True))
    failed = outcomes["failed"]
    passed = sum(outcomes.values()) - failed - outcomes["skipped"]
    print("inputs: " + ", ".join("%s %d" % pair for pair in sorted(kinds.items())))
    print("cases: " + ", ".join("%s %d" % pair for pair in sorted(outcomes.items())))
    print("%d runs of swathe in %.0f s, seed %d" % (runs, time.monotonic() - started, options.seed))
    if failed:
        print("failures are saved in %s" % options.save)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
