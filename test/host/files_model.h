/* What a file system should be, as plain arrays: names, versions, and of each version the contents of some pages as
 * seeds (0: a page of zeros). Each change answers the error that the library should. */
#ifndef FILES_MODEL_H
#define FILES_MODEL_H

#include "files/files.h"

#define MODEL_PAGES 20u
#define MODEL_NAMES 32u
#define MODEL_SHOTS 24u
#define MODEL_OPEN 8u

extern const uint32_t model_page[MODEL_PAGES]; /* which pages are looked at, ascending */

struct shot {
    uint32_t number;
    uint64_t size, time;
    uint32_t page[MODEL_PAGES];
};

struct model_name {
    char path[FILES_PATH_MAX + 1];
    bool directory;
    uint32_t id; /* as the library says */
    uint32_t keep, newest, shots;
    struct shot shot[MODEL_SHOTS];
};

struct model {
    uint32_t keep, names;
    struct model_name name[MODEL_NAMES];
};

/* What is open; of an unfinished version, what it shows. */
struct model_open {
    struct files_version *version; /* NULL: not in use */
    bool unfinished;
    char path[FILES_PATH_MAX + 1];
    uint32_t id;
    struct shot shot;
};

struct model_name *model_find(struct model *model, const char *path);
bool model_is_in(const char *path, const char *directory); /* directly */

err_t model_make_directory(struct model *model, const char *path);
err_t model_remove(struct model *model, const char *path);
err_t model_rename(struct model *model, const char *from, const char *to);
err_t model_keep(struct model *model, const char *path, uint32_t keep, const struct model_open *open);
err_t model_prune(struct model *model, const char *path, const struct model_open *open);
err_t model_begin(struct model *model, const char *path, struct model_open *open);
err_t model_open(struct model *model, const char *path, uint32_t number, struct model_open *open);
/* *number: the new version's; the name's id is the library's to say. */
err_t model_publish(struct model *model, struct model_open *published, uint64_t time, const struct model_open *open,
                    uint32_t *number);
void model_set_size(struct model_open *open, uint64_t size);

#endif
