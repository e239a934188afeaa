/* The files of /etc that say who and where we are. The input gives NAME, HOME, SHELL and HOSTNAME,
 * and RESOLV_CONF as the host has it. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/etc.h"
#include "tests/fuzz/fuzz.h"

static const char *find(const struct seed_list *seeds, const char *target)
{
	const char *content = NULL;

	for (size_t i = 0; i < seeds->count; i++)
		if (strcmp(seeds->seeds[i].target, target) == 0) {
			fuzz_check(!content);
			content = seeds->seeds[i].content;
		}
	fuzz_check(content);
	return content;
}

/* The number of lines, each of which has this many fields. */
static size_t count_lines(const char *content, size_t field_count)
{
	size_t count = 0;

	for (; *content; count++) {
		size_t length = strcspn(content, "\n"), colons = 0;

		for (size_t i = 0; i < length; i++)
			colons += content[i] == ':';
		fuzz_check(colons + 1 == field_count && content[length] == '\n');
		content += length + 1;
	}
	return count;
}

/* root, the user, nobody: and no fourth, who would be the payload's invention. */
static void check_users(struct arena *arena, const struct caller *caller,
			const struct seed_list *seeds)
{
	const char *passwd = find(seeds, "/etc/passwd");
	const char *user =
		arena_printf(arena, "\n" ETC_USER_NAME ":x:%u:%u:", caller->uid, caller->gid);
	const char *home = arena_printf(arena, ":%s:", caller->home);

	fuzz_check(count_lines(passwd, 7) == 3);
	fuzz_check(strstr(passwd, user) && strstr(strstr(passwd, user), home));
	fuzz_check(count_lines(find(seeds, "/etc/group"), 4) == 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	const char *home = fuzz_value(&input, "HOME"), *name = fuzz_value(&input, "NAME");
	const char *shell = fuzz_value(&input, "SHELL"), *hostname = fuzz_value(&input, "HOSTNAME");
	struct host host = {
		.caller = { .uid = 1000, .gid = 1001, .name = name ? name : "jo" },
		.machine_id = "0123456789ab4def8123456789abcdef",
		.resolv_conf.content = fuzz_value(&input, "RESOLV_CONF"),
	};
	struct etc etc = {
		.host = &host,
		.hostname = hostname ? hostname : "claude-sandbox",
		.shell = shell ? shell : "/bin/sh",
		.rootfs = &host.rootfs,
		.has_dns = true,
		.has_network = host.resolv_conf.content != NULL,
	};
	struct seed_list seeds = { 0 };

	host.caller.home = path_normalize(&arena, "/", home ? home : "/home/jo");
	if (!etc_is_field(host.caller.name) || !etc_is_field(host.caller.home) ||
	    !etc_is_field(etc.shell))
		return 0;
	etc_plan(&etc, &arena, &seeds);
	etc_plan_groups(&host.caller, &(struct caller_groups) { 0 }, &arena, &seeds);
	check_users(&arena, &host.caller, &seeds);
	if (etc.has_network)
		fuzz_check(find(&seeds, "/etc/resolv.conf") == host.resolv_conf.content);
	return 0;
}
