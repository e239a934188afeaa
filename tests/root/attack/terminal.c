/* The caller's terminal: typing into it, taking it over, the consoles of the machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

#define SELECTION_OF_SHIFT_STATE 6 /* of TIOCLINUX: asks, changes nothing */

static bool is_outer(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && fact("tty") &&
	       status.st_dev == (dev_t)fact_number("tty_device") &&
	       status.st_rdev == (dev_t)fact_number("tty_number");
}

/* /dev/tty does not tell which one it is; a session whose leader is outside does. */
static bool has_outer_session(void)
{
	pid_t session = getsid(0);

	return session == 0 || (fact("session") && session == (pid_t)fact_number("session"));
}

static struct verdict push(unsigned long request)
{
	AUTO_CLOSE int own_fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct verdict verdict = held("no terminal of the caller's in reach");
	char byte = ' ';

	for (int fd = 0; fd <= 2; fd++) {
		if (!is_outer(fd))
			continue;
		if (ioctl(fd, request, &byte) == 0)
			return escaped("typed into the caller's terminal, descriptor %d", fd);
		verdict = held_by(errno);
	}
	if (own_fd >= 0 && has_outer_session()) {
		if (ioctl(own_fd, request, &byte) == 0)
			return escaped("typed into the caller's terminal, /dev/tty");
		verdict = held_by(errno);
	}
	if (verdict.error == EIO || verdict.error == EPERM) {
		AUTO_CLOSE int setting_fd =
			open("/proc/sys/dev/tty/legacy_tiocsti", O_RDONLY | O_CLOEXEC);

		if (setting_fd >= 0 && read(setting_fd, &byte, 1) == 1 && byte == '0')
			return not_applicable("dev.tty.legacy_tiocsti is 0");
	}
	return verdict;
}

static struct verdict push_input(void)
{
	return push(TIOCSTI);
}

/* The kernel takes 32 bits of the number, a careless filter compares 64. */
static struct verdict push_input_high_bits(void)
{
	return push(TIOCSTI | 1ul << 40);
}

