"""From GRUB to the shell: machines, sizes of memory, holes, and boots that must be refused with a word."""

import os
import re

import harness

ECHO = "echo up"
FRAMES_A_MEBIBYTE = 256
GRUB_ENTRY = """set timeout=0
insmod mmap
menuentry broken {
    multiboot /boot/apteryx.elf
    %s
}
"""
USAGE = "module /boot/usage/lru.elf usage lru"
ARCHIVE = "module /boot/boot.tar archive"
COMMANDS = "module /boot/commands commands"


def boots(t, *options):
    outcome = t.run(ECHO, *options)
    t.contains(outcome.text, "\nup\n")
    t.equal(outcome.text.splitlines()[-1], "RESULT run commands=1 failed=0", "last line")
    return outcome


def refused(t, outcome, what):
    """The boot was refused with one line, and nothing went on behind it."""
    t.equal(outcome.status, 3, "status")
    lines = re.findall(r"^REFUSED %s: .+$" % what, outcome.text, re.M)
    t.equal(len(lines), 1, "lines REFUSED %s" % what)
    t.equal(outcome.text.splitlines()[-1], lines[0], "last line")


def modules(*lines):
    return {"/boot/grub/grub.cfg": GRUB_ENTRY % "\n    ".join(lines)}


def test_plain(t):
    boot = boots(t).result("boot")
    t.equal(boot["policy"], "lru", "policy")
    t.true(boot["ram_frames"] > 63 * FRAMES_A_MEBIBYTE, "RAM is missing")


def test_policy(t):
    t.equal(boots(t, "--policy", "fifo").result("boot")["policy"], "fifo", "policy")


def test_debug_build(t):
    t.run(ECHO, "--debug")


def test_8m(t):
    boot = boots(t, "--ram", "8M", "--swap", "16M").result("boot")
    t.true(7 * FRAMES_A_MEBIBYTE < boot["ram_frames"] <= 8 * FRAMES_A_MEBIBYTE, "ram_frames")
    t.true(boot["frames_free"] > 4 * FRAMES_A_MEBIBYTE, "frames_free")


def test_3000m(t):
    boot = boots(t, "--ram", "3000M", "--swap", "none").result("boot")
    t.true(2999 * FRAMES_A_MEBIBYTE < boot["ram_frames"] <= 3000 * FRAMES_A_MEBIBYTE, "ram_frames")


def test_ram_above_3g_is_named(t):
    for ram in ("3400M", "3584M", "5G"):  # right behind the first 3 GiB, behind 4 GiB, more than 32 bits can say
        outcome = boots(t, "--ram", ram, "--swap", "none")
        frames = outcome.result("boot")["ram_frames"]
        t.true(3071 * FRAMES_A_MEBIBYTE < frames <= 3072 * FRAMES_A_MEBIBYTE, "ram_frames=%d of %s" % (frames, ram))
        t.true(re.search("above .* not used", outcome.text), "nothing said about the rest of %s" % ram)


def test_too_little_ram_is_no_triple_fault(t):
    t.true(t.tool("--ram", "3M", "--timeout", "20", "--", ECHO).status in (3, 124, 126), "status")


def test_isapc(t):
    boots(t, "--machine", "isapc")


def test_pentium(t):
    t.equal(boots(t, "--cpu", "pentium").result("boot")["sysenter"], 0, "sysenter")


def test_486(t):
    t.equal(boots(t, "--cpu", "486").result("boot")["sysenter"], 0, "sysenter")


def test_isapc_pentium_icount(t):
    boots(t, "--machine", "isapc", "--cpu", "pentium", "--icount", "--ram", "16M")


def test_bochs(t):
    boots(t, "--emulator", "bochs", "--swap", "32M")


def test_bochs_pentium(t):
    t.equal(boots(t, "--emulator", "bochs", "--cpu", "pentium", "--swap", "none").result("boot")["sysenter"], 0,
            "sysenter")


def test_cutmem_makes_holes(t):
    whole = t.boot("--", ECHO).result("boot")["ram_frames"]
    outcome = t.boot("--", ECHO, settings="cutmem 16M 24M\ncutmem 40M 41M")
    t.equal(outcome.status, 0, "status")
    t.equal(outcome.result("boot")["ram_frames"], whole - 9 * FRAMES_A_MEBIBYTE, "ram_frames")


def test_missing_usage_module(t):
    refused(t, t.boot("--", ECHO, files=modules(ARCHIVE, COMMANDS)), "module")


def test_unreadable_usage_module(t):
    refused(t, t.boot("--", ECHO, files=modules("module /boot/nothing usage lru", ARCHIVE, COMMANDS)), "module")


def test_missing_archive(t):
    refused(t, t.boot("--", ECHO, files=modules(USAGE, COMMANDS)), "module")


def test_no_module(t):
    refused(t, t.boot("--", ECHO, files=modules()), "module")


