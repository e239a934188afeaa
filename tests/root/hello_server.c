/* hello-server FILE: listens on a free port of 127.0.0.1, writes the port to FILE, and says hello
 * to everybody who connects, until it is killed. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *file;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 ||
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
