#include "forward/claude_answers.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"

/* The settings are nested less deeply. */
#define DEPTH_MAXIMUM 64

/* Answers of more projects than this are forgotten, oldest first. */
#define PROJECTS_MAXIMUM 500

/* The oldest goes. */
#define KEYS_MAXIMUM 32

enum answer_kind {
	ANSWER_YES,  /* only `true` is an answer */
	ANSWER_TEXT, /* a short string */
	ANSWER_KEYS, /* a list of the ends of API keys that may be used */
};

struct answer {
	const char *name;
	enum answer_kind kind;
};

static const struct answer user_answers[] = {
	{ "hasCompletedOnboarding", ANSWER_YES },
	{ "lastOnboardingVersion", ANSWER_TEXT },
	{ "theme", ANSWER_TEXT },
	{ "customApiKeyResponses", ANSWER_KEYS },
};

static const struct answer project_answers[] = {
	{ "hasTrustDialogAccepted", ANSWER_YES },
	{ "hasCompletedProjectOnboarding", ANSWER_YES },
};

/* NULL for what is no object. */
static struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener;
	struct json_object *object = NULL;

	if (!text || length > INT_MAX)
		return NULL;
	tokener = json_tokener_new_ex(DEPTH_MAXIMUM);
	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text, (int)length);
	/* A number at the very end is not complete without what follows; an object is. */
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    !json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		object = NULL;
	}
	json_tokener_free(tokener);
	return object;
}

/* As text in arena memory; frees the object. */
static char *print(struct arena *arena, struct json_object *object)
{
	char *text = arena_printf(
		arena, "%s\n",
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							       JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(object);
	return text;
}

/* The member, if it is an object; or NULL. */
static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!object || !json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, json_type_object))
		return NULL;
	return value;
}

/* The same; put there, also in place of what is none. */
static struct json_object *make_member(struct json_object *object, const char *name)
{
	struct json_object *value = member(object, name);

	if (value)
		return value;
	value = json_object_new_object();
	(void)json_object_object_add(object, name, value);
	return value;
}

static bool is_short_text(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) &&
	       json_object_get_string_len(value) <= 64;
}

/* Its place in the list, or the list's length. */
static size_t find_text(struct json_object *list, struct json_object *text)
{
	size_t i = 0;

	while (i < json_object_array_length(list) &&
	       !json_object_equal(json_object_array_get_idx(list, i), text))
		i++;
	return i;
}

/* Those the list lacks, at its end. */
static void add_texts(struct json_object *list, struct json_object *from)
{
	for (size_t i = 0; i < json_object_array_length(from); i++) {
		struct json_object *text = json_object_array_get_idx(from, i);

		if (is_short_text(text) && find_text(list, text) == json_object_array_length(list))
			(void)json_object_array_add(list, json_object_get(text));
	}
}

/* All of them at its end, however full it was: the oldest go. */
static void renew_texts(struct json_object *list, struct json_object *from)
{
	size_t length = json_object_array_length(from);

	for (size_t i = length > KEYS_MAXIMUM ? length - KEYS_MAXIMUM : 0; i < length; i++) {
		struct json_object *text = json_object_array_get_idx(from, i);
		size_t place = find_text(list, text);

		if (!is_short_text(text))
			continue;
		if (place < json_object_array_length(list))
			(void)json_object_array_del_idx(list, place, 1);
		(void)json_object_array_add(list, json_object_get(text));
	}
	length = json_object_array_length(list);
	if (length > KEYS_MAXIMUM)
		(void)json_object_array_del_idx(list, 0, length - KEYS_MAXIMUM);
}

/* Only the keys that may be used: whoever could say of one that it may not would keep later
 * sandboxes from working. */
static bool add_keys(struct json_object *to, const char *name, struct json_object *value,
		     bool is_newer)
{
	static const char approved[] = "approved";
	struct json_object *from, *list, *before = NULL;
	bool is_changed;

	if (!json_object_is_type(value, json_type_object) ||
	    !json_object_object_get_ex(value, approved, &from) ||
	    !json_object_is_type(from, json_type_array))
		return false;
	to = make_member(to, name);
	if (!json_object_object_get_ex(to, approved, &list) ||
	    !json_object_is_type(list, json_type_array)) {
		list = json_object_new_array();
		(void)json_object_object_add(to, approved, list);
	}
	if (json_object_deep_copy(list, &before, NULL) < 0)
		return false;
	if (is_newer)
		renew_texts(list, from);
	else
		add_texts(list, from);
	is_changed = !json_object_equal(list, before);
	json_object_put(before);
	return is_changed;
}

