"""Inputs that are unkind on purpose: each a function of a random generator."""

WORDS = [
    "foo", "Foo", "FOO", "bar", "hit", "error", "ERROR", "warn", "the", "x",
    "foobar", "id=42", "3.14", "a.b", "(p)", "straße", "STRASSE", "σίσυφος",
    "ΣΊΣΥΦΟΣ", "naïve", "日本", "ſ", "\u212a", "k", "-e", "\u00a0", "é", "e\u0301",
]
MIB = 1 << 20


def words(rng, most=8):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(most + 1)))


def text_lines(rng, most=40):
    return [words(rng).encode() for _ in range(rng.randrange(1, most + 1))]


def joined(lines, end=b"\n"):
    return b"".join(line + end for line in lines)


def empty(rng):
    return b""


def text(rng):
    return joined(text_lines(rng))


def no_final_newline(rng):
    return text(rng)[:-1]


def crlf(rng):
    data = joined(text_lines(rng), b"\r\n")
    return data[:-rng.randrange(1, 3)] if rng.random() < 0.3 else data


def mixed_endings(rng):
    ends = [b"\n", b"\r\n", b"\r\r\n", b"\n\r", b"\n\n", b"\r"]
    return b"".join(line + rng.choice(ends) for line in text_lines(rng))


def lone_cr(rng):
    return b"\r".join(text_lines(rng)) + rng.choice([b"", b"\n", b"\r"])


