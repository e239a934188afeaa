#include "runtime/terminal_modes.h"

#include <assert.h>
#include <string.h>

#include "base/array.h"

/* The private modes (CSI ? N h sets, CSI ? N l resets) that a program leaves behind at a user's
 * cost. In the order in which they are reset: what holds the screen back first, the screens last.
 */
struct private_mode {
	uint16_t number;
	bool is_on;	/* by default */
	bool is_screen; /* switches to the alternate screen */
};

static const struct private_mode private_modes[] = {
	{ .number = 2026 },		 /* synchronized output */
	{ .number = 1 },		 /* application cursor keys */
	{ .number = 5 },		 /* reverse video */
	{ .number = 6 },		 /* origin within the scrolling region */
	{ .number = 7, .is_on = true },	 /* lines wrap */
	{ .number = 9 },		 /* mouse: X10 */
	{ .number = 1000 },		 /* mouse: buttons */
	{ .number = 1001 },		 /* mouse: highlighting */
	{ .number = 1002 },		 /* mouse: drags */
	{ .number = 1003 },		 /* mouse: motion */
	{ .number = 1004 },		 /* focus reports */
	{ .number = 1005 },		 /* mouse: UTF-8 coordinates */
	{ .number = 1006 },		 /* mouse: SGR coordinates */
	{ .number = 1015 },		 /* mouse: urxvt coordinates */
	{ .number = 1016 },		 /* mouse: pixel coordinates */
	{ .number = 2004 },		 /* bracketed paste */
	{ .number = 2031 },		 /* reports of the colour scheme */
	{ .number = 2048 },		 /* reports of the size */
	{ .number = 66 },		 /* application keypad */
	{ .number = 25, .is_on = true }, /* the cursor is visible */
	{ .number = 47, .is_screen = true },
	{ .number = 1047, .is_screen = true },
	{ .number = 1049, .is_screen = true }, /* saves and restores the cursor as well */
};

static_assert(ARRAY_LENGTH(private_modes) <= 32, "struct terminal_modes has 32 bits");

static struct terminal_keyboard *current_keyboard(struct terminal_modes *modes)
{
	for (size_t i = 0; i < ARRAY_LENGTH(private_modes); i++)
		if (private_modes[i].is_screen && (modes->changed & 1U << i))
			return &modes->keyboards[1];
	return &modes->keyboards[0];
}

static uint16_t parameter(const struct terminal_parser *parser, size_t i, uint16_t otherwise)
{
	return i < parser->parameter_count && parser->parameters[i] > 0 ? parser->parameters[i]
									: otherwise;
}

static void set_private_modes(struct terminal_modes *modes, bool is_on)
{
	for (size_t p = 0; p < modes->parser.parameter_count; p++)
		for (size_t i = 0; i < ARRAY_LENGTH(private_modes); i++) {
			if (private_modes[i].number != modes->parser.parameters[p])
				continue;
			if (is_on != private_modes[i].is_on)
				modes->changed |= 1U << i;
			else
				modes->changed &= ~(1U << i);
		}
}

static void push_keyboard(struct terminal_keyboard *keyboard, uint16_t flags)
{
	if (keyboard->depth == TERMINAL_KEYBOARD_DEPTH_MAX) {
		memmove(&keyboard->flags[0], &keyboard->flags[1],
			sizeof(keyboard->flags) - sizeof(keyboard->flags[0]));
		keyboard->depth--;
	}
	keyboard->flags[keyboard->depth++] = flags;
}

static void pop_keyboard(struct terminal_keyboard *keyboard, size_t count)
{
	keyboard->depth -= count < keyboard->depth ? count : keyboard->depth;
}

/* CSI = FLAGS ; HOW u: sets all, adds or takes away flags of the current entry. */
static void change_keyboard(struct terminal_keyboard *keyboard, uint16_t flags, uint16_t how)
{
	uint16_t *entry = keyboard->depth > 0 ? &keyboard->flags[keyboard->depth - 1] : NULL;

	if (!entry && how == 1)
		keyboard->is_changed = flags != 0;
	else if (!entry)
		keyboard->is_changed = keyboard->is_changed || (how == 2 && flags != 0);
	else if (how == 1)
		*entry = flags;
	else if (how == 2)
		*entry |= flags;
	else
		*entry &= (uint16_t)~flags;
}

