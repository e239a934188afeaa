#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_check_at(bool is_kept, const char *promise, const char *file, int line)
{
	if (is_kept)
		return;
	(void)fprintf(stderr, "%s:%d: not kept: %s\n", file, line, promise);
	abort();
}

char *fuzz_string(struct arena *arena, const uint8_t *data, size_t size)
{
	return arena_strndup(arena, (const char *)data, strnlen((const char *)data, size));
}

struct fuzz_strings fuzz_split(struct arena *arena, const uint8_t *data, size_t size)
{
	struct fuzz_strings split = { 0 };

	for (size_t start = 0; start < size;) {
		char *string = fuzz_string(arena, data + start, size - start);

		split.strings =
			arena_grow(arena, split.strings, split.count, sizeof(*split.strings));
		split.strings[split.count++] = string;
		start += strlen(string) + 1;
	}
	split.strings = arena_grow(arena, split.strings, split.count, sizeof(*split.strings));
	split.strings[split.count] = NULL;
	return split;
}

const char *fuzz_value(const struct fuzz_strings *input, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < input->count; i++)
		if (strncmp(input->strings[i], name, length) == 0 &&
		    input->strings[i][length] == '=')
			return input->strings[i] + length + 1;
	return NULL;
}

void fuzz_check_diag(const struct diag *diag)
{
	size_t fault_count = 0;

	for (size_t i = 0; i < diag->count; i++) {
		fuzz_check(diag->entries[i].text[0] != '\0');
		fuzz_check(!diag->entries[i].hint || diag->entries[i].hint[0] != '\0');
		fault_count += diag->entries[i].level == DIAG_FAULT;
	}
	fuzz_check(fault_count == diag->fault_count);
}

bool fuzz_is_same_text(const char *text, const char *other)
{
	return text && other ? strcmp(text, other) == 0 : text == other;
}

void fuzz_check_same_diag(const struct diag *diag, const struct diag *other)
{
	fuzz_check(diag->count == other->count && diag->fault_count == other->fault_count);
	for (size_t i = 0; i < diag->count; i++) {
		fuzz_check(diag->entries[i].level == other->entries[i].level);
		fuzz_check(fuzz_is_same_text(diag->entries[i].text, other->entries[i].text));
		fuzz_check(fuzz_is_same_text(diag->entries[i].hint, other->entries[i].hint));
	}
}
