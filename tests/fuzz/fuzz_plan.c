/* From the command line to the printed plan, on one made-up host (the file `host`). */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "runtime/options.h"
#include "runtime/plan.h"
#include "runtime/plan_print.h"
#include "runtime/project.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/host_file.h"

/* In the values of all secret variables. */
#define SECRET "sEcReT"

static void check_bind(const struct plan *plan, const struct mount_op *op)
{
	fuzz_check(op->source_index < plan->sources.count);
	fuzz_check(strcmp(plan->sources.items[op->source_index].path, op->source) == 0);
	fuzz_check((op->flags & MOUNT_NO_SUID) && (op->flags & MOUNT_NO_DEVICES));
	fuzz_check(path_is_normal(op->source) && strcmp(op->source, "/") != 0);
	fuzz_check(!project_is_kernel_place(op->source));
}

/* No mount hides one that came before it: outer ones come first. Only /tmp may be replaced, and by
 * wish /dev/shm. */
static void check_order(const struct mount_list *mounts, const struct mount_op *op)
{
	for (const struct mount_op *earlier = mounts->ops; earlier < op; earlier++) {
		if (!mount_kind_is_mount(earlier->kind))
			continue;
		fuzz_check(!path_is_below(earlier->target, op->target));
		fuzz_check(strcmp(earlier->target, op->target) != 0 ||
			   strcmp(op->target, "/tmp") == 0 || strcmp(op->target, "/dev/shm") == 0);
	}
}

static void check_mounts(const struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts.count; i++) {
		const struct mount_op *op = &plan->mounts.ops[i];

		fuzz_check(path_is_normal(op->target));
		if (op->kind == MOUNT_BIND)
			check_bind(plan, op);
		if (mount_kind_is_mount(op->kind))
			check_order(&plan->mounts, op);
	}
}

/* Nothing of ours is written to what is shared. */
static void check_seeds(const struct plan *plan)
{
	for (size_t i = 0; i < plan->seeds.count; i++) {
		const struct seed *seed = &plan->seeds.seeds[i];
		const struct mount_op *cover = mount_list_cover(&plan->mounts, seed->target);

		fuzz_check(path_is_normal(seed->target));
		fuzz_check(seed->in_layer == !cover && (!cover || cover->kind != MOUNT_BIND));
	}
}

static void check_rest(const struct plan *plan, const struct options *options)
{
	size_t own = plan->argument_count - options->argument_count;

	for (size_t i = 0; i < plan->env.count; i++) {
		const struct env_entry *entry = &plan->env.entries[i];

		fuzz_check(env_name_is_valid(entry->name, strlen(entry->name)));
		fuzz_check(env_list_get(&plan->env, entry->name) == entry->value);
	}
	fuzz_check(path_is_normal(plan->directory));
	fuzz_check(own <= 1 && plan->argument_count > 0 && !plan->arguments[plan->argument_count]);
	for (size_t i = 0; i < options->argument_count; i++)
		fuzz_check(plan->arguments[own + i] == options->arguments[i]);
}

/* Lines of plain characters. */
static void check_printed(const char *text, size_t size)
{
	fuzz_check(strlen(text) == size);
	while (*text) {
		size_t length = text_utf8_length(text);

		fuzz_check(length > 0 && (*text == '\n' || (unsigned char)*text >= 0x20));
		fuzz_check(*text != 0x7f);
		text += length;
	}
}

static char *print(const struct plan *plan, const struct diag *diag)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	fuzz_check(stream);
	if (diag)
		plan_print_json(plan, diag, stream);
	else
		plan_print_text(plan, stream);
	fuzz_check(fclose(stream) == 0);
	check_printed(text, size);
	return text;
}

/* What is printed is JSON with all that was wrong in it. */
static void check_json(const char *text, const struct diag *diag)
{
	enum json_tokener_error error;
	struct json_object *object = json_tokener_parse_verbose(text, &error), *faults, *warnings;

	fuzz_check(object && error == json_tokener_success);
	fuzz_check(json_object_object_get_ex(object, "faults", &faults));
	fuzz_check(json_object_object_get_ex(object, "warnings", &warnings));
	fuzz_check(json_object_array_length(faults) == diag->fault_count);
	fuzz_check(json_object_array_length(warnings) == diag->count - diag->fault_count);
	(void)json_object_put(object);
}

static void check_printing(const struct plan *plan, const struct diag *diag, bool has_secret)
{
	AUTO_FREE char *text = print(plan, NULL);
	AUTO_FREE char *json = print(plan, diag);

	check_json(json, diag);
	fuzz_check(has_secret || (!strstr(text, SECRET) && !strstr(json, SECRET)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct fuzz_strings input = fuzz_split(&arena, data, size);
	struct diag diag = { .arena = &arena };
	struct options options;
	struct host host;
	struct plan plan;

	options_parse(&arena, (int)input.count, input.strings, &diag, &options);
	if (options.verb == VERB_NONE)
		return 0;
	fuzz_check(host_file_read(&arena, FUZZ_HOST_FILE, &options, &host) == 0);
	plan_build(&arena, &options, &host, &diag, &plan);
	fuzz_check_diag(&diag);
	check_rest(&plan, &options);
	if (!diag_has_faults(&diag)) {
		check_mounts(&plan);
		check_seeds(&plan);
	}
	check_printing(&plan, &diag, memmem(data, size, SECRET, strlen(SECRET)) != NULL);
	return 0;
}