/* The soft reset, CSI ! p, as far as it concerns what is followed here. */
static void reset_softly(struct terminal_modes *modes)
{
	static const uint16_t numbers[] = { 1, 6, 7, 25, 66 };

	for (size_t n = 0; n < ARRAY_LENGTH(numbers); n++)
		for (size_t i = 0; i < ARRAY_LENGTH(private_modes); i++)
			if (private_modes[i].number == numbers[n])
				modes->changed &= ~(1U << i);
	modes->has_keypad = modes->has_character_set = modes->has_shift = false;
	modes->has_region = modes->has_colours = false;
}

static void end_plain_control(struct terminal_modes *modes, char final)
{
	const struct terminal_parser *parser = &modes->parser;

	if (parser->intermediate == ' ' && final == 'q')
		modes->has_cursor_style = parameter(parser, 0, 0) != 0;
	else if (parser->intermediate == '!' && final == 'p')
		reset_softly(modes);
	else if (parser->intermediate != 0)
		return;
	else if (final == 'r')
		modes->has_region = parameter(parser, 0, 0) > 1 || parameter(parser, 1, 0) > 0;
	else if (final == 'm')
		modes->has_colours = parser->parameter_count > 1 || parameter(parser, 0, 0) != 0;
}

static void end_control(struct terminal_modes *modes, char final)
{
	const struct terminal_parser *parser = &modes->parser;

	switch (parser->prefix) {
	case 0:
		end_plain_control(modes, final);
		break;
	case '?':
		if (parser->intermediate == 0 && (final == 'h' || final == 'l'))
			set_private_modes(modes, final == 'h');
		break;
	case '>':
		if (final == 'u')
			push_keyboard(current_keyboard(modes), parameter(parser, 0, 0));
		else if (final == 'm' && parameter(parser, 0, 4) == 4)
			modes->has_key_modifiers = parameter(parser, 1, 0) != 0;
		else if (final == 'n' && parameter(parser, 0, 2) == 4)
			modes->has_key_modifiers = true; /* off, which need not be the default */
		break;
	case '<':
		if (final == 'u')
			pop_keyboard(current_keyboard(modes), parameter(parser, 0, 1));
		break;
	default:
		if (final == 'u')
			change_keyboard(current_keyboard(modes), parameter(parser, 0, 0),
					parameter(parser, 1, 1));
	}
}

/* Takes one byte of a control sequence (ECMA-48, 5.4). */
static void take_control(struct terminal_modes *modes, char c)
{
	struct terminal_parser *parser = &modes->parser;
	uint16_t *last;

	if (c >= '0' && c <= '9') {
		if (parser->parameter_count == 0)
			parser->parameter_count = 1;
		last = &parser->parameters[parser->parameter_count - 1];
		*last = *last > 6000 ? UINT16_MAX : (uint16_t)(*last * 10 + (c - '0'));
	} else if (c == ';' || c == ':') {
		if (parser->parameter_count == 0)
			parser->parameter_count = 1;
		if (parser->parameter_count < TERMINAL_PARAMETERS_MAX)
			parser->parameters[parser->parameter_count++] = 0;
	} else if (c >= '<' && c <= '?') {
		parser->prefix = c;
	} else if (c >= ' ' && c <= '/') {
		parser->intermediate = c;
	} else if (c >= '@' && c <= '~') {
		parser->state = TERMINAL_GROUND;
		end_control(modes, c);
	}
	/* Other control characters act at once and do not end the sequence. */
}

/* Takes the byte after ESC. */
static void take_escape(struct terminal_modes *modes, char c)
{
	struct terminal_parser *parser = &modes->parser;

	parser->state = TERMINAL_GROUND;
	switch (c) {
	case '[':
		*parser = (struct terminal_parser) { .state = TERMINAL_CONTROL };
		break;
	case ']': /* OSC */
	case 'P': /* DCS */
	case 'X': /* SOS */
	case '^': /* PM */
	case '_': /* APC */
		parser->state = TERMINAL_STRING;
		break;
	case '(':
		parser->state = TERMINAL_CHARACTER_SET;
		break;
	case '=':
	case '>':
		modes->has_keypad = c == '=';
		break;
	case 'c': /* a full reset */
		*modes = (struct terminal_modes) { 0 };
		break;
	}
}

