#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "forward/seed_write.h"
#include "mounts/tree.h"
#include "tests/support/run.h"
#include "tests/support/temporary.h"

struct fixture {
	struct arena arena;
	char *directory;
	struct tree tree;
	mode_t mask;
	int fd;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct caller ourselves = { .uid = geteuid(), .gid = getegid() };

	if (!fixture)
		return -1;
	*state = fixture;
	fixture->directory = temporary_make(&fixture->arena, &ourselves);
	if (!fixture->directory)
		return -1;
	fixture->fd = open(fixture->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fixture->tree = (struct tree)TREE_EMPTY;
	fixture->tree.root_fd = fcntl(fixture->fd, F_DUPFD_CLOEXEC, 0);
	fixture->mask = umask(0);
	return fixture->fd < 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	(void)umask(fixture->mask);
	(void)close(fixture->fd);
	tree_finish(&fixture->tree);
	temporary_remove(fixture->directory);
	arena_finish(&fixture->arena);
	free(fixture);
	return 0;
}

static struct stat stat_of(const struct fixture *fixture, const char *name)
{
	struct stat st = { 0 };

	(void)fstatat(fixture->fd, name, &st, AT_SYMLINK_NOFOLLOW);
	return st;
}

static int make(struct fixture *fixture, enum mount_kind kind, const char *target,
		const char *source)
{
	struct mount_op op = {
		.kind = kind,
		.target = target,
		.source = source,
		.mode = 01777,
		.uid = geteuid(),
		.gid = getegid(),
		.device_major = 1,
		.device_minor = 3,
	};

	return tree_make(&fixture->tree, &op);
}

static void directories_are_made_with_mode_and_owner(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/a", NULL), 0);
	assert_true(S_ISDIR(stat_of(fixture, "a").st_mode));
	assert_int_equal(stat_of(fixture, "a").st_mode & 07777, 01777);
	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/a/b", NULL), 0);
	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/x/y", NULL), -ENOENT);
	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/a/c", NULL), 0);
	assert_int_equal(stat_of(fixture, "a/c").st_uid, geteuid());
}

/* Those that come in a row share a directory, and one that was missing is looked for again. */
static void a_parent_is_remembered_only_when_it_was_there(void **state)
{
	struct fixture *fixture = *state;
	int first, second;

	assert_int_equal(tree_parent(&fixture->tree, "/a/x"), -ENOENT);
	assert_int_equal(mkdirat(fixture->fd, "a", 0700), 0);
	assert_int_equal(mkdirat(fixture->fd, "ab", 0700), 0);
	first = tree_parent(&fixture->tree, "/a/x");
	assert_true(first >= 0);
	assert_int_equal(tree_parent(&fixture->tree, "/a/yy"), first);
	second = tree_parent(&fixture->tree, "/ab/x");
	assert_true(second >= 0);
	assert_int_equal(mknodat(second, "here", S_IFREG | 0600, 0), 0);
	assert_int_equal(stat_of(fixture, "ab/here").st_nlink, 1);
	assert_true(tree_parent(&fixture->tree, "/x") >= 0);
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/top", false), 0);
	assert_int_equal(stat_of(fixture, "top").st_nlink, 1);
	tree_finish(&fixture->tree);
	tree_finish(&fixture->tree);
}

static void a_directory_that_is_there_gets_the_mode(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdirat(fixture->fd, "a", 0700), 0);
	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/a", NULL), 0);
	assert_int_equal(stat_of(fixture, "a").st_mode & 07777, 01777);
}

static void links_are_made_and_never_followed(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdirat(fixture->fd, "real", 0700), 0);
	assert_int_equal(make(fixture, MOUNT_LINK, "/link", "real"), 0);
	assert_true(S_ISLNK(stat_of(fixture, "link").st_mode));
	assert_int_equal(make(fixture, MOUNT_DIRECTORY, "/link/x", NULL), -ELOOP);
	assert_int_equal(make(fixture, MOUNT_LINK, "/link/x", "y"), -ELOOP);
	assert_true(make(fixture, MOUNT_DIRECTORY, "/link", NULL) < 0);
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/link/x", true), -ELOOP);
	assert_int_equal(tree_open(&fixture->tree, "/link"), -ELOOP);
	assert_int_equal(tree_parent(&fixture->tree, "/link/x"), -ELOOP);
	assert_int_equal(stat_of(fixture, "real/x").st_nlink, 0);
	assert_int_equal(stat_of(fixture, "real").st_mode & 07777, 0700);
}

static void paths_stay_below_the_root(void **state)
{
	struct fixture *fixture = *state;
	AUTO_CLOSE int fd = tree_open(&fixture->tree, "/../../../..");
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_ino, stat_of(fixture, ".").st_ino);
}

