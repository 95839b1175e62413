"""The ISO of one run: the built one, with the run's commands and boot options added.

The module `commands` is text: a header of KEY=VALUE lines, an empty line, and the commands up to the module's end.
    swap_on=disk|ram|none|program         where swap is
    swap_server=NAME ARGUMENTS            for swap_on=program, and of a partition that swap is on
    file_server=NAME ARGUMENTS            the program that serves files
    swap_blocks=N                         pages of swap asked for
    disks=none                            there are no disks
    counts=instructions                   the processor's time-stamp counter counts instructions, not time
Nothing behind the header: the shell reads the console. An empty module (a plain boot) has no header: init chooses."""

import os
import shutil
import subprocess
import tarfile

from . import emulator
from .options import Usage

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def build(options):
    """Bring the ISO up to date; returns its path. (The Makefile lets builds of one tree wait for each other.)"""
    flavour = "debug" if options.debug else "release"
    wanted = ["DEBUG=1"] if options.debug else []
    for name, folder in (("APPS", options.apps), ("POLICIES", options.policies)):
        if folder:
            wanted.append("%s=%s" % (name, os.path.abspath(folder)))
    if options.as_built and not options.apps and not options.policies:
        return present(os.path.join(ROOT, "build", flavour, "apteryx.iso"))
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "LOCKED")}
    command = ["make", "-s", "-C", ROOT, "iso-path"] + wanted
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
    if made.returncode:
        raise Usage("the build failed\n" + (made.stdout + made.stderr).decode(errors="replace").rstrip())
    return present(os.path.join(ROOT, made.stdout.decode().splitlines()[-1]))


def present(path):
    if not os.path.isfile(path):
        raise Usage("missing file: %s" % path)
    return path


def check_contents(options, iso):
    """What the options name must be on the ISO: the policy, and the program that serves swap."""
    folder = os.path.dirname(iso)
    with open(os.path.join(folder, "contents"), encoding="utf-8") as file:
        contents = file.read().split()
    if not any(item.endswith("/usage/%s.elf" % options.policy) for item in contents):
        raise Usage("--policy: no page-usage module %s" % options.policy)
    server = {"ata": None, "ram": None, "virtio": "virtio_blk"}.get(options.swap_on, options.swap_on.split()[0])
    wanted = [("swap-on", server)] if server and options.swap_blocks else []
    if options.files_on:
        wanted.append(("files-on", options.files_on.split()[0]))
    with tarfile.open(os.path.join(folder, "boot.tar")) as archive:
        for option, program in wanted:
            if program not in archive.getnames():
                raise Usage("--%s: no program %s" % (option, program))


def commands_module(options):
    """The bytes of the module `commands`."""
    lines = []
    if not options.swap_blocks:
        lines.append("swap_on=none")
    elif options.swap_on in ("ata", "virtio"):
        lines.append("swap_on=disk")
    elif options.swap_on == "ram":
        lines.append("swap_on=ram")
    else:
        lines += ["swap_on=program", "swap_server=" + options.swap_on.strip(" ")]
    if options.swap_partition:
        lines.append("swap_server=swap disk=disk.%d.%d" % (emulator.disk_unit(options), options.swap_partition[0]))
    lines.append("swap_blocks=%d" % options.swap_blocks)
    if options.files_on:
        lines.append("file_server=" + options.files_on.strip(" "))
    if options.disk is None and not emulator.has_swap_disk(options):
        lines.append("disks=none")
    if options.icount or options.emulator == "bochs":
        lines.append("counts=instructions")
    commands = b"" if options.shell else options.commands or b" "
    return ("\n".join(lines) + "\n\n").encode() + commands


def grub_settings(options):
    """What grub.cfg takes from boot/run.cfg."""
    words = [] if options.readahead is None else ["readahead=%d" % options.readahead]
    return 'set timeout=0\nset default=%s\nset words="%s"\n' % (options.policy, " ".join(words))


def make(options, iso, folder):
    """Make the run's own ISO in its folder; returns its path."""
    mine = os.path.join(folder, "run.iso")
    shutil.copyfile(iso, mine)
    with open(os.path.join(folder, "commands"), "wb") as file:
        file.write(commands_module(options))
    with open(os.path.join(folder, "run.cfg"), "w", encoding="ascii") as file:
        file.write(grub_settings(options))
    add_files(mine, {"/boot/commands": os.path.join(folder, "commands"),
                     "/boot/run.cfg": os.path.join(folder, "run.cfg")})
    return mine


def add_files(iso, files):
    """Put files on a finished ISO, in place of those that have the name."""
    command = ["xorriso", "-dev", iso, "-boot_image", "any", "keep", "-overwrite", "on"]
    for name, path in files.items():
        command += ["-map", path, name]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise Usage("xorriso failed\n" + done.stderr.decode(errors="replace").rstrip())
