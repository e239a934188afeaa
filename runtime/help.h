/* The text of --help. */
#pragma once

#include <stdio.h>

void help_print(FILE *stream);
