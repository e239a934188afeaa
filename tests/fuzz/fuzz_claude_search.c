/* Where Claude Code may be: by the caller's PATH, and beside npm's placeholder for it. The input
 * gives PATH, HOME, and FILE and CONTENT of what was found. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "forward/claude_search.h"
#include "tests/fuzz/fuzz.h"

/* No place depends on a working directory, and no name of the caller's becomes a pattern. */
static void check_questions(const struct survey_question *questions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct survey_question *question = &questions[i];

		fuzz_check(path_is_normal(question->path));
		fuzz_check(question->access && question->content == CLAUDE_SEARCH_CONTENT);
		fuzz_check(!question->is_system && !question->whole);
		if (question->is_pattern)
			fuzz_check(strcspn(question->path, "*?[") ==
				   strlen(question->path) - strlen("*/bin/claude"));
	}
}

static void check_natives(struct arena *arena, const struct survey_answer *answer)
{
	struct survey_question *questions = NULL;
	const char *scope =
		path_parent(arena, path_parent(arena, path_parent(arena, answer->path)));
	size_t count = 4711;

	claude_search_natives(arena, answer, &questions, &count);
	fuzz_check(count == 0 || (answer->content && text_ends_with(answer->path, "/claude.exe")));
	check_questions(questions, count);
	for (size_t i = 0; i < count; i++)
		fuzz_check(path_is_below(questions[i].path, scope));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	const char *home = fuzz_value(&input, "HOME"), *file = fuzz_value(&input, "FILE");
	struct survey_answer answer = { .content = fuzz_value(&input, "CONTENT") };
	struct survey_question *questions = NULL;
	size_t count = 0;

	home = path_normalize(&arena, "/", home ? home : "/home/jo");
	answer.path = path_normalize(&arena, "/", file ? file : "");
	claude_search_list(&arena, fuzz_value(&input, "SYSTEM"), input.strings, home, &questions,
			   &count);
	fuzz_check(count > 0);
	check_questions(questions, count);
	fuzz_check(claude_search_choose(&answer, 0) == 0);
	check_natives(&arena, &answer);
	return 0;
}
