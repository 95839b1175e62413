/* Inside the file system: what its files share.
 *
 * How it holds together. A block is in use as long as something refers to it, and `references` counts, for each block,
 * how often: the pointers to it that stand in blocks in use, the open versions whose root it is, the pages placed in
 * unfinished versions, and the two roots of the volume: the tree as it is now, and the tree as it stands on the disk.
 * A new block is born with one reference, its maker's; when the last goes, its children lose one each (walk.c).
 * That is all there is to space: what the disk's tree leads to is not free before the commit that leaves it behind,
 * going back on a change is to let its root go, and no list of anything is kept.
 *
 *     space.c  references, free blocks, promises      cache.c   metadata blocks, read and checked, or written
 *     walk.c   from a block to all it leads to        node.c    the records in one block
 *     tree.c   searching the tree                     change.c  changing it
 *     path.c   paths and keys                         names.c   files and directories
 *     versions.c the versions of a file               open.c    open versions, pages of a base
 *     overlay.c the pages of an unfinished version    publish.c these become pointer blocks
 *     volume.c  format, mount, commit */
#ifndef FILES_INSIDE_H
#define FILES_INSIDE_H

#include "files/files.h"
#include <stddef.h>

/* What a block is: 0, a page; 1 … FILES_HEIGHT_MAX, a pointer block of that height; from KIND_NODE, a node of level
 * kind - KIND_NODE. A pointer of kind k > 0 leads to blocks of kind k - 1, but for the leaf, which leads to roots. */
typedef uint32_t kind_t;
#define KIND_PAGE 0u
#define KIND_NODE 16u

struct tree_root {
    struct files_pointer at; /* {0, 0}: no records */
    uint32_t levels;
};

struct cache_slot {
    uint32_t block; /* 0: empty */
    uint32_t checksum;
    kind_t kind;
    uint64_t used; /* larger: later */
};

struct files_volume {
    struct files_device device;
    struct files_memory memory;
    uint32_t blocks;
    uint64_t generation;
    struct tree_root current, durable;
    uint32_t next_id;
    uint32_t keep;
    uint32_t bad_slots;
    bool read_only;
    bool changed;
    struct files_version *open; /* all open versions */

    uint16_t *references; /* space.c */
    uint32_t free;
    uint32_t promised;
    uint32_t next_run;     /* where the search for free space goes on */
    uint32_t metadata_run; /* where metadata is put */
    bool no_runs;          /* the last search for a run found none; the next commit may change that */

    struct cache_slot *slots; /* cache.c */
    uint8_t *cache;
    uint32_t cache_blocks;
    uint64_t clock;

    uint8_t edit[2 * FILES_BLOCK_BYTES];          /* a node in the making */
    uint8_t half[FILES_BLOCK_BYTES];              /* what it is split or merged in */
    struct files_pointer scratch[FILES_POINTERS]; /* a pointer block, looked at or in the making */
};

/* ---- space.c ---- */

#define RUN_BLOCKS 16u      /* free space is looked for in runs of 64 KiB, so that files lie in a row */
#define METADATA_BLOCKS 24u /* kept back: a change of the tree needs two blocks a level, while the old ones are held */

/* One more, or one less, reference. space_release answers true when it was the last.
 * A count that is full stays so until the next mount; one below zero is damage. */
void space_hold(struct files_volume *v, uint32_t block);
MUST_USE bool space_release(struct files_volume *v, uint32_t block);

/* A free block with one reference: `wish`, if it is free, or one where a run begins.
 * => ERR_COMMIT: only promised ones are left */
MUST_USE err_t space_take(struct files_volume *v, uint32_t wish, uint32_t *block);
MUST_USE err_t space_take_metadata(struct files_volume *v, uint32_t *block);

/* May so many blocks be promised, or the tree grow by them, with METADATA_BLOCKS left over? => ERR_COMMIT */
#define TREE_GROWTH FILES_LEVELS_MAX /* a new record splits a node on each level at most */
MUST_USE err_t space_check(const struct files_volume *v, uint32_t blocks);
/* Half of what can be counted: an open version more may hold the block. => ERR_LIMIT */
MUST_USE err_t space_check_hold(const struct files_volume *v, uint32_t block);

/* ---- cache.c ---- */

/* The contents of a metadata block that a pointer leads to, checked, both sum and sense.
 * => stays until FILES_CACHE_MIN - 1 other blocks have been got or written => ERR_IO */
MUST_USE err_t cache_get(struct files_volume *v, struct files_pointer at, kind_t kind, const void **data);

/* Write a new metadata block; its children get a reference more each, and itself its first. */
MUST_USE err_t cache_write_new(struct files_volume *v, kind_t kind, const void *data, struct files_pointer *at);

/* Can this pointer lead to a block of the volume? */
bool pointer_sane(const struct files_volume *v, struct files_pointer at);

/* ---- walk.c ---- */

/* Count what `at` refers to: one reference for it, and if that is its first, one for each of its children, and so on.
 * What can't be read is damage: the volume becomes read-only. */
void walk_count(struct files_volume *v, struct files_pointer at, kind_t kind);

