/* Runs a fuzz target on each recorded input: fuzz_NAME CORPUS-DIRECTORY. Each is read into memory
 * of exactly its size, so that sanitizers see a byte too much that is read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/fuzz/fuzz.h"

static int replay_file(int directory_fd, const char *name)
{
	AUTO_CLOSE int fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC);
	AUTO_FREE uint8_t *data = NULL;
	struct stat st;

	/* Said beforehand: an input that breaks a promise ends the program. */
	(void)fprintf(stderr, "input '%s'\n", name);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
	if (!data)
		return -ENOMEM;
	if (read(fd, data, (size_t)st.st_size) != st.st_size)
		return -EIO;
	(void)LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	return 0;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	AUTO_CLOSE int directory_fd =
		argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct dirent **entries;
	int count, r = 0;

	if (directory_fd < 0) {
		(void)fprintf(stderr, "usage: %s CORPUS-DIRECTORY, which must be there\n", argv[0]);
		return 2;
	}
	count = scandirat(directory_fd, ".", &entries, is_input, alphasort);
	for (int i = 0; i < count; i++) {
		r = r < 0 ? r : replay_file(directory_fd, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (r < 0)
		(void)fprintf(stderr, "cannot read it: %s\n", strerror(-r));
	if (count <= 0)
		(void)fprintf(stderr, "no input in '%s'\n", argv[1]);
	return r < 0 || count <= 0;
}
