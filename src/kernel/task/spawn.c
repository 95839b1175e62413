/* Making a process of a program: of the boot archive, whose pages are copied, or of the head of a file, whose pages somebody
 * else maps. The child is built piece by piece in *building, so that a spawn which is parked for want of frames goes on
 * where it was; nobody else sees the child before it is published. Loading passes over pages that were loaded before the
 * parent was parked. */
#include "abi/program.h"
#include "common/elf.h"
#include "common/string.h"
#include "kernel/ipc/ipc.h"
#include "kernel/pager/pager.h"
#include "common/archive.h"
#include "kernel/task/task.h"

static struct archive boot_archive;

void task_start_archive(const uint8_t *start, uint32_t bytes) { boot_archive = (struct archive){start, bytes}; }

#define STACK_IMAGE_WORDS (SPAWN_ARGUMENTS + 2u)
#define STACK_IMAGE_PAGES 2u

/* What lies at the top of the first stack: argc, argv[], NULL, the strings. */
static uint8_t stack_image[STACK_IMAGE_PAGES * PAGE_BYTES];

static uintptr_t stack_image_make(const struct program_request *request)
{
    uint32_t strings = STACK_TOP - ((request->argument_bytes + 3u) & ~3u);
    uint32_t start = strings - (request->argument_count + 2u) * 4u;
    uint32_t base = STACK_TOP - sizeof stack_image;
    uint32_t *word = (uint32_t *)(void *)&stack_image[start - base];
    memset(stack_image, 0, sizeof stack_image);
    memcpy(&stack_image[strings - base], request->arguments, request->argument_bytes);
    *word++ = request->argument_count;
    for (uint32_t i = 0, at = 0; i < request->argument_count; i++) {
        *word++ = strings + at;
        at += (uint32_t)strlen(request->arguments + at) + 1;
    }
    return start;
}

static err_t image_page_load(struct process *child, const uint8_t *image, const struct program_segment *s, page_t page)
{
    uint32_t offset = (page.n - s->first.n) * PAGE_BYTES;
    uint32_t bytes = offset >= s->file_bytes ? 0 : s->file_bytes - offset;
    if (bytes > PAGE_BYTES)
        bytes = PAGE_BYTES;
    return pager_page_load(&child->space, page, image + s->offset + offset, bytes, (child->flags & SPAWN_LOCKED) != 0);
}

static err_t image_load(struct process *child, const uint8_t *image, const struct program *program)
{
    for (uint32_t i = 0; i < program->segments; i++) {
        const struct program_segment *s = &program->segment[i];
        for (page_t page = s->first; page.n < s->end.n; page.n++)
            TRY(image_page_load(child, image, s, page));
    }
    return OK;
}

/* From the stack's pointer up; a locked program's whole stack. */
static err_t stack_load(struct process *child, uintptr_t stack)
{
    bool locked = (child->flags & SPAWN_LOCKED) != 0;
    page_t first = address_page(locked ? STACK_BOTTOM : stack);
    for (page_t page = first; page.n < STACK_TOP / PAGE_BYTES; page.n++) {
        uint32_t below = STACK_TOP / PAGE_BYTES - page.n;
        const uint8_t *content =
            below <= STACK_IMAGE_PAGES ? &stack_image[(STACK_IMAGE_PAGES - below) * PAGE_BYTES] : stack_image;
        TRY(pager_page_load(&child->space, page, content, below <= STACK_IMAGE_PAGES ? PAGE_BYTES : 0, locked));
    }
    return OK;
}

static void area_add(struct page_range *area, const struct program_segment *s)
{
    if (area->end.n == 0)
        area->first = s->first;
    area->end = s->end;
}

/* Of a file's segment the zeros; of what is in the archive, all that will be loaded. */
static err_t segment_promise(struct space *space, const struct program_segment *s, bool of_a_file)
{
    struct page_range zeros = {{s->first.n + segment_file_pages(s)}, s->end};
    if (!of_a_file)
        return pager_charge(space, s->end.n - s->first.n);
    return zeros.first.n < zeros.end.n ? pager_range_mark(space, zeros, ENTRY_ON_DEMAND) : OK;
}

