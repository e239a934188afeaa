/* Paths as text. The input is a directory and a path. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "tests/fuzz/fuzz.h"

static void check_normal(struct arena *arena, const char *path)
{
	const char *parent = path_parent(arena, path);

	fuzz_check(path_is_normal(path) && path_is_normal(parent));
	fuzz_check(strcmp(path_normalize(arena, "/elsewhere", path), path) == 0);
	fuzz_check(path_is_at_or_below(path, parent) && path_is_at_or_below(path, "/"));
	fuzz_check(path_is_at_or_below(path, path) && !path_is_below(path, path));
	if (strcmp(path, "/") == 0)
		return;
	fuzz_check(path_is_below(path, parent) && !path_is_at_or_below(parent, path));
	fuzz_check(!strchr(path_name(path), '/'));
	fuzz_check(strcmp(path_join(arena, parent, path_name(path)), path) == 0);
}

static void check_pair(const char *path, const char *other)
{
	bool is_below = path_is_at_or_below(path, other),
	     is_above = path_is_at_or_below(other, path);

	fuzz_check((is_below && is_above) == (strcmp(path, other) == 0));
	fuzz_check(!is_below || strlen(path) >= strlen(other));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	const char *directory =
		path_normalize(&arena, "/", input.count > 0 ? input.strings[0] : "");
	const char *path = input.count > 1 ? input.strings[1] : "";
	const char *whole = path_normalize(&arena, directory, path);

	check_normal(&arena, directory);
	check_normal(&arena, whole);
	check_pair(whole, directory);
	if (path_is_normal(path)) {
		fuzz_check(strcmp(whole, path) == 0);
		fuzz_check(path[0] == '/' && !strstr(path, "//") && !strstr(path, "/../"));
	}
	return 0;
}
