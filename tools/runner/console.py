"""The guest's console: shown as plain text, its RESULT lines kept, its ending judged."""

import json
import re

RESULT = re.compile(r"RESULT ([a-z0-9_]+)((?: [a-z0-9_]+=[A-Za-z0-9_.:-]+)*)")
LAST = re.compile(r"RESULT run commands=([0-9]+) failed=([0-9]+)")
DECIMAL = re.compile(r"-?[0-9]+")


class Console:
    """Takes the bytes of the serial line, passes them on, and remembers what decides the status."""

    def __init__(self, output, record=None, raw=False):
        self.output, self.record, self.raw = output, record, raw
        self.partial = b""
        self.last = ""
        self.panic = self.refused = False

    def take(self, data):
        """Pass on what came; a terminal in a dialogue gets it byte for byte, everybody else plain text."""
        plain = data.replace(b"\r", b"")
        self.output.write(data if self.raw else plain)
        self.output.flush()
        lines = (self.partial + plain).split(b"\n")
        self.partial = lines.pop()
        for line in lines:
            self.line(line.decode(errors="replace"))

    def close(self):
        if self.partial:
            self.output.write(b"" if self.raw else b"\n")
            self.output.flush()
            self.line(self.partial.decode(errors="replace"))
            self.partial = b""

    def line(self, text):
        if text:
            self.last = text
        self.panic = self.panic or text.startswith("PANIC ")
        self.refused = self.refused or text.startswith("REFUSED ")
        found = RESULT.fullmatch(text)
        if found and self.record:
            values = {"result": found.group(1)}
            for pair in found.group(2).split():
                key, _, value = pair.partition("=")
                values[key] = int(value) if DECIMAL.fullmatch(value) else value
            self.record.write(json.dumps(values, separators=(",", ":")) + "\n")
            self.record.flush()

    def status(self, ended_well):
        """The status of a run whose emulator has ended by itself."""
        last = LAST.fullmatch(self.last)
        if last and ended_well:
            return 0 if int(last.group(2)) == 0 else 1
        if self.panic:
            return 125
        if self.refused:
            return 3
        return 126
