"""Disks: two drivers, two units, partitions, and images of the user's own."""

import json
import os
import struct
import subprocess

import harness
from harness import APPS
import qemu_monitor

COUNTED = os.path.join(harness.ROOT, "test/boot/qemu_counted")
SECTOR, CYLINDER = 512, 16 * 63
SWAP, FILES = 0x82, 0x7E
STRESS = "stress --procs 4 --pages 2500 --pattern random --rounds 2 --verify; check"
# Two partitions and room beside them; whole cylinders, as Bochs wants them.
SECTORS = 130 * CYLINDER
TABLE = [(FILES, 64, 8000), (SWAP, 8065, 122000)]
OUTSIDE = b"\xa5"


def make_image(t, table, name="image", fill=OUTSIDE, sectors=SECTORS):
    """An image with that partition table; every byte behind the table is `fill`."""
    mbr = bytearray(446)
    for kind, first, count in table:
        mbr += struct.pack("<B3xB3xII", 0, kind, first, count)
    mbr = mbr.ljust(510, b"\0") + b"\x55\xaa"
    path = t.path(name)
    with open(path, "wb") as file:
        file.write(mbr)
        file.write(fill * (SECTOR * (sectors - 1)))
    return path


SHORT = "stress --procs 2 --pages 2000 --pattern seq --rounds 2 --verify; check"


def swapped_well(t, outcome, pages=4000):
    stress, check = outcome.result("stress"), outcome.result("check")
    t.equal((stress["lost"], check["errors"], check["unowned"]), (0, 0, 0), "lost, errors, unowned")
    t.true(stress["swap_out"] > pages, "swap_out: %d" % stress["swap_out"])


def rows(outcome, name):
    return {values["name"]: values for found, values in outcome.results if found == name}


def test_virtio(t):
    outcome = t.run(STRESS, "--ram", "16M", "--swap", "64M", "--swap-on", "virtio")
    swapped_well(t, outcome)
    t.contains(outcome.text, "init: disk: virtio_blk takes the place of ata")
    t.contains(outcome.text, "virtio_blk: unit 0: 131072 sectors")


def test_virtio_pentium(t):
    swapped_well(t, t.run(STRESS, "--ram", "16M", "--swap", "64M", "--swap-on", "virtio", "--cpu", "pentium"))


