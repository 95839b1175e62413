# Apteryx. Everything is built by pattern from the folders of src/ into build/release, or build/debug with DEBUG=1.
#
#   kernel     boot/*.asm, src/kernel/**/*.{c,asm}, src/common/*.c, linked twice: the second link holds the symbol table
#   library    src/lib/**/*.{c,asm}, src/files/*.c, src/foreign/*.c and src/common/*.c
#   programs   each folder of src/servers and src/apps, and each src/apps/NAME.c; likewise APPS=DIR
#   policies   src/usage/core/*.c with each src/usage/policy/NAME.c; likewise POLICIES=DIR
#   ISO        kernel, policies and one archive of the programs; also as build/apteryx.iso

.DEFAULT_GOAL := iso
MAKEFLAGS += $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc)) --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: iso iso-path run test check power-cuts file-figures docs picture clean help host-tests install-build

FLAVOUR := $(if $(filter-out 0,$(DEBUG)),debug,release)
OUT := build/$(FLAVOUR)
OBJ := $(OUT)/obj

# What is done is told in one line; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),@:,@echo '  $(1)	$(2)')

find_sources = $(if $(wildcard $(1)),$(sort $(shell find $(1) -name '*.c' -o -name '*.asm')))
objects = $(patsubst %,$(OBJ)/$(1)/%.o,$(2))

# ---- flags --------------------------------------------------------------------------------------------------------

CC := gcc
GCC_HEADERS = $(eval GCC_HEADERS := $(shell $(CC) -print-file-name=include))$(GCC_HEADERS)
# For 64-bit division. Its integer functions hold no CMOV, which a Pentium has not; tools/archive looks.
LIBGCC = $(eval LIBGCC := $(shell $(CC) -m32 -march=i586 -print-libgcc-file-name))$(LIBGCC)
FREESTANDING = -m32 -march=i586 -std=gnu11 -ffreestanding -nostdinc -isystem $(GCC_HEADERS) -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -O2 -g \
	-ffile-prefix-map=$(CURDIR)=. -Wall -Wextra -Isrc -DBUILD_DEBUG=$(if $(filter debug,$(FLAVOUR)),1,0)
STRICT := -Wconversion -Wsign-conversion -Wshadow -Werror
SANITIZE := $(if $(filter debug,$(FLAVOUR)),-fsanitize=undefined -fsanitize-undefined-trap-on-error)
STACK_PROTECTOR := $(if $(filter debug,$(FLAVOUR)),-fstack-protector-strong -mstack-protector-guard=global)
KERNEL_FLAGS = $(FREESTANDING) $(STRICT) $(SANITIZE) $(STACK_PROTECTOR) -mgeneral-regs-only -mregparm=3 \
	-freg-struct-return "-DUSAGE_CALL=__attribute__((regparm(0)))"
USER_FLAGS = $(FREESTANDING) $(STRICT) -Isrc/lib
USAGE_FLAGS = $(FREESTANDING) $(SANITIZE) -mgeneral-regs-only -Isrc/lib
NASM := nasm -f elf32 -g -F dwarf -Werror -Isrc/ -Iboot/
LD := ld -m elf_i386 -nostdlib -static -z noexecstack --build-id=none --no-warn-rwx-segments --fatal-warnings

# ---- kernel -------------------------------------------------------------------------------------------------------