static err_t areas_make(struct process *child, const struct program *program)
{
    struct space *space = &child->space;
    for (uint32_t i = 0; i < program->segments; i++)
        area_add(program->segment[i].writable ? &space->data : &space->text, &program->segment[i]);
    space->process_end = address_page(KERNEL_SPACE - program->thread_space_bytes);
    space->locked = (child->flags & SPAWN_LOCKED) != 0;
    space->overcommit = (program->flags & PROGRAM_FLAG_OVERCOMMIT) != 0;
    space->allocate_by_default = space->overcommit && (program->flags & PROGRAM_FLAG_ON_DEMAND);
    for (uint32_t i = 0; i < program->segments; i++)
        TRY(segment_promise(space, &program->segment[i], child->runs_a_file));
    struct page_range stack = {address_page(STACK_BOTTOM), address_page(STACK_TOP)};
    struct page_range guard = {address_page(STACK_GUARD), address_page(STACK_BOTTOM)};
    TRY(pager_range_mark(space, stack, ENTRY_ON_DEMAND));
    return pager_range_mark(space, guard, ENTRY_GUARD);
}

void program_abandon(struct process **building)
{
    struct process *child = *building;
    *building = NULL;
    if (!child)
        return;
    process_end(child, (int32_t)STATUS_KILLED, false);
    process_release(child);
}

/* Other threads may have changed what is asked for while this one was parked. */
static bool is_as_begun(const struct process *child, const struct program_request *request)
{
    return strcmp(child->name, request->name) == 0 && child->runs_a_file == (request->image.start != NULL);
}

static err_t child_begin(struct process **building, const struct program_request *request,
                         const struct program *program)
{
    struct process *child;
    struct account *account;
    TRY(account_open(request->parent ? process_account(request->parent) : NULL, request->limits, &account));
    err_t error = process_new(account, &child);
    account_release(account);
    TRY(error);
    memcpy(child->name, request->name, strlen(request->name) + 1);
    child->flags = request->flags;
    child->runs_a_file = request->image.start != NULL;
    *building = child;
    error = areas_make(child, program);
    if (error != OK)
        program_abandon(building);
    return error;
}

/* *image: what is to be loaded; NULL: nothing. */
static err_t program_read(const struct program_request *request, struct program *program, const uint8_t **image)
{
    struct archive_file file;
    *image = NULL;
    if (request->image.start) {
        TRY(elf_read(&request->image, program));
        return elf_can_be_mapped(program) ? OK : ERR_KIND;
    }
    TRY(archive_find(&boot_archive, request->name, (uint32_t)strlen(request->name), &file));
    *image = file.data;
    return elf_read(&(struct program_image){file.data, file.bytes, file.bytes}, program);
}

err_t program_build(struct process **building, const struct program_request *request, struct process **result)
{
    struct program program;
    const uint8_t *image;
    if (*building && !is_as_begun(*building, request))
        program_abandon(building);
    TRY(program_read(request, &program, &image));
    if (!*building)
        TRY(child_begin(building, request, &program));
    struct process *child = *building;
    uintptr_t stack = stack_image_make(request);
    err_t error = stack_load(child, stack);
    if (error == OK && image)
        error = image_load(child, image, &program);
    if (error == OK)
        error = handle_prepare(child, request->handles);
    struct thread *thread = NULL;
    if (error == OK)
        error = thread_new(child, (uint8_t)request->priority, &thread);
    TRY(error);
    *building = NULL;
    context_start(&thread->context, program.entry, stack);
    thread->context.ebx = request->handles | (request->flags & SPAWN_OUTPUT ? START_OUTPUT : 0);
    thread_release(thread);
    process_publish(child, request->parent);
    *result = child;
    return OK;
}

bool program_function(const struct process *process, uintptr_t address, struct elf_function *found)
{
    struct archive_file file;
    return !process->runs_a_file &&
           archive_find(&boot_archive, process->name, (uint32_t)strlen(process->name), &file) == OK &&
           elf_function(file.data, file.bytes, address, found);
}
