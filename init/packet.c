#include "init/packet.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void packet_clear(struct packet *packet)
{
	memset(packet, 0, sizeof(*packet));
	for (size_t i = 0; i < CONTROL_SPAWN_FDS_MAX; i++)
		packet->fds[i] = -1;
}

void packet_close(struct packet *packet)
{
	for (size_t i = 0; i < CONTROL_SPAWN_FDS_MAX; i++) {
		if (packet->fds[i] >= 0)
			(void)close(packet->fds[i]);
	}
	packet_clear(packet);
}

static void packet_take_fds(struct packet *packet, struct msghdr *header)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);

	if (!control || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
		return;
	/* No more than msg_controllen leaves room for: the kernel has closed the others and set
	 * MSG_CTRUNC. */
	packet->fd_count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(packet->fds, CMSG_DATA(control), packet->fd_count * sizeof(int));
}

int packet_receive(int control_fd, struct packet *ret_packet)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int) * CONTROL_SPAWN_FDS_MAX)];
	} control;
	struct iovec data = { .iov_base = &ret_packet->message,
			      .iov_len = sizeof(ret_packet->message) };
	struct msghdr header = { .msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 /* Not the whole space, whose padding is another descriptor's. */
				 .msg_controllen = CMSG_LEN(sizeof(int) * CONTROL_SPAWN_FDS_MAX) };
	ssize_t length;

	packet_clear(ret_packet);
	length = recvmsg(control_fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -ECONNRESET;
	packet_take_fds(ret_packet, &header);
	/* An empty packet is never sent; this is end of file, which a SEQPACKET socket reports as
	 * POLLIN with nothing to read. */
	if (length == 0) {
		packet_close(ret_packet);
		return -ECONNRESET;
	}
	if ((size_t)length != sizeof(ret_packet->message) ||
	    (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		packet_close(ret_packet);
		return 0;
	}
	return 1;
}
