/* debug=WHAT on the kernel's command line: once everything is up the kernel does what it never must, so that a test can
 * see it noticed. */
#ifndef KERNEL_BOOT_BREAKAGE_H
#define KERNEL_BOOT_BREAKAGE_H

#define BREAKAGES(X)                                                 \
    X(PANIC, "panic")   /* an invariant is broken */                 \
    X(TEXT, "text")     /* writes over its own text */               \
    X(MODULE, "module") /* and over the page-usage module's */       \
    X(NULL, "null")     /* writes through a null pointer */          \
    X(COUNT, "count")   /* miscounts the pages of the first space */ \
    X(STACK, "stack")   /* leaves its stack */

#define BREAKAGE_ENUM(name, word) BREAKAGE_##name,
enum breakage { BREAKAGE_NONE, BREAKAGES(BREAKAGE_ENUM) };
#undef BREAKAGE_ENUM

/* => NONE: nothing. A wrong count is found by the checker, later; the others do not return, unless nobody noticed. */
void breakage_do(enum breakage what);

#endif
