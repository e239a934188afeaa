/* The payload's directory, arguments and environment, as they came in the REQUEST descriptor
 * (control.h). Pure: nothing is allocated or copied; the strings stay in `data`, which must outlive
 * the request. Only the forked child reads a request, never PID 1 itself. */
#pragma once

#include <stddef.h>

struct request {
	const char *directory;
	char *strings; /* the arguments, then the environment: consecutive NUL-terminated strings */
	size_t argument_count;
	size_t environment_count;
};

/* The two arrays that execve() takes, each ended by NULL, in memory of the caller. */
struct request_vectors {
	char **arguments;
	char **environment;
};

/* Checks everything, reads nothing outside `data` and leaves *ret_request alone on failure.
 * -EPROTO: another version; -EINVAL: shorter or longer than its counts say, no program, the
 * directory not absolute, or a variable without a name or a `=`. */
int request_parse(char *data, size_t size, struct request *ret_request);

/* How many pointers request_fill() needs; bounded by the size of the request's data. */
size_t request_pointer_count(const struct request *request);

/* Fills `pointers`, of request_pointer_count() elements. */
void request_fill(const struct request *request, char **pointers,
		  struct request_vectors *ret_vectors);
