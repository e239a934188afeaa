/* Plays the supervisor to a PID 1 under test. Every function asserts, in the test's own process,
 * that what it does succeeds; a child never returns here. Every wait ends after
 * HARNESS_PATIENCE_MS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HARNESS_PATIENCE_MS 20000

struct harness {
	pid_t pid;	/* PID 1, or who stands for it */
	int control_fd; /* the supervisor's end */
	int output_fd;	/* the payload's stdout, or the master of its terminal */
	int error_fd;	/* a memory file: PID 1's stderr, and the payload's without a terminal */
	int stdout_fd;	/* the other end of output_fd, until the payload has it */
	bool has_terminal;
};

/* Arrays end with NULL; no environment means an empty one. */
struct harness_request {
	const char *directory; /* NULL: "/" */
	const char *const *arguments;
	const char *const *environment;
};

/* What PID 1 proper finds as its control socket. */
enum harness_control {
	HARNESS_CONTROL_PROPER,
	HARNESS_CONTROL_MISSING,
	HARNESS_CONTROL_HUNG_UP,
	HARNESS_CONTROL_FILE, /* something else than a socket */
	HARNESS_CONTROL_STREAM,
};

/* How PID 1 proper is started: uid 0 in a new PID and mount namespace, /proc mounted. */
struct harness_launch {
	const char *init_path;
	const char *const *words;	/* POLICY UID GID GROUP... */
	const char *const *environment; /* NULL: empty, as it should be */
	uint64_t capabilities;		/* what it holds (and inherits) */
	uint64_t bounding;		/* what is left in the bounding set */
	enum harness_control control;
	bool by_middleman; /* started by a process of its own: its parent */
};

/* Runs the reaper alone in a child that adopts orphans; `prepare` (or NULL) runs in it before. */
void harness_start_reaper(struct harness *harness, void (*prepare)(void));

/* Runs the program. Returns the pid of its parent when that is not this process, else 0. */
pid_t harness_start_init(struct harness *harness, const struct harness_launch *launch);

/* Before the spawn: the payload gets a pseudo-terminal without echo. */
void harness_use_terminal(struct harness *harness);

void harness_spawn(struct harness *harness, const struct harness_request *request);
/* The same with any bytes as the request. */
void harness_spawn_raw(struct harness *harness, const void *data, size_t size);
/* For tests whose payload is another user: makes the probe one that everybody can execute, also
 * when the build lies in a directory that is root's alone. Group setup and teardown of cmocka. */
int harness_publish_probe(void **state);
int harness_remove_probe(void **state);

/* The probe, with up to three words, in an empty environment. */
void harness_spawn_probe(struct harness *harness, const char *verb, const char *word);

void harness_send(struct harness *harness, uint32_t type, int32_t value);
/* Waits for STOPPED and returns the signal. */
int harness_await_stop(struct harness *harness);

/* Waits for exactly this line of output (a carriage return before the newline is dropped). */
void harness_expect_line(struct harness *harness, const char *expected);
void harness_type(struct harness *harness, const char *text);
/* Reads up to end of file; ended by a NUL, free() it. The descriptor is not usable afterwards. */
char *harness_read_output(struct harness *harness, size_t *ret_length);
/* All that went to stderr so far; free() it. */
char *harness_read_error(struct harness *harness);

/* Waits for the end and returns the exit status, or -N when signal N killed it. */
int harness_wait(struct harness *harness);

/* The end, with nothing left: kills what runs, closes all. */
void harness_finish(struct harness *harness);

/* Starts a payload, sends descriptors that nobody wants, expects that PID 1 has none but the null
 * device, the control socket and one to wait for signals. Finishes. */
void harness_check_descriptors(struct harness *harness);

/* Expects this exit status and finishes. */
void harness_check_status(struct harness *harness, int expected);
/* And that stderr is one line, which begins so: the texts of errno differ between C libraries. */
void harness_check_error(struct harness *harness, int expected, const char *beginning);
