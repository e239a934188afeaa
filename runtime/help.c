#include "runtime/help.h"

#include "forward/forward.h"
#include "runtime/option_table.h"

static void print_options(FILE *stream)
{
	for (size_t i = 0; i < option_count; i++) {
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

void help_print(FILE *stream)
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
	(void)fputs("\nForwards, for --forward and --no-forward (* also with --strict, + only with "
		    "--forward):\n",
		    stream);
	for (size_t i = 0; i < forward_count; i++)
		(void)fprintf(stream, "  %-10s %c %s\n", forwards[i]->name,
			      forwards[i]->in_strict ? '*'
			      : forwards[i]->by_wish ? '+'
						     : ' ',
			      forwards[i]->summary);
	(void)fputs("\nExit status: that of the program inside; 128+N when signal N ended it; 125 "
		    "when\n"
		    "claude-sandbox failed, 126 or 127 when the program cannot be run or found.\n",
		    stream);
}
