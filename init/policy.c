/* Theory of operation
 *
 * The filters are there before anything can be run inside, and everything inside has them by
 * inheritance. They come after all that PID 1 does to itself, which some of the calls they refuse
 * are for, and before privileges_verify(), whose own calls they allow.
 *
 * The programs are data in the image. Two stacked filters (policy_program.h): the kernel runs all
 * and takes the strictest answer; of two errors that of the filter loaded last. A process inside
 * may add filters of its own (Chromium does), and take none away. */
#include "init/policy.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "init/control.h"
#include "init/message.h"
#include "init/policy_program.h"

#if defined(__x86_64__)
#define PROGRAMS policy_programs_x86_64
#elif defined(__aarch64__)
#define PROGRAMS policy_programs_aarch64
#else
#error "there is no policy for this architecture"
#endif

/* linux/seccomp.h */
#define MODE_FILTER 2
#define SET_MODE_FILTER 1

/* linux/sched.h; the last is no flag, and makes unshare fail before it does anything. */
#define NEW_NS 0x00020000ul
#define NEW_USER 0x10000000ul
#define NO_FLAG 0x00000001ul

/* asm-generic/ioctls.h */
#define STI 0x5412ul

/* The number is the same on all architectures; musl's headers may be older. */
#define CALL_CLONE3 435

#define KEYRING_GET_ID 0
#define KEYRING_OF_PROCESS (-2)

const char *const policy_names[POLICY_COUNT] = {
	[POLICY_DEFAULT] = CONTROL_POLICY_DEFAULT,
	[POLICY_NO_USERNS] = CONTROL_POLICY_NO_USERNS,
	[POLICY_NESTED] = CONTROL_POLICY_NESTED,
};

int policy_parse(const char *word, enum policy *ret_policy)
{
	for (int policy = 0; policy < POLICY_COUNT; policy++) {
		if (strcmp(word, policy_names[policy]) == 0) {
			*ret_policy = policy;
			return 0;
		}
	}
	return -EINVAL;
}

/* No flags. One thread, so none has to be brought in step. And the mitigation of speculative store
 * bypass is left as the kernel does it: from 5.16 on it does no longer force it on whoever has a
 * filter, before that it does, at a cost, and we do not know better. */
static int program_load(const struct policy_program *program)
{
	if (syscall(SYS_seccomp, SET_MODE_FILTER, 0, program) < 0)
		return message_error(errno, "load the system call filter");
	return 0;
}

int policy_load(enum policy policy)
{
	int r = program_load(&PROGRAMS[policy].numbers);

	return r < 0 ? r : program_load(&PROGRAMS[policy].arguments);
}

/* Calls that do nothing either way, but fail with another error where the filter is not as it
 * should be: 0 stands for whatever the kernel itself says, which is neither EPERM nor ENOSYS. */
static const struct {
	const char *what;
	long number;
	unsigned long arguments[2];
	int errors[POLICY_COUNT];
} probes[] = {
	{ "clone3", CALL_CLONE3, { 0, 0 }, { ENOSYS, ENOSYS, ENOSYS } },
	{ "keyctl", SYS_keyctl, { KEYRING_GET_ID, KEYRING_OF_PROCESS }, { EPERM, EPERM, EPERM } },
	{ "ioctl", SYS_ioctl, { -1ul, STI }, { EPERM, EPERM, EPERM } },
	{ "unshare of users", SYS_unshare, { NEW_USER | NO_FLAG }, { 0, EPERM, 0 } },
	{ "unshare of mounts", SYS_unshare, { NEW_NS | NO_FLAG }, { EPERM, EPERM, 0 } },
};

static bool probe_holds(size_t i, enum policy policy)
{
	int expected = probes[i].errors[policy];

	errno = 0;
	if (syscall(probes[i].number, probes[i].arguments[0], probes[i].arguments[1], 0, 0, 0) >= 0)
		return false;
	return expected ? errno == expected : errno != EPERM && errno != ENOSYS;
}

int policy_verify(enum policy policy)
{
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != MODE_FILTER) {
		message_write("filter system calls", NULL, "there is no filter");
		return -EPERM;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(probes); i++) {
		if (!probe_holds(i, policy)) {
			message_write("filter system calls", NULL, probes[i].what);
			return -EPERM;
		}
	}
	return 0;
}
