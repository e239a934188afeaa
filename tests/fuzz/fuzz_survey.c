/* The answers of the helper that looks at the host as the caller: root takes nothing in them on
 * trust. The first byte says to how many questions. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "forward/survey.h"
#include "tests/fuzz/fuzz.h"

struct bounds {
	const char *begin;
	const char *end;
};

/* None, or wholly inside the data. */
static void check_string(const struct bounds *bounds, const char *string, size_t length)
{
	if (!string)
		return;
	fuzz_check(string >= bounds->begin && string < bounds->end);
	fuzz_check(length < (size_t)(bounds->end - string) && string[length] == '\0');
}

static void check_answer(const struct bounds *bounds, const struct survey_answer *answer)
{
	const char *const strings[] = { answer->path, answer->link };

	for (size_t i = 0; i < ARRAY_LENGTH(strings); i++)
		if (strings[i])
			check_string(bounds, strings[i],
				     strnlen(strings[i], (size_t)(bounds->end - strings[i])));
	check_string(bounds, answer->content, answer->content_length);
	fuzz_check(answer->content || answer->content_length == 0);
	fuzz_check(answer->error >= 0);
	fuzz_check(answer->error != 0 || (answer->path && path_is_normal(answer->path)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct survey_question questions[8] = { [2] = { .is_system = true } };
	struct survey_answer answers[ARRAY_LENGTH(questions)] = { 0 };
	size_t count = size > 0 ? data[0] % (ARRAY_LENGTH(questions) + 1) : 0;
	struct bounds bounds = { (const char *)data + 1, (const char *)data + size };
	int r;

	if (size == 0)
		return 0;
	r = survey_parse(bounds.begin, size - 1, questions, count, answers);
	fuzz_check(r == 0 || r == -EPROTO);
	for (size_t i = 0; r == 0 && i < count; i++)
		if (!questions[i].is_system)
			check_answer(&bounds, &answers[i]);
	return 0;
}
