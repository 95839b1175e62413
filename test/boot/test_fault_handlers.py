"""Fault handlers and watched pages: what <apteryx/fault.h> says, under memory pressure too, and both examples."""

import harness
from harness import APPS, clean


def given_back(t, outcome):
    """As at the first vmstat, so at the last."""
    harness.given_back(t, outcome)
    clean(t, outcome)


def sentences(t, *options):
    outcome = t.run("try_fault; check", "--apps", APPS, "--ram", "32M", "--swap", "64M", *options)
    seen = outcome.result("try_fault")
    t.equal(seen["wrong"], 0, "wrong")
    t.true(seen["checks"] > 150, "only %d checks" % seen["checks"])
    clean(t, outcome)


def test_each_sentence(t):
    sentences(t, "--timeout", "40")


def test_in_a_debug_build(t):
    sentences(t, "--debug")


def test_on_a_pentium(t):
    sentences(t, "--cpu", "pentium")


def test_in_bochs(t):
    sentences(t, "--emulator", "bochs", "--timeout", "300")


def test_examples_in_bochs(t):
    outcome = t.run("barrier 3000 2; upager; check", "--apps", APPS, "--emulator", "bochs", "--ram", "12M", "--swap", "32M",
                    "--timeout", "300")
    seen = outcome.result("barrier")
    t.equal((seen["wrong"], seen["noted"], outcome.result("upager")["wrong"]), (0, seen["written"], 0), "wrong, noted, wrong")
    clean(t, outcome)


def test_write_barrier_under_pressure(t):
    """Three times as many pages as RAM has, all watched: each is reported once, where it is written first."""
    outcome = t.run("barrier 12000 2; check; vmstat", "--apps", APPS, "--ram", "16M", "--swap", "128M", "--timeout", "300")
    seen = outcome.result("barrier")
    t.equal((seen["pages"], seen["wrong"], seen["noted"]), (12000, 0, seen["written"]), "pages, wrong, noted")
    t.true(seen["written"] > 5000, "written")
    t.true(outcome.result("vmstat")["swap_in"] > 20000, "no pressure")
    clean(t, outcome)


def test_user_level_pager_under_pressure(t):
    outcome = t.run("stress --procs 2 --pages 2048 --pattern random --rounds 99999 --verify & upager; upager; kill %1; ! wait; "
                    "sleep 0.5; check", "--apps", APPS, "--ram", "16M", "--swap", "128M", "--timeout", "300")
    seen = outcome.result("upager")
    t.equal((seen["supplied"], seen["wrong"]), (2000, 0), "supplied, wrong")
    clean(t, outcome)


def test_pager_killed(t):
    """Who waits for a pager that is killed ends, and everything is given back."""
    given_back(t, t.run("upager; sleep 0.2; vmstat; upager & sleep 0.01; kill %1; ! wait; sleep 0.5; check; vmstat", "--apps",
                        APPS, "--ram", "16M", "--swap", "64M"))


def storm(t, command, *options):
    """Clients whose handlers answer at random and are killed: each page is as it was written, or as it is supplied; where
    the ports outlive the handlers, exactly those clients end that touch what nobody supplies."""
    outcome = t.run("fault_storm --operations 1; sleep 0.2; vmstat; fault_storm %s; sleep 0.2; check; vmstat" % command, "--apps",
                    APPS, *options)
    seen = [values for name, values in outcome.results if name == "fault_storm"][1]
    t.equal((seen["wrong"], seen["finished"] + seen["ended"]), (0, seen["clients"]), "wrong, clients")
    for key in ("finished", "ended", "killed", "retried", "unwatched", "granted", "mapped", "copied"):
        t.true(seen[key] > 0, "none: " + key)
    given_back(t, outcome)
    return seen, outcome.result("vmstat")


def test_storm(t):
    seen, last = storm(t, "--groups 3 --threads 5 --pages 250 --operations 1500", "--ram", "12M", "--swap", "128M", "--timeout",
                       "300")
    t.true(seen["verified"] > 20000 and seen["handlers"] > 20, "little was done")
    t.true(last["swap_in"] > 5000, "no pressure")


def test_storm_in_a_debug_build(t):
    storm(t, "--threads 3 --pages 60 --operations 250 --seed 4", "--ram", "16M", "--swap", "64M", "--debug", "--timeout", "300")


def test_storm_on_a_pentium(t):
    storm(t, "--pages 300 --operations 500 --seed 5", "--ram", "9M", "--swap", "64M", "--cpu", "pentium", "--timeout", "300")


def test_storm_in_bochs(t):
    storm(t, "--pages 200 --operations 300 --seed 6", "--emulator", "bochs", "--ram", "9M", "--swap", "64M", "--timeout", "300")
