/* For page-usage policies outside the tree: the same header that lru and fifo are written against. */
#ifndef APTERYX_POLICY_H
#define APTERYX_POLICY_H

#include "usage/policy.h"

#endif
