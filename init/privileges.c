/* Theory of operation
 *
 * PID 1 starts as uid 0 of the host, but with no more than CAP_SETUID, CAP_SETGID and CAP_SETPCAP,
 * which are what this file needs to get rid of the rest. Everything here happens before the first
 * fork, so that no process inside was ever root and no two of them can differ.
 *
 * The order matters:
 *
 *	bounding, ambient  Need CAP_SETPCAP. The launcher has emptied them: not relied upon.
 *	securebits         Need CAP_SETPCAP. NOROOT: execve gives nothing to uid 0.
 *	                   NO_SETUID_FIXUP: no change of uid changes capabilities, which
 *	                   is why the sets are cleared by hand below.
 *	groups, gid, uid   Need CAP_SETGID and CAP_SETUID; the uid last, and in two steps: once the
 *	                   real one is the user's, they may stop us, and by then we must be tied
 *	                   to the supervisor.
 *	capability sets    From here on nothing above can be undone.
 *	no_new_privs       No set-user-ID program, no file capability gives anything back.
 *	keyring, memory    Need nothing. After the ids, whose change resets the dumpable flag.
 *
 * Then privileges_verify() asks the kernel about each of these instead of trusting return values.
 * It must come after everything that restricts, and be followed by nothing but the work. */
#include "init/privileges.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/message.h"

/* linux/securebits.h */
#define SECUREBIT_NOROOT (1ul << 0)
#define SECUREBIT_NOROOT_LOCKED (1ul << 1)
#define SECUREBIT_NO_SETUID_FIXUP (1ul << 2)
#define SECUREBIT_NO_SETUID_FIXUP_LOCKED (1ul << 3)
#define SECUREBIT_KEEP_CAPS_LOCKED (1ul << 5)
#define SECUREBIT_NO_CAP_AMBIENT_RAISE (1ul << 6)
#define SECUREBIT_NO_CAP_AMBIENT_RAISE_LOCKED (1ul << 7)

#define SECUREBITS                                                                \
	(SECUREBIT_NOROOT | SECUREBIT_NOROOT_LOCKED | SECUREBIT_NO_SETUID_FIXUP | \
	 SECUREBIT_NO_SETUID_FIXUP_LOCKED | SECUREBIT_KEEP_CAPS_LOCKED |          \
	 SECUREBIT_NO_CAP_AMBIENT_RAISE | SECUREBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* linux/keyctl.h */
#define KEYRING_JOIN_SESSION 1

/* linux/capability.h */
#define CAPABILITY_VERSION_3 0x20080522u
#define CAPABILITY_MAX 64

struct capability_header {
	uint32_t version;
	int pid;
};

/* Two of them: capabilities 0 to 31, and 32 to 63. */
struct capability_data {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

/* --- dropping --- */

/* The kernel answers -1 from the first number on that is no capability to it. */
static int bounding_drop(void)
{
	for (unsigned long capability = 0; capability < CAPABILITY_MAX; capability++) {
		int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (held < 0)
			break;
		if (held > 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return message_error(errno, "empty the capability bounding set");
	}
	return 0;
}

static int ambient_drop(void)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return message_error(errno, "clear the ambient capabilities");
	return 0;
}

static int securebits_lock(void)
{
	if (prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0) < 0)
		return message_error(errno, "lock the securebits");
	return 0;
}

static int ids_set(const struct identity *identity)
{
	if (setgroups(identity->group_count, identity->groups) < 0)
		return message_error(errno, "set the supplementary groups");
	if (setresgid(identity->gid, identity->gid, identity->gid) < 0)
		return message_error(errno, "set the group id");
	/* A change of the effective id takes the parent-death signal back, one of the others does
	 * not; and the user's signals come through when the real or the saved one is theirs. */
	if (setresuid((uid_t)-1, identity->uid, (uid_t)-1) < 0)
		return message_error(errno, "set the user id");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return message_error(errno, "ask for the parent-death signal");
	if (setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return message_error(errno, "set the user id");
	return 0;
}

static int capabilities_clear(void)
{
	struct capability_header header = { .version = CAPABILITY_VERSION_3 };
	struct capability_data data[2] = { { 0 } };

	if (syscall(SYS_capset, &header, data) < 0)
		return message_error(errno, "clear the capabilities");
	return 0;
}

static int no_new_privileges_set(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return message_error(errno, "set no_new_privs");
	return 0;
}

/* The session keyring may hold the caller's keys, or root's. A kernel without keys has none to
 * hide. */
static int keyring_renew(void)
{
	if (syscall(SYS_keyctl, KEYRING_JOIN_SESSION, NULL) < 0 && errno != ENOSYS)
		return message_error(errno, "create a session keyring");
	return 0;
}

/* No core, and no look at PID 1 by the user it has just become. Before the capabilities go: as long
 * as it has one more than the user, they may not trace it; the change of ids has made it dumpable
 * again, where fs.suid_dumpable is 1. */
static int memory_hide(void)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return message_error(errno, "forbid core dumps");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return message_error(errno, "become undumpable");
	return 0;
}

int privileges_drop(const struct identity *identity)
{
	int r = 0;

	r = r ?: bounding_drop();
	r = r ?: ambient_drop();
	r = r ?: securebits_lock();
	r = r ?: ids_set(identity);
	r = r ?: memory_hide();
	r = r ?: capabilities_clear();
	r = r ?: no_new_privileges_set();
	r = r ?: keyring_renew();
	(void)umask(022);
	return r;
}

/* --- reading back --- */

static bool user_is_set(const struct identity *identity)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == identity->uid &&
	       effective == identity->uid && saved == identity->uid;
}

