/* The whole command line. */
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/env_list.h"
#include "forward/forward.h"
#include "runtime/options.h"
#include "tests/fuzz/fuzz.h"

static bool is_hostname(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= 63 && name[0] != '-' && name[length - 1] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		       length;
}

/* What was accepted is good whatever else was wrong. */
static void check_values(const struct options *options)
{
	fuzz_check(options->project && options->project[0] != '\0');
	fuzz_check(!options->system || options->system[0] != '\0');
	fuzz_check(!options->claude || options->claude[0] != '\0');
	fuzz_check(!options->name || is_hostname(options->name));
	for (size_t i = 0; i < options->bind_count; i++) {
		fuzz_check(options->binds[i].source[0] != '\0');
		fuzz_check(!options->binds[i].target || path_is_normal(options->binds[i].target));
	}
	for (size_t i = 0; i < options->variable_count; i++)
		fuzz_check(env_name_is_valid(options->variables[i].name,
					     strlen(options->variables[i].name)));
	for (size_t i = 0; i < options->switch_count; i++)
		fuzz_check(forward_find(options->switches[i].name));
	for (size_t i = 0; i < options->environment_file_count; i++)
		fuzz_check(options->environment_files[i]);
}

/* The payload's arguments are the end of the line, untouched. */
static void check_arguments(const struct options *options, const struct fuzz_strings *input)
{
	char *const *begin = input->strings + input->count - options->argument_count;

	fuzz_check(options->argument_count < input->count || input->count == 0);
	for (size_t i = 0; i <= options->argument_count; i++)
		fuzz_check(options->arguments[i] ==
			   (options->argument_count > 0 ? begin[i] : NULL));
	fuzz_check(options->argument_count == 0 || strcmp(begin[-1], "--") == 0);
}

static void check_same(const struct options *options, const struct options *other)
{
	fuzz_check(options->verb == other->verb);
	fuzz_check(options->network == other->network);
	fuzz_check(options->strict == other->strict && options->dry_run == other->dry_run);
	fuzz_check(options->json == other->json && options->quiet == other->quiet);
	fuzz_check(options->debug == other->debug && options->help == other->help);
	fuzz_check(options->version == other->version);
	fuzz_check(fuzz_is_same_text(options->project, other->project));
	fuzz_check(fuzz_is_same_text(options->user, other->user));
	fuzz_check(options->bind_count == other->bind_count);
	fuzz_check(options->variable_count == other->variable_count);
	fuzz_check(options->switch_count == other->switch_count);
	fuzz_check(options->argument_count == other->argument_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	struct diag diag = { .arena = &arena }, diag_again = { .arena = &arena };
	struct options options, options_again;
	bool only_looks;

	options_parse(&arena, (int)input.count, input.strings, &diag, &options);
	fuzz_check_diag(&diag);
	check_values(&options);
	check_arguments(&options, &input);
	only_looks = options.help || options.version;
	fuzz_check(options.verb != VERB_NONE || only_looks || diag_has_faults(&diag));
	fuzz_check(!options.json || options.dry_run || only_looks || diag_has_faults(&diag));

	options_parse(&arena, (int)input.count, input.strings, &diag_again, &options_again);
	fuzz_check_same_diag(&diag, &diag_again);
	check_same(&options, &options_again);
	return 0;
}
