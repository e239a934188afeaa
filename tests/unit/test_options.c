#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/help.h"
#include "runtime/options.h"

#define ARGUMENTS_MAXIMUM 16
struct parsed {
	struct arena arena;
	struct diag diag;
	struct options options;
};

/* `line`: the arguments, each but the last followed by a blank. */
static void parse(struct parsed *parsed, const char *line)
{
	char *arguments[ARGUMENTS_MAXIMUM], *rest;
	int count = 0;

	*parsed = (struct parsed) { 0 };
	parsed->diag.arena = &parsed->arena;
	rest = arena_strdup(&parsed->arena, line);
	while (*line && rest) {
		assert_true(count < ARGUMENTS_MAXIMUM);
		arguments[count++] = strsep(&rest, " ");
	}
	options_parse(&parsed->arena, count, arguments, &parsed->diag, &parsed->options);
	/* The vector itself need not outlive the call, its strings do. */
	if (parsed->options.argument_count == 0)
		parsed->options.arguments = NULL;
}

static void nothing_but_a_command_gives_the_defaults(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "run");
	assert_int_equal(parsed.options.verb, VERB_RUN);
	assert_string_equal(parsed.options.project, ".");
	assert_int_equal(parsed.options.argument_count, 0);
	assert_int_equal(parsed.options.network, NETWORK_UNSET);
	assert_false(parsed.options.strict);
	assert_null(parsed.options.system);
	assert_null(parsed.options.claude);
	assert_null(parsed.options.user);
	assert_null(parsed.options.name);
	assert_int_equal(parsed.diag.count, 0);
	arena_finish(&parsed.arena);
}

static void options_stand_before_and_after_the_project(void **state)
{
	static const char *const lines[] = {
		"--strict -q --debug --private-network --user jo shell p",
		"shell --strict p -q --debug --user=jo --network=none",
		"shell p --user jo -q --network none --debug --strict",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct parsed parsed;

		parse(&parsed, lines[i]);
		assert_int_equal(parsed.diag.count, 0);
		assert_int_equal(parsed.options.verb, VERB_SHELL);
		assert_string_equal(parsed.options.project, "p");
		assert_string_equal(parsed.options.user, "jo");
		assert_true(parsed.options.strict);
		assert_true(parsed.options.quiet);
		assert_true(parsed.options.debug);
		assert_int_equal(parsed.options.network, NETWORK_NONE);
		arena_finish(&parsed.arena);
	}
}

static void two_hyphens_end_the_options(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };
	struct options options;
	char *arguments[] = { (char *)"run", (char *)"--", (char *)"--strict",
			      (char *)"",    (char *)"--", (char *)"-v",
			      NULL };

	(void)state;
	options_parse(&arena, 6, arguments, &diag, &options);
	assert_int_equal(diag.count, 0);
	assert_false(options.strict);
	assert_string_equal(options.project, ".");
	assert_int_equal(options.argument_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_ptr_equal(options.arguments[i], arguments[i + 2]);
	assert_null(options.arguments[4]);
}

static void values_come_attached_or_next(void **state)
{
	static const char *const lines[] = {
		"run -v /a:/b:ro",     "run -v/a:/b:ro",      "run --bind /a:/b:ro",
		"run --bind=/a:/b:ro", "run --bind-ro=/a:/b", "run -qv /a:/b:ro",
		"run -qv/a:/b:ro",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct parsed parsed;

		parse(&parsed, lines[i]);
		if (parsed.diag.count != 0 || parsed.options.bind_count != 1 ||
		    strcmp(parsed.options.binds[0].source, "/a") != 0 ||
		    strcmp(parsed.options.binds[0].target, "/b") != 0 ||
		    !parsed.options.binds[0].read_only)
			fail_msg("case %zu: %s", i, lines[i]);
		arena_finish(&parsed.arena);
	}
}

static void a_value_may_look_like_an_option(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "run --claude --strict -e A=--x --user -- p");
	assert_int_equal(parsed.diag.count, 0);
	assert_string_equal(parsed.options.claude, "--strict");
	assert_string_equal(parsed.options.user, "--");
	assert_string_equal(parsed.options.variables[0].value, "--x");
	assert_string_equal(parsed.options.project, "p");
	assert_false(parsed.options.strict);
	arena_finish(&parsed.arena);
}

static void a_lone_hyphen_is_a_word(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "run -");
	assert_string_equal(parsed.options.project, "-");
	assert_int_equal(parsed.diag.count, 0);
	arena_finish(&parsed.arena);
}

