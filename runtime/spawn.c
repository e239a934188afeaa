#include "runtime/spawn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
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

/* A sealed memory file, or -errno. */
static int create_request(const struct plan *plan)
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

int spawn_payload(const struct plan *plan, int control_fd, const bool is_terminal[static 3],
		  int slave_fd)
{
	struct control_message message = { .type = CONTROL_SPAWN };
	AUTO_CLOSE int request_fd = create_request(plan);
	int fds[CONTROL_SPAWN_FDS_MAX] = { [CONTROL_SPAWN_REQUEST] = request_fd };
	int r;

	if (request_fd < 0)
		return log_error_errno(request_fd, "cannot make the payload's request");
	for (int i = 0; i <= 2; i++)
		fds[CONTROL_SPAWN_STDIN + i] = is_terminal[i] ? slave_fd : i;
	fds[CONTROL_SPAWN_TTY] = slave_fd;
	r = fd_send(control_fd, &message, sizeof(message), fds,
		    slave_fd >= 0 ? CONTROL_SPAWN_FDS_MAX : CONTROL_SPAWN_TTY);
	if (r < 0)
		return log_error_errno(r, "cannot start the payload");
	return 0;
}
