/* claude-sandbox-init: PID 1 of a sandbox
 *
 *	claude-sandbox-init POLICY SCOPES UID GID [GROUP...]
 *
 * Theory of operation. The launcher's setup child, which has built the root and cut the
 *capabilities, becomes this program by executing it from a sealed memory file, with an empty
 *environment and the control socket (control.h) as descriptor 3. It drops what it has left for
 *good, proves that, and only then listens. Whatever is asked for afterwards is forked from here, so
 *each process inside has exactly this process's ids, limits and restrictions by inheritance.
 *
 * Of the world outside it keeps one thing, the control socket, and its life hangs on it: it dies
 *with the supervisor by the parent-death signal, and by end of file on the socket. The kernel then
 *kills the whole PID namespace. Within the namespace signals do not harm it, because they are
 *blocked and it is PID 1; its memory is closed to the payload although both run as the same user,
 *because it is not dumpable.
 *
 * It allocates nothing, and reads nothing of the payload's arguments and environment: the forked
 *child does. That it is small and static is part of the design, since it stays as long as the
 *sandbox. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/control.h"
#include "init/identity.h"
#include "init/landlock.h"
#include "init/message.h"
#include "init/policy.h"
#include "init/privileges.h"
#include "init/reaper.h"

/* Empty already when the launcher starts us. If not, /proc/1/environ would show the strings. */
static void environment_wipe(void)
{
	if (!environ)
		return;
	for (char **variable = environ; *variable; variable++)
		memset(*variable, 0, strlen(*variable));
	environ[0] = NULL;
}

/* What the words of the command line ask for. */
struct command_line {
	enum policy policy;
	bool is_scoped;
	struct identity identity;
};

static int arguments_read(int argc, char **argv, struct command_line *ret_line)
{
	const char *const *words = (const char *const *)argv;
	int r = argc < 3 ? -EINVAL : policy_parse(words[1], &ret_line->policy);

	if (r < 0)
		return message_error(-r, "use the policy of the command line");
	ret_line->is_scoped = strcmp(words[2], CONTROL_SCOPED) == 0;
	if (!ret_line->is_scoped && strcmp(words[2], CONTROL_UNSCOPED) != 0)
		return message_error(EINVAL, "use the scopes of the command line");
	r = identity_parse(words + 3, (size_t)argc - 3, &ret_line->identity);
	return r < 0 ? message_error(-r, "use the ids of the command line") : 0;
}

/* Before anything is opened, which could otherwise take the control socket's place. */
static int descriptors_settle(void)
{
	int type = 0;
	socklen_t size = sizeof(type);

	if (getsockopt(CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return message_error(errno, "use the control socket");
	if (type != SOCK_SEQPACKET)
		return message_error(EPROTOTYPE, "use the control socket");
	if (syscall(SYS_close_range, CONTROL_FD + 1, UINT_MAX, 0) < 0)
		return message_error(errno, "close descriptors");
	return 0;
}

/* A session of our own, to which the payload's terminal will belong. */
static int session_create(void)
{
	if (setsid() < 0 && getsid(0) != getpid())
		return message_error(errno, "create a session");
	if (prctl(PR_SET_NAME, "sandbox-init", 0, 0, 0) < 0)
		return message_error(errno, "set the process's name");
	return 0;
}

/* privileges_drop() has asked for the parent-death signal. If the supervisor died before, it will
 * never come, and getppid() is 0 here in any case: but then the socket has hung up. */
static int lifetime_check(void)
{
	struct pollfd control = { .fd = CONTROL_FD };
	int number = 0;

	if (prctl(PR_GET_PDEATHSIG, &number, 0, 0, 0) < 0 || number != SIGKILL)
		return message_error(EPROTO, "ask for the parent-death signal");
	if (poll(&control, 1, 0) < 0)
		return message_error(errno, "watch the control socket");
	/* Quietly: whoever would read it was told by the supervisor, or has killed it. */
	return control.revents ? -EPIPE : 0;
}

int main(int argc, char **argv)
{
	struct command_line line = { .policy = POLICY_DEFAULT };
	struct reaper reaper = { 0 };
	int r = 0;

	environment_wipe();
	r = r ?: arguments_read(argc, argv, &line);
	r = r ?: descriptors_settle();
	r = r ?: session_create();
	r = r ?: reaper_open(&reaper, CONTROL_FD);
	r = r ?: privileges_drop(&line.identity);
	r = r ?: lifetime_check();
	r = r ?: (line.is_scoped ? landlock_scope() : 0);
	r = r ?: policy_load(line.policy);
	r = r ?: policy_verify(line.policy);
	r = r ?: privileges_verify(&line.identity);
	_exit(r < 0 ? CONTROL_EXIT_FAILURE : reaper_run(&reaper));
}
