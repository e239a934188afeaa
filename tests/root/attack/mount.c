/* Mounts: new ones, and other flags on those there are; as we are, and as root of a user namespace
 * of our own. None of them leaves its namespace. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

/* Where we mount: on what is there, and off again at once. */
#define PLACE "/tmp"

static struct verdict mount_here(const char *type, const char *options)
{
	struct verdict verdict = of_call(mount("none", PLACE, type, 0, options), "mounted");

	if (verdict.outcome == OUTCOME_ESCAPED)
		(void)umount2(PLACE, MNT_DETACH);
	return verdict;
}

static struct verdict mount_tmpfs(void)
{
	return mount_here("tmpfs", NULL);
}

static struct verdict mount_proc(void)
{
	return mount_here("proc", NULL);
}

static struct verdict mount_sysfs(void)
{
	return mount_here("sysfs", NULL);
}

/* The one that systemd has named is there already, wherever there is any. */
static struct verdict mount_cgroup(void)
{
	struct verdict verdict = mount_here("cgroup2", NULL);

	return verdict.outcome == OUTCOME_HELD && verdict.error != EPERM
		       ? mount_here("cgroup", "none,name=systemd")
		       : verdict;
}

/* Of directories of our own: those of others may have mounts below that are locked. */
static struct verdict mount_overlay(void)
{
	struct verdict verdict;

	if (mount("none", PLACE, "tmpfs", 0, NULL) < 0)
		return held_by(errno);
	if (mkdir(PLACE "/a", 0700) < 0 || mkdir(PLACE "/b", 0700) < 0)
		return broken("mkdir: %s", strerror(errno));
	verdict = mount_here("overlay", "lowerdir=" PLACE "/a:" PLACE "/b");
	(void)umount2(PLACE, MNT_DETACH);
	return verdict;
}

static struct verdict mount_bind(void)
{
	struct verdict verdict =
		of_call(mount("/usr", PLACE, NULL, MS_BIND | MS_REC, NULL), "bound /usr");

	if (verdict.outcome == OUTCOME_ESCAPED)
		(void)umount2(PLACE, MNT_DETACH);
	return verdict;
}

static struct verdict file_system_context(void)
{
	return of_call(syscall(SYS_fsopen, "tmpfs", 0), "a file system context");
}

static struct verdict detached_tree(void)
{
	return of_call(syscall(SYS_open_tree, AT_FDCWD, "/",
			       1 /* OPEN_TREE_CLONE */ | O_CLOEXEC | 0x8000 /* AT_RECURSIVE */),
		       "a copy of the tree");
}

static struct verdict moved_mount(void)
{
	struct verdict verdict;

	if (mount("none", PLACE, "tmpfs", 0, NULL) < 0)
		return held_by(errno);
	verdict = of_call(syscall(SYS_move_mount, AT_FDCWD, PLACE, AT_FDCWD, PLACE, 0), "moved");
	/* On itself it is refused, by what it is and not by who we are. */
	if (verdict.error == EINVAL || verdict.error == ELOOP)
		verdict = escaped("may move mounts");
	(void)umount2(PLACE, MNT_DETACH);
	return verdict;
}

static struct verdict new_root(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return held_by(errno);
	(void)mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount("none", PLACE, "tmpfs", 0, NULL) < 0 || chdir(PLACE) < 0)
		return held_by(errno);
	return of_call(syscall(SYS_pivot_root, ".", "."), "another root");
}

/* Names of mounts that a space separates, in a fact. */
static struct verdict each_mount(const char *list, bool (*change)(const char *path),
				 const char *what)
{
	char paths[1000], *rest = paths, *path;
	struct verdict verdict = held_by(ENOENT);

	(void)snprintf(paths, sizeof(paths), "%s", fact(list) ?: "");
	while ((path = strsep(&rest, " ")) != NULL) {
		if (*path == '\0')
			continue;
		if (change(path))
			return escaped("%s '%s'", what, path);
		if (errno != ENOENT)
			verdict = held_by(errno);
	}
	return verdict;
}

static bool unmount(const char *path)
{
	return umount2(path, MNT_DETACH) == 0;
}

static struct verdict uncover(void)
{
	return each_mount("masks", unmount, "uncovered");
}

static bool remount(const char *path)
{
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND, NULL) == 0;
}

static struct verdict writable(void)
{
	return each_mount("read_only", remount, "made writable:");
}

static bool clear_attribute(const char *path)
{
	struct mount_attr attributes = { .attr_clr = MOUNT_ATTR_RDONLY };

	return syscall(SYS_mount_setattr, AT_FDCWD, path, 0, &attributes, sizeof(attributes)) == 0;
}

static struct verdict writable_by_attribute(void)
{
	return each_mount("read_only", clear_attribute, "made writable:");
}

