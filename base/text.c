#include "base/text.h"

#include <errno.h>
#include <string.h>

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t text_utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	if (s[0] < 0x80)
		return s[0] != '\0';
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		return is_continuation(s[1]) ? 2 : 0;
	if (s[0] >= 0xe0 && s[0] <= 0xef) {
		if (!is_continuation(s[1]) || !is_continuation(s[2]))
			return 0;
		if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		if (!is_continuation(s[1]) || !is_continuation(s[2]) || !is_continuation(s[3]))
			return 0;
		if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

/* C1 control characters are terminal commands in their two-byte UTF-8 form as well. */
static bool is_printable(const char *text, size_t length)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

	if (length == 1)
		return first >= 0x20 && first != 0x7f;
	return length > 2 || (length == 2 && !(first == 0xc2 && second < 0xa0));
}

/* Backslash and three digits: four bytes. */
static void put_octal(unsigned char byte, char *buffer)
{
	buffer[0] = '\\';
	buffer[1] = (char)('0' + (byte >> 6));
	buffer[2] = (char)('0' + ((byte >> 3) & 7));
	buffer[3] = (char)('0' + (byte & 7));
}

size_t text_escape(const char *text, char *buffer, size_t size)
{
	size_t written = 0;

	while (*text) {
		size_t length = text_utf8_length(text);

		if (is_printable(text, length)) {
			if (written + length >= size)
				break;
			memcpy(buffer + written, text, length);
			written += length;
			text += length;
			continue;
		}
		if (written + 4 >= size)
			break;
		put_octal((unsigned char)*text++, buffer + written);
		written += 4;
	}
	if (size > 0)
		buffer[written] = '\0';
	return written;
}

int text_parse_unsigned(const char *text, uint64_t maximum, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (*text == '\0')
		return -EINVAL;
	for (; *text; text++) {
		unsigned digit = (unsigned)*text - '0';

		if (digit > 9)
			return -EINVAL;
		if (value > (UINT64_MAX - digit) / 10)
			return -ERANGE;
		value = value * 10 + digit;
	}
	if (value > maximum)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

bool text_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
	size_t text_length = strlen(text), suffix_length = strlen(suffix);

	return text_length >= suffix_length &&
	       strcmp(text + text_length - suffix_length, suffix) == 0;
}

/* What no shell treats in a special way, wherever it stands. */
static bool is_plain_word(const char *word)
{
	return *word != '\0' &&
	       word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "_./:@%+,-")] == '\0';
}

static bool has_unprintable(const char *text)
{
	for (size_t length; *text; text += length) {
		length = text_utf8_length(text);
		if (!is_printable(text, length))
			return true;
	}
	return false;
}

char *text_quote(struct arena *arena, const char *word)
{
	bool has_escapes = has_unprintable(word);
	char *quoted, *end;

	if (is_plain_word(word))
		return arena_strdup(arena, word);
	end = quoted = arena_alloc(arena, strlen(word) * 4 + sizeof("$''"));
	if (has_escapes)
		*end++ = '$';
	*end++ = '\'';
	for (size_t length; *word; word += length) {
		length = text_utf8_length(word);
		if (!is_printable(word, length)) {
			length = 1;
			put_octal((unsigned char)*word, end);
			end += 4;
		} else if (*word == '\'' && !has_escapes) {
			end = stpcpy(end, "'\\''");
		} else {
			if (has_escapes && (*word == '\'' || *word == '\\'))
				*end++ = '\\';
			memcpy(end, word, length);
			end += length;
		}
	}
	*end++ = '\'';
	*end = '\0';
	return quoted;
}
