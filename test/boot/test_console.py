"""The shell on a terminal: what is typed, pasted and edited on the serial line, and Ctrl-C."""

import os
import select
import subprocess
import time

import harness

PROMPT = b"apteryx> "
SECONDS = 60


class Terminal:
    """A machine with a pipe on each side of its serial line: tools/run --shell, or another command. Ends when the test
    is over."""

    def __init__(self, t, *options, command=None):
        self.t, self.seen, self.passed = t, b"", b""
        if command is None:
            command = [os.path.join(harness.ROOT, "tools/run"), "--as-built", "--shell", "--swap", "none", "--timeout",
                       "100"]
        self.process = subprocess.Popen(command + list(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def until(self, wanted):
        """Read on until that was said; `passed` is what was said before it."""
        end = time.monotonic() + SECONDS
        while wanted not in self.seen:
            ready = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                self.t.console = self.seen.decode(errors="replace")
                raise harness.Failed("not said: %r" % wanted)
            self.seen += data
        self.passed, _, self.seen = self.seen.partition(wanted)

    def says(self, line, answer):
        self.send(line + b"\r")
        self.until(b"\n" + answer)
        self.until(PROMPT)


def test_typed_before_the_kernel_runs(t):
    with Terminal(t) as terminal:
        terminal.send(b"echo the first byte\r")
        terminal.until(b"\nthe first byte")


def test_editing(t):
    with Terminal(t) as terminal:
        terminal.until(PROMPT)
        terminal.says(b"echo first", b"first")
        terminal.says(b"echo " + b"p" * 900, b"p" * 900)
        terminal.says(b"cho ac\x1b[Db\x01e\x05d", b"abcd")
        terminal.says(b"xcho home\x1b[H\x1b[3~e\x1b[F!", b"home!")
        terminal.says(b"echo word gone\x17here", b"word here")
        terminal.says(b"echo cut this\x1b[D\x1b[D\x1b[D\x1b[D\x0b.", b"cut .")
        terminal.says(b"nothing\x15echo other", b"other")
        terminal.says(b"\x1b[A\x1b[A!", b"cut .!")


def test_interrupt(t):
    with Terminal(t) as terminal:
        terminal.until(PROMPT)
        terminal.send(b"stress --pages 99 --rounds 99999999\r")
        terminal.until(b"(fill)")
        terminal.send(b"\x03")
        terminal.until(PROMPT)
        terminal.says(b"echo $?", b"137")
        terminal.send(b"dropped\x03")
        terminal.until(b"^C")
        terminal.says(b"echo on", b"on")
        terminal.send(b"poweroff\r")
        t.equal(terminal.process.wait(SECONDS), 0, "status")