def invalid_utf8(rng):
    bad = [b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf8\x88", b"\x80", b"\xc0\xaf"]
    lines = []
    for line in text_lines(rng):
        at = rng.randrange(len(line) + 1)
        lines.append(line[:at] + rng.choice(bad) + line[at:])
    return joined(lines)


def utf8_bom(rng):
    return b"\xef\xbb\xbf" + rng.choice([text, no_final_newline, crlf, empty])(rng)


def utf16(rng):
    codec, bom = rng.choice([("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
    inner = rng.choice([text, text, no_final_newline, crlf, big_text])(rng)
    data = bom + inner.decode(errors="replace").encode(codec)
    if rng.random() < 0.2:
        data += rng.choice([b"\x00", b"a", b"\x00\xd8a\x00", b"\xd8\x00"])
    return data


def with_nul(rng, at_least, line):
    """Text whose NUL lies behind `at_least` bytes, in `line`."""
    filler = joined(text_lines(rng, 20))
    if at_least:
        filler *= at_least // max(len(filler), 1) + 1
    return filler + line + b"\n" + joined(text_lines(rng, 6))


def nul_early(rng):
    return with_nul(rng, 0, b"some\0thing " + words(rng).encode())


def nul_at_start(rng):
    return b"\0" + text(rng)


def nul_late(rng):
    return with_nul(rng, rng.choice([60000, 65500, 70000, 131000, 200000]), b"zz\0zz")


def nul_in_match(rng):
    return with_nul(rng, rng.choice([0, 70000, 140000]), b"a foo\0bar hit")


def nul_in_context(rng):
    lines = [b"zz", b"a foo here", b"z\0z", b"hit", b"zz\0", b"zz"]
    rng.shuffle(lines)
    return with_nul(rng, 70000, b"\n".join(lines)).replace(b"\nfoo", b"\nzoo")


def nul_records(rng):
    return b"\0".join(text_lines(rng)) + rng.choice([b"", b"\0", b"\n", b"\0\n\0"])


def only_newlines(rng):
    return b"\n" * rng.choice([1, 2, 3, 63, 64, 65, 1000, 5000])


def short_lines(rng):
    count = rng.choice([5, 200, 3000])
    return b"".join(rng.choice([b"x\n", b"\n", b"a\n", b"\r\n", b" \n"]) for _ in range(count))


def borders(rng):
    """Lines that end just before, at and just behind multiples of a size,
    with a match at each side of the border."""
    size = rng.choice([64, 64, 4096, 65536])
    data = bytearray()
    for border in range(size, size * rng.randrange(2, 9) + 1, size):
        end = border + rng.choice([-1, 0, 0, 0, 1])
        room = end - len(data) - 1
        if room < 4:
            continue
        word = rng.choice([b"foo", b"hit", b"bar"])
        if room > 200 and rng.random() < 0.5:
            # Many lines up to the border instead of a single long one.
            data += (b"the x bar\n" * (room // 10))[: (room - 20) // 10 * 10]
            room = end - len(data) - 1
        data += b"foo" + b"." * (room - 6) + word if room >= 6 else b"z" * room
        data += b"\n"
    data += rng.choice([b"foo", b"foo\n", b"", b"hit foo\nzz\n"])
    return bytes(data)


def log(rng):
    level = ["INFO", "INFO", "INFO", "WARN", "ERROR"]
    lines = []
    for i in range(rng.choice([5, 50, 400])):
        lines.append(
            "2026-11-23T10:%02d:%02d %s [%s] id=%d %s"
            % (i // 60 % 60, i % 60, rng.choice(level), rng.choice(WORDS), i, words(rng, 4))
        )
    return joined([line.encode() for line in lines])


def case_pairs(rng):
    pairs = ["ß ẞ SS", "ſ s S", "\u212a k K", "σ ς Σ", "İ i ı I", "ﬁ FI", "ǆ ǅ Ǆ", "é É e\u0301"]
    return joined([rng.choice(pairs).encode() for _ in range(rng.randrange(1, 20))])


def white_space(rng):
    lead = ["", " ", "    ", "\t", "\t \t", "\u3000", "\u00a0", "\v", "\f", "\r"]
    lines = [(rng.choice(lead) + words(rng, 3)).encode() for _ in range(rng.randrange(1, 30))]
    return joined(lines, rng.choice([b"\n", b"\n", b"\r\n"]))


def same_line(rng):
    return (words(rng).encode() + b"\n") * rng.randrange(1, 300)


def big_text(rng):
    """Larger than a default chunk or two, with a match at their borders."""
    block = joined(text_lines(rng, 200))
    size = rng.choice([80_000, 600_000, 1_200_000])
    data = bytearray((block * (size // max(len(block), 1) + 1))[:size])
    for border in range(1 << 16, len(data) - 8, 1 << 16):
        if rng.random() < 0.3:
            data[border - 4 : border + 4] = b"foo\nhit "
    return bytes(data)


def long_line(rng):
    """Some 5 MB without a line end; few matches, at odd places."""
    unit = rng.choice([b"z", b"abc def ", b"\xff.", "日本".encode()])
    data = bytearray((unit * (5 * MIB // len(unit) + 1))[: 5 * MIB])
    for _ in range(rng.randrange(4)):
        at = rng.choice([0, 65533, 524286, rng.randrange(len(data) - 6), len(data) - 6])
        data[at : at + 6] = b"needle"
    before, after = rng.choice([b"", b"foo\n", b"needle\n\n"]), rng.choice([b"", b"\n", b"\nneedle"])
    return before + bytes(data) + after


INPUTS = [
    (empty, 2), (text, 10), (no_final_newline, 5), (crlf, 6), (mixed_endings, 5),
    (lone_cr, 3), (invalid_utf8, 5), (utf8_bom, 3), (utf16, 3), (nul_early, 2),
    (nul_at_start, 1), (nul_late, 2), (nul_in_match, 2), (nul_in_context, 2),
    (nul_records, 3), (only_newlines, 3), (short_lines, 4), (borders, 12), (log, 8),
    (case_pairs, 3), (white_space, 5), (same_line, 4), (big_text, 4), (long_line, 2),
]  # fmt: skip


def choose(rng):
    """A random input: what kind it is, and its bytes."""
    kinds, weights = zip(*INPUTS)
    kind = rng.choices(kinds, weights)[0]
    return kind.__name__, kind(rng)
