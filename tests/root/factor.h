/* How many times longer than elsewhere things may take here: more than 1 in an emulator. */
#pragma once

#include <stdlib.h>

static inline long factor(void)
{
	const char *text = getenv("ROOT_LIB_FACTOR");
	long number = text ? strtol(text, NULL, 10) : 1;

	return number > 1 ? number : 1;
}
