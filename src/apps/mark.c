/* mark: promises a large range, then writes one word in every 4 MiB of it, and says what that cost. Marking costs no
 * page table; a write costs one table and one page each. mark_over is the same with overcommit. */
#include "apps/mark.h"

int main(int argc, char **argv) { return mark_main(argc, argv); }
