"""Very many processes at once, nearly all of them asleep; and all the handles that one can have."""

from harness import APPS


def crowd(t, commands, *options):
    outcome = t.run(commands, *options)
    t.equal(outcome.result("check")["errors"], 0, "errors")
    t.equal(outcome.result("ps")["processes"], 8, "processes: init, console, ata, swap, atapi, file, shell, ps")
    return outcome


def test_two_thousand(t):
    # --rounds 2 is the default: all are filled, all are woken once.
    seen = crowd(t, "crowd --procs 2000 --verify; ps; check", "--ram", "32M", "--swap", "1G").result("crowd")
    t.equal([seen[key] for key in ("procs", "pages", "verified", "lost", "status")], [2000, 8000, 8000, 0, 0], "crowd")
    t.true(0 < seen["resident_per_sleeper"] < 10000, "two tables, and the kernel's objects")


def test_killed_with_all_its_children(t):
    outcome = crowd(t, "vmstat; crowd --procs 1000 --rounds 1000 --verify & sleep 4; ps; kill %1; ! wait %1; "
                       "vmstat; ps; check", "--ram", "32M", "--swap", "1G")
    # The line of ps counts those that were started by then; a machine under load starts fewer of them.
    many = [values["processes"] for name, values in outcome.results if name == "ps"][0]
    t.true(many > 20, "%d processes" % many)
    before, after = [values for name, values in outcome.results if name == "vmstat"]
    for what in ("processes", "threads", "handles", "frames_kernel", "commit_used"):
        t.equal(after[what], before[what], what)
    # Of servers that nobody asks for anything, tables may be in swap now.
    t.true(after["frames_tables"] <= before["frames_tables"], "tables: %d, not %d" % (after["frames_tables"], before["frames_tables"]))


def test_refused_when_it_is_too_many(t):
    outcome = t.run("! crowd --procs 3000; echo status $?; check; crowd --procs 20 --verify", "--ram", "16M", "--swap", "64M")
    t.contains(outcome.text, "crowd: after ")
    t.equal([values["status"] for name, values in outcome.results if name == "crowd"], [3, 0], "status")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def test_wrong_use(t):
    outcome = t.run("! crowd --procs 0; ! crowd --procs 16001; ! crowd --pages 0; ! crowd --rounds 0; crowd --help")
    t.equal(outcome.text.count("(try crowd --help)"), 4, "lines that say what is wrong")
    t.contains(outcome.text, "usage: crowd --procs N")


def test_all_handles_of_a_process(t):
    outcome = t.run("vmstat; manyhandles; vmstat; check", "--apps", APPS)
    t.equal(outcome.result("manyhandles")["wrong"], 0, "wrong")
    before, after = [values for name, values in outcome.results if name == "vmstat"]
    for what in ("handles", "frames_kernel"):
        t.equal(after[what], before[what], what)
    t.equal(outcome.result("check")["errors"], 0, "errors")
