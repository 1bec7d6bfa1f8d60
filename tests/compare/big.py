"""Large inputs, made where they are needed, and what takes large outputs."""

import concurrent.futures
import fcntl
import os
import platform
import subprocess
import threading
import time

MIB = 1 << 20
UNITS = {"K": 10, "M": 20, "G": 30}


def size(text):
    """Bytes of `4G`, `200K` or `123`."""
    shift = UNITS.get(text[-1:].upper(), 0)
    return int(text[:-1] if shift else text) << shift


def log(path, length, swathe, *options):
    """A generated log of this length, made if it is not there. The program
    that makes it need not be the one that is measured: a log does not depend
    on who makes it."""
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        command = [swathe, "generate", "--size", str(length), "--output", path, "--force"]
        subprocess.run([*command, *options], check=True)
    warm(path)
    return path


def repeated(path, block, length, tail=b""):
    """A file of `length` bytes of a repeated block, and a tail."""
    with open(path, "wb") as file:
        extend(file, block, length)
        file.write(tail)
    return path


def extend(file, block, length):
    """Appends to a file that holds a repeated block until it is so long."""
    at = file.tell()
    while at < length:
        start = at % len(block)
        piece = block[start : start + length - at]
        file.write(piece)
        at += len(piece)


def warm(path):
    """Reads a file so that it is in the page cache."""
    buffer = bytearray(MIB)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def cool(path):
    """Drops a file from the page cache; one that stays there is not cold."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.preadv(descriptor, [bytearray(1)], os.fstat(descriptor).st_size // 2, os.RWF_NOWAIT)
    except BlockingIOError:
        return
    except OSError:
        pass
    finally:
        os.close(descriptor)
    raise SystemExit("%s stays in memory, or cannot be asked: put it on a disk, where nobody maps it" % path)


def read_cold(path, runs):
    """Bytes in a second of plain reading from the device, the best of some runs
    on one thread and on several."""
    rates = []
    with open(path, "rb", buffering=0) as file:
        length = os.fstat(file.fileno()).st_size
        read = lambda at: len(os.pread(file.fileno(), 2 * MIB, at))
        for threads in (1, 4) * runs:
            cool(path)
            start = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(threads) as pool:
                got = sum(pool.map(read, range(0, length, 2 * MIB)))
            rates.append(got / (time.perf_counter() - start))
    return max(rates)


class Drain:
    """A pipe that takes everything at no cost: pages move on to nowhere
    without being copied. What writes to it cannot tell it from a reader;
    some programs stop early when they see that they write to /dev/null."""

    def __init__(self):
        self.reader, self.writer = os.pipe()
        fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, MIB)
        self.bytes = 0
        self.thread = threading.Thread(target=self.drain)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.close_writer()
        self.thread.join()
        os.close(self.reader)

    def close_writer(self):
        """Leaves the child as the only writer, so that its end is the end."""
        if self.writer is not None:
            os.close(self.writer)
            self.writer = None

    def drain(self):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        while moved := os.splice(self.reader, nowhere, MIB):
            self.bytes += moved
        os.close(nowhere)


def machine():
    """What numbers were measured on."""
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    return "%s, %d cores, %d GB, Linux %s" % (model, cores, pages >> 30, platform.release())


def version(program):
    """The first line of `--version`."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    return (done.stdout.splitlines() or ["?"])[0]
