"""tools/gdb, driven by a file of GDB commands."""

import os
import subprocess

import harness

SCRIPT = """
break kernel_fault if $_streq(current->process->name, "stress")
continue
info args
backtrace 3
delete
hbreak page_check if $_streq(current->process->name, "stress")
continue
backtrace 3
console
"""
COMMANDS = "stress --pages 64 --verify"


def gdb(t, *arguments):
    done = subprocess.run([os.path.join(harness.ROOT, "tools/gdb"), *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, timeout=120)
    t.console = done.stdout + done.stderr
    return done


def test_kernel_and_program(t):
    done = gdb(t, "--program", "stress", "--script", t.path("script", SCRIPT), "--as-built", "--swap", "none", "--",
               COMMANDS)
    t.equal(done.returncode, 0, "status")
    for line in ("kernel_main (magic=732803074", "kernel_fault (c=", "error = ", "trap_from_user (c=",
                 "page_check (page=0x", "region_check (", "stress: round 2 of 2"):
        t.contains(done.stdout, line)


def test_program_of_one_s_own(t):
    os.mkdir(t.path("apps"))
    t.path("apps/mine.c", "int number(int n) { return n + 1; }\nint main(int argc, char **argv)\n"
           "{ (void)argv; return number(argc) - 2; }\n")
    script = t.path("script", "hbreak main if $_streq(current->process->name, \"mine\")\ncontinue\ninfo args\n")
    done = gdb(t, "--program", "mine", "--script", script, "--apps", t.path("apps"), "--swap", "none", "--", "mine a b")
    t.contains(done.stdout, "argc = 3")


def test_what_is_not_there(t):
    for arguments in (("--program", "nonesuch"), ("--script", "/nonesuch"), ("--emulator", "bochs"), ("--program",)):
        t.equal((arguments, gdb(t, *arguments, "--as-built", "--", COMMANDS).returncode), (arguments, 2), "status")
