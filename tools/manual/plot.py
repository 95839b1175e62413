"""The plot of docs/structures.tsv: one panel for each operation, words touched against mappings, both logarithmic."""

import math

from .structures import WORK, distinct, find

PATH = "docs/structures.svg"
LAYOUT = "libraries"
COLUMNS, WIDTH, HEIGHT = 4, 270, 260  # of panels, and of one of them
LEFT, TOP, RIGHT, BOTTOM = 60, 30, 20, 36  # what a panel keeps free around its curves
LEGEND = 96
MOST = 7  # the highest power of ten
# The entries stand out; the rest differ in colour and dashes.
STYLES = (("#888888", ""), ("#888888", "6 3"), ("#b8860b", ""), ("#b8860b", "6 3"), ("#1f77b4", ""), ("#1f77b4", "6 3"),
          ("#17a2a2", ""), ("#7b4fb5", ""), ("#7b4fb5", "6 3"), ("#d62728", "6 3"), ("#d62728", ""))


def style(index):
    colour, dashes = STYLES[index]
    return 'fill="none" stroke="%s" stroke-width="%s"%s' % (
        colour, 2.5 if colour == "#d62728" else 1.5, ' stroke-dasharray="%s"' % dashes if dashes else "")


def text(x, y, what, more=""):
    return '<text x="%.0f" y="%.0f"%s>%s</text>' % (x, y, more and " " + more, what)


class Panel:
    """Where a panel's points lie."""

    def __init__(self, index):
        self.left = index % COLUMNS * WIDTH + LEFT
        self.top = index // COLUMNS * HEIGHT + TOP
        self.width, self.height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        sizes = distinct("mappings")
        self.first, self.span = math.log10(sizes[0]), math.log10(sizes[-1] / sizes[0])

    def x(self, mappings):
        return self.left + (math.log10(mappings) - self.first) / self.span * self.width

    def y(self, words):
        return self.top + self.height * (1 - math.log10(max(words, 1)) / MOST)

    def frame(self, title):
        yield text(self.left, self.top - 8, title, 'font-weight="bold"')
        for power in range(MOST + 1):
            y = self.y(10 ** power)
            yield '<path d="M%.0f %.1fh%.0f" stroke="#dddddd"/>' % (self.left, y, self.width)
            if power % 2 == 0:
                yield text(self.left - 4, y + 4, "{:,}".format(10 ** power),
                           'text-anchor="end"')
        for mappings in distinct("mappings"):
            yield text(self.x(mappings), self.top + self.height + 16, "{:,}".format(mappings), 'text-anchor="middle"')

    def curves(self, operation):
        for index, structure in enumerate(distinct("structure")):
            points = [(self.x(n), self.y(find(LAYOUT, structure, n).work[operation][0])) for n in distinct("mappings")]
            yield '<polyline points="%s" %s/>' % (" ".join("%.1f,%.1f" % point for point in points), style(index))


def legend(top):
    for index, name in enumerate(distinct("structure")):
        x, y = index % COLUMNS * WIDTH + 20, top + index // COLUMNS * 22 + 14
        yield '<path d="M%d %dh34" %s/>' % (x, y - 4, style(index))
        yield text(x + 42, y, name)


def draw():
    height = -(-len(WORK) // COLUMNS) * HEIGHT
    lines = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">'
             % (COLUMNS * WIDTH, height + LEGEND),
             "<title>Words touched by one operation, against mappings; both scales are logarithmic</title>",
             '<rect width="100%" height="100%" fill="white"/>']
    for index, (operation, title) in enumerate(WORK):
        panel = Panel(index)
        lines += list(panel.frame(title)) + list(panel.curves(operation))
    lines += legend(height)
    return "\n".join(lines + ["</svg>"]) + "\n"
