/* To be preloaded: a kernel for which a procfs with subset=pid is none, so that another one cannot
 * be mounted where there is no other without mounts on it. With STRICT_KERNEL=full, one that has no
 * user namespace left. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

static int is_full;

/* Before the program can clear its environment. */
__attribute__((constructor)) static void start(void)
{
	is_full = getenv("STRICT_KERNEL") != NULL;
}

static int has_hidden_proc(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	int found = 0;

	while (file && fgets(line, sizeof(line), file))
		found |= strstr(line, " - proc ") && strstr(line, "subset=pid");
	if (file)
		(void)fclose(file);
	return found;
}

long syscall(long number, ...);

/* The symbol of the C library, with its six arguments in registers on every architecture. */
long syscall(long number, ...)
{
	static long (*real)(long, ...);
	const struct clone_args *arguments = NULL;
	long a[6];
	va_list list;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_fsmount && has_hidden_proc()) {
		errno = EPERM;
		return -1;
	}
	if (number == SYS_clone3)
		memcpy((void *)&arguments, &a[0], sizeof(a[0]));
	if (arguments && is_full && arguments->flags & CLONE_NEWUSER) {
		errno = ENOSPC;
		return -1;
	}
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
