#include "tests/support/test.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "runtime/plan.h"
#include "runtime/plan_print.h"

#define SECRET "sEcReT"

struct built {
	struct arena arena;
	struct diag diag;
	struct host host;
	struct plan plan;
};

static struct host_file directory(const char *path)
{
	return (struct host_file) {
		.asked = path,
		.path = path,
		.kind = HOST_FILE_DIRECTORY,
		.can_access = true,
	};
}

static struct rootfs_entry host_entries[] = {
	{ .path = "/bin", .kind = ROOTFS_LINK, .target = "usr/bin" },
	{ .path = "/etc/default/locale", .kind = ROOTFS_TEXT, .content = "LANG=C\n" },
	{ .path = "/etc/ssl/certs", .kind = ROOTFS_DIRECTORY, .target = "/etc/ssl/certs" },
};

static struct host host_of_jo(void)
{
	static char *environment[] = { (char *)"ANTHROPIC_API_KEY=" SECRET, (char *)"TERM=xterm",
				       NULL };

	return (struct host) {
		.is_root = true,
		.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
		.environment = environment,
		.machine_id = "0123456789ab4def8123456789abcdef",
		.project = directory("/home/jo/proj"),
		.home = directory("/home/jo"),
		.claude_directory = directory("/home/jo/.claude"),
		.claude_settings = {
			.asked = "/home/jo/.claude.json",
			.path = "/home/jo/.claude.json",
			.kind = HOST_FILE_REGULAR,
		},
		.claude = {
			.path = "/usr/bin/claude",
			.kind = HOST_FILE_REGULAR,
			.can_access = true,
		},
		.shell = "/bin/bash",
		.rootfs = {
			.entries = host_entries,
			.entry_count = sizeof(host_entries) / sizeof(*host_entries),
		},
	};
}

static void build(struct built *built, const struct options *options)
{
	struct plan plan;

	built->arena = (struct arena) { 0 };
	built->diag = (struct diag) { .arena = &built->arena };
	plan_build(&built->arena, options, &built->host, &built->diag, &plan);
	built->plan = plan;
}

static struct options run_options(void)
{
	static const char *const none[] = { NULL };

	return (struct options) { .verb = VERB_RUN, .project = ".", .arguments = none };
}

static const struct mount_op *step(const struct plan *plan, const char *target)
{
	static const struct mount_op none;
	const struct mount_op *op = mount_list_find(&plan->mounts, target);

	if (!op)
		fail_msg("nothing is planned for '%s'", target);
	return op ? op : &none;
}

/* Whatever is mounted or made: its parent is made before it, by a step that makes or mounts a
 * directory, unless the target is to be there already. */
static void check_order(const struct plan *plan, struct arena *arena)
{
	for (size_t i = 0; i < plan->mounts.count; i++) {
		const struct mount_op *op = &plan->mounts.ops[i], *parent_op;
		struct mount_list before = { plan->mounts.ops, i };
		const char *parent = path_parent(arena, op->target);

		assert_true(path_is_normal(op->target));
		if (strcmp(parent, "/") == 0 || op->must_exist)
			continue;
		parent_op = mount_list_find(&before, parent);
		if (!parent_op || parent_op->kind == MOUNT_LINK || parent_op->kind == MOUNT_NODE)
			fail_msg("'%s' has no parent before it", op->target);
	}
}

static void every_step_finds_its_parent(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();
	struct bind_option binds[] = {
		{ .source = "/s", .target = "/a/b/c" },
		{ .source = "/s", .target = "/a/b" },
		{ .source = "/s", .target = "/home/jo/x/y" },
		{ .source = "/s", .target = "/home/jo/proj/z" },
		{ .source = "/s", .target = "/tmp/t/u" },
		{ .source = "/s", .target = "/run/user/7/bus/x" },
	};
	struct host_file sources[6];

	(void)state;
	for (size_t i = 0; i < 6; i++)
		sources[i] = directory("/s");
	built.host.bind_sources = sources;
	options.binds = binds;
	options.bind_count = 6;
	build(&built, &options);
	assert_int_equal(built.diag.count, 0);
	check_order(&built.plan, &built.arena);
	assert_true(step(&built.plan, "/a/b/c")->must_exist);
	assert_true(step(&built.plan, "/home/jo/proj/z")->must_exist);
	assert_false(step(&built.plan, "/tmp/t/u")->must_exist);
	assert_int_equal(step(&built.plan, "/home/jo/x")->uid, 7);
	arena_finish(&built.arena);
}

static void a_mount_on_a_tree_finds_its_parent_too(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();

	(void)state;
	options.system = "tree";
	built.host.system = directory("/srv/tree");
	built.host.rootfs = (struct rootfs_facts) { .system = "/srv/tree" };
	built.host.project = directory("/usr/src/p");
	build(&built, &options);
	assert_int_equal(built.diag.count, 0);
	check_order(&built.plan, &built.arena);
	assert_string_equal(built.plan.sources.items[built.plan.system_source].path, "/srv/tree");
	assert_non_null(strstr(built.plan.overlay_options, "lowerdir=skeleton:system,"));
	arena_finish(&built.arena);
}

static void seeds_know_whether_a_mount_holds_them(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();

	(void)state;
	build(&built, &options);
	assert_int_equal(built.diag.count, 0);
	assert_int_equal(built.plan.system_source, PLAN_NO_SOURCE);
	for (size_t i = 0; i < built.plan.seeds.count; i++)
		assert_true(built.plan.seeds.seeds[i].in_layer);
	arena_finish(&built.arena);

	/* A home on one of our own tmpfs. */
	built.host.caller.home = "/tmp/jo";
	built.host.claude_directory = directory("/tmp/jo/.claude");
	build(&built, &options);
	assert_int_equal(built.diag.count, 0);
	for (size_t i = 0; i < built.plan.seeds.count; i++) {
		const struct seed *seed = &built.plan.seeds.seeds[i];

		assert_int_equal(seed->in_layer, !path_is_below(seed->target, "/tmp"));
	}
	arena_finish(&built.arena);
}

