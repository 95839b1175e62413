"""The boot CD as a file system: listed, read, mapped, copied from; not written to; broken, or not there."""

import hashlib
import json
import os
import random
import re
import subprocess
import tarfile

import harness
from harness import APPS, clean, sums

ODD_DISK = os.path.join(harness.ROOT, "test/boot/qemu_disk")


def programs():
    """The programs as they are on the ISO: {name: bytes}."""
    with tarfile.open(os.path.join(harness.ROOT, "build/release/boot.tar")) as archive:
        return {name: archive.extractfile(name).read() for name in archive.getnames() if "/" not in name}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def test_files_of_all_sizes(t):
    sizes = (0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 6144, 2 << 20)
    files = {"/odd/of %d bytes" % size: random.Random(size).randbytes(size) for size in sizes}
    wanted = [(digest(files[name]), name) for name in files]
    commands = "; ".join("sum '/cd%s'" % name for name in files) + "; ls /; ls /cd; ls /cd/odd; ps; check"
    outcome = t.boot("--ram", "8M", "--", commands, files=files)
    t.equal(outcome.status, 0, "status")
    t.equal(re.findall("^([0-9a-f]{64}) /cd(/odd/.*)$", outcome.text, re.M), wanted, "sums")
    for line in ("           0 cd/", "           0 apps/", "           0 odd/", "     2097152 of 2097152 bytes"):
        t.contains(outcome.text, "\n%s\n" % line)
    clean(t, outcome)


def test_programs_are_on_it(t):
    """And in the boot archive, as files of /boot."""
    names = programs()
    paths = ["%s/%s" % (folder, name) for folder in ("/cd/apps", "/boot") for name in sorted(names)]
    outcome = t.run("".join("sum %s; " % path for path in paths) + "ls /cd/apps; ls /boot; ls /boot/etc; check",
                    "--ram", "16M")
    t.equal(sums(outcome.text), [(digest(names[os.path.basename(path)]), path) for path in paths], "sums")
    for name, data in names.items():
        t.equal(outcome.text.count("\n%12d %s\n" % (len(data), name)), 2, "times that %s is listed" % name)
    t.contains(outcome.text, "\n           0 etc/\n")
    t.contains(outcome.text, " init.conf\n")
    clean(t, outcome)


def test_the_boot_archive_is_only_read(t):
    """Programs run from it, in less memory than they need, and whoever would write gets an error."""
    outcome = t.run("/boot/stress --procs 4 --pages 1500 --verify; sum /boot/etc/init.conf; ! rm /boot/stress; "
                    "! echo x > /boot/y; ! ls /boot/etc/none; ! cat /boot/etc; ! sum /boot/st; ! ls /boot/sum/x; "
                    "mapfile /boot/file; versions /boot/sum; check", "--ram", "12M", "--swap", "64M")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    for line in ("rm: /boot/stress: ERR_RIGHTS", "shell: /boot/y: ERR_RIGHTS", "ls: /boot/etc/none: ERR_NO_ENTRY",
                 "cat: /boot/etc: ERR_KIND", "sum: /boot/st: ERR_NO_ENTRY", "RESULT versions versions=1 newest=1 keep=1"):
        t.contains(outcome.text, "\n" + line)
    with open(os.path.join(harness.ROOT, "src/servers/init/init.conf"), "rb") as file:
        t.equal(sums(outcome.text), [(digest(file.read()), "/boot/etc/init.conf")], "init.conf")
    clean(t, outcome)


def test_it_is_copied_from_and_not_written(t):
    t.path("tree/x", b"x")
    disk = t.path("disk.img")
    subprocess.run([os.path.join(harness.ROOT, "tools/mkdisk"), disk, t.path("tree"), "--size", "16M"], check=True)
    commands = "cp /cd/apps/shell /disk/shell; versions /cd/apps/shell; ! cat --version 2 /cd/apps/shell; ! rm /cd/apps/shell; " \
               "! echo x > /cd/x; ! mkdir /cd/d; ! mv /cd/apps /cd/b; ! mv /cd/apps/shell /disk/y; ! cat /cd/none; ! cat /cd/apps; " \
               "! versions --keep 3 /cd/apps/shell; ! ls /cd/APPS; " \
               "mapfile /cd/apps/shell --maps 50; check"
    outcome = t.run(commands, "--disk", disk)
    for line in ("versions versions=1 newest=1 keep=1", "rm: /cd/apps/shell: ERR_RIGHTS", "shell: /cd/x: ERR_RIGHTS",
                 "mkdir: /cd/d: ERR_RIGHTS", "cat: /cd/none: ERR_NO_ENTRY", "cat: /cd/apps: ERR_KIND",
                 "cat: /cd/apps/shell: ERR_NO_ENTRY"):
        t.contains(outcome.text, line)
    clean(t, outcome)
    copied = subprocess.run([os.path.join(harness.ROOT, "tools/fscat"), disk, "shell"], check=True, capture_output=True)
    t.true(copied.stdout == programs()["shell"], "the copy is something else")


def test_four_share_it_and_the_driver_is_killed(t):
    """By four at a time, on a small machine, while the driver and the file server are killed now and then."""
    big = random.Random(3).randbytes(3 << 20)
    outcome = t.boot("--ram", "8M", "--", "sum /cd/big & " * 4 + "sleep 0.1; kill atapi; sleep 0.1; kill atapi; wait; "
                     "sum /cd/big; kill file; sum /cd/big; check", files={"/big": big})
    t.equal(sums(outcome.text), [(digest(big), "/cd/big")] * 6, "sums")
    t.equal(outcome.text.count("init: cd ended with status 137 and is started again"), 2, "restarts")
    t.equal(outcome.status, 0, "status")
    clean(t, outcome)


