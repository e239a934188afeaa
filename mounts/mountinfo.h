/* /proc/self/mountinfo as text (proc_pid_mountinfo(5)), compared with what was planned. Pure. */
#pragma once

#include "base/diag.h"
#include "mounts/mount_list.h"

/* One line: where it is mounted, with which flags, and the type of its file system. */
struct mountinfo_entry {
	const char *target;
	unsigned flags; /* enum mount_flag */
	const char *type;
	const char *root; /* the directory of the file system that is mounted */
};

/* Parses one line, without its newline, changing it in place: the strings point into it. Octal
 * escapes are undone. Returns -EINVAL for anything else than a whole line. */
int mountinfo_parse_line(char *line, struct mountinfo_entry *ret_entry);

/* Adds a fault for every planned mount that `text` does not show as planned, with its flags; for
 * every mount that is neither planned nor came along below a shared directory, or lacks that one's
 * flags; and for a procfs that came along. `text`, seen from the sandbox's root, is changed in
 * place. absent[i] tells which of the list's steps this kernel had no target for. */
void mountinfo_check(const struct mount_list *list, const bool *absent, char *text,
		     struct diag *diag);
