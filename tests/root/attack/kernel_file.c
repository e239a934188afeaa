/* Files that are the kernel: settings, devices, its memory and its log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

#define CAPABILITY_RESOURCE 24
#define CAPABILITY_MAKE_NODE 27

static struct verdict core_pattern(void)
{
	return try_open("/proc/sys/kernel/core_pattern", O_WRONLY);
}

static struct verdict helper_programs(void)
{
	static const char *const names[] = { "/proc/sys/kernel/modprobe",
					     "/proc/sys/kernel/hotplug",
					     "/sys/kernel/uevent_helper",
					     "/proc/sys/fs/binfmt_misc/register", NULL };

	return try_open_any(names, O_WRONLY);
}

static struct verdict settings(void)
{
	static const char *const names[] = { "/proc/sys/kernel/hostname",
					     "/proc/sys/vm/drop_caches",
					     "/proc/sys/net/ipv4/ip_forward",
					     "/proc/sys/kernel/printk",
					     "/proc/sys/fs/mqueue/msg_max",
					     "/proc/sys/kernel/shmmax",
					     NULL };

	return try_open_any(names, O_WRONLY);
}

/* Owned by whoever has the namespace; read-only must cover these as well. */
static struct verdict settings_of_namespace(void)
{
	static const char *const names[] = { "/proc/sys/user/max_user_namespaces",
					     "/proc/sys/user/max_mnt_namespaces", NULL };

	if (geteuid() == 0 && !has_capability(CAPABILITY_RESOURCE))
		return not_applicable("root has no CAP_SYS_RESOURCE here");
	return try_open_any(names, O_WRONLY);
}

static struct verdict system_request(void)
{
	static const char *const names[] = { "/proc/sysrq-trigger", NULL };

	return try_open_any(names, O_WRONLY);
}

static struct verdict other_proc(void)
{
	static const char *const names[] = { "/proc/irq/default_smp_affinity",
					     "/proc/mtrr",
					     "/proc/fs/nfsd",
					     "/proc/acpi/wakeup",
					     "/proc/bus/pci",
					     NULL };

	return try_open_any(names, O_WRONLY);
}

static struct verdict kernel_memory(void)
{
	static const char *const names[] = { "/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port",
					     NULL };

	return try_open_any(names, O_RDONLY);
}

static struct verdict kernel_log(void)
{
	static const char *const names[] = { "/dev/kmsg", NULL };

	return try_open_any(names, O_RDONLY);
}

/* Not zero bytes: covered ones read empty. */
static struct verdict kernel_addresses(void)
{
	static const char *const names[] = { "/proc/kallsyms",	 "/proc/timer_list",
					     "/proc/slabinfo",	 "/proc/vmallocinfo",
					     "/proc/kpageflags", "/proc/keys",
					     "/proc/interrupts", NULL };
	struct verdict verdict = held_by(ENOENT);

	for (const char *const *name = names; *name; name++) {
		AUTO_CLOSE int fd = open(*name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		char bytes[64];

		if (fd < 0 && errno != ENOENT)
			verdict = held_by(errno);
		else if (fd >= 0 && read(fd, bytes, sizeof(bytes)) > 0)
			return escaped("'%s' reads", *name);
		else if (fd >= 0)
			verdict = held("covered");
	}
	return verdict;
}

static struct verdict sysfs(void)
{
	static const char *const names[] = { "/sys/power/state",
					     "/sys/kernel/mm/ksm/run",
					     "/sys/block/vda/queue/scheduler",
					     "/sys/kernel/uevent_seqnum",
					     "/sys/class/net/lo/mtu",
					     "/sys/class/net/lo/tx_queue_len",
					     "/sys/devices/system/cpu/cpu1/online",
					     "/sys/kernel/profiling",
					     NULL };

	return try_open_any(names, O_WRONLY);
}

static struct verdict debug_files(void)
{
	static const char *const names[] = { "/sys/kernel/debug/tracing",
					     "/sys/kernel/tracing/events",
					     "/sys/kernel/security/lsm",
					     "/sys/firmware/efi/efivars/db", NULL };