DEBUG_ONLY := src/kernel/debug/stack_protector.c src/kernel/pager/check_self.c
KERNEL_SOURCES := $(wildcard boot/*.asm) $(filter-out $(if $(filter release,$(FLAVOUR)),$(DEBUG_ONLY)),$(call \
	find_sources,src/kernel)) $(wildcard src/common/*.c)
KERNEL_OBJECTS := $(call objects,kernel,$(KERNEL_SOURCES))
KERNEL := $(OUT)/apteryx.elf

$(OBJ)/kernel/%.c.o: %.c Makefile | install-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(KERNEL_FLAGS) -MMD -MP -c $< -o $@

$(OBJ)/kernel/%.asm.o: %.asm | install-build
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) -MD $(@:.o=.d) $< -o $@

# Three links: without symbols, with a table of the right size, with the right addresses in it.
$(KERNEL): $(KERNEL_OBJECTS) boot/kernel.ld tools/symbols
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)tools/symbols link $@ $(OBJ)/symbols '$(NASM)' '$(LD) -T boot/kernel.ld' $(KERNEL_OBJECTS)

# ---- user library and programs ------------------------------------------------------------------------------------

LIBRARY := $(OUT)/libapteryx.a
LIBRARY_OBJECTS := $(call objects,user,$(call find_sources,src/lib src/files src/foreign) $(wildcard src/common/*.c))
PROGRAM_LINK = $(LD) -T src/lib/program.ld -z max-page-size=4096

$(LIBRARY): $(LIBRARY_OBJECTS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcsD $@ $^

$(OBJ)/user/%.c.o: %.c | install-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USER_FLAGS) -MMD -MP -c $< -o $@

$(OBJ)/user/%.asm.o: %.asm | install-build
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) -MD $(@:.o=.d) $< -o $@

# program(name, folder for the ELF file, objects)
define program
$(2)/$(1): $(3) $(LIBRARY) src/lib/program.ld
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(PROGRAM_LINK) -o $$@ $(3) --start-group $(LIBRARY) $$(LIBGCC) --end-group
endef

# programs_of(folder): the names of the programs in it; program_sources(folder,name)
programs_of = $(sort $(patsubst $(1)/%.c,%,$(wildcard $(1)/*.c)) $(foreach d,$(wildcard $(1)/*/.),$(if \
	$(wildcard $(d:/.=)/*.c),$(notdir $(d:/.=)))))
program_sources = $(or $(wildcard $(1)/$(2).c),$(sort $(wildcard $(1)/$(2)/*.c $(1)/$(2)/*.asm)))

# What a program has besides its own folder.
atapi_SOURCES := src/servers/ata/channel.c

SERVERS := $(call programs_of,src/servers)
TREE_APPS := $(call programs_of,src/apps)
$(foreach p,$(SERVERS),$(eval $(call program,$(p),$(OUT)/programs,$(call objects,user,$(call \
	program_sources,src/servers,$(p)) $($(p)_SOURCES)))))
$(foreach p,$(TREE_APPS),$(eval $(call program,$(p),$(OUT)/programs,$(call objects,user,$(call \
	program_sources,src/apps,$(p))))))

# ---- page-usage modules -------------------------------------------------------------------------------------------

TREE_POLICIES := $(sort $(basename $(notdir $(wildcard src/usage/policy/*.c))))
USAGE_CORE := $(call objects,usage,$(wildcard src/usage/core/*.c src/common/*.c))

$(OBJ)/usage/%.c.o: %.c | install-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(USAGE_FLAGS) $(STRICT) -MMD -MP -c $< -o $@

# A module holds of src/common only what it uses.
$(OBJ)/usage/core.a: $(USAGE_CORE)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcsD $@ $^

# policy(name, folder for the ELF file, objects)
define policy
$(2)/$(1).elf: $(3) $(OBJ)/usage/core.a src/usage/module.ld
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(LD) -T src/usage/module.ld -o $$@ $(3) $(filter $(OBJ)/usage/src/usage/%,$(USAGE_CORE)) \
		--start-group $(OBJ)/usage/core.a $$(LIBGCC) --end-group
endef
$(foreach p,$(TREE_POLICIES),$(eval $(call policy,$(p),$(OUT)/usage,$(OBJ)/usage/src/usage/policy/$(p).c.o)))

# ---- programs and policies from outside the tree ------------------------------------------------------------------
# They are reached through a link, so that any path will do, and built in a folder of their own, so that runs with
# different folders stand side by side.

ISO_DIR := $(OUT)
ifneq ($(APPS)$(POLICIES),)
outside_path = $(if $(1),$(or $(shell test -d '$(1)' && realpath '$(1)'),$(error no such folder: $(1))))
APPS_PATH := $(call outside_path,$(APPS))
POLICIES_PATH := $(call outside_path,$(POLICIES))
ISO_DIR := $(OUT)/outside/$(shell printf '%s\n' '$(APPS_PATH)' '$(POLICIES_PATH)' | cksum | tr ' ' -)
endif
OUTSIDE_FLAGS = $(FREESTANDING) -Werror=implicit-function-declaration -Isrc/lib -I$(ISO_DIR)/apps -I$(ISO_DIR)/policies -MMD -MP

ifneq ($(APPS),)
$(shell mkdir -p $(ISO_DIR) && ln -sfn '$(APPS_PATH)' $(ISO_DIR)/apps)
OUTSIDE_APPS := $(call programs_of,$(ISO_DIR)/apps)
outside_objects = $(patsubst $(ISO_DIR)/apps/%,$(ISO_DIR)/obj/%.o,$(call program_sources,$(ISO_DIR)/apps,$(1)))
$(ISO_DIR)/obj/%.c.o: $(ISO_DIR)/apps/%.c | install-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTSIDE_FLAGS) -c $< -o $@
$(ISO_DIR)/obj/%.asm.o: $(ISO_DIR)/apps/%.asm | install-build
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) $< -o $@
$(foreach p,$(OUTSIDE_APPS),$(eval $(call program,$(p),$(ISO_DIR)/programs,$(call outside_objects,$(p)))))
endif

ifneq ($(POLICIES),)
$(shell mkdir -p $(ISO_DIR) && ln -sfn '$(POLICIES_PATH)' $(ISO_DIR)/policies)
OUTSIDE_POLICIES := $(call programs_of,$(ISO_DIR)/policies)
outside_policy_objects = $(patsubst $(ISO_DIR)/policies/%,$(ISO_DIR)/obj-policies/%.o,$(call \
	program_sources,$(ISO_DIR)/policies,$(1)))
$(ISO_DIR)/obj-policies/%.c.o: $(ISO_DIR)/policies/%.c | install-build
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTSIDE_FLAGS) $(SANITIZE) -mgeneral-regs-only -c $< -o $@
$(foreach p,$(OUTSIDE_POLICIES),$(eval $(call policy,$(p),$(ISO_DIR)/usage,$(call outside_policy_objects,$(p)))))
endif

# ---- archive and ISO ----------------------------------------------------------------------------------------------

PROGRAMS := $(addprefix $(OUT)/programs/,$(filter-out $(OUTSIDE_APPS),$(SERVERS) $(TREE_APPS))) \
	$(addprefix $(ISO_DIR)/programs/,$(OUTSIDE_APPS))
POLICY_ELFS := $(addprefix $(OUT)/usage/,$(addsuffix .elf,$(filter-out $(OUTSIDE_POLICIES),$(TREE_POLICIES)))) \
	$(addprefix $(ISO_DIR)/usage/,$(addsuffix .elf,$(OUTSIDE_POLICIES)))
INIT_CONF := $(wildcard src/servers/init/init.conf)
ISO := $(ISO_DIR)/apteryx.iso

# A list of what goes in, rewritten only when it changes: a program that is gone must leave the archive too.
CONTENTS := $(PROGRAMS) $(INIT_CONF) $(POLICY_ELFS)
ifdef LOCKED
$(shell mkdir -p $(ISO_DIR); echo '$(CONTENTS)' | cmp -s - $(ISO_DIR)/contents || echo '$(CONTENTS)' >$(ISO_DIR)/contents)
endif

$(ISO_DIR)/boot.tar: $(PROGRAMS) $(INIT_CONF) $(ISO_DIR)/contents tools/archive
	$(call say,TAR,$@)
	$(Q)tools/archive $@ $(addprefix etc/init.conf=,$(INIT_CONF)) $(PROGRAMS)

$(ISO): $(KERNEL) $(POLICY_ELFS) $(ISO_DIR)/boot.tar grub.cfg tools/iso
	$(call say,ISO,$@)
	$(Q)tools/iso $@ $(KERNEL) $(ISO_DIR)/boot.tar $(POLICY_ELFS)

install-build:
	@tools/install build

# iso-path, for tools/run: bring the ISO up to date and say where it is. Both build in one tree, one after the other.
ifdef LOCKED
iso: $(ISO)
	@cp --reflink=auto $(ISO) build/apteryx.iso.new
	@mv build/apteryx.iso.new build/apteryx.iso
	@echo 'build/apteryx.iso ($(ISO))'
iso-path: $(ISO)
	@echo $(ISO)
else
iso iso-path:
	@mkdir -p build
	@flock -o build/.lock $(MAKE) LOCKED=1 $@
endif

# ---- using it -----------------------------------------------------------------------------------------------------

# The main job: eight times more pages than the machine has memory, every one checked.
JOB = stress --procs 8 --pages 4096 --pattern random --rounds 3 --verify
JOB_ABOUT = A machine with 16 MiB of RAM; 8 processes with 128 MiB of pages, all written, then read back and checked.
RUN_OPTIONS = --ram 16M --swap 256M --timeout 600
run: iso
	@tools/install run
	@echo '$(JOB_ABOUT)'
	tools/run $(RUN_OPTIONS) $(if $(APPS),--apps '$(APPS)') $(if $(POLICIES),--policies '$(POLICIES)') -- '$(JOB)'

test: iso
	@tools/install run bochs host gdb docs
	@$(MAKE) -s DEBUG=1 iso-path >/dev/null
	@test/boot/run_tests $(if $(TESTS),--only '$(TESTS)')

# Hundreds of machines whose power fails, and thousands of disks whose cache was lost: test/boot/power_cuts --help.
CUTS = 200
REPLAYS = 4000
power-cuts: iso
	@tools/install run host
	@test/boot/power_cuts --cuts $(CUTS) --replays $(REPLAYS) $(if $(SEED),--seed $(SEED))

# A large file in a small machine, and 20,000 mappings: test/boot/file_figures --help.
file-figures: iso
	@tools/install run host
	@test/boot/file_figures

mutants: iso
	@tools/install run host
	@$(MAKE) -s host-build
	@test/mutants/run_mutants $(if $(MUTANT),--only '$(MUTANT)')

-include test/structures/structures.mk
-include test/host/host.mk
-include test/check.mk
-include tools/files/check.mk

docs:
	@tools/docs

picture: iso
	@tools/install run
	tools/picture

clean:
	rm -rf build

help:
	@sed -n 's/^# help: //p' Makefile

# help: make iso      build build/apteryx.iso           (DEBUG=1: the debug build; APPS=DIR, POLICIES=DIR: more programs)
# help: make run      boot it in QEMU and run the main job on the terminal
# help: make test     host tests and boot tests         (TESTS=WORD: only those whose name contains WORD)
# help: make power-cuts  kill 200 machines that write files, and lose the cache of one 4,000 times (CUTS=N, REPLAYS=N, SEED=S)
# help: make file-figures  what reading a large file and making many mappings costs
# help: make mutants  plant small faults, each must be noticed (MUTANT=WORD: only those whose name contains WORD)
# help: make check    warnings, static analysis, format, arrows between the rooms
# help: make structures  count what keeping mappings costs in each structure, for docs/structures.md
# help: make docs     bring what docs/ repeats of the sources up to date
# help: make picture  take the README's picture from a running machine
# help: make clean    remove build/

ifdef LOCKED
-include $(shell find $(OBJ) $(ISO_DIR)/obj $(ISO_DIR)/obj-policies -name '*.d' 2>/dev/null)
endif
