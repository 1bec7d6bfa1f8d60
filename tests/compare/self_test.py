#!/usr/bin/env python3
"""Checks `ripgrep.py` itself: ripgrep against ripgrep must not fail, and
ripgrep made wrong in known ways must.

    tests/compare/self_test.py --rg rg
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ripgrep.py")

# Takes the place of swathe: drops what ripgrep does not know.
WRAPPER = """#!/bin/sh
shift
before= lines=
for a; do
  shift
  case $a in
    --chunk-size=*) size=${a#*=} ;;
    --threads=*|--io=*) ;;
    -B) before=1; set -- "$@" "$a" ;;
    *) set -- "$@" "$a" ;;
  esac
done
rg() { %s --no-config -j1 "$@"; }
"""
RIGHT = 'rg "$@"\n'
# What is wrong, how, and what the report must speak of.
WRONG = [
    ("loses the last byte of small chunks",
     'rg "$@" > out.$$; s=$?; if [ "$size" = 64 ]; then head -c -1 out.$$; else cat out.$$; fi; rm out.$$; exit $s',
     "standard output differs"),
    ("prints a separator more with -B",
     'rg "$@"; s=$?; if [ $before ]; then echo --; fi; exit $s',
     " -B "),
    ("says an error is no match", 'rg "$@"; s=$?; if [ $s = 2 ]; then exit 1; fi; exit $s', "exit code 1 instead of 2"),
    ("is silent about errors", 'rg "$@" 2>/dev/null', "a message on one side only"),
    ("dies by a signal", 'case "$*" in *-c*) kill -SEGV $$ ;; esac; rg "$@"', "exit code -11"),
]  # fmt: skip


def run(body, options, folder, *more):
    wrapper = os.path.join(folder, "wrapper.sh")
    with open(wrapper, "w") as file:
        file.write(WRAPPER % shlex.quote(options.rg) + body + "\n")
    os.chmod(wrapper, 0o755)
    command = [sys.executable, SCRIPT, "--swathe", wrapper, "--rg", options.rg]
    command += ["--cases", str(options.cases), "--save", os.path.join(folder, "save"), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--cases", type=int, default=200)
    options = parser.parse_args()
    options.rg = os.path.abspath(shutil.which(options.rg) or parser.error("no such --rg"))
    bad = 0

    def tell(name, right, output):
        nonlocal bad
        bad += not right
        print("%s: %s" % ("ok" if right else "WRONG", name), flush=True)
        if not right:
            print(output)

    with tempfile.TemporaryDirectory(prefix="swathe-self-test-") as folder:
        status, output = run(RIGHT, options, folder)
        right = status == 0 and output.endswith("%d passed, 0 failed\n" % options.cases)
        tell("ripgrep is equal to itself", right, output)
        for name, body, expected in WRONG:
            status, output = run(body, options, folder, "--max-failures", "3")
            failed = re.search(r"(\d+) failed\n$", output)
            right = status == 1 and failed and int(failed[1]) > 0 and expected in output
            tell("found: a search that " + name, right, output)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
