#include "runtime/bind_spec.h"

#include <errno.h>
#include <string.h>

#include "base/path.h"

#define PARTS_MAXIMUM 3

/* Cuts the spec at its plain colons. Returns the number of parts, also beyond the maximum. */
static size_t split(struct arena *arena, const char *spec, char *parts[static PARTS_MAXIMUM])
{
	char *copy = arena_alloc(arena, strlen(spec) + 1), *out = copy;
	size_t count = 1;

	parts[0] = copy;
	for (const char *in = spec; *in; in++) {
		if (in[0] == '\\' && (in[1] == ':' || in[1] == '\\')) {
			*out++ = *++in;
		} else if (*in == ':') {
			*out++ = '\0';
			if (count < PARTS_MAXIMUM)
				parts[count] = out;
			count++;
		} else {
			*out++ = *in;
		}
	}
	return count;
}

static bool parse_mode(const char *text, bool *ret_read_only)
{
	if (strcmp(text, "ro") != 0 && strcmp(text, "rw") != 0)
		return false;
	*ret_read_only = text[1] == 'o';
	return true;
}

int bind_spec_parse(struct arena *arena, const char *spec, struct bind_option *ret_option,
		    const char **ret_reason)
{
	char *parts[PARTS_MAXIMUM] = { NULL };
	size_t count = split(arena, spec, parts);
	struct bind_option option = { .source = parts[0] };
	const char *reason = NULL;

	if (count > PARTS_MAXIMUM)
		reason = "too many parts";
	else if (parts[0][0] == '\0')
		reason = "the source is empty";
	else if (count == 3 && !parse_mode(parts[2], &option.read_only))
		reason = "the mode is neither ro nor rw";
	else if (count == 3 || (count == 2 && !parse_mode(parts[1], &option.read_only)))
		option.target = parts[1];
	if (!reason && option.target && option.target[0] != '/')
		reason = "the target is not an absolute path";
	if (reason) {
		*ret_reason = reason;
		return -EINVAL;
	}
	if (option.target)
		option.target = path_normalize(arena, "/", option.target);
	*ret_option = option;
	return 0;
}
