#include "runtime/options.h"

#include <string.h>

#include "base/text.h"
#include "runtime/option_table.h"

const char *const verb_names[] = { [VERB_NONE] = NULL, [VERB_RUN] = "run", [VERB_SHELL] = "shell" };

/* The position in the command line while it is read. */
struct cursor {
	struct option_target target;
	char *const *arguments;
	int count;
	int next;
	bool has_command; /* known or not */
};

/* `value` is what came attached (--name=VALUE, -vVALUE), or NULL. */
static void apply_option(struct cursor *cursor, const struct option_spec *spec, const char *value)
{
	if (!spec->argument && value) {
		diag_fault(cursor->target.diag, "cannot give --%s a value", spec->name);
		return;
	}
	if (spec->argument && !value) {
		if (cursor->next == cursor->count) {
			diag_fault(cursor->target.diag, "cannot use --%s without %s", spec->name,
				   spec->argument);
			return;
		}
		value = cursor->arguments[cursor->next++];
	}
	if (spec->apply)
		spec->apply(&cursor->target, value);
	else
		*(bool *)((char *)cursor->target.options + spec->flag) = spec->flag_value;
}

static void fault_unknown(struct cursor *cursor, const char *option)
{
	cursor->target.options->has_unknown = true;
	diag_fault(cursor->target.diag, "cannot use '%s': no such option", option);
	diag_hint(cursor->target.diag, "options for Claude Code go after '--'");
}

static void parse_long(struct cursor *cursor, const char *text)
{
	size_t length = strcspn(text + 2, "=") + 2;
	const char *value = text[length] == '=' ? text + length + 1 : NULL;

	const struct option_spec *spec = option_find(text + 2, length - 2);

	if (spec)
		apply_option(cursor, spec, value);
	else
		fault_unknown(cursor, arena_strndup(cursor->target.arena, text, length));
}

static void parse_letters(struct cursor *cursor, const char *letters)
{
	while (*letters) {
		const struct option_spec *spec = option_find_letter(*letters);

		if (!spec) {
			fault_unknown(cursor, arena_printf(cursor->target.arena, "-%c", *letters));
			return;
		}
		letters++;
		if (spec->argument) {
			apply_option(cursor, spec, *letters ? letters : NULL);
			return;
		}
		apply_option(cursor, spec, NULL);
	}
}

static enum verb verb_find(const char *name)
{
	for (int verb = VERB_RUN; verb <= VERB_SHELL; verb++)
		if (strcmp(verb_names[verb], name) == 0)
			return verb;
	return VERB_NONE;
}

/* One character more, less or other, or two neighbours swapped. */
static bool is_misspelt(const char *word, const char *name)
{
	size_t word_left, name_left;

	while (*word && *word == *name) {
		word++;
		name++;
	}
	word_left = strlen(word);
	name_left = strlen(name);
	while (word_left > 0 && name_left > 0 && word[word_left - 1] == name[name_left - 1]) {
		word_left--;
		name_left--;
	}
	if (word_left <= 1 && name_left <= 1)
		return true;
	return word_left == 2 && name_left == 2 && word[0] == name[1] && word[1] == name[0];
}

static void fault_no_verb(struct cursor *cursor, const char *word)
{
	diag_fault(cursor->target.diag, "cannot '%s': no such command", word);
	if (word[0] == '.' || strchr(word, '/')) {
		diag_hint(cursor->target.diag, "claude-sandbox run %s",
			  text_quote(cursor->target.arena, word));
		return;
	}
	for (int verb = VERB_RUN; verb <= VERB_SHELL; verb++)
		if (is_misspelt(word, verb_names[verb])) {
			diag_hint(cursor->target.diag, "claude-sandbox %s", verb_names[verb]);
			return;
		}
}

static void parse_verb(struct cursor *cursor, const char *word)
{
	enum verb verb = verb_find(word);

	/* It may be the value of an option that is none. */
	if (verb == VERB_NONE && cursor->target.options->has_unknown)
		return;
	cursor->has_command = true;
	cursor->target.options->verb = verb;
	if (verb == VERB_NONE)
		fault_no_verb(cursor, word);
}

/* Whether it is known what words mean. */
static bool is_certain(const struct options *options)
{
	return options->verb != VERB_NONE && !options->has_unknown;
}

/* The verb, then the project. */
static void parse_word(struct cursor *cursor, const char *word)
{
	struct options *options = cursor->target.options;

	if (!cursor->has_command) {
		parse_verb(cursor, word);
	} else if (!is_certain(options)) {
		return;
	} else if (options->project) {
		diag_fault(cursor->target.diag, "cannot take '%s' as well: the project is '%s'",
			   word, options->project);
		diag_hint(cursor->target.diag, "arguments for the program inside go after '--'");
	} else if (word[0] == '\0') {
		diag_fault(cursor->target.diag, "cannot use '' as the project");
	} else {
		options->project = word;
	}
}

static void check_line(const struct options *options, struct diag *diag)
{
	if (options->help || options->version)
		return;
	if (options->verb == VERB_NONE && !diag_has_faults(diag))
		diag_fault(diag, "cannot do anything: no command given");
	if (options->json && !options->dry_run && is_certain(options))
		diag_fault(diag, "cannot print JSON: --json goes with --dry-run");
	if (options->nested && options->no_userns)
		diag_fault(diag,
			   "cannot nest sandboxes without user namespaces: --nested does not go "
			   "with --no-userns");
}

void options_parse(struct arena *arena, int count, char *const *arguments, struct diag *diag,
		   struct options *ret_options)
{
	static const char *const none[] = { NULL };
	struct options options = { .arguments = none };
	struct cursor cursor = {
		.target = { .arena = arena, .diag = diag, .options = &options },
		.arguments = arguments,
		.count = count,
	};
	size_t faults_before = diag->fault_count;

	while (cursor.next < count) {
		const char *text = arguments[cursor.next++];

		if (strcmp(text, "--") == 0) {
			options.arguments = (const char *const *)arguments + cursor.next;
			options.argument_count = (size_t)(count - cursor.next);
			break;
		}
		if (text[0] == '-' && text[1] == '-')
			parse_long(&cursor, text);
		else if (text[0] == '-' && text[1] != '\0')
			parse_letters(&cursor, text + 1);
		else
			parse_word(&cursor, text);
	}
	check_line(&options, diag);
	options.has_faults = diag->fault_count > faults_before;
	if (!options.project)
		options.project = ".";
	*ret_options = options;
}
