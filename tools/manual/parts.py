"""The generated parts of pages. A function part_NAME returns the lines that stand between the marks of NAME."""

import functools
import glob
import os
import re

from . import figure
from .lists import ROOT, Lists, about, header
from .structures import (part_structures_holes, part_structures_memory, part_structures_weaker,  # noqa: F401
                         part_structures_work)

PROTOCOLS = ("swap.h", "disk.h", "console.h", "fault.h", "file.h", "file_client.h")
NOTE = "<!-- Do not edit: made by tools/docs from %s -->"
PART = re.compile(r"(<!-- generated: ([a-z_]+) -->\n).*?(<!-- end -->\n)", re.S)
REGISTERS = ("ebx", "edx", "esi", "edi", "ebp")


class Wrong(Exception):
    """A page asks for what is not there."""


@functools.lru_cache(maxsize=None)
def lists():
    return Lists(PROTOCOLS)


def table(head, rows):
    lines = ["| %s |" % " | ".join(head), "|%s" % ("---|" * len(head))]
    return lines + ["| %s |" % " | ".join(str(field).replace("|", "\\|") for field in row) for row in rows]


def code(text):
    return "`%s`" % text if text else ""


def prototypes():
    """The library's function for a call: {name: "err_t vm_set(…)"}."""
    found = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "src/lib/apteryx/*.h"))):
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*(?s:.*?)\*/|^#.*$|__attribute__\(\(.*?\)\)", "", file.read(), flags=re.M)
        for prototype, name in re.findall(r"^ *(\w[\w *]*?\b(\w+)\([^;{]*\));", text, re.M):
            found[name] = (" ".join(prototype.split()), "<apteryx/%s>" % os.path.basename(path))
    return found


def registers(names):
    words = names.split()
    if words == ["ipc"]:
        return "a message"
    return ", ".join("%s `%s`" % pair for pair in zip(REGISTERS, words))


def part_system_calls():
    known = prototypes()
    yield NOTE % "SYSCALLS in src/abi/syscalls.h and the headers of src/lib/apteryx"
    for number, name, arguments, results, text in lists().rows["call"]:
        yield "### %s `%s`" % (number, name)
        yield ""
        yield text[0].upper() + text[1:] + "."
        yield ""
        if name in known:
            yield "- in C: `%s;` from `%s`" % known[name]
        yield "- in: %s" % (registers(arguments) or "nothing")
        yield "- out: %s" % (registers(results) or "nothing but the error value")
        yield ""


def part_gate():
    text = about("syscalls.h")
    yield NOTE % "the first comment of src/abi/syscalls.h"
    yield "```text"
    yield from text[text.index("Registers."):].rstrip().splitlines()
    yield "```"


def part_added_call():
    """The change to the list of calls for docs/add-a-system-call.md: one row behind the last."""
    lines = header("syscalls.h").splitlines()
    last = max(number for number, line in enumerate(lines) if re.match(r" +X\(\d+, ", line))
    column = lines[last - 1].rindex("\\")
    number = int(re.search(r"\d+", lines[last]).group(0)) + 1
    yield NOTE % "the last row of src/abi/syscalls.h"
    yield "```diff"
    yield "--- a/src/abi/syscalls.h"
    yield "+++ b/src/abi/syscalls.h"
    yield "@@ -%d,3 +%d,4 @@" % (last, last)
    yield " " + lines[last - 1]
    yield "-" + lines[last]
    yield "+" + lines[last].ljust(column) + "\\"
    yield '+    X(%d, thread_priority, "", "priority", "the priority of this thread")' % number
    yield " " + lines[last + 1]
    yield "```"


def part_errors():
    yield NOTE % "ERRORS in src/abi/errors.h"
    yield from table(("value", "name", "meaning"),
                     [(number, code(name), text) for number, name, text in lists().rows["error"]])


def label(value):
    """A label whose four bytes are letters shows them."""
    text = value.to_bytes(4, "big").decode("ascii", errors="replace")
    return " (`'%s'`)" % text if text.isalpha() and text.isupper() else ""


