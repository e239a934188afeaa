/* One message of the control socket with its descriptors, as PID 1 receives it. */
#pragma once

#include <stddef.h>

#include "init/control.h"

struct packet {
	struct control_message message;
	size_t fd_count;
	int fds[CONTROL_SPAWN_FDS_MAX]; /* -1 where none came; the packet owns them */
};

/* Returns 1 with a packet, 0 when there is none or it made no sense (its descriptors are then
 * closed already), -ECONNRESET when the other end is gone. Does not wait. */
int packet_receive(int control_fd, struct packet *ret_packet);

/* Closes the descriptors that nobody took. */
void packet_close(struct packet *packet);
