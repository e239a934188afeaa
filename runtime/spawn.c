#include "runtime/spawn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "init/control.h"

static void put_string(FILE *stream, const char *string)
{
	(void)fwrite(string, 1, strlen(string) + 1, stream);
}

static void put_request(FILE *stream, const struct plan *plan)
{
	struct control_request header = {
		.version = CONTROL_REQUEST_VERSION,
		.argument_count = (uint32_t)plan->argument_count,
		.environment_count = (uint32_t)plan->env.count,
	};

	(void)fwrite(&header, sizeof(header), 1, stream);
	put_string(stream, plan->directory);
	for (size_t i = 0; i < plan->argument_count; i++)
		put_string(stream, plan->arguments[i]);
	for (size_t i = 0; i < plan->env.count; i++) {
		(void)fputs(plan->env.entries[i].name, stream);
		(void)fputc('=', stream);
		put_string(stream, plan->env.entries[i].value);
	}
}

int spawn_request_create(const struct plan *plan)
{
	AUTO_FREE char *data = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&data, &length);

	if (!stream)
		return -errno;
	put_request(stream, plan);
	if (fclose(stream) != 0)
		return -ENOMEM;
	return fd_sealed_memory("request", FD_MEMORY_DATA, data, length);
}
