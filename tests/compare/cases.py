#!/usr/bin/env python3
"""Checks that what `tests/cases` expects of `search` is what ripgrep does.

    tests/compare/cases.py --rg rg [--write]

`--write` fills in the sections `stdout:` and `exit:` from ripgrep. The format
is described in `tests/cases/README.md`.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cases")
ESCAPE = re.compile(rb"\\(?:x(?P<hex>[0-9a-f]{2})|\{(?P<times>\d+)\*(?P<what>[^}]*)\}|(?P<one>[\\rt0]))")
ONE = {b"\\": b"\\", b"r": b"\r", b"t": b"\t", b"0": b"\0"}


def unescape(text):
    def byte(found):
        if found["hex"]:
            return bytes([int(found["hex"], 16)])
        if found["times"]:
            return found["what"] * int(found["times"])
        return ONE[found["one"]]

    return ESCAPE.sub(byte, text)


def content(lines):
    """The bytes of a section's lines."""
    data = b""
    for line in lines:
        times, text = re.fullmatch(rb"(?:\*(\d+))?\|(.*)", line).groups()
        end = b"\n"
        if text.endswith(b"\\c") and not text.endswith(b"\\\\c"):
            text, end = text[:-2], b""
        data += (unescape(text) + end) * int(times or 1)
    return data


def shown(data):
    """The lines of a section for these bytes."""
    lines, result = data.split(b"\n"), []
    last = lines.pop()
    escaped = [escape(line) for line in lines] + ([escape(last) + "\\c"] if last else [])
    for line in escaped:
        if result and result[-1][1] == line:
            result[-1][0] += 1
        else:
            result.append([1, line])
    rows = []
    for times, line in result:
        rows += ["*%d|%s" % (times, line)] if times > 4 else ["|" + line] * times
    return rows


def escape(line):
    text = line.decode("utf-8", "surrogateescape")
    names = {"\\": "\\\\", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
    out = ""
    for at, char in enumerate(text):
        code = ord(char)
        if char in names:
            out += names[char]
        elif 0xDC80 <= code <= 0xDCFF:
            out += "\\x%02x" % (code - 0xDC00)
        elif code < 32 or code == 127 or (char == " " and at == len(text) - 1):
            out += "\\x%02x" % code
        else:
            out += char
    return out


def parse(text):
    """The cases of a file: lists of (section name, value, content lines), the
    first of them what stands before the first case."""
    cases = [[]]
    for line in text.split(b"\n"):
        if line[:1] in (b"|", b"*"):
            cases[-1][-1][2].append(line)
        elif line.strip():
            name, _, value = line.partition(b":")
            if line[:1] == b"#":
                name, value = line, b""
            if name == b"case":
                cases.append([])
            cases[-1].append((name, value.strip(), []))
    return cases


def ripgrep(case, rg):
    """What ripgrep does with a case: exit code, output, whether it complains."""
    sections = {name: (value, lines) for name, value, lines in case}
    args = shlex.split(sections[b"args"][0].decode())[1:]
    with tempfile.TemporaryDirectory(prefix="swathe-cases-") as folder:
        for name, _, lines in case:
            if name.startswith(b"file "):
                path = os.path.join(folder, name[5:].decode())
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content(lines))
        for name, value, _ in case:
            if name.startswith(b"link "):
                os.symlink(value, os.path.join(os.fsencode(folder), name[5:]))
        given = {"stdin": subprocess.DEVNULL}
        if b"stdin" in sections:
            given = {"input": content(sections[b"stdin"][1])}
        done = subprocess.run([rg, "--no-config", "--sort=path", *args], cwd=folder, capture_output=True, **given)
    return done.returncode, done.stdout, bool(done.stderr)


def faults(case, rg):
    """What is wrong with a case."""
    sections = {name: (value, lines) for name, value, lines in case}
    status, output, complains = ripgrep(case, rg)
    if sections.get(b"exit", (b"",))[0] != b"%d" % status:
        yield "exit code is %d" % status
    if b"contains" in sections:
        lines = output.split(b"\n")
        for line in content(sections[b"contains"][1]).splitlines():
            if line not in lines:
                yield "no line %r in %r" % (line, output)
    elif content(sections.get(b"stdout", (b"", []))[1]) != output:
        yield "output is %r" % output
    if complains != (b"stderr" in sections) and status != 2:
        yield "a message on one side only"


def filled(case, rg):
    """The case with ripgrep's answers."""
    status, output, _ = ripgrep(case, rg)
    kept = [section for section in case if section[0] not in (b"stdout", b"exit")]
    if b"contains" not in [section[0] for section in kept] and output:
        kept.append((b"stdout", b"", [line.encode() for line in shown(output)]))
    return kept + [(b"exit", b"%d" % status, [])]


def text_of(case):
    rows = []
    for name, value, lines in case:
        head = name if name[:1] == b"#" else name + b":" + (b" " + value if value else b"")
        rows += [head, *lines]
    return b"\n".join(rows)


def is_ripgreps(case):
    sections = {name: value for name, value, _ in case}
    return sections.get(b"args", b"").split(b" ")[0] == b"search" and b"differs" not in sections


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rg", default="rg", metavar="PATH")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rg = os.path.abspath(shutil.which(options.rg) or parser.error("%s is not a program" % options.rg))
    passed = failed = 0
    for name in sorted(os.listdir(FOLDER)):
        if not name.endswith(".case"):
            continue
        path = os.path.join(FOLDER, name)
        with open(path, "rb") as file:
            cases = parse(file.read())
        if options.write:
            cases = [filled(case, rg) if is_ripgreps(case) else case for case in cases]
            with open(path, "wb") as file:
                file.write(b"\n\n".join(map(text_of, cases)) + b"\n")
        for case in filter(is_ripgreps, cases):
            found = list(faults(case, rg))
            passed, failed = passed + (not found), failed + bool(found)
            for fault in found:
                print("%s: %s: %s" % (name, case[0][1].decode(), fault))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
