/* Every system call, listed once. Kernel table, user stubs and the reference page expand from SYSCALLS.
 *
 * Registers. A program does `call GATE_PAGE` with
 *     eax = call number; ebx, edx, esi, edi, ebp = up to five arguments (ecx is lost: the gate needs it)
 * and gets back
 *     eax = err_t; ebx, edx, esi, edi, ebp = up to five results (arguments are kept where there is no result);
 *     the flags are not kept
 *
 * IPC calls (ipc_call … ipc_reply_receive) use
 *     in:  eax = call | words << 8 | handle << 17; edx = label; ebx, esi, edi, ebp = words 0…3
 *     out: eax = err | words << 8 | reply << 17; edx = label; ecx = badge; ebx, esi, edi, ebp = words 0…3
 * words above four, handles and the page item travel in the thread's message buffer (see message.h), and only
 * when the call number carries IPC_LONG. ipc_receive: handle = port, ebx/esi = deadline in µs (low, high; 0: none).
 * ipc_reply_receive: handle = reply (0: none); it waits, for ever, on the port that this thread named last by
 * ipc_listen (the gate leaves no register for it).
 *
 * A call number that is not listed answers ERR_RANGE.
 */
#ifndef ABI_SYSCALLS_H
#define ABI_SYSCALLS_H

#define SYSCALLS(X) /* number, name, arguments, results, what it does */                                         \
    X(0, null, "", "", "do nothing")                                                                             \
    X(1, vm_set, "start bytes kind", "", "give a range of pages a kind")                                         \
    X(2, vm_set_dma, "start bytes below", "physical", "make a DMA buffer (needs the DMA right)")                 \
    X(3, vm_set_special, "start bytes memory offset", "", "map device memory that a memory handle covers")       \
    X(4, vm_query, "start bytes runs room", "count", "report the kinds in a range as runs")                      \
    X(5, vm_page_out, "start bytes", "", "ask for pages to be evicted")                                          \
    X(6, vm_page_in, "start bytes", "", "ask for pages to be brought in")                                        \
    X(7, vm_space, "", "process_start process_end thread_end", "the bounds of process and thread space")         \
    X(8, port_create, "", "handle", "make a port; the handle has all rights")                                    \
    X(9, handle_copy, "from rights badge", "handle", "copy a handle with fewer rights, and a badge")             \
    X(10, handle_close, "handle", "", "give a handle up")                                                        \
    X(11, name_register, "name length port", "", "give a port a global name")                                    \
    X(12, name_lookup, "name length", "handle", "a send handle to the port of that name")                        \
    X(13, ipc_call, "ipc", "ipc", "send a message and wait for its reply")                                       \
    X(14, ipc_send, "ipc", "", "send a message, wait until it is received")                                      \
    X(15, ipc_receive, "ipc", "ipc", "wait for a message")                                                       \
    X(16, ipc_reply, "ipc", "", "answer a call")                                                                 \
    X(17, ipc_reply_receive, "ipc", "ipc", "answer a call and wait on the port named by ipc_listen")             \
    X(18, ipc_listen, "port", "", "the port on which this thread's ipc_reply_receive waits")                     \
    X(19, ipc_notify, "port bits", "", "or bits into a port's notification word; never blocks")                  \
    X(20, ipc_window, "start bytes", "", "where arriving page items land")                                       \
    X(21, ipc_buffer, "start", "", "the page that holds this thread's message buffer")                           \
    X(22, process_spawn, "spawn", "handle pid", "start a program of the boot archive (struct spawn)")            \
    X(23, process_wait, "handle", "status", "wait for a process to end")                                         \
    X(24, process_kill, "handle", "", "end a process")                                                           \
    X(25, process_exit, "status", "", "end this process")                                                        \
    X(26, process_id, "", "pid", "this process's number")                                                        \
    X(27, process_open, "control pid", "handle", "a handle to any process (needs the control right)")            \
    X(28, process_list, "from room buffer", "count", "struct process_info of the processes from pid `from` up")  \
    X(29, thread_create, "entry argument priority stack", "handle", "start a thread of this process")            \
    X(30, thread_wait, "handle", "", "wait for a thread to end")                                                 \
    X(31, thread_yield, "", "", "let another thread of this priority run")                                       \
    X(32, thread_exit, "", "", "end this thread")                                                                \
    X(33, time_now, "", "low high", "microseconds since boot")                                                   \
    X(34, time_sleep_until, "low high", "", "sleep until that moment")                                           \
    X(35, right_create, "machine type first count", "handle", "make a right to a piece of hardware (init only)") \
    X(36, io_enable, "ports", "", "let this process use the I/O ports of a right")                               \
    X(37, interrupt_bind, "interrupt port bits", "", "an interrupt notifies this port; unmasks it")              \
    X(38, interrupt_done, "interrupt", "", "the device has been served: unmask its interrupt")                   \
    X(39, swap_register, "swap port blocks", "", "serve swap requests on this port (needs the swap right)")      \
    X(40, token_map, "swap token page", "", "map the page of an in-flight request at an address")                \
    X(41, token_physical, "dma token", "physical", "the physical address of an in-flight request's page")        \
    X(42, log_write, "text bytes", "", "write whole lines to the serial line")                                   \
    X(43, log_read, "from bytes buffer", "count next", "read the kernel's log (dmesg), go on at `next`")         \
    X(44, boot_commands, "bytes buffer", "count", "read the commands module that tools/run made")                \
    X(45, space_query, "pid start runs room", "count", "vm_query of another process, from start up")             \
    X(46, entry_query, "pid address entry", "", "the entries that translate an address (struct entry_info)")     \
    X(47, check, "report", "", "run the invariant checker (struct check_report)")                                \
    X(48, power, "machine how", "", "end the machine: 0 power off, 1 reboot, 2 panic (debugging)")               \
    X(49, vm_unmap, "start bytes", "", "take back what was lent from a range of pages, recursively")             \
    X(50, vm_find_hole, "bytes align low high", "start", "the first free range of that size, from low to high")  \
    X(51, vm_bounds, "at", "below above", "the nearest pages in use on either side of a page")                   \
    X(52, process_limits, "report", "", "what this process may hold, and holds (struct limits_report)")          \
    X(53, fault_handler, "port whose", "", "who is asked about faults of this process (0) or thread (1)")        \
    X(54, file_port, "pager port", "", "who is asked for FILE pages of this process, and of those it starts")    \
    X(55, file_connect, "", "handle", "a send handle to this process's file port; its badge is the process")     \
    X(56, file_mark, "pager pid start bytes kind", "", "make pages of a client FILE (VM_FILE), or NONE again")   \
    X(57, file_hold, "pager page fill", "token", "keep a page of the caller's cache in RAM, and name it")        \
    X(58, file_release, "pager page dirty", "", "let it be evicted again")                                       \
    X(59, file_take, "pager pid page to", "taken token", "move a client's private page to the caller's cache")   \
    X(60, file_client, "pager process", "pid", "make a process a client: its end will be told (FILE_GONE)")      \
    X(61, process_start, "process", "", "start a child that was made of a file's head")                          \
    X(62, boot_archive, "from bytes buffer", "count", "read the boot archive, a tar file, from a byte on")

#define SYSCALL_ENUM(number, name, arguments, results, text) SYSCALL_##name = (number),
enum syscall { SYSCALLS(SYSCALL_ENUM) SYSCALL_COUNT };
#undef SYSCALL_ENUM

#define IPC_LONG 0x80u /* or-ed into the number of an IPC call: the message buffer takes part */

#endif
