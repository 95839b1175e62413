"""The emulators: their command lines, their console as a stream, and how they end.

APTERYX_EMULATOR names a program to start instead; it gets the same arguments (for tests of tools/run)."""

import ctypes
import os
import re
import signal
import subprocess

from .options import Usage

BOCHS_BLOCK = 16 * 63 * 512  # Bochs' disks are whole cylinders
ENDED_WELL = {"qemu": (0, 33), "bochs": (0, 1)}  # power-off; isa-debug-exit with 0x10. Bochs' status says nothing.
TRIPLE_FAULT = {"qemu": b"Triple fault", "bochs": b"exception with no resolution"}  # in the emulator's log
LOCKED = b'Failed to get "write" lock'
STOP_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LIBC = ctypes.CDLL(None)


def die_with_parent():
    LIBC.prctl(STOP_WITH_PARENT, signal.SIGKILL)


def check_cpu(options):
    """A processor that the emulator does not know must not boot anything."""
    if options.cpu is None:
        return
    if options.emulator == "qemu":
        known = subprocess.run(["qemu-system-i386", "-cpu", "help"], capture_output=True, text=True, check=False).stdout
        names = re.findall(r"^x86 (\S+)", known, re.M)
    else:
        known = subprocess.run(["bochs", "--help", "cpu"], capture_output=True, text=True, check=False)
        names = re.findall(r"^(\w+)$", known.stdout + known.stderr, re.M)
    if names and options.cpu.split(",")[0] not in names:
        raise Usage("--cpu: %s has no %s" % (options.emulator, options.cpu))


def has_swap_disk(options):
    """Whether the run has a disk of its own for swap."""
    return options.swap_blocks > 0 and options.swap_on in ("ata", "virtio") and not options.swap_partition


def disk_unit(options):
    """The number of the unit that --disk is: the slave, or the virtio device behind the swap disk, if there is one."""
    return 1 if options.swap_on != "virtio" or has_swap_disk(options) else 0


def swap_image(options, folder):
    """The path of the run's sparse swap disk, or None where it needs none."""
    if not has_swap_disk(options):
        return None
    path = os.path.join(folder, "swap.img")
    size = options.swap
    if options.emulator == "bochs":
        size += -size % BOCHS_BLOCK
    with open(path, "wb") as file:
        file.truncate(size)
    return path


def qemu_drive(options, name, path, unit, cache):
    device = "virtio-blk-pci,drive=%s,disable-modern=on" % name if options.swap_on == "virtio" else \
        "ide-hd,drive=%s,bus=ide.0,unit=%d" % (name, unit)
    quoted = path.replace(",", ",,")
    return ["-drive", "file=%s,format=raw,if=none,id=%s,cache=%s" % (quoted, name, cache), "-device", device]


def qemu_command(options, iso, folder):
    command = ["qemu-system-i386", "-M", options.machine, "-m", "%dM" % (options.ram >> 20), "-display", "none",
               "-nodefaults", "-no-reboot", "-nic", "none", "-monitor", "none", "-serial", "stdio", "-boot", "d",
               "-vga", "none" if options.icount else "std",
               "-device", "isa-debug-exit,iobase=0x501,iosize=2", "-d", "cpu_reset", "-D", os.path.join(folder, "log")]
    if options.cpu is not None:
        command += ["-cpu", options.cpu]
    if options.icount:
        # While nothing runs, time is the host's: with sleep=off it would leap to the next deadline, a driver's for example,
        # whenever the host's disk is slower than its scheduler.
        command += ["-icount", "shift=0,sleep=on"]
    command += ["-drive", "file=%s,format=raw,if=ide,index=2,media=cdrom" % iso.replace(",", ",,")]
    swap = swap_image(options, folder)
    if swap:
        command += qemu_drive(options, "swap", swap, 0, "unsafe")
    if options.disk is not None:
        command += qemu_drive(options, "disk", os.path.abspath(options.disk), 1, "writeback")
    return command


