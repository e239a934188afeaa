#include "runtime/run_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

int run_directory_prepare(const char *path)
{
	AUTO_CLOSE int fd = -1;
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return log_error_errno(errno, "cannot make '%s'", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return log_error_errno(errno, "cannot open '%s'", path);
	if (st.st_uid != 0)
		return log_error_errno(EPERM, "cannot use '%s', which is not root's", path);
	if ((st.st_mode & 07777) != 0700 && fchmod(fd, 0700) < 0)
		return log_error_errno(errno, "cannot close '%s' to others", path);
	return 0;
}
