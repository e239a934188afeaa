/* keyring-probe add NAME: joins a new session keyring, puts a key into it, and executes the rest
 * of the command line in it. keyring-probe find NAME: 0 when the session keyring has that key. */
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int add(char **arguments)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_add_key, "user", arguments[0], "secret", 6UL, KEY_SPEC_SESSION_KEYRING) <
		    0) {
		perror("add_key");
		return 2;
	}
	(void)execvp(arguments[1], arguments + 1);
	perror(arguments[1]);
	return 2;
}

static int find(const char *name)
{
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0L);

	if (key >= 0) {
		(void)printf("found\n");
		return 0;
	}
	(void)printf("%s\n", strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	if (argc >= 4 && strcmp(argv[1], "add") == 0)
		return add(argv + 2);
	if (argc == 3 && strcmp(argv[1], "find") == 0)
		return find(argv[2]);
	return 2;
}
