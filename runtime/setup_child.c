/* Theory of operation.
 *
 * The setup child is root in new PID, mount, IPC, UTS and, if asked for, network namespaces, and
 * the first process of its PID namespace: when it dies, everything inside dies. It builds the whole
 * file tree while the host's is still its root, on a tmpfs of its own; then it makes the new tree
 * its root and lets go of the host's. From the moment root_switch() has returned it must not
 * execute, load or look up anything by name, since every name now leads to the payload's files:
 * what it still needs, it holds as a descriptor.
 *
 * It waits at a gate until the supervisor has done what must be in place before the first process
 * inside; then it cuts its capabilities and executes init, which drops the rest. */
#include "runtime/setup_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "forward/seed_write.h"
#include "init/control.h"
#include "mounts/api_fs.h"
#include "mounts/mount_apply.h"
#include "mounts/mountinfo.h"
#include "runtime/capabilities.h"
#include "runtime/nested.h"

/* The state of one set-up. */
struct setup {
	const struct plan *plan;
	const struct setup_fds *fds;
	struct arena arena;
	struct workplace workplace;
	struct source_handle *sources;
	bool *absent;	 /* steps of the mount list without a target or a source */
	int terminal_fd; /* the master of the payload's terminal, or -1 */
	int home_fd;	 /* the directory that answers are kept of, or -1 */
};

/* A process that is killed closes its descriptors, the control socket first, before its children
 * are signalled. */
static bool is_supervised(const struct setup *setup)
{
	struct pollfd control = { .fd = setup->fds->control_fd };

	return poll(&control, 1, 0) == 0;
}

/* Before anything else: nothing may outlive the supervisor. A supervisor that died earlier has hung
 * up the socket; its pid says nothing here, getppid() is 0 in a PID namespace. */
static int die_with_supervisor(struct setup *setup)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return log_error_errno(errno, "cannot tie the sandbox to its supervisor");
	return is_supervised(setup) ? 0 : -EPIPE;
}

/* As early as can be: the proxy takes longer to start than we do for the rest. Without it the
 * sandbox is as good, so that nothing has to be said when it is not there any more. */
static int hand_out_buses(struct setup *setup)
{
	const struct caller *caller = setup->plan->caller;
	const char packet = 0;
	int r = workplace_make_buses(&setup->workplace, &setup->plan->mounts, caller->uid,
				     caller->gid);

	if (r == 0 && setup->fds->bus_fd >= 0 && setup->workplace.buses_fd >= 0)
		(void)fd_send(setup->fds->bus_fd, &packet, sizeof(packet),
			      &setup->workplace.buses_fd, 1);
	return r;
}

static int receive_sources(struct setup *setup)
{
	int r = source_list_receive(&setup->plan->sources, &setup->arena, setup->fds->sources_fd,
				    &setup->sources);

	if (r == -ECONNRESET && is_supervised(setup))
		log_error("cannot open what is shared: the helper was killed");
	return r;
}

static int cover_sources(struct setup *setup)
{
	setup->absent = arena_alloc(&setup->arena, setup->plan->mounts.count);
	return mount_list_cover_sources(&setup->plan->mounts, &setup->workplace, setup->sources,
					setup->absent);
}

static int make_skeleton(struct setup *setup)
{
	int r = mount_list_make_layer(&setup->plan->mounts, &setup->workplace);

	return r
		       ?: seed_list_write(&setup->plan->seeds, true, &setup->workplace.skeleton,
					  setup->sources);
}

static int mount_root(struct setup *setup)
{
	size_t system = setup->plan->system_source;

	return workplace_mount_root(&setup->workplace,
				    system == PLAN_NO_SOURCE ? NULL : &setup->sources[system],
				    setup->plan->overlay_options);
}

static int populate_root(struct setup *setup)
{
	int r = mount_list_apply(&setup->plan->mounts, &setup->workplace, setup->sources,
				 setup->absent);

	return r
		       ?: seed_list_write(&setup->plan->seeds, false, &setup->workplace.root,
					  setup->sources);
}

/* A new network namespace has a loopback interface that is down. */
static int network_up(struct setup *setup)
{
	AUTO_CLOSE int fd = -1;
	struct ifreq request = { .ifr_name = "lo" };

	if (!setup->plan->private_network)
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return log_error_errno(errno, "cannot look at the loopback interface");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return log_error_errno(errno, "cannot bring up the loopback interface");
	return 0;
}

