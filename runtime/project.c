#include "runtime/project.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"

/* Refused themselves; of the first kind, all that lies below them too. */
static const char *const kernel_places[] = { "/proc", "/sys" };
static const char *const system_places[] = { "/", "/nix", "/dev", "/run", "/tmp" };

bool project_is_kernel_place(const char *path)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kernel_places); i++)
		if (path_is_at_or_below(path, kernel_places[i]))
			return true;
	return false;
}

static const char *refusal(const struct host *host)
{
	const char *project = host->project.path, *home = host->home.path;

	if (project_is_kernel_place(project))
		return "it belongs to the kernel";
	for (size_t i = 0; i < ARRAY_LENGTH(system_places); i++)
		if (strcmp(project, system_places[i]) == 0)
			return "it belongs to the system";
	if (strcmp(project, home ? home : host->caller.home) == 0 ||
	    strcmp(project, host->caller.home) == 0)
		return "it is the home directory, which is to stay outside";
	if (path_is_at_or_below(home ? home : host->caller.home, project) ||
	    path_is_at_or_below(host->caller.home, project))
		return "it holds the home directory, which is to stay outside";
	return NULL;
}

void project_check(const struct host *host, struct diag *diag)
{
	const struct host_file *project = &host->project;
	const char *reason;

	if (project->error != 0) {
		diag_fault(diag, "cannot use '%s' as the project: %s", project->asked,
			   strerror(project->error));
		return;
	}
	if (project->kind != HOST_FILE_DIRECTORY) {
		diag_fault(diag, "cannot use '%s' as the project: not a directory", project->asked);
		return;
	}
	reason = refusal(host);
	if (reason) {
		diag_fault(diag, "cannot use '%s' as the project: %s", project->path, reason);
		return;
	}
	if (!project->can_access)
		diag_fault(diag, "cannot use '%s' as the project: user '%s' cannot enter it",
			   project->path, host->caller.name);
}
