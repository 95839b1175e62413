# The host's tools for disk images: make -f tools/files/files.mk, from the tree's folder. They do it themselves.

OUT := build/host/files
SOURCES := $(wildcard tools/files/*.c src/files/*.c)
FLAGS := -m32 -std=gnu11 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -O2 -g -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror -Isrc \
	-Itools/files -MMD -MP

$(OUT)/files: $(SOURCES:%.c=$(OUT)/%.o)
	@gcc -m32 $^ -o $@.new && mv $@.new $@

$(OUT)/%.o: %.c tools/files/files.mk
	@mkdir -p $(@D)
	@gcc $(FLAGS) -c $< -o $@

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