static int hostname_set(struct setup *setup)
{
	const char *name = setup->plan->hostname;

	if (sethostname(name, strlen(name)) < 0)
		return log_error_errno(errno, "cannot set the host name '%s'", name);
	return 0;
}

/* From the sandbox's own devpts, so that the terminal has a name inside. */
static int terminal_open(struct setup *setup)
{
	AUTO_CLOSE int multiplexer_fd = -1;
	char path[64];
	int unlock = 0;

	if (!setup->plan->has_terminal)
		return 0;
	multiplexer_fd = tree_open(&setup->workplace.root, "/dev/pts/ptmx");
	if (multiplexer_fd < 0)
		return log_error_errno(multiplexer_fd, "cannot find the terminal multiplexer");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", multiplexer_fd);
	setup->terminal_fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (setup->terminal_fd < 0 || ioctl(setup->terminal_fd, TIOCSPTLCK, &unlock) < 0)
		return log_error_errno(errno, "cannot open a terminal");
	return 0;
}

/* For when all has ended: the supervisor then looks there for what has been answered. */
static int home_open(struct setup *setup)
{
	if (!setup->plan->answers.path)
		return 0;
	setup->home_fd = tree_open(&setup->workplace.root, setup->plan->caller->home);
	if (setup->home_fd < 0)
		return log_error_errno(setup->home_fd, "cannot open the home directory inside");
	return 0;
}

/* pivot_root(2) with both arguments "." stacks the old root on the new one, from where it is taken
 * off. Never chroot: a root that is not a mount forbids user namespaces inside. */
