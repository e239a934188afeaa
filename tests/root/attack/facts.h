/* What the attacker knows of the world outside: `NAME=VALUE` lines of a file, which the test and
 * the witness have written; and what a witness outside answers about what they see of an attack. */
#pragma once

#include <stdbool.h>

/* Reads the file; false with errno. */
bool facts_load(const char *path);

/* NULL when there is no such fact. */
const char *fact(const char *name);

/* 0 when there is none. */
long fact_number(const char *name);

/* Asks the witness: "signals" (how many arrived), "nice", "io-priority", "hostname", "exists PATH",
 * "typed" (bytes that wait in the terminal outside). The answer stays valid until the next
 * question; NULL when there is none. */
const char *witness_ask(const char *question);
