"""One run from beginning to end: build, image, emulator, console, status."""

import contextlib
import os
import select
import shutil
import signal
import sys
import tempfile
import time

from . import disk, emulator, image
from .console import Console
from .options import Usage

TIME_OUT, INTERRUPTED = 124, 130
POLL_SECONDS = 0.05


def say(text):
    sys.stdout.flush()
    sys.stderr.write("tools/run: %s\n" % text)
    sys.stderr.flush()


def drain(fd, console):
    """Take what is there now. False: the stream is at its end."""
    while select.select([fd], [], [], 0)[0]:
        data = os.read(fd, 65536)
        if not data:
            return False
        console.take(data)
    return True


def follow(machine, console, deadline):
    """Show the console until the emulator ends. False: the time is over."""
    at_end = False
    while machine.process.poll() is None:
        if deadline is not None and time.monotonic() >= deadline:
            return False
        if at_end:
            time.sleep(POLL_SECONDS)
        elif select.select([machine.console], [], [], POLL_SECONDS)[0]:
            at_end = not drain(machine.console, console)
    if not at_end:
        drain(machine.console, console)
    return True


def boot(options, iso, folder, record, output):
    """Run the machine, its console going to output and its RESULT lines to record; returns the status."""
    console = Console(output, record, raw=options.shell)
    machine = emulator.Emulator(options, iso, folder)
    try:
        deadline = None if options.timeout is None else time.monotonic() + options.timeout
        in_time = follow(machine, console, deadline)
    finally:
        machine.stop()
    console.close()
    if not in_time:
        say("time-out after %g seconds" % options.timeout)
        return TIME_OUT
    complaints = machine.complaints()
    if machine.is_locked_out(complaints):
        raise disk.Taken
    if complaints:
        sys.stderr.buffer.write(complaints)
    if options.shell and machine.ended_well() and not console.panic and not console.refused:
        return 0
    status = console.status(machine.ended_well())
    if status == 126:
        say("the emulator ended (status %d) without the last line" % machine.process.returncode)
    return status


def run(options):
    iso = image.build(options)
    image.check_contents(options, iso)
    emulator.check_cpu(options)
    folder = tempfile.mkdtemp(prefix="apteryx-")
    try:
        mine = image.make(options, iso, folder)
        with disk.claim(options.disk) if options.disk is not None else contextlib.nullcontext(), \
                open(options.json, "w", encoding="ascii") if options.json else contextlib.nullcontext() as record:
            return boot(options, mine, folder, record, sys.stdout.buffer)
    except disk.Taken as error:
        raise Usage("--disk: another run uses %s" % options.disk) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def interrupt(_number, _frame):
    raise KeyboardInterrupt


def main(arguments, options_module):
    signal.signal(signal.SIGTERM, interrupt)
    try:
        options = options_module.parse(arguments)
        if options.help:
            sys.stdout.write(options_module.HELP)
            return 0
        return run(options)
    except options_module.Usage as error:
        say(error)
        return 2
    except OSError as error:
        say(error)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
