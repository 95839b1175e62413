"""The booted machine against the host model of its own policy, on the reference strings.

The machine is stopped when refstring has written its first word. From that memory the model goes on by itself
(test/host/resume.c), while the machine does the same for real; both must count the same."""

import os
import re
import subprocess
import threading

import harness
from harness import APPS

KERNEL = os.path.join(harness.ROOT, "build/release/apteryx.elf")
MODEL = "build/host/resume/run"
BUILDING = threading.Lock()  # two tests at once must not both make it
RAM_MIB, SWAP_MIB = 144, 100
START = 0x10000000  # where refstring has its pages
SYMBOLS = ("pool", "space_pages", "usage", "usage_table", "zero_page")
COUNTS = ("page_ins", "swap_in", "lost")
OTHERS_SOFT = 4  # soft faults of programs that still had something to do when the machine was stopped; the model's have not


def addresses():
    names = subprocess.run(["nm", KERNEL], capture_output=True, text=True, check=True).stdout
    found = dict((name, address) for address, name in re.findall(r"^([0-9a-f]{8}) \S (\w+)$", names, re.M))
    return ["%s=%s" % (name, found[name]) for name in SYMBOLS]


def booted(t, policy, string, memory):
    stopped = {"APTERYX_EMULATOR": os.path.join(harness.ROOT, "test/boot/qemu_stopped"), "STOP_AT": hex(START),
               "STOP_BYTES": str(RAM_MIB << 20), "STOP_FILE": memory}
    outcome = t.tool("--ram", "%dM" % RAM_MIB, "--swap", "%dM" % SWAP_MIB, "--swap-on", "memswap", "--apps", APPS,
                     "--policy", policy, "--readahead", "0", "--timeout", "240", "--", "refstring " + string,
                     environment=stopped, as_built=False)
    t.equal(outcome.status, 0, "status")
    return outcome.result("refstring")


def modelled(t, string, memory):
    with BUILDING:
        subprocess.run(["make", "-s", "-C", harness.ROOT, MODEL], check=True, stdout=subprocess.DEVNULL,
                       env={k: v for k, v in os.environ.items() if not k.startswith("M")})
    done = subprocess.run([os.path.join(harness.ROOT, MODEL), memory, string, str(SWAP_MIB << 8)] + addresses(),
                          capture_output=True, text=True, check=False)
    t.equal((done.returncode, done.stderr), (0, ""), "the model's end")
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", done.stdout)}


def compare(t, policy, string):
    memory = t.path("memory")
    seen = booted(t, policy, string, memory)
    wanted = modelled(t, string, memory)
    t.true(seen["page_ins"] > 10000, "only %d page-ins" % seen["page_ins"])
    t.equal([(key, seen[key]) for key in COUNTS], [(key, wanted[key]) for key in COUNTS],
            "%s on %s: the machine and its model" % (policy, string))
    t.true(0 <= seen["faults_soft"] - wanted["faults_soft"] <= OTHERS_SOFT,
           "%s on %s: soft faults %d, in the model %d" % (policy, string, seen["faults_soft"], wanted["faults_soft"]))


def test_lru_a(t):
    compare(t, "lru", "a")


def test_lru_d(t):
    compare(t, "lru", "d")


def test_fifo_a(t):
    compare(t, "fifo", "a")


def test_fifo_d(t):
    compare(t, "fifo", "d")


def test_lru_b(t):
    compare(t, "lru", "b")


def test_lru_c(t):
    compare(t, "lru", "c")


def test_fifo_b(t):
    compare(t, "fifo", "b")


def test_fifo_c(t):
    compare(t, "fifo", "c")
