#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "forward/survey.h"
#include "tests/support/temporary.h"

struct fixture {
	struct arena arena;
	struct caller caller;
	char *directory;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->caller = temporary_caller();
	fixture->directory = temporary_make(&fixture->arena, &fixture->caller);
	*state = fixture;
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

static void make_file(struct fixture *fixture, const char *name, const char *content, mode_t mode)
{
	assert_int_equal(temporary_write(below(fixture, name), content, mode), 0);
}

static void make_link(struct fixture *fixture, const char *text, const char *name)
{
	assert_int_equal(symlink(text, below(fixture, name)), 0);
}

static struct survey_answer ask(struct fixture *fixture, const struct survey_question *question)
{
	struct survey_answer *answers = NULL;

	assert_int_equal(survey_run(&fixture->arena, &fixture->caller, question, 1, &answers), 0);
	return answers[0];
}

static struct survey_answer ask_path(struct fixture *fixture, const char *name, size_t content)
{
	return ask(fixture, &(struct survey_question) {
				    .path = below(fixture, name),
				    .content = content,
				    .access = true,
			    });
}

static void a_file_is_described(void **state)
{
	struct fixture *fixture = *state;
	struct survey_answer answer;

	make_file(fixture, "plain", "content", 0644);
	make_file(fixture, "program", "#!", 0755);
	answer = ask_path(fixture, "plain", 0);
	assert_int_equal(answer.error, 0);
	assert_true(S_ISREG(answer.mode));
	assert_int_equal(answer.mode & 07777, 0644);
	assert_int_equal(answer.uid, geteuid());
	assert_string_equal(answer.path, below(fixture, "plain"));
	assert_null(answer.link);
	assert_null(answer.content);
	assert_false(answer.can_access);
	assert_true(ask_path(fixture, "program", 0).can_access);
	assert_false(ask(fixture, &(struct survey_question) { .path = below(fixture, "program") })
			     .can_access);
}

static void a_link_leads_to_its_end(void **state)
{
	struct fixture *fixture = *state;
	struct survey_answer answer;

	assert_int_equal(mkdir(below(fixture, "real"), 0755), 0);
	make_link(fixture, "real", "link");
	make_link(fixture, "link/../link", "second");
	answer = ask_path(fixture, "second", 0);
	assert_int_equal(answer.error, 0);
	assert_string_equal(answer.path, below(fixture, "real"));
	assert_string_equal(answer.link, "link/../link");
	assert_true(S_ISDIR(answer.mode));
	assert_true(answer.can_access);
}

static void what_has_been_removed_is_not_there(void **state)
{
	struct fixture *fixture = *state;
	int old_fd = open(".", O_PATH | O_CLOEXEC);
	struct survey_answer answer;

	assert_int_equal(mkdir(below(fixture, "gone"), 0755), 0);
	assert_int_equal(mkdir(below(fixture, "here (deleted)"), 0755), 0);
	assert_int_equal(chdir(below(fixture, "gone")), 0);
	assert_int_equal(ask(fixture, &(struct survey_question) { .path = "." }).error, 0);
	assert_int_equal(rmdir(below(fixture, "gone")), 0);
	answer = ask(fixture, &(struct survey_question) { .path = "." });
	assert_int_equal(answer.error, ENOENT);
	assert_int_equal(mkdir(below(fixture, "gone (deleted)"), 0755), 0);
	answer = ask(fixture, &(struct survey_question) { .path = "." });
	assert_int_equal(answer.error, ENOENT);
	assert_int_equal(chdir(below(fixture, "here (deleted)")), 0);
	answer = ask(fixture, &(struct survey_question) { .path = "." });
	assert_int_equal(answer.error, 0);
	assert_string_equal(answer.path, below(fixture, "here (deleted)"));
	assert_int_equal(fchdir(old_fd), 0);
	(void)close(old_fd);
}

static void what_is_not_there_is_an_error(void **state)
{
	struct fixture *fixture = *state;

	make_link(fixture, "nowhere", "dangling");
	make_link(fixture, "loop", "loop");
	make_file(fixture, "file", "", 0644);
	assert_int_equal(ask_path(fixture, "missing", 0).error, ENOENT);
	assert_int_equal(ask_path(fixture, "dangling", 0).error, ENOENT);
	assert_int_equal(ask_path(fixture, "loop", 0).error, ELOOP);
	assert_int_equal(ask_path(fixture, "file/x", 0).error, ENOTDIR);
	assert_int_equal(ask(fixture, &(struct survey_question) { .path = "" }).error, ENOENT);
}

static void nothing_makes_the_survey_wait(void **state)
{
	struct fixture *fixture = *state;
	struct survey_answer answer;

	assert_int_equal(mkfifo(below(fixture, "fifo"), 0666), 0);
	answer = ask_path(fixture, "fifo", 100);
	assert_int_equal(answer.error, 0);
	assert_true(S_ISFIFO(answer.mode));
	assert_null(answer.content);
	answer = ask(fixture, &(struct survey_question) { .path = "/dev/zero", .content = 100 });
	assert_true(S_ISCHR(answer.mode));
	assert_null(answer.content);
}

static void a_device_has_a_number_and_is_used_both_ways(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question question = { .path = "/dev/null", .access = true };
	struct survey_answer answer = ask(fixture, &question);
	struct stat st;

	assert_int_equal(stat("/dev/null", &st), 0);
	assert_int_equal(answer.error, 0);
	assert_int_equal(answer.device, st.st_rdev);
	assert_int_equal(answer.gid, st.st_gid);
	assert_false(answer.is_denied);
	assert_false(answer.is_granted);
}

/* Who opens a file that somebody has a lease on waits until they let go of it, or for most of a
 * minute. */
static void nor_does_a_lease(void **state)
{
	struct fixture *fixture = *state;
	void (*old)(int) = signal(SIGIO, SIG_IGN);
	int fd;

	make_file(fixture, "leased", "text", 0644);
	fd = open(below(fixture, "leased"), O_WRONLY | O_CLOEXEC);
	/* Some file systems have none. */
	if (fcntl(fd, F_SETLEASE, F_WRLCK) == 0)
		assert_int_equal(ask_path(fixture, "leased", 100).error, EAGAIN);
	(void)close(fd);
	(void)signal(SIGIO, old);
}

static void as_much_of_a_file_is_read_as_is_wanted(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question whole = { .whole = true };
	struct survey_answer answer;

	make_file(fixture, "text", "0123456789", 0644);
	make_file(fixture, "empty", "", 0644);
	answer = ask_path(fixture, "text", 4);
	assert_int_equal(answer.content_length, 4);
	assert_string_equal(answer.content, "0123");
	answer = ask_path(fixture, "text", 100);
	assert_int_equal(answer.content_length, 10);
	assert_string_equal(answer.content, "0123456789");
	answer = ask_path(fixture, "empty", 100);
	assert_int_equal(answer.content_length, 0);
	assert_string_equal(answer.content, "");

	whole.path = below(fixture, "text");
	whole.content = 11;
	assert_string_equal(ask(fixture, &whole).content, "0123456789");
	whole.content = 10;
	answer = ask(fixture, &whole);
	assert_int_equal(answer.error, 0);
	assert_null(answer.content);
}

static void bytes_arrive_as_they_are(void **state)
{
	struct fixture *fixture = *state;
	const char *path = below(fixture, "odd \n\377name");
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	struct survey_answer answer;

	assert_int_equal(write(fd, "a\0b\377\n", 5), 5);
	answer = ask(fixture, &(struct survey_question) { .path = path, .content = 100 });
	assert_string_equal(answer.path, path);
	assert_int_equal(answer.content_length, 5);
	assert_memory_equal(answer.content, "a\0b\377\n", 6);
}

static void what_the_caller_may_not_read_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct survey_answer answer;

