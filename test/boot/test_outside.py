"""Programs, policies and swap servers from outside the tree."""

import os

import harness
from harness import APPS

SERVERS = APPS
PROGRAM = """#include <apteryx/print.h>
#include "number.h"
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        print("argument %s\\n", argv[i]);
    result("mine", "number=%u name=%s", NUMBER, argv[0]);
    return argc - 1;
}
"""


def folder(t, files):
    os.mkdir(t.path("apps"))
    for name, content in files.items():
        t.path("apps/" + name, content)
    return t.path("apps")


def test_program(t):
    apps = folder(t, {"mine.c": PROGRAM, "number.h": "#define NUMBER 42u\n", "two/main.c": PROGRAM})
    outcome = t.run("mine; ! mine a 'b c'; two", "--apps", apps, "--swap", "none")
    t.contains(outcome.text, "\nargument b c\n")
    t.equal([v["name"] for n, v in outcome.results if n == "mine"], ["mine", "mine", "two"], "names")
    t.equal(outcome.result("mine")["number"], 42, "number")


def test_program_takes_the_tree_s_place(t):
    apps = folder(t, {"ps.c": PROGRAM, "number.h": "#define NUMBER 7u\n"})
    t.equal(t.run("ps", "--apps", apps, "--swap", "none").result("mine")["number"], 7, "number")


def test_compile_error(t):
    apps = folder(t, {"broken.c": "int main(void) { return nothing_such; }\n"})
    outcome = t.run("broken", "--apps", apps, status=2)
    t.contains(outcome.words, "nothing_such")
    t.equal(outcome.text, "", "stdout")


def test_fault_of_a_program(t):
    apps = folder(t, {"wild.c": "int main(void) { return *(volatile int *)8; }\n"})
    outcome = t.run("! wild; echo $?; wild; echo $?", "--apps", apps, "--swap", "none", status=1)
    t.contains(outcome.text, "name=wild address=0x00000008 kind=NONE access=read entry=0x")
    t.contains(outcome.text, "\n139\n")


def test_policy(t):
    with open(os.path.join(harness.ROOT, "src/usage/policy/fifo.c"), encoding="utf-8") as file:
        source = file.read()
    os.mkdir(t.path("policies"))
    t.path("policies/mine.c", source.replace("usage/policy.h", "apteryx/policy.h").replace('"fifo"', '"mine"'))
    outcome = t.run("stress --pages 8192 --pattern random --verify", "--policies", t.path("policies"), "--policy",
                    "mine", "--ram", "16M", "--swap", "64M")
    t.equal(outcome.result("boot")["policy"], "mine", "policy")
    t.equal(outcome.result("stress")["lost"], 0, "lost")


JOB = "stress --procs 2 --pages 4096 --pattern random --rounds 3 --verify"


def on_server(t, server, lost):
    outcome = t.run(JOB, "--apps", SERVERS, "--swap-on", server, "--ram", "64M", "--swap", "40M",
                    status=1 if lost else 0)
    t.equal((server, outcome.result("stress")["lost"]), (server, lost), "lost")


def test_swap_server(t):
    on_server(t, "memswap", 0)


def test_swap_server_that_loses(t):
    for server, lost in (("badswap", 0), ("badswap corrupt", 1), ("badswap swap", 2), ("badswap stale", 1)):
        on_server(t, server, lost)
