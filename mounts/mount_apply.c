/* Theory of operation.
 *
 * Order is the defence. First a tmpfs of our own is mounted, reachable by nobody else; on it, the
 * skeleton is made by plain mkdir in directories that only this process has seen. Then the overlay
 * joins the skeleton with a tree that may be hostile; from there on every target is resolved by
 * openat2 below the new root without following links. Mounts come outer before inner. What is
 * mounted over is always ours, or is required to exist and only opened.
 *
 * A mount is given its flags right after it is made, recursively, on a descriptor opened anew: one
 * opened before the mount names what the mount covers. Between the two nobody runs in the
 * namespace.
 *
 * Not possible after this file's work: reaching the host's tree other than by the descriptors held.
 */
#include "mounts/mount_apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/path.h"
#include "mounts/mounter.h"
#include "mounts/tree.h"

/* The whole root the payload can write to: bounded so that it cannot take the machine's memory. The
 * mask node must work as a device, hence no nodev; the overlay itself is nodev. */
#define BASE_OPTIONS "mode=0700,size=20%,nr_inodes=1m"

int mounts_detach_from_host(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return log_error_errno(errno, "cannot make the mounts private");
	return 0;
}

void workplace_finish(struct workplace *workplace)
{
	mounter_free(workplace->mounter);
	tree_finish(&workplace->base);
	tree_finish(&workplace->skeleton);
	tree_finish(&workplace->root);
	cleanup_close(&workplace->null_fd);
	cleanup_close(&workplace->empty_fd);
	cleanup_close(&workplace->buses_fd);
	*workplace = (struct workplace)WORKPLACE_EMPTY;
}

static int make_base_entries(struct workplace *workplace)
{
	static const struct mount_op entries[] = {
		{ MOUNT_DIRECTORY, "/skeleton", .mode = 0755 },
		{ MOUNT_DIRECTORY, "/system", .mode = 0755 },
		{ MOUNT_DIRECTORY, "/upper", .mode = 0755 },
		{ MOUNT_DIRECTORY, "/work", .mode = 0700 },
		{ MOUNT_DIRECTORY, "/root", .mode = 0755 },
		{ MOUNT_DIRECTORY, "/empty", .mode = 0555 },
		{ MOUNT_NODE, "/null", .mode = 0666, .device_major = 1, .device_minor = 3 },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(entries); i++) {
		int r = tree_make(&workplace->base, &entries[i]);

		if (r < 0)
			return r;
	}
	workplace->skeleton.root_fd = tree_open(&workplace->base, "/skeleton");
	workplace->null_fd = tree_open(&workplace->base, "/null");
	workplace->empty_fd = tree_open(&workplace->base, "/empty");
	if (workplace->skeleton.root_fd < 0 || workplace->null_fd < 0 || workplace->empty_fd < 0)
		return -ENOENT;
	return 0;
}

int workplace_open(struct workplace *workplace, const char *directory)
{
	CLEANUP(tree_finish) struct tree host = TREE_EMPTY;
	int parent_fd, r;

	workplace->mounter = mounter_new();
	if (!workplace->mounter)
		return log_error_errno(ENOMEM, "cannot set up libmount");
	host.root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	parent_fd = host.root_fd < 0 ? -errno : tree_parent(&host, directory);
	if (parent_fd < 0)
		return log_error_errno(parent_fd, "cannot open the parent of '%s'", directory);
	r = mounter_mount(workplace->mounter, "tmpfs", parent_fd, path_name(directory), MS_NOSUID,
			  BASE_OPTIONS);
	if (r < 0)
		return log_error_errno(r, "cannot mount a tmpfs on '%s'", directory);
	workplace->base.root_fd = tree_open(&host, directory);
	if (workplace->base.root_fd < 0)
		return log_error_errno(workplace->base.root_fd, "cannot open '%s'", directory);
	r = make_base_entries(workplace);
	if (r < 0)
		return log_error_errno(r, "cannot make the layers of the root on '%s'", directory);
	return 0;
}

/* Whoever reaches the directory from outside, by a process of the caller's that has it open, goes
 * no further: what it lies in is root's alone. */
int workplace_make_buses(struct workplace *workplace, const struct mount_list *list, uid_t uid,
			 gid_t gid)
{
	const struct mount_op op = {
		.kind = MOUNT_DIRECTORY, .target = "/bus", .mode = 0700, .uid = uid, .gid = gid
	};
	int r;

	if (!mount_list_find(list, MOUNT_BUSES_TARGET))
		return 0;
	r = tree_make(&workplace->base, &op);
	if (r == 0)
		r = workplace->buses_fd = tree_open(&workplace->base, op.target);
	return r < 0 ? log_error_errno(r, "cannot make a directory for the buses") : 0;
}

