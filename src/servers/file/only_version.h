/* What volumes that can only be read say alike: each of their files has one version, number 1. */
#ifndef FILE_ONLY_VERSION_H
#define FILE_ONLY_VERSION_H

#include "servers/file/volume.h"

#define ONLY_VERSION 1u

/* bytes: of a file; of a directory nothing is said */
static inline struct file_about only_version_about(bool directory, uint64_t bytes)
{
    uint32_t version = directory ? 0 : ONLY_VERSION;
    return (struct file_about){.kind = directory ? FILE_KIND_DIRECTORY : FILE_KIND_FILE,
                               .size_low = directory ? 0 : (uint32_t)bytes,
                               .size_high = directory ? 0 : (uint32_t)(bytes >> 32),
                               .newest = version,
                               .versions = version,
                               .keep = version};
}

/* The versions above `above` of a file of so many bytes; answers how many there are room for. */
static inline uint32_t only_version_list(uint64_t bytes, uint32_t above, struct file_version *found, uint32_t room)
{
    if (above >= ONLY_VERSION || room == 0)
        return 0;
    found[0] = (struct file_version){
        .number = ONLY_VERSION, .size_low = (uint32_t)bytes, .size_high = (uint32_t)(bytes >> 32)};
    return 1;
}

static inline uint32_t only_version_number(const struct version *version)
{
    (void)version;
    return ONLY_VERSION;
}

/* Nothing is kept for one that is open. */
static inline void only_version_close(struct version *version) { (void)version; }

#endif