def test_programs_run_from_it(t):
    outcome = t.run("/cd/apps/stress --procs 4 --pages 300 --verify & /cd/apps/ps; wait; /cd/apps/maps; check", "--ram", "12M")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    t.true(outcome.result("maps")["file"] > 0, "no page of a file")
    clean(t, outcome)


def on_odd_cd(t, wrong, commands):
    return t.tool("--ram", "16M", "--", commands, environment={
        "APTERYX_EMULATOR": ODD_DISK, "SWAP_DISK": json.dumps(dict(wrong, device="cd"))})


def test_a_sector_that_cannot_be_read(t):
    data = programs()["file"]
    with open(os.path.join(harness.ROOT, "build/release/apteryx.iso"), "rb") as file:
        sector = file.read().rfind(data[8192:12288]) // 512
    outcome = on_odd_cd(t, {"errors": [{"event": "none", "iotype": "read", "sector": sector}]},
                        "! sum /cd/apps/file; sum /cd/apps/shell; check")
    t.equal(outcome.status, 0, "status")
    t.true(re.search("^FAULT pid=[0-9]+ name=sum address=0x[0-9a-f]+ kind=FILE access=read", outcome.text, re.M), "fault")
    t.equal(sums(outcome.text), [(digest(programs()["shell"]), "/cd/apps/shell")], "sums")
    clean(t, outcome)


def test_an_empty_drive(t):
    outcome = on_odd_cd(t, {"absent": True}, "! ls /cd; ! cat /cd/apps/shell; ls /; check")
    t.equal(outcome.status, 0, "status")
    t.contains(outcome.text, "ls: /cd: ERR_NO_ENTRY")
    clean(t, outcome)


# ---- discs that are changed ----

def disc(t, name, files):
    """An image of an ISO 9660 disc with these files {name: bytes}."""
    for path, content in files.items():
        t.path(os.path.join(name, path), content)
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", name, "-o", t.path(name + ".iso"), t.path(name)], check=True,
                   stderr=subprocess.DEVNULL)
    return t.path(name + ".iso")


def with_discs(t, discs, commands):
    outcome = t.tool("--ram", "16M", "--apps", APPS, "--", commands, as_built=False,
                     environment={"APTERYX_EMULATOR": os.path.join(harness.ROOT, "test/boot/qemu_disc"),
                                  "DISCS": json.dumps(discs)})
    t.equal(outcome.status, 0, "status")
    clean(t, outcome)
    return outcome


def extents_join(image):
    """The files e1 and e2 become one, e2's content in front."""
    with open(image, "r+b") as file:
        data = bytearray(file.read())
        records = [data.index(name) - 33 for name in (b"E1.;1", b"E2.;1")]
        places = [data[at + 2:at + 18] for at in records]
        for at, place in zip(records, reversed(places)):
            data[at + 2:at + 18] = place
        data[records[0] + 25] |= 0x80
        file.seek(0)
        file.write(data)


def test_discs_come_and_go(t):
    """Into a drive that is empty at first; what was open on the first is an error on the second, and never its bytes."""
    same, e1, e2 = [random.Random(i).randbytes(size) for i, size in enumerate((1 << 18, 5 * 2048, 3 * 2048))]
    other = same[::-1]
    discs = {"first": disc(t, "first", {"same": same, "one": b"1\n", "e1": e1, "e2": e2}),
             "second": disc(t, "second", {"same": other, "two": b"2\n", "f1": e1, "f2": e2})}  # as large as the first
    t.equal(*(os.path.getsize(path) for path in discs.values()), "sizes")
    extents_join(discs["first"])
    outcome = with_discs(t, discs, "! ls /cd; disc first; ls /cd; sum /cd/same; sum /cd/e1; ! try_disc /cd/same /cd/two; "
                         "sum /cd/same; ls /cd; ! cat /cd/one; cat /cd/two; disc none; ! ls /cd; ! cat /cd/two; "
                         "disc second; kill atapi; sum /cd/same; disc first; try_disk cd; kill atapi; ls /cd; sum /cd/same; "
                         "disc second; kill file; sum /cd/same; check")
    t.equal(sums(outcome.text), [(digest(same), "/cd/same"), (digest(e2 + e1), "/cd/e1")] +
            [(digest(data), "/cd/same") for data in (other, other, same, other)], "sums")
    t.equal(outcome.result("try_disc")["wrong"], 0, "wrong")
    t.true(re.search("^FAULT pid=[0-9]+ name=try_disc address=0x[0-9a-f]+ kind=FILE access=read", outcome.text, re.M), "fault")
    t.contains(outcome.text, "\nls: /cd: ERR_NO_ENTRY: ")
    t.contains(outcome.text, "\n       16384 e1\n")
    t.equal(outcome.text.count("file: /cd: the disc was changed, or is not there\n"), 3, "changes that were noticed")


def test_in_bochs(t):
    names = programs()
    outcome = t.run("ls /cd/apps; sum /cd/apps/shell; check", "--emulator", "bochs", "--ram", "16M")
    t.equal(sums(outcome.text), [(digest(names["shell"]), "/cd/apps/shell")], "sums")
    clean(t, outcome)
