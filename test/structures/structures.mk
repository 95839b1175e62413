# The comparison of docs/structures.md: what keeping mappings costs in each structure of test/structures.
#
#   make structures           measure all, and bring docs/structures.tsv and what is drawn from it up to date
#
# The structures, and the linear room, which is one of them, are compiled so that gcc puts a call before each load and
# store; the calls are counted (measure/count.h). Loops stay loops: a memmove would hide its loads and stores.

STRUCTURES_OUT := build/structures
STRUCTURES_MEASURE := $(STRUCTURES_OUT)/measure
STRUCTURES_PLAIN := test/structures/memory.c test/structures/workload.c $(wildcard test/structures/measure/*.c)
STRUCTURES_COUNTED := $(filter-out $(STRUCTURES_PLAIN),$(wildcard test/structures/*.c)) $(wildcard src/kernel/linear/*.c) \
	test/host/fake_paging.c
STRUCTURES_FLAGS := -m32 -march=i586 -std=gnu11 -O2 -fno-pic -fno-tree-loop-distribute-patterns -Wall -Wextra -Werror \
	-Itest/structures -Itest/host -Itest/structures/measure/counted -Isrc -Isrc/lib -MMD -MP

.PHONY: structures
$(STRUCTURES_OUT)/plain/%.o: %.c test/structures/structures.mk | install-host
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)gcc $(STRUCTURES_FLAGS) -c $< -o $@

$(STRUCTURES_OUT)/counted/%.o: %.c test/structures/structures.mk | install-host
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)gcc $(STRUCTURES_FLAGS) -fsanitize=thread -c $< -o $@

$(STRUCTURES_MEASURE): $(STRUCTURES_PLAIN:%.c=$(STRUCTURES_OUT)/plain/%.o) \
		$(STRUCTURES_COUNTED:%.c=$(STRUCTURES_OUT)/counted/%.o)
	$(call say,LINK,$@)
	$(Q)gcc -m32 -no-pie $^ -o $@

structures: $(STRUCTURES_MEASURE)
	@echo 'a minute or two: 20,000 mappings in lists and arrays'
	$(Q)$(STRUCTURES_MEASURE) >$(STRUCTURES_OUT)/structures.tsv
	$(Q)cp $(STRUCTURES_OUT)/structures.tsv docs/structures.tsv
	$(Q)tools/docs

-include $(shell find $(STRUCTURES_OUT) -name '*.d' 2>/dev/null)
