#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "tests/support/run.h"

static int count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 512; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static bool is_null_device(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == null.st_rdev;
}

/* `argument`: which of 0, 1 and 2 are closed, as bits. */
static int fill_closed(void *argument)
{
	unsigned closed = *(unsigned *)argument;
	struct stat before[3], after;

	for (int fd = 0; fd <= 2; fd++)
		if (closed & (1U << fd))
			(void)close(fd);
		else if (fstat(fd, &before[fd]) < 0)
			return 10;
	if (fd_fill_standard() != 0)
		return 11;
	for (int fd = 0; fd <= 2; fd++) {
		if (closed & (1U << fd)) {
			if (!is_null_device(fd) || (fcntl(fd, F_GETFD) & FD_CLOEXEC) ||
			    (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
				return 12;
		} else if (fstat(fd, &after) < 0 || after.st_ino != before[fd].st_ino) {
			return 13;
		}
	}
	return 0;
}

static void closed_standard_descriptors_become_the_null_device(void **state)
{
	(void)state;
	for (unsigned closed = 0; closed < 8; closed++)
		assert_int_equal(run_child(fill_closed, &closed), 0);
}

static int close_from_ten(void *argument)
{
	(void)argument;
	if (dup2(STDERR_FILENO, 9) < 0 || dup2(STDERR_FILENO, 10) < 0 ||
	    dup2(STDERR_FILENO, 200) < 0)
		return 1;
	if (fd_close_from(10) != 0)
		return 2;
	if (fcntl(9, F_GETFD) < 0 || fcntl(10, F_GETFD) >= 0 || fcntl(200, F_GETFD) >= 0)
		return 3;
	return 0;
}

static void everything_from_a_number_on_is_closed(void **state)
{
	(void)state;
	assert_int_equal(run_child(close_from_ten, NULL), 0);
}

static int memory_with(const void *data, size_t length)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, data, length), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void a_file_is_read_to_its_end(void **state)
{
	static const size_t lengths[] = { 0, 1, 4094, 4095, 4096, 4097, 8191, 100000 };
	static char content[100000];
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (char)i;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		AUTO_CLOSE int fd = memory_with(content, lengths[i]);
		size_t length = 4711;
		char *data;

		assert_int_equal(fd_read_all(&arena, fd, sizeof(content), &data, &length), 0);
		assert_int_equal(length, lengths[i]);
		assert_memory_equal(data, content, length);
		assert_int_equal(data[length], '\0');
	}
}

static void a_file_may_be_as_long_as_allowed_and_no_longer(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	AUTO_CLOSE int fd = memory_with("12345", 5);
	char *data = NULL;
	size_t length = 4711;

	(void)state;
	assert_int_equal(fd_read_all(&arena, fd, 4, &data, &length), -EFBIG);
	assert_null(data);
	assert_int_equal(length, 4711);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(fd_read_all(&arena, fd, 5, &data, &length), 0);
	assert_string_equal(data, "12345");
	assert_int_equal(fd_read_all(&arena, -1, 5, &data, &length), -EBADF);
}

static void socket_pair(int type, int sockets[2])
{
	assert_int_equal(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, sockets), 0);
}

static void a_packet_arrives_with_its_descriptors(void **state)
{
	int sockets[2], received[4] = { -1, -1, -1, -1 };
	AUTO_CLOSE int first = memory_with("first", 5), second = memory_with("second", 6);
	int before = count_open();
	size_t count = 4711;
	char data[16];

	(void)state;
	socket_pair(SOCK_SEQPACKET, sockets);
	assert_int_equal(fd_send(sockets[0], "hello", 5, (int[]) { first, second }, 2), 0);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), received, 4, &count), 5);
	assert_memory_equal(data, "hello", 5);
	assert_int_equal(count, 2);
	for (int i = 0; i < 2; i++) {
		char content[8] = { 0 };

		assert_true(fcntl(received[i], F_GETFD) & FD_CLOEXEC);
		assert_true(pread(received[i], content, sizeof(content) - 1, 0) > 0);
		assert_string_equal(content, i == 0 ? "first" : "second");
		(void)close(received[i]);
	}
	(void)close(sockets[0]);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), received, 4, &count), 0);
	assert_int_equal(count, 0);
	(void)close(sockets[1]);
	assert_int_equal(count_open(), before);
}

static void a_packet_needs_no_descriptors(void **state)
{
	int sockets[2];
	size_t count = 4711;
	char data[16];

	(void)state;
	socket_pair(SOCK_SEQPACKET, sockets);
	assert_int_equal(fd_send(sockets[0], "x", 1, NULL, 0), 0);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), NULL, 0, &count), 1);
	assert_int_equal(count, 0);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
}

