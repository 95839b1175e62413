/* Properties of every page-usage module, whatever its policy, tried with the simulated kernel of model_pager.h. */
#ifndef USAGE_PROPERTIES_H
#define USAGE_PROPERTIES_H

#include "model_pager.h"

void usage_check_lists(void); /* each frame on one list, the one that its record's state asks for; links both ways */

/* Random touches, discards, cleanings, reclaims of both zones and block shortages; everything checked as it goes. */
void usage_random_operations(const struct model_options *options, uint32_t seed, uint32_t count);
void usage_random_operations_all(void); /* several sizes, zones, swap spaces and seeds */

/* Fill, then passes in ascending order that only read. The second of them must write nothing. => pages written in one
 * request while filling, in tenths */
uint32_t usage_sequential_passes(uint32_t frames, uint32_t pages);

#endif
