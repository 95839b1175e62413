"""The main job: many times more pages than the machine has, each one checked, in every pattern and on every machine."""

import json
import os
import re

import harness
from harness import APPS, clean

PAGE = 4096
FIRMWARE_BYTES = 1 << 20  # what the BIOS and GRUB may have read of the disk
JOB = "stress --procs 8 --pages %d --pattern %s --rounds 3 --verify; check"
PATTERNS = ("seq", "zipf", "loop", "scan-hot")


def lost_nothing(t, commands, *options):
    outcome = t.run(commands, *options)
    for name, values in outcome.results:
        if name == "stress":
            t.equal(values["lost"], 0, "lost")
            t.true(values["verified"] > 0, "nothing was verified")
    return outcome


def main_job(t, pattern, pages, *options):
    outcome = lost_nothing(t, JOB % (pages, pattern), *options)
    seen = outcome.result("stress")
    t.equal((pattern, seen["pages"]), (pattern, 8 * pages), "pages")
    t.true(seen["swap_out"] > 5 * pages, "swap_out in " + pattern)
    clean(t, outcome)


def test_main_job(t):
    main_job(t, "random", 4096, "--ram", "16M", "--swap", "256M", "--timeout", "300")


def test_every_pattern(t):
    """With less memory, and half the pages."""
    for pattern in PATTERNS:
        main_job(t, pattern, 2048, "--ram", "12M", "--swap", "96M")


def test_nothing_but_the_pages_under_test_is_evicted(t):
    """Every page that a worker uses below them, its text too, is locked: or the last round might write it."""
    region = 0x01000000
    outcome = t.run("stress --procs 1 --pages 8192 --rounds 1000 & sleep 2; maps 8; maps 9; kill %1; ! wait; check",
                    "--ram", "16M", "--swap", "64M")
    parent = int(re.search(r"^\[1\] (\d+)$", outcome.text, re.M).group(1))  # one less where a server has ended
    worker = "RESULT maps pid=%d " % (parent + 1)
    t.contains(outcome.text, worker)
    shown = outcome.text.split(worker)[0].split("RESULT maps")[-1]
    runs = [(int(start, 16), kind) for start, kind in
            re.findall(r"^([0-9a-f]{8})-[0-9a-f]{8} (\S+) r[ow] ", shown, re.M)]
    t.true({"NORMAL", "SWAP"} <= {kind for start, kind in runs if start >= region}, "nothing was evicted")
    t.equal({kind for start, kind in runs if start < region}, {"NONE", "GUARD", "ON_DEMAND", "LOCKED"}, "kinds below")
    clean(t, outcome)


def second_pass_writes_nothing(t, pattern, procs, ram, swap):
    pages = procs * 4096
    seen = lost_nothing(t, "stress --procs %d --pages 4096 --pattern %s --writes 0 --rounds 3" % (procs, pattern),
                        "--ram", ram, "--swap", swap, "--timeout", "300").result("stress")
    t.true(seen["last_round_swap_in"] >= pages - 4096, "pages read in the last round: %d" % seen["last_round_swap_in"])
    t.equal((pattern, swap, seen["last_round_swap_out"]), (pattern, swap, 0), "pages written in the last round")


def test_second_pass_writes_nothing(t):
    second_pass_writes_nothing(t, "seq", 8, "16M", "256M")
    for pattern in ("random", "loop"):
        second_pass_writes_nothing(t, pattern, 4, "12M", "128M")


def test_second_pass_writes_nothing_with_little_swap(t):
    for pattern in ("random", "loop"):
        second_pass_writes_nothing(t, pattern, 4, "12M", "71M")  # 1.1 times the pages


def test_sparse(t):
    lost_nothing(t, "stress --pattern sparse --rounds 2 --verify; check", "--ram", "16M", "--swap", "64M")


def test_8m(t):
    lost_nothing(t, "stress --procs 2 --pages 4096 --pattern zipf --rounds 2 --verify", "--ram", "8M", "--swap", "64M")


def test_3000m(t):
    seen = lost_nothing(t, "stress --procs 2 --pages 300000 --verify", "--ram", "3000M", "--swap", "none",
                        "--timeout", "300").result("stress")
    t.equal(seen["swap_out"], 0, "swap_out")


def test_isapc(t):
    lost_nothing(t, "stress --procs 2 --pages 4096 --pattern random --verify", "--machine", "isapc", "--ram", "16M",
                 "--swap", "64M", "--timeout", "300")


def test_pentium(t):
    lost_nothing(t, "stress --procs 2 --pages 4096 --pattern random --verify", "--cpu", "pentium", "--ram", "16M",
                 "--swap", "64M")


def test_fifo(t):
    lost_nothing(t, "stress --procs 2 --pages 8192 --pattern random --verify", "--policy", "fifo", "--ram", "16M",
                 "--swap", "128M")


