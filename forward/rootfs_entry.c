#include "forward/rootfs_entry.h"

#include <string.h>
#include <sys/stat.h>

#include "base/path.h"

static bool is_small_text(const struct survey_answer *answer)
{
	return answer->content && strlen(answer->content) == answer->content_length;
}

struct rootfs_entry rootfs_entry_of_host(const char *path, const struct survey_answer *answer)
{
	struct rootfs_entry entry = { .path = path, .target = answer->path };
	bool is_top_level = strchr(path + 1, '/') == NULL;

	if (answer->error != 0)
		entry.kind = ROOTFS_MISSING;
	else if (answer->link && path_is_at_or_below(answer->path, "/usr"))
		entry.kind = ROOTFS_LINK;
	else if (S_ISDIR(answer->mode))
		entry.kind = ROOTFS_DIRECTORY;
	else if (S_ISREG(answer->mode) && is_small_text(answer))
		entry.kind = ROOTFS_TEXT;
	else if (S_ISREG(answer->mode))
		entry.kind = ROOTFS_REGULAR;
	if (entry.kind == ROOTFS_TEXT)
		entry.content = answer->content;
	/* /lib64 -> usr/lib64, as distributions write it. */
	if (entry.kind == ROOTFS_LINK && is_top_level)
		entry.target = answer->path + 1;
	return entry;
}

struct rootfs_entry rootfs_entry_of_tree(const char *path, const struct survey_answer *answer)
{
	return (struct rootfs_entry) {
		.path = path,
		.kind = answer->link ? ROOTFS_LINK : ROOTFS_MISSING,
		.target = answer->link,
	};
}
