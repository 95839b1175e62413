"""Figures drawn in text."""

CELL = 3  # columns for one bit


def word(fields):
    """A 32-bit word with its fields {name: (first bit, width)}, the highest bit on the left. Fields too narrow for
    their names are lettered, and the letters are explained below."""
    ordered = sorted(fields.items(), key=lambda item: -item[1][0])
    numbers, line, cells, legend = "", "+", "|", []
    for name, (first, width) in ordered:
        room = max(CELL * min(width, 8), 4)
        shown = name
        if len(name) > room:
            shown = str(first)
            legend.append((first, name))
        last = first + width - 1
        numbers += " " + (str(first).center(room) if width == 1 else
                          (str(last) + str(first).rjust(room - len(str(last)))))
        line += "-" * room + "+"
        cells += shown.center(room) + "|"
    yield numbers.rstrip()
    yield line
    yield cells
    yield line
    for first, name in sorted(legend):
        yield "   bit %2d  %s" % (first, name)


def number_line(rows):
    """The absent numbers from 0 up, one line a row, with what lies between them."""
    expected = 0
    for name, first, last in rows:
        if first > expected:
            yield "  0x%08X  %s" % (expected, ":" * 12 + "  never stored")
        mark = "|" if first == last else "[]"
        if mark == "|":
            yield "  0x%08X  |             %s" % (first, name)
        else:
            yield "  0x%08X  [%s" % (first, "." * 11 + "  " + name + ", the first")
            yield "  0x%08X  %s]  %s, the last of %d" % (last, "." * 11, name, last - first + 1)
        expected = last + 1
