/* Memory that lives as long as one command line: options, host and plan allocate here and nothing
 * in them is freed one by one. main() owns the arena. Running out of memory ends the program: there
 * is nothing sensible to undo before a plan exists. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

/* Zeroed memory, aligned for any type; never NULL. The second form leaves the memory as it is:
 * pages that are never written cost nothing. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_raw(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *string);
char *arena_strndup(struct arena *arena, const char *string, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/* Makes room for one more element in an array of `count` elements of `size` bytes each, growing by
 * doubling: call it before each append. Returns the array, moved or not. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size);

/* Frees everything; the arena may be used again. */
void arena_finish(struct arena *arena);
