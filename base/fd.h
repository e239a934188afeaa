/* Descriptors: reading, writing, passing. All of these are quiet: 0, a count or -errno. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

/* Opens /dev/null on each of 0, 1 and 2 that is closed, so that no later descriptor lands there. */
int fd_fill_standard(void);

/* Closes every descriptor from `first` on. */
int fd_close_from(int first);

/* Reads to end of file into arena memory, with a NUL after it. -EFBIG beyond `maximum` bytes. */
int fd_read_all(struct arena *arena, int fd, size_t maximum, char **ret_data, size_t *ret_length);

/* Writes everything, across EINTR and short writes. */
int fd_write_all(int fd, const void *data, size_t length);

/* Sends `data` as one packet with `fd_count` descriptors (at most FD_PASS_MAX). */
int fd_send(int socket_fd, const void *data, size_t length, const int *fds, size_t fd_count);

/* Sends a packet without descriptors, if that does not mean to wait: -EAGAIN otherwise. */
int fd_send_now(int socket_fd, const void *data, size_t length);

/* Receives one packet; the descriptors are close-on-exec and the caller's. *ret_fd_count is set to
 * how many came (at most `fd_max`; a packet with more is refused with -EMSGSIZE and they are
 * closed). Returns the packet's length, 0 at end of file. */
ssize_t fd_receive(int socket_fd, void *data, size_t size, int *fds, size_t fd_max,
		   size_t *ret_fd_count);

/* What one packet may carry: the kernel's SCM_MAX_FD is 253 (include/net/scm.h). */
#define FD_PASS_MAX 64

/* A sealed, close-on-exec memory file with this content, its offset at 0. Whether it may be
 * executed is said to kernels that ask (Linux 6.3); to others every memory file is executable. */
enum fd_memory { FD_MEMORY_DATA, FD_MEMORY_EXECUTABLE };
int fd_sealed_memory(const char *name, enum fd_memory use, const void *data, size_t length);
