#include "init/landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/message.h"

/* linux/landlock.h; headers of many distributions are older than the scopes. */
#define NUMBER_CREATE_RULESET 444
#define NUMBER_RESTRICT_SELF 446
#define SCOPE_ABSTRACT_UNIX_SOCKET (1u << 0)
#define SCOPE_SIGNAL (1u << 1)

struct ruleset_attributes {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

int landlock_scope(void)
{
	const struct ruleset_attributes attributes = {
		.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL,
	};
	long fd = syscall(NUMBER_CREATE_RULESET, &attributes, sizeof(attributes), 0), r;
	int error;

	if (fd < 0)
		return message_error(errno, "make the Landlock ruleset");
	r = syscall(NUMBER_RESTRICT_SELF, (int)fd, 0);
	error = errno;
	(void)close((int)fd);
	return r < 0 ? message_error(error, "enter the Landlock domain") : 0;
}
