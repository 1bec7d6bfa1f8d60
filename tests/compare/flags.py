"""Random command lines: flags with values, and patterns."""

from inputs import WORDS

SMALL = [0, 1, 1, 2, 3, 5, 40]
SEPARATORS = ["", "***", "\\t", "\\x00", " :: ", "é"]
REPLACEMENTS = ["", "<$0>", "$1", "${1}x", "$name", "[$name]", "$$", "é", "a\nb", "$9", "$0$0"]
COLORS = [
    "match:fg:yellow", "match:none", "match:bg:0,128,255", "match:style:underline",
    "path:fg:cyan", "path:none", "line:style:bold", "line:fg:0x33", "column:fg:red",
    "match:style:nobold", "highlight:bg:blue", "path:style:intense",
]  # fmt: skip


def fixed(*args):
    return lambda rng: list(args)


def valued(flag, values):
    return lambda rng: [flag, str(rng.choice(values))]


def joined(flag, values):
    return lambda rng: ["%s=%s" % (flag, rng.choice(values))]


def color(rng):
    groups = ["--color", rng.choice(["always", "always", "always", "ansi", "never", "auto"])]
    for _ in range(rng.randrange(3)):
        groups += ["--colors", rng.choice(COLORS)]
    return groups


# What the issue names: (how to make it, weight).
FLAGS = [
    (valued("-A", SMALL), 6), (valued("-B", SMALL), 6), (valued("-C", SMALL), 6),
    (valued("-m", [0, 1, 1, 2, 3, 10, 100]), 7), (fixed("-v"), 7), (fixed("-c"), 6),
    (fixed("--count-matches"), 3), (fixed("--include-zero"), 3), (fixed("-o"), 7),
    (valued("-r", REPLACEMENTS), 6), (fixed("-n"), 8), (fixed("-N"), 2), (fixed("-b"), 5),
    (fixed("--column"), 5), (fixed("--vimgrep"), 4), (fixed("-H"), 5), (fixed("-I"), 3),
    (fixed("--heading"), 4), (fixed("--no-heading"), 1), (fixed("-l"), 3),
    (fixed("--files-without-match"), 3), (fixed("-q"), 2), (fixed("--passthru"), 5),
    (color, 7), (fixed("-p"), 2), (fixed("-0"), 3), (fixed("-a"), 6), (fixed("--json"), 7),
    (fixed("--stats"), 4), (fixed("-U"), 3), (fixed("--multiline-dotall"), 1),
    (fixed("--crlf"), 5), (fixed("--null-data"), 3), (fixed("--trim"), 5),
    (joined("-M", [0, 1, 5, 10, 20, 40, 5000]), 6), (fixed("--max-columns-preview"), 4),
    (fixed("--stop-on-nonmatch"), 4), (fixed("--no-unicode"), 4), (fixed("-w"), 5),
    (fixed("-x"), 4), (fixed("-S"), 3), (fixed("-i"), 6), (fixed("-s"), 1), (fixed("-F"), 4),
    (joined("--context-separator", SEPARATORS), 3), (fixed("--no-context-separator"), 2),
    (joined("--field-match-separator", SEPARATORS), 3),
    (joined("--field-context-separator", SEPARATORS), 3),
    (fixed("--mmap"), 2), (fixed("--no-mmap"), 4), (fixed("--line-buffered"), 1),
    (fixed("--block-buffered"), 1),
]  # fmt: skip

