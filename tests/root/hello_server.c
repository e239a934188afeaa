/* hello-server FILE [NAME]: listens on a free port of 127.0.0.1, writes the port to FILE, and says
 * hello to everybody who connects, until it is killed. There is an abstract socket of that name,
 * too.
 * hello-server --socket FILE: makes FILE a socket on which nobody listens. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, path, strlen(path) + 1);
	return bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : 1;
}

static int open_abstract(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || length >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path + 1, name, length);
	length += offsetof(struct sockaddr_un, sun_path) + 1;
	if (bind(fd, (struct sockaddr *)&address, (socklen_t)length) < 0)
		return -1;
	return listen(fd, 16);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *file;

	if (argc == 3 && strcmp(argv[1], "--socket") == 0)
		return make_socket(argv[2]);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc == 3 && open_abstract(argv[2]) < 0)
		return 2;
	if (argc < 2 || argc > 3 || fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 ||
	    listen(fd, 16) < 0 || getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return 2;
	file = fopen(argv[1], "we");
	if (!file || fprintf(file, "%u\n", ntohs(address.sin_port)) < 0 || fclose(file) != 0)
		return 2;
	for (;;) {
		int client_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (client_fd < 0)
			continue;
		(void)!write(client_fd, "hello\n", 6);
		(void)close(client_fd);
	}
}
