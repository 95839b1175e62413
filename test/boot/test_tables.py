"""Page tables that go to swap: one page in every 4 MiB of whole address spaces, in far less RAM than their tables take."""

JOB = "stress --procs %d --pattern sparse --rounds %d --verify"


def clean(t, seen):
    t.equal((seen["errors"], seen["unowned"]), (0, 0), "errors, unowned")


def sparse(t, procs, *options):
    """Twice as many frames for tables and pages as there are, at least; RAM is free of them between the rounds."""
    outcome = t.run(JOB % (procs, 2) + "; vmstat; check", *options)
    stress, vmstat = outcome.result("stress"), outcome.result("vmstat")
    t.equal(stress["lost"], 0, "lost")
    t.equal(stress["verified"], stress["pages"], "verified")
    t.true(vmstat["tables_swapped"] > stress["pages"] // 2, "only %d tables were written" % vmstat["tables_swapped"])
    t.true(vmstat["frames_tables"] < vmstat["ram_frames"] // 10, "%d frames hold tables" % vmstat["frames_tables"])
    clean(t, outcome.result("check"))


def test_sixteen_spaces(t):
    sparse(t, 16, "--ram", "16M", "--swap", "256M", "--timeout", "300")


def test_debug_build(t):
    sparse(t, 6, "--ram", "12M", "--swap", "128M", "--debug", "--timeout", "300")


def test_bochs(t):
    sparse(t, 3, "--emulator", "bochs", "--ram", "8M", "--swap", "64M", "--timeout", "400")


def test_servers_die(t):
    outcome = t.run(JOB % (6, 4) + " & sleep 1; kill swap; sleep 1; kill ata; wait %1; check",
                    "--ram", "16M", "--swap", "128M", "--timeout", "300")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    clean(t, outcome.result("check"))


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
    clean(t, outcome.result("check"))
