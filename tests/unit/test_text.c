#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"

static void only_what_could_speak_to_a_terminal_is_escaped(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "plain ~!\"'", "plain ~!\"'" },
		{ "a\nb\tc\r", "a\\012b\\011c\\015" },
		{ "\001\037\177", "\\001\\037\\177" },
		{ "\033[2J", "\\033[2J" },
		{ "\303\244\342\202\254\360\237\230\200", "\303\244\342\202\254\360\237\230\200" },
		/* C1 control characters in their two forms, and the first that is none. */
		{ "\302\200\302\233m\302\237", "\\302\\200\\302\\233m\\302\\237" },
		{ "\233m", "\\233m" },
		{ "\302\240", "\302\240" },
		/* Not UTF-8: lone, overlong, surrogate, too high, cut. */
		{ "\200x", "\\200x" },
		{ "\300\257", "\\300\\257" },
		{ "\340\200\257", "\\340\\200\\257" },
		{ "\355\240\200", "\\355\\240\\200" },
		{ "\360\200\200\200", "\\360\\200\\200\\200" },
		{ "\364\220\200\200", "\\364\\220\\200\\200" },
		{ "\365\200\200\200", "\\365\\200\\200\\200" },
		{ "\303", "\\303" },
		{ "\342\202", "\\342\\202" },
		{ "\360\237\230", "\\360\\237\\230" },
		{ "\303\303\244", "\\303\303\244" },
		{ "\342\202\303\244", "\\342\\202\303\244" },
	};
	char buffer[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		size_t length = text_escape(cases[i].text, buffer, sizeof(buffer));

		if (strcmp(buffer, cases[i].expected) != 0 || length != strlen(buffer))
			fail_msg("case %zu: '%s', %zu bytes", i, buffer, length);
	}
}

static void every_byte_comes_out_printable(void **state)
{
	(void)state;
	for (unsigned byte = 1; byte < 256; byte++) {
		char text[] = { (char)byte, '\0' }, buffer[8];
		size_t length = text_escape(text, buffer, sizeof(buffer));

		for (size_t i = 0; i < length; i++)
			if (buffer[i] < 0x20 || buffer[i] > 0x7e)
				fail_msg("byte %u", byte);
		assert_int_equal(length, byte >= 0x20 && byte < 0x7f ? 1 : 4);
	}
}

/* The uncut text, and the places where it may be cut. */
static void escaping_is_cut_between_characters_only(void **state)
{
	static const char text[] = "a\n\303\244\342\202\254b\377";
	static const char whole[] = "a\\012\303\244\342\202\254b\\377";
	static const size_t cuts[] = { 0, 1, 5, 7, 10, 11, 15 };
	char buffer[32];

	(void)state;
	for (size_t size = 1; size <= sizeof(whole) + 1; size++) {
		size_t length, expected = 0;

		memset(buffer, '#', sizeof(buffer));
		length = text_escape(text, buffer, size);
		for (size_t i = 0; i < ARRAY_LENGTH(cuts); i++)
			if (cuts[i] < size)
				expected = cuts[i];
		assert_int_equal(length, expected);
		assert_memory_equal(buffer, whole, length);
		assert_int_equal(buffer[length], '\0');
		/* Not a byte beyond. */
		for (size_t i = size; i < sizeof(buffer); i++)
			assert_int_equal(buffer[i], '#');
	}
}

static void a_buffer_of_no_size_is_left_alone(void **state)
{
	char byte = '#';

	(void)state;
	assert_int_equal(text_escape("abc", &byte, 0), 0);
	assert_int_equal(byte, '#');
	assert_int_equal(text_escape("abc", &byte, 1), 0);
	assert_int_equal(byte, '\0');
}

