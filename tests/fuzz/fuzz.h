/* What the fuzz targets share. A target is one file, fuzz_NAME.c: it feeds the bytes of an input to
 * a parser and holds the outcome to what the parser's header promises. libFuzzer makes the inputs
 * up (preset fuzz); replay.c runs the recorded ones everywhere else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"

/* The target's entry, under the name that libFuzzer calls. Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise. Not assert(): it counts in every build. */
#define fuzz_check(promise) fuzz_check_at((promise), #promise, __FILE__, __LINE__)
void fuzz_check_at(bool is_kept, const char *promise, const char *file, int line);

/* The input as one string: up to its first NUL. */
char *fuzz_string(struct arena *arena, const uint8_t *data, size_t size);

/* The input as strings, cut at its NULs, in an array ended by NULL. One NUL at the very end closes
 * the last string and begins no other. */
struct fuzz_strings {
	char **strings;
	size_t count;
};
struct fuzz_strings fuzz_split(struct arena *arena, const uint8_t *data, size_t size);

/* The value of the first string that begins with `name` and a `=`, or NULL. */
const char *fuzz_value(const struct fuzz_strings *input, const char *name);

/* Each fault is counted, and every entry says something. */
void fuzz_check_diag(const struct diag *diag);

/* Both say the same: what is parsed twice must not differ. */
void fuzz_check_same_diag(const struct diag *diag, const struct diag *other);
bool fuzz_is_same_text(const char *text, const char *other);