	make_file(fixture, "secret", "secret", 0);
	assert_int_equal(mkdir(below(fixture, "closed"), 0), 0);
	answer = ask_path(fixture, "secret", 100);
	assert_int_equal(answer.error, EACCES);
	assert_null(answer.content);
	assert_int_equal(ask_path(fixture, "secret", 0).error, 0);
	answer = ask_path(fixture, "closed", 0);
	assert_int_equal(answer.error, 0);
	assert_false(answer.can_access);
	assert_int_equal(ask_path(fixture, "closed/x", 0).error, EACCES);
}

static void of_the_system_only_what_all_may_read_is_given(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question questions[] = {
		{ .path = below(fixture, "first"), .content = 100 },
		{ .path = below(fixture, "public"), .content = 100, .is_system = true },
		{ .path = below(fixture, "secret"), .content = 100, .is_system = true },
		{ .path = below(fixture, "last"), .content = 100 },
	};
	struct survey_answer *answers = NULL;

	make_file(fixture, "first", "1", 0644);
	make_file(fixture, "public", "2", 0644);
	make_file(fixture, "secret", "3", 0640);
	make_file(fixture, "last", "4", 0644);
	assert_int_equal(survey_run(&fixture->arena, &fixture->caller, questions,
				    ARRAY_LENGTH(questions), &answers),
			 0);
	assert_string_equal(answers[0].content, "1");
	assert_string_equal(answers[1].content, "2");
	assert_int_equal(answers[2].error, 0);
	assert_null(answers[2].content);
	assert_string_equal(answers[3].content, "4");
}

