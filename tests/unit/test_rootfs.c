#include "tests/support/test.h"

#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "mounts/rootfs.h"

struct planned {
	struct mount_list list;
	struct source_list sources;
};

static struct planned plan(struct arena *arena, const struct rootfs_facts *facts)
{
	struct planned planned = { 0 };

	rootfs_plan(facts, arena, &planned.list, &planned.sources);
	return planned;
}

static void only_harmless_parts_of_etc_are_looked_at(void **state)
{
	static const char *const secret[] = {
		"/etc/shadow",	       "/etc/shadow-",
		"/etc/gshadow",	       "/etc/sudoers",
		"/etc/sudoers.d",      "/etc/ssh",
		"/etc/ssh/ssh_host_x", "/etc/ssl",
		"/etc/ssl/private",    "/etc/pki/tls/private",
		"/etc/security",       "/etc/krb5.keytab",
		"/etc/NetworkManager", "/etc/wpa_supplicant",
		"/etc/machine-id",     "/etc/passwd",
		"/etc/group",	       "/etc/pki",
		"/etc/cups",	       "/etc",
	};

	(void)state;
	for (const char *const *path = rootfs_etc_paths; *path; path++) {
		assert_true(path_is_normal(*path));
		assert_true(path_is_below(*path, "/etc"));
		for (size_t i = 0; i < ARRAY_LENGTH(secret); i++)
			if (path_is_at_or_below(secret[i], *path))
				fail_msg("'%s' shows '%s'", *path, secret[i]);
	}
	for (const char *const *path = rootfs_top_level_paths; *path; path++)
		assert_null(strchr(*path + 1, '/'));
}

static void paths_of_etc_are_listed_once_and_outer_first(void **state)
{
	(void)state;
	for (const char *const *path = rootfs_etc_paths; path[0] && path[1]; path++)
		if (strcmp(path[0], path[1]) >= 0)
			fail_msg("'%s' before '%s'", path[0], path[1]);
}

static void a_merged_host_keeps_its_links(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/bin", .kind = ROOTFS_LINK, .target = "usr/bin" },
		{ .path = "/etc/localtime",
		  .kind = ROOTFS_LINK,
		  .target = "/usr/share/zoneinfo/UTC" },
	};
	struct rootfs_facts facts = { .entries = entries, .entry_count = 2 };
	AUTO_ARENA struct arena arena = { 0 };
	struct planned planned = plan(&arena, &facts);
	const struct mount_op *bin = mount_list_find(&planned.list, "/bin");
	const struct mount_op *time = mount_list_find(&planned.list, "/etc/localtime");
	const struct mount_op *usr = mount_list_find(&planned.list, "/usr");

	(void)state;
	assert_int_equal(bin->kind, MOUNT_LINK);
	assert_string_equal(bin->source, "usr/bin");
	assert_true(bin->in_layer);
	assert_int_equal(time->kind, MOUNT_LINK);
	assert_string_equal(time->source, "/usr/share/zoneinfo/UTC");
	assert_int_equal(usr->kind, MOUNT_BIND);
	assert_int_equal(usr->flags, MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES);
	assert_true(usr->is_directory);
	assert_int_equal(planned.sources.count, 1);
}

static void a_split_host_has_its_directories_bound(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/lib", .kind = ROOTFS_DIRECTORY, .target = "/lib" },
		{ .path = "/etc/missing", .kind = ROOTFS_MISSING },
		{ .path = "/etc/ssl/certs", .kind = ROOTFS_DIRECTORY, .target = "/data/certs" },
		{ .path = "/etc/ssl/openssl.cnf",
		  .kind = ROOTFS_REGULAR,
		  .target = "/etc/ssl/openssl.cnf" },
	};
	struct rootfs_facts facts = { .entries = entries, .entry_count = 4 };
	AUTO_ARENA struct arena arena = { 0 };
	struct planned planned = plan(&arena, &facts);
	const struct mount_op *certs = mount_list_find(&planned.list, "/etc/ssl/certs");
	const struct mount_op *config = mount_list_find(&planned.list, "/etc/ssl/openssl.cnf");

	(void)state;
	assert_int_equal(mount_list_find(&planned.list, "/lib")->kind, MOUNT_BIND);
	assert_null(mount_list_find(&planned.list, "/etc/missing"));
	assert_int_equal(mount_list_find(&planned.list, "/etc/ssl")->kind, MOUNT_DIRECTORY);
	assert_int_equal(certs->kind, MOUNT_BIND);
	assert_string_equal(certs->source, "/data/certs");
	assert_true(certs->flags & MOUNT_READ_ONLY);
	assert_string_equal(planned.sources.items[certs->source_index].path, "/data/certs");
	assert_int_equal(planned.sources.items[certs->source_index].kind, SOURCE_DIRECTORY);
	assert_false(config->is_directory);
	assert_int_equal(planned.sources.items[config->source_index].kind, SOURCE_REGULAR);
}

