#!/usr/bin/env python3
"""Runs ripgrep's own integration tests against `swathe search`.

    tests/compare/ripgrep_suite.py --swathe target/release/swathe

The tests are those of the package `ripgrep` 15.2.0, which cargo downloads like
any dependency; nothing of it is kept here. They start the program `../rg`
beside their own directory. That is a script which calls `swathe search`, and
gives `SWATHE_CONFIG_PATH` the value of ripgrep's variable.

Prints how many pass, and each that does not with its reason, which
`ripgrep_suite.reasons` holds: one a line, the name of the test first. The exit
status is 1 when one fails that is not listed there, or one that is passes.

With `--pcre2`, swathe must be built with that feature; every test runs a second
time with `--pcre2` in front of its flags, as ripgrep runs them.
"""

import argparse
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

VERSION = "15.2.0"
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REASONS = os.path.join(HERE, "ripgrep_suite.reasons")

# The target that is never built names the package, so that cargo downloads it.
MANIFEST = """
[package]
name = "ripgrep-suite"
version = "0.0.0"
edition = "2024"

[features]
pcre2 = []

[target.'cfg(any())'.dependencies]
ripgrep = "={version}"

[dev-dependencies]
bstr = "1.7.0"
serde = "1.0.77"
serde_derive = "1.0.77"
serde_json = "1.0.23"
walkdir = "2"

[workspace]
"""

TARGET = """
[[test]]
name = "integration"
path = {path}
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--pcre2", action="store_true", help="run each test a second time with --pcre2")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="tests at a time")
    parser.add_argument("--show", action="store_true", help="print what failing tests say")
    parser.add_argument(
        "--build",
        default=os.path.join(ROOT, "target", "ripgrep-suite"),
        metavar="DIR",
        help="where the tests are built (default: %(default)s)",
    )
    parser.add_argument("tests", nargs="*", metavar="TEST", help="run only tests whose name holds this")
    options = parser.parse_args()
    found = shutil.which(options.swathe)
    if not found:
        parser.error("%s is not a program (give --swathe PATH)" % options.swathe)
    options.swathe = os.path.abspath(found)
    return options


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def cargo(directory, *args):
    done = subprocess.run(["cargo", *args], cwd=directory, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("cargo %s failed" % args[0])
    return done.stdout


def build(directory, pcre2):
    """Downloads the package and builds its tests; returns the path of the program."""
    manifest = os.path.join(directory, "Cargo.toml")
    write(os.path.join(directory, "src", "lib.rs"), "")
    write(manifest, MANIFEST.replace("{version}", VERSION))
    cargo(directory, "fetch")
    tests = os.path.join(unpacked("ripgrep-" + VERSION), "tests", "tests.rs")
    with open(manifest, "a") as file:
        file.write(TARGET.format(path=json.dumps(tests)))
    args = ["test", "--no-run", "--test", "integration", "--message-format", "json"]
    lines = cargo(directory, *args, *(["--features", "pcre2"] if pcre2 else []))
    built = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    return next(b["executable"] for b in built if b.get("executable"))


def unpacked(package):
    """Where cargo keeps a package it has fetched. `cargo metadata` would tell,
    but leaves out packages that are no libraries."""
    home = os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo")
    places = glob.glob(os.path.join(glob.escape(home), "registry", "src", "*", package))
    if not places:
        sys.exit("%s is not where cargo keeps packages, in %s" % (package, home))
    return places[0]


def install(directory, program, swathe):
    """Lays the program out so that it finds swathe where it looks for `rg`."""
    place = os.path.join(directory, "bin", "deps", "integration")
    os.makedirs(os.path.dirname(place))
    shutil.copy(program, place)
    wrapper = os.path.join(directory, "bin", "rg")
    write(
        wrapper,
        "#!/bin/sh\n"
        'if [ -n "$RIPGREP_CONFIG_PATH" ]; then export SWATHE_CONFIG_PATH="$RIPGREP_CONFIG_PATH"; fi\n'
        'exec %s search "$@"\n' % shlex.quote(swathe),
    )
    os.chmod(wrapper, 0o755)
    return place


def run(program, directory, options):
    """Runs the tests; returns how each ended and what failing ones said."""
    environment = dict(os.environ, TMPDIR=directory)
    for name in ("SWATHE_CONFIG_PATH", "RIPGREP_CONFIG_PATH", "CROSS_RUNNER"):
        environment.pop(name, None)
    command = [program, "--test-threads", str(options.jobs), *options.tests]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode(errors="replace")
    ended = dict(re.findall(r"^test (\S+) \.\.\. (ok|FAILED|ignored)$", text, re.M))
    said = dict(re.findall(r"^---- (\S+) stdout ----\n(.*?)(?=^---- |^failures:$)", text, re.M | re.S))
    return ended, said


def reasons():
    listed = {}
    with open(REASONS) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, reason = line.split(None, 1)
                listed[name] = reason.strip()
    return listed


def report(ended, said, listed, options):
    """Prints the outcome; returns whether it is as listed."""
    failed = sorted(name for name, how in ended.items() if how != "ok")
    expected = True
    for name in failed:
        reason = listed.get(name)
        print("%s: %s" % (name, reason or "NOT LISTED"))
        expected &= reason is not None
        if options.show and name in said:
            print(said[name])
    for name in sorted(listed):
        if ended.get(name) == "ok":
            print("%s: passes, but is listed as: %s" % (name, listed[name]))
            expected = False
        elif name not in ended and not options.tests:
            print("%s: listed, but there is no such test" % name)
            expected = False
    print("%d of %d pass" % (len(ended) - len(failed), len(ended)))
    return expected and ended


def main():
    options = arguments()
    program = build(options.build, options.pcre2)
    with tempfile.TemporaryDirectory(prefix="swathe-ripgrep-suite-") as directory:
        place = install(directory, program, options.swathe)
        ended, said = run(place, directory, options)
    sys.exit(0 if report(ended, said, reasons(), options) else 1)


if __name__ == "__main__":
    main()