def test_ram_swap(t):
    seen = lost_nothing(t, "stress --procs 2 --pages 2048 --verify; vmstat", "--swap-on", "ram", "--ram", "64M",
                        "--swap", "16M").result("vmstat")
    t.equal(seen["swap_blocks"] > 0, True, "swap in RAM")


def test_bochs(t):
    lost_nothing(t, "stress --procs 2 --pages 4096 --pattern random --verify; check", "--emulator", "bochs", "--ram",
                 "16M", "--swap", "64M", "--timeout", "300")


def test_sequential_requests_are_clusters(t):
    for sizes in ("--pages 16384", "--procs 8 --pages 2048"):
        outcome = lost_nothing(t, "vmstat; stress %s --pattern seq --rounds 3 --verify; vmstat" % sizes,
                               "--ram", "16M", "--swap", "128M")
        before, after = [values for name, values in outcome.results if name == "vmstat"]
        moved = {key: after[key] - before[key] for key in ("swap_in", "swap_reads", "swap_out", "swap_writes")}
        t.true(moved["swap_in"] >= 16384, "swap_in %d" % moved["swap_in"])
        t.true(moved["swap_in"] >= 8 * moved["swap_reads"], "pages a read request: %r" % moved)
        t.true(moved["swap_out"] >= 8 * moved["swap_writes"], "pages a write request: %r" % moved)


def test_counters_move(t):
    outcome = t.run("counters; check", "--apps", APPS, "--ram", "16M", "--swap", "64M")
    seen = outcome.result("counters")
    t.equal((seen["lost"], seen["evicted_zero"]), (0, 64), "lost, evicted_zero")
    for key in ("cleaned_ahead", "evicted_clean", "faults_soft"):
        t.true(seen[key] >= 100, "%s moved by %d" % (key, seen[key]))
    t.true(seen["zeroed_ahead"] >= 32, "zeroed_ahead moved by %d" % seen["zeroed_ahead"])
    clean(t, outcome)


def test_killed_in_mid_swap(t):
    commands = ("vmstat; stress --procs 8 --pages 4096 --pattern random --rounds 100 --verify & sleep 3; vmstat; kill %1; "
                "sleep 0.5; check; vmstat")
    outcome = t.run(commands, "--ram", "16M", "--swap", "256M", "--timeout", "300")
    clean(t, outcome)
    first, full, last = [values for name, values in outcome.results if name == "vmstat"]
    for key in ("processes", "threads", "handles", "commit_used"):
        t.equal((key, last[key]), (key, first[key]), "what was given back")
    t.true(full["swap_used"] > 10000 and last["swap_used"] < 100, "blocks: only those that stay in swap keep theirs")


def server_dies(t, name):
    commands = ("stress --procs 4 --pages 4096 --pattern random --rounds 3 --verify & sleep 2; kill %s; sleep 1; "
                "kill %s; wait %%1; check" % (name, name))
    outcome = lost_nothing(t, commands, "--ram", "16M", "--swap", "256M", "--timeout", "150")
    t.equal(outcome.result("run")["failed"], 0, "failed")
    clean(t, outcome)


def test_disk_driver_dies(t):
    server_dies(t, "ata")


def test_block_statistics_agree(t):
    counted = {"APTERYX_EMULATOR": os.path.join(harness.ROOT, "test/boot/qemu_counted"), "BLOCK_STATS": t.path("stats")}
    outcome = t.tool("--ram", "16M", "--swap", "64M", "--", "stress --procs 2 --pages 4096 --pattern random --verify; "
                     "sleep 0.5; vmstat", environment=counted)  # what is cleaned ahead has been written by then
    t.equal(outcome.status, 0, "status")
    with open(t.path("stats"), encoding="ascii") as file:
        disk = json.load(file)
    seen = outcome.result("vmstat")
    read_more = disk["read"] - (seen["swap_in"] + seen["tables_swapped_in"]) * PAGE
    t.true(0 <= read_more <= FIRMWARE_BYTES, "QEMU read %d bytes more than swap_in says" % read_more)
    t.equal(disk["written"], (seen["swap_out"] + seen["tables_swapped"]) * PAGE, "bytes that QEMU wrote")


def test_debug_build_checks_itself(t):
    seen = lost_nothing(t, "stress --procs 8 --pages 4096 --pattern random --rounds 2 --verify; vmstat", "--debug",
                        "--ram", "16M", "--swap", "256M", "--timeout", "300").result("vmstat")
    t.true(seen["checks"] >= 50, "the checker ran %d times" % seen["checks"])
    t.equal(lost_nothing(t, "stress --pages 99 --verify; vmstat", "--swap", "none").result("vmstat")["checks"], 0,
            "checks in the release build")
