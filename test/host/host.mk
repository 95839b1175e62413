# The host ring: every test/host/test_*.c, -m32 under sanitizers, and the exhaustive proof of the entry codec.
# What a test links stands on a line of its own, `/* sources: …`, and so does what a helper that it links needs; what
# its compiler is told besides, `/* flags: …`; host_assert.c, format.c and number.c need not be named.
#
#   make host-test            build and run all of them       (HOST=WORD: only those whose name contains WORD)

HOST_OUT := build/host
HOST_PROGRAMS := resume files_images
HOST_TESTS := $(patsubst test/host/%.c,%,$(wildcard test/host/test_*.c))
HOST_FLAGS := -m32 -std=gnu11 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror -Isrc -Isrc/lib -Itest/host \
	-MMD -MP
HOST_CHECKED := -O2 -g -DBUILD_DEBUG=1 -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: host-test host-tests host-build install-host
host-tests: host-test

install-host:
	@! test -x tools/install || tools/install host

# All those comments by one call: NAME|sources|FILE|FILE… becomes HOST_sources_NAME, and so do flags.
HOST_COMMENTS := $(shell grep '^/\* \(sources\|flags\):' test/host/*.c | \
	sed 's|^test/host/\(.*\)\.c:/\* \([a-z]*\):|\1 \2|;s| *\*/ *$$||;s/  */|/g')
$(foreach c,$(HOST_COMMENTS),$(eval w := $(subst |, ,$(c)))$(eval HOST_$(word 2,$(w))_$(word 1,$(w)) += $(wordlist 3,99,$(w))))
host_comment = $(HOST_$(2)_$(1))
host_named = $(foreach s,$(call host_comment,$(1),sources),$(if $(findstring *,$(s)),$(wildcard $(s)),$(s)))
host_helpers = $(patsubst test/host/%.c,%,$(filter test/host/%,$(1)))
host_sources = $(sort $(call host_named,$(1)) $(foreach h,$(call host_helpers,$(call host_named,$(1))),$(call \
	host_sources,$(h))))

# Compiled once for all tests whose compiler is told nothing besides.
$(HOST_OUT)/common/%.o: %.c test/host/host.mk | install-host
	@mkdir -p $(@D)
	gcc $(HOST_FLAGS) $(HOST_CHECKED) -c $< -o $@
# Linked with every test, as far as it needs them and does not bring its own.
$(HOST_OUT)/common.a: $(patsubst %,$(HOST_OUT)/common/%.o,test/host/host_assert src/common/format src/common/number)
	@rm -f $@
	ar rcsD $@ $^

# host_flags(name, flags)
define host_flags
$(HOST_OUT)/$(1)/%.o: %.c test/host/host.mk | install-host
	@mkdir -p $$(@D)
	gcc $(HOST_FLAGS) $(HOST_CHECKED) $(2) -c $$< -o $$@

endef
# host_test(name, sources, flags)
define host_test
$(if $(3),$(call host_flags,$(1),$(3)))
$(HOST_OUT)/$(1)/run: $(patsubst %.c,$(HOST_OUT)/$(if $(3),$(1),common)/%.o,test/host/$(1).c $(2)) $(HOST_OUT)/common.a
	@mkdir -p $$(@D)
	gcc -m32 $(HOST_CHECKED) $$^ -lcmocka -o $$@

endef
$(foreach t,$(HOST_TESTS) $(HOST_PROGRAMS),$(eval $(call host_test,$(t),$(call host_sources,$(t)),$(call host_comment,$(t),flags))))

$(HOST_OUT)/proof_entry: test/host/proof_entry.c test/host/host.mk | install-host
	@mkdir -p $(@D)
	gcc $(HOST_FLAGS) -O2 $< -o $@

# prove(arguments, output): a proof that ends badly without a word has failed too.
prove = $(HOST_OUT)/proof_entry $(1) >$(2) || test $$? = 1 || echo 'not ok - proof_entry $(1) ended badly' >>$(2)

# The proof takes half a minute: again only when the codec, its test or the compiler's command has changed.
$(HOST_OUT)/proof_entry.tap: $(HOST_OUT)/proof_entry
	@echo 'proof: every 32-bit word as PTE, PDE and root'
	@($(call prove,0 2,$@.0) & $(call prove,1 2,$@.1); wait); $(call prove,flip,$@.2); cat $@.0 $@.1 $@.2 >$@
	@rm -f $@.0 $@.1 $@.2

host-build: $(HOST_TESTS:%=$(HOST_OUT)/%/run) $(HOST_PROGRAMS:%=$(HOST_OUT)/%/run) $(HOST_OUT)/proof_entry \
	$(STRUCTURES_MEASURE)

host-test: host-build $(HOST_OUT)/proof_entry.tap
	@test/host/run_tests $(if $(HOST),--only '$(HOST)') $(HOST_TESTS:%=$(HOST_OUT)/%/run) $(HOST_OUT)/proof_entry.tap \
		test/host/arrows_seeded test/host/sparse_seeded test/host/runners_notice test/structures/figures_are_current \
		test/mutants/apply_mutants test/host/disk_tools test/host/fsck_notices

-include $(shell find $(HOST_OUT) -name '*.d' 2>/dev/null)
