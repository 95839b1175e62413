/* The console protocol. Service name "console".
 *
 * CONSOLE_WRITE: word 0 = bytes, then the bytes, four a word; reply label = err_t.
 * CONSOLE_READ:  waits for one line edited at the console; reply label = err_t, word 0 = bytes, then the bytes without
 *                the newline. Word 0 of the request: bytes of the prompt, then the prompt.
 * CONSOLE_INTERRUPT: handle 0 = a port that gets ipc_notify(bit 0) at Ctrl-C. */
#ifndef ABI_CONSOLE_H
#define ABI_CONSOLE_H

#define CONSOLE_WRITE 0x434F4E57u
#define CONSOLE_READ 0x434F4E52u
#define CONSOLE_INTERRUPT 0x434F4E43u
#define CONSOLE_BYTES_MAX 1016u

#endif
