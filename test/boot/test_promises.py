"""Promises: what is granted and what is refused, and what marking and a touch cost."""

GIB2 = 512  # tables of 4 MiB


def marks(t, commands, *options, failed=0):
    outcome = t.run(commands + "; check", "--ram", "64M", *options, status=1 if failed else 0)
    t.equal(outcome.result("run")["failed"], failed, "failed")
    t.equal(outcome.result("check")["errors"], 0, "errors")
    return outcome


def test_granted_with_swap(t):
    seen = marks(t, "mark --bytes 2G --touch", "--swap", "2304M").result("mark")
    t.equal(seen, {"bytes": 2 << 30, "status": 0, "tables": 0, "touched": GIB2, "touched_tables": GIB2,
                   "touched_pages": GIB2}, "a table and a page for each 4 MiB touched, none for the marking")


def test_granted_to_overcommit(t):
    seen = marks(t, "mark_over --bytes 2G --touch", "--swap", "256M").result("mark")
    t.equal((seen["status"], seen["tables"], seen["touched_tables"]), (0, 0, GIB2), "mark")


def test_refused(t):
    outcome = marks(t, "mark --bytes 2G; echo status $?", "--swap", "256M", failed=1)
    t.contains(outcome.text, "mark: refused: ERR_COMMIT\n")
    t.contains(outcome.text, "\nstatus 3\n")


def test_runs_take_no_kernel_memory(t):
    outcome = marks(t, "runs --count 1; runs --count 20000")
    few, many = [values for name, values in outcome.results if name == "runs"]
    t.equal(many["runs"], 20000, "runs")
    t.equal((few["right"], many["right"]), (1, 1), "right")
    t.equal(many["frames_kernel"], few["frames_kernel"], "frames_kernel")
    t.equal(many["frames_tables_more"], 20, "tables: 20,000 pages' worth, the last one in part")


def test_fullness_is_refused_not_lost(t):
    # Two that together want more than there is: one gets it, the other is told so when it asks.
    outcome = t.run("stress --pages 20000 --rounds 3 --verify & sleep 1; stress --pages 20000; wait %1; check",
                    "--ram", "16M", "--swap", "96M", status=1)
    t.equal(outcome.result("run")["failed"], 1, "failed")
    t.equal([v["lost"] for n, v in outcome.results if n == "stress" and v["verified"]], [0], "lost")
