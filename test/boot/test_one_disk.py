"""Files and swap on one disk at once, in both emulators."""

import hashlib

from test_files import clean, content, image, sound, sums, whole_versions, written


def all_at_once(t, disk, pages, swapped, *options):
    """Swap and files, read and written, by processes that all want more memory than there is. Everything is checked."""
    outcome = t.run("echo kiwi > /disk/bird; ls /disk; mapfile /disk/w --write --pages %d --seed 1; stress --procs 3 --pages %d --pattern random --verify & "
                    "mapfile /disk/w --write --pages %d --seed 2 --rounds 2 & mapfile /disk/w --verify --rounds 2 & "
                    "sum /disk/big & wait; mapfile /disk/w --verify; cat /disk/bird; check" % (pages, swapped, pages),
                    "--ram", "16M", "--disk", disk, *options)
    stress = outcome.result("stress")
    t.equal((stress["lost"], stress["pages"]), (0, 3 * swapped), "stress")
    t.equal([(v["lost"], v["error"]) for v in written(outcome)], [(0, "OK")] * 4, "lost, error")
    t.true(outcome.result("boot")["swap_blocks"] > 0 and stress["swap_out"] > 1000, "nothing was swapped")
    t.contains(outcome.text, "\n           5 bird\n")
    t.contains(outcome.text, "\nkiwi\n")
    t.equal(whole_versions(t, disk, pages), 3, "versions")
    clean(t, outcome)
    sound(t, disk)
    return outcome


def big_and_room(t, bytes_):
    data = content("big", bytes_)
    disk = image(t, {"big": data}, "--size", "48M", "--swap", "64M")
    return disk, (hashlib.sha256(data).hexdigest(), "/disk/big")


def test_swap_and_files(t):
    disk, big = big_and_room(t, 12 << 20)
    t.equal(sums(all_at_once(t, disk, 1000, 2500).text), [big], "sums")


def test_swap_and_files_in_virtio(t):
    disk, big = big_and_room(t, 6 << 20)
    t.equal(sums(all_at_once(t, disk, 500, 2000, "--swap-on", "virtio").text), [big], "sums")


def test_swap_and_files_in_bochs(t):
    disk, big = big_and_room(t, 2 << 20)
    t.equal(sums(all_at_once(t, disk, 200, 1200, "--emulator", "bochs").text), [big], "sums")
