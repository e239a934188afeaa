/* PID 1's command line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "init/identity.h"
#include "tests/fuzz/fuzz.h"

static void check_id(const char *word, uint32_t id)
{
	size_t length = strlen(word);

	fuzz_check(length > 0 && strspn(word, "0123456789") == length);
	fuzz_check(id != UINT32_MAX && strtoull(word, NULL, 10) == id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	struct identity identity = { .uid = 4711 };
	int r = identity_parse((const char *const *)input.strings, input.count, &identity);

	if (r < 0) {
		fuzz_check(r == -EINVAL || r == -ERANGE || r == -E2BIG);
		fuzz_check(identity.uid == 4711 && identity.group_count == 0);
		return 0;
	}
	fuzz_check(identity.group_count + 2 == input.count);
	fuzz_check(identity.group_count <= IDENTITY_GROUPS_MAX);
	fuzz_check(identity.uid != 0);
	check_id(input.strings[0], identity.uid);
	check_id(input.strings[1], identity.gid);
	for (size_t i = 0; i < identity.group_count; i++)
		check_id(input.strings[i + 2], identity.groups[i]);
	return 0;
}
