"""Page tables that go to swap: one page in every 4 MiB of whole address spaces, in far less RAM than their tables take."""

import re

from harness import APPS, clean

JOB = "stress --procs %d --pattern sparse --rounds %d --verify"


def sparse(t, procs, *options):
    """Twice as many frames for tables and pages as there are, at least; RAM is free of them between the rounds."""
    outcome = t.run(JOB % (procs, 2) + "; vmstat; check", *options)
    stress, vmstat = outcome.result("stress"), outcome.result("vmstat")
    t.equal(stress["lost"], 0, "lost")
    t.equal(stress["verified"], stress["pages"], "verified")
    t.true(vmstat["tables_swapped"] > stress["pages"] // 2, "only %d tables were written" % vmstat["tables_swapped"])
    t.true(vmstat["frames_tables"] < vmstat["ram_frames"] // 10, "%d frames hold tables" % vmstat["frames_tables"])
    clean(t, outcome)


def test_sixteen_spaces(t):
    sparse(t, 16, "--ram", "16M", "--swap", "256M", "--timeout", "300")


def test_debug_build(t):
    sparse(t, 6, "--ram", "12M", "--swap", "128M", "--debug", "--timeout", "300")


def test_bochs(t):
    sparse(t, 3, "--emulator", "bochs", "--ram", "8M", "--swap", "64M", "--timeout", "400")


def test_share_of_ram(t):
    """Of a machine with room for them, tables take a twelfth; what is being read may come to that for a moment."""
    outcome = t.run("vmstat 0.2 9999 & " + JOB % (12, 2) + "; kill %1; check", "--ram", "32M", "--swap", "256M",
                    "--timeout", "300")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    ram = outcome.result("boot")["ram_frames"]
    samples = sorted(values["frames_tables"] for name, values in outcome.results if name == "vmstat")
    t.true(len(samples) > 5, "only %d samples" % len(samples))
    t.true(samples[len(samples) // 2] < ram // 10, "%d frames hold tables" % samples[len(samples) // 2])
    t.true(samples[-1] < ram // 6, "%d frames hold tables, for a moment" % samples[-1])
    clean(t, outcome)


def test_servers_die(t):
    outcome = t.run(JOB % (6, 4) + " & sleep 1; kill swap; sleep 1; kill ata; wait %1; check",
                    "--ram", "16M", "--swap", "128M", "--timeout", "300")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    clean(t, outcome)


def test_killed(t):
    """What a killed process had in swap is all given back when it is gone: its tables are read for that."""
    outcome = t.run("vmstat; " + JOB % (16, 99) + " & sleep 6; vmstat; kill %1; vmstat; check",
                    "--ram", "16M", "--swap", "256M", "--timeout", "300")
    before, busy, after = [values for name, values in outcome.results if name == "vmstat"]
    t.true(busy["tables_swapped"] > 1000, "only %d tables were out" % busy["tables_swapped"])
    t.true(busy["swap_used"] > 4000, "only %d blocks were used" % busy["swap_used"])
    t.true(after["swap_used"] < before["swap_used"] + 64, "%d blocks are used still" % after["swap_used"])
    t.equal((after["reaping"], after["lost"]), (0, 0), "reaping, lost")
    t.equal(after["commit_used"], before["commit_used"], "commit_used")
    clean(t, outcome)


def test_unreadable(t):
    """A server that can't read some tables: who needs one ends with a report, the others are killed by their parent. What
    the tables owned is lost, and all else goes on."""
    outcome = t.run(JOB % (4, 3) + "; sleep 1; vmstat; check; stress --pages 64 --verify", "--apps", APPS, "--ram", "40M",
                    "--swap", "24M", "--swap-on", "badtables 100", "--timeout", "200", status=1)
    vmstat = outcome.result("vmstat")
    faults = re.findall("^FAULT .* name=stress_over .* kind=SWAP access=(?:read|write) ", outcome.text, re.M)
    t.true(0 < len(faults) <= 4, "%d processes ended by a fault" % len(faults))
    lost = len(re.findall("^swap: the page table in block [0-9]+ is lost$", outcome.text, re.M))
    t.true(lost > 0, "no table was lost")
    t.equal(vmstat["reaping"], 0, "reaping")
    t.true(lost <= vmstat["lost"] <= 2 * lost, "%d tables and %d blocks were lost" % (lost, vmstat["lost"]))
    t.true(vmstat["swap_used"] < vmstat["lost"] + 300, "%d blocks are used still" % vmstat["swap_used"])
    clean(t, outcome)
    t.equal([values["lost"] for name, values in outcome.results if name == "stress"], [0, 0], "lost pages")


def test_watched(t):
    """A watch survives where page and table are in swap, and is set and ended there."""
    outcome = t.run("stress --pages 1500 --pattern random --rounds 9999 --verify & barrier 500 4 1025; kill %1; ! wait; vmstat; "
                    "check", "--apps", APPS, "--ram", "8M", "--swap", "64M", "--timeout", "200")
    seen, vmstat = outcome.result("barrier"), outcome.result("vmstat")
    t.equal((seen["pages"], seen["wrong"], seen["noted"]), (500, 0, seen["written"]), "pages, wrong, noted")
    t.true(seen["written"] > 500, "only %d pages were written" % seen["written"])
    t.true(vmstat["tables_swapped_in"] > 1000, "only %d tables came back" % vmstat["tables_swapped_in"])
    clean(t, outcome)
