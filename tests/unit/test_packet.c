#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "init/packet.h"

static const struct control_message spawn = { .type = CONTROL_SPAWN, .value = 7 };

struct outcome {
	int result;
	size_t fd_count;
	bool all_closed; /* once the packet is */
};

static int lowest_free_fd(void)
{
	AUTO_CLOSE int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd;
}

/* Sends the first `size` bytes of the message, or some more, with descriptors. */
static struct outcome pass(size_t size, size_t fd_count)
{
	char data[sizeof(spawn) + 8] = { 0 };
	int sockets[2], fds[16], before;
	struct packet packet;
	struct outcome outcome;

	memcpy(data, &spawn, sizeof(spawn));
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	for (size_t i = 0; i < 16; i++)
		fds[i] = sockets[0];
	assert_int_equal(fd_send(sockets[0], data, size, fds, fd_count), 0);
	before = lowest_free_fd();
	outcome.result = packet_receive(sockets[1], &packet);
	outcome.fd_count = packet.fd_count;
	if (outcome.result == 1)
		assert_memory_equal(&packet.message, &spawn, sizeof(spawn));
	packet_close(&packet);
	outcome.all_closed = lowest_free_fd() == before;
	(void)close(sockets[0]);
	(void)close(sockets[1]);
	return outcome;
}

static void as_many_descriptors_as_a_spawn_has_are_taken(void **state)
{
	(void)state;
	for (size_t count = 0; count <= CONTROL_SPAWN_FDS_MAX; count++) {
		struct outcome outcome = pass(sizeof(spawn), count);

		assert_int_equal(outcome.result, 1);
		assert_int_equal(outcome.fd_count, count);
		assert_true(outcome.all_closed);
	}
}

/* One too many would fit into the padding of the control data. */
static void more_descriptors_make_no_sense_and_are_closed(void **state)
{
	(void)state;
	for (size_t count = CONTROL_SPAWN_FDS_MAX + 1; count <= 16; count++) {
		struct outcome outcome = pass(sizeof(spawn), count);

		assert_int_equal(outcome.result, 0);
		assert_int_equal(outcome.fd_count, 0);
		assert_true(outcome.all_closed);
	}
}

static void another_length_makes_no_sense(void **state)
{
	static const size_t sizes[] = { 1, sizeof(spawn) - 1, sizeof(spawn) + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct outcome outcome = pass(sizes[i], 2);

		assert_int_equal(outcome.result, 0);
		assert_int_equal(outcome.fd_count, 0);
		assert_true(outcome.all_closed);
	}
}

static void an_empty_packet_is_the_end(void **state)
{
	struct outcome outcome = pass(0, 2);

	(void)state;
	assert_int_equal(outcome.result, -ECONNRESET);
	assert_true(outcome.all_closed);
}

static void nothing_there_is_no_packet(void **state)
{
	struct packet packet;
	int sockets[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	assert_int_equal(packet_receive(sockets[1], &packet), 0);
	(void)close(sockets[0]);
	assert_int_equal(packet_receive(sockets[1], &packet), -ECONNRESET);
	(void)close(sockets[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_descriptors_as_a_spawn_has_are_taken),
		cmocka_unit_test(more_descriptors_make_no_sense_and_are_closed),
		cmocka_unit_test(another_length_makes_no_sense),
		cmocka_unit_test(an_empty_packet_is_the_end),
		cmocka_unit_test(nothing_there_is_no_packet),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
