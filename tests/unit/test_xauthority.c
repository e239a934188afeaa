#include "tests/support/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "forward/xauthority.h"

/* An entry: family, address, number, name, data, the last four with a length of two bytes before
 * them, most significant byte first (Xauthority's format, as libXau writes it). */
#define LOCAL "\x01\x00"
#define INTERNET "\x00\x00"
#define WILD "\xff\xff"
#define MACHINE "\x00\x07machine"
#define OTHER "\x00\x05other"
#define EMPTY "\x00\x00"
#define COOKIE "\x00\x12MIT-MAGIC-COOKIE-1"

struct rewritten {
	struct arena arena;
	const char *data;
	size_t length;
};

static void rewrite(struct rewritten *rewritten, const char *content, size_t length)
{
	*rewritten = (struct rewritten) { 0 };
	rewritten->data = xauthority_rewrite(
		&rewritten->arena, content, length,
		&(struct xauthority_display) { "machine", "0", "1000" }, &rewritten->length);
}

/* clang-format off */
#define ZERO "\x00\x01" "0"
#define DATA "\x00\x01"
#define CASE(bytes, cookie) { bytes, sizeof(bytes) - 1, cookie }

static const struct {
	const char *content;
	size_t length;
	char cookie; /* '\0': none is found */
} cases[] = {
	CASE(LOCAL MACHINE ZERO COOKIE DATA "a", 'a'),
	CASE(WILD EMPTY ZERO COOKIE DATA "a", 'a'),
	CASE(WILD EMPTY EMPTY COOKIE DATA "a", 'a'),
	CASE(LOCAL OTHER ZERO COOKIE DATA "a", 'a'),
	/* That of this machine, wherever it stands. */
	CASE(LOCAL OTHER ZERO COOKIE DATA "b"
	     WILD EMPTY ZERO COOKIE DATA "c"
	     LOCAL MACHINE ZERO COOKIE DATA "a", 'a'),
	CASE(LOCAL MACHINE ZERO COOKIE DATA "a"
	     LOCAL MACHINE ZERO COOKIE DATA "b"
	     LOCAL OTHER ZERO COOKIE DATA "c", 'a'),
	/* Of other displays. */
	CASE(LOCAL MACHINE "\x00\x01" "1" COOKIE DATA "a", '\0'),
	CASE(LOCAL MACHINE "\x00\x02" "00" COOKIE DATA "a", '\0'),
	CASE(INTERNET "\x00\x04\x7f\x00\x00\x01" ZERO COOKIE DATA "a", '\0'),
	CASE("", '\0'),
	CASE("text", '\0'),
	/* Cut short: what is whole counts. */
	CASE(LOCAL MACHINE ZERO COOKIE "\x00\x09" "a", '\0'),
	CASE(LOCAL MACHINE ZERO COOKIE DATA "a" LOCAL "\xff", 'a'),
};

static const char before[] = WILD EMPTY "\x00\x04" "1000" COOKIE DATA;
/* clang-format on */

static void the_cookie_is_for_any_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rewritten rewritten;

		rewrite(&rewritten, cases[i].content, cases[i].length);
		if (cases[i].cookie == '\0') {
			if (rewritten.data)
				fail_msg("case %zu: something was found", i);
		} else if (!rewritten.data || rewritten.length != sizeof(before) ||
			   memcmp(rewritten.data, before, sizeof(before) - 1) != 0 ||
			   rewritten.data[sizeof(before) - 1] != cases[i].cookie) {
			fail_msg("case %zu: not that cookie", i);
		}
		arena_finish(&rewritten.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cookie_is_for_any_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
