"""The search for free pages: while page tables go to swap, and in how many instructions."""

from harness import APPS


def tables_go_out(t, *options):
    outcome = t.run("try_hole_out; check", "--apps", APPS, "--ram", "16M", "--swap", "128M", *options)
    t.equal(outcome.result("try_hole_out")["wrong"], 0, "wrong")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def test_a_table_in_swap_has_no_free_page(t):
    tables_go_out(t)


def test_a_table_in_swap_has_no_free_page_in_bochs(t):
    tables_go_out(t, "--emulator", "bochs", "--timeout", "300")


def test_hints_save_the_search(t):
    outcome = t.run("bench find_hole_cold; bench find_hole", "--icount")
    cold, warm = [values["median"] for name, values in outcome.results if name == "bench"]
    t.true(warm * 20 < cold, "the hints that the first search left are of no use: %d, then %d" % (cold, warm))
