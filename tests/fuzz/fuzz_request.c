/* The payload's request, as PID 1's child reads it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "init/control.h"
#include "init/request.h"
#include "tests/fuzz/fuzz.h"

struct bounds {
	const char *position; /* where the next string must begin */
	const char *end;
};

static void check_string(struct bounds *bounds, const char *string)
{
	fuzz_check(string == bounds->position && string < bounds->end);
	bounds->position += strnlen(string, (size_t)(bounds->end - string)) + 1;
	fuzz_check(bounds->position <= bounds->end);
}

/* Every string lies in the data, one after the other, and together they are all of it. */
static void check_request(const struct request *request, const char *data, size_t size)
{
	struct bounds bounds = { data + sizeof(struct control_request), data + size };
	size_t count = request_pointer_count(request);
	AUTO_FREE char **pointers = calloc(count, sizeof(*pointers));
	struct request_vectors vectors;

	fuzz_check(count <= size && pointers);
	request_fill(request, pointers, &vectors);
	fuzz_check(vectors.arguments == pointers);
	check_string(&bounds, request->directory);
	fuzz_check(request->directory[0] == '/' && request->argument_count > 0);
	for (size_t i = 0; i < request->argument_count; i++)
		check_string(&bounds, vectors.arguments[i]);
	for (size_t i = 0; i < request->environment_count; i++) {
		check_string(&bounds, vectors.environment[i]);
		fuzz_check(strchr(vectors.environment[i], '=') > vectors.environment[i]);
	}
	fuzz_check(bounds.position == bounds.end);
	fuzz_check(!vectors.arguments[request->argument_count]);
	fuzz_check(!vectors.environment[request->environment_count]);
	fuzz_check(&vectors.environment[request->environment_count] == &pointers[count - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *copy = malloc(size > 0 ? size : 1);
	struct request request = { .directory = "untouched" };
	int r;

	fuzz_check(copy);
	if (size > 0)
		memcpy(copy, data, size);
	r = request_parse(copy, size, &request);
	fuzz_check(size == 0 || memcmp(copy, data, size) == 0);
	if (r == 0) {
		check_request(&request, copy, size);
		return 0;
	}
	fuzz_check(r == -EPROTO || r == -EINVAL);
	fuzz_check(strcmp(request.directory, "untouched") == 0);
	return 0;
}