static bool cover(const char *path)
{
	return mount("/dev/null", path, NULL, MS_BIND, NULL) == 0 && unmount(path);
}

static struct verdict over_file(void)
{
	return cover("/etc/passwd") ? escaped("covered /etc/passwd") : held_by(errno);
}

/* --- as root of a user namespace of our own --- */

static struct verdict in_namespace(struct verdict (*attack)(void))
{
	if (!enter_user_namespace(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_NEWIPC))
		return held_by(errno);
	return attack();
}

static struct verdict own_tmpfs(void)
{
	return in_namespace(mount_tmpfs);
}

static struct verdict own_sysfs(void)
{
	return in_namespace(mount_sysfs);
}

static struct verdict own_cgroup(void)
{
	return in_namespace(mount_cgroup);
}

static struct verdict own_overlay(void)
{
	return in_namespace(mount_overlay);
}

static struct verdict own_bind(void)
{
	return in_namespace(mount_bind);
}

static struct verdict own_context(void)
{
	return in_namespace(file_system_context);
}

static struct verdict own_tree(void)
{
	return in_namespace(detached_tree);
}

static struct verdict own_root(void)
{
	return in_namespace(new_root);
}

static struct verdict release_agent(void)
{
	struct verdict verdict;

	if (mount("none", PLACE, "cgroup", 0, "none,name=systemd") < 0 &&
	    mount("none", PLACE, "cgroup", 0, "memory") < 0)
		return held_by(errno);
	verdict = try_open(PLACE "/release_agent", O_WRONLY);
	(void)umount2(PLACE, MNT_DETACH);
	return verdict;
}

/* As we are, or else as root of a namespace, where the kernel itself locks what was mounted before.
 */
static struct verdict either(struct verdict (*attack)(void))
{
	struct verdict verdict = attack();

	return verdict.outcome == OUTCOME_HELD ? in_namespace(attack) : verdict;
}

static struct verdict uncover_either(void)
{
	return either(uncover);
}

static struct verdict writable_either(void)
{
	return either(writable);
}

static struct verdict attribute_either(void)
{
	return either(writable_by_attribute);
}

static struct verdict release_agent_either(void)
{
	return either(release_agent);
}

const struct attack mount_attacks[] = {
	{ "mount-tmpfs", CONTROL_ROOT, "", "mount(2) of a tmpfs", mount_tmpfs },
	{ "mount-proc", CONTROL_ROOT, "", "a fresh /proc, without masks", mount_proc },
	{ "mount-sysfs", CONTROL_ROOT, "", "a fresh /sys, writable", mount_sysfs },
	{ "mount-cgroup", CONTROL_ROOT, "", "the machine's cgroups", mount_cgroup },
	{ "mount-overlay", CONTROL_ROOT, "", "an overlay of /usr", mount_overlay },
	{ "mount-bind", CONTROL_ROOT, "", "a bind of /usr", mount_bind },
	{ "mount-context", CONTROL_ROOT, "", "fsopen", file_system_context },
	{ "mount-tree", CONTROL_ROOT, "", "open_tree", detached_tree },
	{ "mount-move", CONTROL_ROOT, "", "move_mount", moved_mount },
	{ "mount-root", CONTROL_ROOT, "", "pivot_root", new_root },
	{ "uncover", CONTROL_ROOT, "", "umount of what covers /proc/kallsyms and the like",
	  uncover_either },
	{ "make-writable", CONTROL_ROOT, "", "remount of /usr, /sys, /proc/sys", writable_either },
	{ "make-writable-by-attribute", CONTROL_ROOT, "", "the same by mount_setattr",
	  attribute_either },
	{ "cover", CONTROL_ROOT, "", "a mount over /etc/passwd", over_file },
	{ "release-agent", CONTROL_ROOT, "", "a program that the kernel starts for an empty cgroup",
	  release_agent_either },
	{ "own-mount-tmpfs", CONTROL_USER, "seccomp", "a tmpfs, in a user namespace", own_tmpfs },
	{ "own-mount-sysfs", CONTROL_USER, "seccomp", "a /sys, in a user namespace", own_sysfs },
	{ "own-mount-cgroup", CONTROL_USER, "seccomp", "cgroups, in a user namespace", own_cgroup },
	{ "own-mount-overlay", CONTROL_USER, "seccomp", "an overlay, in a user namespace",
	  own_overlay },
	{ "own-mount-bind", CONTROL_USER, "seccomp", "a bind, in a user namespace", own_bind },
	{ "own-mount-context", CONTROL_USER, "seccomp", "fsopen, in a user namespace",
	  own_context },
	{ "own-mount-tree", CONTROL_USER, "seccomp", "open_tree, in a user namespace", own_tree },
	{ "own-mount-root", CONTROL_USER, "seccomp", "pivot_root, in a user namespace", own_root },
	{ 0 },
};
