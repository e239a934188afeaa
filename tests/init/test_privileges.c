/* Does the reading back find each thing that was not done? Needs uid 0.
 *
 * The system calls that drop something are wrapped: the one chosen answers success and does
 * nothing, as a kernel or a library that lies would. Each case runs in a process of its own. */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/privileges.h"

enum lie {
	LIE_NONE,
	LIE_BOUNDING,
	LIE_SECUREBITS,
	LIE_GROUPS,
	LIE_GID,
	LIE_UID,
	LIE_CAPABILITIES,
	LIE_NO_NEW_PRIVS,
	LIE_CORE,
	LIE_DUMPABLE,
	/* Here it is the check that gets an answer it must not like. */
	LIE_AMBIENT,
	LIE_ROOT,
};

/* linux/keyctl.h */
#define KEYRING_GET_ID 0
#define KEYRING_JOIN_SESSION 1
#define KEYRING_OF_SESSION (-3)

static enum lie lie;

int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __real_setgroups(size_t size, const gid_t *list);
int __wrap_setgroups(size_t size, const gid_t *list);
int __real_setresgid(gid_t real, gid_t effective, gid_t saved);
int __wrap_setresgid(gid_t real, gid_t effective, gid_t saved);
int __real_setresuid(uid_t real, uid_t effective, uid_t saved);
int __wrap_setresuid(uid_t real, uid_t effective, uid_t saved);
int __real_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit);
int __wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit);

int __wrap_prctl(int option, ...)
{
	unsigned long arguments[4];
	va_list list;

	va_start(list, option);
	for (size_t i = 0; i < 4; i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	if ((lie == LIE_BOUNDING && option == PR_CAPBSET_DROP) ||
	    (lie == LIE_SECUREBITS && option == PR_SET_SECUREBITS) ||
	    (lie == LIE_NO_NEW_PRIVS && option == PR_SET_NO_NEW_PRIVS))
		return 0;
	/* The change of ids has made the process undumpable already; undo that. */
	if (lie == LIE_DUMPABLE && option == PR_SET_DUMPABLE)
		arguments[0] = 1;
	if (lie == LIE_AMBIENT && option == PR_CAP_AMBIENT &&
	    arguments[0] == PR_CAP_AMBIENT_IS_SET && arguments[1] == 5)
		return 1;
	return __real_prctl(option, arguments[0], arguments[1], arguments[2], arguments[3]);
}

long __wrap_syscall(long number, ...)
{
	void *first, *second;
	va_list list;

	va_start(list, number);
	first = va_arg(list, void *);
	second = va_arg(list, void *);
	va_end(list);
	if (lie == LIE_CAPABILITIES && number == SYS_capset)
		return 0;
	return __real_syscall(number, first, second);
}

int __wrap_setgroups(size_t size, const gid_t *list)
{
	return lie == LIE_GROUPS ? 0 : __real_setgroups(size, list);
}

int __wrap_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return lie == LIE_GID ? 0 : __real_setresgid(real, effective, saved);
}

int __wrap_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	if (lie == LIE_UID || (lie == LIE_ROOT && real == 0))
		return 0;
	return __real_setresuid(real, effective, saved);
}

int __wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	return lie == LIE_CORE ? 0 : __real_setrlimit(resource, limit);
}

/* Status 0: dropped and verified. 1: could not drop. 2: the verification found something. */
static _Noreturn void child_drop(const struct identity *dropped, const struct identity *verified,
				 int error_fd)
{
	const gid_t groups[] = { 7, 8 };
	const struct rlimit core = { 4096, RLIM_INFINITY };

	(void)dup2(error_fd, STDERR_FILENO);
	/* Something to lose. */
	(void)__real_setgroups(2, groups);
	(void)__real_setrlimit(RLIMIT_CORE, &core);
	if (privileges_drop(dropped) < 0)
		_exit(1);
	_exit(privileges_verify(verified) < 0 ? 2 : 0);
}

static int drop_in_child(const struct identity *dropped, const struct identity *verified,
			 char *ret_error, size_t size)
{
	int error_fd = memfd_create("stderr", MFD_CLOEXEC), status = 0;
	ssize_t n;
	pid_t pid;

	assert_true(error_fd >= 0);
	pid = fork();
	if (pid == 0)
		child_drop(dropped, verified, error_fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	n = pread(error_fd, ret_error, size - 1, 0);
	assert_true(n >= 0);
	ret_error[n] = '\0';
	assert_int_equal(close(error_fd), 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const struct identity someone = {
	.uid = 12345,
	.gid = 23456,
	.group_count = 2,
	.groups = { 500, 40 },
};

static void complete_drop_is_verified(void **state)
{
	char error[256];

	(void)state;
	lie = LIE_NONE;
	assert_int_equal(drop_in_child(&someone, &someone, error, sizeof(error)), 0);
	assert_string_equal(error, "");
}

/* Here, before there is a filter: after it nobody can ask any more. */
static void session_keyring_is_new(void **state)
{
	long before = __real_syscall(SYS_keyctl, KEYRING_JOIN_SESSION, NULL);
	int status = 0;
	pid_t pid;

	(void)state;
	/* A kernel without keys has none to hide. */
	if (before < 0)
		return;
	pid = fork();
	if (pid == 0) {
		if (privileges_drop(&someone) < 0)
			_exit(1);
		_exit(__real_syscall(SYS_keyctl, KEYRING_GET_ID, KEYRING_OF_SESSION, 0) == before);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void each_omission_is_found(void **state)
{
	static const struct {
		enum lie lie;
		const char *what;
	} cases[] = {
		{ LIE_BOUNDING, "the bounding set" },
		{ LIE_SECUREBITS, "the securebits" },
		{ LIE_GROUPS, "the supplementary groups" },
		{ LIE_GID, "the group ids" },
		{ LIE_UID, "the user ids" },
		{ LIE_CAPABILITIES, "the capability sets" },
		{ LIE_NO_NEW_PRIVS, "no_new_privs" },
		{ LIE_CORE, "core dumps and the dumpable flag" },
		{ LIE_DUMPABLE, "core dumps and the dumpable flag" },
		{ LIE_AMBIENT, "the ambient set" },
		{ LIE_ROOT, "a return to root" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char error[256], expected[256];
		int r;

		lie = cases[i].lie;
		(void)snprintf(expected, sizeof(expected),
			       "claude-sandbox: cannot drop privileges: %s\n", cases[i].what);
		r = drop_in_child(&someone, &someone, error, sizeof(error));
		if (r != 2)
			print_error("not found: %s\n", cases[i].what);
		assert_int_equal(r, 2);
		assert_string_equal(error, expected);
	}
	lie = LIE_NONE;
}

static void other_ids_are_found(void **state)
{
	struct identity cases[7];
	char error[256];

	(void)state;
	lie = LIE_NONE;
	for (size_t i = 0; i < 7; i++)
		cases[i] = someone;
	cases[0].uid = 1;
	cases[1].gid = 1;
	cases[2].group_count = 1;
	cases[3].group_count = 0;
	cases[4].groups[0] = 1;
	cases[5].groups[1] = 500; /* twice the same, instead of both */
	cases[6].groups[2] = 500;
	cases[6].group_count = 3;
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(drop_in_child(&someone, &cases[i], error, sizeof(error)), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete_drop_is_verified),
		cmocka_unit_test(session_keyring_is_new),
		cmocka_unit_test(each_omission_is_found),
		cmocka_unit_test(other_ids_are_found),
	};

	if (geteuid() != 0)
		return 77;
	return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}