static void of_a_pattern_the_highest_version_counts(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question question = { .is_pattern = true };

	make_file(fixture, "v9.1", "", 0644);
	make_file(fixture, "v10.2", "", 0644);
	make_file(fixture, "v10.10", "", 0644);
	make_file(fixture, "w", "", 0644);
	question.path = below(fixture, "v*");
	assert_string_equal(ask(fixture, &question).path, below(fixture, "v10.10"));
	question.path = below(fixture, "x*");
	assert_int_equal(ask(fixture, &question).error, ENOENT);
}

static void a_root_holds_links_inside(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question question = { .path = "/bin/tool",
					    .root = fixture->directory,
					    .access = true };

	assert_int_equal(mkdir(below(fixture, "usr"), 0755), 0);
	make_file(fixture, "usr/tool", "inside", 0755);
	make_link(fixture, "/usr", "bin");
	make_link(fixture, "../../../../../../../../etc/passwd", "up");
	make_link(fixture, "/etc/passwd", "absolute");
	assert_string_equal(ask(fixture, &question).path, below(fixture, "usr/tool"));
	assert_true(ask(fixture, &question).can_access);
	question.path = "/up";
	assert_int_equal(ask(fixture, &question).error, ENOENT);
	question.path = "/absolute";
	assert_int_equal(ask(fixture, &question).error, ENOENT);
	question.path = "../../../../../../etc/passwd";
	assert_int_equal(ask(fixture, &question).error, ENOENT);
	question.root = "/nonexistent";
	assert_int_equal(ask(fixture, &question).error, ENOENT);
}

static void magic_links_lead_nowhere(void **state)
{
	struct fixture *fixture = *state;

	make_link(fixture, "/proc/self/root/etc", "magic");
	assert_int_equal(ask_path(fixture, "magic", 0).error, ELOOP);
	assert_int_equal(
		ask(fixture, &(struct survey_question) { .path = "/proc/self/fd/0" }).error, ELOOP);
}

static void many_questions_are_answered_in_order(void **state)
{
	enum { COUNT = 2000 };
	static struct survey_question questions[COUNT];
	struct fixture *fixture = *state;
	struct survey_answer *answers;

	make_file(fixture, "text", "0123456789", 0644);
	for (size_t i = 0; i < COUNT; i++)
		questions[i] = (struct survey_question) {
			.path = i % 7 == 0 ? "/nonexistent" : below(fixture, "text"),
			.content = i % 11,
		};
	assert_int_equal(survey_run(&fixture->arena, &fixture->caller, questions, COUNT, &answers),
			 0);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(answers[i].error, i % 7 == 0 ? ENOENT : 0);
		if (i % 7 != 0)
			assert_int_equal(answers[i].content_length, i % 11);
	}
}

