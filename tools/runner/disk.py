"""The image of a disk: what it says about itself, by the partition table in its first sector (src/lib/disk_partitions.c),
and whose it is while a run lasts."""

import contextlib
import fcntl
import struct

SECTOR = 512
TABLE, ENTRY, ENTRIES = 446, 16, 4
TYPE_SWAP = 0x82


class Taken(Exception):
    """Somebody else writes to the image."""


@contextlib.contextmanager
def claim(path):
    """One run at a time has an image, whatever its emulator. (QEMU locks it against other programs' QEMUs, too.)"""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Taken from error
        yield


def partitions(path):
    """The partitions of an image as (number, type, first sector, sectors)."""
    with open(path, "rb") as file:
        sector = file.read(SECTOR)
    if len(sector) < SECTOR or sector[510:] != b"\x55\xaa":
        return []
    found = []
    for i in range(ENTRIES):
        _, kind, first, count = struct.unpack_from("<B3xB3xII", sector, TABLE + i * ENTRY)
        if kind and count:
            found.append((i + 1, kind, first, count))
    return found


def swap_partition(path):
    """(number, bytes) of the image's first swap partition; None: it has none."""
    for number, kind, _, count in partitions(path):
        if kind == TYPE_SWAP:
            return number, count * SECTOR
    return None
