"""Programs run from files of a disk: their text is in RAM once, and nothing that is wrong with a file harms anybody."""

import os
import struct

import harness
from harness import APPS
from test_files import clean, counted, image, sound

SAMPLE = "sleep 0.3; vmstat; "  # after a moment without work: the kernel has given back what it held for nothing
BACK = ("processes", "threads", "handles", "frames_kernel", "commit_used", "frames_locked")


def program(name):
    with open(os.path.join(harness.ROOT, "build/release/programs", name), "rb") as file:
        return file.read()


def programs(*names):
    return {"bin/" + name: program(name) for name in names}


def samples(outcome):
    return [values for name, values in outcome.results if name == "vmstat"]


def given_back(t, outcome, first=0):
    seen = samples(outcome)
    t.equal({key: seen[-1][key] for key in BACK}, {key: seen[first][key] for key in BACK}, "what was given back")
    t.true(seen[-1]["frames_tables"] <= seen[first]["frames_tables"], "tables are left over")  # idle servers' may be in swap


def test_they_run_as_others_do(t):
    disk = image(t, programs("stress", "stress_over", "limit", "fault", "ps", "maps", "pte"), "--size", "16M")
    outcome = t.run("/disk/bin/stress --procs 2 --pages 9 > /disk/none; " + SAMPLE +  # pools have grown then
                    "/disk/bin/stress --procs 2 --pages 300 --verify; "
                    "/disk/bin/stress --procs 2 --pages 300 --overcommit --verify > /disk/log; cat /disk/log; "
                    "/disk/bin/fault text; ! /disk/bin/ps x; limit pages=200 -- /disk/bin/ps; "
                    "limit pages=12 -- /disk/bin/ps; /disk/bin/nothing; /disk/bin; "
                    "/disk/bin/stress --pages 500 --rounds 9999 & sleep 0.5; ps; /disk/bin/maps %1; /disk/bin/pte %1 0x100000; "
                    "kill stress; ! wait; " + SAMPLE + "check",
                    "--disk", disk, "--swap", "64M", status=1)
    t.equal([v["lost"] for name, v in outcome.results if name == "stress"], [0, 0], "lost")
    for line in ("FAULT pid=", "limit: /disk/bin/ps: ERR_LIMIT\n", "shell: /disk/bin/nothing: no such command\n",
                 "shell: /disk/bin: not a program\n", " stress\n"):
        t.contains(outcome.text, line)
    t.equal(outcome.result("run")["failed"], 4, "failed")
    t.contains(outcome.text, "[1] %d\n" % outcome.result("maps")["pid"])
    t.equal(outcome.result("pte")["kind"], "FILE", "the job's text")
    given_back(t, outcome)
    clean(t, outcome)
    sound(t, disk)


def test_the_calls_below(t):
    disk = image(t, programs("crowd"), "--size", "16M")
    outcome = t.run("try_execute /disk/bin/crowd; check", "--apps", APPS, "--disk", disk)
    t.true(outcome.result("try_execute")["checks"] > 60, "checks")
    t.equal(outcome.result("try_execute")["wrong"], 0, "wrong")
    clean(t, outcome)


# ---- one text for all ----

def crowd(t, disk, path):
    """Fifty processes of one program asleep: frames that were taken meanwhile, and what the disk was asked for."""
    outcome, stats = counted(t, disk, "%s --procs 1; vmstat; %s --procs 50 --pages 4 --rounds 9999 --verify & sleep 1; "
                             "vmstat; ps; check; kill crowd; ! wait" % (path, path), "--ram", "32M")
    clean(t, outcome)
    t.true(outcome.result("ps")["processes"] > 55, "processes")
    before, then = samples(outcome)
    return then["frames_resident"] - before["frames_resident"], then["faults_file"] - before["faults_file"], stats


def test_text_is_in_memory_once(t):
    disk = image(t, programs("crowd"), "--size", "16M")
    copied, _, alone = crowd(t, disk, "crowd")
    shared, faults, stats = crowd(t, disk, "/disk/bin/crowd")
    pages = len(program("crowd")) // 4096
    t.true(faults >= 50, "%d faults of files" % faults)
    t.true(shared < copied - 49, "%d frames, %d where each has a text of its own" % (shared, copied))
    t.true(stats["read"] - alone["read"] < (pages + 16) * 4096, "bytes read: %r, %r" % (alone, stats))