/* Root itself is nobody's caller, and an ordinary process acts for nobody but itself. */
static void nobody_else_is_acted_for(void **state)
{
	struct fixture *fixture = *state;
	struct survey_question question = { .path = "/" };
	struct survey_answer *answers;
	int saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3), r;
	AUTO_CLOSE int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fixture->caller.uid = geteuid() == 0 ? 0 : getuid() + 1;
	assert_true(dup2(null_fd, STDERR_FILENO) >= 0);
	r = survey_run(&fixture->arena, &fixture->caller, &question, 1, &answers);
	assert_true(dup2(saved_stderr, STDERR_FILENO) >= 0);
	(void)close(saved_stderr);
	assert_true(r < 0);
}

/* An answer as the helper writes it: numbers, then the path with its NUL. */
struct written {
	uint64_t size_and_device[2];
	int32_t error;
	uint32_t mode_and_ids[3];
	int32_t access[3];
	int32_t lengths[3];
	char path[8];
};

static void what_a_helper_makes_up_is_refused(void **state)
{
	static const struct {
		const char *what;
		struct written written;
		size_t size;
		int expected;
	} cases[] = {
		{ "a path", { .lengths = { 2, -1, -1 }, .path = "/a" }, 59, 0 },
		{ "a path and its link", { .lengths = { 2, 1, -1 }, .path = "/a\0b" }, 61, 0 },
		{ "an error", { .error = ENOENT, .lengths = { -1, -1, -1 } }, 56, 0 },
		{ "no error", { .error = -ENOENT, .lengths = { -1, -1, -1 } }, 56, -EPROTO },
		{ "nothing", { .lengths = { -1, -1, -1 } }, 56, -EPROTO },
		{ "a relative path", { .lengths = { 1, -1, -1 }, .path = "a" }, 58, -EPROTO },
		{ "a path with ..", { .lengths = { 3, -1, -1 }, .path = "/.." }, 60, -EPROTO },
		{ "an open path", { .lengths = { 2, -1, -1 }, .path = "/ab" }, 60, -EPROTO },
		{ "a long path", { .lengths = { 9, -1, -1 }, .path = "/a" }, 64, -EPROTO },
		{ "the longest", { .lengths = { INT32_MAX, 0, 0 }, .path = "/a" }, 64, -EPROTO },
		{ "half of it", { .lengths = { 2, -1, -1 }, .path = "/a" }, 55, -EPROTO },
	};
	static const struct survey_question question = { .path = "/" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct survey_answer answer = { 0 };

		if (survey_parse((const char *)&cases[i].written, cases[i].size, &question, 1,
				 &answer) != cases[i].expected)
			fail_msg("case %zu: %s", i, cases[i].what);
	}
}

#define SURVEY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SURVEY_TEST(a_file_is_described),
		SURVEY_TEST(a_link_leads_to_its_end),
		SURVEY_TEST(what_has_been_removed_is_not_there),
		SURVEY_TEST(what_is_not_there_is_an_error),
		SURVEY_TEST(nothing_makes_the_survey_wait),
		SURVEY_TEST(a_device_has_a_number_and_is_used_both_ways),
		SURVEY_TEST(nor_does_a_lease),
		SURVEY_TEST(as_much_of_a_file_is_read_as_is_wanted),
		SURVEY_TEST(bytes_arrive_as_they_are),
		SURVEY_TEST(what_the_caller_may_not_read_is_an_error),
		SURVEY_TEST(of_the_system_only_what_all_may_read_is_given),
		SURVEY_TEST(of_a_pattern_the_highest_version_counts),
		SURVEY_TEST(a_root_holds_links_inside),
		SURVEY_TEST(magic_links_lead_nowhere),
		SURVEY_TEST(many_questions_are_answered_in_order),
		SURVEY_TEST(nobody_else_is_acted_for),
		cmocka_unit_test(what_a_helper_makes_up_is_refused),
	};

	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