static bool is_made(const struct mount_op *op)
{
	return op->kind == MOUNT_DIRECTORY || op->kind == MOUNT_LINK || op->kind == MOUNT_NODE;
}

/* Makes the step itself, or the point it is mounted on. */
static int make_target(const struct mount_op *op, struct tree *tree)
{
	bool is_directory = op->kind != MOUNT_BIND || op->is_directory;
	int r;

	if (op->must_exist)
		return 0;
	r = is_made(op) ? tree_make(tree, op)
			: tree_make_mount_point(tree, op->target, is_directory);
	if (r < 0)
		return log_error_errno(r, "cannot make '%s' in the sandbox", op->target);
	return 0;
}

int mount_list_make_layer(const struct mount_list *list, struct workplace *workplace)
{
	for (size_t i = 0; i < list->count; i++) {
		int r = 0;

		if (list->ops[i].in_layer)
			r = make_target(&list->ops[i], &workplace->skeleton);
		if (r < 0)
			return r;
	}
	return 0;
}

static unsigned long mount_flags(unsigned flags)
{
	return (flags & MOUNT_READ_ONLY ? MS_RDONLY : 0UL) |
	       (flags & MOUNT_NO_SUID ? MS_NOSUID : 0UL) |
	       (flags & MOUNT_NO_DEVICES ? MS_NODEV : 0UL) |
	       (flags & MOUNT_NO_EXEC ? MS_NOEXEC : 0UL);
}

static uint64_t mount_attributes(unsigned flags)
{
	return (flags & MOUNT_READ_ONLY ? MOUNT_ATTR_RDONLY : 0U) |
	       (flags & MOUNT_NO_SUID ? MOUNT_ATTR_NOSUID : 0U) |
	       (flags & MOUNT_NO_DEVICES ? MOUNT_ATTR_NODEV : 0U) |
	       (flags & MOUNT_NO_EXEC ? MOUNT_ATTR_NOEXEC : 0U);
}

/* Sets the flags on a mount and on all mounts below it; none is ever cleared. */
static int mount_restrict(int mount_fd, unsigned flags)
{
	struct mount_attr attributes = { .attr_set = mount_attributes(flags) };

	if (syscall(SYS_mount_setattr, mount_fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
		    sizeof(attributes)) < 0)
		return -errno;
	return 0;
}

/* The mount must show the very file that the helper opened. Of a FUSE mount without allow_other
 * root may learn the device only; and none is asked over the wire, since its server may never
 * answer. */
static int check_identity(int mount_fd, const struct source_handle *source)
{
	struct statx stx;

	if (statx(mount_fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &stx) == 0) {
		if (stx.stx_ino != source->inode)
			return -ESTALE;
	} else if (statx(mount_fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx) < 0) {
		return -errno;
	}
	return makedev(stx.stx_dev_major, stx.stx_dev_minor) == source->device ? 0 : -ESTALE;
}

/* A mount on which devices work is of one device alone, and of the one that was planned: root looks
 * for itself. The host's devices are on a file system of the kernel's, which answers. */
static int check_device(int mount_fd, const struct mount_op *op)
{
	struct statx stx;

	if (op->flags & MOUNT_NO_DEVICES)
		return 0;
	if (statx(mount_fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &stx) < 0)
		return -errno;
	return S_ISCHR(stx.stx_mode) && stx.stx_rdev_major == op->device_major &&
			       stx.stx_rdev_minor == op->device_minor
		       ? 0
		       : -ESTALE;
}

static int bind_and_restrict(struct mounter *mounter, struct tree *tree, const char *target,
			     int source_fd, unsigned flags)
{
	int parent_fd = tree_parent(tree, target), r;
	AUTO_CLOSE int mounted_fd = -1;

	if (parent_fd < 0)
		return parent_fd;
	/* Relative target: libmount >= 2.39 does not follow /proc/self/fd/N there. */
	r = mounter_bind(mounter, source_fd, parent_fd, path_name(target));
	if (r < 0)
		return r;
	mounted_fd = tree_open(tree, target);
	if (mounted_fd < 0)
		return mounted_fd;
	r = mount_restrict(mounted_fd, flags);
	return r < 0 ? r : take_fd(&mounted_fd);
}

