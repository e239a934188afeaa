#include "forward/survey_look.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"

static int open_path(const struct survey_question *question, uint64_t flags, uint64_t resolve)
{
	AUTO_CLOSE int root_fd = -1;
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve =
			RESOLVE_NO_MAGICLINKS | resolve | (question->root ? RESOLVE_IN_ROOT : 0U),
	};
	long fd;

	if (question->root) {
		root_fd = open(question->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (root_fd < 0)
			return -errno;
	}
	fd = syscall(SYS_openat2, root_fd >= 0 ? root_fd : AT_FDCWD, question->path, &how,
		     sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

/* The name by which the kernel knows an open file now, or NULL. */
static const char *read_path_of(struct arena *arena, int fd)
{
	char *link = arena_printf(arena, "/proc/self/fd/%d", fd), buffer[PATH_MAX];
	ssize_t n = readlink(link, buffer, sizeof(buffer));

	if (n <= 0 || (size_t)n == sizeof(buffer) || buffer[0] != '/')
		return NULL;
	return arena_strndup(arena, buffer, (size_t)n);
}

/* Of what has been removed the kernel gives the last name, with a mark: which a name may have, too.
 */
static bool is_removed(int fd, const char *path)
{
	struct stat st, named;

	if (!text_ends_with(path, " (deleted)") || fstat(fd, &st) < 0)
		return false;
	return stat(path, &named) < 0 || named.st_dev != st.st_dev || named.st_ino != st.st_ino;
}

/* Only of regular files, so that no FIFO or device can make us wait. */
static void read_content(struct arena *arena, int fd, size_t maximum, struct survey_answer *answer)
{
	char *link = arena_printf(arena, "/proc/self/fd/%d", fd);
	AUTO_CLOSE int content_fd = open(link, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	char *content = arena_alloc_raw(arena, maximum + 1);
	size_t length = 0;
	ssize_t n = 1;

	if (content_fd < 0) {
		answer->error = errno;
		return;
	}
	while (length < maximum && n != 0) {
		n = read(content_fd, content + length, maximum - length);
		if (n < 0 && errno != EINTR) {
			answer->error = errno;
			return;
		}
		length += n > 0 ? (size_t)n : 0;
	}
	content[length] = '\0';
	answer->content = content;
	answer->content_length = length;
}

static void read_link_text(struct arena *arena, const struct survey_question *question,
			   struct survey_answer *answer)
{
	AUTO_CLOSE int fd = open_path(question, O_NOFOLLOW, 0);
	char buffer[PATH_MAX];
	ssize_t n;

	if (fd < 0)
		return;
	n = readlinkat(fd, "", buffer, sizeof(buffer));
	if (n >= 0 && (size_t)n < sizeof(buffer))
		answer->link = arena_strndup(arena, buffer, (size_t)n);
}

/* As much as there is and is wanted; files that the kernel makes up say that they have no size. */
static size_t content_size(const struct survey_question *question, const struct stat *st)
{
	if (question->whole && st->st_size >= (off_t)question->content)
		return 0;
	if (st->st_size > 0 && st->st_size < (off_t)question->content)
		return (size_t)st->st_size + 1;
	return question->content;
}

/* Most paths are free of links, and then are their own resolution. */
static int open_and_resolve(struct arena *arena, const struct survey_question *question,
			    struct survey_answer *answer)
{
	AUTO_CLOSE int fd = -ELOOP;

	if (!question->root && path_is_normal(question->path))
		fd = open_path(question, 0, RESOLVE_NO_SYMLINKS);
	answer->path = question->path;
	if (fd == -ELOOP) {
		fd = open_path(question, 0, 0);
		answer->path = fd < 0 ? NULL : read_path_of(arena, fd);
		read_link_text(arena, question, answer);
	}
	if (fd >= 0 && !answer->path)
		return -ENAMETOOLONG;
	if (fd >= 0 && is_removed(fd, answer->path))
		return -ENOENT;
	return fd < 0 ? fd : take_fd(&fd);
}

/* What opening it for use asks for. */
static int use_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return X_OK;
	if (S_ISSOCK(mode))
		return W_OK;
	return S_ISCHR(mode) ? R_OK | W_OK : R_OK;
}

/* Whether the access control list has an entry for the user, whatever it gives: the attribute as
 * the kernel hands it out (linux/posix_acl_xattr.h), a version and then entries. */
static bool is_granted(struct arena *arena, int fd)
{
	enum { TAG_USER = 0x02, VERSION = 2, ENTRIES_MAXIMUM = 64 };
	struct {
		uint32_t version;
		struct {
			uint16_t tag;
			uint16_t permissions;
			uint32_t id;
		} entries[ENTRIES_MAXIMUM];
	} list;
	ssize_t size = getxattr(arena_printf(arena, "/proc/self/fd/%d", fd),
				"system.posix_acl_access", &list, sizeof(list));
	size_t count = size < 0 ? 0 : ((size_t)size - sizeof(uint32_t)) / sizeof(*list.entries);

	if (size < (ssize_t)sizeof(uint32_t) || le32toh(list.version) != VERSION)
		return false;
	for (size_t i = 0; i < count; i++)
		if (le16toh(list.entries[i].tag) == TAG_USER &&
		    le32toh(list.entries[i].id) == getuid())
			return true;
	return false;
}

/* access(2) asks for the real ids, which are the caller's. */
static void answer_access(struct arena *arena, int fd, struct survey_answer *answer)
{
	answer->can_access = access(answer->path, X_OK) == 0;
	answer->is_denied = access(answer->path, use_of(answer->mode)) < 0;
	answer->is_granted = S_ISCHR(answer->mode) && is_granted(arena, fd);
}

static void answer_path(struct arena *arena, const struct survey_question *question,
			struct survey_answer *answer)
{
	AUTO_CLOSE int fd = open_and_resolve(arena, question, answer);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		answer->error = fd < 0 ? -fd : errno;
		return;
	}
	answer->mode = st.st_mode;
	answer->uid = st.st_uid;
	answer->gid = st.st_gid;
	answer->size = (uint64_t)st.st_size;
	answer->device = st.st_rdev;
	if (question->access)
		answer_access(arena, fd, answer);
	if (S_ISREG(st.st_mode) && content_size(question, &st) > 0 &&
	    (!question->is_system || (st.st_mode & S_IROTH)))
		read_content(arena, fd, content_size(question, &st), answer);
}

void survey_look(struct arena *arena, const struct survey_question *question,
		 struct survey_answer *answer)
{
	struct survey_question found = *question;
	glob_t matches;

	if (!question->is_pattern) {
		answer_path(arena, question, answer);
		return;
	}
	if (glob(question->path, GLOB_NOESCAPE | GLOB_NOSORT, NULL, &matches) != 0) {
		answer->error = ENOENT;
		return;
	}
	found.path = matches.gl_pathv[0];
	for (size_t i = 1; i < matches.gl_pathc; i++)
		if (strverscmp(matches.gl_pathv[i], found.path) > 0)
			found.path = matches.gl_pathv[i];
	found.path = arena_strdup(arena, found.path);
	globfree(&matches);
	answer_path(arena, &found, answer);
}
