"""What test/apps/churn left on an image: is the file system sound, and is every version whole?

tools/fsck says the first; for the second the pages say who wrote them, and the first page of a version what the others
must be."""

import importlib.machinery
import importlib.util
import os
import struct

import harness

MAGIC, HEAD = 0x4D415046, 3
WORDS = struct.Struct("<1024I")
MASK = 0xFFFFFFFF


def load_fsck():
    loader = importlib.machinery.SourceFileLoader("fsck", os.path.join(harness.ROOT, "tools/fsck"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fsck", loader))
    loader.exec_module(module)
    return module


fsck = load_fsck()


def page_of(stamp, number):
    """The page as churn fills it (src/apps/mapfile/pattern.h)."""
    h = stamp ^ (number * 0x9E3779B9 & MASK)
    h = (h ^ h >> 16) * 0x85EBCA6B & MASK
    h = (h ^ h >> 13) * 0xC2B2AE35 & MASK
    state = h ^ h >> 16 or 0x2545F491
    words = [MAGIC, stamp, number]
    for _ in range(HEAD, 1024):
        state ^= state << 13 & MASK
        state ^= state >> 17
        state ^= state << 5 & MASK
        words.append(state)
    return WORDS.pack(*words)


class Churned:
    """Looks at one image after the other; what was seen of a page is remembered."""

    def __init__(self):
        self.known = {}  # (stamp, number): the page

    def page(self, stamp, number):
        if (stamp, number) not in self.known:
            self.known[stamp, number] = page_of(stamp, number)
        return self.known[stamp, number]

    def look(self, path):
        """(what is wrong, one text each; generation; newest version of each ledger)"""
        image = fsck.Image(path)
        try:
            check = fsck.Check(image)
            wrong = ["fsck: %s" % what for what, _ in check.errors]
            ledgers = {}
            for name, (kind, number, _, newest, _) in check.names.items():
                if name.startswith(b"ledger."):
                    ledgers[int(name[7:])] = newest
                if kind == fsck.N["KIND_FILE"] and name.startswith((b"ledger.", b"churn/")):
                    for version, (size, root) in check.versions.get(number, {}).items():
                        fault = self.version(image, size, root)
                        if fault:
                            wrong.append("/%s, version %d: %s" % (name.decode(), version, fault))
            return wrong, check.super.generation, ledgers
        except fsck.Unusable as error:
            return ["fsck: %s" % error], 0, {}
        finally:
            image.close()

    def version(self, image, size, root):
        """Why it is not whole; None: it is."""
        count = fsck.pages_of(size)
        pages = list(self.pages(image, root, fsck.height_of(count), count))
        if not pages or len(pages) != count:
            return "%d pages of %d" % (len(pages), count)
        words = WORDS.unpack(pages[0])
        if words[0] != MAGIC or words[2] != count:
            return "its first page is none"
        for number, page in enumerate(pages[1:], 1):
            if page != self.page(words[HEAD + number], number):
                return "page %d is not of %#x but of %#x" % ((number, words[HEAD + number]) + WORDS.unpack(page)[1:2])
        return None

    def pages(self, image, pointer, height, count):
        data = image.read(pointer[0]) if pointer != fsck.NOWHERE else fsck.ZEROS
        if height == 0:
            yield data
            return
        span = fsck.POINTERS ** (height - 1)
        for number, child in enumerate(fsck.POINTER.iter_unpack(data)):
            if number * span < count:
                yield from self.pages(image, child, height - 1, min(span, count - number * span))
