/* Between the caller's terminal and the payload's: bytes both ways, unchanged, and the window size.
 * The caller's terminal never goes inside; it is raw while the payload has the screen. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "runtime/terminal_modes.h"

/* One direction: bytes read and not yet written. */
struct console_buffer {
	char data[16384];
	size_t length;
};

struct console {
	int master_fd;
	int slave_fd; /* kept open, so that the payload may close its own and the master not hang up
		       */
	int input_fd; /* the caller's terminal to read from, or -1: stdin is something else */
	int output_fd; /* the caller's terminal to write to, or -1: none may be written to */
	bool is_raw;
	struct termios saved; /* of input_fd */
	bool keeps_output_processing;
	bool is_hung_up;	     /* all inside are gone */
	size_t output_left;	     /* how much more is taken then (bytes) */
	bool is_ended;		     /* nothing more comes from the payload's side */
	bool is_suspended;	     /* what the payload had switched on is off for now */
	struct terminal_modes modes; /* of output_fd, as far as the payload has set them */
	struct console_buffer to_payload, to_terminal;
};

#define CONSOLE_EMPTY                                                            \
	{                                                                        \
		.master_fd = -1, .slave_fd = -1, .input_fd = -1, .output_fd = -1 \
	}

/* Takes the master over. `is_terminal` tells which of the standard streams are the caller's
 * terminal. Returns 0, or -errno having logged. */
int console_open(struct console *console, int master_fd, const bool is_terminal[static 3],
		 uid_t owner);

/* Gives the terminal back as it was, with whatever the payload had switched on switched off again,
 * and nothing left to read. Safe on an empty or half-opened console. */
void console_finish(struct console *console);

/* Raw mode and the caller's window size passed on; leaving gives the terminal to somebody else for
 * a while. */
void console_enter(struct console *console);
void console_leave(struct console *console);
void console_resize(const struct console *console);

/* Fills in what to wait for; entries that are not needed have fd -1. */
enum { CONSOLE_POLL_MASTER, CONSOLE_POLL_INPUT, CONSOLE_POLL_OUTPUT, CONSOLE_POLL_COUNT };
void console_poll(const struct console *console, struct pollfd polls[static CONSOLE_POLL_COUNT]);

/* Moves what can be moved without waiting. Returns false once the payload's side is at its end and
 * all has been written: it only gets there after console_hang_up(). */
bool console_pump(struct console *console);

/* The payload is gone: what is left in its terminal is the last, and nothing more goes in. */
void console_hang_up(struct console *console);

/* Hangs up. What the payload wrote last is written out, however slowly the terminal
 * takes it; a signal that ends us ends that too. The end of the stream only comes when nobody holds
 * the payload's terminal any more, and the payload may have passed it to somebody outside: so
 * silence is an end as well, and whoever does not fall silent is not waited for. */
void console_drain(struct console *console, int signal_fd);
