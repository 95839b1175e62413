"""What calls, messages, faults and marking cost is measured, and the short ways through the kernel do what the long
ways do. No figure is demanded here: figures depend on compiler and emulator."""


from harness import APPS

ROWS = ("null_call", "ipc_0", "ipc_4", "ipc_64", "fault_zero", "fault_soft", "fault_swap", "mark_4k", "mark_1g",
        "find_hole", "find_hole_cold", "find_hole_empty", "mark_space",
        "fault_handler", "fault_pager")


def test_every_row(t):
    outcome = t.run("bench; check", "--icount")
    rows = [line.split() for line in outcome.text.split("\n") if line.startswith("RESULT bench ")]
    seen = {}
    for row in rows:
        keys = dict(word.split("=") for word in row[2:])
        seen[keys["name"]] = keys
    t.equal(tuple(seen), ROWS, "rows")
    for name, keys in seen.items():
        t.equal(keys["unit"], "insn", name)
        t.true(int(keys["count"]) > 0, "no value for " + name)
        t.true(0 < int(keys["min"]) <= int(keys["median"]), "no order in " + name)
    t.equal(outcome.result("check")["errors"], 0, "errors")


def both_ways(t, *options):
    outcome = t.run("ipc_ways; check; vmstat", "--apps", APPS, "--swap", "none", *options)
    t.equal(outcome.result("ipc_ways")["wrong"], 0, "wrong")
    t.true(outcome.result("ipc_ways")["checks"] > 100, "little was tried")
    t.equal(outcome.result("check")["errors"], 0, "errors")


def test_both_ways_of_a_message(t):
    both_ways(t)


def test_both_ways_of_a_message_without_sysenter(t):
    both_ways(t, "--cpu", "pentium")
