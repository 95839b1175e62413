#include "kernel/arch/x86/cpu.h"
#include "common/format.h"
#include "common/string.h"

/* CPUID leaf 1, EDX (Intel SDM vol. 2A, CPUID) */
enum {
    EDX_FPU = 0,
    EDX_PSE = 3,
    EDX_TSC = 4,
    EDX_MSR = 5,
    EDX_APIC = 9,
    EDX_SEP = 11,
    EDX_PGE = 13,
    EDX_FXSR = 24,
    EDX_SSE = 25
};
#define FAMILY_P6 6u
#define FLAG_ID 0x00200000u
#define LEAF_BRAND 0x80000002u
#define LEAF_EXTENDED 0x80000000u

static struct cpu_features features;
static char name[16] = "486";

static bool bit(uint32_t word, unsigned n) { return (word >> n) & 1u; }

static bool has_cpuid(void)
{
    uint32_t before = flags_read();
    flags_write(before ^ FLAG_ID);
    bool changed = ((flags_read() ^ before) & FLAG_ID) != 0;
    flags_write(before);
    return changed;
}

static bool brand_is_qemu(void)
{
    uint32_t highest, brand[4], unused;
    cpuid(LEAF_EXTENDED, &highest, &unused, &unused, &unused);
    if (highest < LEAF_BRAND)
        return false;
    cpuid(LEAF_BRAND, &brand[0], &brand[1], &brand[2], &brand[3]);
    return memcmp(brand, "QEMU", 4) == 0;
}

static void name_make(uint32_t family, uint32_t model, const char vendor[12])
{
    static const char *const p6[] = {[1] = "pentiumpro", [3] = "pentium2", [5] = "pentium2",  [6] = "pentium2",
                                     [7] = "pentium3",   [8] = "pentium3", [10] = "pentium3", [11] = "pentium3"};
    bool intel = memcmp(vendor, "GenuineIntel", 12) == 0;
    if (brand_is_qemu())
        format_text(name, sizeof name, "qemu32");
    else if (family <= 4)
        format_text(name, sizeof name, "486");
    else if (intel && family == 5)
        format_text(name, sizeof name, "pentium");
    else if (intel && family == FAMILY_P6 && model < sizeof p6 / sizeof p6[0] && p6[model] != NULL)
        format_text(name, sizeof name, "%s", p6[model]);
    else
        format_text(name, sizeof name, "%s-%u.%u", intel ? "intel" : "x86", family & 0xFFu, model);
}

void cpu_start(void)
{
    features.fpu = true; /* a 486 without CPUID: a DX, and an SX says so below */
    if (!has_cpuid()) {
        features.fpu = fpu_answers();
        return;
    }
    uint32_t highest, signature, edx, unused;
    char vendor[12];
    cpuid(0, &highest, (uint32_t *)(void *)&vendor[0], (uint32_t *)(void *)&vendor[8], (uint32_t *)(void *)&vendor[4]);
    cpuid(1, &signature, &unused, &unused, &edx);
    uint32_t family = signature >> 8 & 15u, model = signature >> 4 & 15u, stepping = signature & 15u;
    features = (struct cpu_features){.fpu = bit(edx, EDX_FPU),
                                     .pse = bit(edx, EDX_PSE),
                                     .tsc = bit(edx, EDX_TSC),
                                     .msr = bit(edx, EDX_MSR),
                                     .apic = bit(edx, EDX_APIC),
                                     .pge = bit(edx, EDX_PGE),
                                     .fxsr = bit(edx, EDX_FXSR),
                                     .sse = bit(edx, EDX_SSE)};
    bool early_pentium_pro = family == FAMILY_P6 && model < 3 && stepping < 3; /* says SEP and has none */
    features.sysenter = bit(edx, EDX_SEP) && features.msr && !early_pentium_pro;
    features.apic_movable = family >= FAMILY_P6 && features.msr;
    name_make(family, model, vendor);
}

const struct cpu_features *cpu_features(void) { return &features; }
const char *cpu_name(void) { return name; }
