"""Does an output look like the one on the page? Numbers may differ from run to run; the rest may not.

`...` on a line of its own stands for any lines, at the end of a line for the rest of it. A number that says whether all
is well (EXACT), or that nothing at all was used (NOTHING), must be the same; so must words."""

import functools
import re

EXACT = "lost|failed|errors|unowned|status|commands|pages|procs|verified"
NOTHING = "last_round_swap_out|frames_kernel_more|tables"
NUMBER = re.compile(r"\b(?:%s)=[0-9]+|\b(?:%s)=0\b|0x[0-9a-fA-F]+|[0-9a-f]{8}\b|[0-9]+| +" % (EXACT, NOTHING))


def pattern(line):
    """A regular expression for all lines of this one's shape."""
    rest = line.endswith(" ...")
    text, out, at = line[:-4] if rest else line, "", 0
    for found in NUMBER.finditer(text):
        word = found.group(0)
        out += re.escape(text[at:found.start()])
        if "=" in word:
            out += re.escape(word)
        elif word.startswith("0x"):
            out += "0x[0-9a-fA-F]{%d}" % (len(word) - 2) if len(word) == 10 else "0x[0-9a-fA-F]+"
        elif word.isspace():
            out += " +"
        else:
            out += "[0-9a-f]{8}" if len(word) == 8 and not word.isdigit() else "[0-9]+"
        at = found.end()
    return re.compile(out + re.escape(text[at:]) + (" .*" if rest else "") + r"\Z")


def align(expected, actual):
    """For each expected line the actual one that it stands for (None for `...`); None if the outputs differ."""
    patterns = [None if line == "..." else pattern(line) for line in expected]

    @functools.lru_cache(maxsize=None)
    def match(i, j):
        """Can expected[i:] stand for actual[j:]?"""
        if i == len(patterns):
            return j == len(actual)
        if patterns[i] is None:
            return match(i + 1, j) or (j < len(actual) and match(i, j + 1))
        return j < len(actual) and bool(patterns[i].match(actual[j])) and match(i + 1, j + 1)

    if not match(0, 0):
        return None
    found, j = [], 0
    for i, one in enumerate(patterns):
        if one is None:
            while not match(i + 1, j):
                j += 1
            found.append(None)
        else:
            found.append(actual[j])
            j += 1
    return found


def cut(line, seen):
    """The seen line, ending with ` ...` where the expected one does: behind as many words."""
    return " ".join(seen.split(" ")[:len(line.split(" ")) - 1]) + " ..."
