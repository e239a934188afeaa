/* Prints the plan of a golden case: golden [--every-form] DIRECTORY. The directory has `args`, the
 * command line with one argument a line (escape.h), and `host` (host_file.h). --every-form prints
 * the plan as text and as JSON, whatever the command line says. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/text.h"
#include "init/control.h"
#include "runtime/options.h"
#include "runtime/plan.h"
#include "runtime/plan_print.h"
#include "tests/support/escape.h"
#include "tests/support/host_file.h"

/* What is wrong with a case, not with its command line. */
#define EXIT_BROKEN 2

struct command_line {
	char **arguments;
	size_t count;
};

static int read_command_line(struct arena *arena, const char *path, struct command_line *ret_line)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct command_line line = { 0 };
	char *text, *end;
	size_t length;

	if (fd < 0 || fd_read_all(arena, fd, 1024UL * 1024, &text, &length) < 0) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -EINVAL;
	}
	for (; (end = strchr(text, '\n')); text = end + 1) {
		*end = '\0';
		line.arguments = arena_grow(arena, line.arguments, line.count, sizeof(char *));
		line.arguments[line.count] = escape_undo(arena, text);
		if (!line.arguments[line.count++]) {
			(void)fprintf(stderr, "%s: unknown escape in '%s'\n", path, text);
			return -EINVAL;
		}
	}
	*ret_line = line;
	return 0;
}

static void print_escaped(struct arena *arena, const char *what, const char *text)
{
	size_t size = strlen(text) * 4 + 1;
	char *buffer = arena_alloc(arena, size);

	(void)text_escape(text, buffer, size);
	(void)printf("%s: %s\n", what, buffer);
}

static void print_messages(const struct diag *diag)
{
	for (size_t i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];

		print_escaped(diag->arena, entry->level == DIAG_FAULT ? "fault" : "warning",
			      entry->text);
		if (entry->hint)
			print_escaped(diag->arena, "hint", entry->hint);
	}
}

/* Prints the plan as JSON, and makes sure that it is: by another's parser, to the last byte. */
static int print_json(const struct plan *plan, const struct diag *diag)
{
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	enum json_tokener_error error;
	struct json_object *object;

	if (!stream)
		return -errno;
	plan_print_json(plan, diag, stream);
	if (fclose(stream) != 0)
		return -errno;
	object = json_tokener_parse_verbose(text, &error);
	if (!object) {
		(void)fprintf(stderr, "the plan is no JSON: %s\n", json_tokener_error_desc(error));
		return -EINVAL;
	}
	(void)json_object_put(object);
	(void)fputs(text, stdout);
	return 0;
}

static int print_case(struct arena *arena, const char *directory, bool every_form)
{
	struct diag diag = { .arena = arena };
	struct command_line line;
	struct options options;
	struct host host;
	struct plan plan;

	if (read_command_line(arena, arena_printf(arena, "%s/args", directory), &line) < 0)
		return EXIT_BROKEN;
	options_parse(arena, (int)line.count, line.arguments, &diag, &options);
	if (options.verb == VERB_NONE || options.has_unknown || options.help || options.version) {
		print_messages(&diag);
		(void)printf("status: %d\n",
			     options.help || options.version ? 0 : CONTROL_EXIT_FAILURE);
		return EXIT_SUCCESS;
	}
	if (host_file_read(arena, arena_printf(arena, "%s/host", directory), &options, &host) < 0)
		return EXIT_BROKEN;
	plan_build(arena, &options, &host, &diag, &plan);
	if (every_form || (options.dry_run && !options.json))
		plan_print_text(&plan, stdout);
	if ((every_form || (options.dry_run && options.json)) && print_json(&plan, &diag) < 0)
		return EXIT_BROKEN;
	print_messages(&diag);
	if (diag_has_faults(&diag))
		(void)printf("status: %d\n", CONTROL_EXIT_FAILURE);
	else
		(void)printf("status: %s\n", options.dry_run ? "0" : "that of the program");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	AUTO_ARENA struct arena arena = { 0 };
	int status;

	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[1], "--every-form") != 0)) {
		(void)fputs("usage: golden [--every-form] DIRECTORY\n", stderr);
		return EXIT_BROKEN;
	}
	status = print_case(&arena, argv[argc - 1], argc == 3);
	return fflush(stdout) == 0 ? status : EXIT_BROKEN;
}
