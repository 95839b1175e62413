"""build/apteryx.iso as it is, on a machine without a disk, as somebody has it who never saw this tree."""

import os

import harness
from test_console import PROMPT, Terminal


def machine_on(t, *options):
    """QEMU with nothing but the ISO."""
    iso = os.path.join(harness.ROOT, "build/apteryx.iso")
    return Terminal(t, *options, command=["qemu-system-i386", "-cdrom", iso, "-display", "none", "-serial", "stdio"])


def test_swap_is_in_ram(t):
    with machine_on(t, "-m", "32") as machine:
        machine.until(b"ramswap takes the place of swap")
        machine.until(PROMPT)
        machine.says(b"stress --procs 2 --pages 2800 --rounds 3 --verify", b"RESULT stress")
        machine.says(b"echo $?", b"0")
        machine.says(b"vmstat", b"RESULT vmstat")
        machine.says(b"check", b"RESULT check")
        machine.send(b"poweroff\r")
        t.equal(machine.process.wait(60), 0, "status of QEMU")


def test_reboot(t):
    with machine_on(t, "-m", "32") as machine:
        for _ in range(2):
            machine.until(b"RESULT boot")
            machine.until(PROMPT)
            machine.send(b"reboot\r")
        machine.until(b"RESULT boot")