def bochs_disk(unit, path):
    return "ata0-%s: type=disk, path=\"%s\", mode=flat, cylinders=%d, heads=16, spt=63" % (
        unit, path, os.path.getsize(path) // BOCHS_BLOCK)


def bochs_command(options, iso, folder):
    lines = ["config_interface: textconfig", 'display_library: rfb, options="timeout=0"',
             "romimage: file=/usr/share/seabios/bios.bin", "vgaromimage: file=/usr/share/seabios/vgabios-stdvga.bin",
             "memory: guest=%d, host=%d" % (options.ram >> 20, min(options.ram >> 20, 1024)),
             "cpu: model=%s, ips=100000000" % (options.cpu or "p3_katmai"), "clock: sync=none, time0=946684800",
             "pci: enabled=1, chipset=i440fx", "com1: enabled=1, mode=file, dev=%s/serial" % folder,
             "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14",
             "ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15",
             "ata1-master: type=cdrom, path=\"%s\", status=inserted" % iso, "boot: cdrom",
             "log: %s/log" % folder, "panic: action=fatal", "error: action=report", "info: action=ignore",
             "sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy", "speaker: enabled=1, mode=none", "mouse: enabled=0", "private_colormap: enabled=0"]
    swap = swap_image(options, folder)
    if swap:
        lines.append(bochs_disk("master", swap))
    if options.disk is not None:
        if os.path.getsize(options.disk) % BOCHS_BLOCK:
            raise Usage("--disk: Bochs needs whole cylinders of %d bytes" % BOCHS_BLOCK)
        lines.append(bochs_disk("slave", os.path.abspath(options.disk)))
    with open(os.path.join(folder, "bochsrc"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "rc"), "w", encoding="ascii") as file:
        file.write("c\n")
    os.mkfifo(os.path.join(folder, "serial"))
    return ["bochs", "-q", "-f", os.path.join(folder, "bochsrc"), "-rc", os.path.join(folder, "rc")]


class Emulator:
    """A running emulator. `console`: file descriptor of the serial line; `process`: its subprocess."""

    def __init__(self, options, iso, folder):
        self.kind, self.folder, self.spare = options.emulator, folder, None
        command = (qemu_command if self.kind == "qemu" else bochs_command)(options, iso, folder)
        fake = os.environ.get("APTERYX_EMULATOR")
        if fake:
            command[0] = fake
        self.words = open(os.path.join(folder, "stderr"), "wb+")
        keyboard = None if options.shell else subprocess.DEVNULL
        if self.kind == "qemu":
            self.process = self.start(command, keyboard, subprocess.PIPE)
            self.console = self.process.stdout.fileno()
        else:
            # An end for writing of our own keeps the pipe open until Bochs has opened it.
            self.console = os.open(os.path.join(folder, "serial"), os.O_RDWR | os.O_NONBLOCK)
            self.process = self.start(command, keyboard, subprocess.DEVNULL)

    def start(self, command, keyboard, output):
        try:
            return subprocess.Popen(command, stdin=keyboard, stdout=output, stderr=self.words,
                                    preexec_fn=die_with_parent)
        except FileNotFoundError as error:
            raise Usage("no %s here: tools/install %s" % (command[0], "run" if self.kind == "qemu" else "bochs")) \
                from error

    def stop(self):
        self.process.kill()
        self.process.wait()

    def ended_well(self):
        """Whether the guest ended the machine itself: neither a crash of the emulator nor a triple fault."""
        if self.process.returncode not in ENDED_WELL[self.kind]:
            return False
        log = os.path.join(self.folder, "log")
        return not os.path.exists(log) or TRIPLE_FAULT[self.kind] not in open(log, "rb").read()

    def is_locked_out(self, complaints):
        """It did not start, for another program has an image open."""
        return self.kind == "qemu" and self.process.returncode == 1 and LOCKED in complaints

    def complaints(self):
        """What the emulator said on stderr; Bochs says nothing there that a user could need."""
        if self.kind == "bochs":
            return b""
        self.words.seek(0)
        return self.words.read()