def test_unknown_module(t):
    refused(t, t.boot("--", ECHO, files=modules(USAGE, ARCHIVE, COMMANDS, "module /boot/boot.tar other")), "module")


def test_module_twice(t):
    refused(t, t.boot("--", ECHO, files=modules(USAGE, USAGE, ARCHIVE, COMMANDS)), "module")


def test_module_without_a_name(t):
    refused(t, t.boot("--", ECHO, files=modules("module /boot/usage/lru.elf usage", ARCHIVE, COMMANDS)), "module")


def broken_usage_modules():
    """Kinds of damage, as (what, bytes)."""
    with open(os.path.join(harness.ROOT, "build/release/usage/lru.elf"), "rb") as file:
        good = file.read()
    yield "not ELF at all", b"x" * 5000
    yield "one byte", good[:1]
    yield "cut in its header", good[:40]
    yield "cut in its text", good[:4096 + 512]
    yield "another machine", good[:18] + b"\x3e" + good[19:]
    yield "64 bits", good[:4] + b"\x02" + good[5:]
    yield "entry elsewhere", good[:24] + b"\x00\x00\x10\x00" + good[28:]
    yield "program headers far away", good[:28] + b"\xf0\xff\xff\xff" + good[32:]
    yield "many program headers", good[:44] + b"\xff\xff" + good[46:]


def test_broken_usage_module(t):
    for what, content in broken_usage_modules():
        outcome = t.boot("--timeout", "30", "--", ECHO, files={"/boot/usage/lru.elf": content})
        t.equal((what, outcome.status), (what, 3), "status")
        refused(t, outcome, "module")


def test_foreign_version(t):
    with open(os.path.join(harness.ROOT, "src/usage/policy/fifo.c"), encoding="utf-8") as file:
        source = file.read()
    foreign = source.replace("= POLICY_VERSION", "= POLICY_VERSION + 1").replace("usage/policy.h", "apteryx/policy.h")
    t.true(foreign != source, "the test does not change the version")
    os.mkdir(t.path("policies"))
    t.path("policies/foreign.c", foreign)
    refused(t, t.run(ECHO, "--policies", t.path("policies"), "--policy", "foreign", status=3), "version")


def test_malformed_command_line(t):
    for words in ("nonsense", "readahead", "readahead=", "readahead=x", "readahead=-1", "readahead=99999999999999",
                  "other=1", "readahead=1 readahead", "=", "x" * 300):
        outcome = t.boot("--timeout", "30", "--", ECHO, settings='set words="%s"' % words)
        t.equal((words, outcome.status), (words, 3), "status")
        refused(t, outcome, "command line")


def test_readahead_is_taken(t):
    boots(t, "--readahead", "0")
    boots(t, "--readahead", "16")


def test_panic_is_symbolised(t):
    outcome = t.boot("--", ECHO, settings='set words="debug=panic"')
    t.equal(outcome.status, 125, "status")
    t.true(re.search(r"^PANIC ", outcome.text, re.M), "no line PANIC")
    t.true(re.search(r"^backtrace:\n  \S+ breakage_do\+.*\n  \S+ kernel_go_on\+", outcome.text, re.M), "the callers")


def test_the_kernel_notices(t):
    for words, said in (("text", r"page fault at c01[0-9a-f]{5} in the kernel, error 3"),
                        ("module", r"page fault at f0000000 in the kernel, error 3"),
                        ("null", r"page fault at 00000000 in the kernel, error 2"),
                        ("stack", r"double fault, esp f040[0-9a-f]{4}")):
        for options in ((), ("--cpu", "486")):
            outcome = t.boot(*options, "--swap", "none", "--", ECHO, settings='set words="debug=%s"' % words)
            t.equal((words, options, outcome.status), (words, options, 125), "status")
            t.true(re.search("^PANIC %s$" % said, outcome.text, re.M), "%s: not said: %s" % (words, said))


def test_the_checker_notices(t):
    settings = 'set words="debug=count"'
    what = r"^check: space 1 page 0x00000 .*: the space's counts are wrong$"
    outcome = t.boot("--swap", "none", "--", "check", settings=settings)
    t.equal(outcome.status, 1, "status")
    t.true(re.search(what, outcome.text, re.M), "nothing said of the count")
    t.true(outcome.result("check")["errors"] > 0, "errors")
    outcome = t.boot("--debug", "--swap", "none", "--", "ps", settings=settings)
    t.equal(outcome.status, 125, "status of the debug build")
    t.true(re.search(what, outcome.text, re.M), "nothing said of the count in the debug build")
    t.true(re.search("^PANIC .*check_self.*errors == 0", outcome.text, re.M), "no panic")


def test_panic_in_bochs(t):
    t.equal(t.boot("--emulator", "bochs", "--", ECHO, settings='set words="debug=panic"').status, 125, "status")