static void of_opposites_the_last_counts(void **state)
{
	static const struct {
		const char *line;
		enum network network;
		const char *system;
	} cases[] = {
		{ "run --private-network --no-private-network", NETWORK_HOST, NULL },
		{ "run --no-private-network --private-network", NETWORK_NONE, NULL },
		{ "run --network=none --network=host", NETWORK_HOST, NULL },
		{ "run --network=host --private-network", NETWORK_NONE, NULL },
		{ "run --private-network --network=host", NETWORK_HOST, NULL },
		{ "run --system=/a --host-usr", NETWORK_UNSET, NULL },
		{ "run --host-usr --system=/a --system=/b", NETWORK_UNSET, "/b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct parsed parsed;
		const char *system;

		parse(&parsed, cases[i].line);
		system = parsed.options.system;
		if (parsed.options.network != cases[i].network ||
		    (system ? !cases[i].system || strcmp(system, cases[i].system) != 0
			    : cases[i].system != NULL))
			fail_msg("case %zu: %s", i, cases[i].line);
		arena_finish(&parsed.arena);
	}
}

static void policies_have_opposites_and_go_alone(void **state)
{
	static const struct {
		const char *line;
		bool nested, no_userns;
		size_t faults;
	} cases[] = {
		{ "run", false, false, 0 },
		{ "run --nested", true, false, 0 },
		{ "run --no-userns", false, true, 0 },
		{ "run --nested --no-nested", false, false, 0 },
		{ "run --no-userns --userns", false, false, 0 },
		{ "run --userns --no-userns", false, true, 0 },
		{ "run --no-userns --nested --userns", true, false, 0 },
		{ "run --nested --no-userns --no-nested", false, true, 0 },
		{ "run --nested --no-userns", true, true, 1 },
		{ "run --help --nested --no-userns", true, true, 0 },
		{ "run --nested=yes", false, false, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct parsed parsed;

		parse(&parsed, cases[i].line);
		if (parsed.options.nested != cases[i].nested ||
		    parsed.options.no_userns != cases[i].no_userns ||
		    parsed.diag.fault_count != cases[i].faults)
			fail_msg("case %zu: %s", i, cases[i].line);
		arena_finish(&parsed.arena);
	}
}

static void lists_keep_everything_in_order(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "run -e A -e B= --env-file x --env-file=y --forward api --no-forward=proxy");
	assert_int_equal(parsed.diag.count, 0);
	assert_int_equal(parsed.options.variable_count, 2);
	assert_string_equal(parsed.options.variables[0].name, "A");
	assert_null(parsed.options.variables[0].value);
	assert_string_equal(parsed.options.variables[1].value, "");
	assert_int_equal(parsed.options.environment_file_count, 2);
	assert_string_equal(parsed.options.environment_files[1], "y");
	assert_int_equal(parsed.options.switch_count, 2);
	assert_true(parsed.options.switches[0].is_on);
	assert_string_equal(parsed.options.switches[1].name, "proxy");
	assert_false(parsed.options.switches[1].is_on);
	arena_finish(&parsed.arena);
}

/* Each line has this many faults, and the first begins so. */
static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *line, *text;
		size_t faults;
	} cases[] = {
		{ "", "cannot do anything: no command given", 1 },
		{ "--quiet", "cannot do anything: no command given", 1 },
		{ "rum", "cannot 'rum': no such command", 1 },
		{ "run a b", "cannot take 'b' as well: the project is 'a'", 1 },
		{ "run a b c", "cannot take 'b' as well: the project is 'a'", 2 },
		{ "run --what", "cannot use '--what': no such option", 1 },
		{ "run --what=secret", "cannot use '--what': no such option", 1 },
		{ "run --bin=/a", "cannot use '--bin': no such option", 1 },
		{ "run --binds=/a", "cannot use '--binds': no such option", 1 },
		{ "run --=x", "cannot use '--': no such option", 1 },
		{ "run -x", "cannot use '-x': no such option", 1 },
		{ "run -qx", "cannot use '-x': no such option", 1 },
		{ "run -v", "cannot use --bind without SRC[:DST][:ro|rw]", 1 },
		{ "run --claude", "cannot use --claude without PATH", 1 },
		{ "run --strict=1", "cannot give --strict a value", 1 },
		{ "run --json", "cannot print JSON: --json goes with --dry-run", 1 },
		{ "run --network=", "cannot use network '': neither host nor none", 1 },
		{ "run --network=NONE", "cannot use network 'NONE': neither host nor none", 1 },
		{ "run --what value p", "cannot use '--what': no such option", 1 },
		{ "--what value run p", "cannot use '--what': no such option", 1 },
		{ "--what value", "cannot use '--what': no such option", 1 },
		{ "run a b --what", "cannot take 'b' as well: the project is 'a'", 2 },
		{ "run --json --what", "cannot use '--what': no such option", 1 },
		{ "rum a b c", "cannot 'rum': no such command", 1 },
		{ "rum --json", "cannot 'rum': no such command", 1 },
		{ "run -e 1=x -e 2=y --what", "cannot set '1': not a variable name", 3 },
		{ "run --name=-a", "cannot use name '-a'", 1 },
		{ "run --name=a-", "cannot use name 'a-'", 1 },
		{ "run --name=a/b", "cannot use name 'a/b'", 1 },
		{ "run --forward=x", "cannot forward 'x': no such forward", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct parsed parsed;

		parse(&parsed, cases[i].line);
		if (parsed.diag.fault_count != cases[i].faults ||
		    strncmp(parsed.diag.entries[0].text, cases[i].text, strlen(cases[i].text)) != 0)
			fail_msg("case %zu: '%s' has %zu faults, the first: %s", i, cases[i].line,
				 parsed.diag.fault_count,
				 parsed.diag.count > 0 ? parsed.diag.entries[0].text : "none");
		arena_finish(&parsed.arena);
	}
}

