#!/usr/bin/env python3
"""Compares `swathe search` with `rg --sort path` on random trees of files.

    tests/compare/walk.py --swathe target/release/swathe --rg rg --cases 500

Each case is a random tree (ignore files of all kinds, hidden and binary files,
links, links in circles, folders that cannot be read) and a random command
line (globs, types, depths, modes, context). Standard output must be the same
byte for byte, the exit code the same, and a message on standard error on both
sides or on none; swathe runs with several threads and chunk sizes.

Exempt: a link to a folder above the one that was named is gone through once
with -L, where ripgrep may call it a loop at once, and how many lines are shown
of a file with a NUL byte behind its first 64 KiB.

A case depends on its seed and number alone: `--only N` runs it again and
leaves its tree for a look.
"""

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile

WORDS = [b"foo", b"bar", b"baz", b"error", b"Foo", b"food", b"x", b"", b"foo bar foo"]
NAMES = ["a", "b", "c d", "e.py", "f.rs", "g.log", "h.log.1", "Makefile", ".hidden", "i.txt", "J.TXT", "k-l", "k", "z.tmp", "é.txt"]
FOLDERS = ["a", "b", "src", "src-old", ".git", ".config", "target", "a b", "logs"]
RULES = ["*.log", "!g.log", "/a", "b/", "*.tmp", "**/src", "target", "k*", "!k-l", "# remark", "", "src/*.py", "*.TXT", "!*", "[", "a b", "\\!x", "logs/**", "!logs/g.log"]
PATTERNS = ["foo", "ba[rz]", "^foo$", "error|x", "o", "", "nothing", "foo$"]
FLAGS = [
    ["-g", "*.log"], ["-g", "!*.log"], ["-g", "src/**"], ["--iglob", "*.txt"], ["-g", "!.hidden"], ["--glob-case-insensitive", "-g", "*.TXT"],
    ["-tpy"], ["-Tpy"], ["-tlog"], ["-tall"], ["--type-add", "web:*.{rs,py}", "-tweb"], ["--type-clear", "py", "-Tlog"],
    ["-."], ["-u"], ["-uu"], ["-uuu"], ["--no-ignore"], ["--no-ignore-dot"], ["--no-ignore-vcs"], ["--no-ignore-parent"], ["--no-ignore-exclude"], ["--no-require-git"],
    ["--no-ignore", "--ignore-vcs"], ["--ignore-file", "rules"], ["--ignore-file", "rules", "--ignore-file-case-insensitive"], ["--ignore-file", "rules", "--no-ignore-files"],
    ["-L"], ["-d1"], ["-d2"], ["--max-filesize", "40"], ["--one-file-system"], ["--no-ignore-messages"], ["--no-messages"],
    ["--sortr", "path"], ["--binary"], ["-a"],
]
SHOWN = [
    [], [], ["-n"], ["-c"], ["-l"], ["-q"], ["--files-without-match"], ["--files-with-matches", "-0"], ["--count-matches"], ["-c", "--include-zero"],
    ["-C1"], ["-A1", "-n"], ["-B2"], ["-o"], ["-v"], ["-m1"], ["-m1", "-A1"], ["--heading", "-n"], ["--heading", "-C1"], ["-I"], ["-H"], ["-p"], ["--vimgrep"], ["--color=always"],
    ["--passthru"], ["-i"], ["-w"], ["-U", "foo\\nbar"], ["--context-separator", "##", "-A1"], ["--no-context-separator", "-A1"], ["-N", "-r", "<$0>"], ["--trim"],
]


def lines(rng):
    return b"".join(rng.choice(WORDS) + b"\n" for _ in range(rng.choice([0, 1, 2, 5, 20])))


def content(rng):
    kind = rng.random()
    if kind < 0.75:
        return lines(rng)
    if kind < 0.9:
        return lines(rng) + b"foo\0bar" + lines(rng)
    if kind < 0.95:
        return lines(rng) + b"foo\n" + b"filler\n" * rng.choice([20_000, 40_000]) + rng.choice([b"foo\n", b"foo\0\nfoo\n"])
    return b"\xff\xfef\0o\0o\0\n\0"


def rules(rng):
    return "".join(rng.choice(RULES) + "\n" for _ in range(rng.randint(1, 4))).encode()


def write(path, data):
    if not os.path.lexists(path):
        with open(path, "wb") as file:
            file.write(data)


