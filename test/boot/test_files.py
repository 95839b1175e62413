"""Files of a disk image: mapped, summed, listed, copied, versions published whole or not at all."""

import hashlib
import json
import os
import random
import re
import subprocess

import harness
from harness import APPS, clean, sums

BIG = 6 << 20
TRIES = 4  # as often as the disk driver tries, or more
SHOWN_TWICE = 64  # bytes: what the kernel keeps for a page of a file in two places besides the server's; in one: nothing
ODD_DISK = os.path.join(harness.ROOT, "test/boot/qemu_disk")
COUNTED = os.path.join(harness.ROOT, "test/boot/qemu_counted")


def content(name, size):
    return random.Random(name).randbytes(size)


def image(t, files, *options):
    """A disk image with those files {path: bytes}."""
    for name, data in files.items():
        t.path(os.path.join("tree", name), data)
    path = t.path("disk.img")
    subprocess.run([os.path.join(harness.ROOT, "tools/mkdisk"), path, t.path("tree"), *options], check=True)
    return path


def sound(t, path):
    done = subprocess.run([os.path.join(harness.ROOT, "tools/fsck"), path], capture_output=True, text=True, check=False)
    t.equal((done.returncode, done.stdout), (0, done.stdout), "fsck")


def host_content(path, name, *options):
    return subprocess.run([os.path.join(harness.ROOT, "tools/fscat"), path, name, *options], check=True,
                          capture_output=True).stdout


def counted(t, disk, commands, *options):
    """Runs, and answers what the image was asked for besides."""
    outcome = t.tool("--disk", disk, *options, "--", commands,
                     environment={"APTERYX_EMULATOR": COUNTED, "BLOCK_STATS": t.path("stats"), "BLOCK_DEVICE": "disk"})
    t.equal(outcome.status, 0, "status")
    with open(t.path("stats"), encoding="ascii") as file:
        return outcome, json.load(file)


def test_sums_are_the_host_s(t):
    files = {"big": content("big", BIG), "empty": b"", "one": b"x", "a/deep/er/page": content("p", 4096),
             "a/odd": content("odd", 4097), "n" * 255: b"the longest path"}
    wanted = [(hashlib.sha256(files[name]).hexdigest(), "/disk/" + name) for name in files]
    disk = image(t, files)
    outcome = t.run("sum %s; check" % " ".join(path for _, path in wanted), "--ram", "16M", "--disk", disk)
    t.equal(sums(outcome.text), wanted, "sums")
    clean(t, outcome)


def test_a_file_larger_than_memory_in_two_passes(t):
    data = content("huge", 20 << 20)
    disk = image(t, {"huge": data})
    outcome, stats = counted(t, disk, "sum /disk/huge; sum /disk/huge; check", "--ram", "16M")
    t.equal([digest for digest, _ in sums(outcome.text)], [hashlib.sha256(data).hexdigest()] * 2, "sums")
    t.true(stats["read"] / stats["reads"] >= 64 << 10, "bytes a read: %d / %d" % (stats["read"], stats["reads"]))
    clean(t, outcome)


def test_eight_read_as_one(t):
    """Though the file does not fit into memory."""
    data = content("big", 9 << 20)
    disk = image(t, {"big": data})
    _, alone = counted(t, disk, "sum /disk/big", "--ram", "12M")
    outcome, stats = counted(t, disk, "sum /disk/big & " * 8 + "wait; check", "--ram", "12M")
    t.equal([digest for digest, _ in sums(outcome.text)], [hashlib.sha256(data).hexdigest()] * 8, "sums")
    t.true(stats["read"] < alone["read"] * 1.1, "bytes read: %d, by one %d" % (stats["read"], alone["read"]))
    t.true(stats["read"] / stats["reads"] >= 64 << 10, "bytes a read: %d / %d" % (stats["read"], stats["reads"]))
    clean(t, outcome)