def part_protocols():
    for name in PROTOCOLS:
        title, _, rest = about(name).partition("\n")
        yield "## %s" % name
        yield ""
        yield NOTE % ("src/abi/" + name)
        yield "```text"
        yield from (title + "\n" + rest).rstrip().splitlines()
        yield "```"
        yield ""
        yield from table(("name", "number"),
                         [(code(constant), "%s%s" % (value if value < 65536 else "0x%08X" % value, label(value)))
                          for constant, value in lists().constants[name]])
        yield ""


def part_counters():
    yield NOTE % "INFO_FIELDS in src/abi/info.h"
    yield from table(("key", "what it counts"), [(code(name), text) for name, text in lists().rows["counter"]])


def kind_rows():
    """kind -> (name, text) for all kinds."""
    return {kind: (name, text) for _, kind, name, text in lists().rows["kind"]}


def part_present_word():
    bits = {name: (int(first), int(width)) for name, first, width in lists().rows["bits"]}
    yield NOTE % "ENTRY_FIELDS in src/common/entry.h"
    yield "```text"
    yield from figure.word(bits)
    yield "```"


def part_absent_word():
    yield NOTE % "ABSENT_ROWS in src/common/entry.h"
    yield "```text"
    yield from figure.word({"PRESENT = 0": (0, 1), "NUMBER": (1, 31)})
    yield "```"
    kinds = kind_rows()
    rows = []
    for kind, first, last in lists().rows["absent"]:
        low, high = int(first), int(last)
        numbers = "`0x%08X`" % low if low == high else "`0x%08X` … `0x%08X`" % (low, high)
        words = "`0x%08X`" % (2 * low) if low == high else "`0x%08X` … `0x%08X`" % (2 * low, 2 * high)
        rows.append((code(kinds[kind][0]), numbers, words, kinds[kind][1]))
    yield ""
    yield from table(("name", "number", "the word", "meaning"), rows)


def part_number_line():
    kinds = kind_rows()
    rows = [(kinds[kind][0], int(first), int(last)) for kind, first, last in lists().rows["absent"]]
    yield NOTE % "ABSENT_ROWS in src/common/entry.h"
    yield "```text"
    yield from figure.number_line(rows)
    yield "```"


def part_present_kinds():
    yield NOTE % "ENTRY_KINDS in src/common/entry.h"
    present = [row for row in lists().rows["kind"] if int(row[0]) < 8]
    yield from table(("bits 11..9", "name", "meaning"),
                     [("%s (`%s`)" % (number, format(int(number), "03b")), code(name), text)
                      for number, _, name, text in present])


def part_hints():
    yield NOTE % "the function hint_pages of src/common/entry.h"
    hints = lists().rows["hint"]
    yield from table(["hint"] + [hint for hint, _ in hints],
                     [["longest run of free pages"] + ["up to " + pages for _, pages in hints[:-1]] + ["unknown"]])


def part_lawful():
    yield NOTE % "the functions pte_kind, pde_kind and root_kind of src/common/entry.h, asked about each kind"
    names = {int(number): (name, int(number) < 8) for number, _, name, _ in lists().rows["kind"]}
    rows = []
    for number, *where in lists().rows["lawful"]:
        name, present = names[int(number)]
        if name != "UNLAWFUL":
            rows.append([code(name), "yes" if present or name == "TABLE" else "no"] +
                        ["yes" if told == "1" else "–" for told in where])
    yield from table(("name", "present", "in a page table", "in a directory (4 MiB)", "as a root word"), rows)


def part_frame_states():
    yield NOTE % "FRAME_STATES in src/common/frame_record.h"
    yield from table(("state", "name", "meaning"),
                     [(number, code(name), text) for number, name, text in lists().rows["state"]])


def fill(path, text):
    """The page with its generated parts as they should be."""
    def part(found):
        make = globals().get("part_" + found.group(2))
        if make is None:
            raise Wrong("%s: no generated part %s" % (path, found.group(2)))
        return found.group(1) + "\n".join(make()).rstrip("\n") + "\n" + found.group(3)
    return PART.sub(part, text)