def plant(rng, folder, depth, unreadable):
    for _ in range(rng.randint(0, 5)):
        write(os.path.join(folder, rng.choice(NAMES)), content(rng))
    for name in (".gitignore", ".ignore", ".rgignore"):
        if rng.random() < 0.2:
            write(os.path.join(folder, name), rules(rng))
    if depth == 0:
        return
    for _ in range(rng.randint(0, 4)):
        inner = os.path.join(folder, rng.choice(FOLDERS))
        if os.path.lexists(inner):
            continue
        os.mkdir(inner)
        plant(rng, inner, depth - 1, unreadable)
    if os.path.isdir(os.path.join(folder, ".git")) and rng.random() < 0.5:
        os.makedirs(os.path.join(folder, ".git", "info"), exist_ok=True)
        write(os.path.join(folder, ".git", "info", "exclude"), rules(rng))
    if rng.random() < 0.3:
        link = os.path.join(folder, rng.choice(["link", "link.log"]))
        if not os.path.lexists(link):
            os.symlink(rng.choice([".", "a", "src", "g.log", "nowhere"]), link)
    if rng.random() < 0.1:
        os.mkfifo(os.path.join(folder, "pipe"))
    if rng.random() < 0.1 and os.geteuid() != 0:
        inner = os.path.join(folder, "closed")
        os.mkdir(inner)
        os.chmod(inner, 0)
        unreadable.append(inner)


def command(rng, tree):
    flags = [flag for _ in range(rng.choice([0, 1, 1, 2, 3])) for flag in rng.choice(FLAGS)]
    folders = sorted(d for d in os.listdir(tree) if os.path.isdir(os.path.join(tree, d)))
    files = sorted(f for f in os.listdir(tree) if os.path.isfile(os.path.join(tree, f)))
    places = rng.choice([[], [], ["."], ["./"], folders[:2], folders[:1] + files[:1], files[:3], ["missing"] + folders[:1]])
    if rng.random() < 0.2:
        return ["--files"] + flags + places
    shown = rng.choice(SHOWN)
    pattern = rng.choice(PATTERNS)
    if "-U" in shown:
        return shown[:1] + flags + ["-e", shown[1]] + places
    return shown + flags + ["-e", pattern] + places


def run(program, tree):
    done = subprocess.run(program, cwd=tree, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def one(number, options):
    """What is wrong with a case, and the folder it ran in."""
    rng = random.Random("%d/%d" % (options.seed, number))
    top = tempfile.mkdtemp(prefix="swathe-walk-")
    unreadable = []
    try:
        tree = os.path.join(top, "tree")
        os.mkdir(tree)
        write(os.path.join(tree, "rules"), rules(rng))
        if rng.random() < 0.3:
            write(os.path.join(top, ".ignore"), rules(rng))
        plant(rng, tree, 3, unreadable)
        args = command(rng, tree)
        order = [] if "--sortr" in args else ["--sort=path"]
        wanted = run([options.rg, "--no-config", *order, *args], tree)
        if b"WARNING: stopped" in wanted[1] and b":filler" in wanted[1]:
            return None
        for threads, size in rng.sample([(1, "1"), (2, "64"), (3, "1M"), (8, "7"), (2, "2M")], 2):
            got = run([options.swathe, "search", "--no-config", "-j%d" % threads, "--chunk-size=" + size, *args], tree)
            same = got[:2] == wanted[:2] and bool(got[2]) == bool(wanted[2])
            if not same:
                return args, wanted, got, (threads, size), top
        if options.only is not None:
            return args, wanted, wanted, (0, ""), top
        return None
    finally:
        for path in unreadable:
            os.chmod(path, 0o700)
        if options.only is None:
            shutil.rmtree(top)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swathe", default="target/release/swathe", metavar="PATH")
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--only", type=int, metavar="N", help="this case alone")
    parser.add_argument("--max-failures", type=int, default=10, metavar="N")
    options = parser.parse_args()
    for name in ("swathe", "rg"):
        found = shutil.which(getattr(options, name))
        if not found:
            parser.error("%s is not a program (give --%s PATH)" % (getattr(options, name), name))
        setattr(options, name, os.path.abspath(found))
    failures = 0
    numbers = range(options.cases) if options.only is None else [options.only]
    for number in numbers:
        failed = one(number, options)
        if failed is None:
            continue
        args, wanted, got, way, top = failed
        if wanted != got:
            failures += 1
        print("case %d: %s (threads %d, chunk size %s) in %s" % (number, shlex.join(args), *way, top))
        for who, (status, out, err) in (("ripgrep", wanted), ("swathe", got)):
            print("  %s: exit %d, %r, %r" % (who, status, out[:600], err[:400]))
        if failures >= options.max_failures:
            break
    print("%d cases, %d failed" % (number + 1 if options.only is None else 1, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
