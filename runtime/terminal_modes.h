/* What a stream of output has switched on in a terminal, told from its control sequences, so that
 * it can be switched off again when the writer is gone and could not do it itself. Resetting what
 * was never set would do harm: leaving an alternate screen that was not entered moves the cursor.
 * Sequences are those of xterm's control sequences document and of kitty's keyboard protocol. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	TERMINAL_PARAMETERS_MAX = 16,	 /* further ones of a sequence are not looked at */
	TERMINAL_KEYBOARD_DEPTH_MAX = 8, /* kitty keeps as many entries and drops the oldest */
};

enum terminal_parser_state {
	TERMINAL_GROUND,
	TERMINAL_ESCAPE,	/* after ESC */
	TERMINAL_CHARACTER_SET, /* after ESC ( */
	TERMINAL_CONTROL,	/* after ESC [ */
	TERMINAL_STRING,	/* after ESC ] and its like, until ST or BEL */
	TERMINAL_STRING_ESCAPE, /* after an ESC in there */
};

struct terminal_parser {
	enum terminal_parser_state state;
	char prefix;	   /* '?', '>', '<', '=' or 0 */
	char intermediate; /* ' ' and the like, or 0 */
	uint16_t parameters[TERMINAL_PARAMETERS_MAX];
	size_t parameter_count;
};

/* kitty's stack of keyboard flags; each screen has its own. */
struct terminal_keyboard {
	uint16_t flags[TERMINAL_KEYBOARD_DEPTH_MAX];
	size_t depth;
	bool is_changed; /* the entry below the stack */
};

/* All zero: nothing seen. */
struct terminal_modes {
	struct terminal_parser parser;
	uint32_t changed; /* the private modes that are not at their default, a bit for each */
	bool has_keypad;
	bool has_character_set;
	bool has_shift; /* the second character set is in use */
	bool has_region;
	bool has_cursor_style;
	bool has_key_modifiers; /* xterm's modifyOtherKeys */
	bool has_colours;
	struct terminal_keyboard keyboards[2]; /* of the main and the alternate screen */
};

/* Follows what the terminal is shown next. A sequence may be cut anywhere between two calls. */
void terminal_modes_scan(struct terminal_modes *modes, const char *data, size_t length);

/* Prints what brings the terminal back; nothing when there is nothing to bring back. */
void terminal_modes_print_reset(const struct terminal_modes *modes, FILE *stream);

/* Prints what switches the modes on again after a reset, for a writer that goes on and does not
 * know of it. It has to repaint by itself. */
void terminal_modes_print_restore(const struct terminal_modes *modes, FILE *stream);