static bool group_is_set(const struct identity *identity)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == identity->gid &&
	       effective == identity->gid && saved == identity->gid;
}

static bool has_group(const gid_t *groups, size_t count, gid_t group)
{
	for (size_t i = 0; i < count; i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

/* The kernel sorts them. */
static bool groups_are_set(const struct identity *identity)
{
	gid_t groups[IDENTITY_GROUPS_MAX];
	int count = getgroups(IDENTITY_GROUPS_MAX, groups);

	if (count < 0 || (size_t)count != identity->group_count)
		return false;
	for (size_t i = 0; i < identity->group_count; i++) {
		if (!has_group(groups, identity->group_count, identity->groups[i]) ||
		    !has_group(identity->groups, identity->group_count, groups[i]))
			return false;
	}
	return true;
}

static bool capabilities_are_empty(const struct identity *identity)
{
	struct capability_header header = { .version = CAPABILITY_VERSION_3 };
	struct capability_data data[2];
	static const struct capability_data none[2];

	(void)identity;
	memset(data, 0xff, sizeof(data));
	return syscall(SYS_capget, &header, data) == 0 && memcmp(data, none, sizeof(data)) == 0;
}

static bool bounding_is_empty(const struct identity *identity)
{
	(void)identity;
	for (unsigned long capability = 0; capability < CAPABILITY_MAX; capability++) {
		int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (held < 0)
			return errno == EINVAL && capability > 0;
		if (held != 0)
			return false;
	}
	return true;
}

static bool ambient_is_empty(const struct identity *identity)
{
	(void)identity;
	for (unsigned long capability = 0; capability < CAPABILITY_MAX; capability++) {
		int held = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0);

		if (held < 0)
			return errno == EINVAL && capability > 0;
		if (held != 0)
			return false;
	}
	return true;
}

static bool securebits_are_locked(const struct identity *identity)
{
	(void)identity;
	return prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) == (int)SECUREBITS;
}

static bool new_privileges_are_off(const struct identity *identity)
{
	(void)identity;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool memory_is_hidden(const struct identity *identity)
{
	struct rlimit limit = { 1, 1 };

	(void)identity;
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && getrlimit(RLIMIT_CORE, &limit) == 0 &&
	       limit.rlim_cur == 0 && limit.rlim_max == 0;
}

/* The one check that is an attempt; last, since after a success nothing else would be true. */
static bool root_is_refused(const struct identity *identity)
{
	(void)identity;
	return setresuid(0, 0, 0) < 0;
}

static const struct {
	const char *what;
	bool (*holds)(const struct identity *identity);
} checks[] = {
	{ "the user ids", user_is_set },
	{ "the group ids", group_is_set },
	{ "the supplementary groups", groups_are_set },
	{ "the capability sets", capabilities_are_empty },
	{ "the bounding set", bounding_is_empty },
	{ "the ambient set", ambient_is_empty },
	{ "the securebits", securebits_are_locked },
	{ "no_new_privs", new_privileges_are_off },
	{ "core dumps and the dumpable flag", memory_is_hidden },
	{ "a return to root", root_is_refused },
};

int privileges_verify(const struct identity *identity)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!checks[i].holds(identity)) {
			message_write("drop privileges", NULL, checks[i].what);
			return -EPERM;
		}
	}
	return 0;
}
