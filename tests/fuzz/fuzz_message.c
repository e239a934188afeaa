/* PID 1's one kind of line on stderr. The input is the name that it speaks of. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "init/message.h"
#include "tests/fuzz/fuzz.h"

#define BEGIN "claude-sandbox: cannot run '"
#define END "': no such thing\n"

static struct {
	bool is_on;
	char line[8192];
	size_t length;
	size_t writes;
} capture;

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	if (!capture.is_on || fd != STDERR_FILENO)
		return __real_write(fd, data, size);
	fuzz_check(size < sizeof(capture.line));
	memcpy(capture.line, data, size);
	capture.line[size] = '\0';
	capture.length = size;
	capture.writes++;
	return (ssize_t)size;
}

/* One write of one line, which says the whole name unless that is long, in plain characters. */
static void check_line(struct arena *arena, const char *name)
{
	size_t begin = strlen(BEGIN), end = strlen(END), size = strlen(name) * 4 + 1;
	char *escaped = arena_alloc(arena, size);
	size_t escaped_length = text_escape(name, escaped, size), shown_length;

	fuzz_check(capture.writes == 1 && capture.length == strlen(capture.line));
	fuzz_check(capture.length >= begin + end && text_starts_with(capture.line, BEGIN));
	fuzz_check(text_ends_with(capture.line, END));
	shown_length = capture.length - begin - end;
	fuzz_check(shown_length <= escaped_length);
	fuzz_check(memcmp(capture.line + begin, escaped, shown_length) == 0);
	fuzz_check(shown_length == escaped_length || shown_length >= 2000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA struct arena arena = { 0 };
	const char *name = fuzz_string(&arena, data, size);

	capture.writes = 0;
	capture.is_on = true;
	message_write("run", name, "no such thing");
	capture.is_on = false;
	check_line(&arena, name);
	return 0;
}