/* Takes one answer over; `is_newer` says which of two texts counts. */
static bool add_answer(struct json_object *to, struct json_object *from,
		       const struct answer *answer, bool is_newer)
{
	struct json_object *value, *present = NULL;

	if (!json_object_object_get_ex(from, answer->name, &value))
		return false;
	if (answer->kind == ANSWER_KEYS)
		return add_keys(to, answer->name, value, is_newer);
	(void)json_object_object_get_ex(to, answer->name, &present);
	if (answer->kind == ANSWER_YES) {
		if (!json_object_is_type(value, json_type_boolean) ||
		    !json_object_get_boolean(value) ||
		    (json_object_is_type(present, json_type_boolean) &&
		     json_object_get_boolean(present)))
			return false;
	} else if (!is_short_text(value) || json_object_equal(value, present) ||
		   (present && !is_newer)) {
		return false;
	}
	(void)json_object_object_add(to, answer->name, json_object_get(value));
	return true;
}

static bool add_answers(struct json_object *to, struct json_object *from,
			const struct answer *answers, size_t count, bool is_newer)
{
	bool is_changed = false;

	for (size_t i = 0; i < count; i++)
		is_changed = add_answer(to, from, &answers[i], is_newer) || is_changed;
	return is_changed;
}

static bool add_project(struct json_object *to, struct json_object *from, const char *project,
			bool is_newer)
{
	struct json_object *source = member(member(from, "projects"), project);
	struct json_object *answers = json_object_new_object();
	bool is_changed = source && add_answers(answers, source, project_answers,
						ARRAY_LENGTH(project_answers), is_newer);

	/* Nothing is left of a project without an answer. */
	json_object_put(answers);
	return is_changed && add_answers(make_member(make_member(to, "projects"), project), source,
					 project_answers, ARRAY_LENGTH(project_answers), is_newer);
}

static bool add_user(struct json_object *to, struct json_object *from, bool is_newer)
{
	return add_answers(to, from, user_answers, ARRAY_LENGTH(user_answers), is_newer);
}

static void forget_oldest(struct json_object *kept)
{
	struct json_object *projects = member(kept, "projects");

	while (projects && json_object_object_length(projects) > PROJECTS_MAXIMUM) {
		struct json_object_iterator first = json_object_iter_begin(projects);

		json_object_object_del(projects, json_object_iter_peek_name(&first));
	}
}

/* What is kept lies in a file of the user's, which is held to the same rules. */
static struct json_object *read_kept(const char *text, size_t length)
{
	struct json_object *read = parse(text, length), *kept = json_object_new_object();
	struct json_object *projects = member(read, "projects");

	if (read)
		(void)add_user(kept, read, true);
	if (projects) {
		json_object_object_foreach(projects, name, value)
		{
			(void)value;
			(void)add_project(kept, read, name, true);
		}
	}
	json_object_put(read);
	return kept;
}

char *claude_answers_keep(struct arena *arena, const char *kept, size_t kept_length,
			  const char *settings, size_t settings_length, const char *project)
{
	struct json_object *given = parse(settings, settings_length), *answers;
	bool is_changed;

	if (!given)
		return NULL;
	answers = read_kept(kept, kept_length);
	is_changed = add_user(answers, given, true);
	is_changed = add_project(answers, given, project, true) || is_changed;
	json_object_put(given);
	forget_oldest(answers);
	if (!is_changed) {
		json_object_put(answers);
		return NULL;
	}
	return print(arena, answers);
}

char *claude_answers_apply(struct arena *arena, const char *settings, size_t settings_length,
			   const char *kept, size_t kept_length, const char *project)
{
	struct json_object *merged = parse(settings, settings_length), *answers;
	bool is_changed;

	if (!merged)
		return NULL;
	answers = read_kept(kept, kept_length);
	is_changed = add_user(merged, answers, false);
	is_changed = add_project(merged, answers, project, false) || is_changed;
	json_object_put(answers);
	if (!is_changed) {
		json_object_put(merged);
		return NULL;
	}
	return print(arena, merged);
}
