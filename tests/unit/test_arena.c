#include "tests/support/test.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "tests/support/run.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 32768, 100000, 1, 40000, 3 };
	AUTO_ARENA struct arena arena = { 0 };
	unsigned char *blocks[sizeof(sizes) / sizeof(*sizes)];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		blocks[i] = arena_alloc(&arena, sizes[i]);
		assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(blocks[i][j], 0);
		memset(blocks[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(blocks[i][j], i + 1);
}

static void many_small_blocks_do_not_overlap(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	size_t *numbers[10000];

	(void)state;
	for (size_t i = 0; i < 10000; i++) {
		numbers[i] = arena_alloc(&arena, sizeof(size_t));
		*numbers[i] = i;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(*numbers[i], i);
}

static void raw_memory_is_the_callers_to_fill(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char *first = arena_alloc_raw(&arena, 10), *second = arena_alloc_raw(&arena, 10);

	(void)state;
	memset(first, 'a', 10);
	memset(second, 'b', 10);
	assert_int_equal(first[9], 'a');
	assert_int_equal((uintptr_t)second % alignof(max_align_t), 0);
}

static void growing_keeps_the_elements_and_their_neighbours(void **state)
{
	enum { COUNT = 5000 };
	static unsigned char *neighbours[COUNT];
	AUTO_ARENA struct arena arena = { 0 };
	unsigned *array = NULL;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		array = arena_grow(&arena, array, i, sizeof(*array));
		/* Whatever lies behind the array is not the array's. */
		neighbours[i] = arena_alloc(&arena, 16);
		memset(neighbours[i], 0xee, 16);
		array[i] = i;
	}
	for (unsigned i = 0; i < COUNT; i++) {
		assert_int_equal(array[i], i);
		for (size_t j = 0; j < 16; j++)
			assert_int_equal(neighbours[i][j], 0xee);
	}
}

static void an_array_moves_only_when_it_is_full(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	int *array = arena_grow(&arena, NULL, 0, sizeof(*array));

	(void)state;
	for (size_t count = 1; count < 8; count++)
		assert_ptr_equal(arena_grow(&arena, array, count, sizeof(*array)), array);
	assert_ptr_not_equal(arena_grow(&arena, array, 8, sizeof(*array)), array);
}

static void strings_are_copies(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char text[] = "hello";
	char *whole = arena_strdup(&arena, text), *part = arena_strndup(&arena, text, 2);

	(void)state;
	text[0] = 'J';
	assert_string_equal(whole, "hello");
	assert_string_equal(part, "he");
	assert_string_equal(arena_strndup(&arena, "", 0), "");
}

static void printing_takes_any_length(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char long_text[70001];
	char *printed;

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	printed = arena_printf(&arena, "<%s>", long_text);
	assert_int_equal(strlen(printed), 70002);
	assert_int_equal(printed[70001], '>');
}

static void an_arena_is_usable_again_after_its_end(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	arena_finish(&arena);
	(void)arena_alloc(&arena, 100000);
	arena_finish(&arena);
	arena_finish(&arena);
	assert_string_equal(arena_strdup(&arena, "again"), "again");
	arena_finish(&arena);
}

static bool memory_is_used_up;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
	return memory_is_used_up ? NULL : __real_malloc(size);
}

/* A child ends in the ordinary way, so that what it has run is counted. */
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
	memory_is_used_up = false;
	exit(status);
}

static int ask_for_more_than_there_is(void *argument)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)argument;
	memory_is_used_up = true;
	return arena_alloc(&arena, 100000) ? 0 : 1;
}

static void running_out_of_memory_ends_the_program(void **state)
{
	char output[256];

	(void)state;
	assert_int_equal(run_child_stderr(ask_for_more_than_there_is, NULL, output, sizeof(output)),
			 125);
	assert_string_equal(output, "claude-sandbox: out of memory\n");
}

static int ask_for_too_much(void *argument)
{
	AUTO_ARENA struct arena arena = { 0 };

	return arena_alloc(&arena, *(size_t *)argument) ? 0 : 1;
}

static int grow_too_much(void *argument)
{
	AUTO_ARENA struct arena arena = { 0 };
	static char array[1];

	return arena_grow(&arena, array, *(size_t *)argument, 16) ? 0 : 1;
}

static void impossible_sizes_end_the_program(void **state)
{
	size_t size = SIZE_MAX - 3, count = (size_t)1 << 60;
	char output[256];

	(void)state;
	assert_int_equal(run_child_stderr(ask_for_too_much, &size, output, sizeof(output)), 125);
	assert_string_equal(output, "claude-sandbox: out of memory\n");
	assert_int_equal(run_child_stderr(grow_too_much, &count, output, sizeof(output)), 125);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(many_small_blocks_do_not_overlap),
		cmocka_unit_test(raw_memory_is_the_callers_to_fill),
		cmocka_unit_test(growing_keeps_the_elements_and_their_neighbours),
		cmocka_unit_test(an_array_moves_only_when_it_is_full),
		cmocka_unit_test(strings_are_copies),
		cmocka_unit_test(printing_takes_any_length),
		cmocka_unit_test(an_arena_is_usable_again_after_its_end),
		cmocka_unit_test(running_out_of_memory_ends_the_program),
		cmocka_unit_test(impossible_sizes_end_the_program),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
