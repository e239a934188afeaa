/* Objects and sockets outside, of the caller's and of a second sandbox of theirs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

static const char *attach(int segment, int flags)
{
	const char *memory = shmat(segment, NULL, flags);

	return (intptr_t)memory == -1 ? NULL : memory;
}

static struct verdict try_segment(key_t key)
{
	int segment = shmget(key, 0, 0);
	const char *memory;

	if (segment < 0)
		return held_by(errno);
	memory = attach(segment, 0);
	if (!memory)
		return held_by(errno);
	return has_secret(memory, 64) ? escaped("read the segment") : held("another segment");
}

static struct verdict segment(void)
{
	return try_segment((key_t)fact_number("ipc_key"));
}

/* Whatever there is, by index. */
static struct verdict any_segment(void)
{
	struct shm_info info;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);

	for (int i = 0; i <= last; i++) {
		struct shmid_ds status;
		int id = shmctl(i, SHM_STAT, &status);
		const char *memory = id < 0 ? NULL : attach(id, SHM_RDONLY);

		if (memory && has_secret(memory, 64))
			return escaped("read segment %d", id);
	}
	return held("none is outside");
}

static struct verdict semaphore(void)
{
	return of_call(semget((key_t)fact_number("ipc_key"), 0, 0), "the caller's semaphore");
}

static struct verdict message_queue(void)
{
	struct {
		long type;
		char text[64];
	} message;
	int queue = msgget((key_t)fact_number("ipc_key"), 0);

	if (queue < 0)
		return held_by(errno);
	return of_call(msgsnd(queue, memset(&message, 1, sizeof(message)), 1, IPC_NOWAIT),
		       "a message to the caller");
}

static struct verdict posix_queue(void)
{
	mqd_t queue = mq_open(fact("posix_name") ?: "/", O_RDONLY | O_CLOEXEC);

	return of_call((long)queue, "the caller's queue");
}

static struct verdict posix_memory(void)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "/dev/shm%s", fact("posix_name") ?: "/");
	return try_read_secret(path);
}

static struct verdict connect_to(const char *name)
{
	AUTO_CLOSE int fd = connect_socket(name);

	return fd < 0 ? held_by(errno) : escaped("connected to '%s'", name);
}

static struct verdict abstract_socket(void)
{
	return fact("abstract") ? connect_to(fact("abstract")) : broken("no fact 'abstract'");
}

/* The names of all are in /proc/net. */
static struct verdict any_abstract_socket(void)
{
	FILE *file = fopen("/proc/net/unix", "re");
	struct verdict verdict = held("none is listed");
	char line[300];

	if (!file)
		return held_by(errno);
	while (verdict.outcome != OUTCOME_ESCAPED && fgets(line, sizeof(line), file)) {
		char *name = strstr(line, " @attack-");

		if (!name)
			continue;
		name[strcspn(name, "\n")] = '\0';
		verdict = connect_to(name + 1);
	}
	(void)fclose(file);
	return verdict;
}

static struct verdict each_socket(const char *list)
{
	char paths[1000], *rest = paths, *path;
	struct verdict verdict = held_by(ENOENT);

	(void)snprintf(paths, sizeof(paths), "%s", fact(list) ?: "");
	while ((path = strsep(&rest, " ")) != NULL) {
		if (*path == '\0')
			continue;
		verdict = connect_to(path);
		if (verdict.outcome == OUTCOME_ESCAPED)
			break;
	}
	return verdict;
}

static struct verdict path_sockets(void)
{
	return each_socket("sockets");
}

/* Anything at all where sockets use to be. */
static struct verdict other_sockets(void)
{
	static const char *const names[] = {
		"/run/docker.sock",
		"/var/run/docker.sock",
		"/run/containerd/containerd.sock",
		"/run/podman/podman.sock",
		"/run/libvirt/libvirt-sock",
		"/run/systemd/private",
		"/run/systemd/journal/socket",
		"/run/dbus/system_bus_socket",
		"/run/udev/control",
		"/nix/var/nix/daemon-socket/socket",
		"/run/snapd.socket",
		"/tmp/.X11-unix/X0",
	};
	struct verdict verdict = held_by(ENOENT);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		verdict = connect_to(names[i]);
		if (verdict.outcome == OUTCOME_ESCAPED)
			break;
	}
	return verdict;
}

static struct verdict runtime_directory(void)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "/run/user/%u/bus", getuid());
	return connect_to(path);
}

/* --- a second sandbox of the same user --- */

static struct verdict second_abstract(void)
{
	return fact("second_abstract") ? connect_to(fact("second_abstract"))
				       : not_applicable("none runs");
}

static struct verdict second_objects(void)
{
	char path[100];
	struct verdict verdict = try_segment((key_t)fact_number("second_ipc_key"));

	if (!fact("second_posix_name"))
		return not_applicable("none runs");
	if (verdict.outcome != OUTCOME_ESCAPED) {
		(void)snprintf(path, sizeof(path), "/dev/shm%s", fact("second_posix_name"));
		verdict = try_read_secret(path);
	}
	if (verdict.outcome != OUTCOME_ESCAPED)
		verdict = of_call((long)mq_open(fact("second_posix_name"), O_RDONLY | O_CLOEXEC),
				  "its message queue");
	return verdict;
}

static struct verdict second_sockets(void)
{
	return fact("second_sockets") ? each_socket("second_sockets") : not_applicable("none runs");
}

const struct attack ipc_attacks[] = {
	{ "segment", CONTROL_USER, "", "System V shared memory by key", segment },
	{ "any-segment", CONTROL_USER, "", "all System V shared memory there is", any_segment },
	{ "semaphore", CONTROL_USER, "", "a System V semaphore by key", semaphore },
	{ "message-queue", CONTROL_USER, "", "a System V message queue by key", message_queue },
	{ "posix-queue", CONTROL_USER, "", "a POSIX message queue", posix_queue },
	{ "posix-memory", CONTROL_USER, "", "POSIX shared memory", posix_memory },
	{ "abstract-socket", CONTROL_USER, "landlock", "an abstract socket of the caller's",
	  abstract_socket },
	{ "any-abstract-socket", CONTROL_USER, "landlock", "any that /proc/net/unix names",
	  any_abstract_socket },
	{ "path-sockets", CONTROL_USER, "", "sockets by path, of services of the caller's",
	  path_sockets },
	{ "session-bus", CONTROL_USER, "", "the session bus", runtime_directory },
	{ "other-sockets", CONTROL_USER, "", "docker, containerd, systemd, the system bus …",
	  other_sockets },
	{ "second-abstract", CONTROL_USER, "landlock", "an abstract socket of a second sandbox",
	  second_abstract },
	{ "second-objects", CONTROL_USER, "", "IPC objects of a second sandbox", second_objects },
	{ "second-sockets", CONTROL_USER, "", "sockets by path of a second sandbox",
	  second_sockets },
	{ 0 },
};
