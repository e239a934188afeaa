#include "runtime/options.h"

#include "base/array.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>

#include "forward/env_list.h"
#include "forward/forward.h"
#include "runtime/bind_spec.h"

const char *const verb_names[] = { [VERB_NONE] = NULL, [VERB_RUN] = "run", [VERB_SHELL] = "shell" };

/* The position in the command line while it is read. */
struct cursor {
	struct arena *arena;
	struct diag *diag;
	struct options *options;
	char *const *arguments;
	int count;
	int next;
	bool has_command; /* known or not */
};

static void add_bind(struct cursor *cursor, const char *spec, bool read_only)
{
	struct options *options = cursor->options;
	struct bind_option option;
	const char *reason;

	if (bind_spec_parse(cursor->arena, spec, &option, &reason) < 0) {
		diag_fault(cursor->diag, "cannot bind '%s': %s", spec, reason);
		return;
	}
	option.read_only = option.read_only || read_only;
	options->binds = arena_grow(cursor->arena, options->binds, options->bind_count,
				    sizeof(*options->binds));
	options->binds[options->bind_count++] = option;
}

static void add_variable(struct cursor *cursor, const char *text)
{
	struct options *options = cursor->options;
	size_t length = strcspn(text, "=");
	struct variable_option variable = {
		.name = arena_strndup(cursor->arena, text, length),
		.value = text[length] == '=' ? text + length + 1 : NULL,
	};

	if (!env_name_is_valid(text, length)) {
		diag_fault(cursor->diag, "cannot set '%s': not a variable name", variable.name);
		return;
	}
	options->variables = arena_grow(cursor->arena, options->variables, options->variable_count,
					sizeof(*options->variables));
	options->variables[options->variable_count++] = variable;
}

static void add_environment_file(struct cursor *cursor, const char *path)
{
	struct options *options = cursor->options;

	options->environment_files =
		arena_grow(cursor->arena, options->environment_files,
			   options->environment_file_count, sizeof(*options->environment_files));
	options->environment_files[options->environment_file_count++] = path;
}

static void add_switch(struct cursor *cursor, const char *name, bool is_on)
{
	struct options *options = cursor->options;

	if (!forward_find(name)) {
		diag_fault(cursor->diag, "cannot forward '%s': no such forward", name);
		diag_hint(cursor->diag, "claude-sandbox --help lists them");
		return;
	}
	options->switches = arena_grow(cursor->arena, options->switches, options->switch_count,
				       sizeof(*options->switches));
	options->switches[options->switch_count++] = (struct switch_option) { name, is_on };
}

static void set_network(struct cursor *cursor, const char *value)
{
	if (strcmp(value, "none") == 0)
		cursor->options->private_network = true;
	else if (strcmp(value, "host") == 0)
		cursor->options->private_network = false;
	else
		diag_fault(cursor->diag, "cannot use network '%s': neither host nor none", value);
}

/* A host name (RFC 1123) that is short enough for sethostname(2). */
static void set_name(struct cursor *cursor, const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t length = strlen(name);

	if (length == 0 || length > 63 || strspn(name, allowed) != length || name[0] == '-' ||
	    name[length - 1] == '-')
		diag_fault(cursor->diag,
			   "cannot use name '%s': not 1 to 63 letters, digits and inner hyphens",
			   name);
	else
		cursor->options->name = name;
}

static void set_path(struct cursor *cursor, const char *name, const char *value,
		     const char **ret_path)
{
	if (value[0] == '\0')
		diag_fault(cursor->diag, "cannot use --%s '': the path is empty", name);
	else
		*ret_path = value;
}

static void add_bind_as_given(struct cursor *cursor, const char *spec)
{
	add_bind(cursor, spec, false);
}

static void add_bind_read_only(struct cursor *cursor, const char *spec)
{
	add_bind(cursor, spec, true);
}

static void switch_on(struct cursor *cursor, const char *name)
{
	add_switch(cursor, name, true);
}

static void switch_off(struct cursor *cursor, const char *name)
{
	add_switch(cursor, name, false);
}

