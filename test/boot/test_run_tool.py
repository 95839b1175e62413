"""tools/run itself: options, statuses, console text, JSON, time-out, Ctrl-C; the emulator is a fake."""

import json
import os
import signal
import subprocess
import time

import harness

FAKE = os.path.join(harness.ROOT, "test/boot/fake_emulator")
LAST = 'say(b"RESULT run commands=1 failed=0\\r\\n")\n'


def environment(t, script):
    return {"APTERYX_EMULATOR": FAKE, "FAKE_SCRIPT": script, "FAKE_SEEN": t.path("seen")}


def fake(t, script, *options, commands="x"):
    return t.tool(*options, "--", commands, environment=environment(t, script))


def emulator_started(t):
    return os.path.exists(t.path("seen"))


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def fake_pid(t):
    with open(t.path("seen"), encoding="utf-8") as file:
        return int(file.read().split()[0])


STATUSES = [
    ("all well", LAST, 0),
    ("all well, by isa-debug-exit", LAST + "sys.exit(33)", 0),
    ("a command failed", 'say(b"RESULT run commands=2 failed=1\\r\\n")', 1),
    ("refused", 'say(b"REFUSED module: not there\\r\\n"); sys.exit(37)', 3),
    ("panic", 'say(b"PANIC lost\\r\\n eax 0\\r\\n"); sys.exit(35)', 125),
    ("panic behind the last line", LAST + 'say(b"PANIC lost\\r\\n"); sys.exit(35)', 125),
    ("the word alone is no panic", 'say(b"PANIC x\\r\\n")\n' + LAST, 0),
    ("ended without a word", "", 126),
    ("ended in mid-line", 'say(b"RESULT run comm")', 126),
    ("something behind the last line", LAST + 'say(b"more\\r\\n")', 126),
    ("triple fault behind the last line", LAST + "triple_fault()", 126),
    ("killed behind the last line", LAST + "os.kill(os.getpid(), 9)", 126),
    ("strange status behind the last line", LAST + "sys.exit(1)", 126),
]


def test_statuses(t):
    for what, script, status in STATUSES:
        t.equal(fake(t, script).status, status, what)


def test_statuses_bochs(t):
    for what, script, status in STATUSES:
        if "strange status" not in what and "isa-debug-exit" not in what and "triple" not in what:
            t.equal(fake(t, script, "--emulator", "bochs").status, status, what)
    t.equal(fake(t, LAST + "sys.exit(1)", "--emulator", "bochs").status, 0, "Bochs ends with 1 when all is well")


# A kernel that says the last line of a good run, and then has no interrupt table for its breakpoint.
TRIPLE_FAULT = """
bits 32
org 0x100000
header: dd 0x1BADB002, 0x10000, -(0x1BADB002 + 0x10000), header, header, 0, 0, start
start:  mov     esi, words
        mov     dx, 0x3FB       ; eight bits
        mov     al, 3
        out     dx, al
next:   mov     dx, 0x3FD
ready:  in      al, dx
        test    al, 0x20
        jz      ready
        lodsb
        test    al, al
        jz      fault
        mov     dx, 0x3F8
        out     dx, al
        jmp     next
fault:  lidt    [none]
        int3
words:  db      "RESULT run commands=1 failed=0", 13, 10, 0
none:   dw      0, 0, 0
"""


def test_real_triple_fault(t):
    subprocess.run(["nasm", "-f", "bin", "-o", t.path("kernel"), t.path("kernel.asm", TRIPLE_FAULT)], check=True)
    with open(t.path("kernel"), "rb") as file:
        files = {"/boot/apteryx.elf": file.read()}
    for emulator in ("qemu", "bochs"):
        outcome = t.boot("--emulator", emulator, "--swap", "none", "--timeout", "60", "--", "x", files=files)
        t.contains(outcome.text, "failed=0")
        t.equal((emulator, outcome.status), (emulator, 126), "status")


BAD_OPTIONS = [
    ["--unknown", "--", "x"], ["x"], [], ["--"], ["--", "x", "y"], ["--ram", "--", "x"], ["--ram", "12Q", "--", "x"],
    ["--ram", "0", "--", "x"], ["--ram", "1000", "--", "x"], ["--ram=-5M", "--", "x"], ["--swap", "lots", "--", "x"],
    ["--swap", "5000", "--", "x"], ["--swap", "2000000G", "--", "x"], ["--emulator", "vmware", "--", "x"],
    ["--machine", "q35", "--", "x"], ["--cpu", "nonesuch", "--", "x"], ["--readahead", "-1", "--", "x"],
    ["--policy", "nonesuch", "--", "x"], ["--policy", "../x", "--", "x"], ["--timeout", "0", "--", "x"],
    ["--timeout", "soon", "--", "x"], ["--disk", "/nonexistent", "--", "x"], ["--apps", "/nonexistent", "--", "x"],
    ["--policies", "/nonexistent", "--", "x"], ["--json", "/nonexistent/x", "--", "x"],
    ["--swap-on", "nonesuch", "--", "x"], ["--swap-on", "", "--", "x"], ["--debug=1", "--", "x"],
    ["--emulator", "bochs", "--swap-on", "virtio", "--", "x"], ["--emulator", "bochs", "--machine", "isapc", "--", "x"],
    ["--emulator", "bochs", "--icount", "--", "x"], ["--machine", "isapc", "--swap-on", "virtio", "--", "x"],
    ["--emulator", "bochs", "--cpu", "nonesuch", "--", "x"], ["--shell", "--", "x"],
    ["--", "two\nlines"], ["--", "x" * 4001],
]


