#include "forward/nix_risk.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* All names that one setting has had. */
static const char *const sandbox_names[] = { "sandbox", "build-use-sandbox", "build-use-chroot" };

enum membership { NOT_A_MEMBER, A_MEMBER, NOT_KNOWN };

static bool has_gid(const struct caller *caller, uint64_t gid)
{
	for (size_t i = 0; i < caller->group_count; i++)
		if (caller->groups[i] == gid)
			return true;
	return caller->gid == gid;
}

static bool is_listed(char *members, const char *name)
{
	const char *member;

	while ((member = strsep(&members, ",")))
		if (strcmp(member, name) == 0)
			return true;
	return false;
}

/* `NAME:PASSWORD:GID:MEMBER,MEMBER` */
static enum membership look_at_line(char *line, const struct caller *caller, const char *group)
{
	const char *name = strsep(&line, ":"), *password = strsep(&line, ":");
	const char *number = strsep(&line, ":");
	uint64_t gid;

	if (strcmp(name, group) != 0 || !password || !number || !line ||
	    text_parse_unsigned(number, UINT32_MAX, &gid) < 0)
		return NOT_KNOWN;
	return has_gid(caller, gid) || is_listed(line, caller->name) ? A_MEMBER : NOT_A_MEMBER;
}

/* A group that is not in the file may be known elsewhere. */
static enum membership find_member(struct arena *arena, const struct nix_risk_groups *groups,
				   const struct caller *caller, const char *group)
{
	char *text = groups->content ? arena_strndup(arena, groups->content, groups->length) : NULL;
	enum membership found = NOT_KNOWN;
	char *line;

	while (found == NOT_KNOWN && (line = strsep(&text, "\n")))
		found = look_at_line(line, caller, group);
	return found;
}

static const char *trust_of_group(struct arena *arena, const struct caller *caller,
				  const struct nix_risk_groups *groups, const char *group)
{
	switch (find_member(arena, groups, caller, group)) {
	case NOT_A_MEMBER:
		return NULL;
	case A_MEMBER:
		return arena_printf(arena,
				    "the Nix daemon trusts the group '%s', and runs as root what "
				    "its members tell it to",
				    group);
	default:
		return arena_printf(arena,
				    "the Nix daemon trusts the group '%s', and '/etc/group' does "
				    "not say who that is",
				    group);
	}
}

static const char *trust_of_word(struct arena *arena, const struct caller *caller,
				 const struct nix_risk_groups *groups, const char *word)
{
	if (word[0] == '@')
		return trust_of_group(arena, caller, groups, word + 1);
	if (strcmp(word, "*") != 0 && strcmp(word, caller->name) != 0)
		return NULL;
	return arena_printf(arena, "the Nix daemon trusts '%s', and runs as root what it is told",
			    caller->name);
}

/* With anything but "true" some or all builds see the host's files, processes and sockets. */
static const char *find_no_sandbox(struct arena *arena, const struct nix_conf *conf)
{
	for (size_t i = conf->count; i > 0; i--) {
		const struct nix_conf_entry *entry = &conf->entries[i - 1];

		for (size_t j = 0; j < ARRAY_LENGTH(sandbox_names); j++)
			if (entry->kind == NIX_CONF_SETTING &&
			    strcmp(entry->name, sandbox_names[j]) == 0)
				return strcmp(entry->value, "true") == 0
					       ? NULL
					       : arena_printf(arena,
							      "the Nix daemon builds outside of "
							      "any sandbox ('%s = %s')",
							      entry->name, entry->value);
	}
	return NULL;
}

const char *nix_risk_find(struct arena *arena, const struct nix_conf *conf,
			  const struct caller *caller, const struct nix_risk_groups *groups)
{
	const char *users = nix_conf_list(arena, conf, "trusted-users", "root"), *word;

	while ((word = nix_conf_word(arena, &users))) {
		const char *reason = trust_of_word(arena, caller, groups, word);

		if (reason)
			return reason;
	}
	return find_no_sandbox(arena, conf);
}
