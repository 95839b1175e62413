"""Limits, and programs that take as much of one thing as they get: the others go on, and all of it comes back."""

from harness import APPS

BACK = ("processes", "threads", "handles", "commit_used", "frames_locked")


def bomb(t, kind, seconds, *options):
    """One that only the shell's own limits for a job stop; the commands in the middle find room beside it."""
    outcome = t.run("vmstat; bomb %s & sleep %d; ps; stress --pages 100 --verify; check; kill %%1; ! wait %%1; check; vmstat"
                    % (kind, seconds), "--apps", APPS, *options)
    t.equal([v["lost"] for n, v in outcome.results if n == "stress"], [0], "lost")
    t.equal([v["errors"] for n, v in outcome.results if n == "check"], [0, 0], "errors")
    before, after = [v for n, v in outcome.results if n == "vmstat"]
    t.equal([after[key] for key in BACK], [before[key] for key in BACK], "what is held")
    # Of servers that nobody asks for anything, tables may be in swap now.
    t.true(after["frames_tables"] <= before["frames_tables"], "page tables are left over")
    t.true(after["frames_kernel"] <= before["frames_kernel"] + 2, "kernel objects are gone")
    return outcome


def many(t, kind, least, error, seconds, *options):
    seen = bomb(t, kind, seconds, *options).result("bomb")
    t.equal(seen["error"], error, "error")
    t.true(seen["count"] >= least, "%d %s" % (seen["count"], kind))


SMALL, LARGER = ("--ram", "16M", "--swap", "64M"), ("--ram", "32M", "--swap", "64M")


def test_threads(t):
    many(t, "threads", 10000, "ERR_LIMIT", 4, *SMALL)


def test_messages_that_nobody_takes(t):
    many(t, "queue", 10000, "ERR_LIMIT", 4, *SMALL)


def test_handles(t):
    many(t, "handles", 32000, "ERR_LIMIT", 2, *SMALL)


def test_ports(t):
    many(t, "ports", 32000, "ERR_LIMIT", 3, *LARGER)


def test_names(t):
    bomb(t, "names", 5, *LARGER)


def test_tables(t):
    many(t, "tables", 500, "ERR_LIMIT", 2, *SMALL)


def test_handles_for_a_server(t):
    many(t, "foreign", 9000, "ERR_LIMIT", 6, *SMALL)


def test_processes(t):
    many(t, "processes", 300, "ERR_LIMIT", 6, *SMALL)


def test_processes_that_start_processes(t):
    bomb(t, "fork", 6, *LARGER)


def test_each_limit(t):
    outcome = t.run("! limit pages=30 stress --pages 100; echo $?; limit pages=300 stress --pages 100 --verify; "
                    "! limit handles=20 crowd --procs 40; ! limit processes=5 crowd --procs 5; "
                    "limit processes=6 crowd --procs 5 --verify; ! limit threads=4 crowd --procs 4; "
                    "! limit locked=4 crowd --procs 40; limit processes=0 ps; echo $?; check",
                    status=1)
    t.equal(outcome.result("run")["failed"], 1, "failed: ps alone, of which there may be none")
    t.equal([(v["procs"], v["status"]) for n, v in outcome.results if n == "crowd"][1:4], [(4, 3), (5, 0), (3, 3)],
            "crowd: processes started, status")
    t.equal([v["lost"] for n, v in outcome.results if n == "stress" and v["verified"]], [0], "lost")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def test_limits_within_limits(t):
    outcome = t.run("limit processes=9 handles=500 limit; "
                    "limit processes=9 limit processes=5 limit; "
                    "! limit processes=5 limit processes=9 ps; ! limit processes=1 limit ps; "
                    "! limit nonsense=1 ps; ! limit pages= ps; ! limit pages=9; ! limit nothing; limit --help")
    t.contains(outcome.text, "\nprocesses 1 of 9: ")
    t.contains(outcome.text, "\nhandles 0 of 500: ")
    t.contains(outcome.text, "\nprocesses 1 of 5: ")
    t.equal(outcome.text.count("limit: ps: ERR_LIMIT\n"), 2, "refusals")
    t.equal(outcome.text.count("(try limit --help)"), 3, "lines that say what is wrong")
    t.contains(outcome.text, "limit: nothing: no such command\n")


def test_overcommit_is_limited_by_what_it_touches(t):
    outcome = t.run("! limit pages=400 stress_over --pages 3000 --overcommit; "
                    "limit pages=6000 stress_over --pages 3000 --overcommit --verify; check", "--ram", "32M")
    t.equal([v["lost"] for n, v in outcome.results if n == "stress" and v["verified"]], [0], "lost")
    t.contains(outcome.text, "FAULT pid=")
    t.equal(outcome.result("check")["errors"], 0, "errors")
