#include "kernel/usage/loader.h"
#include "abi/layout.h"
#include "common/string.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/debug/log.h"
#include "kernel/debug/panic.h"
#include "kernel/usage/image.h"

static void pages_map(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        frame_t frame;
        bool zeroed;
        if (frame_take(FRAME_USE_LOW, FRAME_KERNEL, &frame, &zeroed) != OK)
            refuse("memory", "no room for the usage module's %u pages", count);
        memset(frame_pointer(frame), 0, PAGE_BYTES);
        usage_page_map(i, frame);
    }
}

/* Once its content is there: pages that hold nothing but read-only segments. */
static void pages_protect(const struct usage_image *image)
{
    for (uint32_t s = 0; s < image->segments; s++) {
        uint32_t first = (uint32_t)(image->segment[s].to - USAGE_MODULE) / PAGE_BYTES;
        uint32_t end = pages_for((uint32_t)(image->segment[s].to - USAGE_MODULE) + image->segment[s].bytes);
        for (uint32_t i = first; i < end && !image->segment[s].writable; i++)
            usage_page_protect(i);
    }
}

static bool lies_in(const struct usage_image *image, uintptr_t at, uint32_t bytes)
{
    return at >= image->start && at < image->end && image->end - at >= bytes;
}

static bool name_is_right(const char *name)
{
    uint32_t length = 0;
    while (length < USAGE_NAME_BYTES && name[length] != '\0')
        length++;
    return length > 0 && length < USAGE_NAME_BYTES;
}

/* A module that was built wrong must not run: the name is text, and every function lies in the image. */
static const char *fault_of(const struct usage_module *m, const struct usage_image *image)
{
    const uintptr_t *call = (const uintptr_t *)(const void *)&m->start;
    uint32_t calls = (sizeof *m - offsetof(struct usage_module, start)) / sizeof *call;
    if (!lies_in(image, (uintptr_t)m->name, USAGE_NAME_BYTES) || !name_is_right(m->name))
        return "its name is missing or has no end";
    for (uint32_t i = 0; i < calls; i++)
        if (!lies_in(image, call[i], 1))
            return "a function is missing or lies outside of it";
    return NULL;
}

const struct usage_module *usage_load(const struct boot_info *boot)
{
    struct usage_image image;
    const uint8_t *file = frame_pointer(address_frame(boot->usage.start));
    const char *why = usage_image_check(file, boot->usage.bytes, &image);
    if (why != NULL)
        refuse("module", "usage %s: %s", boot->policy, why);
    pages_map(pages_for((uint32_t)(image.end - USAGE_MODULE)));
    for (uint32_t i = 0; i < image.segments; i++)
        memcpy((void *)image.segment[i].to, file + image.segment[i].offset, image.segment[i].bytes);
    pages_protect(&image);

    const struct usage_module *module = (const struct usage_module *)image.entry;
    if (module->magic != USAGE_MAGIC || !lies_in(&image, (uintptr_t)module->version, sizeof *module->version))
        refuse("module", "usage %s: not a page-usage module", boot->policy);
    if (*module->version != USAGE_VERSION)
        refuse("version", "usage %s: version %u, this kernel speaks %u", boot->policy, *module->version, USAGE_VERSION);
    why = fault_of(module, &image);
    if (why != NULL)
        refuse("module", "usage %s: %s", boot->policy, why);
    log_print("usage: %s, %u pages\n", module->name, pages_for((uint32_t)(image.end - USAGE_MODULE)));
    return module;
}
