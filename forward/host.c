#include "forward/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/log.h"
#include "forward/caller_environment.h"
#include "forward/env_list.h"
#include "forward/host_survey.h"
#include "forward/user.h"

/* The first version of Landlock's interface that has scopes for abstract sockets and signals. */
#define LANDLOCK_ABI_SCOPES 6

/* The one program on the way into a sandbox that is not ours: by this path only. */
#ifndef CLAUDE_SANDBOX_DBUS_PROXY
#define CLAUDE_SANDBOX_DBUS_PROXY "/usr/bin/xdg-dbus-proxy"
#endif

static int make_machine_id(struct arena *arena, const char **ret_machine_id)
{
	unsigned char bytes[16];
	char *text = arena_alloc(arena, 2 * sizeof(bytes) + 1);

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return log_error_errno(errno, "cannot get random bytes");
	/* The marks of a random UUID (RFC 9562, version 4), as machine-id(5) asks for. */
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 0xf];
	}
	*ret_machine_id = text;
	return 0;
}

/* Without asking a server, which may be the caller's own and never answer. */
static bool is_directory(int fd)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &stx) == 0 &&
	       S_ISDIR(stx.stx_mode);
}

static uint64_t soft_limit(__rlimit_resource_t resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

void host_limits_read(struct host_limits *ret_limits)
{
	*ret_limits = (struct host_limits) {
		.file_size = soft_limit(RLIMIT_FSIZE),
		.open_files = soft_limit(RLIMIT_NOFILE),
		.processes = soft_limit(RLIMIT_NPROC),
	};
}

/* Of Landlock's interface; -1 where the kernel has none, or it is switched off. */
static long landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Descriptors are opened anew, and resolved, by their names there. */
static int check_proc(struct diag *diag)
{
	struct statfs fs;

	if (statfs("/proc", &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return 0;
	diag_fault(diag, "cannot look at the host: '/proc' is not mounted");
	return -EINVAL;
}

int host_probe(struct arena *arena, const struct host_query *query, struct diag *diag,
	       struct host *ret_host)
{
	struct host host = {
		.is_root = geteuid() == 0,
		.dbus_proxy = CLAUDE_SANDBOX_DBUS_PROXY,
	};
	struct utsname names;
	int r = check_proc(diag);

	r = r ?: user_identify(arena, query->environment, query->user, diag, &host.caller);
	if (r < 0)
		return r;
	host.environment = caller_environment_read(
		arena, query->environment, environment_get(query->environment, "SUDO_UID") != NULL);
	for (int fd = 0; fd <= 2; fd++) {
		host.is_terminal[fd] = isatty(fd) == 1;
		host.is_directory[fd] = is_directory(fd);
	}
	host_limits_read(&host.limits);
	host.node_name = uname(&names) == 0 ? arena_strdup(arena, names.nodename) : "";
	host.has_landlock_scopes = landlock_version() >= LANDLOCK_ABI_SCOPES;
	r = make_machine_id(arena, &host.machine_id);
	if (r < 0)
		return r;
	r = host_survey(arena, query, &host);
	if (r < 0)
		return r;
	*ret_host = host;
	return 0;
}
