#include "runtime/project.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/secret_places.h"

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

static const char *secret_refusal(const char *project, const char *home)
{
	switch (secret_places_meet(project, home)) {
	case SECRET_PLACES_WITHIN:
		return "it is where keys, or what sandboxes leave, are kept, which are to stay "
		       "outside";
	case SECRET_PLACES_ABOVE:
		return "it holds a place where keys, or what sandboxes leave, are kept, which are "
		       "to "
		       "stay outside";
	default:
		return NULL;
	}
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
	return secret_refusal(project, home ? home : host->caller.home)
		       ?: secret_refusal(project, host->caller.home);
}

static void fault_unusable(const struct host_file *project, struct diag *diag)
{
	if (project->error == ENOENT && strcmp(project->asked, ".") == 0)
		diag_fault(diag, "cannot use the working directory: it has been removed");
	else
		diag_fault(diag, "cannot use '%s' as the project: %s", project->asked,
			   strerror(project->error));
}

void project_check(const struct host *host, struct diag *diag)
{
	const struct host_file *project = &host->project;
	const char *reason;

	if (project->error != 0) {
		fault_unusable(project, diag);
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
	if (!project->can_access) {
		diag_fault(diag, "cannot use '%s' as the project: user '%s' cannot enter it",
			   project->path, host->caller.name);
		return;
	}
	/* Whoever wrote what lies around it may have made it. */
	if (project->is_link)
		diag_warning(diag, "the project '%s' is a link, sharing '%s', continuing",
			     project->asked, project->path);
}
