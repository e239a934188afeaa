#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "tests/support/forward_run.h"

#define STATE "/home/jo/.local/state/claude-sandbox"
#define DIRECTORY STATE "/projects/a_b-"

/* The levels, and what lies in the third. */
enum { LOCAL, LOCAL_STATE, OURS, PROJECTS, TAG, ANSWERS, FILE_COUNT };

struct case_of_jo {
	struct host host;
	struct host_file files[FILE_COUNT];
};

static void set_up(struct case_of_jo *jo)
{
	static const char *const names[] = {
		[LOCAL] = "/home/jo/.local",
		[LOCAL_STATE] = "/home/jo/.local/state",
		[OURS] = STATE,
		[PROJECTS] = STATE "/projects",
		[TAG] = STATE "/CACHEDIR.TAG",
		[ANSWERS] = STATE "/claude.json",
	};

	*jo = (struct case_of_jo) {
		.host = {
			.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
			.home = { .path = "/home/jo", .kind = HOST_FILE_DIRECTORY },
			.project = { .path = "/home/jo/a b", .kind = HOST_FILE_DIRECTORY },
			.file_count = FILE_COUNT,
		},
	};
	for (size_t i = 0; i < FILE_COUNT; i++)
		jo->files[i] = (struct host_file) {
			.asked = names[i],
			.path = names[i],
			.kind = i < TAG ? HOST_FILE_DIRECTORY : HOST_FILE_REGULAR,
			.owner = 7,
		};
	jo->host.files = jo->files;
}

static void each_project_has_a_directory_of_its_own(void **state)
{
	struct case_of_jo jo;
	struct forward_run planned;
	const struct source *made;

	(void)state;
	set_up(&jo);
	forward_run(&planned, "state", &jo.host);
	assert_null(planned.skipped);
	assert_int_equal(planned.binds.count, 4);
	assert_string_equal(planned.binds.ops[0].target, "/home/jo/.local/bin");
	assert_int_equal(strncmp(planned.binds.ops[0].source, DIRECTORY, strlen(DIRECTORY)), 0);
	made = &planned.sources.items[planned.sources.count - 1];
	assert_string_equal(made->made_content, "/home/jo/a b\n");
	assert_true(made->is_only_made);
	assert_null(planned.answers.path);
	arena_finish(&planned.arena);
}

static void what_is_missing_is_made_where_the_rest_really_is(void **state)
{
	struct case_of_jo jo;
	struct forward_run planned;

	(void)state;
	set_up(&jo);
	jo.files[LOCAL].path = "/data/local";
	for (size_t i = LOCAL_STATE; i < FILE_COUNT; i++)
		jo.files[i] = (struct host_file) { .asked = jo.files[i].asked, .error = ENOENT };
	forward_run(&planned, "state", &jo.host);
	assert_null(planned.skipped);
	assert_int_equal(strncmp(planned.binds.ops[0].source,
				 "/data/local/state/claude-sandbox/projects/a_b-", 46),
			 0);
	assert_string_equal(planned.sources.items[4].path,
			    "/data/local/state/claude-sandbox/CACHEDIR.TAG");
	arena_finish(&planned.arena);
}

static void a_place_that_is_not_the_callers_is_not_used(void **state)
{
	const struct host_file bad[] = {
		{ .is_dangling = true, .error = ENOENT },
		{ .error = EACCES },
		{ .path = "/x", .kind = HOST_FILE_REGULAR, .owner = 7 },
		{ .path = "/x", .kind = HOST_FILE_DIRECTORY, .owner = 0 },
		{ .path = "/x", .kind = HOST_FILE_DIRECTORY, .owner = 7, .is_denied = true },
	};
	struct case_of_jo jo;
	struct forward_run planned;

	(void)state;
	for (size_t level = LOCAL; level <= PROJECTS; level++) {
		for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
			set_up(&jo);
			jo.files[level] = bad[i];
			jo.files[level].asked =
				(const char *[]) { "/home/jo/.local", "/home/jo/.local/state",
						   STATE, STATE "/projects" }[level];
			forward_run(&planned, "state", &jo.host);
			assert_non_null(planned.skipped);
			assert_int_equal(planned.binds.count, 0);
			assert_int_equal(planned.sources.count, 0);
			arena_finish(&planned.arena);
		}
	}
	set_up(&jo);
	jo.host.project.path = NULL;
	forward_run(&planned, "state", &jo.host);
	assert_string_equal(planned.skipped, "there is no project");
	arena_finish(&planned.arena);
}

/* Plans it with settings that another forward has planned. */
static void run_with_settings(struct forward_run *planned, const struct host *host,
			      const char *content)
{
	struct seed settings = { .target = "/home/jo/.claude.json", .content = content };
	struct source source = { .path = "/home/jo/.claude.json", .is_copied = true };
	struct forward_sink sink = {
		.arena = &planned->arena,
		.diag = &planned->diag,
		.sources = &planned->sources,
		.seeds = &planned->seeds,
		.env = &planned->env,
		.binds = &planned->binds,
		.answers = &planned->answers,
	};

	*planned = (struct forward_run) { .diag = { .arena = &planned->arena } };
	if (!content)
		settings.source_index =
			source_list_add(&planned->sources, &planned->arena, &source);
	seed_list_append(&planned->seeds, &planned->arena, &settings);
	planned->skipped = forward_find("state")->plan(host, &sink);
}

static void answers_go_into_the_settings(void **state)
{
	static const char kept[] = "{\"theme\":\"dark\"}";
	struct case_of_jo jo;
	struct forward_run planned;
	const struct source *source;

	(void)state;
	set_up(&jo);
	run_with_settings(&planned, &jo.host, "{}\n");
	assert_null(planned.seeds.seeds[0].content);
	source = &planned.sources.items[planned.seeds.seeds[0].source_index];
	assert_string_equal(source->path, STATE "/claude.json");
	assert_non_null(
		strstr(source->edit(&planned.arena, kept, strlen(kept), NULL, 0, "/p"), "dark"));
	assert_string_equal(source->edit(&planned.arena, "", 0, NULL, 0, "/p"), "{}\n");
	assert_string_equal(planned.answers.path, STATE "/claude.json");
	assert_string_equal(planned.answers.settings, "/home/jo/.claude.json");
	assert_string_equal(planned.answers.project, "/home/jo/a b");
	arena_finish(&planned.arena);

	run_with_settings(&planned, &jo.host, NULL);
	source = &planned.sources.items[planned.seeds.seeds[0].source_index];
	assert_string_equal(source->path, "/home/jo/.claude.json");
	assert_string_equal(source->edit_second, STATE "/claude.json");
	arena_finish(&planned.arena);

	jo.files[ANSWERS].is_link = true;
	run_with_settings(&planned, &jo.host, NULL);
	assert_null(planned.sources.items[planned.seeds.seeds[0].source_index].edit);
	arena_finish(&planned.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_project_has_a_directory_of_its_own),
		cmocka_unit_test(what_is_missing_is_made_where_the_rest_really_is),
		cmocka_unit_test(a_place_that_is_not_the_callers_is_not_used),
		cmocka_unit_test(answers_go_into_the_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
