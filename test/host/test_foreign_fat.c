/* sources: test/host/foreign_image.c */
/* FAT16 and FAT32, with clusters of several sizes: read back and compared, then damaged; files in pieces, and names. */
#include "foreign/foreign.h"

#include "foreign_image.h"
#include "host.h"
#include <string.h>

static void fat_of(const char *command, bool fat32, uint32_t cluster_sectors)
{
    image_make(command);
    tree_is_there();
    assert_int_equal(volume.fat.root_cluster != 0, fat32);
    assert_int_equal(volume.fat.cluster_sectors, cluster_sectors);
    content_equals("A/B/c/D/e/f/g/h/i/j/DEEP", "a/b/c/d/e/f/g/h/i/j/deep", 5000);
    content_equals("upper.txt", "UPPER.TXT", 12);
    cut_off(13);
    damaged(12, 400);
}

static void fat16(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 16 -s 4 -C @/image 12000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", false, 4);
}

static void fat16_of_large_clusters(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 16 -s 16 -C @/image 40000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", false, 16);
}

static void fat32_of_single_sectors(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 32 -s 1 -C @/image 36000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", true, 1);
}

static void in_pieces_between_others(void **state)
{
    (void)state;
    uint32_t sector, last = 0, jumps = 0;
    struct foreign_node node;
    image_make("/sbin/mkfs.fat -F 16 -s 2 -C @/image 8000 >/dev/null && for i in 1 2 3 4 5 6 7 8 9; do "
               "mcopy -i @/image @/tree/page ::/hole$i && mcopy -i @/image @/tree/page ::/stays$i; done && "
               "mdel -i @/image '::/hole*' && mcopy -i @/image @/tree/big.bin ::/");
    assert_int_equal(mount(), OK);
    content_equals("big.bin", "big.bin", 700001);
    content_equals_backwards("big.bin", 700001);
    assert_int_equal(foreign_look(&volume, "big.bin", &node), OK);
    for (uint32_t i = 0; i < 700001 / SECTOR; i++, last = sector) {
        assert_int_equal(foreign_sector(&volume, &node, i, &sector), OK);
        jumps += sector != last + 1;
    }
    assert_in_range(jumps, 5, 12);
}

/* Letters of other alphabets are UTF-8; a short name has the case that is noted for it; a label is no file. */
static void fat_names(void **state)
{
    (void)state;
    image_make(
        "cd @ && mkdir odd && echo x >odd/'grüne Wiese' && echo x >odd/kiwi.txt && echo x >odd/KIWI2.TXT && "
        "/sbin/mkfs.fat -F 16 -s 1 -n LABEL -C @/image 8000 >/dev/null && LC_ALL=C.UTF-8 mcopy -i @/image odd/* ::/");
    struct foreign_node node;
    char name[FOREIGN_NAME_MAX + 1];
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count(""), 3);
    assert_int_equal(foreign_look(&volume, "gr\xC3\xBCne Wiese", &node), OK);
    assert_int_equal(foreign_list(&volume, "", "gr\xC3\xBCne Wiese", name, &node), OK);
    assert_string_equal(name, "kiwi.txt");
    assert_int_equal(foreign_look(&volume, "KIWI.TXT", &node), OK);
    assert_int_equal(foreign_list(&volume, "", "", name, &node), OK);
    assert_string_equal(name, "KIWI2.TXT");
}

/* Renamed by somebody who knows nothing of long names, a file has its short one. */
static void fat_a_long_name_of_another(void **state)
{
    (void)state;
    struct foreign_node node;
    image_make(
        "/sbin/mkfs.fat -F 16 -s 1 -C @/image 8000 >/dev/null && mcopy -i @/image @/tree/page '::/Old long name'");
    assert_int_equal(mount(), OK);
    content_equals("Old long name", "page", 4096);
    memcpy(image_find("OLDLON~1"), "RENAMED ", 8);
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "Old long name", &node), ERR_NO_ENTRY);
    content_equals("RENAMED", "page", 4096);
}

/* Behind it, on the same disk, lies what is somebody else's. */
static void fat_a_chain_out_of_the_volume(void **state)
{
    (void)state;
    struct foreign_node node;
    const uint8_t *at;
    image_make("/sbin/mkfs.fat -F 16 -s 4 -C @/image 12000 >/dev/null && mcopy -i @/image @/tree/big.bin ::/ && "
               "head -c 1000000 /dev/zero >>@/image");
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "big.bin", &node), OK);
    uint32_t behind = volume.fat.clusters + 2 + 9;
    uint8_t *entry = image + volume.fat.table * SECTOR + node.start * 2;
    entry[0] = (uint8_t)behind;
    entry[1] = (uint8_t)(behind >> 8);
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_content(&volume, &node, 3, &at), OK);
    assert_int_equal(foreign_content(&volume, &node, 4, &at), ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fat16),
        cmocka_unit_test(fat16_of_large_clusters),
        cmocka_unit_test(fat32_of_single_sectors),
        cmocka_unit_test(in_pieces_between_others),
        cmocka_unit_test(fat_names),
        cmocka_unit_test(fat_a_long_name_of_another),
        cmocka_unit_test(fat_a_chain_out_of_the_volume),
    };
    return cmocka_run_group_tests(tests, tree_make, tree_remove);
}
