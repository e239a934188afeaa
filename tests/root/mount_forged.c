/* mount-forged SOURCE INODE DEVICE new|existing [MAJOR MINOR]: makes a root as the set-up does,
 * with SOURCE on /target, a mount point that is made for it or one that is there. INODE and DEVICE
 * are added to what a helper says that it has opened; with MAJOR and MINOR it is planned to be that
 * device. In a mount namespace of its own, which ends with it. 0: mounted, 1: refused. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "mounts/mount_apply.h"
#include "mounts/rootfs.h"

#define STATUS_FAILED 250

static int make_root(struct workplace *workplace)
{
	const struct rootfs_facts facts = { 0 };
	int r;

	if (unshare(CLONE_NEWNS) < 0)
		return -1;
	r = mounts_detach_from_host();
	r = r ?: workplace_open(workplace, "/run/claude-sandbox");
	return r ?: workplace_mount_root(workplace, NULL, rootfs_overlay_options(&facts));
}

static int make_existing(const struct workplace *workplace, bool is_directory)
{
	if (is_directory)
		return mkdirat(workplace->root.root_fd, "target", 0755);
	return mknodat(workplace->root.root_fd, "target", S_IFREG | 0644, 0);
}

int main(int argc, char **argv)
{
	CLEANUP(workplace_finish) struct workplace workplace = WORKPLACE_EMPTY;
	struct mount_op op = {
		.kind = MOUNT_BIND,
		.target = "/target",
		.flags = MOUNT_NO_SUID | MOUNT_NO_DEVICES,
	};
	struct mount_list list = { .ops = &op, .count = 1 };
	struct source_handle handle = { .fd = -1 };
	bool absent = false;
	struct stat st;

	if ((argc != 5 && argc != 7) || make_root(&workplace) < 0)
		return STATUS_FAILED;
	handle.fd = open(argv[1], O_PATH | O_CLOEXEC);
	if (handle.fd < 0 || fstat(handle.fd, &st) < 0)
		return STATUS_FAILED;
	handle.inode = st.st_ino + strtoul(argv[2], NULL, 10);
	handle.device = st.st_dev + strtoul(argv[3], NULL, 10);
	if (argc == 7) {
		op.flags = MOUNT_NO_SUID;
		op.device_major = (unsigned)strtoul(argv[5], NULL, 10);
		op.device_minor = (unsigned)strtoul(argv[6], NULL, 10);
	}
	op.source = argv[1];
	op.is_directory = S_ISDIR(st.st_mode);
	op.must_exist = strcmp(argv[4], "existing") == 0;
	if (op.must_exist && make_existing(&workplace, op.is_directory) < 0)
		return STATUS_FAILED;
	return mount_list_apply(&list, &workplace, &handle, &absent) < 0;
}