def test_text_goes_and_comes_under_pressure(t):
    disk = image(t, programs("stress", "crowd"), "--size", "16M")
    outcome = t.run("vmstat; /disk/bin/crowd --procs 20 --pages 40 --rounds 6 --verify & "
                    "/disk/bin/stress --procs 4 --pages 1500 --rounds 3 --verify & wait; vmstat; check",
                    "--disk", disk, "--ram", "12M", "--swap", "128M", "--timeout", "240")
    t.equal((outcome.result("stress")["lost"], outcome.result("crowd")["lost"]), (0, 0), "lost")
    before, after = samples(outcome)
    t.true(after["file_dropped"] > 30, "pages of files that went: %d" % after["file_dropped"])
    t.equal([after[key] for key in ("processes", "threads", "lost")], [before["processes"], before["threads"], 0], "left")
    clean(t, outcome)


def test_in_bochs(t):
    """Started, run in several processes at once, refused: on a small machine, whose processor is not QEMU's."""
    disk = image(t, dict(programs("crowd", "ps"), bad=BAD["cut"]), "--size", "16M")
    outcome = t.run("/disk/bin/crowd --procs 9 --pages 1; " + SAMPLE +  # pools have grown then
                    "/disk/bin/crowd --procs 6 --pages 60 --verify & /disk/bin/ps; wait; /disk/bad; " + SAMPLE + "check",
                    "--emulator", "bochs", "--ram", "12M", "--swap", "16M", "--disk", disk, status=1)
    crowd_seen = outcome.result("crowd")
    t.equal((crowd_seen["lost"], crowd_seen["verified"]), (0, 360), "lost, verified")
    t.contains(outcome.text, " crowd\n")
    t.contains(outcome.text, "\nshell: /disk/bad: not a program\n")
    t.true(samples(outcome)[-1]["faults_file"] > 6, "no faults of files")
    given_back(t, outcome)
    clean(t, outcome)


# ---- while it runs ----

def test_the_version_that_runs_stays(t):
    disk = image(t, dict(programs("crowd", "stress", "ps"), **{"bin/other": program("ps")}), "--size", "32M")
    outcome = t.run("/disk/bin/crowd --procs 10 --pages 100 --rounds 40 --verify & sleep 1; "
                    "/disk/bin/other --help; cp /disk/bin/ps /disk/bin/crowd; versions --keep 1 /disk/bin/crowd; "
                    "/disk/bin/crowd --help; rm /disk/bin/crowd; ! /disk/bin/crowd; "
                    "stress --procs 2 --pages 1500 --verify; wait; check", "--disk", disk, "--ram", "12M", "--swap", "64M")
    t.equal(outcome.result("crowd")["lost"], 0, "lost")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    t.equal(outcome.text.count("usage: ps\n"), 2, "the new version")
    clean(t, outcome)
    sound(t, disk)


def test_the_server_is_killed_while_they_run(t):
    disk = image(t, programs("crowd", "stress", "ps"), "--size", "16M")
    outcome = t.tool("--ram", "12M", "--swap", "64M", "--disk", disk, "--", "ps; /disk/bin/crowd --procs 10 --rounds 9999 & "
                     "/disk/bin/stress --procs 3 --pages 1500 --rounds 99 & sleep 1; kill file; sleep 0.5; wait; "
                     "/disk/bin/ps; stress --pages 500 --verify; check")
    t.contains(outcome.text, "init: file ended with status 137 and is started again")
    t.contains(outcome.text, "kind=FILE")
    t.equal(outcome.result("ps")["processes"], 8, "processes")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    clean(t, outcome)


def test_the_server_is_killed_while_they_are_started(t):
    """Each starts, of a disk and of the CD; the kills come where they will. Who ran already may end by a fault."""
    disk = image(t, programs("ps"), "--size", "16M")
    outcome = t.run("/disk/bin/ps > /disk/none; /cd/apps/uptime; " + SAMPLE +
                    "spawn_paths 120 /disk/bin/ps /cd/apps/uptime & " + "sleep 0.03; kill file; " * 25 +
                    "wait; /disk/bin/ps; /cd/apps/uptime; " + SAMPLE + "check",
                    "--apps", APPS, "--disk", disk, "--ram", "16M")
    seen = outcome.result("spawn_paths")
    t.equal((seen["refused"], seen["others"], seen["right"] + seen["faults"]), (0, 0, 120), "how they ended")
    t.equal(outcome.text.count("\nFAULT pid="), seen["faults"], "reports")
    t.true(outcome.text.count("init: file ended with status 137 and is started again") > 20, "kills")
    t.true(outcome.text.count("usage: ") >= seen["right"], "not all that ended right printed")
    given_back(t, outcome)
    clean(t, outcome)
    sound(t, disk)


