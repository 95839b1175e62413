"""The user library, call by call: programs from outside the tree try each one, on processors with and without SYSENTER."""

from harness import APPS

TRIED = ("try_vm", "try_hole", "try_hole_over", "try_ipc", "try_process", "try_library")


def tried(t, *options):
    outcome = t.run("; ".join(TRIED + ("check",)), "--apps", APPS, *options)
    for name in TRIED:
        seen = outcome.result(name)
        t.equal((name, seen["wrong"]), (name, 0), "wrong")
        t.true(seen["checks"] > 5, "nothing was tried in " + name)
    t.equal(outcome.result("check")["errors"], 0, "errors")
    return outcome


def test_default(t):
    outcome = tried(t)
    t.equal(outcome.result("boot")["sysenter"], 1, "sysenter")
    t.contains(outcome.text, "[-7|   -7|-0007|-7   |4000000000|beef|0000beef]\n")
    t.contains(outcome.text, "[k|kiwi|    kiwi|0x00001000|12345678901234567890|%]\n")
    t.equal(outcome.result("mine"), {"pages": 3, "lost": 0}, "mine")


def test_pentium(t):
    t.equal(tried(t, "--cpu", "pentium").result("boot")["sysenter"], 0, "sysenter")


def test_isapc(t):
    tried(t, "--machine", "isapc", "--ram", "16M")


def test_icount(t):
    tried(t, "--icount")


def test_debug(t):
    tried(t, "--debug")


def test_bochs(t):
    tried(t, "--emulator", "bochs")
