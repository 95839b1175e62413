"""The guest's clock beside the host's."""

import re
import time

from test_console import PROMPT, Terminal

SECONDS = 3


def clock(terminal):
    """The guest's clock in seconds, and the host's before and after it was read."""
    before = time.monotonic()
    terminal.send(b"uptime\r")
    terminal.until(b"RESULT uptime us=")
    terminal.until(b"\n")
    after = time.monotonic()
    return int(re.match(rb"[0-9]+", terminal.passed).group()) / 1e6, before, after


def agrees(t, tolerance, *options):
    with Terminal(t, *options) as terminal:
        terminal.until(PROMPT)
        first, first_before, first_after = clock(terminal)
        time.sleep(SECONDS)
        second, second_before, second_after = clock(terminal)
    least = (second_before - first_after) * (1 - tolerance)
    most = (second_after - first_before) * (1 + tolerance)
    t.true(least <= second - first <= most, "%g s in the guest, not %g to %g" % (second - first, least, most))


def test_agrees(t):
    agrees(t, 0.02)


def test_agrees_without_apic(t):
    agrees(t, 0.02, "--cpu", "qemu32,-apic")


def test_agrees_without_tsc(t):
    """The PIT goes round in 55 ms; a host that is away for longer takes time from that clock."""
    agrees(t, 0.2, "--cpu", "486")