/* Loose, with its flags. */
static int clone_mount(int source_fd, unsigned flags)
{
	AUTO_CLOSE int fd =
		(int)syscall(SYS_open_tree, source_fd, "",
			     AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int r = fd < 0 ? -errno : mount_restrict(fd, flags);

	return r < 0 ? r : take_fd(&fd);
}

static int move_mount_onto(int mount_fd, int target_fd)
{
	if (syscall(SYS_move_mount, mount_fd, "", target_fd, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

/* A mount point in a directory of somebody else's: mount(2) by name would follow a link that they
 * put there, since resolving the name and mounting on it are two steps. So the mount is made loose,
 * given its flags, and moved onto the very directory that was opened. libmount cannot do that. */
static int attach(struct tree *tree, const char *target, int source_fd, unsigned flags)
{
	AUTO_CLOSE int target_fd = tree_open(tree, target), mount_fd = -1;
	int r;

	if (target_fd < 0)
		return target_fd;
	mount_fd = clone_mount(source_fd, flags);
	if (mount_fd < 0)
		return mount_fd;
	r = move_mount_onto(mount_fd, target_fd);
	return r < 0 ? r : take_fd(&mount_fd);
}

static int apply_bind(const struct mount_op *op, struct workplace *workplace,
		      const struct source_handle *source)
{
	AUTO_CLOSE int mounted_fd = -1;
	int r;

	if (op->must_exist)
		mounted_fd = attach(&workplace->root, op->target, source->fd, op->flags);
	else
		mounted_fd = bind_and_restrict(workplace->mounter, &workplace->root, op->target,
					       source->fd, op->flags);
	if (mounted_fd < 0) {
		log_error_errno(mounted_fd, "cannot bind '%s' on '%s'", op->source, op->target);
		if (mounted_fd == -ENOENT && op->must_exist)
			log_hint("a mount point below a directory of the host must exist there");
		return mounted_fd;
	}
	r = check_identity(mounted_fd, source);
	r = r < 0 ? r : check_device(mounted_fd, op);
	if (r < 0)
		return log_error_errno(r, "cannot find '%s' again on '%s'", op->source, op->target);
	return 0;
}

/* SELF and MASK: the source is the target itself, or something empty of its kind. */
static int apply_cover(const struct mount_op *op, struct workplace *workplace, bool *ret_is_absent)
{
	AUTO_CLOSE int target_fd = tree_open(&workplace->root, op->target), mounted_fd = -1;
	struct stat st;
	int source_fd;

	if (target_fd == -ENOENT) {
		log_debug("no '%s' to cover on this kernel", op->target);
		*ret_is_absent = true;
		return 0;
	}
	if (target_fd < 0)
		return log_error_errno(target_fd, "cannot open '%s' to cover it", op->target);
	if (fstat(target_fd, &st) < 0)
		return log_error_errno(errno, "cannot look at '%s'", op->target);
	source_fd = op->kind == MOUNT_SELF ? target_fd
		    : S_ISDIR(st.st_mode)  ? workplace->empty_fd
					   : workplace->null_fd;
	mounted_fd = bind_and_restrict(workplace->mounter, &workplace->root, op->target, source_fd,
				       op->flags);
	if (mounted_fd < 0)
		return log_error_errno(mounted_fd, "cannot cover '%s'", op->target);
	return 0;
}

static int apply_buses(const struct mount_op *op, struct workplace *workplace)
{
	int mounted_fd = bind_and_restrict(workplace->mounter, &workplace->root, op->target,
					   workplace->buses_fd, op->flags);

	if (mounted_fd < 0)
		return log_error_errno(mounted_fd, "cannot bind the buses on '%s'", op->target);
	(void)close(mounted_fd);
	return 0;
}

static int apply_file_system(const struct mount_op *op, struct workplace *workplace)
{
	int parent_fd = tree_parent(&workplace->root, op->target);
	const char *type = mount_kind_names[op->kind];
	int r;

	if (parent_fd < 0)
		return log_error_errno(parent_fd, "cannot open the parent of '%s'", op->target);
	r = mounter_mount(workplace->mounter, type, parent_fd, path_name(op->target),
			  mount_flags(op->flags), op->options);
	if (r < 0)
		return log_error_errno(r, "cannot mount %s on '%s'", type, op->target);
	return 0;
}

/* The caller's own, for as long as the sandbox is. */
static int make_instead(const struct mount_op *op, struct workplace *workplace)
{
	struct mount_op directory = {
		.kind = MOUNT_DIRECTORY,
		.target = op->target,
		.mode = 0700,
		.uid = op->uid,
		.gid = op->gid,
	};
	int r = op->must_exist ? 0 : tree_make(&workplace->root, &directory);

	if (r < 0)
		return log_error_errno(r, "cannot make '%s' in the sandbox", op->target);
	return 0;
}

static int apply_op(const struct mount_op *op, struct workplace *workplace,
		    const struct source_handle *handles, bool *ret_is_absent)
{
	switch (op->kind) {
	case MOUNT_BIND:
		*ret_is_absent = handles[op->source_index].fd < 0;
		return *ret_is_absent ? make_instead(op, workplace)
				      : apply_bind(op, workplace, &handles[op->source_index]);
	case MOUNT_BUSES:
		return apply_buses(op, workplace);
	case MOUNT_SELF:
	case MOUNT_MASK:
		return apply_cover(op, workplace, ret_is_absent);
	case MOUNT_TMPFS:
	case MOUNT_PROC:
	case MOUNT_SYSFS:
	case MOUNT_DEVPTS:
	case MOUNT_MQUEUE:
		return apply_file_system(op, workplace);
	default:
		return 0;
	}
}

/* An empty directory that is the caller's, in a place of ours. */
static int make_own(struct workplace *workplace, const struct mount_op *op, size_t number)
{
	char path[32];
	struct mount_op directory = {
		.kind = MOUNT_DIRECTORY,
		.target = path,
		.mode = 0700,
		.uid = op->uid,
		.gid = op->gid,
	};
	int r;

	(void)snprintf(path, sizeof(path), "/own-%zu", number);
	r = tree_make(&workplace->base, &directory);
	return r < 0 ? r : tree_open(&workplace->base, path);
}

/* By descriptors alone: the caller has opened the place, which root perhaps could not. */
static int lay_over(int source_fd, int target_fd, unsigned flags)
{
	AUTO_CLOSE int mount_fd = clone_mount(source_fd, flags);

	if (mount_fd < 0)
		return mount_fd;
	return move_mount_onto(mount_fd, target_fd);
}

static int apply_source_cover(const struct mount_op *op, size_t number, struct workplace *workplace,
			      const struct source_handle *source)
{
	AUTO_CLOSE int own_fd = -1;
	int r;

	if (op->kind == MOUNT_OWN) {
		own_fd = make_own(workplace, op, number);
		if (own_fd < 0)
			return log_error_errno(own_fd, "cannot make a directory to keep '%s' apart",
					       op->source);
	}
	r = lay_over(own_fd >= 0 ? own_fd : source->fd, source->fd, op->flags);
	if (r < 0)
		return log_error_errno(r, "cannot keep '%s' apart", op->source);
	return 0;
}

int mount_list_cover_sources(const struct mount_list *list, struct workplace *workplace,
			     const struct source_handle *handles, bool *absent)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct mount_op *op = &list->ops[i];
		int r = 0;

		if (!mount_kind_is_cover(op->kind))
			continue;
		absent[i] = handles[op->source_index].fd < 0;
		if (!absent[i])
			r = apply_source_cover(op, i, workplace, &handles[op->source_index]);
		if (r < 0)
			return r;
	}
	return 0;
}

int workplace_mount_root(struct workplace *workplace, const struct source_handle *system,
			 const char *overlay_options)
{
	const unsigned flags = MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES;
	int r;

	if (system) {
		AUTO_CLOSE int system_fd = bind_and_restrict(workplace->mounter, &workplace->base,
							     "/system", system->fd, flags);

		if (system_fd < 0)
			return log_error_errno(system_fd, "cannot bind the system's tree");
	}
	r = mounter_mount(workplace->mounter, "overlay", workplace->base.root_fd, "root",
			  MS_NOSUID | MS_NODEV, overlay_options);
	if (r < 0)
		return log_error_errno(r, "cannot mount the overlay of the root");
	workplace->root.root_fd = tree_open(&workplace->base, "/root");
	if (workplace->root.root_fd < 0)
		return log_error_errno(workplace->root.root_fd,
				       "cannot open the overlay of the root");
	return 0;
}

int mount_list_apply(const struct mount_list *list, struct workplace *workplace,
		     const struct source_handle *handles, bool *absent)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct mount_op *op = &list->ops[i];
		int r = op->in_layer ? 0 : make_target(op, &workplace->root);

		if (r == 0)
			r = apply_op(op, workplace, handles, &absent[i]);
		if (r < 0)
			return r;
	}
	return 0;
}
