"""Several builds and runs in one tree at the same time."""

import os
import shutil
import subprocess

import harness

RUNS = 4
COMPILED = "build/release/obj"


def start(*command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True)


def test_in_a_tree_where_nothing_is_linked(t):
    """The sources have been compiled; programs, kernel and images are all made at once."""
    tree = t.path("tree")
    shutil.copytree(harness.ROOT, tree, ignore=shutil.ignore_patterns("build", ".git"))
    shutil.copytree(os.path.join(harness.ROOT, COMPILED), os.path.join(tree, COMPILED))
    started = [start(os.path.join(tree, "tools/run"), "--swap", "none", "--timeout", "300", "--", "echo run%d" % n)
               for n in range(RUNS)] + [start("make", "-C", tree, "iso")]
    ended = [(process.communicate()[0], process.returncode) for process in started]
    for n, (text, status) in enumerate(ended):
        t.console = text
        t.equal((n, status), (n, 0), "status")
        if n < RUNS:
            t.contains(text, "\nrun%d\n" % n)
    left = [name for _, folders, names in os.walk(os.path.join(tree, "build")) for name in folders + names
            if name.endswith(".new") or ".iso." in name or ".tar." in name]
    t.equal(left, [], "left behind")
