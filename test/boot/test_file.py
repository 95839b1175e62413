"""Pages of files: what <apteryx/file_server.h> and abi/file.h say, with a file server of made-up files (test/apps/pagefiles)."""

import harness
from harness import APPS, clean

MEMORY = ("--ram", "16M", "--swap", "64M")
BACK = ("processes", "threads", "handles", "file_private")


def files(t, commands, *options, status=0):
    outcome = t.run(commands, "--apps", APPS, "--files-on", "pagefiles", "--timeout", "240", *options, status=status)
    clean(t, outcome)
    return outcome


def given_back(t, outcome):
    """The server keeps its cache; of the clients nothing is left."""
    _, last = harness.given_back(t, outcome, BACK)
    t.equal(last["lost"], 0, "lost")


def sentences(t, *options):
    seen = files(t, "try_file; sleep 0.2; check", *(options or MEMORY)).result("try_file")
    t.equal(seen["wrong"], 0, "wrong")
    t.true(seen["checks"] > 150, "only %d checks" % seen["checks"])


def test_each_sentence(t):
    sentences(t)


def test_each_sentence_without_swap(t):
    sentences(t, "--ram", "48M", "--swap", "none")


def test_in_a_debug_build(t):
    sentences(t, "--debug", *MEMORY)


def test_one_frame_for_fifty(t):
    """Fifty processes show 600 pages of a file: 600 frames, and the server is asked for each page about once."""
    outcome = files(t, "vmstat; try_file sharers 50 600 1; sleep 0.5; check; vmstat", "--ram", "32M", "--swap", "64M")
    seen = outcome.result("file_sharers")
    t.equal((seen["procs"], seen["lost"], seen["wrong"]), (50, 0, 0), "procs, lost, wrong")
    t.true(seen["frames"] < 600 + 50 * 12 + 1200, "%d frames more, for 50 processes" % seen["frames"])
    given_back(t, outcome)


def test_more_is_read_than_there_is_memory(t):
    outcome = files(t, "vmstat; try_file readers 8 4000 2; sleep 0.5; check; vmstat", *MEMORY)
    seen = outcome.result("file_readers")
    t.equal((seen["procs"], seen["lost"], seen["out"], seen["wrong"]), (8, 0, 0, 0), "procs, lost, out, wrong")
    t.true(seen["dropped"] > 30000, "no pressure: %d dropped" % seen["dropped"])
    given_back(t, outcome)


def test_private_pages_come_back(t):
    """Twice as many private pages as there is memory, written again and again, with others that swap beside them."""
    outcome = files(t, "vmstat; stress --procs 2 --pages 1000 --pattern random --rounds 6 --verify & "
                       "try_file writers 8 900 4; wait; sleep 0.5; check; vmstat", *MEMORY)
    seen = outcome.result("file_writers")
    t.equal((seen["procs"], seen["lost"], seen["wrong"]), (8, 0, 0), "procs, lost, wrong")
    t.true(seen["out"] > 10000, "no pressure: %d written out" % seen["out"])
    t.equal(outcome.result("stress")["lost"], 0, "lost by stress")
    t.true(outcome.result("vmstat")["swap_out"] > 1000, "nothing swapped")
    given_back(t, outcome)


def test_clients_killed(t):
    """In the midst of faults, of FILE_OUT, and while they wait for room."""
    kills = " ".join("try_file writers 4 900 99 & try_file readers 3 4000 99 & sleep 0.%d; kill %%%d; kill %%%d; ! wait;" %
                     (3 + i, 2 * i + 1, 2 * i + 2) for i in range(4))
    outcome = files(t, "vmstat; " + kills + " sleep 0.5; try_file writers 4 500 2; sleep 0.5; check; vmstat", *MEMORY)
    t.equal(outcome.result("file_writers")["lost"], 0, "lost afterwards")
    given_back(t, outcome)


def test_server_killed(t):
    """Its successor is asked what it was asked; readers of what it knows without having been told see nothing of it."""
    outcome = files(t, "try_file readers 6 3000 12 & sleep 0.4; kill pagefiles; sleep 0.4; kill pagefiles; "
                       "wait; sleep 0.3; check; vmstat", *MEMORY)
    t.equal(outcome.result("file_readers")["lost"], 0, "lost")
    t.equal(outcome.text.count("init: file ended with status 137"), 2, "killed")


def test_what_fails(t):
    """FILE_FAIL ends a process with the report; so does a page that can't be written out, where there is no room."""
    outcome = files(t, "! try_file fault; try_file refused 300; ! try_file refused 3000; sleep 0.3; check", *MEMORY)
    t.equal(outcome.text.count("kind=FILE"), 2, "reports")
    t.contains(outcome.text, "FAULT pid=")


def hostile(t, *options):
    """Senseless calls and answers of a file server: its clients end or live, the kernel is whole, others lose nothing."""
    outcome = t.run("vmstat; stress --procs 2 --pages 1500 --pattern random --rounds 99999 --verify & "
                    "try_file preys 60 2000 1000; kill %1; ! wait; sleep 1; check; vmstat; kill badpager; sleep 0.5; vmstat",
                    "--apps", APPS, "--files-on", "badpager", "--timeout", "240", *MEMORY, *options)
    seen = outcome.result("file_preys")
    t.equal(seen["procs"], seen["survived"] + seen["ended"], "ended otherwise")
    t.true(min(seen["refused"], seen["done"]) > 1000, "refused %d, done %d" % (seen["refused"], seen["done"]))
    clean(t, outcome)
    t.true("lost=1" not in outcome.text, "stress lost pages")
    samples = [values for name, values in outcome.results if name == "vmstat"]
    t.true(samples[1]["file_private"] <= samples[1]["ram_frames"] // 4, "pages that it alone can let go")
    given_back(t, outcome)


def test_hostile_server(t):
    hostile(t)


def test_hostile_server_in_a_debug_build(t):
    hostile(t, "--debug")
