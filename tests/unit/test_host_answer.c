#include "tests/support/test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "forward/host_answer.h"

static const struct survey_question question = { .path = "/asked" };

static void a_file_is_of_its_kind(void **state)
{
	static const struct {
		mode_t mode;
		enum host_file_kind kind;
	} cases[] = {
		{ S_IFDIR, HOST_FILE_DIRECTORY }, { S_IFREG, HOST_FILE_REGULAR },
		{ S_IFSOCK, HOST_FILE_SOCKET },	  { S_IFCHR, HOST_FILE_DEVICE },
		{ S_IFBLK, HOST_FILE_OTHER },	  { S_IFIFO, HOST_FILE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct survey_answer answer = {
			.path = "/real", .mode = cases[i].mode | 0644, .uid = 7, .size = 9
		};
		struct host_file file = host_file_from(&question, &answer);

		assert_string_equal(file.asked, "/asked");
		assert_string_equal(file.path, "/real");
		assert_int_equal(file.kind, cases[i].kind);
		assert_int_equal(file.owner, 7);
		/* The size of anything else means something else. */
		assert_int_equal(file.size, cases[i].kind == HOST_FILE_REGULAR ? 9 : 0);
	}
}

static void what_cannot_be_looked_at_says_why(void **state)
{
	struct survey_answer denied = { .error = EACCES, .link = "x" };
	struct survey_answer dangling = { .error = ENOENT, .link = "x" };
	struct survey_answer missing = { .error = ENOENT };
	struct host_file file = host_file_from(&question, &denied);

	(void)state;
	assert_int_equal(file.error, EACCES);
	assert_null(file.path);
	assert_true(file.is_link && !file.is_dangling);
	file = host_file_from(&question, &dangling);
	assert_true(file.is_link && file.is_dangling);
	file = host_file_from(&question, &missing);
	assert_true(!file.is_link && !file.is_dangling);
	assert_int_equal(host_text_from(&question, &denied).error, EACCES);
}

static void a_text_is_whole_or_none(void **state)
{
	struct survey_answer answer = { .content = "text", .content_length = 4 };
	struct host_text text = host_text_from(&question, &answer);

	(void)state;
	assert_string_equal(text.path, "/asked");
	assert_string_equal(text.content, "text");
	assert_int_equal(text.length, 4);
	assert_int_equal(text.error, 0);
	answer.content_length = HOST_TEXT_MAXIMUM;
	text = host_text_from(&question, &answer);
	assert_null(text.content);
	assert_int_equal(text.error, EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_of_its_kind),
		cmocka_unit_test(what_cannot_be_looked_at_says_why),
		cmocka_unit_test(a_text_is_whole_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
