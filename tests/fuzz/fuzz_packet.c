/* A packet of the control socket. The first byte says how many descriptors come with it, the rest
 * is its content. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "init/packet.h"
#include "tests/fuzz/fuzz.h"

#define CONTENT_MAX 64

static int lowest_free_fd(void)
{
	AUTO_CLOSE int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd;
}

/* Those that came are open, and there is nothing where none came. */
static void check_fds(const struct packet *packet)
{
	fuzz_check(packet->fd_count <= CONTROL_SPAWN_FDS_MAX);
	for (size_t i = 0; i < CONTROL_SPAWN_FDS_MAX; i++) {
		bool is_there = i < packet->fd_count;
		int flags = is_there ? fcntl(packet->fds[i], F_GETFD) : 0;

		fuzz_check(is_there ? (flags & FD_CLOEXEC) != 0 : packet->fds[i] == -1);
	}
}

static void receive(int socket_fd, const uint8_t *content, size_t size, size_t fd_count)
{
	bool is_good = size == sizeof(struct control_message) && fd_count <= CONTROL_SPAWN_FDS_MAX;
	int before = lowest_free_fd();
	struct packet packet;
	int r = packet_receive(socket_fd, &packet);

	fuzz_check(r == (size == 0 ? -ECONNRESET : is_good));
	check_fds(&packet);
	if (r == 1) {
		fuzz_check(packet.fd_count == fd_count);
		fuzz_check(memcmp(&packet.message, content, size) == 0);
	} else {
		fuzz_check(packet.fd_count == 0);
	}
	packet_close(&packet);
	check_fds(&packet);
	fuzz_check(lowest_free_fd() == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t fd_count = size > 0 ? data[0] % 16 : 0, content_size = size > 0 ? size - 1 : 0;
	int sockets[2], fds[16] = { 0 };

	if (content_size > CONTENT_MAX)
		return 0;
	fuzz_check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0);
	for (size_t i = 0; i < fd_count; i++)
		fds[i] = sockets[1];
	fuzz_check(fd_send(sockets[0], data + 1, content_size, fds, fd_count) == 0);
	receive(sockets[1], data + 1, content_size, fd_count);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
	return 0;
}
