#include "forward/user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "forward/etc.h"
#include "forward/identity.h"

/* The kernel's limit (NGROUPS_MAX); no more are asked for. */
#define GROUPS_MAXIMUM 65536

static uid_t look_up_user(const char *name)
{
	const struct passwd *entry = name ? getpwnam(name) : NULL;

	return entry ? entry->pw_uid : IDENTITY_NO_UID;
}

/* `--user` also takes a number, as others of its kind do. */
static uid_t look_up_user_option(const char *text)
{
	uint64_t uid;

	if (text && text_parse_unsigned(text, UINT32_MAX - 1ULL, &uid) == 0)
		return (uid_t)uid;
	return look_up_user(text);
}

/* The groups of the systems' own that are there to open graphics devices, and nothing else. */
static bool is_device_group(const struct group *entry)
{
	static const char *const names[] = { "render", "video" };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(entry->gr_name, names[i]) == 0)
			return entry->gr_gid != 0;
	return false;
}

static bool is_member(const struct group *entry, const char *name)
{
	for (char *const *member = entry->gr_mem; *member; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

static void add_group(struct arena *arena, struct caller *caller, gid_t gid)
{
	gid_t *groups =
		arena_grow(arena, (gid_t *)caller->groups, caller->group_count, sizeof(*groups));

	groups[caller->group_count++] = gid;
	caller->groups = groups;
}

static void add_device_group(struct arena *arena, struct caller *caller, const struct group *entry)
{
	struct caller_groups *groups = &caller->device_groups;

	groups->items = arena_grow(arena, groups->items, groups->count, sizeof(*groups->items));
	groups->items[groups->count++] = (struct caller_group) {
		.name = arena_strdup(arena, entry->gr_name),
		.gid = entry->gr_gid,
	};
}

/* From /etc/group alone. Asking the name service costs as much as a third of a whole start, since
 * it loads and asks every service that the machine knows, for groups that a path seldom needs. */
static void read_local_groups(struct arena *arena, struct caller *caller)
{
	AUTO_FCLOSE FILE *file = fopen("/etc/group", "re");
	const struct group *entry;

	add_group(arena, caller, caller->gid);
	while (file && (entry = fgetgrent(file)) && caller->group_count < GROUPS_MAXIMUM) {
		if (entry->gr_gid == caller->gid || !is_member(entry, caller->name))
			continue;
		add_group(arena, caller, entry->gr_gid);
		if (is_device_group(entry))
			add_device_group(arena, caller, entry);
	}
}

bool user_complete_groups(struct arena *arena, struct caller *caller)
{
	int count = 0;
	gid_t *groups;

	(void)getgrouplist(caller->name, caller->gid, NULL, &count);
	if (count <= 0 || count > GROUPS_MAXIMUM || (size_t)count <= caller->group_count)
		return false;
	groups = arena_alloc(arena, (size_t)count * sizeof(*groups));
	if (getgrouplist(caller->name, caller->gid, groups, &count) < 0)
		return false;
	caller->groups = groups;
	caller->group_count = (size_t)count;
	return true;
}

static int read_caller(struct arena *arena, uid_t uid, struct diag *diag, struct caller *caller)
{
	const struct passwd *entry = getpwuid(uid);

	if (!entry) {
		diag_fault(diag, "cannot run for user %u: not in the user database", uid);
		return -EINVAL;
	}
	if (entry->pw_dir[0] != '/') {
		diag_fault(diag,
			   "cannot run for user '%s': the home directory '%s' is not absolute",
			   entry->pw_name, entry->pw_dir);
		return -EINVAL;
	}
	/* The user database need not be a file; the one we write inside is. */
	if (!etc_is_field(entry->pw_name) || !etc_is_field(entry->pw_dir)) {
		diag_fault(diag,
			   "cannot run for user '%s': a colon or newline is in the name or the "
			   "home directory '%s'",
			   entry->pw_name, entry->pw_dir);
		return -EINVAL;
	}
	*caller = (struct caller) {
		.uid = uid,
		.gid = entry->pw_gid,
		.name = arena_strdup(arena, entry->pw_name),
		.home = path_normalize(arena, "/", entry->pw_dir),
		.shell = arena_strdup(arena, etc_is_field(entry->pw_shell) ? entry->pw_shell : ""),
	};
	read_local_groups(arena, caller);
	return 0;
}

/* An empty value is a claim too, and a wrong one. */
static const char *find_variable(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

int user_identify(struct arena *arena, char *const *environment, const char *user_option,
		  struct diag *diag, struct caller *ret_caller)
{
	struct identity_claims claims = {
		.is_root = geteuid() == 0,
		.real_uid = getuid(),
		.sudo_uid = find_variable(environment, "SUDO_UID"),
		.pkexec_uid = find_variable(environment, "PKEXEC_UID"),
		.doas_user = find_variable(environment, "DOAS_USER"),
		.user_option = user_option,
		.user_option_uid = look_up_user_option(user_option),
	};
	uid_t uid;
	int r;

	claims.doas_user_uid = look_up_user(claims.doas_user);
	r = identity_choose(&claims, diag, &uid);
	if (r < 0)
		return r;
	return read_caller(arena, uid, diag, ret_caller);
}
