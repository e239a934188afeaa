/* A file of cookies, which is whatever the caller has put there. */
#include <string.h>

#include "base/cleanup.h"
#include "forward/xauthority.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const struct xauthority_display display = { "machine", "0", "1000" };
	const struct xauthority_display inside = { "other", "1000", "1000" };
	size_t length = 0, again_length = 0;
	const char *found = xauthority_rewrite(&arena, (const char *)data, size, &display, &length);
	const char *again;

	if (!found)
		return 0;
	/* One entry, for any host. */
	fuzz_check(length >= 12 && memcmp(found, "\xff\xff\0\0\0\0041000", 10) == 0);
	again = xauthority_rewrite(&arena, found, length, &inside, &again_length);
	fuzz_check(again && again_length == length && memcmp(again, found, length) == 0);
	return 0;
}
