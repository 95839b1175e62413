"""Fault handlers and watched pages: what <apteryx/fault.h> says, under memory pressure too, and both examples."""

import os

import harness

APPS = os.path.join(harness.ROOT, "test/apps")


def clean(t, outcome):
    seen = outcome.result("check")
    t.equal((seen["errors"], seen["unowned"]), (0, 0), "errors, unowned")


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
    outcome = t.run("upager; sleep 0.2; vmstat; upager & sleep 0.01; kill %1; ! wait; sleep 0.5; check; vmstat", "--apps", APPS,
                    "--ram", "16M", "--swap", "64M")
    first, last = [values for name, values in outcome.results if name == "vmstat"]
    for key in ("processes", "threads", "handles", "commit_used"):
        t.equal((key, last[key]), (key, first[key]), "what was given back")
    clean(t, outcome)
