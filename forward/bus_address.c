#include "forward/bus_address.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "base/array.h"
#include "base/path.h"

/* Of a socket's name: a path has a NUL after it, an abstract one has it before. */
#define NAME_MAXIMUM (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

#define MALFORMED "it is malformed"

/* What need not be escaped in a value, and else must be. */
static const char plain[] = "-_/.\\*0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct text_part {
	const char *text;
	size_t length;
};

/* What an address of the transport `unix` says of its socket. */
struct unix_keys {
	const char *path;
	const char *abstract;
	const char *runtime;
};

static bool part_is(const struct text_part *part, const char *word)
{
	return part->length == strlen(word) && memcmp(part->text, word, part->length) == 0;
}

static int hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found =
		digit ? strchr(digits, digit >= 'A' && digit <= 'F' ? digit | 0x20 : digit) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* NULL for what is no value; a NUL in it would end it early. */
static const char *unescape(struct arena *arena, const struct text_part *part)
{
	char *value = arena_alloc(arena, part->length + 1), *out = value;

	for (size_t i = 0; i < part->length; i++) {
		int high, low;

		if (part->text[i] != '%') {
			if (!strchr(plain, part->text[i]))
				return NULL;
			*out++ = part->text[i];
			continue;
		}
		high = i + 2 < part->length ? hex_value(part->text[i + 1]) : -1;
		low = high >= 0 ? hex_value(part->text[i + 2]) : -1;
		if (low < 0 || high + low == 0)
			return NULL;
		*out++ = (char)(high << 4 | low);
		i += 2;
	}
	return value;
}

/* Takes what comes before the first `separator` off `rest`. */
static struct text_part take(struct text_part *rest, char separator)
{
	const char *end = rest->length > 0 ? memchr(rest->text, separator, rest->length) : NULL;
	struct text_part part = { rest->text, end ? (size_t)(end - rest->text) : rest->length };
	size_t taken = part.length + (end != NULL);

	rest->text += taken;
	rest->length -= taken;
	return part;
}

static bool read_keys(struct arena *arena, struct text_part rest, struct unix_keys *keys)
{
	const struct {
		const char *name;
		const char **value;
	} names[] = {
		{ "path", &keys->path },
		{ "abstract", &keys->abstract },
		{ "runtime", &keys->runtime },
	};

	while (rest.length > 0) {
		struct text_part value = take(&rest, ','), name = take(&value, '=');
		const char *text =
			name.text + name.length < value.text ? unescape(arena, &value) : NULL;

		if (!text || name.length == 0)
			return false;
		for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
			if (!part_is(&name, names[i].name))
				continue;
			if (*names[i].value)
				return false;
			*names[i].value = text;
		}
	}
	return true;
}

static const char *take_unix(struct arena *arena, struct text_part rest,
			     const char *runtime_directory, struct bus_address *ret_address)
{
	struct unix_keys keys = { 0 };
	struct bus_address address = { .kind = BUS_ADDRESS_PATH };

	if (!read_keys(arena, rest, &keys))
		return MALFORMED;
	if ((keys.path != NULL) + (keys.abstract != NULL) + (keys.runtime != NULL) != 1)
		return "it does not name one socket";
	if (keys.runtime && strcmp(keys.runtime, "yes") != 0)
		return MALFORMED;
	if (keys.abstract)
		address.kind = BUS_ADDRESS_ABSTRACT;
	address.name = keys.runtime    ? path_join(arena, runtime_directory, "bus")
		       : keys.abstract ? keys.abstract
				       : keys.path;
	if (address.name[0] == '\0' ||
	    (address.kind == BUS_ADDRESS_PATH && !path_is_normal(address.name)))
		return "its path is none";
	if (strlen(address.name) > NAME_MAXIMUM)
		return "its path is too long for a socket";
	*ret_address = address;
	return NULL;
}

static const char *take_address(struct arena *arena, struct text_part entry,
				const char *runtime_directory, struct bus_address *ret_address)
{
	struct text_part transport = take(&entry, ':');

	if (part_is(&transport, "unixexec"))
		return "it would execute a program";
	if (transport.text + transport.length == entry.text)
		return MALFORMED;
	if (!part_is(&transport, "unix"))
		return "it is no socket of this machine";
	return take_unix(arena, entry, runtime_directory, ret_address);
}

const char *bus_address_parse(struct arena *arena, const char *text, const char *runtime_directory,
			      struct bus_address *ret_address)
{
	struct text_part rest = { text, strlen(text) };
	const char *first = NULL;

	while (rest.length > 0) {
		struct text_part entry = take(&rest, ';');
		const char *reason;

		if (entry.length == 0)
			continue;
		reason = take_address(arena, entry, runtime_directory, ret_address);
		if (!reason)
			return NULL;
		first = first ? first : reason;
	}
	return first ? first : "it is empty";
}

const char *bus_address_text(struct arena *arena, const struct bus_address *address)
{
	char *value = arena_alloc(arena, 3 * strlen(address->name) + 1), *out = value;

	for (const char *byte = address->name; *byte; byte++) {
		if (strchr(plain, *byte)) {
			*out++ = *byte;
			continue;
		}
		*out++ = '%';
		*out++ = "0123456789abcdef"[(unsigned char)*byte >> 4];
		*out++ = "0123456789abcdef"[(unsigned char)*byte & 0xf];
	}
	return arena_printf(arena, "unix:%s=%s",
			    address->kind == BUS_ADDRESS_PATH ? "path" : "abstract", value);
}
