#include "files_model.h"
#include <string.h>

const uint32_t model_page[MODEL_PAGES] = {0,   1,   2,   3,   4,   5,    6,    7,      8,      9,
                                          510, 511, 512, 513, 900, 1023, 1024, 262143, 262144, 262150};

struct model_name *model_find(struct model *model, const char *path)
{
    for (uint32_t i = 0; i < model->names; i++)
        if (strcmp(model->name[i].path, path) == 0)
            return &model->name[i];
    return NULL;
}

static bool is_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    return length == 0 || (strncmp(path, directory, length) == 0 && path[length] == '/');
}

bool model_is_in(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    return is_below(path, directory) && strchr(path + (length != 0 ? length + 1 : 0), '/') == NULL;
}

static err_t above(struct model *model, const char *path, uint32_t *keep)
{
    char parent[FILES_PATH_MAX + 1];
    strcpy(parent, path);
    char *slash = strrchr(parent, '/');
    *keep = model->keep;
    if (slash == NULL)
        return OK;
    *slash = '\0';
    const struct model_name *name = model_find(model, parent);
    if (name == NULL)
        return ERR_NO_ENTRY;
    *keep = name->keep;
    return name->directory ? OK : ERR_KIND;
}

static struct model_name *add(struct model *model, const char *path, uint32_t keep)
{
    struct model_name *name = &model->name[model->names++];
    memset(name, 0, sizeof *name);
    strcpy(name->path, path);
    name->keep = keep;
    return name;
}

static void take_out(struct model *model, struct model_name *name) { *name = model->name[--model->names]; }

err_t model_make_directory(struct model *model, const char *path)
{
    uint32_t keep;
    TRY(above(model, path, &keep));
    if (path[0] == '\0' || model_find(model, path) != NULL)
        return ERR_BUSY;
    add(model, path, keep)->directory = true;
    return OK;
}

err_t model_remove(struct model *model, const char *path)
{
    struct model_name *name = model_find(model, path);
    if (path[0] == '\0')
        return ERR_BUSY;
    if (name == NULL)
        return ERR_NO_ENTRY;
    for (uint32_t i = 0; i < model->names; i++)
        if (name->directory && is_below(model->name[i].path, path))
            return ERR_BUSY;
    take_out(model, name);
    return OK;
}

static err_t move_below(struct model *model, const char *from, const char *to, bool really)
{
    for (uint32_t i = 0; i < model->names; i++) {
        char *path = model->name[i].path, rest[FILES_PATH_MAX + 1];
        if (!is_below(path, from))
            continue;
        strcpy(rest, path + strlen(from));
        if (strlen(to) + strlen(rest) > FILES_PATH_MAX)
            return ERR_TOO_LONG;
        if (really) {
            strcpy(path, to);
            strcat(path, rest);
        }
    }
    return OK;
}

err_t model_rename(struct model *model, const char *from, const char *to)
{
    struct model_name *name = model_find(model, from), *there = model_find(model, to);
    uint32_t keep;
    if (name == NULL && from[0] != '\0')
        return ERR_NO_ENTRY;
    if (strcmp(from, to) == 0)
        return OK;
    if (name == NULL || (name->directory && is_below(to, from)))
        return ERR_KIND;
    TRY(above(model, to, &keep));
    if (to[0] == '\0' || (there != NULL && there->directory))
        return ERR_BUSY;
    if (there != NULL && name->directory)
        return ERR_KIND;
    if (name->directory)
        TRY(move_below(model, from, to, false));
    if (name->directory)
        (void)!move_below(model, from, to, true);
    if (there != NULL)
        take_out(model, there);
    strcpy(model_find(model, from)->path, to);
    return OK;
}

static bool is_open(const struct model_open *open, uint32_t id, uint32_t number)
{
    for (uint32_t i = 0; i < MODEL_OPEN; i++)
        if (open[i].version != NULL && !open[i].unfinished && open[i].id == id && open[i].shot.number == number)
            return true;
    return false;
}

static void prune(struct model_name *name, const struct model_open *open)
{
    uint32_t excess = name->keep != 0 && name->shots > name->keep ? name->shots - name->keep : 0, left = 0;
    for (uint32_t i = 0; i < name->shots; i++)
        if (i >= excess || is_open(open, name->id, name->shot[i].number))
            name->shot[left++] = name->shot[i];
    name->shots = left;
}

err_t model_keep(struct model *model, const char *path, uint32_t keep, const struct model_open *open)
{
    struct model_name *name = model_find(model, path);
    if (path[0] == '\0') {
        model->keep = keep;
        return OK;
    }
    if (name == NULL)
        return ERR_NO_ENTRY;
    name->keep = keep;
    prune(name, open);
    return OK;
}

err_t model_prune(struct model *model, const char *path, const struct model_open *open)
{
    struct model_name *name = model_find(model, path);
    if (name == NULL)
        return path[0] == '\0' ? ERR_KIND : ERR_NO_ENTRY;
    if (name->directory)
        return ERR_KIND;
    prune(name, open);
    return OK;
}

err_t model_begin(struct model *model, const char *path, struct model_open *open)
{
    const struct model_name *name = model_find(model, path);
    uint32_t keep;
    memset(open, 0, sizeof *open);
    open->unfinished = true;
    strcpy(open->path, path);
    if (path[0] == '\0' || (name != NULL && name->directory))
        return ERR_KIND;
    if (name == NULL)
        return above(model, path, &keep);
    open->id = name->id;
    open->shot = name->shot[name->shots - 1];
    return OK;
}

err_t model_open(struct model *model, const char *path, uint32_t number, struct model_open *open)
{
    const struct model_name *name = model_find(model, path);
    memset(open, 0, sizeof *open);
    strcpy(open->path, path);
    if (path[0] == '\0' || (name != NULL && name->directory))
        return ERR_KIND;
    if (name == NULL)
        return ERR_NO_ENTRY;
    open->id = name->id;
    for (uint32_t i = 0; i < name->shots; i++) {
        if (name->shot[i].number != (number != 0 ? number : name->newest))
            continue;
        open->shot = name->shot[i];
        return OK;
    }
    return ERR_NO_ENTRY;
}

static void cut(struct shot *shot, uint64_t size)
{
    for (uint32_t i = 0; i < MODEL_PAGES; i++)
        if (model_page[i] >= files_pages(size))
            shot->page[i] = 0;
}

err_t model_publish(struct model *model, struct model_open *published, uint64_t time, const struct model_open *open,
                    uint32_t *number)
{
    struct model_name *name = model_find(model, published->path);
    uint32_t keep;
    if (name != NULL && name->directory)
        return ERR_KIND;
    if (name == NULL) {
        TRY(above(model, published->path, &keep));
        name = add(model, published->path, keep);
    }
    published->shot.number = *number = ++name->newest;
    published->shot.time = time;
    name->shot[name->shots] = published->shot;
    cut(&name->shot[name->shots++], published->shot.size);
    prune(name, open);
    return OK;
}

void model_set_size(struct model_open *open, uint64_t size)
{
    if (files_pages(size) < files_pages(open->shot.size))
        cut(&open->shot, size);
    open->shot.size = size;
}
