/* The process that stands between the sandbox and the buses outside: xdg-dbus-proxy, run as the
 * caller. Whoever is the caller can do with it what they like, so nothing relies on it but the
 * sandbox's own view of the buses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/plan.h"

/* Runs in a fresh child: waits for the directory that its sockets are to be in, a packet with a
 * descriptor on `directory_socket_fd`, becomes the caller and executes the proxy, which writes a
 * byte to `ready_fd` when it listens, and ends when the other end is closed. */
_Noreturn void bus_proxy_exec(const struct plan *plan, int directory_socket_fd, int ready_fd,
			      pid_t parent);

/* As its parent sees it. */
struct bus_proxy {
	pid_t pid;	  /* -1: none, or ended */
	int ready_fd;	  /* of ours; its end is the proxy's */
	int64_t deadline; /* CLOCK_MONOTONIC milliseconds: when it is given up */
	bool is_listening;
};

#define BUS_PROXY_EMPTY                   \
	{                                 \
		.pid = -1, .ready_fd = -1 \
	}

/* Takes over a child that runs bus_proxy_exec(), and the other end of its `ready_fd`. */
void bus_proxy_start(struct bus_proxy *proxy, pid_t pid, int ready_fd);

/* Whether it may still begin to listen. */
bool bus_proxy_is_awaited(const struct bus_proxy *proxy);

/* How long to wait for `ready_fd`, as poll(2) takes it, while it is awaited; else -1. */
int bus_proxy_timeout(const struct bus_proxy *proxy);

/* Reads `ready_fd`, which has something to read or has hung up, or when the time may be over. */
void bus_proxy_listen(struct bus_proxy *proxy);

/* Looks whether it has ended, without waiting. */
void bus_proxy_reap(struct bus_proxy *proxy);

/* Ends it. */
void bus_proxy_finish(struct bus_proxy *proxy);
