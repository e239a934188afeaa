/* Theory of operation.
 *
 * The supervisor stays outside, as root, and opens no file of the sandbox. It starts the setup
 * child, in new namespaces, which becomes PID 1; the source helper, which opens the host's files as
 * the caller and ends; and where there are buses their proxy, without which the sandbox goes on. It
 * holds the control socket, whose end is the end of the sandbox, and a pidfd of PID 1. In its loop
 * it moves bytes between two terminals, passes signals on, and waits. All that the sandbox is dies
 * with PID 1; the supervisor only has to make sure that PID 1 dies, and to give the terminal back.
 */
#include "runtime/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/control.h"
#include "runtime/bus_proxy.h"
#include "runtime/console.h"
#include "runtime/keeper.h"
#include "runtime/launch.h"
#include "runtime/registry.h"
#include "runtime/setup_child.h"
#include "runtime/spawn.h"
#include "runtime/store_hold.h"

/* How long a payload that was asked to end may take before it is killed. */
#define GRACE_MILLISECONDS 3000

struct supervisor {
	const struct plan *plan;
	const bool *is_terminal;
	int signal_fd;
	int control_fd;
	int pid_fd; /* of PID 1 */
	pid_t child;
	pid_t helper;
	struct bus_proxy bus_proxy;
	struct console console;
	int64_t deadline; /* CLOCK_MONOTONIC milliseconds, or -1: when PID 1 is killed */
	bool is_running;
	bool is_hung_up;  /* the caller's terminal is gone, and the payload knows */
	bool is_overdue;  /* the deadline is over, PID 1 was killed */
	bool is_bus_lost; /* its proxy has ended, and nobody had asked for an end */
	int killed_by;	  /* the signal that ended PID 1, which is never the payload's; or 0 */
	int interrupted;  /* the signal that ended the set-up, or 0 */
	int status;	  /* once nothing runs: for the caller */
};

/* Every signal that would end us unawares, with the terminal raw, is watched for: it is passed on,
 * also while the sandbox is being made. What stops a job stops us as it does others; a broken pipe
 * and a file that is too long are errors of write(2). For the rest of the program's life: a signal
 * that comes at the very end must not take the status, or what is still to be undone, away. */
static int signals_open(struct supervisor *supervisor)
{
	static const int unwatched[] = { SIGPIPE, SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU,
					 SIGCONT, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,
					 SIGTRAP, SIGABRT, SIGSYS,  SIGURG };
	sigset_t mask;

	(void)sigfillset(&mask);
	for (size_t i = 0; i < ARRAY_LENGTH(unwatched); i++)
		(void)sigdelset(&mask, unwatched[i]);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return log_error_errno(errno, "cannot set up signals");
	supervisor->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (supervisor->signal_fd < 0)
		return log_error_errno(errno, "cannot watch for signals");
	return 0;
}

static void kill_sandbox(const struct supervisor *supervisor)
{
	(void)syscall(SYS_pidfd_send_signal, supervisor->pid_fd, SIGKILL, NULL, 0U);
}

static int status_of(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? info->si_status : 128 + info->si_status;
}

/* Whether it failed or was killed is said by itself or by the setup child; what it was for may be
 * done by then. */
static void reap_helper(struct supervisor *supervisor)
{
	if (supervisor->helper > 0 && waitpid(supervisor->helper, NULL, WNOHANG) != 0)
		supervisor->helper = -1;
}

static void reap_bus_proxy(struct supervisor *supervisor)
{
	bool was_there = supervisor->bus_proxy.pid > 0;

	bus_proxy_reap(&supervisor->bus_proxy);
	if (was_there && supervisor->bus_proxy.pid < 0 && supervisor->deadline < 0)
		supervisor->is_bus_lost = true;
}

/* Looks whether PID 1 has ended, without waiting. */
static void reap(struct supervisor *supervisor)
{
	siginfo_t info = { 0 };

	reap_helper(supervisor);
	reap_bus_proxy(supervisor);
	if (!supervisor->is_running ||
	    waitid(P_PIDFD, (id_t)supervisor->pid_fd, &info, WEXITED | WNOHANG) < 0 ||
	    info.si_pid == 0)
		return;
	supervisor->is_running = false;
	supervisor->killed_by = info.si_code == CLD_EXITED ? 0 : info.si_status;
	supervisor->status =
		supervisor->interrupted ? 128 + supervisor->interrupted : status_of(&info);
}

