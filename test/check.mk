# make check: everything that can be said of the sources without running them.
#
#   compile    both flavours, warnings as errors; each header on its own
#   sparse     __user and other address spaces, -Wsparse-error
#   clang-tidy what .clang-tidy lists; cppcheck; clang-format as .clang-format says
#   arrows     which room may include which, lengths, debts
#   docs       pages that repeat what the sources say, say what they say
#
# A file that has passed is looked at again only when it, a header that it includes, or the rules change.

CHECK_OUT := build/check
CHECK_C := $(sort $(shell find src test/host test/structures -type f -name '*.c'))
CHECK_H := $(sort $(shell find src test/host test/structures -type f -name '*.h'))
CHECK_WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wundef -Werror
CHECK_KERNEL := -m32 -march=i586 -std=gnu11 -ffreestanding -fno-pic -fno-pie -Isrc -Isrc/lib
CHECK_HOST := -m32 -std=gnu11 -Isrc -Isrc/lib -Itest/host -Itest/structures

CHECK_RULES := test/check.mk .clang-format $(shell find . -name .clang-tidy -not -path './build/*')

# How far into each function clang's analyzer goes; seven times as far took four times as long, and found no more.
CHECK_ANALYZER := -Xclang -analyzer-config -Xclang max-nodes=30000

check_flags = $(if $(filter test/%,$(1)),$(CHECK_HOST),$(CHECK_KERNEL))

.PHONY: check-install check-files check-cppcheck check-arrows check-docs check-sparse-command
check-install:
	@! test -x tools/install || tools/install build host check

check: check-files check-cppcheck check-arrows check-docs
	@echo 'check passed: $(words $(CHECK_C)) sources, $(words $(CHECK_H)) headers'

check-files: $(CHECK_C:%=$(CHECK_OUT)/%.ok) $(CHECK_H:%=$(CHECK_OUT)/%.ok)

# Sparse does not know the 128-bit float in C11's stddef.h; (uint8_t)~bit is meant as it stands.
SPARSE = sparse -Wsparse-error -Wbitwise -Waddress-space -Wno-cast-truncate $(filter-out -std=%,$(1))

$(CHECK_OUT)/%.c.ok: %.c $(CHECK_RULES) | check-install
	@mkdir -p $(@D)
	@gcc $(call check_flags,$<) $(CHECK_WARNINGS) -O2 -DBUILD_DEBUG=0 -MMD -MP -MF $(@:.ok=.d) -MT $@ -c $< -o $(@:.ok=.o)
	@gcc $(call check_flags,$<) $(CHECK_WARNINGS) -O1 -DBUILD_DEBUG=1 -c $< -o $(@:.ok=.o)
	@rm -f $(@:.ok=.o)
	@$(if $(filter src/%,$<),$(call SPARSE,$(call check_flags,$<)) $<)
	@clang-tidy --quiet $< -- $(call check_flags,$<) $(CHECK_ANALYZER) -DBUILD_DEBUG=1 >$(@:.ok=.tidy) 2>/dev/null || \
		{ cat $(@:.ok=.tidy); exit 1; }
	@rm -f $(@:.ok=.tidy)
	@clang-format --dry-run -Werror $<
	@touch $@

$(CHECK_OUT)/%.h.ok: %.h $(CHECK_RULES) | check-install
	@mkdir -p $(@D)
	@echo '#include "$<"' | gcc -I. $(call check_flags,$<) $(CHECK_WARNINGS) -fsyntax-only \
	 -MMD -MP -MF $(@:.ok=.d) -MT $@ -x c -
	@clang-format --dry-run -Werror $<
	@touch $@

# comparePointers: two symbols of the linker bound a table; every kernel compares them.
# uninitvar, ctuuninitvar: take a pointer that is only written through for one that is read; gcc and clang-tidy do not.
# nullPointer: the program that faults on purpose.
check-cppcheck: | check-install
	@mkdir -p $(CHECK_OUT)/cppcheck
	@cppcheck --quiet --enable=warning,performance,portability --platform=unix32 --std=c11 --inline-suppr -j2 \
		--suppress=missingIncludeSystem --suppress=comparePointers --suppress=uninitvar --suppress=ctuuninitvar \
		--suppress=nullPointer:src/apps/fault/main.c \
		--cppcheck-build-dir=$(CHECK_OUT)/cppcheck --error-exitcode=1 \
		--template='{file}:{line}: {severity}: {message} [cppcheck {id}]' -Isrc -Isrc/lib \
		$(filter src/%,$(CHECK_C))

# For test/host/sparse_seeded: what a kernel file is looked at with.
check-sparse-command:
	@echo $(call SPARSE,$(CHECK_KERNEL))

check-arrows:
	@tools/arrows

check-docs: | check-install
	@tools/docs --check

-include $(shell find $(CHECK_OUT) -name '*.d' 2>/dev/null)
