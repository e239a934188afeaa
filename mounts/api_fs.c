#include "mounts/api_fs.h"

#include <assert.h>

#include "base/array.h"
#include "base/path.h"

#define SAFE (MOUNT_NO_SUID | MOUNT_NO_DEVICES)
#define SAFE_DATA (SAFE | MOUNT_NO_EXEC)

/* Memory that a payload can fill is bounded in bytes and inodes: with the root (mount_apply.c), at
 * most about half of the machine's for one sandbox. */
static const struct mount_op api_ops[] = {
	{ MOUNT_PROC, "/proc", .flags = SAFE_DATA },
	{ MOUNT_SYSFS, "/sys", .flags = SAFE_DATA | MOUNT_READ_ONLY },

	{ MOUNT_TMPFS, "/dev", .flags = MOUNT_NO_SUID,
	  .options = "mode=0755,size=1m,nr_inodes=1k" },
	{ MOUNT_NODE, "/dev/null", .mode = 0666, .device_major = 1, .device_minor = 3 },
	{ MOUNT_NODE, "/dev/zero", .mode = 0666, .device_major = 1, .device_minor = 5 },
	{ MOUNT_NODE, "/dev/full", .mode = 0666, .device_major = 1, .device_minor = 7 },
	{ MOUNT_NODE, "/dev/random", .mode = 0666, .device_major = 1, .device_minor = 8 },
	{ MOUNT_NODE, "/dev/urandom", .mode = 0666, .device_major = 1, .device_minor = 9 },
	{ MOUNT_NODE, "/dev/tty", .mode = 0666, .device_major = 5, .device_minor = 0 },
	{ MOUNT_LINK, "/dev/fd", .source = "/proc/self/fd" },
	{ MOUNT_LINK, "/dev/stdin", .source = "/proc/self/fd/0" },
	{ MOUNT_LINK, "/dev/stdout", .source = "/proc/self/fd/1" },
	{ MOUNT_LINK, "/dev/stderr", .source = "/proc/self/fd/2" },
	{ MOUNT_LINK, "/dev/ptmx", .source = "pts/ptmx" },
	/* Group 5 is tty, in the group file we write as well. */
	{ MOUNT_DEVPTS, "/dev/pts", .flags = MOUNT_NO_SUID | MOUNT_NO_EXEC,
	  .options = "newinstance,ptmxmode=0666,mode=0620,gid=5" },
	{ MOUNT_TMPFS, "/dev/shm", .flags = SAFE, .options = "mode=1777,size=10%,nr_inodes=64k" },
	{ MOUNT_MQUEUE, "/dev/mqueue", .flags = SAFE_DATA },

	{ MOUNT_TMPFS, "/run", .flags = SAFE, .options = "mode=0755,size=2%,nr_inodes=64k" },
	{ MOUNT_DIRECTORY, "/run/lock", .mode = 01777 },
	{ MOUNT_DIRECTORY, "/run/user", .mode = 0755 },

	{ MOUNT_TMPFS, "/tmp", .flags = SAFE, .options = "mode=1777,size=20%,nr_inodes=1m" },
	/* An X server started inside as a user may not make these itself. */
	{ MOUNT_DIRECTORY, "/tmp/.X11-unix", .mode = 01777 },
	{ MOUNT_DIRECTORY, "/tmp/.ICE-unix", .mode = 01777 },
};

/* Read-write, since the kernel does not count a read-only one. */
static const struct mount_op nested_ops[] = {
	{ MOUNT_DIRECTORY, API_FS_NESTED_DIRECTORY, .mode = 0700 },
	{ MOUNT_PROC, API_FS_NESTED_PROC, .flags = SAFE_DATA, .options = "subset=pid" },
};

/* Interfaces that speak of the whole machine or to its kernel. A kernel that lacks one has nothing
 * to hide; any other failure to cover one is fatal. */
static const char *const masked[] = {
	"/proc/acpi",	       "/proc/asound",	   "/proc/interrupts",
	"/proc/kallsyms",      "/proc/kcore",	   "/proc/key-users",
	"/proc/keys",	       "/proc/kmsg",	   "/proc/kpagecgroup",
	"/proc/kpagecount",    "/proc/kpageflags", "/proc/latency_stats",
	"/proc/sched_debug",   "/proc/scsi",	   "/proc/slabinfo",
	"/proc/sysrq-trigger", "/proc/timer_list", "/proc/timer_stats",
	"/proc/vmallocinfo",   "/sys/firmware",	   "/sys/devices/virtual/powercap",
};

static const char *const read_only[] = {
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
};

static void append(struct mount_list *list, struct arena *arena, const struct mount_op *op)
{
	int r = mount_list_append(list, arena, op);

	/* The table comes before every bind, so nothing can be in its way. */
	assert(r == 0);
	(void)r;
}

const char *api_fs_runtime_directory(struct arena *arena, uid_t uid)
{
	return arena_printf(arena, "/run/user/%u", uid);
}

void api_fs_plan(const struct api_fs *api, struct arena *arena, struct mount_list *list)
{
	struct mount_op runtime_directory = {
		.kind = MOUNT_DIRECTORY,
		.target = api_fs_runtime_directory(arena, api->uid),
		.mode = 0700,
		.uid = api->uid,
		.gid = api->gid,
	};

	for (size_t i = 0; i < ARRAY_LENGTH(api_ops); i++)
		append(list, arena, &api_ops[i]);
	append(list, arena, &runtime_directory);
	for (size_t i = 0; api->is_nested && i < ARRAY_LENGTH(nested_ops); i++)
		append(list, arena, &nested_ops[i]);

	for (size_t i = 0; i < ARRAY_LENGTH(read_only); i++) {
		struct mount_op op = {
			.kind = MOUNT_SELF,
			.target = read_only[i],
			.flags = SAFE_DATA | MOUNT_READ_ONLY,
		};

		append(list, arena, &op);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(masked); i++) {
		struct mount_op op = {
			.kind = MOUNT_MASK,
			.target = masked[i],
			/* Not nodev: what masks a file is a null device, which is to read as empty.
			 */
			.flags = MOUNT_NO_SUID | MOUNT_NO_EXEC | MOUNT_READ_ONLY,
		};

		append(list, arena, &op);
	}
}