static void send_control(const struct supervisor *supervisor, enum control_type type, int value)
{
	struct control_message message = { .type = type, .value = value };

	/* Fails when PID 1 has ended, which SIGCHLD tells, or when it is stopped and has far too
	 * many messages to read already: it must not stop us as well. */
	(void)fd_send_now(supervisor->control_fd, &message, sizeof(message));
}

/* Before the payload runs there is nobody to pass a signal to. */
static void handle_signal(struct supervisor *supervisor, int number, bool has_payload)
{
	switch (number) {
	case SIGCHLD:
		break;
	case SIGWINCH:
		if (supervisor->console.master_fd >= 0)
			console_resize(&supervisor->console);
		break;
	default:
		/* Has been dealt with when the terminal itself said so. */
		if (number == SIGHUP && supervisor->is_hung_up)
			break;
		if (!has_payload) {
			kill_sandbox(supervisor);
			supervisor->interrupted = number;
			break;
		}
		send_control(supervisor, CONTROL_SIGNAL, number);
		if (number == SIGUSR1 || number == SIGUSR2)
			break;
		if (supervisor->deadline < 0)
			supervisor->deadline = clock_milliseconds() + GRACE_MILLISECONDS;
	}
}

static void handle_signals(struct supervisor *supervisor, bool has_payload)
{
	struct signalfd_siginfo info;

	while (read(supervisor->signal_fd, &info, sizeof(info)) == sizeof(info))
		handle_signal(supervisor, (int)info.ssi_signo, has_payload);
	reap(supervisor);
}

/* What comes with READY, each if the plan has it. */
struct ready_fds {
	int home_fd, terminal_fd;
};

static bool take_ready(struct supervisor *supervisor, struct ready_fds *ret_fds)
{
	const struct plan *plan = supervisor->plan;
	struct control_message message;
	size_t count = 0, taken = 0;
	int fds[2];
	ssize_t n = fd_receive(supervisor->control_fd, &message, sizeof(message), fds, 2, &count);

	if (n != sizeof(message) || message.type != CONTROL_READY)
		return false;
	if (plan->answers.path && taken < count)
		ret_fds->home_fd = fds[taken++];
	if (plan->has_terminal && taken < count)
		ret_fds->terminal_fd = fds[taken++];
	return true;
}

/* Waits until the root is built, and the buses are served or given up. Returns 1 when it is, 0 when
 * the sandbox has ended instead. */
static int wait_for_ready(struct supervisor *supervisor, struct ready_fds *ret_fds)
{
	struct bus_proxy *proxy = &supervisor->bus_proxy;
	struct pollfd polls[] = {
		{ .fd = supervisor->control_fd, .events = POLLIN },
		{ .fd = supervisor->signal_fd, .events = POLLIN },
		{ .events = POLLIN },
	};
	bool is_built = false;

	/* One that is being killed is not started. */
	while (supervisor->is_running &&
	       (!is_built || bus_proxy_is_awaited(proxy) || supervisor->interrupted)) {
		polls[2].fd = bus_proxy_is_awaited(proxy) ? proxy->ready_fd : -1;
		if (poll(polls, 3, bus_proxy_timeout(proxy)) < 0 && errno != EINTR) {
			(void)log_error_errno(errno, "cannot wait for the sandbox");
			kill_sandbox(supervisor);
			return 0;
		}
		if (polls[0].revents & POLLIN)
			is_built = take_ready(supervisor, ret_fds);
		/* A socket that hung up stays ready; the end itself is told by SIGCHLD. */
		if (polls[0].revents)
			polls[0].fd = -1;
		bus_proxy_listen(proxy);
		if (polls[1].revents)
			handle_signals(supervisor, false);
	}
	return supervisor->is_running;
}

/* The root is built: whether it will do without the buses. */
static int check_buses(struct supervisor *supervisor)
{
	const struct bus_list *buses = &supervisor->plan->buses;
	bool is_wished = false;

	if (buses->count == 0 || supervisor->bus_proxy.is_listening)
		return 0;
	supervisor->is_bus_lost = false;
	for (size_t i = 0; i < buses->count; i++)
		is_wished = is_wished || buses->items[i].is_wished;
	if (is_wished) {
		log_error("cannot forward '%s': the bus proxy does not start",
			  buses->items[0].name);
		return -EIO;
	}
	log_warning("cannot forward '%s': the bus proxy does not start, continuing",
		    buses->items[0].name);
	return 0;
}