# ---- files that are no programs ----

def elf(size=3 * 4096, **changes):
    """A program that can be mapped, text and data of a page each; changed in one place."""
    field = {"phoff": 52, "phnum": 2, "entry": 0x100400, "offset": 0, "vaddr": 0x100000, "filesz": 4096, "memsz": 4096,
             "data_offset": 4096, "data_vaddr": 0x101000, "data_filesz": 4096, "data_memsz": 8192, **changes}
    data = bytearray(b"\x90" * size)
    data[:52] = struct.pack("<4sBBB9xHHIIIIIHHHHHH", b"\x7fELF", 1, 1, 1, 2, 3, 1, field["entry"], field["phoff"], 0, 0, 52,
                            32, field["phnum"], 0, 0, 0)
    table = struct.pack("<8I", 1, field["offset"], field["vaddr"], 0, field["filesz"], field["memsz"], 5, 4096)
    table += struct.pack("<8I", 1, field["data_offset"], field["data_vaddr"], 0, field["data_filesz"], field["data_memsz"],
                         6, 4096)
    at = min(field["phoff"], size - 64)
    data[at:at + 64] = table
    return bytes(data)


BAD = {"empty": b"", "short": program("ps")[:40], "text": b"#!/bin/sh\n" * 999, "cut": program("ps")[:5000],
       "far_head": elf(phoff=4096 + 64), "long_head": elf(phoff=4096 - 32), "many": elf(phnum=999),
       "kernel": elf(vaddr=0xC0000000, entry=0xC0000010), "stack": elf(vaddr=0xF0000, entry=0xF0010),
       "behind": elf(offset=1 << 30), "huge": elf(data_memsz=0x7FFFFFFF), "odd_offset": elf(data_offset=4000),
       "odd_end": elf(data_filesz=100, data_memsz=9000), "overlap": elf(data_vaddr=0x100000), "no_text": elf(entry=0x101010)}


def test_bad_images(t):
    files = dict({"bad/" + name: data for name, data in BAD.items()}, good=elf(), **programs("ps"))
    disk = image(t, files, "--size", "16M")
    t.equal(os.path.getsize(disk) > 0, True, "image")
    commands = "".join("/disk/bad/%s; echo %s $?; " % (name, name) for name in BAD)
    outcome = t.run("! /disk/good; /disk/bin/ps --help; " + SAMPLE + commands + SAMPLE + "/disk/bin/ps; check",
                    "--disk", disk, status=1)
    for name in BAD:
        t.contains(outcome.text, "\nshell: /disk/bad/%s: not a program\n%s 126\n" % (name, name))
    t.contains(outcome.text, "name=good ")
    given_back(t, outcome)
    clean(t, outcome)


def test_blocks_that_do_not_sum_up(t):
    """Of the head: it is not started. Of the text: its first touch of that page is its end."""
    disk = image(t, {"head": program("ps"), "text": program("ls"), "bin/rm": program("rm")}, "--size", "16M")
    with open(disk, "r+b") as file:
        content = file.read()
        for data, page in ((program("ps"), 0), (program("ls"), 1)):
            at = content.find(data[page * 4096:page * 4096 + 4096])
            t.true(at > 0, "the block is not there")
            file.seek(at + 4000)
            file.write(bytes([content[at + 4000] ^ 1]))
    outcome = t.run("/disk/bin/rm --help; " + SAMPLE + "/disk/head; /disk/text; " + SAMPLE + "check", "--disk", disk, status=1)
    t.contains(outcome.text, "shell: /disk/head: cannot be started (ERR_IO)\n")
    t.contains(outcome.text, "name=text ")
    t.contains(outcome.text, "kind=FILE")
    given_back(t, outcome)
    clean(t, outcome)
