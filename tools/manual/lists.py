"""The lists of the sources, expanded by the compiler: what a page says is what the compiler saw."""

import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

PROGRAM = """
#include "abi/errors.h"
#include "abi/info.h"
#include "abi/syscalls.h"
#include "common/entry.h"
#include "common/frame_record.h"
%(includes)s
#include <stdio.h>
#include <stdlib.h>
void assert_failed(const char *what, const char *file, int line) { (void)what; (void)file; (void)line; abort(); }
#define ERROR(number, name, text) printf("error\\t%%d\\t%%s\\t%%s\\n", number, #name, text);
#define CALL(number, name, in, out, text) printf("call\\t%%d\\t%%s\\t%%s\\t%%s\\t%%s\\n", number, #name, in, out, text);
#define FIELD(name, text) printf("counter\\t%%s\\t%%s\\n", #name, text);
#define KIND(kind, name, text) printf("kind\\t%%d\\t%%s\\t%%s\\t%%s\\n", kind, #kind, name, text);
#define BITS(name, first, width) printf("bits\\t%%s\\t%%d\\t%%d\\n", #name, first, width);
#define ABSENT(kind, first, last) printf("absent\\t%%s\\t%%u\\t%%u\\n", #kind, first, last);
#define STATE(name, text) printf("state\\t%%d\\t%%s\\t%%s\\n", FRAME_##name, #name, text);
int main(void)
{
    ERRORS(ERROR) SYSCALLS(CALL) INFO_FIELDS(FIELD) ENTRY_KINDS(KIND) ENTRY_FIELDS(BITS) ABSENT_ROWS(ABSENT)
    FRAME_STATES(STATE)
    for (unsigned kind = 0; kind < ENTRY_KIND_COUNT; kind++) {
        entry_word_t word = kind <= ENTRY_WATCHED ? word_page(kind, (frame_t){0}, (struct protection){.user = true}) :
#define FIRST(k, first, last) kind == k ? word_number(first) :
                            ABSENT_ROWS(FIRST) kind == ENTRY_TABLE ? pde_table((frame_t){0}, true, 7).w : 0xFFFFFFFFu;
        entry_word_t large = kind <= ENTRY_WATCHED ? word | ENTRY_MASK(PAT) : word;
        entry_word_t root = kind <= ENTRY_FILE ? root_make(kind, (frame_t){0}).w : word;
        printf("lawful\\t%%u\\t%%u\\t%%u\\t%%u\\n", kind, pte_kind((pte_t){word}) == kind,
               pde_kind((pde_t){large}) == kind, root_kind((pde_t){root}) == kind);
    }
    for (unsigned hint = 0; hint <= ENTRY_HINT_MAX; hint++)
        printf("hint\\t%%u\\t%%u\\n", hint, hint_pages(hint));
%(constants)s
    return 0;
}
"""


def header(name):
    with open(os.path.join(ROOT, "src/abi", name), encoding="utf-8") as file:
        return file.read()


def about(name):
    """The first comment of a header, as plain text."""
    comment = re.match(r"/\* (.*?) ?\*/", header(name), re.S).group(1)
    return re.sub(r"^ \* ?", "", comment, flags=re.M)


def defined(name):
    """The names that a header gives numbers: macros without arguments, and members of its enums, in order."""
    text = re.sub(r"/\*.*?\*/", "", header(name), flags=re.S)
    found = []
    for macro, members in re.findall(r"^#define ([A-Z]\w*) +[0-9(A-Z].*$|^enum \w+ \{((?s:.*?))\}", text, re.M):
        found += [macro] if macro else re.findall(r"(\w+)[^,]*(?:,|$)", members.strip())
    return found


class Lists:
    """rows[kind of row] = list of its fields; constants[header] = list of (name, number)."""

    def __init__(self, headers):
        names = [(h, n) for h in headers for n in defined(h)]
        program = PROGRAM % {
            "includes": "\n".join('#include "abi/%s"' % h for h in headers),
            "constants": "\n".join('    printf("constant\\t%s\\t%s\\t%%u\\n", (unsigned)%s);' % (h, n, n)
                                   for h, n in names)}
        with tempfile.TemporaryDirectory() as folder:
            source, binary = os.path.join(folder, "lists.c"), os.path.join(folder, "lists")
            with open(source, "w", encoding="utf-8") as file:
                file.write(program)
            subprocess.run(["gcc", "-m32", "-std=gnu11", "-DBUILD_DEBUG=0", "-I", os.path.join(ROOT, "src"), source,
                            "-o", binary], check=True)
            text = subprocess.run([binary], check=True, capture_output=True, text=True).stdout
        self.rows, self.constants = {}, {}
        for line in text.splitlines():
            kind, *fields = line.split("\t")
            if kind == "constant":
                self.constants.setdefault(fields[0], []).append((fields[1], int(fields[2])))
            else:
                self.rows.setdefault(kind, []).append(fields)
