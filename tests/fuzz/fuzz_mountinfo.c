/* /proc/self/mountinfo, read back against a plan. Names in it are anybody's choice. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "mounts/mountinfo.h"
#include "tests/fuzz/fuzz.h"

static const struct mount_op ops[] = {
	{ MOUNT_DIRECTORY, "/etc", .mode = 0755 },
	{ MOUNT_PROC, "/proc", .flags = MOUNT_NO_SUID },
	{ MOUNT_MASK, "/proc/keys", .flags = MOUNT_READ_ONLY },
	{ MOUNT_TMPFS, "/tmp", .flags = MOUNT_NO_SUID },
	{ MOUNT_BIND, "/tmp/a b", .source = "/a", .flags = MOUNT_NO_SUID | MOUNT_NO_DEVICES },
};

static void check_line(struct arena *arena, const char *line)
{
	size_t size = strlen(line) + 1;
	char *copy = arena_strdup(arena, line);
	struct mountinfo_entry entry = { .target = "untouched" };
	int r = mountinfo_parse_line(copy, &entry);
	const char *const strings[] = { entry.target, entry.root, entry.type };

	if (r < 0) {
		fuzz_check(r == -EINVAL && strcmp(entry.target, "untouched") == 0);
		return;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(strings); i++) {
		fuzz_check(strings[i] >= copy && strings[i] < copy + size);
		fuzz_check(strings[i] + strlen(strings[i]) < copy + size);
	}
	fuzz_check(entry.type[0] != '\0' && !strchr(entry.type, ' '));
	fuzz_check(!(entry.flags & ~0xfU));
}

/* The last mount on `target`, found by going through the lines again. */
static bool find_last(struct arena *arena, const char *text, const char *target,
		      struct mountinfo_entry *ret_entry)
{
	char *line, *rest = arena_strdup(arena, text);
	bool is_found = false;

	while ((line = strsep(&rest, "\n"))) {
		struct mountinfo_entry entry;

		if (mountinfo_parse_line(line, &entry) < 0 || strcmp(entry.target, target) != 0)
			continue;
		*ret_entry = entry;
		is_found = true;
	}
	return is_found;
}

/* Without a fault every planned mount is there as planned. */
static void check_mounts(struct arena *arena, const char *text)
{
	for (size_t i = 0; i < ARRAY_LENGTH(ops); i++) {
		struct mountinfo_entry entry = { 0 };

		if (!mount_kind_is_mount(ops[i].kind))
			continue;
		fuzz_check(find_last(arena, text, ops[i].target, &entry));
		fuzz_check(!(ops[i].flags & ~entry.flags));
		fuzz_check(ops[i].kind == MOUNT_PROC || !entry.type ||
			   strcmp(entry.type, "proc") != 0 || ops[i].kind == MOUNT_MASK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const bool absent[ARRAY_LENGTH(ops)];
	AUTO_ARENA struct arena arena = { 0 };
	const char *text = fuzz_string(&arena, data, size);
	struct diag diag = { .arena = &arena }, diag_again = { .arena = &arena };
	struct mount_list list = { 0 };
	char *line, *rest = arena_strdup(&arena, text);

	for (size_t i = 0; i < ARRAY_LENGTH(ops); i++)
		(void)mount_list_append(&list, &arena, &ops[i]);
	while ((line = strsep(&rest, "\n")))
		check_line(&arena, line);
	mountinfo_check(&list, absent, arena_strdup(&arena, text), &diag);
	fuzz_check_diag(&diag);
	if (!diag_has_faults(&diag))
		check_mounts(&arena, text);
	mountinfo_check(&list, absent, arena_strdup(&arena, text), &diag_again);
	fuzz_check_same_diag(&diag, &diag_again);
	return 0;
}
