"""Every page of the documentation is carried out: its programs are built and booted, its commands run, and what they
print compared with what stands on the page. How, is told in tools/manual/page.py."""

import os
import re
import subprocess

import harness

from manual import page, parts, shape


def carried_out(path):
    """The test of one page."""
    def test(t):
        outcome = page.Page(path).carry_out()
        t.console = "\n".join(outcome.differences)
        t.equal(len(outcome.differences), 0, "places where %s is not as it says" % path)
    test.__name__ = "test_" + re.sub(r"\W", "_", path[:-3]).lower()
    return test.__name__, test


globals().update(carried_out(path) for path in page.all_pages())


def test_generated_parts_are_fresh(t):
    for path in page.all_pages():
        text = page.read(path)
        t.true(parts.fill(path, text) == text, "%s is stale" % path)


def test_a_stale_part_is_noticed(t):
    text = page.read("docs/system-calls.md")
    stale = text.replace("give a range", "take a range").replace("| 6 | `ERR_COMMIT`", "| 7 | `ERR_COMMIT`")
    t.true(stale != text, "the test changes nothing")
    t.true(parts.fill("docs/system-calls.md", stale) == text, "a stale part stays")


def test_a_wrong_output_is_noticed(t):
    expected = ["RESULT stress pages=8 lost=0 swap_in=123 status=0", "...", "RESULT run commands=1 failed=0"]
    fine = ["RESULT stress pages=8 lost=0 swap_in=7 status=0", "more", "RESULT run commands=1 failed=0"]
    t.true(shape.align(expected, fine), "another count is no difference")
    for wrong in (fine[:2], fine[:2] + [fine[2].replace("=0", "=1")], [fine[0].replace("lost=0", "lost=1")] + fine[1:],
                  [fine[0].replace("swap_in", "swap_out")] + fine[1:]):
        t.true(shape.align(expected, wrong) is None, "not noticed: %r" % wrong)


def test_links_lead_somewhere(t):
    for path in page.all_pages():
        for target in page.links(path):
            t.true(os.path.exists(os.path.join(harness.ROOT, os.path.dirname(path), target)),
                   "%s links to %s, which is not there" % (path, target))


def test_tools_explain_themselves(t):
    tools = [name for name in sorted(os.listdir(os.path.join(harness.ROOT, "tools")))
             if os.path.isfile(os.path.join(harness.ROOT, "tools", name))]
    t.true(len(tools) >= 8, "only %s" % tools)
    for name in tools:
        done = subprocess.run([os.path.join(harness.ROOT, "tools", name), "--help"], capture_output=True, text=True,
                              check=False, cwd=t.folder)
        t.equal((name, done.returncode), (name, 0), "status of --help")
        t.contains(done.stdout, "usage: ")


def test_picture(t):
    picture = t.path("picture.png")
    done = subprocess.run([os.path.join(harness.ROOT, "tools/picture"), "--ram", "16M", picture], capture_output=True,
                          text=True, check=False)
    t.equal(done.returncode, 0, done.stderr)
    with open(picture, "rb") as file:
        t.equal(file.read(8), b"\x89PNG\r\n\x1a\n", "the first bytes")
    t.true(os.path.getsize(picture) > 2000, "an empty picture of %d bytes" % os.path.getsize(picture))


def test_nothing_else_is_on_the_iso(t):
    """The README's table of what is on the ISO, against the ISO."""
    listed = subprocess.run(["xorriso", "-indev", os.path.join(harness.ROOT, "build/release/apteryx.iso"), "-find", "/",
                             "-type", "f", "-exec", "echo", "--"], capture_output=True, text=True, check=True).stdout
    names = sorted(line.strip("'") for line in listed.splitlines())
    t.true("/boot/apteryx.elf" in names, "no kernel in %s" % names)
    known = r"/boot/(apteryx\.elf|boot\.tar|commands|usage/\w+\.elf|grub/grub\.cfg" \
        r"|grub/i386-pc/(\w+\.mod|\w+\.lst|eltorito\.img|efiemu(32|64)\.o|modinfo\.sh))|/boot\.catalog|/apps/\w+"
    t.equal([name for name in names if not re.fullmatch(known, name)], [], "files that the README does not name")


def test_no_program_holds_the_compiler_s_library(t):
    library = subprocess.run(["gcc", "-m32", "-print-libgcc-file-name"], capture_output=True, text=True, check=True)
    theirs = functions(library.stdout.strip())
    ours = functions(os.path.join(harness.ROOT, "build/release/libapteryx.a"))
    t.true("__popcountsi2" in theirs and "__udivdi3" in ours, "the names are not as expected")
    for folder in ("programs", "usage"):
        for name in os.listdir(os.path.join(harness.ROOT, "build/release", folder)):
            held = functions(os.path.join(harness.ROOT, "build/release", folder, name)) & theirs - ours
            t.equal((name, held), (name, set()), "functions of libgcc")


def functions(binary):
    """The names of the functions that a file defines."""
    names = subprocess.run(["nm", "--defined-only", binary], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^[0-9a-f]+ T (\w+)$", names, re.M))