static void set_claude(struct cursor *cursor, const char *value)
{
	set_path(cursor, "claude", value, &cursor->options->claude);
}

static void set_system(struct cursor *cursor, const char *value)
{
	set_path(cursor, "system", value, &cursor->options->system);
}

static void set_host_usr(struct cursor *cursor, const char *value)
{
	(void)value;
	cursor->options->system = NULL;
}

static void set_user(struct cursor *cursor, const char *value)
{
	cursor->options->user = value;
}

/* An option either sets a flag or is handled by a function. */
struct option_spec {
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *summary;
	void (*apply)(struct cursor *cursor, const char *value);
	size_t flag; /* offset of a bool in struct options */
	bool flag_value;
	char letter; /* '\0': none */
};

#define FLAG(member, value) .flag = offsetof(struct options, member), .flag_value = (value)

/* clang-format off */
/* One line an option reads best. */
static const struct option_spec option_specs[] = {
	{ "bind", "SRC[:DST][:ro|rw]", "share a file or directory", .apply = add_bind_as_given, .letter = 'v' },
	{ "bind-ro", "SRC[:DST]", "share it read-only", .apply = add_bind_read_only },
	{ "claude", "PATH", "the Claude Code program", .apply = set_claude },
	{ "debug", NULL, "say on stderr what is done", FLAG(debug, true) },
	{ "dry-run", NULL, "print the plan, change nothing; needs no root", FLAG(dry_run, true) },
	{ "env-file", "FILE", "set the variables that lines of FILE name", .apply = add_environment_file },
	{ "forward", "NAME", "forward this, also with --strict", .apply = switch_on },
	{ "help", NULL, "print this help", FLAG(help, true), .letter = 'h' },
	{ "host-usr", NULL, "build the root around the host's /usr (default)", .apply = set_host_usr },
	{ "json", NULL, "print the plan as JSON (with --dry-run)", FLAG(json, true) },
	{ "name", "NAME", "the sandbox's name, its hostname too", .apply = set_name },
	{ "nested", NULL, "let programs inside make sandboxes of their own", FLAG(nested, true) },
	{ "network", "host|none", "share the host's network (default), or none", .apply = set_network },
	{ "no-forward", "NAME", "do not forward this", .apply = switch_off },
	{ "no-nested", NULL, "not that (default)", FLAG(nested, false) },
	{ "no-private-network", NULL, "same as --network=host", FLAG(private_network, false) },
	{ "no-userns", NULL, "no user namespaces inside", FLAG(no_userns, true) },
	{ "private-network", NULL, "same as --network=none", FLAG(private_network, true) },
	{ "quiet", NULL, "no warnings", FLAG(quiet, true), .letter = 'q' },
	{ "setenv", "NAME[=VALUE]", "set a variable, or take over the caller's", .apply = add_variable, .letter = 'e' },
	{ "strict", NULL, "forward only what Claude Code cannot do without", FLAG(strict, true) },
	{ "system", "PATH", "build the root over this directory tree", .apply = set_system },
	{ "user", "NAME", "for whom to run, when started by root itself", .apply = set_user },
	{ "userns", NULL, "user namespaces for browsers' own sandboxes (default)", FLAG(no_userns, false) },
	{ "version", NULL, "print the version", FLAG(version, true) },
};
/* clang-format on */

#define OPTION_COUNT (ARRAY_LENGTH(option_specs))

/* `value` is what came attached (--name=VALUE, -vVALUE), or NULL. */
static void apply_option(struct cursor *cursor, const struct option_spec *spec, const char *value)
{
	if (!spec->argument && value) {
		diag_fault(cursor->diag, "cannot give --%s a value", spec->name);
		return;
	}
	if (spec->argument && !value) {
		if (cursor->next == cursor->count) {
			diag_fault(cursor->diag, "cannot use --%s without %s", spec->name,
				   spec->argument);
			return;
		}
		value = cursor->arguments[cursor->next++];
	}
	if (spec->apply)
		spec->apply(cursor, value);
	else
		*(bool *)((char *)cursor->options + spec->flag) = spec->flag_value;
}