def test_bad_options(t):
    for arguments in BAD_OPTIONS:
        outcome = t.tool(*arguments, environment=environment(t, LAST))
        t.equal(outcome.status, 2, "status of %r" % (arguments,))
        t.equal(outcome.text, "", "stdout of %r" % (arguments,))
        t.true(outcome.words, "nothing said about %r" % (arguments,))
    t.true(not emulator_started(t), "something was booted")


def test_help(t):
    outcome = t.tool("--help", environment=environment(t, LAST))
    t.equal(outcome.status, 0, "status")
    for name in harness.run_options.WITH_VALUE + harness.run_options.WITHOUT_VALUE:
        t.contains(outcome.text, "--" + name)


def test_console_is_plain_text(t):
    outcome = fake(t, 'say(b"one\\r\\n\\r\\ntw"); time.sleep(0.2); say(b"o\\r\\n")\n' + LAST)
    t.equal(outcome.text, "one\n\ntwo\nRESULT run commands=1 failed=0\n", "stdout")
    t.equal(outcome.words, "", "stderr")


def test_json(t):
    script = 'say(b"RESULT pte address=0x00001000 kind=normal block=- pages=12 delta=-3\\r\\nRESULT  bad\\r\\n")\n' + LAST
    t.equal(fake(t, script, "--json", t.path("json")).status, 0, "status")
    with open(t.path("json"), encoding="ascii") as file:
        lines = file.read().splitlines()
    t.equal([json.loads(line) for line in lines], [
        {"result": "pte", "address": "0x00001000", "kind": "normal", "block": "-", "pages": 12, "delta": -3},
        {"result": "run", "commands": 1, "failed": 0}], "objects")


def test_commands_travel_unchanged(t):
    script = ('import subprocess\nsubprocess.run(["xorriso", "-osirrox", "on", "-indev", iso, "-extract",'
              ' "/boot/commands", %r], check=True, capture_output=True)\n' % t.path("commands")) + LAST
    odd = "a 'b' \"c\" $? \\ ` ; & é \x01\x7f \t#{}*%n"
    for commands in (odd, "y" * 4000):
        t.equal(fake(t, script, "--swap", "8M", commands=commands).status, 0, "status")
        with open(t.path("commands"), "rb") as file:
            t.equal(file.read(), b"swap_on=disk\nswap_blocks=2048\n\n" + os.fsencode(commands), "module")
        os.chmod(t.path("commands"), 0o644)
        os.remove(t.path("commands"))


def test_machine_options(t):
    fake(t, LAST, "--ram", "16M", "--machine", "isapc", "--cpu", "pentium", "--icount", "--swap", "none")
    with open(t.path("seen"), encoding="utf-8") as file:
        seen = file.read()
    for part in ("-M isapc", "-m 16M", "-cpu pentium", "-icount shift=0,sleep=on", "-no-reboot", "-vga none"):
        t.contains(seen, part)
    t.true("bus=ide.0,unit=0" not in seen, "a swap disk without swap")


def test_swap_disk(t):
    script = ('path = re.search(r"file=([^ ,]*swap.img)", joined).group(1)\n'
              'say(b"%d\\r\\n" % os.path.getsize(path))\n') + LAST
    t.contains(fake(t, script, "--swap", "48M").text, "%d\n" % (48 << 20))


def test_timeout(t):
    began = time.monotonic()
    outcome = fake(t, 'say(b"working\\r\\n"); time.sleep(60)', "--timeout", "1")
    t.equal(outcome.status, 124, "status")
    t.equal(outcome.text, "working\n", "stdout")
    t.true(time.monotonic() - began < 20, "took too long")
    t.true(not alive(fake_pid(t)), "the emulator is still there")


def test_interrupt(t):
    command = [os.path.join(harness.ROOT, "tools/run"), "--as-built", "--", "x"]
    # A background job of a shell ignores the signal, and so would what it starts.
    tool = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            env=dict(os.environ, **environment(t, 'say(b"up\\r\\n"); time.sleep(60)')),
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    t.equal(tool.stdout.readline(), b"up\n", "first line")
    tool.send_signal(signal.SIGINT)
    t.equal(tool.wait(timeout=20), 130, "status")
    tool.stdout.close()
    t.true(not alive(fake_pid(t)), "the emulator is still there")


def test_complaints_are_passed_on(t):
    script = 'sys.stderr.write("qemu: something\\n")\n' + LAST
    t.equal(fake(t, script).words, "qemu: something\n", "stderr")


def test_nothing_is_left_behind(t):
    script = 'open(%r, "w").write(os.path.dirname(iso))\n' % t.path("folder")
    for _ in range(2):
        fake(t, script + LAST)
        with open(t.path("folder"), encoding="utf-8") as file:
            t.true(not os.path.exists(file.read()), "the run's folder is still there")
