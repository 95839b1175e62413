"""The figures of docs/structures.tsv, which `make structures` counts: as tables."""

import functools
import os

from .lists import ROOT

DATA = "docs/structures.tsv"
NOTE = "<!-- Do not edit: made by tools/docs from %s, which `make structures` counts -->" % DATA
WORK = (("build", "build, per mapping"), ("look_up", "look-up"), ("insert", "insert"), ("delete", "delete"),
        ("overlap", "overlap"), ("hole", "hole near"), ("hole_far", "hole far"), ("large", "64 MiB in and out"))


class Row:
    """One structure in one layout at one size. work: operation -> (words, lines)."""

    def __init__(self, fields):
        self.layout, self.structure = fields["layout"], fields["structure"]
        self.mappings, self.pages, self.own, self.tables, self.spans = (
            int(fields[name]) for name in ("mappings", "pages", "bytes", "tables", "spans"))
        self.work = {name: tuple(float(number) for number in fields[name].split("/")) for name, _ in WORK}


@functools.lru_cache(maxsize=None)
def rows():
    with open(os.path.join(ROOT, DATA), encoding="utf-8") as file:
        head, *lines = [line.split("\t") for line in file.read().splitlines()]
    return [Row(dict(zip(head, line))) for line in lines]


def distinct(name):
    return list(dict.fromkeys(getattr(row, name) for row in rows()))


def find(layout, structure, mappings):
    return next(row for row in rows()
                if (row.layout, row.structure, row.mappings) == (layout, structure, mappings))


def number(value):
    """Two digits that say something, or all of them."""
    return "%.1f" % value if value < 10 else "{:,.0f}".format(value)


def pair(values):
    return " / ".join(number(value) for value in values)


def table(head, lines):
    yield "| %s |" % " | ".join(head)
    yield "|---|%s" % ("---:|" * (len(head) - 1))
    for line in lines:
        yield "| %s |" % " | ".join(line)


def part_structures_work():
    yield NOTE
    for mappings in distinct("mappings"):
        yield ""
        yield "**{:,} mappings**".format(mappings)
        yield ""
        yield from table(["words / lines"] + [title for _, title in WORK],
                         [[name] + [pair(find("libraries", name, mappings).work[key]) for key, _ in WORK]
                          for name in distinct("structure")])


def part_structures_holes():
    yield NOTE
    for layout in distinct("layout")[1:]:
        yield ""
        yield "**%s**" % layout
        yield ""
        sizes = distinct("mappings")
        yield from table(["words / lines"] + ["%s, {:,}".format(size) % where for where in ("near", "far")
                                              for size in sizes],
                         [[name] + [pair(find(layout, name, size).work[key]) for key in ("hole", "hole_far")
                                    for size in sizes] for name in distinct("structure")])


def memory(row):
    """Own bytes a mapping and a page; KiB with page tables, before and after every page has been touched."""
    before, after = (row.own + tables * 4096 for tables in (row.tables, row.spans))
    return ["%s / %s" % (number(row.own / row.mappings), number(row.own / row.pages)),
            "%s → %s" % (number(before / 1024), number(after / 1024))]


def part_structures_memory():
    yield NOTE
    for layout in distinct("layout"):
        yield ""
        yield "**%s**" % layout
        yield ""
        sizes = distinct("mappings")
        head = ["own bytes per mapping / per page; KiB with tables"]
        for size in sizes:
            row = find(layout, rows()[0].structure, size)
            head += ["{:,}, of {:,} pages".format(size, row.pages), "KiB"]
        yield from table(head, [[name] + sum((memory(find(layout, name, size)) for size in sizes), [])
                                for name in distinct("structure")])


def best_other(mappings, key):
    """Of the structures that are not entries, the one that touches the fewest words."""
    others = [row for row in rows() if (row.layout, row.mappings) == ("libraries", mappings)
              and not row.structure.startswith("entries")]
    return min(others, key=lambda row: row.work[key][0])


def part_structures_weaker():
    """Entries' words as so many times those of the best other structure."""
    yield NOTE
    yield ""
    lines = []
    for key, title in WORK:
        line = [title]
        for mappings in distinct("mappings"):
            best, entries = best_other(mappings, key), find("libraries", distinct("structure")[-1], mappings)
            line.append("× %s (%s)" % (number(entries.work[key][0] / best.work[key][0]), best.structure))
        lines.append(line)
    yield from table(["entries against the best other"] + ["{:,}".format(size) for size in distinct("mappings")], lines)
