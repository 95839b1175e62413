/* The two texts that init reads. Pure: no allocation, no system call.
 *
 * init.conf says one program a line; blanks part words, # begins a comment:
 *
 *     service NAME program=PROGRAM WORD…     has a port that init keeps, registered as NAME; is restarted when it dies
 *     program NAME program=PROGRAM WORD…     has none
 *
 *     priority=N         of its first thread, 1 … 31
 *     locked             every page of it stays in RAM
 *     rights=R,R…        handles that it is given, in this order, behind its service port: io:FIRST+COUNT (ports),
 *                        memory:ADDRESS+PAGES, irq:LINE, dma, swap, pager, control
 *     argument=WORD      one argument
 *     when=disk|ram|program
 *                        started only if the machine's swap is of that sort (without it: always)
 *     needs-disks        not started where the boot command disks=none says that there are none
 *     instead=PROGRAM    takes its place, with the same port and rights, if it says that it cannot serve (status 3)
 *     plain-boot=WORD    one more argument when nobody gave boot commands
 *     swap-arguments     it gets the arguments of the boot command swap_server, and last blocks=N
 *     file-port          its port has no name: it is the file port of init, and so of all that init starts from then on;
 *                        status 3 says that there are no files
 *
 * program=@swap stands for the program that the boot command swap_server names, program=@file for that of file_server,
 * with its arguments, or without that command for file.
 *
 * The boot commands are lines key=value up to an empty line; behind it are commands for the shell. Of the keys, init
 * reads swap_on=disk|ram|program|none, swap_server=NAME ARGUMENTS (of the swap server; the name counts for
 * swap_on=program), swap_blocks=N, file_server=NAME ARGUMENTS, disks=none, and shell=1 (no commands: the shell reads the
 * console). */
#ifndef INIT_CONFIG_H
#define INIT_CONFIG_H

#include "abi/errors.h"
#include "abi/process.h"
#include <stdbool.h>

#define CONFIG_SERVICES 12u
#define CONFIG_WORD 64u

struct right_wanted {
    enum right_type type;
    uint32_t first, count; /* as right_create takes them */
};

enum swap_sort { SWAP_ANY, SWAP_NONE, SWAP_DISK, SWAP_RAM, SWAP_PROGRAM };

struct service {
    char name[PROCESS_NAME_BYTES], program[PROCESS_NAME_BYTES], instead[PROCESS_NAME_BYTES];
    char argument[CONFIG_WORD], plain_boot[CONFIG_WORD];
    uint32_t priority;
    enum swap_sort when;
    bool has_port, locked, needs_disks, swap_arguments, file_port;
    uint32_t rights;
    struct right_wanted right[SPAWN_HANDLES];
};

struct config {
    uint32_t services;
    struct service service[CONFIG_SERVICES];
};

/* => ERR_RANGE: a word that is not lawful; ERR_TOO_LONG: more services, rights or letters than there is room for;
 *    *line is then the line's number. */
MUST_USE err_t config_parse(const char *text, struct config *config, uint32_t *line);

#define BOOT_SERVER_BYTES 512u
struct boot_server {
    char text[BOOT_SERVER_BYTES]; /* its words: a program and its arguments, each closed by NUL */
    uint32_t words;
};
struct boot_options {
    bool given;       /* there is a commands module with something in it */
    bool interactive; /* the shell reads the console; else it carries out commands and that is all */
    bool no_disks;
    enum swap_sort sort; /* SWAP_DISK unless swap_on says otherwise */
    struct boot_server swap_server, file_server;
    uint32_t blocks; /* swap_blocks; UINT32_MAX: as many as there is room for */
};

/* Lines that init doesn't know are left to others. => ERR_RANGE, ERR_TOO_LONG as above. */
MUST_USE err_t boot_options_parse(const char *text, uint32_t bytes, struct boot_options *options);

#endif
