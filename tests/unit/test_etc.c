#include "tests/support/test.h"

#include <string.h>

#include "base/cleanup.h"
#include "forward/etc.h"

static struct host host_of_jo(void)
{
	return (struct host) {
		.caller = { .uid = 1234, .gid = 2345, .name = "jo", .home = "/home/jo" },
		.machine_id = "0123456789ab4def8123456789abcdef",
		.resolv_conf = { .content = "nameserver 192.0.2.1\n" },
		.os_release = { .content = "ID=debian\n" },
	};
}

static struct caller_groups groups;

static struct seed_list plan(struct arena *arena, const struct host *host, bool has_network)
{
	struct etc etc = {
		.host = host,
		.hostname = "box",
		.shell = "/bin/bash",
		.rootfs = &host->rootfs,
		.has_network = has_network,
		.has_dns = true,
	};
	struct seed_list seeds = { 0 };

	etc_plan(&etc, arena, &seeds);
	etc_plan_groups(&host->caller, &groups, arena, &seeds);
	return seeds;
}

static const char *content_of(const struct seed_list *seeds, const char *target)
{
	for (size_t i = 0; i < seeds->count; i++)
		if (strcmp(seeds->seeds[i].target, target) == 0)
			return seeds->seeds[i].content;
	return NULL;
}

static void the_user_is_the_caller_by_another_name(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds = plan(&arena, &host, true);

	(void)state;
	assert_string_equal(content_of(&seeds, "/etc/passwd"),
			    "root:x:0:0:root:/root:/bin/sh\n"
			    "sandbox:x:1234:2345:jo:/home/jo:/bin/bash\n"
			    "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n");
	assert_string_equal(content_of(&seeds, "/etc/group"),
			    "root:x:0:\ntty:x:5:\nsandbox:x:2345:\nnogroup:x:65534:\n");
}

static void groups_that_come_along_have_their_names(void **state)
{
	static struct caller_group items[] = { { "video", 44 }, { "render", 105 } };
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds;

	(void)state;
	groups = (struct caller_groups) { items, 2 };
	seeds = plan(&arena, &host, true);
	groups = (struct caller_groups) { 0 };
	assert_string_equal(content_of(&seeds, "/etc/group"),
			    "root:x:0:\ntty:x:5:\nsandbox:x:2345:\nnogroup:x:65534:\n"
			    "video:x:44:sandbox\nrender:x:105:sandbox\n");
}

static void the_machine_has_a_name_of_its_own(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds = plan(&arena, &host, true);

	(void)state;
	assert_string_equal(content_of(&seeds, "/etc/hostname"), "box\n");
	assert_non_null(strstr(content_of(&seeds, "/etc/hosts"), "127.0.0.1 localhost\n"));
	assert_non_null(strstr(content_of(&seeds, "/etc/hosts"), " box\n"));
	assert_string_equal(content_of(&seeds, "/etc/machine-id"),
			    "0123456789ab4def8123456789abcdef\n");
	assert_non_null(strstr(content_of(&seeds, "/etc/nsswitch.conf"), "passwd: files\n"));
	for (size_t i = 0; i < seeds.count; i++) {
		assert_int_equal(seeds.seeds[i].mode, 0644);
		assert_int_equal(seeds.seeds[i].uid, 0);
	}
}

static void the_resolver_goes_with_the_network(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list with = plan(&arena, &host, true), without = plan(&arena, &host, false);

	(void)state;
	assert_string_equal(content_of(&with, "/etc/resolv.conf"), "nameserver 192.0.2.1\n");
	assert_null(strstr(content_of(&without, "/etc/resolv.conf"), "nameserver"));
	host.resolv_conf = (struct host_text) { .error = 2 };
	with = plan(&arena, &host, true);
	assert_string_equal(content_of(&with, "/etc/resolv.conf"), "");
}

static void names_of_the_host_come_after_ours(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds;

	(void)state;
	host.hosts.content = "# localhost\n127.0.0.1\tlocalhost\n::1 ip6 localhost # x\n"
			     "192.0.2.7 build localhost.example\n192.0.2.8 last";
	seeds = plan(&arena, &host, true);
	assert_string_equal(content_of(&seeds, "/etc/hosts"),
			    "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
			    "127.0.1.1 box\n# localhost\n192.0.2.7 build localhost.example\n"
			    "192.0.2.8 last\n");
	seeds = plan(&arena, &host, false);
	assert_null(strstr(content_of(&seeds, "/etc/hosts"), "build"));
}

static void without_dns_there_is_neither(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct etc etc = { .host = &host,
			   .hostname = "box",
			   .shell = "/bin/sh",
			   .rootfs = &host.rootfs,
			   .has_network = true };
	struct seed_list seeds = { 0 };

	(void)state;
	host.hosts.content = "192.0.2.7 build\n";
	etc_plan(&etc, &arena, &seeds);
	assert_null(strstr(content_of(&seeds, "/etc/hosts"), "build"));
	assert_null(strstr(content_of(&seeds, "/etc/resolv.conf"), "nameserver"));
}

static void a_given_tree_keeps_its_own_name(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds = plan(&arena, &host, true);

	(void)state;
	assert_string_equal(content_of(&seeds, "/etc/os-release"), "ID=debian\n");
	host.os_release = (struct host_text) { .error = 2 };
	seeds = plan(&arena, &host, true);
	assert_non_null(strstr(content_of(&seeds, "/etc/os-release"), "ID=linux\n"));
	host.rootfs.system = "/srv/tree";
	seeds = plan(&arena, &host, true);
	assert_null(content_of(&seeds, "/etc/os-release"));
}

static void small_files_are_copied(void **state)
{
	static struct rootfs_entry entries[] = {
		{ .path = "/etc/locale.conf", .kind = ROOTFS_TEXT, .content = "LANG=C\n" },
		{ .path = "/etc/ld.so.cache", .kind = ROOTFS_REGULAR, .target = "/x" },
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_of_jo();
	struct seed_list seeds;

	(void)state;
	host.rootfs.entries = entries;
	host.rootfs.entry_count = 2;
	seeds = plan(&arena, &host, true);
	assert_string_equal(content_of(&seeds, "/etc/locale.conf"), "LANG=C\n");
	assert_null(content_of(&seeds, "/etc/ld.so.cache"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_user_is_the_caller_by_another_name),
		cmocka_unit_test(groups_that_come_along_have_their_names),
		cmocka_unit_test(the_machine_has_a_name_of_its_own),
		cmocka_unit_test(the_resolver_goes_with_the_network),
		cmocka_unit_test(names_of_the_host_come_after_ours),
		cmocka_unit_test(without_dns_there_is_neither),
		cmocka_unit_test(a_given_tree_keeps_its_own_name),
		cmocka_unit_test(small_files_are_copied),
	};

	return cmocka_run_group_tests_name("etc", tests, NULL, NULL);
}
