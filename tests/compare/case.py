"""One case: its command lines, how it is run, and when two runs are equal."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field, replace

import flags
import inputs

CHUNK_SIZES = [1, 64, 4096, None]
# What a wrong pattern, a hanging program or a flood of output may take.
TIMEOUT = 60
NAMES = ["a.txt", "b.log", "with space", "dir/c.txt", "ünï", "d\udcff.txt"]


@dataclass(frozen=True)
class Case:
    """Arguments and inputs. The groups, files and patterns can be left out
    one by one to make it smaller."""

    groups: list
    patterns: list
    files: list
    pattern_files: list = field(default_factory=list)
    # None, "pipe", "pauses" (a pipe whose writer rests), "redirect", "dash".
    stdin: str | None = None
    kinds: tuple = ()

    def arguments(self):
        args = [arg for group in self.groups + self.patterns for arg in group]
        if self.stdin == "dash":
            return args + ["-"]
        if self.stdin:
            return args
        return args + ["--"] + [name for name, _ in self.files]

    def has(self, *names):
        return any(name in group for group in self.groups for name in names)

    def nul_on_stdin(self):
        """Whether it hinges on how reads of a pipe happen to be cut, which
        is the one thing exempt from byte identity."""
        as_text = self.has("-a", "--null-data") and not self.has("--no-text", "--binary")
        return bool(
            self.stdin and not as_text and any(b"\0" in data for _, data in self.files)
        )

    def stops_early(self):
        """Whether how many bytes are searched is left to the program."""
        return self.has(
            "-m", "-l", "-q", "--files-without-match", "--stop-on-nonmatch"
        ) or any(b"\0" in data for _, data in self.files)


@dataclass(frozen=True)
class Combo:
    """How swathe is to go about it; none of it may change the answer."""

    chunk_size: int | None
    threads: int
    io: str | None = None

    def arguments(self):
        args = ["--threads=%d" % self.threads]
        if self.chunk_size is not None:
            args.append("--chunk-size=%d" % self.chunk_size)
        if self.io:
            args.append("--io=" + self.io)
        return args


@dataclass(frozen=True)
class Run:
    """What a program did."""

    status: int | None  # None: it took too long.
    stdout: bytes
    stderr: bytes


def generate(rng, extended):
    """A random case."""
    groups = flags.flags(rng, extended)
    stdin = None
    count = rng.choice([1] * 12 + [2, 2, 3, 3])
    if rng.random() < 0.15:
        stdin, count = rng.choice(["pipe", "pipe", "pauses", "redirect", "dash"]), 1
    chosen = [inputs.choose(rng) for _ in range(count)]
    names = rng.sample(NAMES, count) if rng.random() < 0.5 else NAMES[:count]
    files = [(name, data) for name, (_, data) in zip(names, chosen)]
    largest = max(len(data) for _, data in files)
    groups = flags.usable(groups, largest)
    patterns, pattern_files = flags.patterns(rng, groups, largest)
    case = Case(groups, patterns, files, pattern_files, stdin, tuple(k for k, _ in chosen))
    if case.nul_on_stdin():
        case = replace(case, groups=case.groups + [["-a"]])
    return replace(case, stdin=None) if case.nul_on_stdin() else case


def combos(rng, largest):
    """Some ways of swathe, each chunk size among them."""
    sizes = CHUNK_SIZES if largest < 100_000 else rng.sample(CHUNK_SIZES, 3)
    return [Combo(size, rng.randrange(1, 5), rng.choice([None, None, "read", "map"])) for size in sizes]


class Scratch:
    """A directory with the files of one case."""

    def __init__(self, case):
        self.path = tempfile.mkdtemp(prefix="swathe-compare-")
        write_files(case, self.path)
        self.out = tempfile.NamedTemporaryFile(prefix="swathe-out-")
        self.err = tempfile.NamedTemporaryFile(prefix="swathe-err-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.out.close()
        self.err.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def run(self, case, command):
        for sink in (self.out, self.err):
            sink.seek(0)
            sink.truncate()
        data = case.files[0][1] if case.files else b""
        source = subprocess.DEVNULL
        if case.stdin == "redirect":
            source = open(os.path.join(self.path, case.files[0][0]), "rb")
        elif case.stdin:
            source = subprocess.PIPE
        child = subprocess.Popen(
            command, cwd=self.path, stdin=source, stdout=self.out, stderr=self.err
        )
        try:
            if case.stdin and case.stdin != "redirect":
                feed(child.stdin, data, case.stdin == "pauses")
            status = child.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            status = None
        finally:
            if case.stdin == "redirect":
                source.close()
        return Run(status, contents(self.out), contents(self.err))


def contents(file):
    file.seek(0)
    return file.read()


def feed(pipe, data, pauses):
    """Writes to a pipe whose reader may go away."""
    pieces = [data]
    if pauses:
        step = max(len(data) // 3 + 1, 1)
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
    try:
        with pipe:
            for i, piece in enumerate(pieces):
                if i:
                    time.sleep(0.005)
                pipe.write(piece)
                pipe.flush()
    except BrokenPipeError:
        pass


def write_files(case, folder):
    for name, data in case.files + case.pattern_files:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def rg_command(case, programs):
    # One thread: the order of the files is then the order given.
    return [programs.rg, "--no-config", "-j1"] + case.arguments()


def swathe_command(case, combo, programs):
    return [programs.swathe, "search"] + combo.arguments() + case.arguments()


TIMES = [
    (re.compile(rb'"(elapsed(?:_total)?)":\{[^{}]*\}'), rb'"\1":{}'),
    (re.compile(rb"^\d+\.\d+ seconds", re.M), b"? seconds"),
]
SEARCHED = [
    (re.compile(rb'"bytes_searched":\d+'), b'"bytes_searched":?'),
    (re.compile(rb"^\d+ bytes searched$", re.M), b"? bytes searched"),
]


def normal(case, stdout):
    """The output without what may differ: times, and how much was searched
    before an early stop."""
    if case.has("--json", "--stats"):
        for pattern, text in TIMES + (SEARCHED if case.stops_early() else []):
            stdout = pattern.sub(text, stdout)
    return stdout


def difference(case, want, got):
    """What sets two runs apart, as (kind, description), or None."""
    if got.status is None:
        return "hang", "no end after %d seconds" % TIMEOUT
    if got.status != want.status:
        return "status", "exit code %d instead of %d" % (got.status, want.status)
    ours, theirs = normal(case, got.stdout), normal(case, want.stdout)
    if ours != theirs:
        at = len(os.path.commonprefix([ours, theirs]))
        return "stdout", "standard output differs at byte %d" % at
    if bool(got.stderr) != bool(want.stderr):
        return "stderr", "a message on one side only"
    return None
