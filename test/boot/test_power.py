"""The power fails while files are written: the short form of test/boot/power_cuts."""

import cuts

KILLS, REPLAYS, LIES = 3, 200, 40
SEED = 5


def test_machines_that_are_killed(t):
    """What was said to be published is there and whole, whenever the machine goes; the next one goes on from there."""
    kills = cuts.Kills(cuts.make_disk(t.folder))
    for seed in range(SEED, SEED + KILLS):
        t.equal(kills.next(seed), [], "wrong after the machine with seed %d" % seed)
    t.true(sum(kills.before.values()) > KILLS, "only %s published" % kills.before)


def test_a_cache_that_is_lost(t):
    """What was not flushed is there, torn, gone, or there in another order: it makes no difference to what can be reached.
    And the replays would notice: with a drive that does not heed flushes they find a lot."""
    recording = cuts.Recording(t.folder)
    well, t.console = recording.make(SEED, 3)
    t.true(well, "the machine did not end well")
    recording.open()
    t.true(len(recording.commits) > 10, "only %d commits" % len(recording.commits))
    t.equal(recording.crowded(), [], "superblocks written between other writes")
    t.equal([seen for seen in recording.replays(SEED, REPLAYS) if seen[2]], [], "wrong")
    t.true(any(wrong for _, _, wrong in recording.replays(SEED, LIES, flushes=False)), "lies are not noticed")
