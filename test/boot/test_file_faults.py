"""Files on disks that fail, are damaged, or full, and drivers that are killed: errors that say what is wrong, what was
published intact, and nothing that hangs."""

import hashlib

from harness import APPS
from churned import Churned, fsck
from test_files import clean, content, host_content, image, on_bad_disk, sound, sums, written

DATA = content("four", 3 << 20)
OTHER = content("other", 100 << 10)


def two_files(t, *options):
    """An image with a file that is to be damaged and one that is not."""
    return image(t, {"four": DATA, "other": OTHER}, *(options or ("--size", "32M")))


def blocks(path, what):
    """The places (bytes) of the blocks of a kind, as tools/fsck calls it."""
    disk = fsck.Image(path)
    try:
        return [disk.start + block * fsck.BLOCK_BYTES for block, (_, kind) in fsck.Check(disk).seen.items() if kind == what]
    finally:
        disk.close()


def slots(path):
    """The places of the superblocks, the newer one first."""
    disk = fsck.Image(path)
    newer = fsck.Check(disk).super.generation % 2
    disk.close()
    return [disk.start + slot * fsck.BLOCK_BYTES for slot in (newer, 1 - newer)]


def damage(path, at):
    with open(path, "r+b") as file:
        file.seek(at + 17)
        byte = file.read(1)[0]
        file.seek(at + 17)
        file.write(bytes([byte ^ 0x20]))


def sum_line(data, path):
    return (hashlib.sha256(data).hexdigest(), path)


LOOK = "! sum /disk/four; sum /disk/other; ! mapfile /disk/w --write --pages 9; ! rm /disk/other; ls /disk; check"


def test_damaged_pointers(t):
    """A file of which not all blocks are known: the others can be read, and nothing is written, for what is free is not
    known either."""
    disk = two_files(t)
    damage(disk, blocks(disk, "a pointer block of height 1")[0])
    outcome = t.run(LOOK, "--disk", disk)
    t.equal(sums(outcome.text), [sum_line(OTHER, "/disk/other")], "sums")
    t.contains(outcome.text, "rm: /disk/other: ERR_RIGHTS")
    t.contains(outcome.text, " other\n")
    clean(t, outcome)


def test_damaged_names(t):
    disk = two_files(t)
    damage(disk, blocks(disk, "a node of level 0")[0])
    outcome = t.run("! sum /disk/four; ! ls /disk; ! mapfile /disk/w --write --pages 9; stress --pages 100 --verify; check",
                    "--disk", disk)
    t.contains(outcome.text, "ls: /disk: ERR_IO")
    clean(t, outcome)


def test_a_damaged_superblock(t):
    """The other one is as good, and two commits later there are two again."""
    disk = two_files(t)
    damage(disk, slots(disk)[0])
    outcome = t.run("ls /disk; echo 1 > /disk/a; echo 2 > /disk/a; echo 3 > /disk/a; check", "--disk", disk)
    clean(t, outcome)
    sound(t, disk)
    t.equal(host_content(disk, "a"), b"3\n", "a")


def test_no_superblock(t):
    disk = two_files(t)
    for slot in slots(disk):
        damage(disk, slot)
    outcome = t.run("! ls /disk; ! sum /disk/four; ! echo 1 > /disk/a; stress --pages 100 --verify; check", "--disk", disk)
    t.contains(outcome.text, "ls: /disk: ERR_NO_ENTRY")
    clean(t, outcome)


def test_superblocks_that_cannot_be_read(t):
    disk = two_files(t)
    outcome = on_bad_disk(t, disk, "read", [slot // 512 for slot in slots(disk)],
                          "! ls /disk; ! sum /disk/four; stress --pages 100 --verify; check")
    t.equal(outcome.status, 0, "status")
    clean(t, outcome)


def test_superblocks_that_cannot_be_written(t):
    """No change is committed, and all that is asked for says so."""
    disk = two_files(t)
    outcome = on_bad_disk(t, disk, "write", [slot // 512 for slot in slots(disk)],
                          "! echo 1 > /disk/a; ! rm /disk/four; sum /disk/four; sum /disk/other; check")
    t.equal(outcome.status, 0, "status")
    t.equal(sums(outcome.text), [sum_line(DATA, "/disk/four"), sum_line(OTHER, "/disk/other")], "sums")
    clean(t, outcome)
    sound(t, disk)


def test_the_disk_driver_is_killed(t):
    """It is started again, and nobody sees more of it than a pause."""
    disk = image(t, {"big": content("big", 6 << 20)}, "--size", "64M")
    outcome = t.run("mapfile /disk/w --write --pages 500 --seed 9 --rounds 30 & sum /disk/big & sleep 0.3; kill ata; "
                    "sleep 0.5; kill ata; wait; mapfile /disk/w --verify; sum /disk/big; check",
                    "--ram", "16M", "--disk", disk)
    t.equal([(v["lost"], v["error"]) for v in written(outcome)], [(0, "OK")] * 2, "lost, error")
    t.equal([digest for digest, _ in sums(outcome.text)], [hashlib.sha256(content("big", 6 << 20)).hexdigest()] * 2, "sums")
    clean(t, outcome)
    sound(t, disk)


def test_changes_on_a_full_disk(t):
    """What has no room is refused, all else goes on, and all that is there is whole."""
    disk = image(t, {"f": b""}, "--size", "2M")
    outcome = t.run("churn 1 5 2 & churn 2 6 2 & wait; check", "--apps", APPS,
                    "--ram", "16M", "--disk", disk)
    done = [values for name, values in outcome.results if name == "churn"]
    t.equal([values["wrong"] for values in done], [0, 0], "wrong")
    t.true(all(values["full"] > 0 and values["published"] > 0 for values in done), "never full, or always")
    t.equal(Churned().look(disk)[0], [], "what is left")
    clean(t, outcome)


def test_disk_driver_and_file_server_die_together(t):
    """What the device may still write is nobody's before it was reset, and both come back."""
    disk = image(t, {"big": content("big", 6 << 20)}, "--size", "64M")
    outcome = t.tool("--ram", "16M", "--disk", disk, "--", "mapfile /disk/w --write --pages 500 --seed 9; "
                     "stress --procs 2 --pages 2000 --rounds 3 --verify & mapfile /disk/w --write --pages 800 --rounds 99 & "
                     "sum /disk/big & sleep 0.3; kill ata & kill file; sleep 0.5; sum /disk/big & mapfile /disk/w --verify; "
                     "kill file & kill ata; wait %1; sleep 0.3; mapfile /disk/w --verify; sum /disk/big; check")
    t.equal(outcome.result("stress")["lost"], 0, "stress")
    t.true(all(v["lost"] == 0 for v in written(outcome)), "lost")
    t.equal(written(outcome)[-1]["error"], "OK", "afterwards")
    t.equal(sums(outcome.text)[-1][0], hashlib.sha256(content("big", 6 << 20)).hexdigest(), "afterwards")
    clean(t, outcome)
    sound(t, disk)
