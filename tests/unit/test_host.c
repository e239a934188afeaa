#include "tests/support/test.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/host.h"
#include "tests/support/temporary.h"

struct fixture {
	struct arena arena;
	struct diag diag;
	struct caller caller;
	char *directory;
	char *environment[2]; /* what sudo would say */
	struct host_query query;
	struct host host;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	*state = fixture;
	fixture->diag.arena = &fixture->arena;
	fixture->caller = temporary_caller();
	fixture->directory = temporary_make(&fixture->arena, &fixture->caller);
	if (geteuid() == 0)
		fixture->environment[0] =
			arena_printf(&fixture->arena, "SUDO_UID=%u", fixture->caller.uid);
	fixture->query = (struct host_query) {
		.environment = fixture->environment,
		.project = fixture->directory,
	};
	return fixture->directory ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	temporary_remove(fixture->directory);
	arena_finish(&fixture->arena);
	free(fixture);
	return 0;
}

static const char *below(struct fixture *fixture, const char *name)
{
	return path_join(&fixture->arena, fixture->directory, name);
}

static void make_directories(struct fixture *fixture, const char *name)
{
	for (const char *slash = name; (slash = strchr(slash + 1, '/'));)
		(void)mkdir(below(fixture,
				  arena_strndup(&fixture->arena, name, (size_t)(slash - name))),
			    0755);
	assert_int_equal(mkdir(below(fixture, name), 0755), 0);
}

static void make_file(struct fixture *fixture, const char *name, const char *content, mode_t mode)
{
	assert_int_equal(temporary_write(below(fixture, name), content, mode), 0);
}

/* A machine where the tester is in no user database has nothing to probe for. */
static void probe(struct fixture *fixture)
{
	if (!getpwuid(fixture->caller.uid))
		skip();
	assert_int_equal(
		host_probe(&fixture->arena, &fixture->query, &fixture->diag, &fixture->host), 0);
	assert_int_equal(fixture->diag.count, 0);
}

static void the_caller_is_who_the_database_says(void **state)
{
	struct fixture *fixture = *state;
	const struct passwd *entry;

	probe(fixture);
	entry = getpwuid(fixture->caller.uid);
	assert_int_equal(fixture->host.caller.uid, entry->pw_uid);
	assert_int_equal(fixture->host.caller.gid, entry->pw_gid);
	assert_string_equal(fixture->host.caller.name, entry->pw_name);
	assert_string_equal(fixture->host.caller.home, entry->pw_dir);
	assert_int_equal(fixture->host.is_root, geteuid() == 0);
	assert_string_equal(fixture->host.home.asked, entry->pw_dir);
}

static void an_unknown_user_is_a_fault(void **state)
{
	struct fixture *fixture = *state;

	fixture->query.user = "no-such-user-here";
	assert_int_equal(
		host_probe(&fixture->arena, &fixture->query, &fixture->diag, &fixture->host),
		-EINVAL);
	assert_int_equal(fixture->diag.fault_count, 1);
}

static void a_uid_without_an_entry_is_a_fault(void **state)
{
	struct fixture *fixture = *state;

	if (geteuid() != 0)
		skip();
	fixture->environment[0] = arena_strdup(&fixture->arena, "SUDO_UID=4123456789");
	assert_int_equal(
		host_probe(&fixture->arena, &fixture->query, &fixture->diag, &fixture->host),
		-EINVAL);
	assert_string_equal(fixture->diag.entries[0].text,
			    "cannot run for user 4123456789: not in the user database");
}

static void the_machine_id_is_new_and_well_formed(void **state)
{
	struct fixture *fixture = *state;
	const char *first;

	probe(fixture);
	first = fixture->host.machine_id;
	probe(fixture);
	assert_int_equal(strlen(first), 32);
	assert_int_equal(strspn(first, "0123456789abcdef"), 32);
	assert_int_equal(first[12], '4');
	assert_non_null(strchr("89ab", first[16]));
	assert_string_not_equal(first, fixture->host.machine_id);
}

