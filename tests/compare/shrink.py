"""Makes a failing case small, and tells how to see it fail by hand."""

import os
import shlex
import time
from dataclasses import replace

from case import Scratch, difference, normal, rg_command, swathe_command, write_files

# Seconds to spend on one case.
PATIENCE = 30
# Inputs up to this many bytes are shown whole.
SHOWN = 400


def fails(case, combo, programs, kind):
    """The two runs and their difference, if it is of this kind."""
    with Scratch(case) as scratch:
        want = scratch.run(case, rg_command(case, programs))
        if want.status is None or want.status < 0:
            return None
        got = scratch.run(case, swathe_command(case, combo, programs))
    found = difference(case, want, got)
    if found is None or found[0] != kind:
        return None
    return want, got, found[1]


def shrink(case, combo, programs, kind):
    """A smaller case that still fails in the same way."""
    end = time.monotonic() + PATIENCE

    def still(candidate):
        return (
            time.monotonic() < end
            and not candidate.nul_on_stdin()
            and fails(candidate, combo, programs, kind)
        )

    before = None
    while before != case and time.monotonic() < end:
        before = case
        if not case.stdin:
            case = fewer(case, "files", still, least=1)
        case = fewer(case, "groups", still)
        case = fewer(case, "patterns", still, least=1)
        if case.stdin and still(replace(case, stdin=None)):
            case = replace(case, stdin=None)
        for i in range(len(case.files)):
            case = smaller_file(case, i, still)
    return case


def fewer(case, what, still, least=0):
    """Leaves out the items of a list that do not matter."""
    i = 0
    while i < len(getattr(case, what)) > least:
        items = getattr(case, what)
        candidate = replace(case, **{what: items[:i] + items[i + 1 :]})
        if still(candidate):
            case = candidate
        else:
            i += 1
    return case


def smaller_file(case, index, still):
    """Leaves out lines of a file, then bytes, in halves and smaller parts."""
    for split in (lambda data: data.splitlines(keepends=True), pieces):
        name, data = case.files[index]
        parts = split(data)
        size = max(len(parts) // 2, 1)
        while parts:
            at = 0
            while at < len(parts):
                kept = parts[:at] + parts[at + size :]
                files = list(case.files)
                files[index] = (name, b"".join(kept))
                candidate = replace(case, files=files)
                if still(candidate):
                    case, parts = candidate, kept
                else:
                    at += size
            if size == 1:
                break
            size //= 2
    return case


def pieces(data):
    """Bytes to leave out; of a large file, runs of them."""
    step = max(len(data) // 512, 1)
    return [data[at : at + step] for at in range(0, len(data), step)]


def report(case, combo, programs, kind, folder, title):
    """Saves the inputs and returns a text with a command to copy."""
    os.makedirs(folder, exist_ok=True)
    write_files(case, folder)
    found = fails(case, combo, programs, kind)
    lines = [title]
    for name, data in case.files + case.pattern_files:
        shown = printf(data) if len(data) <= SHOWN else "%d bytes" % len(data)
        lines.append("  input %s: %s" % (shlex.quote(name), shown))
    for command in (rg_command(case, programs), swathe_command(case, combo, programs)):
        lines.append("  " + in_shell(case, command, folder))
    if found:
        want, got, description = found
        lines.append("  %s" % description)
        theirs, ours = normal(case, want.stdout), normal(case, got.stdout)
        lines.append("  want %s %s" % (want.status, excerpt(theirs, ours)))
        lines.append("  got  %s %s" % (got.status, excerpt(ours, theirs)))
        if got.stderr:
            lines.append("  says %r" % got.stderr[:300])
    else:
        lines.append("  (does not fail every time: run it again)")
    text = "\n".join(line.encode("utf-8", "backslashreplace").decode() for line in lines)
    with open(os.path.join(folder, "report.txt"), "w") as file:
        file.write(text + "\n")
    return text


def in_shell(case, command, folder):
    text = " ".join(shlex.quote(arg) for arg in command)
    if case.stdin == "redirect":
        text += " < " + shlex.quote(case.files[0][0])
    elif case.stdin:
        text = "cat %s | %s" % (shlex.quote(case.files[0][0]), text)
    return "(cd %s && %s)" % (shlex.quote(folder), text)


def printf(data):
    """A shell command that writes these bytes."""
    plain = set(range(32, 127)) - set(b"'\\%")
    names = {10: "\\n", 13: "\\r", 9: "\\t", 37: "%%", 92: "\\\\"}
    escaped = "".join(
        chr(byte) if byte in plain else names.get(byte, "\\%03o" % byte) for byte in data
    )
    return "printf '%s'" % escaped


def excerpt(shown, other):
    """What an output looks like around the first difference."""
    at = max(len(os.path.commonprefix([shown, other])) - 40, 0)
    text = repr(shown[at : at + 200])[1:]
    return "%s%s%s" % ("..." if at else "", text, "..." if len(shown) > at + 200 else "")
