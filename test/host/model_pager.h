/* A simulated kernel around a real page-usage module: frames are the frame room's, entries are an array, the swap disk
 * is a queue of writes. It carries out the module's actions as the pager does, and stops the test where one is
 * unlawful or where lists, records, entries and blocks disagree. */
#ifndef MODEL_PAGER_H
#define MODEL_PAGER_H

#include "kernel/frames/frames.h"
#include "kernel/usage/contract.h"

struct model_options {
    uint32_t pages;                 /* of the one space */
    uint32_t frames;                /* for them */
    uint32_t low_end;               /* 0: all frames are low */
    uint32_t blocks;                /* of swap */
    uint32_t water_low, water_high; /* reclaim starts below low free frames and goes on up to high */
    uint32_t cluster;               /* pages written together at most; 1: each by itself */
    uint32_t write_delay;           /* faults that a write takes */
};

struct model_counts {
    uint32_t zero_fills, soft_faults, page_ins;
    uint32_t written, requests, evicted_clean, taken, samples, dropped_blocks, cleaned, passed_over;
};
extern struct model_counts model_counts;

extern const struct usage_module usage_module; /* linked: the core with one policy */

void model_start(const struct model_options *options);
void model_end(void);
void model_touch(uint32_t page, bool write);
void model_discard(uint32_t page); /* as vm_set to NONE */
void model_reclaim(enum usage_zone zone, uint32_t want);
void model_clean_ahead(void);
void model_spare_blocks(uint32_t want);
uint32_t model_resident(void); /* frames that hold pages: mapped, on standby, being written */
void model_check(void);        /* records, entries, lists and blocks agree */

#endif