static void the_project_may_be_named_by_a_link(void **state)
{
	struct fixture *fixture = *state;

	make_directories(fixture, "real");
	assert_int_equal(symlink("real", below(fixture, "link")), 0);
	fixture->query.project = below(fixture, "link");
	probe(fixture);
	assert_string_equal(fixture->host.project.asked, below(fixture, "link"));
	assert_string_equal(fixture->host.project.path, below(fixture, "real"));
	assert_int_equal(fixture->host.project.kind, HOST_FILE_DIRECTORY);
	assert_true(fixture->host.project.can_access);
	assert_true(fixture->host.project.is_link);
	fixture->query.project = below(fixture, "link//");
	probe(fixture);
	assert_string_equal(fixture->host.project.path, below(fixture, "real"));
	assert_true(fixture->host.project.is_link);
	/* One on the way is not what was asked for. */
	make_directories(fixture, "real/below");
	fixture->query.project = below(fixture, "link/below");
	probe(fixture);
	assert_string_equal(fixture->host.project.path, below(fixture, "real/below"));
	assert_false(fixture->host.project.is_link);
	fixture->query.project = "/";
	probe(fixture);
	assert_string_equal(fixture->host.project.path, "/");
}

static void a_project_that_cannot_be_entered_is_seen_as_such(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdir(below(fixture, "closed"), 0), 0);
	fixture->query.project = below(fixture, "closed");
	probe(fixture);
	assert_int_equal(fixture->host.project.kind, HOST_FILE_DIRECTORY);
	assert_false(fixture->host.project.can_access);
	fixture->query.project = below(fixture, "closed/x");
	probe(fixture);
	assert_int_equal(fixture->host.project.kind, HOST_FILE_MISSING);
	assert_int_equal(fixture->host.project.error, EACCES);
	assert_null(fixture->host.project.path);
}

static void a_relative_project_begins_at_the_working_directory(void **state)
{
	struct fixture *fixture = *state;
	AUTO_FREE char *working_directory = getcwd(NULL, 0);

	assert_int_equal(chdir(fixture->directory), 0);
	fixture->query.project = ".";
	probe(fixture);
	assert_int_equal(chdir(working_directory), 0);
	assert_string_equal(fixture->host.project.path, fixture->directory);
	assert_string_equal(fixture->host.project.asked, ".");
}

static void sources_of_binds_have_their_kinds(void **state)
{
	struct fixture *fixture = *state;
	const char *sources[] = {
		below(fixture, "directory"),
		below(fixture, "file"),
		below(fixture, "fifo"),
		"/dev/null",
		"/nonexistent",
	};
	static const enum host_file_kind kinds[] = {
		HOST_FILE_DIRECTORY, HOST_FILE_REGULAR, HOST_FILE_OTHER,
		HOST_FILE_DEVICE,    HOST_FILE_MISSING,
	};

	make_directories(fixture, "directory");
	make_file(fixture, "file", "", 0644);
	assert_int_equal(mkfifo(below(fixture, "fifo"), 0666), 0);
	fixture->query.bind_sources = sources;
	fixture->query.bind_source_count = 5;
	probe(fixture);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(fixture->host.bind_sources[i].kind, kinds[i]);
	assert_int_equal(fixture->host.bind_sources[4].error, ENOENT);
}

static void files_of_variables_are_read_when_they_are_files(void **state)
{
	struct fixture *fixture = *state;
	const char *files[] = { below(fixture, "vars"), below(fixture, "fifo"),
				below(fixture, "secret"), "/nonexistent", fixture->directory };

	make_file(fixture, "vars", "A=1\n", 0644);
	make_file(fixture, "secret", "A=1\n", 0);
	assert_int_equal(mkfifo(below(fixture, "fifo"), 0666), 0);
	fixture->query.environment_files = files;
	fixture->query.environment_file_count = 5;
	probe(fixture);
	assert_string_equal(fixture->host.environment_files[0].content, "A=1\n");
	assert_int_equal(fixture->host.environment_files[0].length, 4);
	assert_int_equal(fixture->host.environment_files[1].error, 0);
	assert_int_equal(fixture->host.environment_files[2].error, EACCES);
	assert_int_equal(fixture->host.environment_files[3].error, ENOENT);
	assert_int_equal(fixture->host.environment_files[4].error, 0);
	for (size_t i = 1; i < 5; i++)
		assert_null(fixture->host.environment_files[i].content);
}

static void the_host_gives_its_parts_of_the_root(void **state)
{
	struct fixture *fixture = *state;

	probe(fixture);
	assert_null(fixture->host.rootfs.system);
	for (size_t i = 0; i < fixture->host.rootfs.entry_count; i++) {
		const struct rootfs_entry *entry = &fixture->host.rootfs.entries[i];

		assert_int_not_equal(entry->kind, ROOTFS_MISSING);
		assert_non_null(entry->target);
		if (entry->kind == ROOTFS_TEXT)
			assert_non_null(entry->content);
		/* A link at the top is written as distributions do. */
		if (entry->kind == ROOTFS_LINK && !strchr(entry->path + 1, '/'))
			assert_int_equal(strncmp(entry->target, "usr/", 4), 0);
	}
}

