"""A FAT partition of the second disk: listed, read, mapped, copied from; not written to; cut off."""

import hashlib
import os
import random
import re
import struct
import subprocess

import harness
from harness import clean

FIRST = 63  # as old tools made them: no page of it is a page of the disk
SIZES = (0, 1, 511, 512, 4096, 4097, 700001)


def image(t, kind, size_kib, bits, *options):
    """A disk image with one partition, of that type, and a file of each size in it; {name: bytes}."""
    files = {"of %d Bytes" % size: random.Random(size).randbytes(size) for size in SIZES}
    part, disk = t.path("part.img"), t.path("disk.img")
    subprocess.run(["/sbin/mkfs.fat", "-F", str(bits), *options, "-C", part, str(size_kib)], check=True, capture_output=True)
    small = [t.path("tree/%s%d" % (name, i), b"small") for i in range(12) for name in ("hole", "stays")]
    subprocess.run(["mcopy", "-i", part, *small, "::/"], check=True)
    subprocess.run(["mdel", "-i", part, "::/hole*"], check=True)  # what comes next begins in pieces
    subprocess.run(["mmd", "-i", part, "::/Deep down"], check=True)
    for name, data in reversed(files.items()):
        subprocess.run(["mcopy", "-i", part, t.path("tree/" + name, data), "::/Deep down/" + name], check=True)
    subprocess.run(["mcopy", "-i", part, os.path.join(harness.ROOT, "build/release/programs/ps"), "::/PS"], check=True)
    with open(part, "rb") as file:
        content = file.read()
    table = struct.pack("<B3sB3sII", 0, b"", kind, b"", FIRST, len(content) // 512)
    with open(disk, "wb") as file:
        file.write((b"\0" * 446 + table).ljust(510, b"\0") + b"\x55\xaa" + b"\0" * (FIRST - 1) * 512 + content)
    return disk, files


def read(t, disk, files, *options):
    """All sums are right, and nothing can be written; answers the console."""
    commands = "ls /; ls '/fat/Deep down'; " + "".join("sum '/fat/Deep down/%s'; " % name for name in files)
    commands += "sum '/fat/DEEP DOWN/of 512 bytes'; ! rm /fat/PS; ! echo x > /fat/x; cp /fat/PS /fat/y; /fat/ps; check"
    outcome = t.run(commands, "--disk", disk, *options, status=1)
    t.equal(outcome.result("run")["failed"], 1, "failed: the copy alone")
    wanted = [(hashlib.sha256(data).hexdigest(), name) for name, data in files.items()]
    t.equal(re.findall("^([0-9a-f]{64}) /fat/Deep down/(.*)$", outcome.text, re.M), wanted, "sums")
    t.contains(outcome.text, "\n%s /fat/DEEP DOWN/of 512 bytes\n" % hashlib.sha256(files["of 512 Bytes"]).hexdigest())
    for line in ("           0 fat/", "      700001 of 700001 Bytes"):
        t.contains(outcome.text, "\n%s\n" % line)
    t.contains(outcome.text, "rm: /fat/PS: ERR_RIGHTS")
    t.true(outcome.result("ps")["processes"] >= 8, "a program of it did not run")
    clean(t, outcome)


def test_fat16(t):
    read(t, *image(t, 0x0E, 12000, 16, "-s", "1"), "--ram", "16M")


def test_fat32(t):
    read(t, *image(t, 0x0C, 36000, 32, "-s", "1"), "--ram", "16M")


def test_cut_off(t):
    """What lies behind the end of the disk cannot be read, nor mounted as if it were there."""
    disk, _ = image(t, 0x06, 12000, 16, "-s", "4")
    with open(disk, "r+b") as file:
        file.seek(446 + 12)
        file.write(struct.pack("<I", 600))
    text = t.run("! ls /fat; ls /; check", "--disk", disk).text
    t.contains(text, "ls: /fat: ERR_NO_ENTRY")