	return try_open_any(names, O_RDONLY);
}

static struct verdict cgroup_files(void)
{
	static const char *const names[] = {
		"/sys/fs/cgroup/cgroup.procs",	      "/sys/fs/cgroup/unified/cgroup.procs",
		"/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/systemd/release_agent",
		"/sys/fs/cgroup/cpu/cpu.shares",      NULL
	};

	return try_open_any(names, O_WRONLY);
}

static struct verdict disks(void)
{
	static const char *const names[] = { "/dev/vda",  "/dev/sda",	"/dev/nvme0n1", "/dev/xvda",
					     "/dev/dm-0", "/dev/loop0", "/dev/zram0",	NULL };

	return try_open_any(names, O_RDONLY);
}

static struct verdict driver_devices(void)
{
	static const char *const names[] = { "/dev/fuse",
					     "/dev/net/tun",
					     "/dev/kvm",
					     "/dev/vsock",
					     "/dev/loop-control",
					     "/dev/userfaultfd",
					     "/dev/vga_arbiter",
					     "/dev/btrfs-control",
					     "/dev/autofs",
					     "/dev/cpu_dma_latency",
					     "/dev/uinput",
					     "/dev/input/event0",
					     NULL };

	return try_open_any(names, O_RDWR);
}

/* Makes the node in each place that may be written to, and opens it. */
static struct verdict make_device(mode_t kind, dev_t number)
{
	const char *places[] = { "/tmp", "/dev/shm", "/var/tmp", fact("project"), NULL };
	struct verdict verdict = held_by(ENOENT);
	char path[4096];

	for (const char **place = places; *place; place++) {
		(void)snprintf(path, sizeof(path), "%s/attack-node", *place);
		if (mknod(path, kind | 0600, number) < 0) {
			verdict = held_by(errno);
			continue;
		}
		verdict = try_open(path, O_RDONLY);
		(void)unlink(path);
		if (verdict.outcome == OUTCOME_ESCAPED)
			return verdict;
	}
	if (verdict.error == EPERM && has_capability(CAPABILITY_MAKE_NODE))
		return not_applicable("a device cgroup holds root, too");
	return verdict;
}

static struct verdict make_memory(void)
{
	return make_device(S_IFCHR, makedev(1, 11));
}

static struct verdict make_disk(void)
{
	struct stat status;

	if (stat("/usr", &status) < 0)
		return broken("no /usr");
	return make_device(S_IFBLK, status.st_dev);
}

static struct verdict make_null(void)
{
	return make_device(S_IFCHR, makedev(1, 3));
}

const struct attack kernel_file_attacks[] = {
	{ "core-pattern", CONTROL_ROOT, "", "the program that gets core dumps", core_pattern },
	{ "helper-programs", CONTROL_ROOT, "", "other programs that the kernel starts as root",
	  helper_programs },
	{ "settings", CONTROL_ROOT, "", "/proc/sys", settings },
	{ "settings-of-namespace", CONTROL_ROOT, "", "/proc/sys of the namespace's owner",
	  settings_of_namespace },
	{ "system-request", CONTROL_ROOT, "", "/proc/sysrq-trigger", system_request },
	{ "other-proc", CONTROL_ROOT, "", "/proc/irq and the like", other_proc },
	{ "kernel-memory", CONTROL_ROOT, "", "/proc/kcore, /dev/mem", kernel_memory },
	{ "kernel-log", CONTROL_ROOT, "", "/dev/kmsg", kernel_log },
	{ "kernel-addresses", CONTROL_ROOT, "", "/proc/kallsyms and other masked files",
	  kernel_addresses },
	{ "sysfs", CONTROL_ROOT, "", "/sys", sysfs },
	{ "debug-files", CONTROL_ROOT, "", "debugfs, tracefs", debug_files },
	{ "cgroup-files", CONTROL_ROOT, "", "/sys/fs/cgroup", cgroup_files },
	{ "disks", CONTROL_ROOT, "", "the machine's disks", disks },
	{ "driver-devices", CONTROL_ROOT, "", "/dev/kvm, /dev/fuse, /dev/net/tun …",
	  driver_devices },
	{ "make-kmsg", CONTROL_ROOT, "", "mknod of a character device", make_memory },
	{ "make-disk", CONTROL_ROOT, "", "mknod of the disk that /usr is on", make_disk },
	{ "make-null", CONTROL_ROOT, "", "mknod of a harmless device", make_null },
	{ 0 },
};
