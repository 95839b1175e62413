"""Pages that several processes share: mapped, copied on write, evicted for all, taken back."""

from harness import APPS, leaves_nothing


def storm(t, command, *options):
    outcome = leaves_nothing(t, "share_storm " + command, *options)
    seen = outcome.result("share_storm")
    t.equal(seen["lost"], 0, "lost")
    t.true(min(seen[key] for key in ("granted", "mapped", "copied", "unmapped", "exits")) > 0, "each was done")
    return seen, outcome.result("vmstat")


def test_sentences(t):
    outcome = leaves_nothing(t, "sharing", "--ram", "32M", "--swap", "64M")
    t.true(outcome.result("sharing")["checks"] > 100, "checks")


def test_sentences_in_a_debug_build(t):
    leaves_nothing(t, "sharing; share_storm --operations 1500 --pages 40", "--ram", "32M", "--swap", "64M", "--debug")


def test_storm(t):
    seen, last = storm(t, "--operations 40000 --pages 400", "--ram", "12M", "--swap", "256M", "--timeout", "240")
    t.true(seen["verified"] > 30000 and last["swap_in"] > 1000 and last["faults_cow"] > 3000, "pressure")


def test_storm_over_many_page_tables(t):
    seen, last = storm(t, "--operations 25000 --pages 300 --group 12", "--ram", "9M", "--swap", "256M", "--timeout", "240")
    t.true(last["tables_swapped_in"] > 300 and last["reaping"] == 0, "page tables went, and came back")


def test_storm_while_servers_end(t):
    outcome = t.run("share_storm --operations 30000 --pages 300 --group 12 & sleep 1; kill ata; sleep 0.6; kill swap; "
                    "wait %1; check", "--apps", APPS, "--ram", "10M", "--swap", "256M", "--timeout", "240")
    t.equal((outcome.result("share_storm")["lost"], outcome.result("check")["errors"]), (0, 0), "lost, errors")


def test_storm_of_more_than_there_is_ram(t):
    seen, last = storm(t, "--operations 12000 --pages 800 --seed 3", "--ram", "8M", "--swap", "256M", "--timeout", "240")
    t.true(seen["shared"] > last["ram_frames"], "shared pages, all together: %d" % seen["shared"])