static void one_unknown_command_is_one_fault(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, "rum --strict project");
	assert_int_equal(parsed.diag.fault_count, 1);
	arena_finish(&parsed.arena);
}

static void a_wrong_command_gets_a_hint(void **state)
{
	static const struct {
		const char *line, *hint;
	} cases[] = {
		{ ".", "claude-sandbox run ." },
		{ "..", "claude-sandbox run .." },
		{ "/srv/project", "claude-sandbox run /srv/project" },
		{ "below/project", "claude-sandbox run below/project" },
		{ "./it's", "claude-sandbox run './it'\\''s'" },
		{ "./\033[2J", "claude-sandbox run $'./\\033[2J'" },
		{ "rn", "claude-sandbox run" },
		{ "runn", "claude-sandbox run" },
		{ "rum", "claude-sandbox run" },
		{ "rnu", "claude-sandbox run" },
		{ "urn", "claude-sandbox run" },
		{ "sehll", "claude-sandbox shell" },
		{ "shel", "claude-sandbox shell" },
		{ "Shell", "claude-sandbox shell" },
		{ "nur", NULL },
		{ "r", NULL },
		{ "running", NULL },
		{ "", NULL },
		{ "fly", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct parsed parsed;
		const char *hint;

		parse(&parsed, cases[i].line[0] ? cases[i].line : " ");
		hint = parsed.diag.entries[0].hint;
		if (cases[i].hint ? !hint || strcmp(hint, cases[i].hint) != 0 : hint != NULL)
			fail_msg("case %zu, '%s': %s", i, cases[i].line, hint ? hint : "none");
		arena_finish(&parsed.arena);
	}
}

static void a_line_knows_that_it_is_wrong(void **state)
{
	static const struct {
		const char *line;
		bool has_faults, has_unknown;
	} cases[] = {
		{ "run", false, false },      { "run --json", true, false },
		{ "run --what", true, true }, { "shell -Z p", true, true },
		{ "fly", true, false },	      { "", true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct parsed parsed;

		parse(&parsed, cases[i].line);
		assert_int_equal(parsed.options.has_faults, cases[i].has_faults);
		assert_int_equal(parsed.options.has_unknown, cases[i].has_unknown);
		arena_finish(&parsed.arena);
	}
}

static void asking_for_help_needs_no_command(void **state)
{
	static const char *const lines[] = { "--help", "-h", "--version", "run -h", "--help run" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct parsed parsed;

		parse(&parsed, lines[i]);
		assert_int_equal(parsed.diag.count, 0);
		assert_true(parsed.options.help || parsed.options.version);
		arena_finish(&parsed.arena);
	}
}

/* Help names no option that does not exist, and fits a terminal. */
static void every_option_of_the_help_is_known(void **state)
{
	AUTO_FREE char *text = NULL;
	size_t size = 0, options = 0;
	FILE *stream = open_memstream(&text, &size);
	char *rest, *line;

	(void)state;
	assert_non_null(stream);
	help_print(stream);
	assert_int_equal(fclose(stream), 0);
	assert_non_null(strstr(text, "run [OPTIONS] [PROJECT]"));
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		struct parsed parsed;
		char *name = strstr(line, "--"), option[64];

		assert_true(strlen(line) <= 100);
		if (strncmp(line, "  ", 2) != 0 || !name || name - line > 7)
			continue;
		options++;
		(void)snprintf(option, sizeof(option), "run %.*s", (int)strcspn(name, " "), name);
		parse(&parsed, option);
		if (parsed.diag.count > 0 && strstr(parsed.diag.entries[0].text, "no such option"))
			fail_msg("'%s'", option);
		arena_finish(&parsed.arena);
	}
	assert_true(options >= 21);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_but_a_command_gives_the_defaults),
		cmocka_unit_test(options_stand_before_and_after_the_project),
		cmocka_unit_test(two_hyphens_end_the_options),
		cmocka_unit_test(values_come_attached_or_next),
		cmocka_unit_test(a_value_may_look_like_an_option),
		cmocka_unit_test(a_lone_hyphen_is_a_word),
		cmocka_unit_test(of_opposites_the_last_counts),
		cmocka_unit_test(policies_have_opposites_and_go_alone),
		cmocka_unit_test(lists_keep_everything_in_order),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(one_unknown_command_is_one_fault),
		cmocka_unit_test(a_wrong_command_gets_a_hint),
		cmocka_unit_test(a_line_knows_that_it_is_wrong),
		cmocka_unit_test(asking_for_help_needs_no_command),
		cmocka_unit_test(every_option_of_the_help_is_known),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