# Beyond it: partners that take a flag back, and flags of a later issue.
EXTENDED = [
    (fixed("--no-column"), 1), (fixed("--no-byte-offset"), 1), (fixed("--no-trim"), 1),
    (fixed("--no-invert-match"), 1), (fixed("--no-stats"), 1), (fixed("--no-json"), 1),
    (fixed("--no-crlf"), 1), (fixed("--no-text"), 1), (fixed("--no-include-zero"), 1),
    (fixed("--no-multiline"), 1), (fixed("--unicode"), 1), (fixed("--no-fixed-strings"), 1),
    (fixed("--no-max-columns-preview"), 1), (fixed("--binary"), 2), (fixed("--no-messages"), 1),
    (joined("--path-separator", ["!", "/"]), 2), (fixed("--sort", "path"), 1),
    (valued("-E", ["utf-8", "utf-16le", "latin1", "none", "auto", "bogus"]), 3),
    (joined("--hyperlink-format", ["none", "file", "x://{path}#{line}:{column}"]), 2),
    (joined("--regex-size-limit", ["1K", "10M"]), 1), (joined("--engine", ["default"]), 1),
]  # fmt: skip

PATTERNS = [
    "foo", "foo", "bar", "hit", "error", "x", "the", "id=42", "needle", "nomatch", "",
    ".", ".*", ".+", "^", "$", "^$", "^foo", "foo$", "^.*foo", "[a-z]+", "[A-Z]{3,}",
    r"\w+", r"\bfoo\b", r"\s", r"\s+", r"\S+$", r"\d+", r"[^a-z]", "x*", "(?i)foo", "foo|bar",
    "(foo)(bar)?", r"(?P<name>\w+)=(\d+)", "(f)(o)(o)", "f?o*", r"\p{Lu}", r"\p{Greek}+",
    "ß", "straße", "σ", "é", "k", "日", r"\xff", r"(?-u)\xff", r"(?-u:\xff)+", r"[\x80-\xff]",
    r"\r", r"\r$", "\r", r"o\z", r"\Af", r"(?m)^o", r"\x20x", "a.b", "(p)", r"3\.14",
    "(", "[", "a{2,1}", r"foo\n", "foo\nbar", r"\x00", "zz", "z", r"\.\.hit", r"foo\.*foo",
    r"(?s).", r"[\s\S]", r"(?x) fo o", r"\b", r"\B", r"^\s*$", r"\W$", "bar the|x bar",
]  # fmt: skip
MULTI_LINE = [r"foo\n", r"\nfoo", r"foo\s+bar", "x\nthe", r"(?s)foo.*bar", r"\n\n", r"o\r?\nf", r"\A.*\n"]
# For inputs where a match at every byte would print gigabytes.
SPARSE = ["needle", "needle", "nee+dle", "(?i)NEEDLE", "^foo", "nomatch", "needle$", "(need)(le)", "^$"]
# More than one match a line of these would repeat megabytes each time.
REPEATING = {"--vimgrep"}

BIG = 2_000_000


def flags(rng, extended):
    """Groups of arguments that can be left out one by one."""
    table = FLAGS + EXTENDED if extended else FLAGS
    makers, weights = zip(*table)
    count = rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 7])
    return [make(rng) for make in rng.choices(makers, weights, k=count)]


def patterns(rng, groups, largest):
    """Groups of arguments that name patterns, and the pattern files."""
    pool = PATTERNS
    if largest > BIG:
        pool = SPARSE
    elif ["-U"] in groups and rng.random() < 0.7:
        pool = MULTI_LINE
    count = rng.choice([1, 1, 1, 1, 1, 2, 3])
    chosen = [rng.choice(pool) for _ in range(count)]
    if pool is PATTERNS and rng.random() < 0.3:
        chosen[0] = rng.choice(WORDS)
    kind = rng.random()
    if kind < 0.12:
        end = rng.choice(["\n", "\n", "\r\n"])
        lines = end.join(chosen) + rng.choice(["", end])
        return [["-f", "patterns"]], [("patterns", lines.encode())]
    if count == 1 and not chosen[0].startswith("-") and kind < 0.8:
        return [[chosen[0]]], []
    return [["-e", pattern] for pattern in chosen], []


def usable(groups, largest):
    """The groups without those that would print gigabytes."""
    if largest <= BIG:
        return groups
    return [group for group in groups if not REPEATING.intersection(group)]
