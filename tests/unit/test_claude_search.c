#include "tests/support/test.h"

#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/claude_search.h"

static void candidates_come_in_the_order_of_trust(void **state)
{
	static const char *const expected[] = {
		"/sw/bin/claude",
		"/usr/local/bin/claude",
		"/usr/bin/claude",
		"/b/claude",
		"/a b/claude",
		"/home/jo/.local/bin/claude",
		"/home/jo/.claude/local/claude",
		"/home/jo/.claude/local/node_modules/.bin/claude",
		"/home/jo/.npm-global/bin/claude",
		"/home/jo/.nvm/versions/node/*/bin/claude",
		"/usr/local/bin/claude",
		"/usr/bin/claude",
		"/opt/claude-code/bin/claude",
	};
	static char path[] = "PATH=/b:/a b";
	static char *environment[] = { path, NULL };
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions;
	size_t count;

	(void)state;
	claude_search_list(&arena, "/srv/tree", environment, "/home/jo", &questions, &count);
	assert_int_equal(count, ARRAY_LENGTH(expected));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(questions[i].path, expected[i]);
		assert_int_equal(questions[i].is_pattern, strchr(expected[i], '*') != NULL);
		assert_int_equal(questions[i].content, CLAUDE_SEARCH_CONTENT);
		assert_true(questions[i].access);
	}
	/* Links of the tree are followed within the tree. */
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(questions[i].root, "/srv/tree");
	for (size_t i = 3; i < count; i++)
		assert_null(questions[i].root);
}

static void a_home_named_like_a_pattern_stays_a_name(void **state)
{
	static char *environment[] = { NULL };
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions;
	size_t count;

	(void)state;
	claude_search_list(&arena, NULL, environment, "/home/[j]*", &questions, &count);
	assert_int_equal(count, 7);
	for (size_t i = 0; i < count; i++)
		assert_false(questions[i].is_pattern);
}

static void relative_entries_of_the_search_path_are_skipped(void **state)
{
	static char path[] = "PATH=:.:bin:../x:/good:::~/bin:/*:/up/../down/:/";
	static char *environment[] = { path, NULL };
	static const char *const expected[] = { "/good/claude", "/*/claude", "/down/claude",
						"/claude" };
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions;
	size_t count;

	(void)state;
	claude_search_list(&arena, NULL, environment, "/home/jo", &questions, &count);
	assert_int_equal(count, ARRAY_LENGTH(expected) + 8);
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
		assert_string_equal(questions[i].path, expected[i]);
}

static void without_a_search_path_the_usual_places_remain(void **state)
{
	static char *environment[] = { NULL };
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions;
	size_t count;

	(void)state;
	claude_search_list(&arena, NULL, environment, "/home/jo", &questions, &count);
	assert_int_equal(count, 8);
	assert_string_equal(questions[0].path, "/home/jo/.local/bin/claude");
}

static void the_first_program_is_chosen(void **state)
{
	static const struct survey_answer answers[] = {
		{ .error = 2 },
		{ .mode = S_IFDIR | 0755, .can_access = true, .path = "/directory" },
		{ .mode = S_IFREG | 0644, .can_access = false, .path = "/not-executable" },
		{ .mode = S_IFIFO | 0755, .can_access = true, .path = "/fifo" },
		{ .error = 5, .mode = S_IFREG | 0755, .can_access = true },
		{ .mode = S_IFREG | 0755, .can_access = true, .path = "/first" },
		{ .mode = S_IFREG | 0755, .can_access = true, .path = "/second" },
	};

	(void)state;
	assert_int_equal(claude_search_choose(answers, ARRAY_LENGTH(answers)), 5);
	assert_int_equal(claude_search_choose(answers, 5), 5);
	assert_int_equal(claude_search_choose(answers, 0), 0);
}

static size_t natives(struct arena *arena, const char *path, const char *content,
		      struct survey_question **ret_questions)
{
	struct survey_answer answer = { .path = path, .content = content };
	size_t count = 4711;

	claude_search_natives(arena, &answer, ret_questions, &count);
	return count;
}

static void a_placeholder_leads_to_the_program_beside_it(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions = NULL;

	(void)state;
	assert_int_equal(natives(&arena, "/n/@anthropic-ai/claude-code/bin/claude.exe",
				 "echo \"Error: claude native binary not installed.\"", &questions),
			 4);
#if defined(__x86_64__)
	assert_string_equal(questions[0].path,
			    "/n/@anthropic-ai/claude-code/node_modules/@anthropic-ai/"
			    "claude-code-linux-x64/claude");
	assert_string_equal(questions[1].path, "/n/@anthropic-ai/claude-code-linux-x64/claude");
	assert_string_equal(questions[3].path,
			    "/n/@anthropic-ai/claude-code-linux-x64-musl/claude");
#endif
	for (size_t i = 0; i < 4; i++)
		assert_false(questions[i].is_pattern);
}

static void a_real_program_has_no_other_beside_it(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct survey_question *questions = NULL;

	(void)state;
	assert_int_equal(natives(&arena, "/n/claude-code/bin/claude.exe", "\177ELF\2", &questions),
			 0);
	assert_int_equal(
		natives(&arena, "/n/claude-code/cli.js", "#!/usr/bin/env node", &questions), 0);
	assert_int_equal(natives(&arena, "/n/claude-code/bin/claude.exe", NULL, &questions), 0);
	assert_int_equal(natives(&arena, NULL, NULL, &questions), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(candidates_come_in_the_order_of_trust),
		cmocka_unit_test(a_home_named_like_a_pattern_stays_a_name),
		cmocka_unit_test(relative_entries_of_the_search_path_are_skipped),
		cmocka_unit_test(without_a_search_path_the_usual_places_remain),
		cmocka_unit_test(the_first_program_is_chosen),
		cmocka_unit_test(a_placeholder_leads_to_the_program_beside_it),
		cmocka_unit_test(a_real_program_has_no_other_beside_it),
	};

	return cmocka_run_group_tests_name("claude_search", tests, NULL, NULL);
}
