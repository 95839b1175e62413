"""QEMU's monitor (QMP) and its GDB stub, each on a socket in a folder of their own; for programs that stand in QEMU's
place (APTERYX_EMULATOR)."""

import json
import os
import socket
import time

SECONDS = 20


def connect(path):
    """The socket at that path, once somebody listens."""
    end, until = socket.socket(socket.AF_UNIX), time.monotonic() + SECONDS
    while True:
        try:
            end.connect(path)
            return end
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


class Monitor:
    def __init__(self, path):
        self.file = connect(path).makefile("rw", encoding="utf-8")
        self.ask("qmp_capabilities")

    @staticmethod
    def options(folder):
        return ["-qmp", "unix:%s,server=on,wait=off" % os.path.join(folder, "monitor")]

    def say(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()

    def ask(self, command, **arguments):
        self.say(command, **arguments)
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                raise OSError("QEMU: %s" % answer["error"])
            if "return" in answer:
                return answer["return"]

    def wait_for(self, event):
        for line in self.file:
            if json.loads(line).get("event") == event:
                return


class Stub:
    """The little of GDB's remote protocol that a watchpoint needs."""

    def __init__(self, path):
        self.socket = connect(path)

    @staticmethod
    def options(folder):
        return ["-S", "-gdb", "unix:%s,server=on,wait=off" % os.path.join(folder, "gdb")]

    def send(self, packet):
        self.socket.sendall(b"$%s#%02x" % (packet.encode(), sum(packet.encode()) % 256))

    def answer(self):
        """The next packet, acknowledged."""
        text = b""
        while text.find(b"#") < 0 or len(text) < text.find(b"#") + 3:
            more = self.socket.recv(4096)
            if not more:
                raise OSError("QEMU's GDB stub is gone")
            text = (text + more).lstrip(b"+")
        self.socket.sendall(b"+")
        return text[1:text.find(b"#")].decode()

    def ask(self, packet):
        self.send(packet)
        return self.answer()

    def run_until_written(self, address):
        """The machine runs until somebody writes to that linear address."""
        watch = "2,%x,4" % address
        if self.ask("Z" + watch) != "OK" or not self.ask("c").startswith("T"):
            raise OSError("QEMU: no watchpoint")
        self.ask("z" + watch)

    def leave(self):
        self.ask("D")
