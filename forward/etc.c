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
static const char no_dns[] = "# The resolver is not forwarded.\n";
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

/* A line of hosts(5): address, then names. */
static bool names_localhost(const char *line, size_t length)
{
	static const char name[] = "localhost";
	const char *comment = memchr(line, '#', length);
	size_t word;

	length = comment ? (size_t)(comment - line) : length;
	for (size_t i = 0; i < length; i += word + 1) {
		for (word = 0; i + word < length && !strchr(" \t\r", line[i + word]);)
			word++;
		if (word == strlen(name) && memcmp(line + i, name, word) == 0)
			return true;
	}
	return false;
}

/* Ours first, then the host's but for what ours say as well. It may be long. */
static const char *hosts_text(const struct etc *etc, struct arena *arena)
{
	const char *ours = arena_printf(arena, hosts_format, etc->hostname);
	const char *line = etc->has_network && etc->has_dns ? etc->host->hosts.content : NULL;
	char *text, *end;

	if (!line)
		return ours;
	text = arena_alloc(arena, strlen(ours) + strlen(line) + 2);
	end = stpcpy(text, ours);
	for (size_t length; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		if (names_localhost(line, length))
			continue;
		end = mempcpy(end, line, length);
		*end++ = '\n';
	}
	*end = '\0';
	return text;
}

/* No resolver at all: a program then asks 127.0.0.1 (resolv.conf(5)), as it would outside. */
static const char *resolv_conf_text(const struct etc *etc)
{
	const char *content = etc->host->resolv_conf.content;

	if (!etc->has_network)
		return no_network;
	if (!etc->has_dns)
		return no_dns;
	return content ? content : "";
}

bool etc_is_field(const char *text)
{
	return !strpbrk(text, ":\n");
}

void etc_plan(const struct etc *etc, struct arena *arena, struct seed_list *seeds)
{
	const struct host *host = etc->host;
	const struct caller *caller = &host->caller;

	seed_list_append_text(seeds, arena, "/etc/passwd",
			      arena_printf(arena, passwd_format, caller->uid, caller->gid,
					   caller->name, caller->home, etc->shell));
	seed_list_append_text(seeds, arena, "/etc/nsswitch.conf", nsswitch);
	seed_list_append_text(seeds, arena, "/etc/hosts", hosts_text(etc, arena));
	seed_list_append_text(seeds, arena, "/etc/hostname",
			      arena_printf(arena, "%s\n", etc->hostname));
	seed_list_append_text(seeds, arena, "/etc/machine-id",
			      arena_printf(arena, "%s\n", host->machine_id));
	seed_list_append_text(seeds, arena, "/etc/resolv.conf", resolv_conf_text(etc));
	plan_copies(etc->rootfs, arena, seeds);
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
