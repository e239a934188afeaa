/* Escaping for terminals and JSON, UTF-8, and numbers. The first byte bounds the buffer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "tests/fuzz/fuzz.h"

/* Nothing that a terminal would obey, and nothing that JSON could not hold. */
static void check_printable(const char *text)
{
	while (*text) {
		size_t length = text_utf8_length(text);
		unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

		fuzz_check(length >= 1 && length <= 4);
		fuzz_check(first >= 0x20 && first != 0x7f);
		fuzz_check(first != 0xc2 || second >= 0xa0);
		text += length;
	}
}

static void check_escape(struct arena *arena, const char *text, size_t bound)
{
	size_t size = strlen(text) * 4 + 1;
	char *whole = arena_alloc(arena, size), *cut = arena_alloc(arena, bound), *again;
	size_t length = text_escape(text, whole, size), cut_length = text_escape(text, cut, bound);

	fuzz_check(length == strlen(whole) && length >= strlen(text));
	check_printable(whole);
	again = arena_alloc(arena, length * 4 + 1);
	(void)text_escape(whole, again, length * 4 + 1);
	fuzz_check(strcmp(again, whole) == 0);
	if (bound == 0) {
		fuzz_check(cut_length == 0);
		return;
	}
	fuzz_check(cut_length < bound && cut_length == strlen(cut));
	fuzz_check(strncmp(whole, cut, cut_length) == 0);
	check_printable(cut);
}

static void check_number(const char *text, uint64_t maximum)
{
	uint64_t value = 4711;
	int r = text_parse_unsigned(text, maximum, &value);
	size_t length = strlen(text);
	bool is_number = length > 0 && strspn(text, "0123456789") == length;

	fuzz_check(r == 0 || r == -EINVAL || r == -ERANGE);
	if (r < 0) {
		fuzz_check(value == 4711);
		/* Digits alone, whatever follows a number that is too large. */
		fuzz_check(r == -ERANGE || !is_number);
		return;
	}
	fuzz_check(is_number && value <= maximum && value == strtoull(text, NULL, 10));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *text;

	if (size == 0)
		return 0;
	text = fuzz_string(&arena, data + 1, size - 1);
	check_escape(&arena, text, data[0]);
	check_number(text, UINT64_MAX);
	check_number(text, data[0]);
	return 0;
}
