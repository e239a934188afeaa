/* What a program inside tries against the world outside. An attack is a function that does its
 * worst and says how it went; it runs in a process of its own, so that it may leave that in any
 * state. All of them are harmless where they succeed: a file is opened and not written, a setting
 * is set to what it was, and what is changed is a canary of the test's. */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>

enum outcome {
	OUTCOME_HELD,
	OUTCOME_ESCAPED,
	OUTCOME_NOT_APPLICABLE, /* this machine, or this world, has nothing to attack */
	OUTCOME_BROKEN,		/* the attack itself could not be made: a fault of the test */
};

struct verdict {
	enum outcome outcome;
	int error; /* the errno that held it; 0 when there is none */
	char detail[200];
};

/* Where the defences are missing, and it must therefore succeed. */
enum control {
	CONTROL_ROOT,	/* root, who has dropped nothing */
	CONTROL_USER,	/* the caller, with everything inherited */
	CONTROL_CHROOT, /* root in a chroot */
};

struct attack {
	const char *name;
	enum control control;
	/* What stops it inside: "" for the namespaces, mounts and ids that every start has. */
	const char *defence;
	const char *tries;
	struct verdict (*run)(void);
};

struct attack_class {
	const char *name;
	const struct attack *attacks; /* up to one without a name */
};

extern const struct attack terminal_attacks[], process_attacks[], init_attacks[],
	descriptor_attacks[], file_attacks[], kernel_file_attacks[], mount_attacks[],
	credential_attacks[], key_attacks[], namespace_attacks[], ipc_attacks[], call_attacks[],
	socket_attacks[], resource_attacks[], launcher_attacks[];

struct verdict held(const char *format, ...) __attribute__((format(printf, 1, 2)));
struct verdict escaped(const char *format, ...) __attribute__((format(printf, 1, 2)));
struct verdict not_applicable(const char *format, ...) __attribute__((format(printf, 1, 2)));
struct verdict broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Of a call: escaped when it is not negative, else held by errno. */
struct verdict of_call(long result, const char *what);

/* Held by the given errno. */
struct verdict held_by(int error);

/* --- tools.c: what more than one class uses --- */

/* Whether the file can be opened; it is closed again. */
struct verdict try_open(const char *path, int flags);

/* The first of the paths, up to NULL, that can be opened; those that do not exist, or that are
 * covered with the null device, do not count. */
struct verdict try_open_any(const char *const *paths, int flags);

/* Whether the file begins with the canary's secret. */
struct verdict try_read_secret(const char *path);

bool has_secret(const char *bytes, size_t length);

/* Writes the text to the file that must exist; false with errno. */
bool write_text(const char *path, const char *text);

/* Connected to a listener: a path, or "@" and the rest of an abstract name. -1 with errno. */
int connect_socket(const char *name);

/* Becomes root of a new user namespace, with the other namespaces of `flags`; false with errno. */
bool enter_user_namespace(int flags);

/* Calls `look` for each process in /proc but our own and our ancestors, until it returns true. */
bool each_other_process(bool (*look)(long pid, void *data), void *data);

/* What is open in us from the start, beyond the standard streams: noted once, before anything else.
 */
void inherited_note(void);
size_t inherited_count(void);
int inherited_descriptor(size_t index);

/* With room for the longest. */
union handle_space {
	struct file_handle handle;
	char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
};

/* Whether our effective set has it, by number. */
bool has_capability(int number);
