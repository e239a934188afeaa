#include "tests/support/escape.h"

#include <stdbool.h>
#include <string.h>

static bool is_octal(char c, char maximum)
{
	return c >= '0' && c <= maximum;
}

/* Returns the byte and how long its escape is, 0 for none that we know. */
static size_t undo_one(const char *text, char *ret_byte)
{
	static const char names[] = "nt\\", bytes[] = "\n\t\\";
	const char *name = text[1] ? strchr(names, text[1]) : NULL;

	if (name) {
		*ret_byte = bytes[name - names];
		return 2;
	}
	if (!is_octal(text[1], '3') || !is_octal(text[2], '7') || !is_octal(text[3], '7'))
		return 0;
	*ret_byte = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
	return *ret_byte == '\0' ? 0 : 4;
}

char *escape_undo(struct arena *arena, const char *text)
{
	char *result = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0;

	while (*text) {
		size_t consumed = 1;

		result[length] = *text;
		if (*text == '\\')
			consumed = undo_one(text, &result[length]);
		if (consumed == 0)
			return NULL;
		length++;
		text += consumed;
	}
	return result;
}
