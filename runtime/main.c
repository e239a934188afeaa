/* claude-sandbox: from argv to a plan, and from the plan to paper or to a sandbox. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "forward/host.h"
#include "init/control.h"
#include "runtime/elevation.h"
#include "runtime/help.h"
#include "runtime/limits.h"
#include "runtime/options.h"
#include "runtime/plan.h"
#include "runtime/plan_print.h"
#include "runtime/supervise.h"

/* Whoever started us also chose our descriptors, signal dispositions, mask of modes and
 * environment: from here on all of them are the usual ones. The old environment stays readable by
 * its pointers. */
static int process_settle(char *const **ret_environment)
{
	static char *no_environment[] = { NULL };
	const struct rlimit no_core = { 0, 0 };
	sigset_t none;
	int r;

	/* A core file of ours would hold the caller's keys and be root's, in the project. Without
	 * core files, and not dumpable, in all that is forked from here. */
	if (setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return log_error_errno(errno, "cannot forbid core files");
	r = fd_fill_standard();
	if (r == 0)
		r = fd_close_from(3);
	if (r < 0)
		return log_error_errno(r, "cannot settle the descriptors");
	/* SIGKILL, SIGSTOP and those the libc keeps for itself say no. */
	for (int number = 1; number <= SIGRTMAX; number++)
		(void)signal(number, SIG_DFL);
	/* A file that may not grow is an error of write(2); init makes it the default again. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(022);
	*ret_environment = environ;
	environ = no_environment;
	return 0;
}

static void report(const struct diag *diag, bool is_quiet)
{
	for (size_t i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];

		if (entry->level == DIAG_WARNING && is_quiet)
			continue;
		if (entry->level == DIAG_FAULT)
			log_error("%s", entry->text);
		else
			log_warning("%s", entry->text);
		if (entry->hint)
			log_hint("%s", entry->hint);
	}
}

static struct host_query query_from(struct arena *arena, const struct options *options,
				    char *const *environment)
{
	const char **sources = arena_alloc(arena, options->bind_count * sizeof(*sources));
	bool *is_forwarded = arena_alloc(arena, forward_count * sizeof(*is_forwarded));

	for (size_t i = 0; i < options->bind_count; i++)
		sources[i] = options->binds[i].source;
	for (size_t i = 0; i < forward_count; i++)
		is_forwarded[i] = plan_has_forward(options, forwards[i]);
	return (struct host_query) {
		.environment = environment,
		.project = options->project,
		.system = options->system,
		.claude = options->claude,
		.user = options->user,
		.bind_sources = sources,
		.bind_source_count = options->bind_count,
		.environment_files = options->environment_files,
		.environment_file_count = options->environment_file_count,
		.is_forwarded = is_forwarded,
	};
}

static int print_plan(const struct options *options, const struct plan *plan,
		      const struct diag *diag)
{
	if (options->json)
		plan_print_json(plan, diag, stdout);
	else
		plan_print_text(plan, stdout);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		(void)log_error_errno(errno, "cannot print the plan");
		return CONTROL_EXIT_FAILURE;
	}
	return diag_has_faults(diag) ? CONTROL_EXIT_FAILURE : EXIT_SUCCESS;
}

/* Says what is wrong, of the command line and of what it asks for. */
static void report_all(const struct options *options, const struct diag *diag)
{
	report(diag, options->quiet);
	if (options->has_faults)
		(void)fputs("Try 'claude-sandbox --help'.\n", stderr);
}

/* `arguments` and `environment` are what we were started with. */
static int run(struct arena *arena, const struct options *options, char *const *arguments,
	       char *const *environment, struct diag *diag)
{
	struct host_query query = query_from(arena, options, environment);
	struct host host = { 0 };
	struct plan plan;

	host_limits_read(&host.limits);
	if (!limits_allow_probe(&host.limits, diag) || host_probe(arena, &query, diag, &host) < 0) {
		report_all(options, diag);
		return CONTROL_EXIT_FAILURE;
	}
	plan_build(arena, options, &host, diag, &plan);
	limits_check_plan(&host.limits, &plan, diag);
	report_all(options, diag);
	if (options->dry_run)
		return print_plan(options, &plan, diag);
	if (diag_has_faults(diag))
		return CONTROL_EXIT_FAILURE;
	if (!host.is_root) {
		elevation_run(arena, arguments, environment,
			      host.is_terminal[STDIN_FILENO] && host.is_terminal[STDERR_FILENO]);
		return CONTROL_EXIT_FAILURE;
	}
	return supervise(&plan, host.is_terminal);
}

int main(int argc, char **argv)
{
	/* For as long as the process lives: to free it at the end would only touch its pages again.
	 */
	static struct arena arena;
	struct diag diag = { .arena = &arena };
	char *const *environment = NULL;
	struct options options;

	/* The program's name, which nobody has to give. */
	if (argc > 0) {
		argc--;
		argv++;
	}
	if (process_settle(&environment) < 0)
		return CONTROL_EXIT_FAILURE;
	options_parse(&arena, argc, argv, &diag, &options);
	log_set_debug(options.debug);
	log_set_quiet(options.quiet);
	if (options.help || options.version) {
		if (options.help)
			help_print(stdout);
		else
			(void)puts("claude-sandbox " CLAUDE_SANDBOX_VERSION);
		return fflush(stdout) == 0 ? EXIT_SUCCESS : CONTROL_EXIT_FAILURE;
	}
	if (options.verb == VERB_NONE || options.has_unknown) {
		report_all(&options, &diag);
		return CONTROL_EXIT_FAILURE;
	}
	return run(&arena, &options, argv, environment, &diag);
}
