#include "forward/etc.h"

#include <string.h>

/* Group 5 owns terminals in the devpts we mount. */
static const char group_format[] = "root:x:0:\n"
				   "tty:x:5:\n" ETC_USER_NAME ":x:%u:\n"
				   "nogroup:x:65534:\n";

static const char passwd_format[] =
	"root:x:0:0:root:/root:/bin/sh\n" ETC_USER_NAME ":x:%u:%u:%s:%s:%s\n"
	"nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";

static const char nsswitch[] = "passwd: files\n"
			       "group: files\n"
			       "shadow: files\n"
			       "hosts: files dns\n"
			       "networks: files\n"
			       "protocols: files\n"
			       "services: files\n"
			       "ethers: files\n"
			       "rpc: files\n";

static const char hosts_format[] = "127.0.0.1 localhost\n"
				   "::1 localhost ip6-localhost ip6-loopback\n"
				   "127.0.1.1 %s\n";

static const char no_network[] = "# The sandbox has no network.\n";
static const char unknown_system[] = "ID=linux\nNAME=Linux\nPRETTY_NAME=Linux\n";

/* Small files of the host's own /etc. */
static void plan_copies(const struct rootfs_facts *facts, struct arena *arena,
			struct seed_list *seeds)
{
	for (size_t i = 0; i < facts->entry_count; i++)
		if (facts->entries[i].kind == ROOTFS_TEXT)
			seed_list_append_text(seeds, arena, facts->entries[i].path,
					      facts->entries[i].content);
}

bool etc_is_field(const char *text)
{
	return !strpbrk(text, ":\n");
}

void etc_plan(const struct etc *etc, struct arena *arena, struct seed_list *seeds)
{
	const struct host *host = etc->host;
	const struct caller *caller = &host->caller;
	const char *resolv_conf = etc->has_network ? host->resolv_conf.content : no_network;

	seed_list_append_text(seeds, arena, "/etc/passwd",
			      arena_printf(arena, passwd_format, caller->uid, caller->gid,
					   caller->name, caller->home, etc->shell));
	seed_list_append_text(seeds, arena, "/etc/nsswitch.conf", nsswitch);
	seed_list_append_text(seeds, arena, "/etc/hosts",
			      arena_printf(arena, hosts_format, etc->hostname));
	seed_list_append_text(seeds, arena, "/etc/hostname",
			      arena_printf(arena, "%s\n", etc->hostname));
	seed_list_append_text(seeds, arena, "/etc/machine-id",
			      arena_printf(arena, "%s\n", host->machine_id));
	/* No resolver at all: a program then asks 127.0.0.1 (resolv.conf(5)), as it would outside.
	 */
	seed_list_append_text(seeds, arena, "/etc/resolv.conf", resolv_conf ? resolv_conf : "");
	plan_copies(&host->rootfs, arena, seeds);
	if (!host->rootfs.system)
		seed_list_append_text(seeds, arena, "/etc/os-release",
				      host->os_release.content ? host->os_release.content
							       : unknown_system);
}

void etc_plan_groups(const struct caller *caller, const struct caller_groups *groups,
		     struct arena *arena, struct seed_list *seeds)
{
	const char *text = arena_printf(arena, group_format, caller->gid);

	for (size_t i = 0; i < groups->count; i++)
		text = arena_printf(arena, "%s%s:x:%u:" ETC_USER_NAME "\n", text,
				    groups->items[i].name, groups->items[i].gid);
	seed_list_append_text(seeds, arena, "/etc/group", text);
}
