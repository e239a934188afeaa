#include "forward/nix_conf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"

static const char blanks[] = " \t\n\r";

/* Names of files and servers may hold passwords; the rest is the daemon's. */
static const char *const client_settings[] = {
	"experimental-features",
	"extra-experimental-features",
	"substitute",
	"use-xdg-base-directories",
	"warn-dirty",
};

const char *nix_conf_word(struct arena *arena, const char **value)
{
	const char *word = *value + strspn(*value, blanks);
	size_t length = strcspn(word, blanks);

	*value = word + length;
	return length > 0 ? arena_strndup(arena, word, length) : NULL;
}

/* The words of a value, one blank between them. */
static const char *joined_words(struct arena *arena, const char *value)
{
	char *text = arena_alloc_raw(arena, strlen(value) + 1), *end = text;

	while (*(value += strspn(value, blanks))) {
		size_t length = strcspn(value, blanks);

		if (end > text)
			*end++ = ' ';
		memcpy(end, value, length);
		end += length;
		value += length;
	}
	*end = '\0';
	return text;
}

static void append(struct arena *arena, struct nix_conf *conf, const struct nix_conf_entry *entry)
{
	conf->entries = arena_grow(arena, conf->entries, conf->count, sizeof(*conf->entries));
	conf->entries[conf->count++] = *entry;
}

/* `NAME = WORDS`, `include FILE` or `!include FILE`; all behind a `#` has been cut off. */
static int parse_line(struct arena *arena, const char *path, const char *line,
		      struct nix_conf *conf)
{
	struct nix_conf_entry entry = { .name = nix_conf_word(arena, &line) };
	const char *second = nix_conf_word(arena, &line);

	if (!entry.name)
		return 0;
	if (!second)
		return -EINVAL;
	if (strcmp(entry.name, "include") == 0)
		entry.kind = NIX_CONF_INCLUDE;
	else if (strcmp(entry.name, "!include") == 0)
		entry.kind = NIX_CONF_OPTIONAL_INCLUDE;
	else if (strcmp(second, "=") != 0)
		return -EINVAL;
	if (entry.kind == NIX_CONF_SETTING)
		entry.value = joined_words(arena, line);
	else if (nix_conf_word(arena, &line))
		return -EINVAL;
	else
		entry.name = path_normalize(arena, path_parent(arena, path), second);
	append(arena, conf, &entry);
	return 0;
}

int nix_conf_parse(struct arena *arena, const char *path, const char *content, size_t length,
		   struct nix_conf *conf)
{
	char *text = arena_strndup(arena, content, length), *line;

	if (strlen(text) != length)
		return -EINVAL;
	while ((line = strsep(&text, "\n"))) {
		int r;

		line[strcspn(line, "#")] = '\0';
		r = parse_line(arena, path, line, conf);
		if (r < 0)
			return r;
	}
	return 0;
}

const char *nix_conf_list(struct arena *arena, const struct nix_conf *conf, const char *name,
			  const char *initial)
{
	const char *extra = arena_printf(arena, "extra-%s", name), *list = initial;

	for (size_t i = 0; i < conf->count; i++) {
		const struct nix_conf_entry *entry = &conf->entries[i];

		if (entry->kind != NIX_CONF_SETTING)
			continue;
		if (strcmp(entry->name, name) == 0)
			list = entry->value;
		else if (strcmp(entry->name, extra) == 0)
			list = arena_printf(arena, "%s %s", list, entry->value);
	}
	return list;
}

static bool is_for_client(const struct nix_conf_entry *entry)
{
	for (size_t i = 0; i < ARRAY_LENGTH(client_settings); i++)
		if (entry->kind == NIX_CONF_SETTING && strcmp(entry->name, client_settings[i]) == 0)
			return true;
	return false;
}

const char *nix_conf_for_client(struct arena *arena, const struct nix_conf *conf)
{
	size_t length = 0;
	char *text, *end;

	for (size_t i = 0; i < conf->count; i++)
		if (is_for_client(&conf->entries[i]))
			length += strlen(conf->entries[i].name) + strlen(" = ") +
				  strlen(conf->entries[i].value) + strlen("\n");
	text = end = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < conf->count; i++)
		if (is_for_client(&conf->entries[i]))
			end += snprintf(end, length + 1 - (size_t)(end - text), "%s = %s\n",
					conf->entries[i].name, conf->entries[i].value);
	return text;
}