static void as_many_descriptors_travel_as_may(void **state)
{
	int sockets[2], fds[FD_PASS_MAX + 1], received[FD_PASS_MAX];
	size_t count = 0;
	char byte;

	(void)state;
	socket_pair(SOCK_SEQPACKET, sockets);
	for (size_t i = 0; i < FD_PASS_MAX + 1; i++)
		fds[i] = sockets[0];
	assert_int_equal(fd_send(sockets[0], "x", 1, fds, FD_PASS_MAX + 1), -EINVAL);
	assert_int_equal(fd_send(sockets[0], "x", 1, fds, FD_PASS_MAX), 0);
	assert_int_equal(fd_receive(sockets[1], &byte, 1, received, FD_PASS_MAX, &count), 1);
	assert_int_equal(count, FD_PASS_MAX);
	while (count > 0)
		(void)close(received[--count]);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
}

/* More than is wanted, or more bytes than fit: refused, and no descriptor is left open. */
static void a_packet_that_does_not_fit_leaves_nothing_open(void **state)
{
	int sockets[2], received[2] = { -1, -1 }, before;
	size_t count = 4711;
	char data[4];

	(void)state;
	socket_pair(SOCK_SEQPACKET, sockets);
	before = count_open();
	assert_int_equal(fd_send(sockets[0], "x", 1, (int[]) { 0, 1, 2 }, 3), 0);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), received, 2, &count),
			 -EMSGSIZE);
	assert_int_equal(count_open(), before);
	assert_int_equal(fd_send(sockets[0], "x", 1, (int[]) { 0 }, 1), 0);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), NULL, 0, &count), -EMSGSIZE);
	assert_int_equal(count_open(), before);
	assert_int_equal(fd_send(sockets[0], "too long", 8, (int[]) { 0, 1 }, 2), 0);
	assert_int_equal(fd_receive(sockets[1], data, sizeof(data), received, 2, &count),
			 -EMSGSIZE);
	assert_int_equal(count_open(), before);
	assert_int_equal(count, 4711);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
}

static void sending_to_nobody_is_an_error_and_no_signal(void **state)
{
	int sockets[2];

	(void)state;
	socket_pair(SOCK_SEQPACKET, sockets);
	(void)close(sockets[1]);
	assert_int_equal(fd_send(sockets[0], "x", 1, NULL, 0), -EPIPE);
	(void)close(sockets[0]);
}

static void sealed_memory_cannot_be_changed(void **state)
{
	AUTO_CLOSE int fd = fd_sealed_memory("test", FD_MEMORY_DATA, "content", 7);
	char content[8] = { 0 };

	(void)state;
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(read(fd, content, sizeof(content)), 7);
	assert_string_equal(content, "content");

	assert_int_equal(pwrite(fd, "X", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 3), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 30), -1);
	assert_int_equal(errno, EPERM);
	assert_ptr_equal(mmap(NULL, 7, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
}

static void sealed_memory_may_be_empty_or_large(void **state)
{
	static char large[300000];
	AUTO_CLOSE int empty_fd = fd_sealed_memory("test", FD_MEMORY_DATA, "", 0);
	AUTO_CLOSE int large_fd = fd_sealed_memory("test", FD_MEMORY_DATA, large, sizeof(large));
	struct stat st;

	(void)state;
	assert_int_equal(fstat(empty_fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(fstat(large_fd, &st), 0);
	assert_int_equal(st.st_size, sizeof(large));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_standard_descriptors_become_the_null_device),
		cmocka_unit_test(everything_from_a_number_on_is_closed),
		cmocka_unit_test(a_file_is_read_to_its_end),
		cmocka_unit_test(a_file_may_be_as_long_as_allowed_and_no_longer),
		cmocka_unit_test(a_packet_arrives_with_its_descriptors),
		cmocka_unit_test(a_packet_needs_no_descriptors),
		cmocka_unit_test(as_many_descriptors_travel_as_may),
		cmocka_unit_test(a_packet_that_does_not_fit_leaves_nothing_open),
		cmocka_unit_test(sending_to_nobody_is_an_error_and_no_signal),
		cmocka_unit_test(sealed_memory_cannot_be_changed),
		cmocka_unit_test(sealed_memory_may_be_empty_or_large),
	};

	return cmocka_run_group_tests_name("fd", tests, NULL, NULL);
}
