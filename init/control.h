/* The wire between the supervisor (outside) and PID 1 (inside).
 *
 * One SOCK_SEQPACKET pair, one fixed-size message per packet, descriptors by SCM_RIGHTS. It is the
 * only thing runtime/ and init/ share. In order of appearance:
 *
 *	setup child → supervisor   READY     the root is built; with it, in this order, the home
 *	                                     inside, if answers are kept of it, and the master of a
 *	                                     PTY made in the sandbox's devpts, if there is one
 *	supervisor → setup child   GO        the gate: become PID 1 proper
 *	supervisor → init          SPAWN     start the payload; fds in the order of enum
 *control_spawn_fd init → supervisor          STOPPED   the payload was stopped by signal `value`
 *	supervisor → init          CONTINUE  make the payload the foreground again and continue it
 *	supervisor → init          SIGNAL    send signal `value` to the payload
 *
 * The payload's end is not a message: it is PID 1's exit status. Either side treats end of file as
 * the death of the other, so no packet is empty. STOPPED may come several times for one stop, and
 * under a flood of stops may be lost. */
#pragma once

#include <stdint.h>

/* The first word of PID 1's command line: which policy its system call filter follows. */
#define CONTROL_POLICY_DEFAULT "default"
#define CONTROL_POLICY_NO_USERNS "no-userns"
#define CONTROL_POLICY_NESTED "nested"

/* The second: whether the kernel is to keep abstract sockets and signals inside (landlock.h). */
#define CONTROL_SCOPED "scoped"
#define CONTROL_UNSCOPED "unscoped"

/* The number the control socket has in PID 1; every other descriptor is closed there. */
#define CONTROL_FD 3

enum control_type {
	CONTROL_READY = 1,
	CONTROL_GO,
	CONTROL_SPAWN,
	CONTROL_STOPPED,
	CONTROL_CONTINUE,
	CONTROL_SIGNAL,
};

/* TTY comes only when the payload has a terminal: the slave that becomes the session's controlling
 * terminal (and which is then also among the first three). */
enum control_spawn_fd {
	CONTROL_SPAWN_REQUEST,
	CONTROL_SPAWN_STDIN,
	CONTROL_SPAWN_STDOUT,
	CONTROL_SPAWN_STDERR,
	CONTROL_SPAWN_TTY,
	CONTROL_SPAWN_FDS_MAX,
};

struct control_message {
	uint32_t type;
	int32_t value;
};

/* The content of the REQUEST descriptor, a sealed memfd: this header, then NUL-terminated strings:
 * the working directory, `argument_count` arguments, `environment_count` variables (NAME=VALUE).
 * The first argument is also the program: it is looked up in the request's PATH unless it holds a
 * slash. A memfd, because arguments may be longer than a packet, and so that the environment never
 * enters PID 1's memory: only the forked child reads it. */
struct control_request {
	uint32_t version;
	uint32_t argument_count;
	uint32_t environment_count;
};

#define CONTROL_REQUEST_VERSION 1u

/* Exit statuses of PID 1 besides the payload's own (128+N: killed by signal N). */
enum control_exit {
	CONTROL_EXIT_FAILURE = 125,
	CONTROL_EXIT_NOT_EXECUTABLE = 126,
	CONTROL_EXIT_NOT_FOUND = 127,
};
