"""A swap disk that fails, is slow, small, odd or absent: nothing is lost that could be kept, and nobody else suffers."""

import json
import os
import re

import harness
from harness import clean

EMULATOR = os.path.join(harness.ROOT, "test/boot/qemu_disk")
SIZES = ("--ram", "16M", "--swap", "64M")
JOB = "stress --procs 2 --pages 4096 --pattern random --verify"


def run(t, disk, commands, *options, status=0):
    outcome = t.tool("--timeout", "200", *SIZES, *options, "--", commands,
                     environment={"APTERYX_EMULATOR": EMULATOR, "SWAP_DISK": json.dumps(disk)})
    t.equal(outcome.status, status, "status")
    return outcome


def errors(kind, *blocks):
    return {"errors": [{"event": "none", "iotype": kind, "sector": 8 * block} for block in blocks]}


def unwritable(t, *options):
    blocks = (500, 1010, 1011, 2020, 2030, 3333)  # a few are never used
    outcome = run(t, errors("write", *blocks), JOB + "; check", *options)
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    said = [int(block) for block in re.findall("^swap: block ([0-9]+) could not be written$", outcome.text, re.M)]
    t.true(len(said) >= 2 and len(set(said)) == len(said) and set(said) <= set(blocks), "unwritable: %r" % said)
    clean(t, outcome)


def test_write_errors(t):
    unwritable(t)


def test_write_errors_without_dma(t):
    unwritable(t, "--machine", "isapc")


def test_write_errors_on_virtio(t):
    unwritable(t, "--swap-on", "virtio")


def test_no_write_succeeds(t):
    outcome = run(t, {"errors": [{"event": "none", "iotype": "write"}]},
                  "stress --procs 2 --pages 3000 --pattern seq --verify; sleep 0.5; check; stress --pages 500 --verify",
                  status=1)
    first, second = [values for name, values in outcome.results if name == "stress"]
    t.equal((first["lost"], first["swap_in"], first["swap_out"]), (0, 0, 0), "lost, swap_in, swap_out")
    t.equal((second["lost"], second["status"]), (0, 0), "afterwards: lost, status")
    clean(t, outcome)


def unreadable(t, *options):
    """The processes that need the block end with a report; another stress beside them goes on."""
    outcome = run(t, errors("read", 1010), JOB + " & stress --pages 2000 --rounds 6 --seed 5 --verify & wait %1; wait %2; "
                  "sleep 0.5; check; " + JOB, *options, status=1)
    reports = re.findall(r"^FAULT pid=([0-9]+) name=stress address=0x[0-9a-f]{8} kind=SWAP access=read", outcome.text,
                         re.M)
    t.true(reports, "no report")
    t.contains(outcome.text, "stress: process")
    t.true(all("(pid %s) has ended before its time" % pid in outcome.text for pid in reports), "whose end it was")
    for name, values in outcome.results:
        if name == "stress":
            t.equal(values["lost"], 0, "lost")
            t.true(values["last_round_swap_in"] < 1 << 24, "last_round_swap_in")
    clean(t, outcome)


def test_read_error(t):
    unreadable(t)


def test_read_error_without_dma(t):
    unreadable(t, "--machine", "isapc")


def test_read_error_on_virtio(t):
    unreadable(t, "--swap-on", "virtio")


def slow_disk(t, *options):
    outcome = run(t, {"rate": 150}, "stress --pages 5000 --pattern seq --verify; check", *options)
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    t.true(outcome.result("stress")["swap_in"] > 1000, "swap_in")
    clean(t, outcome)


def test_slow_disk(t):
    slow_disk(t)


def test_slow_disk_on_virtio(t):
    slow_disk(t, "--swap-on", "virtio")


def test_sizes(t):
    for disk, blocks in (({"bytes": 4096}, 1), ({"bytes": 1001 * 512}, 125), ({"bytes": 1954 * 512 - 412}, 244),
                         ({"bytes": 128 << 20}, 64 * 256)):
        outcome = run(t, disk, "stress --pages 500 --verify; check")
        t.equal((disk, outcome.result("boot")["swap_blocks"]), (disk, blocks), "swap_blocks")
        t.equal(outcome.result("stress")["lost"], 0, "lost")
        clean(t, outcome)


def test_no_disk(t):
    for disk in ({"absent": True}, {"bytes": 0}, {"bytes": 512}):
        outcome = run(t, disk, "stress --pages 1000 --verify; check")
        t.contains(outcome.text, "init: swap: ramswap takes the place of swap")
        t.true(outcome.result("boot")["swap_blocks"] > 0, "swap in RAM")
        t.equal(outcome.result("stress")["lost"], 0, "lost")
        clean(t, outcome)
