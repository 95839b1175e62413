"""Power cuts under a writing load: machines that are gone at a random moment, and recorded ones whose disk is looked at as
it was at thousands of moments, with what its cache may have made of that. test/boot/power_cuts is the tool to run many."""

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import churned
import harness
from harness import APPS
import write_log

ODD_DISK = os.path.join(harness.ROOT, "test/boot/qemu_disk")
WRITERS = 3
PATIENCE = 120  # seconds of host time until the first version is published


def make_disk(folder, size="64M"):
    """A new image without anything on it but an empty folder."""
    tree, disk = os.path.join(folder, "tree"), os.path.join(folder, "disk.img")
    os.makedirs(tree, exist_ok=True)
    subprocess.run([os.path.join(harness.ROOT, "tools/mkdisk"), disk, tree, "--size", size], check=True,
                   stdout=subprocess.DEVNULL)
    return disk


def machine(disk, seed, seconds=None):
    """The command of a machine with writers of files, for that long or for ever, and somebody who wants their memory."""
    writers = ["churn %d %d%s" % (i + 1, seed, " %d" % seconds if seconds else "") for i in range(WRITERS)]
    jobs = "%s & stress --procs 1 --pages 3000 --pattern random --rounds 9999 & " % " & ".join(writers)
    return [os.path.join(harness.ROOT, "tools/run"), "--apps", APPS, "--ram", "16M",
            "--disk", disk, "--", jobs + "; ".join("wait %%%d" % (i + 1) for i in range(WRITERS))]


class Announced:
    """Reads a console: which version of its ledger each writer has said is published."""

    def __init__(self, console):
        self.ledgers, self.began = {}, threading.Event()
        self.reader = threading.Thread(target=self.read, args=[console])
        self.reader.start()

    def read(self, console):
        for line in console:
            words = line.split()
            if len(words) == 3 and words[0] == b"LEDGER" and line.endswith(b"\n"):
                self.ledgers[int(words[1])] = int(words[2])
                self.began.set()
        self.began.set()


def kill(disk, seed):
    """A machine is gone some time after its first publication; which versions it had said are published."""
    with subprocess.Popen(machine(disk, seed), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          start_new_session=True) as run:
        announced = Announced(run.stdout)
        announced.began.wait(PATIENCE)
        time.sleep(random.Random(seed).uniform(0, 1.5))
        ended = run.poll()
        if ended is None:
            os.killpg(run.pid, signal.SIGKILL)
        announced.reader.join()
    return announced.ledgers, ended


class Kills:
    """One machine after the other on the same disk, each killed."""

    def __init__(self, disk):
        self.disk, self.churned, self.before = disk, churned.Churned(), {}

    def next(self, seed):
        """What is wrong after one more, one text each."""
        announced, ended = kill(self.disk, seed)
        wrong, _, ledgers = self.churned.look(self.disk)
        if ended is not None or not announced:
            wrong.append("the machine ended by itself, or published nothing")
        for writer, version in list(announced.items()) + list(self.before.items()):
            if ledgers.get(writer, 0) < version:
                wrong.append("/ledger.%d: version %d was published, %d is there" % (
                    writer, version, ledgers.get(writer, 0)))
        self.before = ledgers
        return wrong


class Recording:
    """The log of all that one machine wrote, and the image as it was before, in a folder."""

    def __init__(self, folder):
        self.folder, self.base = folder, os.path.join(folder, "before.img")
        self.log, self.scratch = os.path.join(folder, "log"), os.path.join(folder, "scratch.img")

    def make(self, seed, seconds):
        """Whether the machine ended well."""
        disk = make_disk(self.folder)
        shutil.copy(disk, self.base)
        done = subprocess.run(machine(disk, seed, seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env=dict(os.environ, APTERYX_EMULATOR=ODD_DISK,
                                       SWAP_DISK=json.dumps({"device": "disk", "log": self.log})))
        return done.returncode == 0, done.stdout.decode(errors="replace")

    def open(self):
        """What is to be known for replays: the requests, which of them write a superblock, the first generation."""
        image = churned.fsck.Image(self.base)
        slots = [(image.start + slot * churned.fsck.BLOCK_BYTES) // write_log.SECTOR
                 for slot in range(churned.fsck.N["SLOTS"])]
        image.close()
        self.writes = write_log.read_log(self.log)
        self.commits = [i for i, write in enumerate(self.writes) if any(write.covers(slot) for slot in slots)]
        self.first = churned.Churned().look(self.base)[1]

    def crowded(self):
        """Writes of superblocks that are not alone between two flushes."""
        return [i for i in self.commits
                if not (i + 1 < len(self.writes) and self.writes[i - 1].flush and self.writes[i + 1].flush)]

    def replays(self, seed, count, flushes=True):
        """(cut, way, what is wrong) of so many cuts. flushes False: of a drive that says done and has done nothing."""
        dice, look = random.Random(seed), churned.Churned()
        shutil.copy(self.base, self.scratch)
        replay = write_log.Replay(self.writes, self.scratch, flushes)
        for cut in write_log.choose(self.writes, count, dice):
            way, own = dice.choice(write_log.WAYS), random.Random(dice.random())
            wrong, generation, _ = replay.cut(cut, way, own, lambda: look.look(self.scratch))
            durable = self.first + sum(i < replay.durable for i in self.commits)
            if not wrong and generation < durable:
                wrong = ["generation %d was committed, %d is there" % (durable, generation)]
            yield cut, way, wrong
