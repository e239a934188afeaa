/* One line on stderr: `claude-sandbox: cannot WHAT 'PATH': REASON`. Bytes of a name that are not
 * printable ASCII or UTF-8 are shown as \ooo, so that a hostile path cannot speak to the terminal.
 * errno is preserved. Pure code never logs. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Shows debug lines, and the role of the process in each line ("setup", "source" …). `role` is
 * kept, not copied. */
void log_set_debug(bool enabled);
bool log_is_debug(void);
void log_set_quiet(bool quiet); /* hides info and warning lines */
void log_set_role(const char *role);

/* Returns `-error`, so that a failing function may report and return in one step. */
int log_line(enum log_level level, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(...) ((void)log_line(LOG_LEVEL_ERROR, 0, __VA_ARGS__))
#define log_warning(...) ((void)log_line(LOG_LEVEL_WARNING, 0, __VA_ARGS__))
#define log_info(...) ((void)log_line(LOG_LEVEL_INFO, 0, __VA_ARGS__))
#define log_debug(...) ((void)log_line(LOG_LEVEL_DEBUG, 0, __VA_ARGS__))
/* `error` may be given positive or negative. */
#define log_error_errno(error, ...) log_line(LOG_LEVEL_ERROR, error, __VA_ARGS__)
#define log_debug_errno(error, ...) log_line(LOG_LEVEL_DEBUG, error, __VA_ARGS__)

/* The second line that says what would help. */
void log_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
