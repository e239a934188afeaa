/* pass-descriptor send SOCKET		passes its stdin to whoever listens there
 * pass-descriptor keep SOCKET TEXT	listens there, takes one descriptor and writes TEXT to it
 *every few milliseconds, until it is killed; an empty TEXT is not written */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

struct address {
	struct sockaddr_un name;
	socklen_t length;
};

static struct address address_of(const char *text)
{
	struct address address = { .name.sun_family = AF_UNIX };
	size_t length = strlen(text);

	if (length >= sizeof(address.name.sun_path))
		length = sizeof(address.name.sun_path) - 1;
	memcpy(address.name.sun_path, text, length);
	address.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
	if (*text == '@') {
		address.name.sun_path[0] = '\0';
		address.length--;
	}
	return address;
}

static int send_stdin(int socket_fd, const struct address *address)
{
	static const int fd = STDIN_FILENO;

	if (connect(socket_fd, (const struct sockaddr *)&address->name, address->length) < 0)
		return -1;
	return fd_send(socket_fd, "x", 1, &fd, 1);
}

static int keep(int socket_fd, const struct address *address, const char *text)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	int peer_fd, kept_fd;
	size_t count = 0;
	char byte;

	if (bind(socket_fd, (const struct sockaddr *)&address->name, address->length) < 0 ||
	    listen(socket_fd, 1) < 0)
		return -1;
	peer_fd = accept(socket_fd, NULL, NULL);
	if (peer_fd < 0 || fd_receive(peer_fd, &byte, 1, &kept_fd, 1, &count) != 1 || count != 1)
		return -1;
	for (;;) {
		if (write(kept_fd, text, strlen(text)) < 0)
			perror("pass-descriptor: cannot write");
		(void)nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	int socket_fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), r = -1;
	struct address address;

	if (argc < 3 || socket_fd < 0)
		return 2;
	address = address_of(argv[2]);
	if (strcmp(argv[1], "send") == 0)
		r = send_stdin(socket_fd, &address);
	else if (argc == 4)
		r = keep(socket_fd, &address, argv[3]);
	if (r < 0)
		perror("pass-descriptor");
	return r < 0;
}
