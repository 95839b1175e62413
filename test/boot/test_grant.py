"""Granting pages by messages: every page comes back as it went, whether it was in RAM, in swap or on its way."""

from harness import APPS, clean

GIVEN_BACK = ("processes", "threads", "handles", "commit_used")


def all_given_back(t, command, *options):
    # The shell looks servers up when it first needs them: once before counting.
    outcome = t.run("granter 1 1 1; sleep 9 & sleep 0.1; kill %%1; ! wait; vmstat; %s; check; vmstat" % command, "--apps", APPS,
                    *options)
    clean(t, outcome)
    first, last = [values for name, values in outcome.results if name == "vmstat"]
    for key in GIVEN_BACK:
        t.equal((key, last[key]), (key, first[key]), "what was given back")
    return outcome


def back_and_forth(t, command, *options):
    outcome = all_given_back(t, command, *options)
    seen = outcome.result("granter")
    t.equal((seen["lost"], seen["left"]), (0, 0), "lost, left")
    return seen, outcome.result("vmstat")


def test_in_ram(t):
    seen, last = back_and_forth(t, "granter 8 100 3", "--ram", "32M", "--swap", "none")
    t.equal((seen["pages"], seen["verified"]), (800, 800 * 4), "pages, verified")
    t.equal(last["swap_out"], 0, "swap_out")


def test_under_pressure(t):
    seen, last = back_and_forth(t, "granter 64 128 3", "--ram", "16M", "--swap", "128M", "--timeout", "300")
    t.equal((seen["pages"], seen["verified"]), (8192, 8192 * 4), "pages, verified")
    t.true(last["swap_in"] > 4000 and last["swap_out"] > 4000, "no pressure")


def test_largest_with_others(t):
    seen, _ = back_and_forth(t, "stress --procs 2 --pages 2048 --pattern random --rounds 99999 --verify & "
                             "granter 8 1024 2; kill %2; ! wait; sleep 0.5", "--ram", "16M", "--swap", "128M",
                             "--timeout", "300")
    t.equal(seen["pages"], 8192, "pages")


def test_killed_in_mid_grant(t):
    for who in ("grantee", "granter"):
        all_given_back(t, "granter 64 128 99 & sleep 4; kill %s; ! wait; sleep 0.5" % who, "--ram", "16M", "--swap",
                       "128M")


def test_errors(t):
    outcome = t.run("grant_errors; check", "--apps", APPS, "--ram", "32M", "--swap", "none")
    t.true(outcome.result("grant_errors")["cases"] > 30, "cases")
    clean(t, outcome)


def test_commit(t):
    outcome = t.run("grant_over; sleep 0.2; check; vmstat", "--apps", APPS, "--ram", "16M", "--swap", "none")
    seen = outcome.result("grant_over")
    # What the shell leaves for itself ends a little before commit does: a run of pages may be too long for both.
    t.true(seen["error"] in ("ERR_LIMIT", "ERR_COMMIT"), "refused with %s" % seen["error"])
    t.equal(seen["kept"], 256, "kept")
    t.true(8 <= seen["granted"] <= 16, "granted until the limit: %d" % seen["granted"])
    clean(t, outcome)
