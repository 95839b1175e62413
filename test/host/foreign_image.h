/* Genuine images of one tree of files, made by the tools of others, as the device of a file system that is only read; and
 * the same images damaged: what is read then is anybody's guess, but reading it has an end. */
#ifndef FOREIGN_IMAGE_H
#define FOREIGN_IMAGE_H

#include "foreign/foreign.h"

#define SECTOR FOREIGN_SECTOR_BYTES

extern struct foreign_volume volume;
extern uint8_t *image;
extern uint32_t image_bytes, reads; /* reads: of the device, since somebody set it to 0 */
extern bool *touched;               /* pages of the device that were read */

/* For cmocka: around all tests of a program. */
int tree_make(void **state);
int tree_remove(void **state);
/* A command in which @ stands for a folder that has tree/. The second makes @/image, and takes it. */
void command_do(const char *command);
void image_make(const char *command);
err_t mount(void);
uint8_t *image_find(const char *text); /* where the image says that first; it does */

uint8_t content_byte(const char *path, uint32_t at); /* of a file in the tree */

/* The file is there with the contents that the tree's `made_as` has; the second reads it from its end. */
void content_equals(const char *path, const char *made_as, uint32_t bytes);
void content_equals_backwards(const char *path, uint32_t bytes);
uint32_t list_count(const char *path); /* entries of a directory, each behind the one before it */
#define MANY 250u                      /* are in many/ */
void tree_is_there(void);              /* mounts it, and all of it is */

/* In foreign_damage.c: so often some bytes of its metadata are changed; it is cut off. */
void damaged(uint32_t seed, uint32_t rounds);
void cut_off(uint32_t seed);

#endif
