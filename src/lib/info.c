/* The information page. */
#include "abi/layout.h"
#include <apteryx/info.h>

const volatile struct info *info(void) { return (const volatile struct info *)INFO_PAGE; }
