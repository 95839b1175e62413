"""More RAM than the kernel's direct map reaches: user pages use all of it, kernel objects and tables the low part."""

from harness import APPS

LIMIT = 3 << 30 >> 12  # frames
FILLS = (240000, 240000, 292000)


def test_three_gib_full_of_pages(t):
    # 3.02 GB of pages, low frames among them; then tables and thousands of processes want low frames.
    fills = " ".join("fill %d hold &" % pages for pages in FILLS)
    outcome = t.run(fills + " filled %d; vmstat; " % sum(FILLS) + "bomb tables & " * 8 +
                    "crowd --procs 2500 --verify; vmstat; check", "--apps", APPS, "--ram", "3G", "--swap", "1G",
                    "--timeout", "400")
    t.equal([v["lost"] for n, v in outcome.results if n == "fill"], [0, 0, 0], "lost")
    full, after = [v for n, v in outcome.results if n == "vmstat"]
    t.true(full["frames_resident"] > 770000 and full["swap_out"] < 5000, "all of RAM holds pages")
    t.equal((outcome.result("crowd")["lost"], outcome.result("crowd")["procs"]), (0, 2500), "crowd")
    needed = after["frames_tables"] - full["frames_tables"] + 2500 * (3 + 12)  # low frames, and what the crowd wrote
    t.true(0 < after["swap_out"] - full["swap_out"] < needed + 15000, "no more is evicted than is needed")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def fits(t, ram, frames):
    outcome = t.run("stress --pages 20000 --verify; limit pages=200000 crowd --procs 50 --verify; vmstat; check", "--ram", ram)
    seen = outcome.result("vmstat")["ram_frames"]
    t.true(frames - 400 < seen <= frames, "%d frames of RAM" % seen)
    t.equal((outcome.result("stress")["lost"], outcome.result("crowd")["lost"]), (0, 0), "lost")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def test_one_gib(t):
    fits(t, "1G", 1 << 30 >> 12)


def test_two_gib(t):
    fits(t, "2G", 2 << 30 >> 12)


def test_four_gib_of_which_three_are_used(t):
    fits(t, "4G", LIMIT)
