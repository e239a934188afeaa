/* Odd bytes in hand-written test data. */
#pragma once

#include "base/arena.h"

/* Undoes \n, \t, \\ and \ooo (three octal digits, not \000). Returns NULL for any other backslash.
 */
char *escape_undo(struct arena *arena, const char *text);
