"""What boot tests use: t.run() goes through tools/run, t.boot() boots an ISO with files of the test's own on it.

A test is a function test_NAME(t) in test/boot/test_*.py. It fails by an exception: t.equal() and its like say what was
seen, and the runner shows the last console of the test with it."""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
APPS = os.path.join(ROOT, "test/apps")
sys.path.insert(0, os.path.join(ROOT, "tools"))

from runner import image, options as run_options, session  # noqa: E402

RESULT = re.compile(r"^RESULT (\S+)(.*)$", re.M)
GIVEN_BACK = ("processes", "threads", "handles", "commit_used")


class Failed(Exception):
    """Something was not as it should be."""


class Outcome:
    """How a run ended: status, console text, what the tool said, and the RESULT lines as (name, {key: value})."""

    def __init__(self, status, text, words=""):
        self.status, self.text, self.words = status, text, words
        self.results = [(name, {k: int(v) if re.fullmatch("-?[0-9]+", v) else v for k, v in
                                (pair.split("=", 1) for pair in pairs.split() if "=" in pair)})
                        for name, pairs in RESULT.findall(text)]

    def result(self, name):
        """The last RESULT line of that name."""
        found = [values for found_name, values in self.results if found_name == name]
        if not found:
            raise Failed("no line RESULT %s" % name)
        return found[-1]


class Test:
    """One test while it runs; `machine`: options for tools/run that every run of it gets."""

    def __init__(self, machine=()):
        self.machine = list(machine)
        self.folder = tempfile.mkdtemp(prefix="apteryx-test-")
        self.console = ""

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name, content=None):
        """A path in the test's own folder, with that content if it is given."""
        path = os.path.join(self.folder, name)
        if content is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def tool(self, *arguments, environment=None, as_built=True):
        """tools/run with these arguments, as they are."""
        command = [os.path.join(ROOT, "tools/run")] + (["--as-built"] if as_built else []) + self.machine + \
            list(arguments)
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False,
                              env=dict(os.environ, **(environment or {})))
        self.console = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def run(self, commands, *options, status=0):
        """Commands through tools/run; the run must end with that status."""
        outcome = self.tool(*options, "--", commands, as_built="--apps" not in options and "--policies" not in options)
        self.equal(outcome.status, status, "status")
        return outcome

    def boot(self, *arguments, files=None, settings=None):
        """Boot the ISO with `files` {name on the ISO: bytes} and `settings` (lines for GRUB) added."""
        options = run_options.parse(["--as-built"] + list(arguments))
        iso = image.build(options)
        folder = tempfile.mkdtemp(dir=self.folder)
        mine = image.make(options, iso, folder)
        added = {}
        if settings is not None:
            with open(os.path.join(folder, "run.cfg"), "a", encoding="ascii") as file:
                file.write(settings + "\n")
            added["/boot/run.cfg"] = os.path.join(folder, "run.cfg")
        for name, content in (files or {}).items():
            added[name] = self.path("iso" + name, content)
        if added:
            image.add_files(mine, added)
        output = io.BytesIO()
        status = session.boot(options, mine, folder, None, output)
        self.console = output.getvalue().decode(errors="replace")
        return Outcome(status, self.console)

    def equal(self, seen, wanted, what=""):
        if seen != wanted:
            raise Failed("%s: %r, not %r" % (what, seen, wanted))

    def true(self, condition, what):
        if not condition:
            raise Failed(what)

    def contains(self, text, part):
        if part not in text:
            raise Failed("not there: %r" % part)


def clean(t, outcome):
    """The machine's own checker has found nothing."""
    seen = outcome.result("check")
    t.equal((seen["errors"], seen["unowned"]), (0, 0), "errors, unowned")


def given_back(t, outcome, keys=GIVEN_BACK):
    """As at the first vmstat, so at the last; answers both."""
    seen = [values for name, values in outcome.results if name == "vmstat"]
    t.equal({key: seen[-1][key] for key in keys}, {key: seen[0][key] for key in keys}, "what was given back")
    return seen[0], seen[-1]


def leaves_nothing(t, commands, *options):
    """Commands of test/apps that leave nothing behind: not a page, not a promise, not a block."""
    # The shell looks servers up when it first needs them: once before counting.
    outcome = t.run("sleep 9 & sleep 0.1; kill %%1; ! wait; vmstat; %s; check; vmstat" % commands, "--apps", APPS, *options)
    clean(t, outcome)
    given_back(t, outcome)
    return outcome


def sums(text):
    """What sum has said: (SHA-256, path)."""
    return re.findall(r"^([0-9a-f]{64}) (\S+)$", text, re.M)
