"""Programs that do what they must not: they get errors or end with a report, and nobody else notices."""

import re

FAULT = re.compile(r"^FAULT pid=(\d+) name=(\S+) address=0x([0-9a-f]{8}) kind=(\S+) access=(read|write|execute) "
                   r"entry=0x[0-9a-f]{8} ip=0x[0-9a-f]{8}(?: in=(\w+)\+0x[0-9a-f]+)?$", re.M)
FAULTS = {"null": ("NONE", "read"), "none": ("NONE", "write"), "guard": ("GUARD", "write"), "stack": ("GUARD", "read"),
          "kernel": (None, "read"), "info": (None, "write"), "text": (None, "write"), "execute": ("NONE", "execute"),
          "privileged": (None, None), "port": (None, None), "invalid": (None, None), "divide": (None, None)}
CALLS_AT_ONCE = 64


def test_faults(t):
    commands = "; ".join("fault %s; echo ended $?" % what for what in FAULTS)
    outcome = t.run("stress --pages 3000 --rounds 3 --verify & " + commands + "; wait %1; check", "--ram", "16M",
                    "--swap", "64M", status=1)
    t.equal(outcome.result("run")["failed"], len(FAULTS), "failed")
    t.equal(outcome.text.count("ended 139\n"), len(FAULTS), "statuses of 139")
    seen = FAULT.findall(outcome.text)
    t.equal(len(seen), len(FAULTS), "FAULT lines")
    for (what, (kind, access)), (_, name, _, seen_kind, seen_access, function) in zip(FAULTS.items(), seen):
        t.true(function in ("do_" + what, "forbidden_" + what) or (what, function) == ("execute", ""),
               "fault %s is said to be in %r" % (what, function))
        t.equal((what, name), (what, "fault"), "name")
        t.equal((what, seen_kind if kind else None, seen_access if access else None), (what, kind, access), "report")
    t.equal(outcome.result("stress")["lost"], 0, "lost")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def calls(t, first, *options):
    seen = t.run("badcalls --first %d --count %d --sets 10000 --seed %d" % (first, CALLS_AT_ONCE, first + 1) +
                 "; check; stress --pages 2000 --verify", "--timeout", "300", *options)
    t.equal(seen.result("badcalls")["bad"], 0, "bad")
    t.equal(seen.result("check")["errors"], 0, "errors")
    t.equal(seen.result("stress")["lost"], 0, "lost")


def test_calls_0_to_63(t):
    calls(t, 0)


def test_calls_64_to_127(t):
    calls(t, 64)


def test_calls_128_to_191(t):
    calls(t, 128)


def test_calls_192_to_255(t):
    calls(t, 192)
