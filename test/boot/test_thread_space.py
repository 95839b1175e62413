"""Thread space: what each thread has at the same addresses, under memory pressure, and what is left of it."""

import re

from harness import leaves_nothing


def clean_and_given_back(t, command, *options):
    outcome = leaves_nothing(t, command, *options)
    first, last = [values for name, values in outcome.results if name == "vmstat"]
    # Of servers that nobody asks for anything, tables may be in swap now.
    t.true(last["frames_tables"] <= first["frames_tables"], "tables are left over")
    return outcome


def test_in_ram(t):
    outcome = clean_and_given_back(t, "privates 5 100 20; privates_over; privates_over", "--ram", "32M", "--swap",
                                   "none")
    t.equal(outcome.result("privates")["threads"], 6, "threads")


def test_under_pressure(t):
    outcome = clean_and_given_back(t, "privates 7 900 3", "--ram", "16M", "--swap", "128M", "--timeout", "300")
    t.equal(outcome.result("privates")["verified"], 8 * 900 * (4 + 2) + 8, "verified")
    t.true(outcome.result("vmstat")["swap_in"] > 4000, "no pressure")


def test_killed(t):
    outcome = clean_and_given_back(t, "privates 7 900 99 & sleep 4; ps; maps %2; pte %2 0xbc3e0000; check; kill %2; "
                                   "! wait; sleep 0.5", "--ram", "16M", "--swap", "128M")
    resident, swapped = map(int, re.search(r"^\d+ \d+ 8 \S+ (\d+) (\d+) privates$", outcome.text, re.M).groups())
    t.true(resident + swapped > 7 * 900, "ps counts %d + %d pages" % (resident, swapped))
    # The table may go, or come back, between maps and pte.
    t.true("\nbc000000-bc400000 SWAP rw " in outcome.text or "\nbc000000-bc3e0000 NONE rw 992 pte\n" in outcome.text,
           "neither the table nor what it holds")
    t.true(outcome.result("pte")["kind"] in ("NORMAL", "SWAP", "TRANSIT"), "the first thread's page")


def test_another_thread_s_pages_are_not_there(t):
    outcome = clean_and_given_back(t, "! privates_wild; sleep 0.2", "--ram", "32M", "--swap", "none")
    t.contains(outcome.text, "name=privates_wild address=0xbfc00000 kind=NONE access=read")


def test_bochs(t):
    clean_and_given_back(t, "privates 3 100 5; privates_over", "--emulator", "bochs", "--ram", "32M", "--swap", "none",
                         "--timeout", "300")
