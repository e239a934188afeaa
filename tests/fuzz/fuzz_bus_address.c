/* Addresses of D-Bus servers. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/bus_address.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct bus_address address = { .name = "untouched" }, again;
	const char *text = fuzz_string(&arena, data, size), *written;

	if (bus_address_parse(&arena, text, "/run/user/7", &address)) {
		fuzz_check(strcmp(address.name, "untouched") == 0);
		return 0;
	}
	fuzz_check(address.name[0] != '\0' && strlen(address.name) < 108);
	fuzz_check(address.kind == BUS_ADDRESS_ABSTRACT || path_is_normal(address.name));
	/* What is written is one plain word, which means the same. */
	written = bus_address_text(&arena, &address);
	for (const char *byte = written; *byte; byte++)
		fuzz_check(*byte > 0x20 && *byte < 0x7f && *byte != ';' && *byte != ',');
	fuzz_check(!bus_address_parse(&arena, written, "/elsewhere", &again));
	fuzz_check(again.kind == address.kind && strcmp(again.name, address.name) == 0);
	return 0;
}
