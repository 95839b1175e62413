/* mark_over: mark in a program to which commit charges nothing. */
#include "apps/mark.h"

PROGRAM_OVERCOMMIT;

int main(int argc, char **argv) { return mark_main(argc, argv); }
