/* fuse-server UID GID HOW DIRECTORY: mounts a file system of its own on DIRECTORY, for all users,
 * and serves it as that user until it is unmounted. In it are directories "sub" and "sessions" and
 * the files "file" and "program", which hold a few words. HOW it treats requests of anybody but
 * that user, root first of all: `hang` never answers, `refuse` says EACCES, `serve` is kind; `mute`
 * answers nobody. The mount itself needs root. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NODE_ROOT = FUSE_ROOT_ID, NODE_SUB, NODE_SESSIONS, NODE_FILE, NODE_PROGRAM, NODE_COUNT };

static const char *const names[NODE_COUNT] = {
	[NODE_SUB] = "sub",
	[NODE_SESSIONS] = "sessions",
	[NODE_FILE] = "file",
	[NODE_PROGRAM] = "program",
};
static const char content[] = "#!/bin/sh\necho from afar\n";

static int device_fd;
static uid_t owner;
static gid_t group;

static void answer(const struct fuse_in_header *request, int error, const void *data, size_t size)
{
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + size),
		.error = -error,
		.unique = request->unique,
	};
	struct iovec parts[] = { { &header, sizeof(header) }, { (void *)data, size } };

	(void)!writev(device_fd, parts, 2);
}

static struct fuse_attr attributes_of(uint64_t node)
{
	bool is_directory = node <= NODE_SESSIONS;

	return (struct fuse_attr) {
		.ino = node,
		.size = is_directory ? 0 : sizeof(content) - 1,
		.mode = is_directory ? S_IFDIR | 0755 : S_IFREG | 0755,
		.nlink = 1,
		.uid = owner,
		.gid = group,
	};
}

/* Nothing is kept by the kernel: each look is a request. */
static void answer_lookup(const struct fuse_in_header *request, const char *name)
{
	struct fuse_entry_out entry = { 0 };

	for (uint64_t node = NODE_SUB; request->nodeid == NODE_ROOT && node < NODE_COUNT; node++) {
		if (strcmp(names[node], name) != 0)
			continue;
		entry.nodeid = node;
		entry.attr = attributes_of(node);
		answer(request, 0, &entry, sizeof(entry));
		return;
	}
	answer(request, ENOENT, NULL, 0);
}

static void answer_init(const struct fuse_in_header *request)
{
	struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
		.flags = FUSE_PARALLEL_DIROPS, /* one who waits holds up nobody else */
	};

	answer(request, 0, &init, sizeof(init));
}

static void answer_read(const struct fuse_in_header *request, const struct fuse_read_in *read)
{
	uint64_t length = sizeof(content) - 1;
	uint64_t left = read->offset < length ? length - read->offset : 0;

	answer(request, 0, content + (length - left), read->size < left ? read->size : left);
}

static void serve_one(const struct fuse_in_header *request, const void *data)
{
	struct fuse_attr_out attributes = { .attr = attributes_of(request->nodeid) };
	struct fuse_open_out opened = { 0 };

	switch (request->opcode) {
	case FUSE_INIT:
		answer_init(request);
		break;
	case FUSE_LOOKUP:
		answer_lookup(request, data);
		break;
	case FUSE_GETATTR:
		answer(request, 0, &attributes, sizeof(attributes));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(request, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		answer_read(request, data);
		break;
	case FUSE_READDIR:
	case FUSE_ACCESS:
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		answer(request, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(request, ENOSYS, NULL, 0);
	}
}

static void serve(const char *how)
{
	static _Alignas(8) char buffer[1024 * 1024];
	const struct fuse_in_header *request = (const void *)buffer;

	while (read(device_fd, buffer, sizeof(buffer)) > 0 || errno == EINTR || errno == ENOENT) {
		bool is_stranger = request->uid != owner && request->opcode != FUSE_INIT &&
				   request->opcode != FUSE_RELEASE &&
				   request->opcode != FUSE_RELEASEDIR;

		if (strcmp(how, "mute") == 0 && request->opcode != FUSE_INIT)
			continue;
		if (is_stranger && strcmp(how, "hang") == 0)
			continue;
		if (is_stranger && strcmp(how, "refuse") == 0 && request->opcode != FUSE_FORGET)
			answer(request, EACCES, NULL, 0);
		else
			serve_one(request, request + 1);
	}
}

static int mount_it(const char *directory)
{
	char options[256];

	device_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device_fd < 0)
		return -1;
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40755,user_id=%u,group_id=%u,allow_other", device_fd, owner,
		       group);
	return mount("fuse-server", directory, "fuse", MS_NOSUID | MS_NODEV, options);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	owner = (uid_t)strtoul(argv[1], NULL, 10);
	group = (gid_t)strtoul(argv[2], NULL, 10);
	if (mount_it(argv[4]) < 0 || setgroups(0, NULL) < 0 || setresgid(group, group, group) < 0 ||
	    setresuid(owner, owner, owner) < 0) {
		perror(argv[4]);
		return 1;
	}
	serve(argv[3]);
	return 0;
}
