"""Carrying out a page of the documentation. Every fenced block says in its first word what it is:

    text               a figure: not carried out
    c ~/PATH           a program, policy or server, written there; ~ is a folder of the page's own
    c PATH             part of that file of the tree, word for word
    diff               a change to the tree: the page gets a copy of the tree, and its commands run there
    console            commands (`$ `, going on behind a \\ ) and what they print; see shape.py for how it is compared.
                       `[status N]` is the status, if it is not 0

Commands run in the tree's folder, in the page's order, under bash."""

import glob
import os
import re
import shutil
import subprocess
import tempfile

from . import shape
from .lists import ROOT

LANGUAGES = ("text", "c", "diff", "console")
NOT_FROM_HERE = ("make test", "make check", ".ci/run")  # they carry out the pages
SECONDS = 600
FENCE = re.compile(r"^( *)```(.*)$")


class Wrong(Exception):
    """A page that cannot be carried out as it stands."""


def all_pages():
    """The paths of all pages, from the tree's folder."""
    return ["README.md"] + sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "docs/*.md")))


def exists(path):
    return os.path.exists(os.path.join(ROOT, path))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
        file.write(text)


def links(path):
    """The files that a page links to, from its own folder."""
    return [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", read(path))
            if not target.startswith(("http:", "https:", "#"))]


class Block:
    """A fenced block: its language, the word behind it, its lines, and where the first of them stands."""

    def __init__(self, info, first):
        words = info.split()
        self.language, self.word = (words + ["", ""])[:2]
        self.first, self.lines = first, []

    @property
    def text(self):
        return "\n".join(self.lines) + "\n"


def blocks(lines):
    """The fenced blocks of a page."""
    found, block = [], None
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if fence and block is None:
            block = Block(fence.group(2), number + 1)
            if fence.group(1) or block.language not in LANGUAGES:
                raise Wrong("line %d: a block must say what it is: %s" % (number + 1, ", ".join(LANGUAGES)))
        elif fence:
            found.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
        elif re.match(r" {4}\S", line) and not lines[number - 1].strip():
            raise Wrong("line %d: code belongs between fences" % (number + 1))
    if block is not None:
        raise Wrong("line %d: a block without an end" % block.first)
    return found


def commands(block):
    """The commands of a console block, each as (command, line of its first output, output)."""
    found, going_on = [], False
    for number, line in enumerate(block.lines, block.first):
        if going_on or line.startswith("$ "):
            if going_on:
                found[-1][0] += "\n" + line
            else:
                found.append([line[2:], 0, []])
            found[-1][1] = number + 1
            going_on = line.endswith("\\")
        elif found:
            found[-1][2].append(line)
        else:
            raise Wrong("line %d: output without a command" % (number + 1))
    return found


class Page:
    """A page while it is carried out. `differences`: what was not as the page says; `text`: the page as it should be."""

    def __init__(self, path):
        self.path = path
        self.lines = read(path).split("\n")
        self.blocks = blocks(self.lines)
        self.tree, self.home = ROOT, None
        self.differences, self.fresh = [], {}

    @property
    def text(self):
        """The page with what its commands printed."""
        lines = list(self.lines)
        for (first, length), output in sorted(self.fresh.items(), reverse=True):
            lines[first:first + length] = output
        return "\n".join(lines)

    def carry_out(self):
        self.home = tempfile.mkdtemp(prefix="apteryx-page-")
        try:
            if any(block.language == "diff" for block in self.blocks):
                self.tree = os.path.join(self.home, "tree")
                subprocess.run(["cp", "-a", "--reflink=auto", ROOT, self.tree], check=True)
            for block in self.blocks:
                getattr(self, "do_" + block.language)(block)
        finally:
            shutil.rmtree(self.home, ignore_errors=True)
        return self

    def differs(self, line, text):
        self.differences.append("line %d: %s" % (line, text))

    def do_text(self, block):
        """A figure."""

    def do_c(self, block):
        if block.word.startswith("~/"):
            path = os.path.join(self.home, block.word[2:])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(block.text)
        elif not block.word or block.text not in read(block.word):
            self.differs(block.first, "this is not in the file %s" % (block.word or "(which?)"))

    def do_diff(self, block):
        done = subprocess.run(["patch", "-p1", "--no-backup-if-mismatch"], cwd=self.tree, input=block.text, text=True,
                              capture_output=True, check=False)
        if done.returncode:
            self.differs(block.first, "the change does not fit:\n" + done.stdout + done.stderr)

    def do_console(self, block):
        for command, first, expected in commands(block):
            if command not in NOT_FROM_HERE:
                self.compare(command, first, expected, self.output(command))

    def output(self, command):
        """What a command prints, as lines."""
        environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        done = subprocess.run(["bash", "-c", command], cwd=self.tree, env=dict(environment, HOME=self.home),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=SECONDS, check=False)
        text = done.stdout.replace(self.home, "~")
        return [line.rstrip() for line in text.splitlines()] + \
            (["[status %d]" % done.returncode] if done.returncode else [])

    def compare(self, command, first, expected, actual):
        found = shape.align(expected, actual)
        if found is None:
            self.differs(first, "`%s` printed\n    | %s" % (command, "\n    | ".join(actual)))
            found = actual
        else:
            found = [line if seen is None else seen if not line.endswith(" ...") else
                     shape.cut(line, seen) for line, seen in zip(expected, found)]
        self.fresh[first, len(expected)] = found
