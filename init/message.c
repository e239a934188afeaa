#include "init/message.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define LINE_MAX_SIZE 4096
#define NAME_MAX_SIZE 2048

static size_t line_append(char *line, size_t used, const char *text)
{
	size_t length = strnlen(text, LINE_MAX_SIZE - used);

	memcpy(line + used, text, length);
	return used + length;
}

void message_write(const char *what, const char *name, const char *reason)
{
	char line[LINE_MAX_SIZE], escaped[NAME_MAX_SIZE];
	size_t used = 0;

	used = line_append(line, used, "claude-sandbox: cannot ");
	used = line_append(line, used, what);
	if (name) {
		(void)text_escape(name, escaped, sizeof(escaped));
		used = line_append(line, used, " '");
		used = line_append(line, used, escaped);
		used = line_append(line, used, "'");
	}
	used = line_append(line, used, ": ");
	used = line_append(line, used, reason);
	used = line_append(line, used, "\n");
	(void)!write(STDERR_FILENO, line, used);
}

int message_error(int error, const char *what)
{
	message_write(what, NULL, strerror(error));
	return -error;
}