static void each_bind_names_its_source(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();

	(void)state;
	build(&built, &options);
	for (size_t i = 0; i < built.plan.mounts.count; i++) {
		const struct mount_op *op = &built.plan.mounts.ops[i];
		const struct source *source;

		if (op->kind != MOUNT_BIND)
			continue;
		assert_true(op->source_index < built.plan.sources.count);
		source = &built.plan.sources.items[op->source_index];
		assert_string_equal(source->path, op->source);
		assert_int_equal(source->kind == SOURCE_DIRECTORY, op->is_directory);
		assert_true(op->flags & MOUNT_NO_SUID);
		assert_true(op->flags & MOUNT_NO_DEVICES);
	}
	/* The project is opened once for its two places. */
	assert_int_equal(step(&built.plan, "/home/jo/proj")->source_index,
			 step(&built.plan, "/project")->source_index);
	assert_true(step(&built.plan, PLAN_CLAUDE_PATH)->flags & MOUNT_READ_ONLY);
	assert_false(step(&built.plan, "/project")->flags & MOUNT_READ_ONLY);
	arena_finish(&built.arena);
}

static void the_environment_has_the_secrets_that_no_plan_shows(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();
	struct variable_option variables[] = { { "MINE", SECRET }, { "NOT_SET", NULL } };
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	options.variables = variables;
	options.variable_count = 2;
	build(&built, &options);
	assert_string_equal(env_list_get(&built.plan.env, "ANTHROPIC_API_KEY"), SECRET);
	assert_string_equal(env_list_get(&built.plan.env, "MINE"), SECRET);
	assert_null(env_list_get(&built.plan.env, "NOT_SET"));
	assert_string_equal(env_list_get(&built.plan.env, "HOME"), "/home/jo");

	assert_non_null(stream);
	plan_print_text(&built.plan, stream);
	plan_print_json(&built.plan, &built.diag, stream);
	assert_int_equal(fclose(stream), 0);
	assert_non_null(strstr(text, "MINE"));
	assert_null(strstr(text, SECRET));
	arena_finish(&built.arena);
}

static size_t length_of(struct json_object *root, const char *key)
{
	struct json_object *array = NULL;

	assert_true(json_object_object_get_ex(root, key, &array));
	return json_object_array_length(array);
}

static void json_has_everything_that_the_plan_has(void **state)
{
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	struct json_object *root;

	(void)state;
	assert_non_null(stream);
	build(&built, &options);
	diag_fault(&built.diag, "one");
	diag_warning(&built.diag, "two");
	diag_warning(&built.diag, "three");
	plan_print_json(&built.plan, &built.diag, stream);
	assert_int_equal(fclose(stream), 0);
	root = json_tokener_parse(text);
	assert_non_null(root);
	assert_int_equal(length_of(root, "mounts"), built.plan.mounts.count);
	assert_int_equal(length_of(root, "seeds"), built.plan.seeds.count);
	assert_int_equal(length_of(root, "forwards"), forward_count);
	assert_int_equal(length_of(root, "environment"), built.plan.env.count);
	assert_int_equal(length_of(root, "arguments"), 1);
	assert_int_equal(length_of(root, "faults"), 1);
	assert_int_equal(length_of(root, "warnings"), 2);
	(void)json_object_put(root);
	arena_finish(&built.arena);
}

static void arguments_are_passed_on_untouched(void **state)
{
	static const char *const arguments[] = { "", "-x", "a b", "\377\n", NULL };
	struct built built = { .host = host_of_jo() };
	struct options options = run_options();

	(void)state;
	options.arguments = arguments;
	options.argument_count = 4;
	build(&built, &options);
	assert_int_equal(built.plan.argument_count, 5);
	assert_string_equal(built.plan.arguments[0], PLAN_CLAUDE_PATH);
	for (size_t i = 0; i < 4; i++)
		assert_ptr_equal(built.plan.arguments[i + 1], arguments[i]);
	assert_null(built.plan.arguments[5]);
	arena_finish(&built.arena);

	options.verb = VERB_SHELL;
	build(&built, &options);
	assert_int_equal(built.plan.argument_count, 4);
	assert_ptr_equal(built.plan.arguments[0], arguments[0]);
	arena_finish(&built.arena);
}

/* Two sandboxes planned by one process have nothing in common that one could spoil. */
static void a_plan_does_not_depend_on_one_before(void **state)
{
	struct built first = { .host = host_of_jo() }, second = { .host = host_of_jo() };
	struct options options = run_options();

	(void)state;
	build(&first, &options);
	build(&second, &options);
	assert_int_equal(first.plan.mounts.count, second.plan.mounts.count);
	assert_int_equal(first.plan.sources.count, second.plan.sources.count);
	arena_finish(&first.arena);
	assert_string_equal(step(&second.plan, "/project")->source, "/home/jo/proj");
	arena_finish(&second.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_finds_its_parent),
		cmocka_unit_test(a_mount_on_a_tree_finds_its_parent_too),
		cmocka_unit_test(seeds_know_whether_a_mount_holds_them),
		cmocka_unit_test(each_bind_names_its_source),
		cmocka_unit_test(the_environment_has_the_secrets_that_no_plan_shows),
		cmocka_unit_test(json_has_everything_that_the_plan_has),
		cmocka_unit_test(arguments_are_passed_on_untouched),
		cmocka_unit_test(a_plan_does_not_depend_on_one_before),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
