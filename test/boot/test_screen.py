"""The shell on the machine's own screen and keyboard: keys go in through QEMU's monitor, video memory is read back."""

import os
import re
import subprocess
import time

import harness
import qemu_monitor
from runner import emulator, image, options as run_options

PROMPT = "apteryx> "
SECONDS = 60
VIDEO, COLUMNS, ROWS = 0xB8000, 80, 25
KEYBOARD_STATUS, KEYBOARD_FULL = 0x64, 1
CURSOR_INDEX, CURSOR_DATA = 0x3D4, 0x3D5
KEYS = {" ": "spc", ".": "dot", "-": "minus", ";": "semicolon", "$": "shift-4", "?": "shift-slash", "!": "shift-1",
        "|": "shift-backslash", '"': "shift-apostrophe"}


class Screen:
    """A machine that is typed on and looked at; nobody is on its serial line."""

    def __init__(self, t):
        self.t, self.dump = t, t.path("screen")
        options = run_options.parse(["--as-built", "--shell", "--swap", "none"])
        command = emulator.qemu_command(options, image.make(options, image.build(options), t.folder), t.folder)
        self.process = subprocess.Popen(command + qemu_monitor.Monitor.options(t.folder), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, preexec_fn=emulator.die_with_parent)

    def __enter__(self):
        self.monitor = qemu_monitor.Monitor(os.path.join(self.t.folder, "monitor"))
        self.until(lambda rows: rows[-1] == PROMPT.rstrip(), "the prompt")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def rows(self):
        """What the screen shows, down to the last row with something on it."""
        self.monitor.ask("pmemsave", val=VIDEO, size=2 * COLUMNS * ROWS, filename=self.dump)
        with open(self.dump, "rb") as file:
            text = file.read()[::2].decode("cp437")
        self.t.console = "\n".join(text[i:i + COLUMNS].rstrip() for i in range(0, len(text), COLUMNS)).rstrip("\n")
        return self.t.console.split("\n")

    def until(self, is_true, what):
        end = time.monotonic() + SECONDS
        while not is_true(self.rows()):
            self.t.true(time.monotonic() < end, "the screen never showed %r" % (what,))
            time.sleep(0.05)

    def shows(self, *rows):
        """The last rows with something on them become these."""
        self.until(lambda seen: seen[-len(rows):] == list(rows), rows)

    def port_in(self, port):
        answer = self.monitor.ask("human-monitor-command", **{"command-line": "i /b 0x%x" % port})
        return int(re.search("= 0x([0-9a-f]+)", answer).group(1), 16)

    def cursor_column(self):
        self.monitor.ask("human-monitor-command", **{"command-line": "o /b 0x%x 0x0f" % CURSOR_INDEX})
        low = self.port_in(CURSOR_DATA)
        self.monitor.ask("human-monitor-command", **{"command-line": "o /b 0x%x 0x0e" % CURSOR_INDEX})
        return (self.port_in(CURSOR_DATA) << 8 | low) % COLUMNS

    @staticmethod
    def strokes(*names):
        """These keys down together, and up."""
        down = [{"type": "key", "data": {"down": True, "key": {"type": "qcode", "data": name}}} for name in names]
        up = [{"type": "key", "data": {"down": False, "key": {"type": "qcode", "data": name}}} for name in names]
        return down + up[::-1]

    def press(self, *names):
        self.monitor.ask("input-send-event", events=self.strokes(*names))

    def key(self, *names):
        """The same; returns when the guest has taken them."""
        self.press(*names)
        end = time.monotonic() + SECONDS
        while self.port_in(KEYBOARD_STATUS) & KEYBOARD_FULL:
            self.t.true(time.monotonic() < end, "the guest does not take the keys")

    def type(self, text):
        for letter in text:
            self.key(*KEYS.get(letter, "shift-" + letter.lower() if letter.isupper() else letter).split("-"))

    def line(self, text, *rows):
        """Type the line; the rows under it become these, and then there is a prompt."""
        self.type(text)
        self.key("ret")
        self.shows(*rows, PROMPT.rstrip())


def test_editing(t):
    with Screen(t) as screen:
        screen.line("echo Plain AND shifted!", PROMPT + "echo Plain AND shifted!", "Plain AND shifted!")
        screen.type("cho ac")
        screen.key("left")
        screen.type("b")
        screen.key("ctrl", "a")
        screen.type("e")
        screen.shows(PROMPT + "echo abc")
        screen.key("ctrl", "e")
        screen.line("d", PROMPT + "echo abcd", "abcd")
        screen.type("xcho hom")
        screen.key("home")
        screen.key("delete")
        screen.type("e")
        screen.key("right")
        screen.key("end")
        screen.type("es")
        screen.key("backspace")
        screen.line("!", PROMPT + "echo home!", "home!")


def test_history(t):
    with Screen(t) as screen:
        screen.line("echo one", "one")
        screen.line("echo two", "two")
        screen.key("up")
        screen.key("up")
        screen.shows(PROMPT + "echo one")
        screen.key("down")
        screen.shows(PROMPT + "echo two")
        screen.key("up")
        screen.line(".", PROMPT + "echo one.", "one.")


def test_cursor(t):
    with Screen(t) as screen:
        screen.type("abc")
        screen.shows(PROMPT + "abc")
        t.equal(screen.cursor_column(), len(PROMPT) + 3, "behind the text")
        screen.key("left")
        screen.until(lambda _: screen.cursor_column() == len(PROMPT) + 2, "the cursor one further left")
        screen.key("home")
        screen.until(lambda _: screen.cursor_column() == len(PROMPT), "the cursor behind the prompt")


def test_line_longer_than_the_screen(t):
    letters = "abcdefghij" * 9
    with Screen(t) as screen:
        screen.type("echo " + letters)
        screen.until(lambda rows: len(rows[-1]) == COLUMNS - 1 and rows[-1].endswith(letters[-60:]), "the line's end")
        screen.key("home")
        screen.until(lambda rows: rows[-1].startswith(PROMPT + "echo " + letters[:60]), "the line's beginning")
        screen.line("", letters[:COLUMNS], letters[COLUMNS:])


def test_interrupt(t):
    with Screen(t) as screen:
        screen.type("stress --pages 99 --rounds 99999999")
        screen.key("ret")
        screen.until(lambda rows: " of 99999999" in rows[-1], "rounds")
        screen.key("ctrl", "c")
        screen.shows(PROMPT.rstrip())
        screen.line("echo $?", "137")
        screen.type("dropped")
        screen.key("ctrl", "c")
        screen.shows(PROMPT + "dropped^C", PROMPT.rstrip())
        screen.line("echo on", "on")
        screen.type("poweroff")
        screen.monitor.say("input-send-event", events=screen.strokes("ret"))  # it may end before it answers
        t.true(screen.process.wait(SECONDS) in emulator.ENDED_WELL["qemu"], "status")


def test_scrolling(t):
    numbers = [str(n) for n in range(100, 100 + 2 * ROWS)]
    with Screen(t) as screen:
        screen.type(";".join("echo " + n for n in numbers))
        screen.key("ret")
        screen.shows(*numbers[-ROWS + 1:], PROMPT.rstrip())
        t.equal(len(screen.rows()), ROWS, "rows")