/* Opens the gate and starts the payload. */
static int start_payload(struct supervisor *supervisor, int terminal_fd)
{
	if (terminal_fd >= 0) {
		int r = console_open(&supervisor->console, terminal_fd, supervisor->is_terminal,
				     supervisor->plan->caller->uid);

		if (r < 0)
			return r;
		console_enter(&supervisor->console);
	}
	send_control(supervisor, CONTROL_GO, 0);
	return spawn_payload(supervisor->plan, supervisor->control_fd, supervisor->is_terminal,
			     supervisor->console.slave_fd);
}

/* Stops that were reported meanwhile are this one, or over. */
static void forget_stops(const struct supervisor *supervisor)
{
	struct control_message message;

	while (recv(supervisor->control_fd, &message, sizeof(message), MSG_DONTWAIT) > 0)
		;
}

/* The payload was stopped by its terminal: give ours back and stop as well, the whole job, so that
 * the shell takes over; when it continues us, go on. An orphaned job is not stopped by SIGTSTP, and
 * goes on at once. Without a terminal a stopped payload is somebody's wish, and stays. */
static void suspend(struct supervisor *supervisor)
{
	struct console *console = &supervisor->console;

	if (console->master_fd < 0)
		return;
	(void)console_pump(console);
	console_leave(console);
	(void)kill(0, SIGTSTP);
	console_enter(console);
	forget_stops(supervisor);
	send_control(supervisor, CONTROL_CONTINUE, 0);
}

static void handle_control(struct supervisor *supervisor)
{
	struct control_message message;
	size_t fd_count;
	ssize_t n =
		fd_receive(supervisor->control_fd, &message, sizeof(message), NULL, 0, &fd_count);

	if (n <= 0) {
		/* PID 1 is ending: SIGCHLD follows. */
		cleanup_close(&supervisor->control_fd);
		supervisor->control_fd = -1;
		return;
	}
	if (n == sizeof(message) && message.type == CONTROL_STOPPED)
		suspend(supervisor);
}

/* SIGHUP comes only to the session whose terminal it is. Whoever has given us another one, and
 * taken it away, means the same. */
static void notice_hang_up(struct supervisor *supervisor, const struct pollfd *input)
{
	if (supervisor->deadline >= 0 || input->fd < 0 || !(input->revents & POLLHUP))
		return;
	handle_signal(supervisor, SIGHUP, true);
	supervisor->is_hung_up = true;
}

static int poll_timeout(const struct supervisor *supervisor)
{
	int64_t left;

	if (supervisor->deadline < 0)
		return -1;
	left = supervisor->deadline - clock_milliseconds();
	return left > 0 ? (int)left : 0;
}

/* Until PID 1 has ended. */
static void run_loop(struct supervisor *supervisor)
{
	enum {
		POLL_SIGNAL,
		POLL_CONTROL,
		POLL_CONSOLE,
		POLL_COUNT = POLL_CONSOLE + CONSOLE_POLL_COUNT
	};
	struct console *console = &supervisor->console;

	while (supervisor->is_running) {
		struct pollfd polls[POLL_COUNT] = {
			[POLL_SIGNAL] = { .fd = supervisor->signal_fd, .events = POLLIN },
			[POLL_CONTROL] = { .fd = supervisor->control_fd, .events = POLLIN },
		};

		console_poll(console, &polls[POLL_CONSOLE]);
		(void)poll(polls, POLL_COUNT, poll_timeout(supervisor));
		if (console->master_fd >= 0)
			(void)console_pump(console);
		if (polls[POLL_CONTROL].revents)
			handle_control(supervisor);
		if (polls[POLL_SIGNAL].revents)
			handle_signals(supervisor, true);
		notice_hang_up(supervisor, &polls[POLL_CONSOLE + CONSOLE_POLL_INPUT]);
		if (poll_timeout(supervisor) == 0) {
			kill_sandbox(supervisor);
			supervisor->is_overdue = true;
			supervisor->deadline = -1;
		}
	}
}

