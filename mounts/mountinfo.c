#include "mounts/mountinfo.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"

/* The kernel writes blank, tab, newline and backslash of a name as \ooo. */
static void unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in;) {
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
		    in[3] >= '0' && in[3] <= '7') {
			*out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
}

static unsigned parse_flags(char *options)
{
	static const struct {
		const char *name;
		unsigned flag;
	} names[] = {
		{ "ro", MOUNT_READ_ONLY },
		{ "nosuid", MOUNT_NO_SUID },
		{ "nodev", MOUNT_NO_DEVICES },
		{ "noexec", MOUNT_NO_EXEC },
	};
	char *option, *rest = options;
	unsigned flags = 0;

	while ((option = strsep(&rest, ",")))
		for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
			if (strcmp(option, names[i].name) == 0)
				flags |= names[i].flag;
	return flags;
}

int mountinfo_parse_line(char *line, struct mountinfo_entry *ret_entry)
{
	enum { ID, PARENT, DEVICE, ROOT, TARGET, OPTIONS, FIELD_COUNT };
	char *fields[FIELD_COUNT], *field, *rest = line;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		fields[i] = strsep(&rest, " ");
		if (!fields[i] || fields[i][0] == '\0')
			return -EINVAL;
	}
	/* Optional fields, as many as there are, end with a lone hyphen. */
	do
		field = strsep(&rest, " ");
	while (field && strcmp(field, "-") != 0);
	field = strsep(&rest, " ");
	if (!field || field[0] == '\0')
		return -EINVAL;

	unescape(fields[TARGET]);
	unescape(fields[ROOT]);
	*ret_entry = (struct mountinfo_entry) {
		.target = fields[TARGET],
		.flags = parse_flags(fields[OPTIONS]),
		.type = field,
		.root = fields[ROOT],
	};
	return 0;
}

struct mountinfo_table {
	struct mountinfo_entry *entries;
	size_t count;
};

static void parse_table(struct diag *diag, char *text, struct mountinfo_table *table)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		struct mountinfo_entry entry;

		if (line[0] == '\0')
			continue;
		if (mountinfo_parse_line(line, &entry) < 0) {
			diag_fault(diag, "cannot read back the mounts: malformed line");
			continue;
		}
		table->entries = arena_grow(diag->arena, table->entries, table->count,
					    sizeof(*table->entries));
		table->entries[table->count++] = entry;
	}
}

/* The last line for a target is the mount on top. */
static const struct mountinfo_entry *table_find(const struct mountinfo_table *table,
						const char *target)
{
	for (size_t i = table->count; i > 0; i--)
		if (strcmp(table->entries[i - 1].target, target) == 0)
			return &table->entries[i - 1];
	return NULL;
}

static bool has_expected_type(const struct mount_op *op, const struct mountinfo_entry *entry)
{
	bool is_own = op->kind >= MOUNT_TMPFS && op->kind <= MOUNT_MQUEUE;

	return !is_own || strcmp(entry->type, mount_kind_names[op->kind]) == 0;
}

/* Things of the workplace: over a masked target lies one of two empty ones. */
static bool has_expected_root(const struct mount_op *op, const struct mountinfo_entry *entry)
{
	if (op->kind == MOUNT_BUSES)
		return strcmp(entry->root, "/bus") == 0;
	return op->kind != MOUNT_MASK || strcmp(entry->root, "/null") == 0 ||
	       strcmp(entry->root, "/empty") == 0;
}

static void check_op(const struct mount_op *op, const struct mountinfo_table *table,
		     struct diag *diag)
{
	const struct mountinfo_entry *entry = table_find(table, op->target);

	if (!entry) {
		diag_fault(diag, "cannot find the mount on '%s' again", op->target);
		return;
	}
	if (!has_expected_type(op, entry) || !has_expected_root(op, entry))
		diag_fault(diag, "cannot find %s on '%s': it is '%s' of %s",
			   mount_kind_names[op->kind], op->target, entry->root, entry->type);
	if (op->flags & ~entry->flags)
		diag_fault(diag, "cannot find the flags %s on '%s'",
			   mount_flags_text(diag->arena, op->flags & ~entry->flags), op->target);
}

/* What the host has mounted below a shared directory came along, with its flags. A procfs of the
 * host must not: by its links any directory of the caller's processes is within reach. */
static void check_entry(const struct mountinfo_entry *entry, const struct mount_list *list,
			struct diag *diag)
{
	const struct mount_op *cover = mount_list_cover(list, entry->target);

	if (!cover) {
		if (strcmp(entry->target, "/") != 0)
			diag_fault(diag, "cannot explain the mount on '%s'", entry->target);
		return;
	}
	if (cover->kind != MOUNT_BIND && cover->kind != MOUNT_GUARD) {
		if (strcmp(cover->target, entry->target) != 0)
			diag_fault(diag, "cannot explain the mount on '%s'", entry->target);
		return;
	}
	if (strcmp(entry->type, "proc") == 0)
		diag_fault(diag, "cannot share '%s': a procfs is mounted on '%s'", cover->source,
			   entry->target);
	if (cover->flags & ~entry->flags)
		diag_fault(diag, "cannot find the flags %s on '%s' below '%s'",
			   mount_flags_text(diag->arena, cover->flags & ~entry->flags),
			   entry->target, cover->target);
}

void mountinfo_check(const struct mount_list *list, const bool *absent, char *text,
		     struct diag *diag)
{
	struct mountinfo_table table = { 0 };

	parse_table(diag, text, &table);
	for (size_t i = 0; i < list->count; i++)
		if (mount_kind_is_mount(list->ops[i].kind) && !absent[i] &&
		    mount_list_find(list, list->ops[i].target) == &list->ops[i])
			check_op(&list->ops[i], &table, diag);
	for (size_t i = 0; i < table.count; i++)
		check_entry(&table.entries[i], list, diag);
}
