#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0: each allocation has a block of its own, so that sanitizers see where it ends. */
#ifndef ARENA_BLOCK_SIZE
#define ARENA_BLOCK_SIZE (32UL * 1024 - sizeof(struct arena_block))
#endif

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

static void arena_die(void)
{
	static const char message[] = "claude-sandbox: out of memory\n";

	/* Not abort(): a core file would be root's, and lie in the project. */
	(void)!write(STDERR_FILENO, message, sizeof(message) - 1);
	_exit(125);
}

static struct arena_block *arena_add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (!block)
		arena_die();
	*block = (struct arena_block) { .next = arena->blocks, .size = size };
	arena->blocks = block;
	return block;
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t alignment = alignof(max_align_t), start;

	if (size > SIZE_MAX / 2)
		arena_die();
	start = block ? (block->used + alignment - 1) / alignment * alignment : 0;
	if (!block || start > block->size || block->size - start < size) {
		block = arena_add_block(arena, size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE);
		start = 0;
	}
	block->used = start + size;
	return block->data + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc_raw(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *string, size_t length)
{
	char *copy = arena_alloc_raw(arena, length + 1);

	memcpy(copy, string, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return arena_strndup(arena, string, strlen(string));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *string;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		arena_die();
	string = arena_alloc_raw(arena, (size_t)length + 1);
	(void)vsnprintf(string, (size_t)length + 1, format, again);
	va_end(again);
	return string;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, format);
	string = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return string;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	size_t capacity;
	void *moved;

	/* Capacities are the powers of two from 8 on, so the count says when the array is full. */
	if (array && (count < 8 || (count & (count - 1)) != 0))
		return array;
	capacity = count < 8 ? 8 : count * 2;
	if (capacity > SIZE_MAX / 2 / size)
		arena_die();
	moved = arena_alloc(arena, capacity * size);
	if (array)
		memcpy(moved, array, count * size);
	return moved;
}

void arena_finish(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
