/* Names of the error values, from the one list. */
#include <apteryx/types.h>

const char *err_name(err_t error)
{
#define ERROR_NAME(number, name, text) [number] = #name,
    static const char *const names[] = {ERRORS(ERROR_NAME)};
#undef ERROR_NAME
    return (uint32_t)error < ERR_COUNT ? names[error] : "ERR_?";
}