/* Opens a new pseudo terminal: any ioctl on it is the kernel's to allow. */
static int own_terminal(void)
{
	int master_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave_fd;

	if (master_fd < 0 || unlockpt(master_fd) < 0)
		return -1;
	slave_fd = ioctl(master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return slave_fd;
}

static struct verdict own_ioctl(unsigned long request, void *argument)
{
	AUTO_CLOSE int fd = own_terminal();

	if (fd < 0)
		return broken("no terminal of our own: %s", strerror(errno));
	if (setsid() < 0 && getpgrp() == getpid())
		return broken("no session of our own");
	if (ioctl(fd, TIOCSCTTY, 0) < 0)
		return broken("no controlling terminal: %s", strerror(errno));
	if (ioctl(fd, request, argument) < 0)
		return held_by(errno);
	return escaped("the kernel does it");
}

static struct verdict push_call(void)
{
	char byte = ' ';

	return own_ioctl(TIOCSTI, &byte);
}

static struct verdict push_call_high_bits(void)
{
	char byte = ' ';

	return own_ioctl(TIOCSTI | 1ul << 40, &byte);
}

static struct verdict line_discipline(void)
{
	int plain = 0;

	return own_ioctl(TIOCSETD, &plain);
}

/* It lasts until the terminal is closed. */
static struct verdict console_output(void)
{
	return own_ioctl(TIOCCONS, NULL);
}

static struct verdict selection(void)
{
	static const char *const names[] = { "/dev/tty", "/dev/tty0", "/dev/tty1", "/dev/console" };
	struct verdict verdict = held_by(ENOENT);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_CLOSE int fd = open(names[i], O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		char code = SELECTION_OF_SHIFT_STATE;

		if (fd >= 0 && ioctl(fd, TIOCLINUX, &code) >= 0)
			return escaped("TIOCLINUX on %s", names[i]);
		verdict = held_by(errno);
	}
	/* Without a virtual console there is nothing that understands it. */
	if (verdict.error == ENOTTY || verdict.error == EINVAL)
		verdict.error = ENODEV;
	return verdict;
}

static struct verdict outer_by_name(void)
{
	AUTO_CLOSE int fd = -1;

	if (!fact("tty"))
		return not_applicable("no terminal outside");
	fd = open(fact("tty"), O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return held_by(errno);
	return is_outer(fd) ? escaped("opened '%s'", fact("tty")) : held("one of the same name");
}

static struct verdict outer_by_number(void)
{
	struct verdict verdict = held("none is the caller's");
	char name[40];

	for (int number = 0; number < 200; number++) {
		AUTO_CLOSE int fd = -1;

		(void)snprintf(name, sizeof(name), "/dev/pts/%d", number);
		fd = open(name, O_RDWR | O_CLOEXEC | O_NOCTTY);
		if (fd >= 0 && is_outer(fd))
			return escaped("opened '%s'", name);
	}
	return verdict;
}

static struct verdict outer_descriptor(void)
{
	for (int fd = 0; fd < 1024; fd++) {
		if (is_outer(fd))
			return escaped("descriptor %d is the caller's terminal", fd);
	}
	return held("none is the caller's");
}

/* Nobody in front but us: the caller's shell is stopped when it reads. Given back at once. */
static struct verdict take_foreground(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		pid_t before = tcgetpgrp(fd);

		if (!is_outer(fd) || setpgid(0, 0) < 0)
			continue;
		if (tcsetpgrp(fd, getpid()) == 0) {
			if (before > 0)
				(void)tcsetpgrp(fd, before);
			return escaped("in front on the caller's terminal");
		}
		return held_by(errno);
	}
	return held("no terminal of the caller's in reach");
}

static struct verdict caller_session(void)
{
	return has_outer_session() ? escaped("we are in the caller's session")
				   : held("a session of its own");
}

static struct verdict consoles(void)
{
	static const char *const names[] = { "/dev/console", "/dev/tty0", "/dev/tty1", "/dev/ttyS0",
					     "/dev/vcs",     "/dev/vcs1", "/dev/hvc0", NULL };

	return try_open_any(names, O_RDWR);
}

/* Through the descriptors of others: the link is only a name, opened anew with our rights. */
static bool terminal_of(long pid, void *data)
{
	char name[60];

	for (int number = 0; number <= 2; number++) {
		AUTO_CLOSE int fd = -1;

		(void)snprintf(name, sizeof(name), "/proc/%ld/fd/%d", pid, number);
		fd = open(name, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (fd >= 0 && is_outer(fd)) {
			*(long *)data = pid;
			return true;
		}
	}
	return false;
}

static struct verdict outer_of_process(void)
{
	long pid = 0;

	return each_other_process(terminal_of, &pid) ? escaped("through process %ld", pid)
						     : held("nobody has it");
}

const struct attack terminal_attacks[] = {
	{ "type-into-terminal", CONTROL_USER, "", "TIOCSTI on the caller's terminal", push_input },
	{ "type-high-bits", CONTROL_USER, "", "the same with bits that the kernel ignores",
	  push_input_high_bits },
	{ "tiocsti", CONTROL_USER, "seccomp", "TIOCSTI on a terminal of our own", push_call },
	{ "tiocsti-high-bits", CONTROL_USER, "seccomp",
	  "the same with bits that the kernel ignores", push_call_high_bits },
	{ "line-discipline", CONTROL_USER, "seccomp", "TIOCSETD on a terminal of our own",
	  line_discipline },
	{ "console-output", CONTROL_ROOT, "", "TIOCCONS: the kernel's messages to us",
	  console_output },
	{ "selection", CONTROL_ROOT, "", "TIOCLINUX: paste on the console", selection },
	{ "terminal-by-name", CONTROL_USER, "", "the caller's terminal by its name",
	  outer_by_name },
	{ "terminal-by-number", CONTROL_USER, "", "every terminal by number", outer_by_number },
	{ "terminal-descriptor", CONTROL_USER, "", "the caller's terminal among what is open",
	  outer_descriptor },
	{ "terminal-of-process", CONTROL_USER, "", "the descriptors of other processes",
	  outer_of_process },
	{ "take-foreground", CONTROL_USER, "", "the foreground of the caller's terminal",
	  take_foreground },
	{ "session-of-caller", CONTROL_USER, "", "to be a member of the caller's session",
	  caller_session },
	{ "consoles", CONTROL_ROOT, "", "the machine's consoles and their screens", consoles },
	{ 0 },
};