static void take_byte(struct terminal_modes *modes, char c)
{
	struct terminal_parser *parser = &modes->parser;

	/* CAN and SUB end any sequence, ESC begins a new one (in a string it may be half of ST). */
	if (c == 0x18 || c == 0x1a) {
		parser->state = TERMINAL_GROUND;
		return;
	}
	if (c == 0x1b) {
		parser->state =
			parser->state == TERMINAL_STRING ? TERMINAL_STRING_ESCAPE : TERMINAL_ESCAPE;
		return;
	}
	switch (parser->state) {
	case TERMINAL_GROUND:
		if (c == 0x0e || c == 0x0f)
			modes->has_shift = c == 0x0e;
		break;
	case TERMINAL_STRING:
		if (c == 0x07)
			parser->state = TERMINAL_GROUND;
		break;
	case TERMINAL_CHARACTER_SET:
		modes->has_character_set = c != 'B';
		parser->state = TERMINAL_GROUND;
		break;
	case TERMINAL_CONTROL:
		take_control(modes, c);
		break;
	case TERMINAL_ESCAPE:
	case TERMINAL_STRING_ESCAPE:
		take_escape(modes, c);
	}
}

void terminal_modes_scan(struct terminal_modes *modes, const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++)
		/* By far the most of it is text. */
		if (modes->parser.state != TERMINAL_GROUND || (unsigned char)data[i] < ' ')
			take_byte(modes, data[i]);
}

/* A sequence that was cut would swallow what comes next. */
static void print_end_of_sequence(const struct terminal_parser *parser, FILE *stream)
{
	if (parser->state == TERMINAL_STRING || parser->state == TERMINAL_STRING_ESCAPE)
		(void)fputs("\033\\", stream);
	else if (parser->state != TERMINAL_GROUND)
		(void)fputc(0x18, stream);
}

static void print_keyboard_reset(const struct terminal_keyboard *keyboard, FILE *stream)
{
	if (keyboard->depth > 0)
		(void)fprintf(stream, "\033[<%zuu", keyboard->depth);
	if (keyboard->is_changed)
		(void)fputs("\033[=0;1u", stream);
}

/* Those of the screens or the others, back to their defaults or as they were changed. */
static void print_private_modes(const struct terminal_modes *modes, bool of_screens,
				bool to_default, FILE *stream)
{
	for (size_t i = 0; i < ARRAY_LENGTH(private_modes); i++)
		if ((modes->changed & 1U << i) && private_modes[i].is_screen == of_screens)
			(void)fprintf(stream, "\033[?%u%c", private_modes[i].number,
				      private_modes[i].is_on == to_default ? 'h' : 'l');
}

void terminal_modes_print_reset(const struct terminal_modes *modes, FILE *stream)
{
	struct terminal_modes copy = *modes;
	bool is_alternate = current_keyboard(&copy) == &copy.keyboards[1];

	print_end_of_sequence(&modes->parser, stream);
	print_private_modes(modes, false, true, stream);
	if (modes->has_keypad)
		(void)fputs("\033>", stream);
	if (modes->has_key_modifiers)
		(void)fputs("\033[>4m", stream);
	if (modes->has_cursor_style)
		(void)fputs("\033[0 q", stream);
	if (modes->has_shift)
		(void)fputc(0x0f, stream);
	if (modes->has_character_set)
		(void)fputs("\033(B", stream);
	if (modes->has_colours)
		(void)fputs("\033[0m", stream);
	/* Setting a region moves the cursor. */
	if (modes->has_region)
		(void)fputs("\0337\033[r\0338", stream);
	if (is_alternate)
		print_keyboard_reset(&modes->keyboards[1], stream);
	print_private_modes(modes, true, true, stream);
	print_keyboard_reset(&modes->keyboards[0], stream);
}

static void print_keyboard_restore(const struct terminal_keyboard *keyboard, FILE *stream)
{
	for (size_t i = 0; i < keyboard->depth; i++)
		(void)fprintf(stream, "\033[>%uu", keyboard->flags[i]);
}

void terminal_modes_print_restore(const struct terminal_modes *modes, FILE *stream)
{
	struct terminal_modes copy = *modes;
	bool is_alternate = current_keyboard(&copy) == &copy.keyboards[1];

	print_keyboard_restore(&modes->keyboards[0], stream);
	print_private_modes(modes, true, false, stream);
	if (is_alternate)
		print_keyboard_restore(&modes->keyboards[1], stream);
	if (modes->has_keypad)
		(void)fputs("\033=", stream);
	print_private_modes(modes, false, false, stream);
}
