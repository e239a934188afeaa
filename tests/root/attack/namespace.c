/* Namespaces: into those of the host, and new ones in which we are root. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

static const char *const names[] = { "mnt", "pid", "ipc", "uts", "cgroup" };

static bool join_of(long pid, void *data)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[60], key[20];
		AUTO_CLOSE int fd = -1;
		struct stat status;

		(void)snprintf(path, sizeof(path), "/proc/%ld/ns/%s", pid, names[i]);
		(void)snprintf(key, sizeof(key), "ns_%s", names[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && fstat(fd, &status) == 0 && (long)status.st_ino == fact_number(key) &&
		    setns(fd, 0) == 0) {
			*(const char **)data = names[i];
			return true;
		}
	}
	return false;
}

static struct verdict join_outer(void)
{
	const char *name = NULL;

	if (join_of(fact_number("pid"), &name) || each_other_process(join_of, &name))
		return escaped("in the witness's '%s'", name);
	return held("none is in reach");
}

static struct verdict join_by_process(void)
{
	AUTO_CLOSE int fd = (int)syscall(SYS_pidfd_open, (int)fact_number("pid"), 0);

	if (fd < 0)
		return held_by(errno);
	return of_call(setns(fd, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC), "in the witness's");
}

/* A mount namespace of others shows whether it is ours already. */
static struct verdict share_outer(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[60], key[20];
		struct stat status;

		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		(void)snprintf(key, sizeof(key), "ns_%s", names[i]);
		if (stat(path, &status) == 0 && (long)status.st_ino == fact_number(key))
			return escaped("'%s' is the witness's", names[i]);
	}
	return held("all are others");
}

static struct verdict new_mounts(void)
{
	return of_call(unshare(CLONE_NEWNS), "a mount namespace");
}

static struct verdict own_and(int flags)
{
	if (!enter_user_namespace(flags))
		return held_by(errno);
	return escaped("root of it");
}

static struct verdict own_mounts(void)
{
	return own_and(CLONE_NEWNS);
}

static struct verdict own_names(void)
{
	return own_and(CLONE_NEWUTS);
}

static struct verdict own_ipc(void)
{
	return own_and(CLONE_NEWIPC);
}

static struct verdict own_cgroups(void)
{
	return own_and(CLONE_NEWCGROUP);
}

static struct verdict own_time(void)
{
	return own_and(0x80 /* CLONE_NEWTIME */);
}

/* Flags in memory, where no filter can look. */
static struct verdict own_by_clone3(void)
{
	struct clone_args arguments = { .flags = CLONE_NEWUSER | CLONE_NEWNS,
					.exit_signal = SIGCHLD };
	long child = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (child == 0)
		_exit(0);
	if (child > 0)
		(void)waitpid((pid_t)child, NULL, 0);
	return of_call(child, "a child in namespaces of its own");
}

/* The id of root outside, for us inside. */
static struct verdict map_root(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return held_by(errno);
	return write_text("/proc/self/uid_map", "0 0 1") ? escaped("root of the host")
							 : held_by(errno);
}

static struct verdict host_name_seen(void)
{
	const char *answer = witness_ask("hostname");

	if (!answer)
		return broken("the witness does not answer");
	return strcmp(answer, "attacked") == 0 ? escaped("the host has another name")
					       : held("only ours");
}

static struct verdict host_name(void)
{
	struct utsname before;
	struct verdict verdict;

	if (uname(&before) < 0)
		return broken("uname");
	if (sethostname("attacked", 8) < 0 &&
	    (!enter_user_namespace(CLONE_NEWUTS) || sethostname("attacked", 8) < 0))
		return held_by(errno);
	verdict = host_name_seen();
	if (sethostname(before.nodename, strlen(before.nodename)) < 0)
		return broken("the name cannot be set back");
	return verdict;
}

static bool set_interface(void)
{
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	/* To what it is. */
	return fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0 &&
	       ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

/* As we are, and as root of a user namespace that has the same network. */
static struct verdict interface(void)
{
	if (set_interface())
		return escaped("the host's interfaces are ours to change");
	if (errno == EPERM && enter_user_namespace(0) && set_interface())
		return escaped("as root of a user namespace");
	return held_by(errno);
}

static struct verdict routes(void)
{
	return try_open("/proc/sys/net/ipv4/conf/all/forwarding", O_WRONLY);
}

const struct attack namespace_attacks[] = {
	{ "join-outer", CONTROL_ROOT, "", "setns to /proc/PID/ns", join_outer },
	{ "join-by-process", CONTROL_ROOT, "", "setns to a process", join_by_process },
	{ "share-outer", CONTROL_USER, "", "a namespace that is the caller's", share_outer },
	{ "new-mounts", CONTROL_ROOT, "", "unshare of the mounts", new_mounts },
	{ "own-mounts", CONTROL_USER, "seccomp", "a user and a mount namespace", own_mounts },
	{ "own-names", CONTROL_USER, "seccomp", "a user and a UTS namespace", own_names },
	{ "own-ipc", CONTROL_USER, "seccomp", "a user and an IPC namespace", own_ipc },
	{ "own-cgroups", CONTROL_USER, "seccomp", "a user and a cgroup namespace", own_cgroups },
	{ "own-time", CONTROL_USER, "seccomp", "a user and a time namespace", own_time },
	{ "own-by-clone3", CONTROL_USER, "seccomp", "the same by clone3", own_by_clone3 },
	{ "map-root", CONTROL_ROOT, "", "the host's root in a user namespace", map_root },
	{ "host-name", CONTROL_ROOT, "", "another host name, seen outside", host_name },
	{ "interface", CONTROL_ROOT, "", "the host's network interfaces", interface },
	{ "routes", CONTROL_ROOT, "", "the host's network settings", routes },
	{ 0 },
};