static void sequences_have_their_length(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} cases[] = {
		{ "", 0 },
		{ "a", 1 },
		{ "\177", 1 },
		{ "\302\200", 2 },
		{ "\337\277", 2 },
		{ "\340\240\200", 3 },
		{ "\355\237\277", 3 },
		{ "\357\277\277", 3 },
		{ "\360\220\200\200", 4 },
		{ "\364\217\277\277", 4 },
		{ "\301\277", 0 },
		{ "\340\237\277", 0 },
		{ "\355\240\200", 0 },
		{ "\360\217\277\277", 0 },
		{ "\364\220\200\200", 0 },
		{ "\302a", 0 },
		{ "\340\240a", 0 },
		{ "\360\220\200a", 0 },
		{ "\377", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		if (text_utf8_length(cases[i].text) != cases[i].length)
			fail_msg("case %zu", i);
}

static void numbers_are_digits_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		uint64_t maximum;
		int expected;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "7", 7, 0, 7 },
		{ "8", 7, -ERANGE, 0 },
		{ "007", 7, 0, 7 },
		{ "4294967294", UINT32_MAX - 1ULL, 0, 4294967294 },
		{ "4294967295", UINT32_MAX - 1ULL, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551620", UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999", UINT64_MAX, -ERANGE, 0 },
		{ "", 9, -EINVAL, 0 },
		{ " 1", 9, -EINVAL, 0 },
		{ "1 ", 9, -EINVAL, 0 },
		{ "+1", 9, -EINVAL, 0 },
		{ "-1", 9, -EINVAL, 0 },
		{ "0x1", 9, -EINVAL, 0 },
		{ "1a", 9, -EINVAL, 0 },
		{ "1\n", 9, -EINVAL, 0 },
		{ "\3431", 9, -EINVAL, 0 },
		{ "\331\241", 9, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		uint64_t value = 4711;
		int r = text_parse_unsigned(cases[i].text, cases[i].maximum, &value);

		if (r != cases[i].expected || value != (r < 0 ? 4711 : cases[i].value))
			fail_msg("case %zu: '%s' gives %d", i, cases[i].text, r);
	}
}

static void beginnings_and_ends_are_compared(void **state)
{
	(void)state;
	assert_true(text_starts_with("abc", "ab"));
	assert_true(text_starts_with("abc", ""));
	assert_false(text_starts_with("abc", "abcd"));
	assert_false(text_starts_with("abc", "b"));
	assert_true(text_ends_with("abc", "bc"));
	assert_true(text_ends_with("abc", ""));
	assert_true(text_ends_with("abc", "abc"));
	assert_false(text_ends_with("abc", "aabc"));
	assert_false(text_ends_with("abc", "b"));
}

static void a_quoted_word_is_read_back_by_a_shell(void **state)
{
	static const struct {
		const char *word, *expected;
	} cases[] = {
		{ "", "''" },
		{ "plain-./:@%+,_9", "plain-./:@%+,_9" },
		{ "a b", "'a b'" },
		{ "~", "'~'" },
		{ "K=v", "'K=v'" },
		{ "$HOME;`x`\\\"", "'$HOME;`x`\\\"'" },
		{ "it's", "'it'\\''s'" },
		{ "'", "''\\'''" },
		{ "\303\244", "'\303\244'" },
		{ "a\nb", "$'a\\012b'" },
		{ "\377'\\1", "$'\\377\\'\\\\1'" },
		{ "\302\2331m", "$'\\302\\2331m'" },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		assert_string_equal(text_quote(&arena, cases[i].word), cases[i].expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_could_speak_to_a_terminal_is_escaped),
		cmocka_unit_test(every_byte_comes_out_printable),
		cmocka_unit_test(escaping_is_cut_between_characters_only),
		cmocka_unit_test(a_buffer_of_no_size_is_left_alone),
		cmocka_unit_test(sequences_have_their_length),
		cmocka_unit_test(numbers_are_digits_and_nothing_else),
		cmocka_unit_test(beginnings_and_ends_are_compared),
		cmocka_unit_test(a_quoted_word_is_read_back_by_a_shell),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