/* A tree has its own shell and its own claude, whatever its links say of the host. */
static void a_tree_is_looked_at_from_within(void **state)
{
	struct fixture *fixture = *state;

	make_directories(fixture, "tree/sw/bin");
	make_directories(fixture, "tree/usr/bin");
	assert_int_equal(symlink("/usr/bin", below(fixture, "tree/bin")), 0);
	make_file(fixture, "tree/usr/bin/sh", "#!", 0755);
	make_file(fixture, "tree/sw/bin/claude", "\177ELF", 0755);
	fixture->query.system = below(fixture, "tree");
	probe(fixture);
	assert_string_equal(fixture->host.rootfs.system, below(fixture, "tree"));
	assert_int_equal(fixture->host.rootfs.entry_count, 1);
	assert_int_equal(fixture->host.rootfs.entries[0].kind, ROOTFS_LINK);
	assert_string_equal(fixture->host.rootfs.entries[0].path, "/bin");
	assert_string_equal(fixture->host.shell, "/bin/sh");
	assert_string_equal(fixture->host.claude.path, below(fixture, "tree/sw/bin/claude"));
	assert_true(fixture->host.claude.can_access);
}

static void a_tree_without_a_shell_has_none(void **state)
{
	struct fixture *fixture = *state;

	make_directories(fixture, "tree/bin");
	make_file(fixture, "tree/bin/sh", "#!", 0644);
	fixture->query.system = below(fixture, "tree");
	probe(fixture);
	assert_null(fixture->host.shell);
}

static void a_named_claude_is_looked_at_as_it_is(void **state)
{
	struct fixture *fixture = *state;

	make_file(fixture, "not-executable", "#!", 0644);
	fixture->query.claude = below(fixture, "not-executable");
	probe(fixture);
	assert_int_equal(fixture->host.claude.kind, HOST_FILE_REGULAR);
	assert_false(fixture->host.claude.can_access);
	fixture->query.claude = fixture->directory;
	probe(fixture);
	assert_int_equal(fixture->host.claude.kind, HOST_FILE_DIRECTORY);
	fixture->query.claude = "/nonexistent/claude";
	probe(fixture);
	assert_int_equal(fixture->host.claude.error, ENOENT);
	assert_string_equal(fixture->host.claude.asked, "/nonexistent/claude");
}

#if defined(__x86_64__)
static void a_placeholder_of_npm_leads_to_the_program(void **state)
{
	static const char package[] = "@anthropic-ai/claude-code/bin";
	static const char native[] = "@anthropic-ai/claude-code-linux-x64";
	struct fixture *fixture = *state;

	make_directories(fixture, package);
	make_file(fixture, "@anthropic-ai/claude-code/bin/claude.exe", "echo missing", 0755);
	fixture->query.claude = below(fixture, "@anthropic-ai/claude-code/bin/claude.exe");
	probe(fixture);
	assert_int_equal(fixture->host.claude.error, ENOENT);
	make_directories(fixture, native);
	make_file(fixture, "@anthropic-ai/claude-code-linux-x64/claude", "\177ELF", 0755);
	probe(fixture);
	assert_string_equal(fixture->host.claude.path,
			    below(fixture, "@anthropic-ai/claude-code-linux-x64/claude"));
	assert_true(fixture->host.claude.can_access);
}
#endif

#define HOST_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		HOST_TEST(the_caller_is_who_the_database_says),
		HOST_TEST(an_unknown_user_is_a_fault),
		HOST_TEST(a_uid_without_an_entry_is_a_fault),
		HOST_TEST(the_machine_id_is_new_and_well_formed),
		HOST_TEST(the_project_may_be_named_by_a_link),
		HOST_TEST(a_project_that_cannot_be_entered_is_seen_as_such),
		HOST_TEST(a_relative_project_begins_at_the_working_directory),
		HOST_TEST(sources_of_binds_have_their_kinds),
		HOST_TEST(files_of_variables_are_read_when_they_are_files),
		HOST_TEST(the_host_gives_its_parts_of_the_root),
		HOST_TEST(a_tree_is_looked_at_from_within),
		HOST_TEST(a_tree_without_a_shell_has_none),
		HOST_TEST(a_named_claude_is_looked_at_as_it_is),
#if defined(__x86_64__)
		HOST_TEST(a_placeholder_of_npm_leads_to_the_program),
#endif
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
