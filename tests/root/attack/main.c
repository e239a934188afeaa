/* attack --list			NAME CLASS CONTROL DEFENCE, one attack a line
 * attack --describe FILE		what a fact says of a file of root's
 * attack --ask FACTS QUESTION		the witness
 * attack --facts FILE [--report FILE] [--control root|user|chroot] [--all | NAME...]
 *
 * Runs the attacks, each in a process of its own, and prints a line of each: `NAME: held (EPERM)`.
 * With --control only those that must succeed in such a world, which are told apart from those that
 * this kernel has nothing for. Exit status 0 when none has escaped. `--list -v` says in
 * words what each tries. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

#define LIMIT_MILLISECONDS 10000

static const char *const control_names[] = {
	[CONTROL_ROOT] = "root",
	[CONTROL_USER] = "user",
	[CONTROL_CHROOT] = "chroot",
};

static const char *const outcome_names[] = {
	[OUTCOME_HELD] = "held",
	[OUTCOME_ESCAPED] = "ESCAPED",
	[OUTCOME_NOT_APPLICABLE] = "not applicable",
	[OUTCOME_BROKEN] = "BROKEN",
};

static const struct attack_class classes[] = {
	{ "terminal", terminal_attacks }, { "process", process_attacks },
	{ "init", init_attacks },	  { "descriptor", descriptor_attacks },
	{ "file", file_attacks },	  { "kernel-file", kernel_file_attacks },
	{ "mount", mount_attacks },	  { "credential", credential_attacks },
	{ "key", key_attacks },		  { "namespace", namespace_attacks },
	{ "ipc", ipc_attacks },		  { "call", call_attacks },
	{ "socket", socket_attacks },	  { "resource", resource_attacks },
	{ "launcher", launcher_attacks },
};

struct selection {
	const char *control; /* NULL: any */
	char **names;	     /* NULL: all */
};

static void list(bool in_words)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		for (const struct attack *attack = classes[i].attacks; attack->name; attack++)
			(void)printf("%s %s %s %s%s%s\n", attack->name, classes[i].name,
				     control_names[attack->control],
				     *attack->defence ? attack->defence : "-", in_words ? " " : "",
				     in_words ? attack->tries : "");
	}
}

/* What a kernel lacks cannot succeed where nothing forbids it. */
static bool is_lack(int error)
{
	return error == ENOSYS || error == EAFNOSUPPORT || error == EPROTONOSUPPORT ||
	       error == ENODEV || error == ENXIO || error == EOPNOTSUPP || error == ESOCKTNOSUPPORT;
}

static _Noreturn void child_run(const struct attack *attack, int result_fd)
{
	struct verdict verdict;

	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	verdict = attack->run();
	_exit(write(result_fd, &verdict, sizeof(verdict)) != (ssize_t)sizeof(verdict));
}

static struct verdict attack_run(const struct attack *attack)
{
	int ends[2];
	struct verdict verdict = broken("no answer");
	long factor = fact_number("factor");
	int limit = LIMIT_MILLISECONDS * (factor > 0 ? (int)factor : 1);
	struct pollfd result;
	pid_t child;

	(void)fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return broken("no pipe");
	child = fork();
	if (child == 0)
		child_run(attack, ends[1]);
	(void)close(ends[1]);
	result = (struct pollfd) { .fd = ends[0], .events = POLLIN };
	if (child > 0 && poll(&result, 1, limit) > 0 &&
	    read(ends[0], &verdict, sizeof(verdict)) != (ssize_t)sizeof(verdict))
		verdict = broken("ended without a word");
	(void)close(ends[0]);
	if (child > 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	return verdict;
}

static bool is_selected(const struct attack *attack, const struct selection *selection)
{
	if (selection->control && strcmp(selection->control, control_names[attack->control]) != 0)
		return false;
	for (char **name = selection->names; name; name++) {
		if (!*name)
			return false;
		if (strcmp(*name, attack->name) == 0)
			return true;
	}
	return true;
}

static int run_selected(const struct selection *selection, FILE *report)
{
	int escapes = 0;

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		for (const struct attack *attack = classes[i].attacks; attack->name; attack++) {
			struct verdict verdict;

			if (!is_selected(attack, selection))
				continue;
			verdict = attack_run(attack);
			if (selection->control && verdict.outcome == OUTCOME_HELD &&
			    is_lack(verdict.error))
				verdict.outcome = OUTCOME_NOT_APPLICABLE;
			escapes += verdict.outcome == OUTCOME_ESCAPED;
			(void)fprintf(report, "%s: %s (%s)\n", attack->name,
				      outcome_names[verdict.outcome], verdict.detail);
			(void)fflush(report);
		}
	}
	return escapes > 0;
}

/* Of a program with a set-user-ID bit or the like: whether it gave anything. */
static int say_rights(const char *what)
{
	bool more;

	if (strcmp(what, "--have-user") == 0)
		more = geteuid() != getuid();
	else if (strcmp(what, "--have-group") == 0)
		more = getegid() != getgid();
	else
		more = has_capability(1 /* CAP_DAC_OVERRIDE */);
	(void)printf("%s\n", more ? "more" : "the same");
	return !more;
}

/* As facts: the number by which the file's file system knows it. */
static int describe(const char *path)
{
	union handle_space space = { .handle.handle_bytes = MAX_HANDLE_SZ };
	struct file_handle *handle = &space.handle;
	int mount;

	if (name_to_handle_at(AT_FDCWD, path, handle, &mount, 0) < 0) {
		perror(path);
		return 2;
	}
	(void)printf("root_handle_type=%d\nroot_handle=", handle->handle_type);
	for (unsigned int i = 0; i < handle->handle_bytes; i++)
		(void)printf("%02x", handle->f_handle[i]);
	(void)printf("\n");
	return 0;
}

static int ask(const char *facts_path, const char *question)
{
	const char *answer = facts_load(facts_path) ? witness_ask(question) : NULL;

	(void)printf("%s\n", answer ?: "");
	return !answer;
}

static int usage(void)
{
	(void)fprintf(stderr, "usage: attack --list [-v] | --describe FILE | --ask FACTS QUESTION\n"
			      "       attack --facts FILE [--report FILE] [--control WORLD] "
			      "[--all | NAME...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *facts_path = NULL, *report_path = "/dev/stdout";
	struct selection selection = { 0 };
	FILE *report;
	int i = 1;

	inherited_note();
	if (argc >= 2 && strcmp(argv[1], "--list") == 0) {
		list(argc > 2);
		return 0;
	}
	if (argc >= 2 && strncmp(argv[1], "--have-", 7) == 0)
		return say_rights(argv[1]);
	if (argc == 3 && strcmp(argv[1], "--describe") == 0)
		return describe(argv[2]);
	if (argc == 4 && strcmp(argv[1], "--ask") == 0)
		return ask(argv[2], argv[3]);
	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--facts") == 0)
			facts_path = argv[i + 1];
		else if (strcmp(argv[i], "--report") == 0)
			report_path = argv[i + 1];
		else if (strcmp(argv[i], "--control") == 0)
			selection.control = argv[i + 1];
		else
			return usage();
	}
	if (i >= argc || !facts_path)
		return usage();
	if (strcmp(argv[i], "--all") != 0)
		selection.names = argv + i;
	if (!facts_load(facts_path)) {
		perror(facts_path);
		return 2;
	}
	report = fopen(report_path, "ae");
	if (!report) {
		perror(report_path);
		return 2;
	}
	return run_selected(&selection, report);
}