/* One reference less for it, and if that was its last, for each of its children, and so on. {0, 0} is fine. What can't
 * be read stays in use until the next mount. */
void walk_release(struct files_volume *v, struct files_pointer at, kind_t kind);

/* One reference more for each child of a block. */
void walk_hold_children(struct files_volume *v, const void *data, kind_t kind);

/* ---- tree.c, change.c ---- */

struct tree_key {
    uint8_t byte[FILES_KEY_MAX];
    uint32_t bytes;
};

struct tree_record {
    struct tree_key key;
    union {
        struct files_record_name name;
        struct files_record_version version;
    } value;
};

/* The record of this key; the first one behind that key. => ERR_NO_ENTRY: none */
MUST_USE err_t tree_get(struct files_volume *v, const struct tree_key *key, struct tree_record *record);
MUST_USE err_t tree_next(struct files_volume *v, const struct tree_key *behind, struct tree_record *record);

/* Put a record into the current tree, or take it out. A failure leaves the tree as it was.
 * => tree_erase: ERR_NO_ENTRY */
MUST_USE err_t tree_put(struct files_volume *v, const struct tree_record *record);
MUST_USE err_t tree_erase(struct files_volume *v, const struct tree_key *key);

/* Several changes, all or none: what was before is held meanwhile, and change_end goes back to it if `how` is not OK.
 * change_begin => ERR_RIGHTS */
struct change {
    struct tree_root root;
    uint32_t next_id, keep;
    bool changed;
};
MUST_USE err_t change_begin(struct files_volume *v, struct change *change);
MUST_USE err_t change_end(struct files_volume *v, const struct change *change, err_t how);

int key_compare(const void *a, uint32_t a_bytes, const void *b, uint32_t b_bytes); /* node.c */

/* ---- path.c ---- */

MUST_USE err_t path_check(const char *path); /* for the root too => ERR_RANGE, ERR_TOO_LONG */
uint32_t path_depth(const char *path);       /* how many slashes */
/* => the path is good, and not the root's */
struct tree_key key_of_path(const char *path);
struct tree_key key_of_version(uint32_t id, uint32_t number);
uint32_t key_number(const struct tree_key *key);
bool key_is_version(const struct tree_key *key, uint32_t id);
/* What all keys of names in a directory begin with; those in its directories are elsewhere. */
struct tree_key key_of_directory(const char *path);
bool key_begins(const struct tree_key *key, const struct tree_key *with);
/* Put more bytes behind a key. => ERR_TOO_LONG */
MUST_USE err_t key_append(struct tree_key *key, const uint8_t *bytes, uint32_t count);

/* ---- names.c ---- */

/* The record of a path, of one kind (0: any); for the root, one that is nowhere stored. => ERR_NO_ENTRY, ERR_KIND */
MUST_USE err_t name_get(struct files_volume *v, const char *path, uint32_t kind, struct tree_record *record);
/* Is the directory there that a path is in, and what rule has it? => ERR_NO_ENTRY, ERR_KIND */
MUST_USE err_t name_above(struct files_volume *v, const char *path, uint32_t *keep);

/* ---- versions.c => within a change ---- */

/* Drop what the file's rule does not keep and nobody has open, and put its name's record as it is now. */
MUST_USE err_t versions_prune(struct files_volume *v, struct tree_record *name);
MUST_USE err_t versions_erase_all(struct files_volume *v, uint32_t id);
MUST_USE err_t version_get(struct files_volume *v, uint32_t id, uint32_t number, struct files_record_version *version);

/* ---- open.c, overlay.c, publish.c ---- */

/* 512 pages of an unfinished version: their pointers as they will be, of which `own` are its own. */
struct leaf {
    uint32_t index; /* first page / FILES_POINTERS */
    uint32_t own[FILES_POINTERS / 32];
    uint32_t promised[FILES_POINTERS / 32];
    struct files_pointer page[FILES_POINTERS];
};

struct leaf_place {
    struct leaf *leaf;
};

struct files_version {
    struct files_volume *volume;
    struct files_version *next;
    uint32_t id, number;
    uint64_t size;
    struct files_pointer root; /* the base's, of base_height; held */
    uint32_t base_height;
    uint64_t base_pages; /* those of the base that are still to be seen */

    bool unfinished; /* from here on: only then */
    char path[FILES_PATH_MAX + 1];
    uint32_t promised; /* blocks */
    uint32_t last_page, last_block;
    struct leaf_place *leaves; /* in the order of their index */
    uint32_t leaf_count, leaf_room;
};

/* The pointer block `index` of height `height` of the base, as it would be if the tree were that high, less what was cut
 * off. Above base_height + 1 it is zeros: what is to be found there is below a leaf, which was made before. */
MUST_USE err_t base_block(struct files_version *version, uint32_t height, uint32_t index, struct files_pointer *block);

/* The place of a leaf, or where it would be. */
bool leaf_find(const struct files_version *version, uint32_t index, uint32_t *place);
void leaves_drop(struct files_version *version);

void *memory_take(struct files_volume *v, uint32_t bytes);
void memory_release(struct files_volume *v, void *memory, uint32_t bytes);

#endif
