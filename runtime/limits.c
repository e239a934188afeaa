#include "runtime/limits.h"

#include <string.h>

/* The setup child's own beside the sources, all of which it holds at once: standard streams,
 * channels, the trees it works on. */
#define OPEN_FILES_BASE 32U

/* Files in memory count, too: init's image, and what the survey finds. */
#define FILE_SIZE_BASE (2UL * 1024 * 1024)

/* PID 1 and the payload. */
#define PROCESSES_BASE 2U

/* What a hint names when it is enough. */
#define OPEN_FILES_USUAL 1024U

static void check(const struct host_limits *limits, const struct host_limits *needs,
		  struct diag *diag)
{
	if (limits->file_size < needs->file_size) {
		diag_fault(diag, "cannot do with files of at most %llu bytes: it takes %llu",
			   (unsigned long long)limits->file_size,
			   (unsigned long long)needs->file_size);
		diag_hint(diag, "ulimit -f unlimited");
	}
	if (limits->open_files < needs->open_files) {
		diag_fault(diag, "cannot do with %llu open files: it takes %llu",
			   (unsigned long long)limits->open_files,
			   (unsigned long long)needs->open_files);
		diag_hint(diag, "ulimit -n %llu",
			  (unsigned long long)(needs->open_files < OPEN_FILES_USUAL
						       ? OPEN_FILES_USUAL
						       : needs->open_files));
	}
	if (limits->processes < needs->processes) {
		diag_fault(diag, "cannot do with %llu processes: it takes %llu",
			   (unsigned long long)limits->processes,
			   (unsigned long long)needs->processes);
		diag_hint(diag, "ulimit -u unlimited");
	}
}

bool limits_allow_probe(const struct host_limits *limits, struct diag *diag)
{
	const struct host_limits needs = {
		.file_size = FILE_SIZE_BASE,
		.open_files = OPEN_FILES_BASE,
		.processes = PROCESSES_BASE,
	};
	size_t before = diag->fault_count;

	check(limits, &needs, diag);
	return diag->fault_count == before;
}

/* Of the file that tells PID 1 what to start (init/control.h). */
static uint64_t request_size(const struct plan *plan)
{
	uint64_t size = 4096 + strlen(plan->directory);

	for (size_t i = 0; i < plan->argument_count; i++)
		size += strlen(plan->arguments[i]) + 1;
	for (size_t i = 0; i < plan->env.count; i++)
		size += strlen(plan->env.entries[i].name) + strlen(plan->env.entries[i].value) + 2;
	return size;
}

static uint64_t seed_size(const struct seed *seed)
{
	return seed->content ? seed->content_length : seed->source_size;
}

void limits_check_plan(const struct host_limits *limits, const struct plan *plan, struct diag *diag)
{
	struct host_limits needs = {
		.file_size = request_size(plan),
		.open_files = OPEN_FILES_BASE + plan->sources.count,
	};

	for (size_t i = 0; i < plan->seeds.count; i++)
		if (seed_size(&plan->seeds.seeds[i]) > needs.file_size)
			needs.file_size = seed_size(&plan->seeds.seeds[i]);
	check(limits, &needs, diag);
}
