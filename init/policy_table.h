/* What the sandbox's system call filter lets through, as plain data. It is read where the programs
 * are made (policy_compile.c) and by the tests; nothing of it is in PID 1.
 *
 * Three policies, which differ in namespaces and mounts only. By default, user, PID and network
 * namespaces can be made, all three together: this is what Chromium's own sandbox takes, and with a
 * part of it Chromium dies without a word. No mount can be made in them. With no-userns there is no
 * namespace at all. With nested there is what bubblewrap needs, mounts included.
 *
 * The numbers are ours, up to Linux 6.18, since the headers of the machine that builds know less
 * than the kernel that runs. What is newer than the table does not exist (ENOSYS): libraries then
 * take an older call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "init/policy.h"

enum policy_architecture { POLICY_X86_64, POLICY_AARCH64, POLICY_ARCHITECTURE_COUNT };

enum policy_verdict {
	VERDICT_ALLOWED,
	VERDICT_REFUSED, /* EPERM: known, but not here */
	VERDICT_ABSENT,	 /* ENOSYS: gone from the kernel, or better taken for unknown */
	VERDICT_NESTED,	 /* as VERDICT_ALLOWED with the policy "nested", else VERDICT_REFUSED */
};

struct policy_call {
	const char *name;
	int numbers[POLICY_ARCHITECTURE_COUNT]; /* -1: it has no such call */
	enum policy_verdict verdict;
};

/* Sorted by name. */
extern const struct policy_call policy_calls[];
extern const size_t policy_call_count;

/* NULL: no such call. */
const struct policy_call *policy_call_find(const char *name);

/* What the kernel answers under this policy: 0 (it looks further), EPERM or ENOSYS. */
int policy_call_error(const struct policy_call *call, enum policy policy);

/* Holds when these bits of an argument have this value. Everything that is compared is an int or an
 * unsigned int to the kernel, which ignores the register's upper half; hence so do we. A condition
 * without a mask always holds. */
struct policy_condition {
	unsigned argument;
	uint32_t mask;
	uint32_t value;
};

#define POLICY_CONDITIONS_MAX 2

/* The call fails with `error` when all conditions hold. */
struct policy_rule {
	const char *call;
	int error;
	unsigned policies; /* 1u << POLICY_..., or-ed */
	struct policy_condition conditions[POLICY_CONDITIONS_MAX];
};

extern const struct policy_rule policy_rules[];
extern const size_t policy_rule_count;
