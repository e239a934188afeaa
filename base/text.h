/* Small pure helpers on strings. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Writes `text` to `buffer` (at most `size` bytes with the NUL) with control characters, DEL and
 * bytes that are not part of valid UTF-8 as \ooo; C1 control characters (U+0080–U+009F) are escaped
 * too. Cut when it does not fit, never within an escape. Returns the length written. */
size_t text_escape(const char *text, char *buffer, size_t size);

/* The length of the valid UTF-8 sequence at `text` (1–4), or 0: overlong forms, surrogates and
 * values above U+10FFFF are not valid. */
size_t text_utf8_length(const char *text);

/* Parses digits only: no sign, no blank, no base prefix, nothing after. Returns -EINVAL or -ERANGE
 * (above `maximum`) and leaves *ret_value alone. */
int text_parse_unsigned(const char *text, uint64_t maximum, uint64_t *ret_value);

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* `word` as a shell reads it back, in one line of printable text. What cannot be printed stands as
 * $'\ooo', which bash, ksh and zsh read; all else is plain sh. */
char *text_quote(struct arena *arena, const char *word);
