/* The system call filter: which one, put in place, and proven to be there. */
#pragma once

enum policy { POLICY_DEFAULT, POLICY_NO_USERNS, POLICY_NESTED, POLICY_COUNT };

/* The words of PID 1's command line. */
extern const char *const policy_names[POLICY_COUNT];

/* Returns -EINVAL, and leaves *ret_policy alone, unless the word is one of them. */
int policy_parse(const char *word, enum policy *ret_policy);

/* Puts the calling process, and all that it will ever start, under the policy, for good. Needs
 * no_new_privs. Returns 0, or a negative errno after saying why; so does policy_verify(). */
int policy_load(enum policy policy);

/* Asks the kernel whether a filter is on, and tries calls that only this policy's answers so. A
 * difference means that policy_load() or the kernel is wrong: the caller must end at once. */
int policy_verify(enum policy policy);