def test_many_mappings(t):
    """Of other pages each, and of each page twice."""
    disk, pages = image(t, {"big": content("big", BIG)}), BIG // 4096
    outcome = t.run("mapfile /disk/big --maps %d; mapfile /disk/big --maps %d; mapfile /disk/big; check" % (
        pages, 2 * pages), "--ram", "48M", "--disk", disk)
    seen = [values for name, values in outcome.results if name == "mapfile"]
    t.equal([(v["pages"], v["maps"], v["lost"]) for v in seen],
            [(pages, pages, 0), (2 * pages, 2 * pages, 0), (pages, 1, 0)], "pages, maps, lost")
    t.equal((seen[0]["kernel_frames"], seen[2]["kernel_frames"]), (0, 0), "frames of the kernel")
    t.equal(seen[1]["kernel_frames"], pages * SHOWN_TWICE // 4096, "frames of the kernel for pages shown twice")
    t.true(all(v["table_frames"] < 10 for v in seen), "page tables: %s" % [v["table_frames"] for v in seen])
    clean(t, outcome)


def test_listing_and_reading(t):
    disk = image(t, {"hello": b"one line\n", "dir/in": b"inside\n"})
    text = t.run("ls /; ls /disk; ls /disk/dir; cat /disk/hello /disk/dir/in; ! cat /disk/none; ! ls /nowhere; "
                 "! cat /disk/dir", "--disk", disk).text
    for line in ("           0 disk/", "           0 dir/", "           9 hello", "           7 in", "one line", "inside",
                 "cat: /disk/none: ERR_NO_ENTRY: no such file, directory or version", "ls: /nowhere: ERR_NO_ENTRY: no such file, directory or version", "cat: /disk/dir: ERR_KIND: not possible with that kind of file"):
        t.contains(text, "\n%s\n" % line)


def test_what_commands_say(t):
    """Each error in words, and the status that goes with it: 1 wrong, 2 no path, 3 no room; and nothing half done."""
    disk = image(t, {"f": b"one line\n", "d/in": b"inside\n", "big": content("big", 3 << 20)}, "--size", "8M")
    said = (("cat", 2, "cat: what?"), ("cat f", 2, "cat: f: ERR_RANGE: not a path such as /disk/NAME"),
            ("ls -l /disk", 2, "ls: no such option: -l"), ("cp /disk/big /disk/b", 0, ""),
            ("cp /disk/big /disk/c", 3, "cp: /disk/big to /disk/c: ERR_COMMIT: the disk is full"),
            ("cat /disk/big > /disk/f", 3, "shell: the output can't be written: ERR_COMMIT: the disk is full"),
            ("rm /disk/d", 1, "rm: /disk/d: ERR_BUSY: it is there already, in use, or not empty"),
            ("mv /disk/d /disk/d/e", 1, "mv: /disk/d to /disk/d/e: ERR_KIND: not possible with that kind of file"),
            ("mv /disk/f /cd/f", 1, "mv: /disk/f to /cd/f: ERR_RIGHTS: it can only be read"),
            ("echo x > /cd/x", 1, "shell: /cd/x: ERR_RIGHTS: it can only be read"),
            ("echo x > x", 2, "shell: x: ERR_RANGE: not a path"), ("disk/f", 127, "shell: disk/f: no such command"),
            ("nonesuch > /disk/f", 127, "shell: nonesuch: no such command"), ("mv /disk/f /disk/d", 0, ""),
            ("mv /disk/d/f /disk/d/in", 0, ""), ("versions /disk/d/in", 0, "RESULT versions versions=1 newest=1 "))
    text = t.run("; ".join("%s; echo %d=$?" % (command, i) for i, (command, _, _) in enumerate(said)) + "; ls /disk; "
                 "cat /disk/d/in", "--disk", disk, status=1).text
    for i, (command, status, line) in enumerate(said):
        t.contains(text, "\n%d=%d\n" % (i, status))
        t.contains(text, line)
    t.true("/c\n" not in text and text.endswith("one line\n" + text.splitlines()[-1] + "\n"), "what is left")
    sound(t, disk)


def test_no_disk_is_an_error_and_no_hang(t):
    text = t.run("ls /; ! ls /disk; ! sum /disk/x; ! mapfile /disk/x").text
    t.contains(text, "ls: /disk: ERR_NO_ENTRY: no such file, directory or version")


def test_the_server_s_messages_stay_in_memory(t):
    """Its message buffer, and where it keeps a message: whatever else of it goes to swap."""
    outcome = t.run("ps; maps 1; maps 2; maps 3; maps 4; maps 5; maps 6", "--ram", "16M", "--disk", image(t, {"f": b""}))
    pid = int(re.search(r"^ *([0-9]+) .* file$", outcome.text, re.M).group(1))
    locked = [v["locked"] for name, v in outcome.results if name == "maps" and v["pid"] == pid]
    t.true(locked and locked[0] >= 2, "locked: %s" % locked)


def test_calls_and_refusals(t):
    disk = image(t, {"big": content("big", BIG)})
    outcome = t.run("try_files /disk/big; check", "--apps", APPS, "--disk", disk)
    t.true(outcome.result("try_files")["checks"] > 100, "checks")
    t.equal(outcome.result("try_files")["wrong"], 0, "wrong")
    t.contains(outcome.text, "kind=FILE access=write")
    clean(t, outcome)


# ---- writing ----

def written(outcome):
    """All that mapfile said."""
    return [values for name, values in outcome.results if name == "mapfile"]


def test_copies_and_names(t):
    data = content("four", (4 << 20) + 5)
    disk = image(t, {"four": data, "small": b"small"}, "--size", "32M")
    outcome = t.run("cp /disk/four /disk/again; mkdir /disk/d; cp /disk/small /disk/d; mv /disk/again /disk/d/four; "
                    "sum /disk/d/four; ls /disk/d; ! rm /disk/d; rm /disk/four; ! sum /disk/four; ! mv /disk/x /disk/y; "
                    "! mkdir /disk/d; ! cp /disk/d /disk/e; check", "--ram", "16M", "--disk", disk)
    t.equal(sums(outcome.text), [(hashlib.sha256(data).hexdigest(), "/disk/d/four")], "sums")
    for line in ("     4194309 four", "           5 small", "rm: /disk/d: ERR_BUSY: it is there already, in use, or not empty", "sum: /disk/four: ERR_NO_ENTRY: no such file, directory or version",
                 "mkdir: /disk/d: ERR_BUSY: it is there already, in use, or not empty"):
        t.contains(outcome.text, "\n%s\n" % line)
    clean(t, outcome)
    sound(t, disk)
    t.true(host_content(disk, "d/four") == data, "the host reads something else")


def test_versions_are_kept_and_dropped(t):
    disk = image(t, {"f": b"1\n"}, "--size", "16M")
    outcome = t.run("echo 2 > /disk/f; echo 3 > /disk/f; cat --version 1 /disk/f; cat --version 2 /disk/f; cat /disk/f; "
                    "versions --keep 2 /disk/f; ! cat --version 1 /disk/f; echo 4 > /disk/f; versions /disk/f; "
                    "mapfile /disk/f --write --pages 3 --leave; cat /disk/f", "--disk", disk)
    t.contains(outcome.text, "\n1\n2\n3\n")
    t.contains(outcome.text, "\n     3            2\n     4            2\nRESULT versions versions=2 newest=4 keep=2\n")
    t.equal(outcome.text.splitlines()[-2], "4", "what nobody published")
    sound(t, disk)
    t.equal(host_content(disk, "f", "--version", "3"), b"3\n", "version 3")


def test_redirection(t):
    disk = image(t, {"f": b""}, "--size", "16M")
    outcome = t.run("stress --pages 20 --verify > /disk/log & wait; cat /disk/log; echo 'a  b' >/disk/e; cat /disk/e; "
                    "> /disk/h echo hello; cat /disk/h; ! nonesuch > /disk/n; ! echo x > /nowhere/y; ! echo x > /disk; "
                    "ps > /disk/ps; cat /disk/ps; check", "--disk", disk)
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    t.equal(len(re.findall("^RESULT stress ", outcome.text, re.M)), 1, "what was redirected")
    for line in ("a  b", "hello", "shell: /nowhere/y: ERR_NO_ENTRY: no such file, directory or version", "shell: /disk: ERR_KIND: not possible with that kind of file"):
        t.contains(outcome.text, "\n%s\n" % line)
    t.contains(host_content(disk, "ps").decode(), " ps\n")
    clean(t, outcome)
    sound(t, disk)


def whole_versions(t, disk, pages):
    """Every version of w on the image is of one writer; how many there are."""
    listed = subprocess.run([os.path.join(harness.ROOT, "tools/fsls"), disk, "w", "--versions"], check=True,
                            capture_output=True, text=True).stdout
    numbers = [int(line.split()[0]) for line in listed.splitlines()]
    for number in numbers:
        data = host_content(disk, "w", "--version", str(number))
        writers = {data[at:at + 8] for at in range(0, len(data), 4096)}
        t.equal((number, len(data), len(writers)), (number, pages << 12, 1), "version, size, writers")
    return len(numbers)


def test_eight_writers_of_one_file(t):
    """Memory is wanted by others all the while. Each page tells its writer and round, and readers look at all pages twice."""
    disk = image(t, {"f": b""}, "--size", "128M")
    pressure = "stress --procs 1 --pages 3000 --pattern random --rounds 9999 & stress --procs 1 --pages 3000 --verify & "
    writers = "".join("mapfile /disk/w --write --pages 1024 --seed %d --rounds 2 & " % i for i in range(1, 9))
    readers = "mapfile /disk/w --verify --rounds 4 --hold 300 & " * 2
    outcome = t.run("mapfile /disk/w --write --pages 1024 --seed 99; " + pressure + writers + readers +
                    "".join("wait %%%d; " % i for i in range(2, 13)) + "jobs; kill %1; check; versions /disk/w; "
                    "mapfile /disk/w --verify", "--ram", "16M", "--disk", disk, "--timeout", "300")
    t.equal([(v["lost"], v["error"]) for v in written(outcome)], [(0, "OK")] * 12, "lost, error")
    t.equal(outcome.result("stress")["lost"], 0, "stress")
    t.true(re.search(r"^\[1\] .* stress", outcome.text, re.M), "the others were not there to the end")
    t.equal(outcome.result("versions")["newest"], 17, "versions")
    clean(t, outcome)
    sound(t, disk)
    t.equal(whole_versions(t, disk, 1024), 16, "versions")


def test_killed_writers_publish_nothing(t):
    disk = image(t, {"f": b""}, "--size", "64M")
    killed = "".join("mapfile /disk/w --write --pages 3000 --seed %d --rounds 50 & sleep 0.%d; kill %%%d; " % (i, i + 2, i)
                     for i in range(1, 5))
    outcome = t.run("mapfile /disk/w --write --pages 500 --seed 7; " + killed + "mapfile /disk/w --verify; check",
                    "--ram", "16M", "--disk", disk)
    t.equal([v["lost"] for v in written(outcome)], [0, 0], "lost")
    clean(t, outcome)
    sound(t, disk)


def test_the_server_is_killed_under_load(t):
    disk = image(t, {"big": content("big", BIG)}, "--size", "64M")
    outcome = t.tool("--ram", "16M", "--disk", disk, "--", "mapfile /disk/w --write --pages 1024 --seed 99; "
                     "mapfile /disk/w --write --pages 2000 --seed 1 --rounds 50 & mapfile /disk/w --verify --rounds 99 & "
                     "sum /disk/big & sleep 0.7; kill file; sleep 0.3; mapfile /disk/w --verify; sum /disk/big; wait; "
                     "kill file; mapfile /disk/w --verify; check")
    t.equal(outcome.text.count("init: file ended with status 137 and is started again"), 2, "restarts")
    t.true(all(v["lost"] == 0 for v in written(outcome)), "lost")
    t.equal(written(outcome)[-1]["error"], "OK", "afterwards")
    t.equal(sums(outcome.text)[-1][0], hashlib.sha256(content("big", BIG)).hexdigest(), "afterwards")
    clean(t, outcome)
    sound(t, disk)


def test_a_full_disk(t):
    data = content("four", 4 << 20)
    disk = image(t, {"four": data}, "--size", "8M")
    outcome = t.run("! mapfile /disk/w --write --pages 3000; ! cp /disk/four /disk/again; sum /disk/four; "
                    "mapfile /disk/w --write --pages 100; rm /disk/w; ls /disk; check", "--disk", disk)
    t.equal([v["error"] for v in written(outcome)], ["ERR_COMMIT", "OK"], "errors")
    t.contains(outcome.text, "cp: /disk/four to /disk/again: ERR_COMMIT")
    t.equal(sums(outcome.text)[0][0], hashlib.sha256(data).hexdigest(), "sum")
    clean(t, outcome)
    sound(t, disk)


def test_a_corrupted_block_is_an_error(t):
    data = content("four", 1 << 20)
    disk = image(t, {"four": data, "other": b"other\n"}, "--size", "16M")
    with open(disk, "r+b") as file:
        at = file.read().find(data[100 * 4096:100 * 4096 + 64])
        file.seek(at + 9)
        file.write(bytes([data[100 * 4096 + 9] ^ 4]))
    outcome = t.run("! sum /disk/four; ! cat /disk/four > /disk/x; cat /disk/other; check", "--disk", disk)
    t.true(re.search("^FAULT pid=[0-9]+ name=sum address=0x[0-9a-f]+ kind=FILE access=read", outcome.text, re.M), "fault")
    t.contains(outcome.text, "\nother\n")
    clean(t, outcome)


def on_bad_disk(t, disk, iotype, sectors, commands, *options, once=False):
    rules = [dict({"event": "none", "iotype": iotype, "once": once}, **({"sector": sector} if sector else {}))
             for sector in sectors]
    return t.tool("--ram", "16M", "--disk", disk, *options, "--", commands, as_built=not options, environment={
        "APTERYX_EMULATOR": ODD_DISK, "SWAP_DISK": json.dumps({"device": "disk", "errors": rules})})


def test_a_sector_that_cannot_be_read(t):
    data = content("four", 1 << 20)
    disk = image(t, {"four": data, "other": b"other\n"}, "--size", "16M")
    with open(disk, "rb") as file:
        sector = file.read().find(data[50 * 4096:50 * 4096 + 64]) // 512
    outcome = on_bad_disk(t, disk, "read", [sector], "! sum /disk/four; cat /disk/other; mapfile /disk/w --write --pages 9; "
                          "mapfile /disk/w --verify; check")
    t.equal(outcome.status, 0, "status")
    t.true(re.search("^FAULT pid=[0-9]+ name=sum address=0x[0-9a-f]+ kind=FILE access=read", outcome.text, re.M), "fault")
    clean(t, outcome)
    sound(t, disk)


def test_a_disk_that_cannot_be_written(t):
    data = content("four", 1 << 20)
    disk = image(t, {"four": data}, "--size", "64M")
    outcome = on_bad_disk(t, disk, "write", [None], "! mapfile /disk/w --write --pages 3000; ! echo x > /disk/y; "
                          "! rm /disk/four; sum /disk/four; check")
    t.equal(outcome.status, 0, "status")
    t.equal(sums(outcome.text)[0][0], hashlib.sha256(data).hexdigest(), "sum")
    clean(t, outcome)
    sound(t, disk)
    t.true(host_content(disk, "four") == data, "what was there")


def test_a_version_that_lost_a_page(t):
    """The disk fails a few times, and is well again: what was lost meanwhile makes no version, the next one is whole."""
    disk = image(t, {"other": b"x"}, "--size", "64M")
    outcome = on_bad_disk(t, disk, "write", [None] * TRIES, "! lost_page /disk/w; mapfile /disk/w --write --pages 100; check",
                          "--apps", APPS, once=True)
    t.equal((outcome.status, outcome.result("lost_page")["error"]), (0, "ERR_IO"), "status, error")
    t.equal(whole_versions(t, disk, 100), 1, "versions")
    clean(t, outcome)
    sound(t, disk)
