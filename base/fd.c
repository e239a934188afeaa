#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

int fd_fill_standard(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int opened;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number, which is this one. Not close-on-exec: it is a stdio. */
		opened = open("/dev/null", O_RDWR | O_NOCTTY); // NOLINT(android-cloexec-open)
		if (opened < 0)
			return -errno;
	}
	return 0;
}

int fd_close_from(int first)
{
	/* Linux 5.9; older libcs have no wrapper. */
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) < 0)
		return -errno;
	return 0;
}

int fd_read_all(struct arena *arena, int fd, size_t maximum, char **ret_data, size_t *ret_length)
{
	size_t size = 16384, length = 0;
	char *data = arena_alloc_raw(arena, size);

	for (;;) {
		ssize_t n;

		if (length + 1 == size) {
			char *larger = arena_alloc_raw(arena, size * 2);

			memcpy(larger, data, length);
			data = larger;
			size *= 2;
		}
		n = read(fd, data + length, size - length - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t)n;
		if (length > maximum)
			return -EFBIG;
	}
	data[length] = '\0';
	*ret_data = data;
	*ret_length = length;
	return 0;
}

int fd_write_all(int fd, const void *data, size_t length)
{
	const char *position = data;

	while (length > 0) {
		ssize_t n = write(fd, position, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		position += n;
		length -= (size_t)n;
	}
	return 0;
}

union fd_control_buffer {
	char bytes[CMSG_SPACE(sizeof(int) * FD_PASS_MAX)];
	struct cmsghdr alignment;
};

int fd_send(int socket_fd, const void *data, size_t length, const int *fds, size_t fd_count)
{
	struct iovec part = { .iov_base = (void *)data, .iov_len = length };
	union fd_control_buffer control = { 0 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd_count > FD_PASS_MAX)
		return -EINVAL;
	if (fd_count > 0) {
		struct cmsghdr *header;

		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(header), fds, sizeof(int) * fd_count);
	}
	for (;;) {
		if (sendmsg(socket_fd, &message, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

/* Takes the descriptors of one control header: kept while there is room, closed beyond. */
static bool take_passed_fds(const struct cmsghdr *header, int *fds, size_t fd_max, size_t *fd_count)
{
	size_t passed = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	bool all_fit = true;

	for (size_t i = 0; i < passed; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
		if (*fd_count < fd_max) {
			fds[(*fd_count)++] = fd;
		} else {
			(void)close(fd);
			all_fit = false;
		}
	}
	return all_fit;
}

int fd_send_now(int socket_fd, const void *data, size_t length)
{
	return send(socket_fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

ssize_t fd_receive(int socket_fd, void *data, size_t size, int *fds, size_t fd_max,
		   size_t *ret_fd_count)
{
	struct iovec part = { .iov_base = data, .iov_len = size };
	union fd_control_buffer control = { 0 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	size_t fd_count = 0;
	bool all_fit = true;
	ssize_t n;

	do
		n = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header))
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
			all_fit = take_passed_fds(header, fds, fd_max, &fd_count) && all_fit;

	if (!all_fit || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		while (fd_count > 0)
			(void)close(fds[--fd_count]);
		return -EMSGSIZE;
	}
	*ret_fd_count = fd_count;
	return n;
}

/* Newer than some headers. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#define MFD_EXEC 0x0010U
#endif

static int create_memory(const char *name, enum fd_memory use)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	unsigned use_flag = use == FD_MEMORY_EXECUTABLE ? MFD_EXEC : MFD_NOEXEC_SEAL;
	int fd = memfd_create(name, flags | use_flag);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}

int fd_sealed_memory(const char *name, enum fd_memory use, const void *data, size_t length)
{
	AUTO_CLOSE int fd = create_memory(name, use);
	int r;

	if (fd < 0)
		return fd;
	r = fd_write_all(fd, data, length);
	if (r < 0)
		return r;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	return take_fd(&fd);
}
