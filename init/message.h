/* One line on stderr: `claude-sandbox: cannot WHAT 'NAME': REASON`. Written with one write(2) from
 * a buffer of fixed size, without stdio: PID 1 allocates nothing and stays small. */
#pragma once

/* `what` completes "cannot …"; `name` may be NULL, is escaped, and cut when it is long. */
void message_write(const char *what, const char *name, const char *reason);

/* The same without a name and with the text of `error` (positive). Returns -error, so that a
 * failing step reports and returns at once. */
int message_error(int error, const char *what);
