/* A made-up host, written by hand as a text file: what host_probe() would find there for a command
 * line. Each line is KEY=VALUE; empty lines and lines that begin with # are passed over. A value is
 * all that follows the first `=`, its escapes (escape.h) undone. An unknown key is an error.
 *
 *   include=FILE               the lines of FILE, a path relative to this file, in this place
 *   uid=N  gid=N  user=NAME    the caller, as the user database has them
 *   home=PATH
 *   shell=PATH                 the one that works inside; "none"
 *   working-directory=PATH     what relative paths of the command line start from
 *   machine-id=TEXT
 *   terminal=NAMES             which of "stdin stdout stderr" are terminals; "none"
 *   directory-stream=NAMES     which of them are open directories
 *   environment=NAME=VALUE     one more variable of the caller; NAME= takes it away
 *
 * Files, as the caller sees them. PATH may be followed by ` -> REAL`: it is a link that leads to
 * REAL. A path that no line names is missing, and of two lines for a path the later one counts.
 *
 *   directory=PATH             that the caller can enter
 *   closed-directory=PATH      that they cannot
 *   regular=PATH               a file that is not executable
 *   program=PATH               one that is
 *   socket=PATH  device=PATH  fifo=PATH
 *   error=NAME PATH            looking at it fails with the errno of this name
 *   text=PATH CONTENT          a regular file whose content matters; PATH without blanks
 *   text-with-nul=PATH CONTENT the same, and a NUL byte at its end
 *
 *   foreign=PATH               that path, named before, is not the caller's but root's
 *
 *   claude=PATH                the program that the search for Claude Code finds; "none"
 *
 * Parts of the host's root, any of rootfs_top_level_paths and rootfs_etc_paths; others are missing.
 *
 *   rootfs-link=PATH TEXT
 *   rootfs-directory=PATH [-> REAL]
 *   rootfs-regular=PATH [-> REAL]
 *   rootfs-text=PATH CONTENT   a file small enough to be copied
 *   rootfs-missing=PATH
 *   tree-link=PATH TEXT        one of rootfs_system_link_paths is a link in the tree of --system
 */
#pragma once

#include "base/arena.h"
#include "forward/host.h"
#include "runtime/options.h"

/* Reads the host and answers what the command line asks about. Returns 0, or -EINVAL having said on
 * stderr what is wrong with the file. */
int host_file_read(struct arena *arena, const char *path, const struct options *options,
		   struct host *ret_host);
