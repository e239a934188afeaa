#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Room for a sentence around the longest path, each byte of which may take four when escaped. One
 * write(2) a line keeps those of several processes apart. */
#define LOG_MESSAGE_SIZE (PATH_MAX + 1024)
#define LOG_LINE_SIZE (4 * LOG_MESSAGE_SIZE + 512)

/* What is longer loses its middle: the end tells the reason. */
#define LOG_END_LENGTH 512
static const char cut_mark[] = "[...]";

static bool debug_enabled;
static bool quiet_enabled;
static const char *process_role;

void log_set_debug(bool enabled)
{
	debug_enabled = enabled;
}

bool log_is_debug(void)
{
	return debug_enabled;
}

void log_set_quiet(bool quiet)
{
	quiet_enabled = quiet;
}

void log_set_role(const char *role)
{
	process_role = role;
}

static void format_message(char message[static LOG_MESSAGE_SIZE], const char *format,
			   va_list arguments) __attribute__((format(printf, 2, 0)));
static void format_message(char message[static LOG_MESSAGE_SIZE], const char *format,
			   va_list arguments)
{
	char *whole = NULL;
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(message, LOG_MESSAGE_SIZE, format, arguments);
	if (length >= LOG_MESSAGE_SIZE && vasprintf(&whole, format, again) == length) {
		char *end = message + LOG_MESSAGE_SIZE - LOG_END_LENGTH - 1;

		memcpy(end, whole + length - LOG_END_LENGTH, LOG_END_LENGTH + 1);
		memcpy(end - (sizeof(cut_mark) - 1), cut_mark, sizeof(cut_mark) - 1);
		free(whole);
	}
	va_end(again);
}

static void log_write(const char *prefix, const char *format, va_list arguments, int error)
	__attribute__((format(printf, 2, 0)));

static void log_write(const char *prefix, const char *format, va_list arguments, int error)
{
	char message[LOG_MESSAGE_SIZE], line[LOG_LINE_SIZE];
	int length;

	format_message(message, format, arguments);
	length = snprintf(line, sizeof(line), "%s", prefix);
	length += (int)text_escape(message, line + length, sizeof(line) - (size_t)length - 256);
	if (error != 0)
		length += snprintf(line + length, sizeof(line) - (size_t)length, ": %s",
				   strerror(error));
	line[length++] = '\n';
	(void)!write(STDERR_FILENO, line, (size_t)length);
}

int log_line(enum log_level level, int error, const char *format, ...)
{
	int saved_errno = errno;
	char prefix[64];
	va_list arguments;

	error = abs(error);
	if ((level == LOG_LEVEL_DEBUG && !debug_enabled) ||
	    (quiet_enabled && (level == LOG_LEVEL_INFO || level == LOG_LEVEL_WARNING)))
		return -error;

	if (debug_enabled && process_role)
		(void)snprintf(prefix, sizeof(prefix), "claude-sandbox[%s]: ", process_role);
	else
		(void)snprintf(prefix, sizeof(prefix), "claude-sandbox: ");
	va_start(arguments, format);
	log_write(prefix, format, arguments, error);
	va_end(arguments);
	errno = saved_errno;
	return -error;
}

void log_hint(const char *format, ...)
{
	int saved_errno = errno;
	va_list arguments;

	va_start(arguments, format);
	log_write("hint: ", format, arguments, 0);
	va_end(arguments);
	errno = saved_errno;
}
