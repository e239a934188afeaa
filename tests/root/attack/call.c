/* System calls and sockets that a program hardly needs and that kernels have been broken by:
 * whether they reach the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/acct.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/quota.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __x86_64__
#include <sys/io.h>
#endif

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

/* The kernel has looked at it: it complains about what we gave, not about who we are. */
static struct verdict of_attempt(long result)
{
	if (result < 0 &&
	    (errno == EINVAL || errno == EFAULT || errno == ENOENT || errno == EBADF ||
	     errno == ENOEXEC || errno == ENOTBLK || errno == EISDIR || errno == E2BIG))
		return escaped("the kernel looks at it: %s", strerrorname_np(errno));
	return of_call(result, "the kernel does it");
}

static struct verdict io_uring(void)
{
	return of_attempt(syscall(SYS_io_uring_setup, 1, NULL));
}

static struct verdict fault_handler(void)
{
	return of_attempt(syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */));
}

static struct verdict bpf_program(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};

	return of_attempt(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

/* To all but root. */
static bool perf_is_forbidden(void)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	char text[20];
	bool is = file && fgets(text, sizeof(text), file) && strtol(text, NULL, 10) > 2;

	if (file)
		(void)fclose(file);
	return is;
}

static struct verdict performance(void)
{
	struct perf_event_attr attributes = { .type = PERF_TYPE_SOFTWARE,
					      .size = sizeof(attributes),
					      .config = PERF_COUNT_SW_TASK_CLOCK,
					      .exclude_kernel = 1,
					      .exclude_hv = 1 };
	struct verdict verdict =
		of_attempt(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL));

	/* Debian's kernels have a level for that. */
	if (verdict.error == EACCES && perf_is_forbidden())
		return not_applicable("the kernel is set to forbid it");
	return verdict;
}

static struct verdict file_watch(void)
{
	return of_attempt(fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC));
}

static struct verdict other_kernel(void)
{
	return of_attempt(syscall(SYS_kexec_load, 0UL, 1000UL, NULL, 0UL));
}

static struct verdict module(void)
{
	return of_attempt(syscall(SYS_init_module, NULL, 0UL, ""));
}

static struct verdict module_file(void)
{
	return of_attempt(syscall(SYS_finit_module, -1, "", 0));
}

/* With wrong numbers: nothing is restarted. */
static struct verdict restart(void)
{
	return of_attempt(syscall(SYS_reboot, 1, 2, 0, NULL));
}

static struct verdict swap(void)
{
	return of_attempt(swapon("/dev/null", 0));
}

static struct verdict accounting(void)
{
	return of_attempt(acct("/dev"));
}

static struct verdict quota(void)
{
	return of_attempt(syscall(SYS_quotactl, QCMD(Q_SYNC, USRQUOTA), "/dev/null", 0, NULL));
}

/* To what it is. */
static struct verdict clock_adjust(void)
{
	struct timex now = { 0 };

	if (adjtimex(&now) < 0)
		return held_by(errno);
	now.modes = ADJ_TICK;
	return of_attempt(adjtimex(&now));
}

static struct verdict log_read(void)
{
	char bytes[16];

	return of_attempt(syscall(SYS_syslog, 3 /* read all */, bytes, sizeof(bytes)));
}

static struct verdict log_console(void)
{
	return of_attempt(syscall(SYS_syslog, 8 /* console level */, NULL, 99));
}

static struct verdict executable_data(void)
{
	return of_attempt(personality(READ_IMPLIES_EXEC));
}

static struct verdict move_memory(void)
{
	return of_attempt(syscall(SYS_move_pages, 0, 0UL, NULL, NULL, NULL, 0));
}

#ifdef __x86_64__
static struct verdict segments(void)
{
	unsigned int descriptor[4] = { 0, 0, 0, 0x1 };

	return of_attempt(syscall(SYS_modify_ldt, 1, descriptor, sizeof(descriptor)));
}

static struct verdict ports(void)
{
	return of_call(ioperm(0x80, 1, 1), "a port");
}

/* Numbers of another ABI, for which a filter may have no rules. */
static struct verdict other_numbers(void)
{
	return of_attempt(syscall(0x40000000 | SYS_getpid));
}

/* The gate of 32-bit programs, where getpid is 20. A kernel without it sends SIGSEGV. */
static struct verdict gate32(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		long result = 20;

		__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
		_exit(result == getpid() ? 42 : 1);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return broken("no process");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)
		return held_by(ENOSYS);
	return WIFEXITED(status) && WEXITSTATUS(status) == 42 ? escaped("the kernel does it")
							      : held("it is not answered");
}
#else
static struct verdict not_here(void)
{
	return not_applicable("only on x86-64");
}
#define segments not_here
#define ports not_here
#define other_numbers not_here
#define gate32 not_here
#endif

