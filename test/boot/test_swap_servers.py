"""Swap servers: those from outside the tree, as docs/write-a-swap-server.md has them, and what stress finds."""

import os
import re

import harness
from harness import APPS

SIZES = ("--ram", "32M", "--swap", "16M")
STRESS = "stress --procs 4 --pages 1500 --pattern random --rounds 3 --verify"


def read(*names):
    with open(os.path.join(harness.ROOT, *names), encoding="utf-8") as file:
        return file.read()


def test_the_page_shows_the_program_that_is_run(t):
    code = re.findall(r"^```c .*/memswap\.c\n(.*?)^```$", read("docs", "write-a-swap-server.md"), re.M | re.S)
    t.equal(code, [read("test", "apps", "memswap.c")], "the code in docs/write-a-swap-server.md")


def stress(t, server, lost):
    outcome = t.run(STRESS, "--apps", APPS, "--swap-on", server, *SIZES, status=1 if lost else 0)
    seen = outcome.result("stress")
    t.equal(seen["lost"], lost, server)
    t.true(seen["swap_in"] > 1000, "%s: only %d pages came back from swap" % (server, seen["swap_in"]))


def test_memswap(t):
    stress(t, "memswap", 0)


def test_badswap_does_nothing_wrong_unless_told(t):
    stress(t, "badswap", 0)


def test_badswap_corrupt(t):
    stress(t, "badswap corrupt", 1)


def test_badswap_swap(t):
    stress(t, "badswap swap", 2)


def test_badswap_stale(t):
    stress(t, "badswap stale", 1)


def all_that_was_promised(t, *options, ram="16M"):
    # Nothing is left to grant when the first page goes to swap: who serves it must have what it needs already.
    outcome = t.run("takeall; check", "--apps", APPS, "--ram", ram, "--swap", "8M", "--timeout", "100", *options)
    seen, checked = outcome.result("takeall"), outcome.result("check")
    t.true(seen["pages"] > 2048, "only %d pages were granted" % seen["pages"])
    t.equal((seen["lost"], checked["errors"], checked["unowned"]), (0, 0, 0), "lost, errors, unowned")


def test_all_that_was_promised(t):
    all_that_was_promised(t, "--swap-on", "memswap", ram="20M")  # of which swap is 8, and the programs of all tests 1


def test_all_that_was_promised_on_a_disk(t):
    all_that_was_promised(t)


def test_all_that_was_promised_without_dma(t):
    all_that_was_promised(t, "--machine", "isapc")


def test_discards(t):
    # Everything that was written and freed is discarded once the machine is idle; nothing that is in use ever is.
    outcome = t.run(STRESS + "; sleep 0.3; " + STRESS + " & sleep 0.4; kill %1; ! wait; sleep 0.3; " + STRESS +
                    "; sleep 1; vmstat; check", "--apps", APPS, "--swap-on", "discardswap", *SIZES)
    t.equal([values["lost"] for name, values in outcome.results if name == "stress"], [0, 0], "lost")
    t.equal([outcome.result("check")[key] for key in ("unowned", "errors")], [0, 0], "unowned, errors")
    lines = re.findall("^discardswap: held=([0-9]+) discarded=([0-9]+) wrong=([0-9]+)$", outcome.text, re.M)
    held, discarded, wrong = map(int, lines[-1])
    t.equal(wrong, 0, "reads of discarded blocks")
    t.true(discarded > 4000, "only %d blocks were discarded" % discarded)
    seen = outcome.result("vmstat")["swap_used"]
    t.true(held - seen < 16, "%d blocks are in use, but the server holds %d" % (seen, held))
