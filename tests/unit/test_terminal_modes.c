#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/terminal_modes.h"

typedef void print_modes(const struct terminal_modes *modes, FILE *stream);

/* What `print` says after `shown`, given in pieces of `step` bytes. */
static char *printed_after(const char *shown, size_t length, size_t step, print_modes *print)
{
	struct terminal_modes modes = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	for (size_t i = 0; i < length; i += step)
		terminal_modes_scan(&modes, shown + i, i + step < length ? step : length - i);
	print(&modes, stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

struct mode_case {
	const char *shown;
	const char *expected;
};

static void assert_cases(const struct mode_case *cases, size_t count, print_modes *print)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(cases[i].shown);

		for (size_t step = 1; step <= length; step++) {
			AUTO_FREE char *text = printed_after(cases[i].shown, length, step, print);

			if (strcmp(text, cases[i].expected) != 0)
				fail_msg("case %zu (%s) in steps of %zu: seen %s", i,
					 cases[i].shown + 1, step, *text ? text + 1 : "nothing");
		}
	}
}

static void what_was_switched_on_is_switched_off(void **state)
{
	static const struct mode_case cases[] = {
		{ "\033[?2004h", "\033[?2004l" },
		{ "\033[?25l", "\033[?25h" },
		{ "\033[?7l", "\033[?7h" },
		{ "\033[?1000;1002;1003;1006h", "\033[?1000l\033[?1002l\033[?1003l\033[?1006l" },
		{ "\033[?1004hx\033[?2031h\033[?2048h", "\033[?1004l\033[?2031l\033[?2048l" },
		{ "\033[?1049h\033[?25l", "\033[?25h\033[?1049l" },
		{ "\033[?47h", "\033[?47l" },
		{ "\033[?2026hhalf a frame", "\033[?2026l" },
		{ "\033[?1h\033=", "\033[?1l\033>" },
		{ "\033[>4;2m", "\033[>4m" },
		{ "\033[>4n", "\033[>4m" },
		{ "\033[5 q", "\033[0 q" },
		{ "\033[1;31mred", "\033[0m" },
		{ "\033[38:2::1:2:3m", "\033[0m" },
		{ "\033[2;20r", "\0337\033[r\0338" },
		{ "\033[;20r", "\0337\033[r\0338" },
		{ "\033(0\016", "\017\033(B" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_reset);
}

static void what_is_off_again_or_never_was_on_is_left_alone(void **state)
{
	static const struct mode_case cases[] = {
		{ "plain text, \303\244, \r\n\t", "" },
		{ "\033[?2004h\033[?2004l", "" },
		{ "\033[?1049h\033[?1049l", "" },
		{ "\033[?25l\033[?25h", "" },
		{ "\033[?25h\033[?1049l\033[?7h", "" },
		{ "\033=\033>", "" },
		{ "\033[31m\033[0m", "" },
		{ "\033[31m\033[m", "" },
		{ "\033[2;20r\033[r", "" },
		{ "\033[1r", "" },
		{ "\033(0\033(B\016\017", "" },
		{ "\033[5 q\033[0 q", "" },
		{ "\033[>4;2m\033[>4m", "" },
		{ "\033[>4;2m\033[>4;0m", "" },
		{ "\033[>1u\033[<u", "" },
		{ "\033[<5u", "" },
		/* Queries, and sequences of which only a part is alike. */
		{ "\033[?u\033[?2004$p\033[?1049s\033[2004h\033[>2004h\033[?25;m\033[c\033[>c",
		  "" },
		{ "\033[?1049!h\033[>1m\033[1q\033[=c", "" },
		/* Full and soft reset. */
		{ "\033[?1049h\033[>1u\033[31m\033c", "" },
		{ "\033[?25l\033[?7l\033[31m\033[2;9r\033[!p", "" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_reset);
}

static void each_screen_has_a_keyboard_of_its_own(void **state)
{
	static const struct mode_case cases[] = {
		{ "\033[>1u", "\033[<1u" },
		{ "\033[>1u\033[>3u\033[>u", "\033[<3u" },
		{ "\033[>1u\033[>1u\033[<u", "\033[<1u" },
		{ "\033[=5u", "\033[=0;1u" },
		{ "\033[=5;2u", "\033[=0;1u" },
		{ "\033[=5u\033[=0u", "" },
		{ "\033[=5u\033[=5;3u", "\033[=0;1u" },
		{ "\033[=0;2u", "" },
		{ "\033[>1u\033[=5u\033[<u", "" },
		{ "\033[?1049h\033[>1u", "\033[<1u\033[?1049l" },
		{ "\033[>1u\033[?1049h\033[>1u\033[>1u", "\033[<2u\033[?1049l\033[<1u" },
		{ "\033[>1u\033[?1049h\033[<u", "\033[?1049l\033[<1u" },
		{ "\033[?1049h\033[>1u\033[?1049l", "" },
		{ "\033[>1u\033[>1u\033[>1u\033[>1u\033[>1u\033[>1u\033[>1u\033[>1u\033[>1u",
		  "\033[<8u" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_reset);
}

static void a_cut_sequence_is_ended_first(void **state)
{
	static const struct mode_case cases[] = {
		{ "\033", "\030" },
		{ "\033[", "\030" },
		{ "\033[?25l\033[?104", "\030\033[?25h" },
		{ "\033(", "\030" },
		{ "\033]0;a title", "\033\\" },
		{ "\033]0;a title\033", "\033\\" },
		{ "\033P+q", "\033\\" },
		{ "\033]0;a title\007", "" },
		{ "\033]0;a title\033\\", "" },
		{ "\033_Gi=1;\033\\", "" },
		{ "\033[?25\030", "" },
		{ "\033]0;\032", "" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_reset);
}

static void sequences_are_told_from_what_looks_like_them(void **state)
{
	static const struct mode_case cases[] = {
		/* In a string it is text; after the string it counts. */
		{ "\033]0;[?1049h\007", "" },
		{ "\033]0;x\033[?25l", "\033[?25h" },
		/* Control characters within a sequence act on their own. */
		{ "\033[?2\r5\nl", "\033[?25h" },
		/* A new sequence begins in the middle of one. */
		{ "\033[?20\033[?25l", "\033[?25h" },
		/* Numbers too large are no mode of ours, whatever is left of them modulo 2^16. */
		{ "\033[?67540h", "" },
		{ "\033[?4294969300h", "" },
		{ "\033[?0025l", "\033[?25h" },
		{ "\033[?1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;2004h",
		  "\033[?1l\033[?5l\033[?6l\033[?9l" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_reset);
}

static void one_that_goes_on_finds_its_modes_again(void **state)
{
	static const struct mode_case cases[] = {
		{ "plain", "" },
		{ "\033[?2004h\033[?25l", "\033[?2004h\033[?25l" },
		{ "\033[?25l\033[>1u\033[?1049h\033[>3u\033[>5u\033=",
		  "\033[>1u\033[?1049h\033[>3u\033[>5u\033=\033[?25l" },
		{ "\033[>1u\033[=4;2u", "\033[>5u" },
		{ "\033[>5u\033[=4;3u", "\033[>1u" },
		{ "\033[>5u\033[=2u", "\033[>2u" },
	};

	(void)state;
	assert_cases(cases, ARRAY_LENGTH(cases), terminal_modes_print_restore);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_switched_on_is_switched_off),
		cmocka_unit_test(what_is_off_again_or_never_was_on_is_left_alone),
		cmocka_unit_test(each_screen_has_a_keyboard_of_its_own),
		cmocka_unit_test(a_cut_sequence_is_ended_first),
		cmocka_unit_test(sequences_are_told_from_what_looks_like_them),
		cmocka_unit_test(one_that_goes_on_finds_its_modes_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
