/* The VGA text screen, for panics and refusals: what is logged from screen_take on appears there too. */
#ifndef KERNEL_DEBUG_SCREEN_H
#define KERNEL_DEBUG_SCREEN_H

void screen_take(void);  /* clear it and begin; whatever was there is lost */
void screen_put(char c); /* nothing before screen_take */

#endif
