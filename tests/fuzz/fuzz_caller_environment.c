/* What /proc says of an ancestor: its environ, status and stat. The name of the process, in the
 * last two, is anybody's choice. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "forward/caller_environment.h"
#include "tests/fuzz/fuzz.h"

static void check_split(struct arena *arena, const uint8_t *data, size_t size)
{
	char *copy = arena_strndup(arena, (const char *)data, size);
	char *const *environment = caller_environment_split(arena, copy, size);
	const char *end = copy;

	/* In order, apart, and none beyond the end. */
	for (; *environment; environment++) {
		fuzz_check(*environment >= end && *environment < copy + size);
		fuzz_check(strchr(*environment, '='));
		end = *environment + strlen(*environment) + 1;
	}
	fuzz_check(end <= copy + size + 1);
}

static void check_status(const char *status)
{
	unsigned euid = 4711;
	char *end = NULL;
	int r = caller_environment_parse_status(status, &euid);
	const char *line = strstr(status, "\nUid:\t");

	fuzz_check(r == 0 || (r == -EINVAL && euid == 4711));
	if (r < 0)
		return;
	fuzz_check(line);
	(void)strtoul(line + strlen("\nUid:\t"), &end, 10);
	fuzz_check(*end == '\t' && strtoul(end + 1, NULL, 10) == euid);
}

static void check_stat(const char *stat)
{
	int parent = 4711;
	int r = caller_environment_parse_stat(stat, &parent);
	const char *bracket = strrchr(stat, ')');

	fuzz_check(r == 0 || (r == -EINVAL && parent == 4711));
	if (r < 0)
		return;
	fuzz_check(parent >= 0);
	fuzz_check(bracket && strtol(bracket + 4, NULL, 10) == parent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *text = fuzz_string(&arena, data, size);

	check_split(&arena, data, size);
	check_status(text);
	check_stat(text);
	return 0;
}
