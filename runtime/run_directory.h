/* /run/claude-sandbox: root's alone. What is mounted on it exists in a sandbox's own mount
 * namespace only. */
#pragma once

/* Makes it if need be, and makes sure that it is a directory of root's that nobody else can enter.
 * Returns 0, or -errno having logged. */
int run_directory_prepare(const char *path);