static void mount_points_are_made_unless_there(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(tree_make_mount_point(&fixture->tree, "/d", true), 0);
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/d", true), 0);
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/d/f", false), 0);
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/d/f", false), 0);
	assert_true(S_ISDIR(stat_of(fixture, "d").st_mode));
	assert_true(S_ISREG(stat_of(fixture, "d/f").st_mode));
	assert_int_equal(tree_make_mount_point(&fixture->tree, "/no/x", true), -ENOENT);
}

static void a_node_is_the_device_it_should_be(void **state)
{
	struct fixture *fixture = *state;
	int r = make(fixture, MOUNT_NODE, "/null", NULL);

	/* Only root may. */
	if (r == -EPERM)
		return;
	assert_int_equal(r, 0);
	assert_true(S_ISCHR(stat_of(fixture, "null").st_mode));
	assert_true(stat_of(fixture, "null").st_rdev == makedev(1, 3));
	assert_int_equal(make(fixture, MOUNT_NODE, "/null", NULL), -EEXIST);
}

static void mounts_are_not_made_by_the_tree(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(make(fixture, MOUNT_TMPFS, "/x", NULL), -EINVAL);
}

static struct seed seed_of(const char *target, const char *content)
{
	return (struct seed) {
		.target = target,
		.content = content,
		.content_length = content ? strlen(content) : 0,
		.mode = 0640,
		.uid = geteuid(),
		.gid = getegid(),
		.in_layer = true,
	};
}

static void seeds_are_written_once_with_their_mode(void **state)
{
	struct fixture *fixture = *state;
	struct seed seeds[] = { seed_of("/text", "text"), seed_of("/copy", NULL),
				seed_of("/later", "later") };
	struct seed_list list = { seeds, 3 };
	struct source_handle handle = { 0 };
	char content[16] = { 0 };

	assert_int_equal(temporary_write(path_join(&fixture->arena, fixture->directory, "source"),
					 "source", 0600),
			 0);
	handle.fd = openat(fixture->fd, "source", O_RDONLY | O_CLOEXEC);
	seeds[2].in_layer = false;
	assert_int_equal(seed_list_write(&list, true, &fixture->tree, &handle), 0);
	(void)close(handle.fd);
	assert_int_equal(stat_of(fixture, "text").st_mode & 07777, 0640);
	assert_int_equal(stat_of(fixture, "text").st_size, 4);
	assert_int_equal(stat_of(fixture, "later").st_nlink, 0);
	handle.fd = openat(fixture->fd, "copy", O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(handle.fd, content, sizeof(content) - 1), 6);
	(void)close(handle.fd);
	assert_string_equal(content, "source");
}

struct seed_attempt {
	struct seed_list list;
	struct tree *tree;
	int source_fd;
};

static int write_seeds(void *argument)
{
	struct seed_attempt *attempt = argument;
	struct source_handle handle = { .fd = attempt->source_fd };

	return -seed_list_write(&attempt->list, true, attempt->tree, &handle);
}

static void a_seed_goes_through_no_link_and_over_no_file(void **state)
{
	struct fixture *fixture = *state;
	struct seed seed = seed_of("/link", "overwritten");
	struct seed_attempt attempt = { { &seed, 1 }, &fixture->tree, -1 };
	char output[256];

	assert_int_equal(temporary_write(path_join(&fixture->arena, fixture->directory, "victim"),
					 "kept", 0600),
			 0);
	assert_int_equal(symlinkat("victim", fixture->fd, "link"), 0);
	assert_int_equal(symlinkat(".", fixture->fd, "dot"), 0);
	assert_int_equal(run_child_stderr(write_seeds, &attempt, output, sizeof(output)), EEXIST);
	assert_string_equal(output,
			    "claude-sandbox: cannot write '/link' in the sandbox: File exists\n");
	seed.target = "/victim";
	assert_int_equal(run_child_stderr(write_seeds, &attempt, output, sizeof(output)), EEXIST);
	seed.target = "/dot/new";
	assert_int_equal(run_child_stderr(write_seeds, &attempt, output, sizeof(output)), ELOOP);
	assert_int_equal(stat_of(fixture, "victim").st_size, 4);
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(directories_are_made_with_mode_and_owner),
		TREE_TEST(a_parent_is_remembered_only_when_it_was_there),
		TREE_TEST(a_directory_that_is_there_gets_the_mode),
		TREE_TEST(links_are_made_and_never_followed),
		TREE_TEST(paths_stay_below_the_root),
		TREE_TEST(mount_points_are_made_unless_there),
		TREE_TEST(a_node_is_the_device_it_should_be),
		TREE_TEST(mounts_are_not_made_by_the_tree),
		TREE_TEST(seeds_are_written_once_with_their_mode),
		TREE_TEST(a_seed_goes_through_no_link_and_over_no_file),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
