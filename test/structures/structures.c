#include "structure.h"

#define STRUCTURE_POINTER(name) &(name),
const struct structure *const structures[STRUCTURE_COUNT] = {STRUCTURES(STRUCTURE_POINTER)};
#undef STRUCTURE_POINTER