/* Waits for PID 1, and with it for everything inside. */
static void bury(struct supervisor *supervisor)
{
	if (supervisor->child > 0 && supervisor->is_running) {
		siginfo_t info = { 0 };

		kill_sandbox(supervisor);
		while (waitid(P_PIDFD, (id_t)supervisor->pid_fd, &info, WEXITED) < 0 &&
		       errno == EINTR)
			;
		supervisor->is_running = false;
	}
	/* The caller may have stopped it, or a file system of theirs may hold it up. */
	if (supervisor->helper > 0) {
		(void)kill(supervisor->helper, SIGKILL);
		(void)waitpid(supervisor->helper, NULL, 0);
	}
}

static void supervisor_finish(struct supervisor *supervisor)
{
	bury(supervisor);
	bus_proxy_finish(&supervisor->bus_proxy);
	console_finish(&supervisor->console);
	cleanup_close(&supervisor->signal_fd);
	cleanup_close(&supervisor->control_fd);
	cleanup_close(&supervisor->pid_fd);
}

static int start(struct supervisor *supervisor)
{
	struct launch launch = LAUNCH_EMPTY;
	int r = launch_run(supervisor->plan, &launch);

	supervisor->child = launch.child;
	supervisor->helper = launch.helper;
	supervisor->pid_fd = launch.pid_fd;
	supervisor->control_fd = launch.control_fd;
	supervisor->is_running = launch.child > 0;
	if (launch.bus_proxy > 0)
		bus_proxy_start(&supervisor->bus_proxy, launch.bus_proxy, launch.bus_ready_fd);
	return r;
}

/* The set-up has failed and said why, or a signal ended it: ours, passed on, or somebody's. */
static int status_without_payload(const struct supervisor *supervisor)
{
	if (supervisor->interrupted == 0 && supervisor->killed_by > 0)
		log_error("cannot make the sandbox: the set-up was ended by signal %d",
			  supervisor->killed_by);
	return supervisor->interrupted ? supervisor->status : CONTROL_EXIT_FAILURE;
}

/* PID 1 ends by a signal only when we, the caller, root or the kernel out of memory kill it:
 * without a word the payload would seem to have been killed. */
static int status_with_payload(const struct supervisor *supervisor)
{
	if (supervisor->killed_by > 0 && !supervisor->is_overdue)
		log_error("cannot go on: the sandbox's first process was ended by signal %d",
			  supervisor->killed_by);
	/* Not when it happens, in the middle of a program's screen. */
	if (supervisor->is_bus_lost)
		log_warning("the bus proxy has ended before the sandbox, continuing");
	return supervisor->status;
}

int supervise(const struct plan *plan, const bool is_terminal[static 3])
{
	/* Left last: until then something of the sandbox may still be there. */
	CLEANUP(registry_finish) struct registry registry = REGISTRY_EMPTY;
	CLEANUP(store_hold_finish) struct store_hold hold = STORE_HOLD_EMPTY;
	CLEANUP(supervisor_finish)
	struct supervisor supervisor = {
		.plan = plan,
		.is_terminal = is_terminal,
		.signal_fd = -1,
		.control_fd = -1,
		.pid_fd = -1,
		.child = -1,
		.helper = -1,
		.bus_proxy = BUS_PROXY_EMPTY,
		.console = CONSOLE_EMPTY,
		.deadline = -1,
	};
	CLEANUP(keeper_finish) struct keeper keeper = KEEPER_EMPTY;
	struct ready_fds fds = { -1, -1 };
	int r = 0;

	r = r ?: registry_open(&registry, RUN_DIRECTORY);
	r = r ?: signals_open(&supervisor);
	r = r ?: registry_enter(&registry, plan->id);
	r = r ?: store_hold_start(plan, &hold);
	r = r ?: start(&supervisor);
	if (r < 0)
		return CONTROL_EXIT_FAILURE;
	if (wait_for_ready(&supervisor, &fds) == 0)
		return status_without_payload(&supervisor);
	keeper_begin(&keeper, &plan->answers, plan->caller, fds.home_fd);
	if (check_buses(&supervisor) < 0 || start_payload(&supervisor, fds.terminal_fd) < 0)
		return CONTROL_EXIT_FAILURE;
	/* While the payload starts. */
	registry_sweep(&registry);
	run_loop(&supervisor);
	console_drain(&supervisor.console, supervisor.signal_fd);
	console_finish(&supervisor.console);
	keeper_end(&keeper);
	return status_with_payload(&supervisor);
}