static void fault_unknown(struct cursor *cursor, const char *option)
{
	cursor->options->has_unknown = true;
	diag_fault(cursor->diag, "cannot use '%s': no such option", option);
	diag_hint(cursor->diag, "options for Claude Code go after '--'");
}

static void parse_long(struct cursor *cursor, const char *text)
{
	size_t length = strcspn(text + 2, "=") + 2;
	const char *value = text[length] == '=' ? text + length + 1 : NULL;

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(option_specs[i].name) + 2 == length &&
		    strncmp(option_specs[i].name, text + 2, length - 2) == 0) {
			apply_option(cursor, &option_specs[i], value);
			return;
		}
	fault_unknown(cursor, arena_strndup(cursor->arena, text, length));
}

static const struct option_spec *find_letter(char letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (option_specs[i].letter == letter)
			return &option_specs[i];
	return NULL;
}

static void parse_letters(struct cursor *cursor, const char *letters)
{
	while (*letters) {
		const struct option_spec *spec = find_letter(*letters);

		if (!spec) {
			fault_unknown(cursor, arena_printf(cursor->arena, "-%c", *letters));
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
	diag_fault(cursor->diag, "cannot '%s': no such command", word);
	if (word[0] == '.' || strchr(word, '/')) {
		diag_hint(cursor->diag, "claude-sandbox run %s", text_quote(cursor->arena, word));
		return;
	}
	for (int verb = VERB_RUN; verb <= VERB_SHELL; verb++)
		if (is_misspelt(word, verb_names[verb])) {
			diag_hint(cursor->diag, "claude-sandbox %s", verb_names[verb]);
			return;
		}
}

static void parse_verb(struct cursor *cursor, const char *word)
{
	enum verb verb = verb_find(word);

	/* It may be the value of an option that is none. */
	if (verb == VERB_NONE && cursor->options->has_unknown)
		return;
	cursor->has_command = true;
	cursor->options->verb = verb;
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
	struct options *options = cursor->options;

	if (!cursor->has_command) {
		parse_verb(cursor, word);
	} else if (!is_certain(options)) {
		return;
	} else if (options->project) {
		diag_fault(cursor->diag, "cannot take '%s' as well: the project is '%s'", word,
			   options->project);
		diag_hint(cursor->diag, "arguments for the program inside go after '--'");
	} else if (word[0] == '\0') {
		diag_fault(cursor->diag, "cannot use '' as the project");
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
		.arena = arena,
		.diag = diag,
		.options = &options,
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

static void print_options(FILE *stream)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *spec = &option_specs[i];
		char letter[] = "    ", left[64];

		if (spec->letter) {
			letter[0] = '-';
			letter[1] = spec->letter;
			letter[2] = ',';
		}
		(void)snprintf(left, sizeof(left), "%s--%s%s%s", letter, spec->name,
			       spec->argument ? " " : "", spec->argument ? spec->argument : "");
		(void)fprintf(stream, "  %-30s %s\n", left, spec->summary);
	}
}

void options_print_help(FILE *stream)
{
	(void)fputs(
		"Usage: claude-sandbox run [OPTIONS] [PROJECT] [-- CLAUDE-ARGUMENTS...]\n"
		"       claude-sandbox shell [OPTIONS] [PROJECT] [-- COMMAND...]\n"
		"\n"
		"Runs Claude Code, or a shell, on PROJECT (default: the working directory) in a\n"
		"container that exists only for this run.\n"
		"\n"
		"Options, before or after PROJECT:\n",
		stream);
	print_options(stream);
	(void)fputs("\nForwards, for --forward and --no-forward (* also with --strict):\n", stream);
	for (size_t i = 0; i < forward_count; i++)
		(void)fprintf(stream, "  %-9s %c %s\n", forwards[i]->name,
			      forwards[i]->in_strict ? '*' : ' ', forwards[i]->summary);
	(void)fputs("\nExit status: that of the program inside; 128+N when signal N ended it; 125 "
		    "when\n"
		    "claude-sandbox failed, 126 or 127 when the program cannot be run or found.\n",
		    stream);
}
