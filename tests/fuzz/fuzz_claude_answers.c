/* Settings that a hostile program has left, before a NUL, and what is kept, after it. */
#include <json-c/json.h>
#include <string.h>

#include "base/cleanup.h"
#include "forward/claude_answers.h"
#include "tests/fuzz/fuzz.h"

#define PROJECT "/p"

static bool is_known(const char *name)
{
	static const char *const names[] = { "hasCompletedOnboarding", "lastOnboardingVersion",
					     "theme", "customApiKeyResponses", "projects" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Only answers, and nothing that tells more. */
static void check_kept(const char *text)
{
	struct json_object *object = json_tokener_parse(text), *projects;

	fuzz_check(json_object_is_type(object, json_type_object));
	json_object_object_foreach(object, name, value)
	{
		(void)value;
		fuzz_check(is_known(name));
	}
	if (json_object_object_get_ex(object, "projects", &projects)) {
		json_object_object_foreach(projects, project, answers)
		{
			(void)project;
			fuzz_check(json_object_object_length(answers) <= 2);
		}
	}
	json_object_put(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *settings = (const char *)data;
	size_t length = strnlen(settings, size);
	const char *kept = length < size ? settings + length + 1 : NULL;
	size_t kept_length = kept ? size - length - 1 : 0;
	char *text = claude_answers_keep(&arena, kept, kept_length, settings, length, PROJECT);

	if (text) {
		check_kept(text);
		/* Once is enough. */
		fuzz_check(!claude_answers_keep(&arena, text, strlen(text), settings, length,
						PROJECT));
	}
	text = claude_answers_apply(&arena, settings, length, kept, kept_length, PROJECT);
	if (text)
		fuzz_check(!claude_answers_apply(&arena, text, strlen(text), kept, kept_length,
						 PROJECT));
	return 0;
}