def swap_partition(t, *options, job=STRESS, ram="16M", pages=4000):
    """Swap that nobody asked for is on the image's own partition, and nothing beside it is touched."""
    image = make_image(t, TABLE)
    with open(image, "rb") as file:
        before = file.read()
    outcome = t.run(job, "--ram", ram, "--disk", image, *options)
    swapped_well(t, outcome, pages)
    t.equal(outcome.result("boot")["swap_blocks"], 122000 // 8, "swap_blocks")
    with open(image, "rb") as file:
        after = file.read()
    first, end = 8065 * SECTOR, (8065 + 122000) * SECTOR
    t.true(after[:first] == before[:first] and after[end:] == before[end:], "something beside the partition has changed")
    t.true(after[first:end] != before[first:end], "swap was not there")


def test_swap_partition(t):
    swap_partition(t)


def test_swap_partition_without_dma(t):
    swap_partition(t, "--machine", "isapc")


def test_swap_partition_on_virtio(t):
    swap_partition(t, "--swap-on", "virtio")


def test_swap_partition_in_bochs(t):
    swap_partition(t, "--emulator", "bochs", "--timeout", "300", job=SHORT, ram="12M", pages=1000)


def test_swap_beside_a_disk(t):
    """Asked for by size, swap has a disk of its own: not a byte of the image changes."""
    for bus in ("ata", "virtio"):
        image = make_image(t, TABLE, bus)
        with open(image, "rb") as file:
            before = file.read()
        outcome = t.run(STRESS, "--ram", "16M", "--swap", "48M", "--disk", image, "--swap-on", bus)
        swapped_well(t, outcome)
        t.equal((bus, outcome.result("boot")["swap_blocks"]), (bus, 48 * 256), "swap_blocks")
        with open(image, "rb") as file:
            t.true(file.read() == before, "the image has changed")


# Names, and what stands under them: sectors and type.
UNITS = {"disk": (65536, "0x00"), "disk.1": (SECTORS, "0x00"), "disk.1.1": (8000, "0x7e"), "disk.1.2": (122000, "0x82")}
NO_NAMES = ("disk.0", "disk.0.1", "disk.1.3", "disk.1.4", "disk.2", "disk.1.0")


def names_and_bounds(t, *options):
    outcome = t.run("try_disk " + " ".join(list(UNITS) + list(NO_NAMES)), "--apps", APPS, "--swap", "32M",
                    "--disk", make_image(t, TABLE), *options)
    disks = rows(outcome, "disk")
    for name, (sectors, kind) in UNITS.items():
        whole = SECTOR * CYLINDER if name == "disk" and "bochs" in options else 1
        sectors += -sectors * SECTOR % whole // SECTOR
        t.equal(disks[name], {"name": name, "size": "OK", "sectors": sectors, "type": kind, "first": "ERR_HANDLE",
                              "last": "ERR_HANDLE", "write": "ERR_HANDLE", "page_in": "ERR_HANDLE"}, name)
        t.equal({value for key, value in rows(outcome, "beyond")[name].items() if key != "name"}, {"ERR_RANGE"}, name)
        t.equal({value for key, value in rows(outcome, "unlawful")[name].items() if key != "name"}, {"ERR_RANGE"}, name)
        t.equal(rows(outcome, "flush")[name]["flush"], "OK", name)
    for name in NO_NAMES:
        t.equal(disks[name], {"name": name, "size": "ERR_NO_ENTRY"}, name)


def test_names_and_bounds(t):
    names_and_bounds(t)


def test_names_and_bounds_without_dma(t):
    names_and_bounds(t, "--machine", "isapc")


def test_names_and_bounds_on_virtio(t):
    names_and_bounds(t, "--swap-on", "virtio")


def test_names_and_bounds_in_bochs(t):
    names_and_bounds(t, "--emulator", "bochs")


def test_names_stay_when_the_driver_is_killed(t):
    image = make_image(t, TABLE)
    for bus, driver in (("ata", "ata"), ("virtio", "virtio_blk")):
        outcome = t.run("kill %s; kill %s; try_disk disk.1.2; check" % (driver, driver), "--apps", APPS, "--swap", "32M",
                        "--disk", image, "--swap-on", bus)
        t.equal(rows(outcome, "disk")["disk.1.2"]["sectors"], 122000, "sectors")
        t.equal(rows(outcome, "flush")["disk.1.2"]["flush"], "OK", "flush")


def test_a_disk_without_swap(t):
    for swap in (["--swap", "none"], ["--swap", "8M", "--swap-on", "ram"]):
        outcome = t.run("try_disk disk disk.1.1", "--apps", APPS, "--disk", make_image(t, TABLE), *swap)
        disks = rows(outcome, "disk")
        t.equal((disks["disk"]["size"], disks["disk.1.1"].get("sectors")), ("ERR_NO_ENTRY", 8000), "disk, disk.1.1")
    outcome = t.run("try_disk disk disk.1", "--apps", APPS, "--swap", "none")
    t.equal({values["size"] for values in rows(outcome, "disk").values()}, {"ERR_NO_ENTRY"}, "without disks")
    t.true("ata:" not in outcome.text, "a driver was started for nothing")


def test_tables_that_are_none(t):
    """What only looks like a table gives no partitions; the unit is there as a whole."""
    cases = {"beyond": [(SWAP, 64, SECTORS)], "over the table": [(SWAP, 0, 100)], "none": []}
    for what, table in cases.items():
        outcome = t.run("try_disk disk.1 disk.1.1", "--apps", APPS, "--swap", "none", "--disk",
                        make_image(t, table, fill=b"\0"))
        disks = rows(outcome, "disk")
        t.equal((what, disks["disk.1"]["sectors"], disks["disk.1.1"]["size"]), (what, SECTORS, "ERR_NO_ENTRY"), "units")


def test_flush_reaches_the_disk(t):
    for bus in ("ata", "virtio"):
        for name, flushes in (("disk.1.1", 1), ("disk", 0)):
            outcome = t.tool("--apps", APPS, "--swap", "32M", "--swap-on", bus, "--disk", make_image(t, TABLE), "--",
                             "try_disk " + name, as_built=False, environment={
                                 "APTERYX_EMULATOR": COUNTED, "BLOCK_STATS": t.path("stats"), "BLOCK_DEVICE": "disk"})
            t.equal(outcome.status, 0, "status")
            with open(t.path("stats"), encoding="ascii") as file:
                t.equal((bus, name, json.load(file)["flushed"]), (bus, name, flushes), "flushes of the image")


def test_one_image_two_runs(t):
    """The second says so in one line, boots nothing and changes nothing; the first goes on."""
    image = make_image(t, TABLE)
    command = [os.path.join(harness.ROOT, "tools/run"), "--as-built", "--disk", image, "--swap", "none", "--",
               "sleep 15; echo the first went on"]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    t.contains(first.stdout.readline().decode(), "Apteryx")
    for emulator in ("qemu", "bochs"):
        outcome = t.tool("--disk", image, "--swap", "none", "--emulator", emulator, "--", "echo second")
        t.equal((emulator, outcome.status, outcome.text), (emulator, 2, ""), "status, stdout")
        t.equal(outcome.words, "tools/run: --disk: another run uses %s\n" % image, "stderr")
    text = first.stdout.read().decode()
    first.stdout.close()
    t.contains(text, "the first went on")
    t.equal(first.wait(), 0, "status of the first")


def test_image_of_another_qemu(t):
    image = make_image(t, TABLE)
    other = subprocess.Popen(["qemu-system-i386", "-S", "-display", "none", "-nodefaults", "-serial", "stdio", "-drive",
                              "file=%s,format=raw" % image, "-monitor", "none", "-qmp",
                              "unix:%s,server=on,wait=off" % t.path("monitor")], stdin=subprocess.DEVNULL)
    try:
        qemu_monitor.connect(t.path("monitor")).close()
        outcome = t.tool("--disk", image, "--swap", "none", "--", "echo second")
    finally:
        other.kill()
        other.wait()
    t.equal((outcome.status, outcome.text), (2, ""), "status, stdout")
    t.equal(outcome.words, "tools/run: --disk: another run uses %s\n" % image, "stderr")


def test_missing_image(t):
    t.equal(t.tool("--disk", t.path("nonesuch"), "--", "echo x").status, 2, "status")
    t.equal(t.tool("--disk", t.folder, "--", "echo x").status, 2, "status of a folder")
