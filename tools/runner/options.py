"""The options of tools/run: what they are, what they may be, and which do not go together."""

import os
import re

from . import disk

HELP = """usage: tools/run [OPTION...] -- 'COMMANDS'
       tools/run [OPTION...] --shell

Boots the ISO, runs the commands in the shell, and ends the machine. SIZE: a whole number with K, M or G.

  --emulator qemu|bochs   (qemu)
  --ram SIZE              memory of the machine (64M)
  --swap SIZE|none        swap space (256M; or the swap partition of --disk, where that has one)
  --swap-on WHERE         ata, virtio, ram, or 'NAME ARGUMENTS': a swap server from --apps, which gets
                          blocks=N as its last argument (ata)
  --files-on 'NAME ARGUMENTS'  a file server from --apps
  --readahead PAGES       pages read beside one that is asked for, 0: none (the kernel's choice)
  --policy NAME           page-usage module (lru)
  --disk FILE             a second disk with this raw image, which the run may write; virtio with --swap-on virtio
  --cpu NAME              processor, as the emulator calls it
  --machine pc|isapc      isapc: no PCI (pc)
  --apps DIR              build and add the programs DIR/NAME.c and DIR/NAME/*.c
  --policies DIR          build and add page-usage modules, likewise
  --debug                 the debug build
  --icount                QEMU counts instructions: an instruction takes a nanosecond, waiting as long as it does
  --timeout SECONDS       of host time (120)
  --json FILE             write each RESULT line as a JSON object
  --shell                 no commands: the shell talks to this terminal (QEMU; no time-out unless asked for)
  --as-built              take build/ as it is, do not call make
  --help

stdout is the guest's console. Its last line is RESULT run commands=N failed=N.
Status: 0 failed=0 | 1 a command failed | 2 usage or missing file | 3 boot refused | 124 time-out | 125 panic |
        126 the emulator ended without the last line | 130 Ctrl-C
"""

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
COMMANDS_MAX = 4000
PAGE = 4096
BLOCKS_MAX = 1 << 28
SWAP_ALWAYS = 256 << 20
WITH_VALUE = ("emulator ram swap swap-on files-on readahead policy disk cpu machine apps policies timeout json").split()
WITHOUT_VALUE = "debug icount shell as-built".split()


class Usage(Exception):
    """What the user asked for cannot be done: status 2."""


class Options:
    """The options, with their defaults until read."""

    def __init__(self):
        self.emulator, self.machine, self.cpu = "qemu", "pc", None
        self.ram, self.swap, self.swap_on = 64 << 20, None, "ata"
        self.swap_partition = None  # (number, bytes): swap is there, on the disk
        self.readahead, self.policy = None, "lru"
        self.files_on = None
        self.disk = self.apps = self.policies = self.json = None
        self.debug = self.icount = self.shell = self.as_built = self.help = False
        self.timeout = None
        self.commands = None

    @property
    def swap_blocks(self):
        return self.swap // PAGE


def size(name, text):
    """A SIZE option in bytes."""
    found = re.fullmatch(r"([0-9]{1,15})([KMG]?)", text)
    if not found:
        raise Usage("--%s: not a size: %s" % (name, text))
    return int(found.group(1)) * UNITS[found.group(2)]


def number(name, text):
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Usage("--%s: not a whole number: %s" % (name, text))
    return int(text)


def seconds(text):
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or float(text) == 0:
        raise Usage("--timeout: not a number of seconds: %s" % text)
    return float(text)


def one_of(name, text, *choices):
    if text not in choices:
        raise Usage("--%s: %s, not %s" % (name, " or ".join(choices), text))
    return text


def swap_size(text):
    return 0 if text == "none" else size("swap", text)


def take(options, name, text):
    """Set one option that has a value."""
    read = {
        "emulator": lambda: one_of(name, text, "qemu", "bochs"),
        "machine": lambda: one_of(name, text, "pc", "isapc"),
        "ram": lambda: size(name, text),
        "swap": lambda: swap_size(text),
        "readahead": lambda: number(name, text),
        "timeout": lambda: seconds(text),
    }.get(name, lambda: text)
    setattr(options, name.replace("-", "_"), read())


def parse(arguments):
    """Options from the command line; raises Usage."""
    options, rest = Options(), list(arguments)
    while rest and rest[0] != "--":
        word = rest.pop(0)
        name, equals, value = word[2:].partition("=")
        if word == "--help":
            options.help = True
            return options
        if word.startswith("--") and name in WITHOUT_VALUE and not equals:
            setattr(options, name.replace("-", "_"), True)
        elif word.startswith("--") and name in WITH_VALUE:
            if not equals:
                if not rest or rest[0] == "--":
                    raise Usage("%s needs a value" % word)
                value = rest.pop(0)
            take(options, name, value)
        else:
            raise Usage("unknown option: %s" % word)
    take_commands(options, rest)
    check(options)
    return options


def take_commands(options, rest):
    if options.shell:
        if rest:
            raise Usage("--shell takes no commands")
        options.commands = b""
        return
    if len(rest) != 2:
        raise Usage("commands are one argument after --")
    options.commands = os.fsencode(rest[1])
    if b"\n" in options.commands:
        raise Usage("commands are one line")
    if len(options.commands) > COMMANDS_MAX:
        raise Usage("more than %d bytes of commands" % COMMANDS_MAX)


def choose_swap(options):
    """Swap that was not asked for is on the disk's own partition for it, or as large as always."""
    options.swap = SWAP_ALWAYS
    if options.disk is None or options.swap_on not in ("ata", "virtio"):
        return
    options.swap_partition = disk.swap_partition(options.disk)
    if options.swap_partition:
        options.swap = options.swap_partition[1] // PAGE * PAGE


def check(options):
    """What the options may be, and which do not go together."""
    if options.timeout is None and not options.shell:
        options.timeout = 120.0
    if options.ram < 1 << 20 or options.ram % (1 << 20):
        raise Usage("--ram: whole mebibytes, at least one")
    if options.disk is not None and not (os.path.isfile(options.disk) and os.access(options.disk, os.R_OK | os.W_OK)):
        raise Usage("--disk: no such file, or not writable: %s" % options.disk)
    if options.swap is None:
        choose_swap(options)
    if options.swap % PAGE or options.swap_blocks > BLOCKS_MAX:
        raise Usage("--swap: whole pages of 4K, up to 1024G")
    if not options.swap_on.strip(" ") or not options.swap_on.isprintable():
        raise Usage("--swap-on: ata, virtio, ram or 'NAME ARGUMENTS'")
    if options.files_on is not None and (not options.files_on.strip(" ") or not options.files_on.isprintable()):
        raise Usage("--files-on: 'NAME ARGUMENTS'")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,15}", options.policy):
        raise Usage("--policy: not a name: %s" % options.policy)
    if options.cpu is not None and not re.fullmatch(r"[A-Za-z0-9_.,+=-]+", options.cpu):
        raise Usage("--cpu: not a name: %s" % options.cpu)
    if options.emulator == "bochs":
        for name, given in (("machine isapc", options.machine == "isapc"), ("icount", options.icount),
                            ("shell", options.shell), ("swap-on virtio", options.swap_on == "virtio")):
            if given:
                raise Usage("--%s is not there in Bochs" % name)
    if options.machine == "isapc" and options.swap_on == "virtio":
        raise Usage("--swap-on virtio needs PCI, which --machine isapc has not")
    for name, path in (("apps", options.apps), ("policies", options.policies)):
        if path is not None and not os.path.isdir(path):
            raise Usage("--%s: no such folder: %s" % (name, path))
