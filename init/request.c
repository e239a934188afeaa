#include "init/request.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "init/control.h"

/* What of the data has not been read yet. */
struct rest {
	char *data;
	size_t size;
};

/* Takes one string off the front, or returns NULL when there is no terminated one. */
static char *rest_take(struct rest *rest)
{
	char *string = rest->data;
	char *end = rest->size > 0 ? memchr(string, '\0', rest->size) : NULL;

	if (!end)
		return NULL;
	rest->size -= (size_t)(end + 1 - string);
	rest->data = end + 1;
	return string;
}

static bool is_variable(const char *string)
{
	const char *equals = strchr(string, '=');

	return equals && equals != string;
}

int request_parse(char *data, size_t size, struct request *ret_request)
{
	struct control_request header;
	struct request request;
	struct rest rest;

	if (size < sizeof(header))
		return -EINVAL;
	memcpy(&header, data, sizeof(header));
	if (header.version != CONTROL_REQUEST_VERSION)
		return -EPROTO;
	if (header.argument_count == 0)
		return -EINVAL;

	rest = (struct rest) { .data = data + sizeof(header), .size = size - sizeof(header) };
	request.directory = rest_take(&rest);
	if (!request.directory || request.directory[0] != '/')
		return -EINVAL;
	request.strings = rest.data;
	request.argument_count = header.argument_count;
	request.environment_count = header.environment_count;

	/* Each string takes at least one byte, so false counts end the loops early. */
	for (size_t i = 0; i < request.argument_count; i++) {
		if (!rest_take(&rest))
			return -EINVAL;
	}
	for (size_t i = 0; i < request.environment_count; i++) {
		const char *variable = rest_take(&rest);

		if (!variable || !is_variable(variable))
			return -EINVAL;
	}
	if (rest.size != 0)
		return -EINVAL;
	*ret_request = request;
	return 0;
}

size_t request_pointer_count(const struct request *request)
{
	return request->argument_count + 1 + request->environment_count + 1;
}

static char *vector_fill(char **vector, size_t count, char *string)
{
	for (size_t i = 0; i < count; i++) {
		vector[i] = string;
		string += strlen(string) + 1;
	}
	vector[count] = NULL;
	return string;
}

void request_fill(const struct request *request, char **pointers,
		  struct request_vectors *ret_vectors)
{
	char *string = request->strings;

	ret_vectors->arguments = pointers;
	ret_vectors->environment = pointers + request->argument_count + 1;
	string = vector_fill(ret_vectors->arguments, request->argument_count, string);
	(void)vector_fill(ret_vectors->environment, request->environment_count, string);
}
