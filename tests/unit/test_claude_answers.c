#include "tests/support/test.h"

#include <json-c/json.h>
#include <string.h>

#include "base/cleanup.h"
#include "forward/claude_answers.h"

#define ANSWERED                                                                                 \
	"{\"hasCompletedOnboarding\": true, \"theme\": \"dark\","                                \
	" \"lastOnboardingVersion\": \"2.1\", \"mcpServers\": {\"x\": {}},"                      \
	" \"customApiKeyResponses\": {\"approved\": [\"abc\"], \"rejected\": []},"               \
	" \"oauthAccount\": {\"a\": \"b\"}, \"numStartups\": 3,"                                 \
	" \"projects\": {\"/p\": {\"hasTrustDialogAccepted\": true, \"mcpServers\": {\"x\": 1}," \
	" \"allowedTools\": [\"Bash\"]}, \"/q\": {\"hasTrustDialogAccepted\": true}}}"

/* The same without blanks, to be compared. */
static const char *plain(struct arena *arena, const char *text)
{
	struct json_object *object = json_tokener_parse(text);
	const char *printed;

	assert_non_null(object);
	printed = arena_strdup(
		arena, json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	return printed;
}

static char *keep(struct arena *arena, const char *kept, const char *settings, const char *project)
{
	return claude_answers_keep(arena, kept, kept ? strlen(kept) : 0, settings, strlen(settings),
				   project);
}

static char *apply(struct arena *arena, const char *settings, const char *kept, const char *project)
{
	return claude_answers_apply(arena, settings, strlen(settings), kept,
				    kept ? strlen(kept) : 0, project);
}

static void only_answers_of_this_project_are_kept(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_string_equal(
		plain(&arena, keep(&arena, NULL, ANSWERED, "/p")),
		plain(&arena, "{\"hasCompletedOnboarding\":true,\"lastOnboardingVersion\":\"2.1\","
			      "\"theme\":\"dark\",\"customApiKeyResponses\":{\"approved\":[\"abc\"]"
			      "},\"projects\":{\"/p\":{\"hasTrustDialogAccepted\":true}}}"));
}

#define TEN "0123456789"
#define LONG_THEME "{\"theme\":\"" TEN TEN TEN TEN TEN TEN "12345\"}"

static void what_is_no_answer_is_not_kept(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"null",
		"{}",
		"{\"hasCompletedOnboarding\": \"true\", \"theme\": [\"dark\"]}",
		"{\"hasCompletedOnboarding\": false, \"projects\": []}",
		"{\"projects\": {\"/p\": true, \"/q\": {\"hasTrustDialogAccepted\": true}}}",
		"{\"projects\": {\"/p\": {\"hasTrustDialogAccepted\": 1}}}",
		"{\"customApiKeyResponses\": [\"abc\"]}",
		"{\"customApiKeyResponses\": {\"approved\": [1, {}, null], \"rejected\": {}}}",
		/* Longer than a name of a theme is. */
		LONG_THEME,
		/* Not UTF-8; and what follows an object. */
		"{\"theme\": \"\xff\"}",
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (keep(&arena, NULL, texts[i], "/p"))
			fail_msg("kept: %s", texts[i]);
}

static void what_was_kept_stays(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *kept = keep(&arena, NULL, ANSWERED, "/p");

	(void)state;
	assert_null(keep(&arena, kept, ANSWERED, "/p"));
	kept = keep(&arena, kept, ANSWERED, "/q");
	assert_non_null(kept);
	assert_string_equal(
		plain(&arena, keep(&arena, kept,
				   "{\"theme\":\"light\",\"customApiKeyResponses\":{\"approved\":"
				   "[\"def\"],\"rejected\":[\"abc\"]}}",
				   "/p")),
		plain(&arena, "{\"hasCompletedOnboarding\":true,\"lastOnboardingVersion\":\"2.1\","
			      "\"theme\":\"light\",\"customApiKeyResponses\":{\"approved\":["
			      "\"abc\",\"def\"]},"
			      "\"projects\":{\"/p\":{\"hasTrustDialogAccepted\":"
			      "true},\"/q\":{\"hasTrustDialogAccepted\":true}}}"));
	/* What lies there is held to the same rules. */
	assert_string_equal(plain(&arena, keep(&arena, "{\"mcpServers\":{\"x\":1},\"theme\":\"a\"}",
					       "{\"hasCompletedOnboarding\":true}", "/p")),
			    plain(&arena, "{\"theme\":\"a\",\"hasCompletedOnboarding\":true}"));
	assert_non_null(keep(&arena, "no JSON", ANSWERED, "/p"));
}

static void the_oldest_projects_are_forgotten(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char *kept = NULL;
	struct json_object *object, *projects;

	(void)state;
	for (unsigned i = 0; i < 502; i++)
		kept = keep(
			&arena, kept,
			arena_printf(&arena,
				     "{\"projects\":{\"/%u\":{\"hasTrustDialogAccepted\":true}}}",
				     i),
			arena_printf(&arena, "/%u", i));
	object = json_tokener_parse(kept);
	assert_true(json_object_object_get_ex(object, "projects", &projects));
	assert_int_equal(json_object_object_length(projects), 500);
	assert_false(json_object_object_get_ex(projects, "/1", NULL));
	assert_true(json_object_object_get_ex(projects, "/501", NULL));
	json_object_put(object);
}

static void lists_of_keys_do_not_grow_for_ever(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *list = "\"0\"", *text;

	(void)state;
	for (unsigned i = 1; i < 100; i++)
		list = arena_printf(&arena, "%s,\"%u\"", list, i);
	text = keep(&arena, NULL,
		    arena_printf(&arena, "{\"customApiKeyResponses\":{\"approved\":[%s]}}", list),
		    "/p");
	assert_non_null(strstr(text, "\"99\""));
	assert_non_null(strstr(text, "\"68\""));
	assert_null(strstr(text, "\"67\""));
	/* However full it is, a new one is kept. */
	text = keep(&arena, text, "{\"customApiKeyResponses\":{\"approved\":[\"new\"]}}", "/q");
	assert_non_null(strstr(text, "\"new\""));
	assert_null(strstr(text, "\"68\""));
}

static void settings_get_the_answers_they_lack(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *kept = keep(&arena, NULL, ANSWERED, "/p");

	(void)state;
	assert_string_equal(
		plain(&arena,
		      apply(&arena, "{\"theme\":\"mine\",\"mcpServers\":{\"y\":1}}", kept, "/p")),
		plain(&arena,
		      "{\"theme\":\"mine\",\"mcpServers\":{\"y\":1},\"hasCompletedOnboarding\":"
		      "true,"
		      "\"lastOnboardingVersion\":\"2.1\",\"customApiKeyResponses\":{\"approved\":"
		      "[\"abc\"]},\"projects\":{\"/p\":{\"hasTrustDialogAccepted\":"
		      "true}}}"));
	/* Of other projects nothing is told. */
	assert_null(strstr(apply(&arena, "{}", kept, "/other"), "projects"));
	/* Nothing to add: byte for byte as it was. */
	assert_null(apply(&arena, ANSWERED, kept, "/p"));
	assert_null(apply(&arena, "{}", NULL, "/p"));
	assert_null(apply(&arena, "{}", "broken", "/p"));
	assert_null(apply(&arena, "broken", kept, "/p"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_answers_of_this_project_are_kept),
		cmocka_unit_test(what_is_no_answer_is_not_kept),
		cmocka_unit_test(what_was_kept_stays),
		cmocka_unit_test(the_oldest_projects_are_forgotten),
		cmocka_unit_test(lists_of_keys_do_not_grow_for_ever),
		cmocka_unit_test(settings_get_the_answers_they_lack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