const struct attack call_attacks[] = {
	{ "io-uring", CONTROL_USER, "seccomp", "io_uring_setup", io_uring },
	{ "userfaultfd", CONTROL_USER, "seccomp", "userfaultfd", fault_handler },
	{ "bpf", CONTROL_ROOT, "", "bpf", bpf_program },
	{ "perf", CONTROL_USER, "seccomp", "perf_event_open", performance },
	{ "fanotify", CONTROL_ROOT, "", "fanotify of contents", file_watch },
	{ "kexec", CONTROL_ROOT, "", "kexec_load", other_kernel },
	{ "module", CONTROL_ROOT, "", "init_module", module },
	{ "module-file", CONTROL_ROOT, "", "finit_module", module_file },
	{ "reboot", CONTROL_ROOT, "", "reboot", restart },
	{ "swap", CONTROL_ROOT, "", "swapon", swap },
	{ "accounting", CONTROL_ROOT, "", "acct", accounting },
	{ "quota", CONTROL_USER, "seccomp", "quotactl", quota },
	{ "clock", CONTROL_ROOT, "", "adjtimex", clock_adjust },
	{ "kernel-log-read", CONTROL_ROOT, "", "syslog", log_read },
	{ "kernel-log-level", CONTROL_ROOT, "", "syslog, what goes to the console", log_console },
	{ "executable-data", CONTROL_USER, "seccomp", "personality(READ_IMPLIES_EXEC)",
	  executable_data },
	{ "move-pages", CONTROL_USER, "seccomp", "move_pages", move_memory },
	{ "segments", CONTROL_USER, "seccomp", "modify_ldt", segments },
	{ "ports", CONTROL_ROOT, "", "ioperm", ports },
	{ "x32", CONTROL_USER, "seccomp", "a call by its x32 number", other_numbers },
	{ "gate32", CONTROL_USER, "seccomp", "a call by int 0x80", gate32 },
	{ 0 },
};

static struct verdict try_socket(int family, int type, int protocol)
{
	AUTO_CLOSE int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	return of_call(fd, "a socket");
}

static struct verdict packets(void)
{
	return try_socket(AF_PACKET, SOCK_RAW, 0);
}

static struct verdict raw_internet(void)
{
	return try_socket(AF_INET, SOCK_RAW, 1);
}

static struct verdict ciphers(void)
{
	return try_socket(AF_ALG, SOCK_SEQPACKET, 0);
}

static struct verdict machine_sockets(void)
{
	return try_socket(AF_VSOCK, SOCK_STREAM, 0);
}

static struct verdict packet_filter(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}

static struct verdict audit(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
}

static struct verdict transforms(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);
}

static struct verdict generic(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
}

static struct verdict key_sockets(void)
{
	return try_socket(AF_KEY, SOCK_RAW, 2);
}

static struct verdict other_families(void)
{
	static const int families[] = { AF_APPLETALK, AF_AX25, AF_X25,	 AF_CAN, AF_TIPC,
					AF_BLUETOOTH, AF_RDS,  AF_SMC,	 AF_KCM, AF_QIPCRTR,
					AF_XDP,	      AF_LLC,  AF_PPPOX, AF_NFC };
	struct verdict verdict = held_by(EAFNOSUPPORT);

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET };

		for (size_t j = 0; j < sizeof(types) / sizeof(types[0]); j++) {
			verdict = try_socket(families[i], types[j], 0);
			if (verdict.outcome == OUTCOME_ESCAPED)
				return escaped("family %d", families[i]);
		}
	}
	return verdict;
}

const struct attack socket_attacks[] = {
	{ "packets", CONTROL_ROOT, "", "AF_PACKET", packets },
	{ "raw-internet", CONTROL_ROOT, "", "SOCK_RAW", raw_internet },
	{ "ciphers", CONTROL_USER, "seccomp", "AF_ALG", ciphers },
	{ "machine-sockets", CONTROL_USER, "seccomp", "AF_VSOCK", machine_sockets },
	{ "packet-filter", CONTROL_USER, "seccomp", "NETLINK_NETFILTER", packet_filter },
	{ "audit", CONTROL_USER, "seccomp", "NETLINK_AUDIT", audit },
	{ "transforms", CONTROL_USER, "seccomp", "NETLINK_XFRM", transforms },
	{ "generic-netlink", CONTROL_USER, "seccomp", "NETLINK_GENERIC", generic },
	{ "key-sockets", CONTROL_ROOT, "", "AF_KEY", key_sockets },
	{ "other-families", CONTROL_USER, "seccomp", "families of sockets that hardly anybody uses",
	  other_families },
	{ 0 },
};
