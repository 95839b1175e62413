#include "foreign/inside.h"

/* Pages of the device begin at multiples of 8 sectors; the last one ends where the device does. */
static uint32_t page_first(const struct foreign_volume *volume, uint32_t sector)
{
    uint32_t first = sector - sector % FOREIGN_PAGE_SECTORS, last = volume->device.sectors - FOREIGN_PAGE_SECTORS;
    return first < last ? first : last;
}

/* The buffer that holds the page, or the one that was not used for the longest time. */
static uint32_t buffer_choose(const struct foreign_volume *volume, uint32_t first)
{
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < FOREIGN_BUFFERS; i++) {
        if (volume->used[i] != 0 && volume->first[i] == first)
            return i;
        if (volume->used[i] < volume->used[chosen])
            chosen = i;
    }
    return chosen;
}

err_t foreign_look_at(struct foreign_volume *volume, uint32_t sector, uint32_t count, const uint8_t **at)
{
    if (sector >= volume->device.sectors || count > volume->device.sectors - sector)
        return ERR_IO;
    uint32_t first = page_first(volume, sector), i = buffer_choose(volume, first);
    if (volume->used[i] == 0 || volume->first[i] != first) {
        volume->used[i] = 0;
        TRY(volume->device.read(volume->device.context, first, volume->buffer[i]));
        volume->first[i] = first;
    }
    volume->used[i] = ++volume->clock;
    *at = volume->buffer[i] + (sector - first) * FOREIGN_SECTOR_BYTES;
    return OK;
}