static void a_nested_link_finds_its_directory_made(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/etc/ssl/certs", .kind = ROOTFS_LINK, .target = "/usr/share/certs" },
	};
	struct rootfs_facts facts = { .entries = entries, .entry_count = 1 };
	AUTO_ARENA struct arena arena = { 0 };
	struct planned planned = plan(&arena, &facts);
	const struct mount_op *parent = mount_list_find(&planned.list, "/etc/ssl");

	(void)state;
	assert_non_null(parent);
	assert_int_equal(parent->kind, MOUNT_DIRECTORY);
	assert_true(parent < mount_list_find(&planned.list, "/etc/ssl/certs"));
}

static void a_text_gets_its_directory_and_no_mount(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/etc/default/locale", .kind = ROOTFS_TEXT, .content = "LANG=C\n" },
	};
	struct rootfs_facts facts = { .entries = entries, .entry_count = 1 };
	AUTO_ARENA struct arena arena = { 0 };
	struct planned planned = plan(&arena, &facts);

	(void)state;
	assert_int_equal(mount_list_find(&planned.list, "/etc/default")->kind, MOUNT_DIRECTORY);
	assert_null(mount_list_find(&planned.list, "/etc/default/locale"));
	assert_int_equal(planned.sources.count, 1);
}

static void a_given_tree_takes_nothing_of_the_host(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/bin", .kind = ROOTFS_LINK, .target = "usr/bin" }
	};
	struct rootfs_facts facts = { "/srv/tree", entries, 1 };
	AUTO_ARENA struct arena arena = { 0 };
	struct planned planned = plan(&arena, &facts);

	(void)state;
	assert_int_equal(planned.sources.count, 0);
	for (size_t i = 0; i < planned.list.count; i++)
		assert_int_equal(planned.list.ops[i].kind, MOUNT_DIRECTORY);
	assert_int_equal(mount_list_find(&planned.list, "/root")->mode, 0700);
	assert_int_equal(mount_list_find(&planned.list, "/var/tmp")->mode, 01777);
	assert_null(mount_list_find(&planned.list, "/usr"));
}

static void overlay_options_name_nothing_of_the_host(void **state)
{
	struct rootfs_facts host = { 0 }, tree = { .system = "/srv/a,b:c" };

	(void)state;
	assert_true(strncmp(rootfs_overlay_options(&host), "lowerdir=skeleton,", 18) == 0);
	assert_true(strncmp(rootfs_overlay_options(&tree), "lowerdir=skeleton:system,", 25) == 0);
	assert_null(strchr(rootfs_overlay_options(&tree), '/'));
	assert_non_null(strstr(rootfs_overlay_options(&tree), "redirect_dir=nofollow"));
	assert_non_null(strstr(rootfs_overlay_options(&tree), "metacopy=off"));
	/* mount(2) cuts longer ones. */
	assert_true(strlen(rootfs_overlay_options(&tree)) < 4095);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_harmless_parts_of_etc_are_looked_at),
		cmocka_unit_test(paths_of_etc_are_listed_once_and_outer_first),
		cmocka_unit_test(a_merged_host_keeps_its_links),
		cmocka_unit_test(a_split_host_has_its_directories_bound),
		cmocka_unit_test(a_nested_link_finds_its_directory_made),
		cmocka_unit_test(a_text_gets_its_directory_and_no_mount),
		cmocka_unit_test(a_given_tree_takes_nothing_of_the_host),
		cmocka_unit_test(overlay_options_name_nothing_of_the_host),
	};

	return cmocka_run_group_tests_name("rootfs", tests, NULL, NULL);
}
