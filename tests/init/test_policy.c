/* The filters in a process of their own: loaded, and what the verification finds. */
#include "tests/support/test.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/policy.h"

/* What answers success and does nothing, as a kernel or a library that lies would. */
enum lie { LIE_NONE, LIE_ALL, LIE_FIRST, LIE_SECOND };

static enum lie lie;
static int loads;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
	unsigned long arguments[5];
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < (number == SYS_seccomp ? 3 : 5); i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	if (number != SYS_seccomp)
		return __real_syscall(number, arguments[0], arguments[1], arguments[2],
				      arguments[3], arguments[4]);
	loads++;
	if (lie == LIE_ALL || (lie == LIE_FIRST && loads == 1) || (lie == LIE_SECOND && loads == 2))
		return 0;
	return __real_syscall(number, arguments[0], arguments[1], arguments[2]);
}

static bool status_has(const char *line)
{
	char buffer[8192] = { '\n' };
	FILE *file = fopen("/proc/self/status", "re");
	size_t size = file ? fread(buffer + 1, 1, sizeof(buffer) - 2, file) : 0;

	if (file)
		(void)fclose(file);
	return size > 0 && strstr(buffer, line);
}

/* Status 0: loaded and verified. 1: could not load. 2: the verification found something. 3: there
 * are not two filters more than before. */
static _Noreturn void child_load(enum policy loaded, enum policy verified, int error_fd)
{
	bool is_filtered = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0;

	(void)dup2(error_fd, STDERR_FILENO);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || policy_load(loaded) < 0)
		_exit(1);
	if (policy_verify(verified) < 0)
		_exit(2);
	_exit(is_filtered || status_has("\nSeccomp_filters:\t2\n") ? 0 : 3);
}

static int load_in_child(enum policy loaded, enum policy verified, char *ret_error, size_t size)
{
	int error_fd = memfd_create("stderr", MFD_CLOEXEC), status = 0;
	ssize_t n;
	pid_t pid;

	assert_true(error_fd >= 0);
	pid = fork();
	if (pid == 0)
		child_load(loaded, verified, error_fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	n = pread(error_fd, ret_error, size - 1, 0);
	assert_true(n >= 0);
	ret_error[n] = '\0';
	assert_int_equal(close(error_fd), 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void policies_have_names(void **state)
{
	static const char *const bad[] = { "", "Default", "default ", "nest", "0", "none" };

	(void)state;
	for (int policy = 0; policy < POLICY_COUNT; policy++) {
		enum policy parsed = POLICY_COUNT;

		assert_int_equal(policy_parse(policy_names[policy], &parsed), 0);
		assert_int_equal(parsed, policy);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum policy parsed = POLICY_COUNT;

		assert_int_equal(policy_parse(bad[i], &parsed), -EINVAL);
		assert_int_equal(parsed, POLICY_COUNT);
	}
}

static void each_policy_is_loaded_and_verified(void **state)
{
	char error[256];

	(void)state;
	lie = LIE_NONE;
	for (int policy = 0; policy < POLICY_COUNT; policy++) {
		assert_int_equal(load_in_child(policy, policy, error, sizeof(error)), 0);
		assert_string_equal(error, "");
	}
}

static void another_policy_is_found(void **state)
{
	static const char *const expected[POLICY_COUNT][POLICY_COUNT] = {
		[POLICY_DEFAULT] = { [POLICY_NO_USERNS] = "unshare of users",
				     [POLICY_NESTED] = "unshare of mounts" },
		[POLICY_NO_USERNS] = { [POLICY_DEFAULT] = "unshare of users",
				       [POLICY_NESTED] = "unshare of users" },
		[POLICY_NESTED] = { [POLICY_DEFAULT] = "unshare of mounts",
				    [POLICY_NO_USERNS] = "unshare of users" },
	};

	(void)state;
	lie = LIE_NONE;
	for (int loaded = 0; loaded < POLICY_COUNT; loaded++)
		for (int verified = 0; verified < POLICY_COUNT; verified++) {
			char error[256], line[256];

			if (loaded == verified)
				continue;
			(void)snprintf(line, sizeof(line),
				       "claude-sandbox: cannot filter system calls: %s\n",
				       expected[loaded][verified]);
			assert_int_equal(load_in_child(loaded, verified, error, sizeof(error)), 2);
			assert_string_equal(error, line);
		}
}

/* A process that has a filter already, from a container around it, is told by the calls alone. */
static void missing_programs_are_found(void **state)
{
	static const struct {
		enum lie lie;
		const char *what;
	} cases[] = {
		{ LIE_ALL, NULL },
		{ LIE_FIRST, "clone3" },
		{ LIE_SECOND, "ioctl" },
	};

	(void)state;
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			char error[256], line[256];

			lie = cases[i].lie;
			(void)snprintf(line, sizeof(line),
				       "claude-sandbox: cannot filter system calls: %s\n",
				       cases[i].what ? cases[i].what : "there is no filter");
			assert_int_equal(load_in_child(policy, policy, error, sizeof(error)), 2);
			if (cases[i].what || prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0)
				assert_string_equal(error, line);
		}
	lie = LIE_NONE;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_have_names),
		cmocka_unit_test(each_policy_is_loaded_and_verified),
		cmocka_unit_test(another_policy_is_found),
		cmocka_unit_test(missing_programs_are_found),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
