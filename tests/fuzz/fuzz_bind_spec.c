/* The value of --bind. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "runtime/bind_spec.h"
#include "tests/fuzz/fuzz.h"

static const char *escaped(struct arena *arena, const char *text)
{
	char *result = arena_alloc(arena, strlen(text) * 2 + 1), *out = result;

	for (; *text; text++) {
		if (*text == ':' || *text == '\\')
			*out++ = '\\';
		*out++ = *text;
	}
	return result;
}

/* What was understood, written out in full, is understood the same way. */
static void check_written_out(struct arena *arena, const struct bind_option *option)
{
	const char *target = option->target ? escaped(arena, option->target) : "";
	const char *spec =
		arena_printf(arena, "%s%s%s:%s", escaped(arena, option->source),
			     option->target ? ":" : "", target, option->read_only ? "ro" : "rw");
	struct bind_option again;
	const char *reason;

	fuzz_check(bind_spec_parse(arena, spec, &again, &reason) == 0);
	fuzz_check(fuzz_is_same_text(again.source, option->source));
	fuzz_check(fuzz_is_same_text(again.target, option->target));
	fuzz_check(again.read_only == option->read_only);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *spec = fuzz_string(&arena, data, size), *reason = NULL;
	struct bind_option option = { .source = "untouched" };
	int r = bind_spec_parse(&arena, spec, &option, &reason);

	if (r < 0) {
		fuzz_check(r == -EINVAL && reason);
		fuzz_check(strcmp(option.source, "untouched") == 0);
		return 0;
	}
	fuzz_check(!reason);
	fuzz_check(option.source[0] != '\0' && strlen(option.source) <= strlen(spec));
	fuzz_check(!option.target || path_is_normal(option.target));
	check_written_out(&arena, &option);
	return 0;
}
