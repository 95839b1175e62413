"""What a machine wrote to a disk, as QEMU's blklogwrites logged it (the format of Linux' dm-log-writes), and the disk as it
would be if the power had failed at any point: what was written before the last flush is there; of what was written since,
whatever the drive's cache has brought to the disk, in any order, down to single sectors."""

import struct

SUPER = struct.Struct("<QQQI")
ENTRY = struct.Struct("<QQQQ")  # first sector, sectors, flags, bytes behind the entry that are no data of it
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
SECTOR = 512
WAYS = ("whole", "torn", "dropped", "sectors")


class Write:
    """One request: `data` is read when it is asked for. A flush has no data."""

    def __init__(self, log, at, sector, sectors, flags):
        self.log, self.at, self.sector, self.sectors, self.flush = log, at, sector, sectors, bool(flags & FLUSH)

    def covers(self, sector):
        return not self.flush and self.sector <= sector < self.sector + self.sectors

    def data(self):
        self.log.seek(self.at)
        return self.log.read(self.sectors * SECTOR)


def read_log(path):
    """All requests, in order."""
    log = open(path, "rb")
    magic, version, entries, size = SUPER.unpack(log.read(SUPER.size))
    if (magic, version, size) != (MAGIC, 1, SECTOR):
        raise ValueError("%s: no log of writes" % path)
    found, at = [], SECTOR
    for _ in range(entries):
        log.seek(at)
        sector, sectors, flags, _ = ENTRY.unpack(log.read(ENTRY.size))
        if flags & ~FLUSH:
            raise ValueError("%s: a request of a kind that no driver of ours makes: flags %#x" % (path, flags))
        found.append(Write(log, at + SECTOR, sector, sectors, flags))
        at += SECTOR * (1 + sectors)
    return found


class Replay:
    """A disk image that is moved from cut to cut; cuts must ascend. flushes False: the drive does not heed them."""

    def __init__(self, writes, path, flushes=True):
        self.writes, self.path, self.flushes, self.durable = writes, path, flushes, 0

    def put(self, image, sector, data):
        image.seek(sector * SECTOR)
        image.write(data)

    def advance(self, cut):
        """All that was written before the last flush before the cut is on the disk."""
        if not self.flushes:
            return
        flushed = max((i for i in range(self.durable, cut) if self.writes[i].flush), default=self.durable)
        with open(self.path, "r+b") as image:
            for write in self.writes[self.durable:flushed]:
                if not write.flush:
                    self.put(image, write.sector, write.data())
        self.durable = flushed

    def pieces(self, cut, way, dice):
        """What the cache has brought to the disk of what came after the flush: (sector, data)."""
        since = [(w.sector, w.data()) for w in self.writes[self.durable:cut] if not w.flush]
        if way == "torn" and since:
            sector, data = since.pop()
            since.append((sector, data[:SECTOR * dice.randrange(len(data) // SECTOR)]))
        if way == "sectors":
            since = [(sector + i, data[i * SECTOR:(i + 1) * SECTOR]) for sector, data in since
                     for i in range(len(data) // SECTOR)]
        if way in ("dropped", "sectors"):
            since = [piece for piece in since if dice.random() < 0.5]
            dice.shuffle(since)
        return since

    def cut(self, cut, way, dice, look):
        """look() at the image as it is after the cut. What was not flushed is taken back then."""
        self.advance(cut)
        before = []
        with open(self.path, "r+b") as image:
            for sector, data in self.pieces(cut, way, dice):
                image.seek(sector * SECTOR)
                before.append((sector, image.read(len(data))))
                self.put(image, sector, data)
        seen = look()
        with open(self.path, "r+b") as image:
            for sector, data in reversed(before):
                self.put(image, sector, data)
        return seen


def choose(writes, count, dice):
    """Points to cut at, ascending: half of them anywhere, half of them near a flush."""
    flushes = [i for i, write in enumerate(writes) if write.flush]
    near = [min(max(dice.choice(flushes) + dice.randint(-2, 2), 0), len(writes)) for _ in range(count // 2)]
    return sorted(near + [dice.randint(0, len(writes)) for _ in range(count - count // 2)])
