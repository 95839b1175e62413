# make check looks at the host's tools for disk images too, as at the host's tests, but with 64-bit file offsets.

CHECK_DISK_TOOLS := $(patsubst %,$(CHECK_OUT)/%.ok,$(wildcard tools/files/*.c tools/files/*.h))
$(CHECK_DISK_TOOLS): CHECK_KERNEL := -m32 -std=gnu11 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -Isrc -Itools/files
check-files: $(CHECK_DISK_TOOLS)
