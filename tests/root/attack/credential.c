/* Other ids, capabilities, limits; and the keys of the caller. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

static struct verdict become_root(void)
{
	if (setuid(0) < 0 && setresuid((uid_t)-1, 0, 0) < 0 && setreuid(0, (uid_t)-1) < 0)
		return held_by(errno);
	return geteuid() == 0 || getuid() == 0 ? escaped("we are root") : held("still who we were");
}

static struct verdict become_root_for_files(void)
{
	(void)syscall(SYS_setfsuid, 0);
	return try_read_secret(fact("root_file"));
}

static struct verdict become_group(void)
{
	return of_call(setresgid(0, 0, 0), "in root's group");
}

static struct verdict join_groups(void)
{
	static const gid_t groups[] = { 0, 4242 };

	return of_call(setgroups(2, groups), "in more groups");
}

static struct verdict has_groups(void)
{
	gid_t groups[64];
	int count = getgroups(64, groups);

	for (int i = 0; i < count; i++) {
		if (groups[i] == (gid_t)fact_number("extra_group"))
			return escaped("in the group %u of the caller's", groups[i]);
	}
	return held("in none of the caller's");
}

static struct verdict take_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	data[0].effective = data[0].permitted = 1u << CAP_SYS_ADMIN | 1u << CAP_DAC_OVERRIDE;
	return of_call(syscall(SYS_capset, &header, data), "CAP_SYS_ADMIN");
}

static struct verdict ambient(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return broken("capget");
	data[0].inheritable |= 1u << CAP_DAC_OVERRIDE;
	(void)syscall(SYS_capset, &header, data);
	return of_call(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0),
		       "raised it");
}

static struct verdict bounding(void)
{
	for (int number = 0; number < 64; number++) {
		if (prctl(PR_CAPBSET_READ, number, 0, 0, 0) == 1)
			return escaped("number %d may still be gained", number);
	}
	return held("empty");
}

static struct verdict secure_bits(void)
{
	return of_call(prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS, 0, 0, 0), "changed them");
}

static struct verdict new_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? held("no_new_privs is set")
							   : escaped("execve may give more");
}

static struct verdict raise_limit(void)
{
	struct rlimit limit;

	if (geteuid() == 0 && !has_capability(CAP_SYS_RESOURCE))
		return not_applicable("root has no CAP_SYS_RESOURCE here");
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return broken("getrlimit");
	limit.rlim_max++;
	return of_call(setrlimit(RLIMIT_NOFILE, &limit), "raised a hard limit");
}

static struct verdict never_killed(void)
{
	if (geteuid() == 0 && !has_capability(CAP_SYS_RESOURCE))
		return not_applicable("root has no CAP_SYS_RESOURCE here");
	return write_text("/proc/self/oom_score_adj", "-1000") ? escaped("others are killed first")
							       : held_by(errno);
}

static struct verdict real_time(void)
{
	return of_call(setpriority(PRIO_PROCESS, 0, -10), "before all others");
}

static struct verdict core_limit(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	return of_call(setrlimit(RLIMIT_CORE, &unlimited), "core dumps are on");
}

/* What a crash leaves is handled outside, by a program of root's. */
static struct verdict core_dump(void)
{
	int status = 0;
	pid_t child;

	if (chdir(fact("project") ?: "/") < 0)
		return broken("no project");
	child = fork();
	if (child == 0) {
		struct rlimit limit;

		if (getrlimit(RLIMIT_CORE, &limit) == 0) {
			limit.rlim_cur = limit.rlim_max;
			(void)setrlimit(RLIMIT_CORE, &limit);
		}
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		abort();
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return broken("no process");
	(void)unlink("core");
	return WCOREDUMP(status) ? escaped("it was dumped") : held("no dump");
}

const struct attack credential_attacks[] = {
	{ "become-root", CONTROL_ROOT, "", "setuid and its relatives", become_root },
	{ "become-root-for-files", CONTROL_ROOT, "", "setfsuid", become_root_for_files },
	{ "become-group", CONTROL_ROOT, "", "setresgid", become_group },
	{ "join-groups", CONTROL_ROOT, "", "setgroups", join_groups },
	{ "groups-of-caller", CONTROL_USER, "", "a supplementary group of the caller's",
	  has_groups },
	{ "take-capabilities", CONTROL_ROOT, "", "capset", take_capabilities },
	{ "ambient", CONTROL_ROOT, "", "an ambient capability", ambient },
	{ "bounding", CONTROL_USER, "", "a bounding set that is not empty", bounding },
	{ "secure-bits", CONTROL_ROOT, "", "other securebits", secure_bits },
	{ "new-privileges", CONTROL_USER, "", "execve that gives more rights", new_privileges },
	{ "raise-limit", CONTROL_ROOT, "", "a hard limit", raise_limit },
	{ "never-killed", CONTROL_ROOT, "", "oom_score_adj", never_killed },
	{ "real-time", CONTROL_ROOT, "", "a higher priority", real_time },
	{ "core-limit", CONTROL_USER, "", "RLIMIT_CORE", core_limit },
	{ "core-dump", CONTROL_USER, "", "a core dump", core_dump },
	{ 0 },
};

/* --- keys --- */

static struct verdict read_key(long key)
{
	char bytes[200];
	long n;

	if (key < 0)
		return held_by(errno);
	n = syscall(SYS_keyctl, KEYCTL_READ, key, bytes, sizeof(bytes));
	if (n < 0)
		return held_by(errno);
	return n <= (long)sizeof(bytes) && has_secret(bytes, (size_t)n) ? escaped("read it")
									: held("another key");
}

static struct verdict no_keys(void)
{
	return not_applicable("the kernel has no keys");
}

static struct verdict session_key(void)
{
	if (!fact("session_key"))
		return no_keys();
	return read_key(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
				"attack-session", 0L));
}

static struct verdict session_key_by_number(void)
{
	return fact("session_key") ? read_key(fact_number("session_key")) : no_keys();
}

static struct verdict session_key_by_request(void)
{
	if (!fact("session_key"))
		return no_keys();
	return read_key(syscall(SYS_request_key, "user", "attack-session", NULL, 0));
}

static struct verdict user_key(void)
{
	if (!fact("user_key"))
		return no_keys();
	/* It is read by who possesses it: by a link from a session keyring of our own. */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING) < 0)
		return held_by(errno);
	return read_key(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
				"attack-user", 0L));
}

static struct verdict add_key(void)
{
	return of_call(
		syscall(SYS_add_key, "user", "attack-own", "x", 1ul, KEY_SPEC_PROCESS_KEYRING),
		"a key of our own");
}

const struct attack key_attacks[] = {
	{ "session-key", CONTROL_USER, "", "a key of the caller's session", session_key },
	{ "session-key-by-number", CONTROL_USER, "", "the same by its number",
	  session_key_by_number },
	{ "session-key-by-request", CONTROL_USER, "", "request_key", session_key_by_request },
	{ "user-key", CONTROL_USER, "seccomp", "a key of the user's keyring", user_key },
	{ "add-key", CONTROL_USER, "seccomp", "a new key", add_key },
	{ 0 },
};