static int root_switch(struct setup *setup)
{
	if (fchdir(setup->workplace.root.root_fd) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return log_error_errno(errno, "cannot make the new root the root");
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return log_error_errno(errno, "cannot let go of the host's root");
	return 0;
}

/* The one that does not tell more than numbers of processes was not enough for this kernel. */
static int nested_proc_replace(struct setup *setup)
{
	int parent_fd = tree_parent(&setup->workplace.root, API_FS_NESTED_PROC);

	log_debug("the kernel does not count a procfs with subset=pid, mounting a whole one");
	if (parent_fd < 0)
		return parent_fd;
	if (fchdir(parent_fd) < 0 || umount2("proc", MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ||
	    mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ||
	    chdir("/") < 0)
		return -errno;
	return 0;
}

static int nested_verify(struct setup *setup)
{
	int r;

	if (!mount_list_find(&setup->plan->mounts, API_FS_NESTED_PROC))
		return 0;
	r = nested_try_proc();
	if (r == -EPERM)
		r = nested_proc_replace(setup) ?: nested_try_proc();
	if (r < 0) {
		log_error_errno(r, "cannot make room for a nested sandbox");
		if (r == -ENOSPC || r == -EUSERS)
			log_hint("see 'sysctl user.max_user_namespaces'");
	}
	return r;
}

/* The kernel's own text, whatever has been mounted: nothing but the sandbox's procfs is crossed,
 * and that it is one. */
static int mountinfo_open(void)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	AUTO_CLOSE int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;
	long fd;

	if (proc_fd < 0 || fstatfs(proc_fd, &fs) < 0)
		return -errno;
	if (fs.f_type != PROC_SUPER_MAGIC)
		return -EXDEV;
	fd = syscall(SYS_openat2, proc_fd, "self/mountinfo", &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

/* We are PID 1, and nobody else runs inside yet. */
static int mounts_verify(struct setup *setup)
{
	AUTO_CLOSE int fd = mountinfo_open();
	struct diag diag = { .arena = &setup->arena };
	size_t length = 0;
	char *text = NULL;
	int r = fd < 0 ? fd : fd_read_all(&setup->arena, fd, 64UL * 1024 * 1024, &text, &length);

	if (r < 0)
		return log_error_errno(r, "cannot read back the mounts");
	mountinfo_check(&setup->plan->mounts, setup->absent, text, &diag);
	for (size_t i = 0; i < diag.count; i++)
		log_error("%s", diag.entries[i].text);
	return diag_has_faults(&diag) ? -EIO : 0;
}

static int pass_gate(struct setup *setup)
{
	struct control_message ready = { .type = CONTROL_READY }, go;
	size_t fd_count = 0;
	int fds[2], r;

	if (setup->home_fd >= 0)
		fds[fd_count++] = setup->home_fd;
	if (setup->terminal_fd >= 0)
		fds[fd_count++] = setup->terminal_fd;
	r = fd_send(setup->fds->control_fd, &ready, sizeof(ready), fds, fd_count);

	if (r == 0) {
		ssize_t n = fd_receive(setup->fds->control_fd, &go, sizeof(go), NULL, 0, &fd_count);

		r = n == sizeof(go) && go.type == CONTROL_GO ? 0 : -EPIPE;
	}
	/* The supervisor went away or gave up, and has said why. */
	return r < 0 ? log_debug_errno(r, "the gate stays shut") : 0;
}

/* After the gate: by now the process is in the cgroup it is to see as its root. */
static int cgroup_forget(struct setup *setup)
{
	(void)setup;
	if (unshare(CLONE_NEWCGROUP) < 0)
		return log_error_errno(errno, "cannot make a cgroup namespace");
	return 0;
}

static int capabilities_drop(struct setup *setup)
{
	(void)setup;
	return capabilities_cut_to_init();
}

/* Only returns when it failed. The control socket is the one descriptor that init inherits beside
 * stderr; all others are close-on-exec. */
static int init_exec(struct setup *setup)
{
	const struct caller *caller = setup->plan->caller;
	const struct caller_groups *groups = &setup->plan->groups;
	char *environment[] = { NULL };
	char **arguments = arena_alloc(&setup->arena, (groups->count + 6) * sizeof(*arguments));
	size_t count = 0;

	/* Out of the way of the number that the control socket is to have. */
	int image_fd = fcntl(setup->fds->image_fd, F_DUPFD_CLOEXEC, CONTROL_FD + 1);
	int control_fd = fcntl(setup->fds->control_fd, F_DUPFD_CLOEXEC, CONTROL_FD + 1);

	arguments[count++] = (char *)"claude-sandbox-init";
	arguments[count++] = (char *)setup->plan->policy;
	arguments[count++] = (char *)(setup->plan->is_scoped ? CONTROL_SCOPED : CONTROL_UNSCOPED);
	arguments[count++] = arena_printf(&setup->arena, "%u", caller->uid);
	arguments[count++] = arena_printf(&setup->arena, "%u", caller->gid);
	for (size_t i = 0; i < groups->count; i++)
		arguments[count++] = arena_printf(&setup->arena, "%u", groups->items[i].gid);
	/* dup2 clears close-on-exec: this one is to survive. */
	if (image_fd < 0 || control_fd < 0 || dup2(control_fd, CONTROL_FD) < 0)
		return log_error_errno(errno, "cannot hand on the control socket");
	(void)syscall(SYS_execveat, image_fd, "", arguments, environment, AT_EMPTY_PATH);
	return log_error_errno(errno, "cannot execute init");
}

static int setup_run(struct setup *setup)
{
	int r = 0;

	r = r ?: die_with_supervisor(setup);
	r = r ?: mounts_detach_from_host();
	r = r ?: workplace_open(&setup->workplace, RUN_DIRECTORY);
	r = r ?: hand_out_buses(setup);
	r = r ?: receive_sources(setup);
	r = r ?: cover_sources(setup);
	r = r ?: make_skeleton(setup);
	r = r ?: mount_root(setup);
	r = r ?: populate_root(setup);
	r = r ?: network_up(setup);
	r = r ?: hostname_set(setup);
	r = r ?: terminal_open(setup);
	r = r ?: home_open(setup);
	r = r ?: root_switch(setup);
	r = r ?: nested_verify(setup);
	r = r ?: mounts_verify(setup);
	r = r ?: pass_gate(setup);
	r = r ?: cgroup_forget(setup);
	r = r ?: capabilities_drop(setup);
	return r ?: init_exec(setup);
}

_Noreturn void setup_child_main(const struct plan *plan, const struct setup_fds *fds)
{
	struct setup setup = {
		.plan = plan,
		.fds = fds,
		.workplace = WORKPLACE_EMPTY,
		.terminal_fd = -1,
		.home_fd = -1,
	};

	log_set_role("setup");
	/* Modes of what we make are exactly those of the plan; init sets the payload's mask. */
	(void)umask(0);
	(void)setup_run(&setup);
	_exit(CONTROL_EXIT_FAILURE);
}
